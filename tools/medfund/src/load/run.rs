//! A month from the first upload to the last confirmed statement, on a suite of its own.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::builder::RangedU64ValueParser;
use futures::{StreamExt, TryStreamExt};
use medfund_policy::KindOfCare;
use medfund_types::SettlementMonth;

use super::books;
use super::count::{Counter, Durability};
use super::files::{BillsOf, Files, Sums, Totals};
use super::machine::Machine;
use super::plain::{self, Plain};
use super::report::{Check, Phase, Report, Size};
use super::stages;
use crate::hosting::{Hosted, Hosting};
use crate::packs::{self, LoadedPack};
use crate::sample::{self, Crowd, Options, Profile, Region};
use crate::suite::{Service, Session};
use crate::year::{Progress, Step, Year};

/// Cases of the year before that a tariff is made of: enough for weights, however large the month is.
const PAST_CASES: std::ops::RangeInclusive<i64> = 2_000..=40_000;

/// What a month is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Bills of every kind of care.
    Bills,
    /// Inpatient cases that a pool pays; the same rows are then written by plain SQL.
    Cases,
}

impl What {
    /// What the month is counted in.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::Bills => "bills",
            Self::Cases => "cases",
        }
    }
}

/// A load and how it is done.
pub(super) struct Load {
    pub(super) what: What,
    pub(super) n_bills: i64,
    pub(super) n_institutions: usize,
    pub(super) parallel: usize,
    pub(super) pack: String,
    pub(super) seed: u64,
    pub(super) json: Option<PathBuf>,
}

/// How many institutions there may be.
pub(super) fn institutions() -> RangedU64ValueParser<usize> {
    let bound = |n: usize| u64::try_from(n).expect("a few hundred");
    RangedU64ValueParser::new().range(bound(Crowd::LEAST)..=bound(Crowd::MOST))
}

/// How many of them may upload at a time.
pub(super) fn parallel() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=48)
}

/// Starts a suite on a private PostgreSQL that commits durably, loads it, and shows what came of it.
pub(super) async fn run(load: Load) -> anyhow::Result<ExitCode> {
    let loaded = packs::load(&load.pack)?;
    let region = region(&load, &loaded)?;
    let progress = Progress::new();

    let step = progress.step("the suite");
    let hosted = Hosting::default().start().await?;
    step.done(&format!(
        "{} services, each a process, on a private PostgreSQL",
        hosted.file().endpoints.len()
    ));
    let measured = measure(&load, &hosted, loaded, &region, progress).await;
    hosted.stop().await?;

    let report = measured?;
    println!("{}", report.tables());
    if let Some(path) = &load.json {
        std::fs::write(path, report.json()?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(if report.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn region(load: &Load, loaded: &LoadedPack) -> anyhow::Result<Region> {
    let crowd = Some(Crowd::new(load.n_institutions, load.n_bills));
    let options = Options { crowd, ..Options::default() };
    let mut region =
        sample::generate(&Profile::of(&loaded.pack)?, sample::Size::Province, load.seed, &options);
    if load.what == What::Cases {
        region.care.retain(|plan| plan.care == KindOfCare::Inpatient && plan.pooled);
        region.care.iter_mut().for_each(|plan| plan.n_visits = 0);
        ensure!(!region.care.is_empty(), "{} pays no inpatient case out of a pool", loaded.pack.id());
    }
    Ok(region)
}

async fn measure(
    load: &Load,
    hosted: &Hosted,
    loaded: LoadedPack,
    region: &Region,
    progress: Progress,
) -> anyhow::Result<Report> {
    let session = Session::open(hosted.file(), &format!("load/{}/{}", loaded.pack.hash(), load.seed))?;
    let pack = loaded.pack.id().to_owned();
    let n_past = load.n_bills.clamp(*PAST_CASES.start(), *PAST_CASES.end());
    let year = Year::without_bills(&session, loaded, region, progress)?.with_past_cases(n_past);
    year.open_months().await?;

    let month = SettlementMonth::from_ym(region.fund_year.get(), 1).context("a fund year has a January")?;
    let step = year.progress().step(format!("{} drawn", load.what.unit()));
    let files = Files::draw(region, month, load.n_bills)?;
    let (n_institutions, sent) = (files.files.len(), Sums::of(&files.totals));
    step.done(&format!("{} in {n_institutions} files", sent.n_bills));
    let url = hosted.superuser_url(Service::Settlement).context("a private PostgreSQL has a superuser")?;
    let counter = Counter::connect(&url, &region.area, month).await?;
    let server = counter.durability().await?;
    ensure_durable(&server)?;

    let mut machine = Machine::of(hosted).await;
    let (phases, n_answered) = drive(&mut machine, &year, load, month, &files.files).await?;
    let processes = machine.needs();
    let stages = stages::of(hosted).await?;

    let step = year.progress().step("what the database holds");
    let mut checks = check(&counter, &files.totals, n_answered).await?;
    if load.what == What::Cases {
        checks.extend(counter.cases(sent.n_bills).await?);
    }
    checks.extend(books::check(&session, region).await?);
    let (table, indexes) = counter.bytes().await?;
    step.done(&format!("{} checks", checks.len()));
    let each = |bytes: i64| bytes / sent.n_bills;
    let size = Size { message: each(i64::try_from(files.n_bytes)?), row: each(table), index: each(indexes) };
    drop(files);
    let rows = counter.rows_of_tables().await?;
    let plain = plain(load, &year, &counter, &url).await?;
    Ok(Report {
        what: load.what,
        pack,
        seed: load.seed,
        n_bills: sent.n_bills,
        n_institutions,
        size,
        server,
        phases,
        stages,
        processes,
        checks,
        rows,
        plain,
    })
}

/// Writes the month's rows once more by plain SQL, where that is asked for.
async fn plain(load: &Load, year: &Year<'_>, counter: &Counter, url: &str) -> anyhow::Result<Option<Plain>> {
    if load.what != What::Cases {
        return Ok(None);
    }
    let step = year.progress().step("the same rows by plain SQL");
    let plain = plain::write(counter, url, load.parallel).await?;
    step.done(&format!("{} rows of {} tables", plain.n_rows, plain.n_tables));
    Ok(Some(plain))
}

/// Lives the month while the time runs; returns its phases, and how many statements there were to confirm.
async fn drive(
    machine: &mut Machine,
    year: &Year<'_>,
    load: &Load,
    month: SettlementMonth,
    files: &[BillsOf],
) -> anyhow::Result<(Vec<Phase>, i64)> {
    let mut phases = Vec::new();
    let mut end = |machine: &mut Machine, step: Step, name, result: String| {
        let lap = machine.lap();
        step.done(&result);
        phases.push(Phase { name, result, lap });
    };
    machine.begin();
    let step = year.progress().count("upload", u64::try_from(load.n_bills)?);
    upload(year, month, files, load.parallel, &step).await?;
    end(machine, step, "upload", format!("{} files, {} at a time", files.len(), load.parallel));

    let step = year.progress().step("settlement");
    year.advance_to(month.next().first_day()).await?;
    year.run_month(month).await?;
    end(machine, step, "settlement", "the month of all institutions".to_owned());

    let step = year.progress().step("statements");
    let n_answered = year.answer_statements(month).await?;
    end(machine, step, "statements", format!("{n_answered} read and confirmed"));
    Ok((phases, i64::try_from(n_answered)?))
}

/// Has every institution upload its file, some at a time.
async fn upload(
    year: &Year<'_>,
    month: SettlementMonth,
    files: &[BillsOf],
    parallel: usize,
    step: &Step,
) -> anyhow::Result<()> {
    let send = async |file: &BillsOf| {
        let lines = file.lines()?;
        let n_lines = u64::try_from(lines.len())?;
        year.upload_lines(&file.institution, month, lines).await?;
        step.advance(n_lines);
        Ok(())
    };
    futures::stream::iter(files).map(send).buffer_unordered(parallel).try_collect().await
}

/// Compares what was sent with what the database holds.
async fn check(counter: &Counter, sent: &Totals, n_answered: i64) -> anyhow::Result<Vec<Check>> {
    let (held, statements) = (counter.bills().await?, counter.statements().await?);
    let (n_accepted, accepted_fen) = counter.uploads().await?;
    let n_unlike = sent.iter().filter(|(key, sums)| held.get(*key) != Some(*sums)).count()
        + held.keys().filter(|key| !sent.contains_key(*key)).count();
    let (all, rows) = (Sums::of(sent), Sums::of(&held));
    Ok(vec![
        Check::new("bills sent, and rows of bills", all.n_bills, rows.n_bills),
        Check::new("their total cost, fen", all.total_fen, rows.total_fen),
        Check::new("their fund share, fen", all.fund_share_fen, rows.fund_share_fen),
        Check::new("institutions and insurance types that differ", 0, i64::try_from(n_unlike)?),
        Check::new("bills that uploads accepted", all.n_bills, n_accepted),
        Check::new("their fund share by the uploads, fen", all.fund_share_fen, accepted_fen),
        Check::new("bills in statements", all.n_bills, statements.n_bills),
        Check::new("their fund share by the statements, fen", all.fund_share_fen, statements.fund_share_fen),
        Check::new("statements read, and rows of statements", n_answered, statements.n),
        Check::new("statements confirmed", n_answered, statements.n_confirmed),
        Check::new(
            "owed by statements, and by the ledger, fen",
            statements.owed_fen,
            counter.posted_fen().await?,
        ),
    ])
}

/// Refuses to measure what would not survive a crash.
fn ensure_durable(server: &Durability) -> anyhow::Result<()> {
    let Durability { fsync, synchronous_commit, full_page_writes, .. } = server;
    ensure!(
        fsync == "on" && synchronous_commit == "on" && full_page_writes == "on",
        "the server commits with fsync {fsync}, synchronous_commit {synchronous_commit}, \
         full_page_writes {full_page_writes}; all must be on"
    );
    Ok(())
}
