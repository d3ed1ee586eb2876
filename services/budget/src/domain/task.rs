mod by_unit;
mod of_pack;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

pub use by_unit::{UnitTasks, by_unit};

/// Where a task stands in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskNumber {
    /// Its number.
    pub number: u32,
    /// Its place among the tasks of one number, where there are several.
    pub item: Option<u32>,
}

/// `4`, or `17-2` for the second item.
impl fmt::Display for TaskNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item {
            Some(item) => write!(f, "{}-{item}", self.number),
            None => write!(f, "{}", self.number),
        }
    }
}

impl FromStr for TaskNumber {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = |digits: &str| digits.parse::<u32>().ok();
        let found = match text.split_once('-') {
            Some((number, item)) => {
                read(number).zip(read(item)).map(|(number, item)| Self { number, item: Some(item) })
            }
            None => read(text).map(|number| Self { number, item: None }),
        };
        found.filter(|found| found.to_string() == text).ok_or("must be a task's number such as 4 or 17-2")
    }
}

/// What a task is kept by: its notice, and where it stands in that notice's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskKey {
    /// The area.
    pub area: Area,
    /// The id of the notice's pack: the same for all editions of the pack.
    pub pack_id: String,
    /// Its place in the table.
    pub number: TaskNumber,
}

impl TaskKey {
    /// Its resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("areas/{}/notices/{}/tasks/{}", self.area, self.pack_id, self.number)
    }
}

/// A body that is responsible for a task (责任单位).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskUnit {
    /// The body's id in the pack.
    pub body: String,
    /// What the notice calls it.
    pub display_name: String,
}

/// A task of the notice's table (任务分工), with what was recorded of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What it is kept by.
    pub key: TaskKey,
    /// Its theme.
    pub theme: String,
    /// The work.
    pub work: String,
    /// Who is responsible, the one that leads first; at least one.
    pub units: Vec<TaskUnit>,
    /// What the table says of the units' part in it.
    pub remark: Option<String>,
    /// The last day; `None` if it is kept up for good (持续推进).
    pub due_date: Option<NaiveDate>,
    /// The clause.
    pub clause: String,
    /// What was recorded, in its order.
    pub marks: Vec<Mark>,
}

/// What a record makes of its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Something was done; it goes on.
    UnderWay,
    /// It is done.
    Done,
    /// It was not done after all.
    Reopened,
}

/// A record as far as it says where the task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What it made of the task.
    pub step: Step,
    /// The business date on which it was recorded.
    pub report_date: NaiveDate,
}

/// What was recorded of a task; never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The task.
    pub key: TaskKey,
    /// Which record of the task it is, from 1.
    pub sequence: u32,
    /// What it makes of the task, and when.
    pub mark: Mark,
    /// The unit that reported; `None` where the task was reopened.
    pub body: Option<String>,
    /// What was done, or why the task was reopened.
    pub report: String,
    /// Where the evidence is; empty if there is none.
    pub evidence_reference: String,
    /// Who recorded it.
    pub maker: String,
    /// When.
    pub create_time: DateTime<Utc>,
}

impl Progress {
    /// Its resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/progress/{}", self.key.name(), self.sequence)
    }
}

/// What a unit reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether the task is done.
    pub done: bool,
    /// The unit.
    pub body: String,
    /// What was done.
    pub report: String,
    /// Where the evidence is; empty if there is none.
    pub evidence_reference: String,
}

/// Who records something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorder {
    /// Who.
    pub maker: String,
    /// The business date.
    pub business_date: NaiveDate,
    /// The instant.
    pub instant: DateTime<Utc>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Nothing was recorded.
    NotStarted,
    /// Work on it was recorded.
    UnderWay,
    /// It is done.
    Done,
}

/// Where a task stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How far it is.
    pub state: TaskState,
    /// The day on which it was done, if it is.
    pub done_date: Option<NaiveDate>,
    /// How many days after its last day it was done, or the day lies if it is not.
    pub n_days_late: u32,
}

impl Standing {
    /// Whether it is not done and its last day has passed.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.done_date.is_none() && self.n_days_late > 0
    }

    /// Whether it was done after its last day.
    #[must_use]
    pub fn is_done_late(&self) -> bool {
        self.done_date.is_some() && self.n_days_late > 0
    }
}

/// Why something about a task is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TaskError {
    /// No fund year was opened, so no notice is in force.
    #[error("no fund year was opened, so no notice gives tasks")]
    NoNotice,
    /// No fund year runs under the notice, or it has no such task.
    #[error("there is no task {}", .0.name())]
    NotFound(TaskKey),
    /// The notice gives the task to others.
    #[error("`{0}` is not responsible for the task")]
    NotResponsible(String),
    /// It is done.
    #[error("the task was done on {0}")]
    Done(NaiveDate),
    /// It is not done.
    #[error("the task is not done")]
    NotDone,
    /// It is kept up for good.
    #[error("the task is kept up for good and cannot be done")]
    Ongoing,
}

impl Task {
    /// Where it stands on a day; what was recorded later does not count.
    ///
    /// It is in time on its last day, and overdue from the day after until it is done.
    ///
    /// Source: CX 附件 (完成时限).
    #[must_use]
    pub fn standing(&self, day: NaiveDate) -> Standing {
        self.stands_by(self.marks.iter().rfind(|mark| mark.report_date <= day), day)
    }

    fn stands_by(&self, last: Option<&Mark>, day: NaiveDate) -> Standing {
        let state = match last.map(|mark| mark.step) {
            None => TaskState::NotStarted,
            Some(Step::UnderWay | Step::Reopened) => TaskState::UnderWay,
            Some(Step::Done) => TaskState::Done,
        };
        let done_date = last.filter(|mark| mark.step == Step::Done).map(|mark| mark.report_date);
        let n_days = self.due_date.map_or(0, |due| (done_date.unwrap_or(day) - due).num_days());
        Standing { state, done_date, n_days_late: u32::try_from(n_days).unwrap_or(0) }
    }

    fn done_date(&self) -> Option<NaiveDate> {
        self.marks.last().filter(|mark| mark.step == Step::Done).map(|mark| mark.report_date)
    }

    /// Whether a body is responsible for it.
    #[must_use]
    pub fn is_of(&self, body: &str) -> bool {
        self.units.iter().any(|unit| unit.body == body)
    }

    /// Records what a unit reports.
    ///
    /// # Errors
    ///
    /// [`TaskError::NotResponsible`], [`TaskError::Done`], [`TaskError::Ongoing`], in this order.
    pub fn record(self, report: Report, by: Recorder) -> Result<(Self, Progress), TaskError> {
        if !self.is_of(&report.body) {
            return Err(TaskError::NotResponsible(report.body));
        }
        if let Some(done_date) = self.done_date() {
            return Err(TaskError::Done(done_date));
        }
        if report.done && self.due_date.is_none() {
            return Err(TaskError::Ongoing);
        }
        let step = if report.done { Step::Done } else { Step::UnderWay };
        let progress = self.next(step, report.report, by);
        let told =
            Progress { body: Some(report.body), evidence_reference: report.evidence_reference, ..progress };
        Ok((self.with(told.mark), told))
    }

    /// Takes back that it was done.
    ///
    /// # Errors
    ///
    /// [`TaskError::NotDone`].
    pub fn reopen(self, reason: String, by: Recorder) -> Result<(Self, Progress), TaskError> {
        if self.done_date().is_none() {
            return Err(TaskError::NotDone);
        }
        let progress = self.next(Step::Reopened, reason, by);
        Ok((self.with(progress.mark), progress))
    }

    fn next(&self, step: Step, report: String, by: Recorder) -> Progress {
        Progress {
            key: self.key.clone(),
            sequence: u32::try_from(self.marks.len()).expect("a task has few records") + 1,
            mark: Mark { step, report_date: by.business_date },
            body: None,
            report,
            evidence_reference: String::new(),
            maker: by.maker,
            create_time: by.instant,
        }
    }

    fn with(self, mark: Mark) -> Self {
        let marks = self.marks.into_iter().chain([mark]).collect();
        Self { marks, ..self }
    }
}
