//! `medfund tasks`: who has to do what under a notice (任务分工), and what is overdue.

mod fetch;
mod print;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{bail, ensure};
use chrono::NaiveDate;
use medfund_budget::domain::task::{Standing, Task, by_unit};
use medfund_policy::Pack;
use medfund_types::Area;

use crate::day::{day, today};
use crate::packs;
use crate::suite::SuiteFile;

/// What `medfund tasks` is given.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("notice").required(true).args(["pack", "against"]))]
pub struct TasksArgs {
    /// A pack, as if nothing had been recorded: an id of those built in, or a file.
    #[arg(value_name = "ID|FILE")]
    pack: Option<String>,
    /// What a running suite has recorded: its file (`suite.json` of `medfund up`).
    #[arg(long, value_name = "FILE", requires = "area")]
    against: Option<PathBuf>,
    /// The pooling area's six-digit code.
    #[arg(long, requires = "against")]
    area: Option<Area>,
    /// The day; without it today, or the suite's business date.
    #[arg(long, value_name = "DAY", value_parser = day)]
    on: Option<NaiveDate>,
    /// Only the tasks of this unit: its id in the pack, or its name.
    #[arg(long)]
    unit: Option<String>,
    /// Only what is overdue.
    #[arg(long)]
    overdue: bool,
}

/// A notice's tasks on a day.
struct Told {
    /// Whose they are, and what is known of them.
    heading: String,
    tasks: Vec<TaskLine>,
    units: Vec<UnitLine>,
}

/// One task.
struct TaskLine {
    number: String,
    work: String,
    remark: String,
    /// Id and name, the one that leads first.
    units: Vec<(String, String)>,
    due: Option<NaiveDate>,
    standing: Standing,
}

/// One unit's tasks.
struct UnitLine {
    body: String,
    name: String,
    /// All, led, ongoing, done, done late.
    counts: [String; 5],
    /// The numbers of those that are overdue, the longest overdue first.
    overdue: Vec<String>,
}

/// Shows the tasks of a notice and what every unit owes; the exit code is 2 when something shown is overdue.
///
/// # Errors
///
/// If there is no such pack, the suite does not answer, or no task is of the unit.
pub async fn run(args: TasksArgs) -> anyhow::Result<ExitCode> {
    let told = match (&args.pack, &args.against, &args.area) {
        (Some(pack), _, _) => of_pack(&packs::load(pack)?.pack, args.on.unwrap_or_else(today))?,
        (None, Some(suite), Some(area)) => fetch::told(&SuiteFile::read(suite)?, area, args.on).await?,
        (None, _, _) => bail!("name a pack, or a suite and an area"),
    };
    let told = told.only(args.unit.as_deref(), args.overdue)?;
    println!("{}", print::text(&told).trim_end());
    let overdue = told.tasks.iter().any(|task| task.standing.is_overdue());
    Ok(if overdue { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// The tasks of a pack on a day, as if nothing had been recorded.
fn of_pack(pack: &Pack, day: NaiveDate) -> anyhow::Result<Told> {
    let tasks = Task::of_pack(&pack.region().parse()?, pack);
    let units = by_unit(&tasks, day).into_iter().map(|of| UnitLine {
        body: of.unit.body.clone(),
        name: of.unit.display_name.clone(),
        counts: [of.n_tasks, of.n_led, of.n_ongoing, of.n_done, of.n_done_late].map(|n| n.to_string()),
        overdue: of.overdue.iter().map(|(task, _)| task.key.number.to_string()).collect(),
    });
    let line = |task: &Task| TaskLine {
        number: task.key.number.to_string(),
        work: task.work.clone(),
        remark: task.remark.clone().unwrap_or_default(),
        units: task.units.iter().map(|unit| (unit.body.clone(), unit.display_name.clone())).collect(),
        due: task.due_date,
        standing: task.standing(day),
    };
    let heading = format!(
        "{}  {}  {}\non {day}, as if nothing had been recorded",
        pack.id(),
        pack.title(),
        pack.number()
    );
    Ok(Told { heading, units: units.collect(), tasks: tasks.iter().map(line).collect() })
}

impl Told {
    /// What is shown: the tasks of one unit, if one is named, and those that are overdue, if only they are wanted.
    fn only(self, unit: Option<&str>, overdue: bool) -> anyhow::Result<Self> {
        ensure!(!self.tasks.is_empty(), "the notice has no table of tasks");
        let is_it = |body: &str, name: &str| unit.is_none_or(|unit| unit == body || unit == name);
        let (units, others): (Vec<_>, Vec<_>) =
            self.units.into_iter().partition(|of| is_it(&of.body, &of.name));
        if units.is_empty() {
            let known: Vec<String> = others.iter().map(|of| format!("{} {}", of.body, of.name)).collect();
            bail!("no task is of `{}`; the units are {}", unit.unwrap_or_default(), known.join(", "));
        }
        let shown = |task: &TaskLine| {
            (!overdue || task.standing.is_overdue())
                && task.units.iter().any(|(body, name)| is_it(body, name))
        };
        Ok(Self { tasks: self.tasks.into_iter().filter(shown).collect(), units, ..self })
    }
}
