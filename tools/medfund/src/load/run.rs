//! `medfund load bills`: a month of bills from the first upload to the last confirmed statement.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::builder::RangedU64ValueParser;
use futures::{StreamExt, TryStreamExt};
use medfund_types::SettlementMonth;

use super::count::{Counter, Durability};
use super::files::{BillsOf, Files, Sums, Totals};
use super::machine::Machine;
use super::report::{Check, Phase, Report, Size};
use crate::hosting::{Hosted, Hosting};
use crate::packs::{self, LoadedPack};
use crate::sample::{self, Crowd, Options, Profile, Region};
use crate::suite::{Service, Session};
use crate::year::{Progress, Step, Year};

/// What `medfund load bills` is given.
#[derive(Debug, clap::Args)]
pub(super) struct BillsArgs {
    /// The bills of the month.
    #[arg(long, default_value_t = 500_000, value_parser = clap::value_parser!(i64).range(1..=5_000_000))]
    bills: i64,
    /// The institutions that have them.
    #[arg(long, default_value_t = 200, value_parser = institutions())]
    institutions: usize,
    /// How many of them upload at a time.
    #[arg(long, default_value_t = 4, value_parser = RangedU64ValueParser::<usize>::new().range(1..=48))]
    parallel: usize,
    /// The policy pack: an id of those built in, or a file.
    #[arg(long, value_name = "ID|FILE", default_value = "jiangmen-2016")]
    pack: String,
    /// The seed of the region and its bills.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn institutions() -> RangedU64ValueParser<usize> {
    let bound = |n: usize| u64::try_from(n).expect("a few hundred");
    RangedU64ValueParser::new().range(bound(Crowd::LEAST)..=bound(Crowd::MOST))
}

/// Starts a suite on a private PostgreSQL that commits durably, loads it, and shows what came of it.
pub(super) async fn run(args: BillsArgs) -> anyhow::Result<ExitCode> {
    let loaded = packs::load(&args.pack)?;
    let crowd = Some(Crowd::new(args.institutions, args.bills));
    let options = Options { crowd, ..Options::default() };
    let region = sample::generate(&Profile::of(&loaded.pack)?, sample::Size::Province, args.seed, &options);
    let progress = Progress::new();

    let step = progress.step("the suite");
    let hosted = Hosting::default().start().await?;
    step.done(&format!(
        "{} services, each a process, on a private PostgreSQL",
        hosted.file().endpoints.len()
    ));
    let measured = measure(&args, &hosted, loaded, &region, progress).await;
    hosted.stop().await?;

    let report = measured?;
    println!("{}", report.tables());
    if let Some(path) = &args.json {
        std::fs::write(path, report.json()?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(if report.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(
    args: &BillsArgs,
    hosted: &Hosted,
    loaded: LoadedPack,
    region: &Region,
    progress: Progress,
) -> anyhow::Result<Report> {
    let session = Session::open(hosted.file(), &format!("load/{}/{}", loaded.pack.hash(), args.seed))?;
    let pack = loaded.pack.id().to_owned();
    let year = Year::without_bills(&session, loaded, region, progress)?;
    year.open_months().await?;

    let month = SettlementMonth::from_ym(region.fund_year.get(), 1).context("a fund year has a January")?;
    let step = year.progress().step("bills drawn");
    let Files { files, totals, n_bytes } = Files::draw(region, month, args.bills);
    let (n_institutions, sent) = (files.len(), Sums::of(&totals));
    step.done(&format!("{} in {n_institutions} files", sent.n_bills));
    let url = hosted.superuser_url(Service::Settlement).context("a private PostgreSQL has a superuser")?;
    let counter = Counter::connect(&url, &region.area, month).await?;
    let server = counter.durability().await?;
    ensure_durable(&server)?;

    let mut machine = Machine::of(hosted).await;
    let (phases, n_answered) = drive(&mut machine, &year, args.parallel, month, files).await?;
    let processes = machine.needs();

    let step = year.progress().step("what the database holds");
    let checks = check(&counter, &totals, n_answered).await?;
    let (table, indexes) = counter.bytes().await?;
    step.done(&format!("{} checks", checks.len()));
    let each = |bytes: i64| bytes / sent.n_bills;
    let size = Size { message: each(i64::try_from(n_bytes)?), row: each(table), index: each(indexes) };
    let (seed, n_bills) = (args.seed, sent.n_bills);
    Ok(Report { pack, seed, n_bills, n_institutions, size, server, phases, processes, checks })
}

/// Lives the month while the time runs; returns its phases, and how many statements there were to confirm.
async fn drive(
    machine: &mut Machine,
    year: &Year<'_>,
    parallel: usize,
    month: SettlementMonth,
    files: Vec<BillsOf>,
) -> anyhow::Result<(Vec<Phase>, i64)> {
    let (n_files, n_bills) = (files.len(), files.iter().map(|(_, lines)| lines.len()).sum::<usize>());
    let mut phases = Vec::new();
    let mut end = |machine: &mut Machine, step: Step, name, result: String| {
        let lap = machine.lap();
        step.done(&result);
        phases.push(Phase { name, result, lap });
    };
    machine.begin();
    let step = year.progress().count("upload", u64::try_from(n_bills)?);
    upload(year, month, files, parallel, &step).await?;
    end(machine, step, "upload", format!("{n_files} files, {parallel} at a time"));

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
    files: Vec<BillsOf>,
    parallel: usize,
    step: &Step,
) -> anyhow::Result<()> {
    let send = |(institution, lines): BillsOf| async move {
        let n_lines = u64::try_from(lines.len())?;
        year.upload_lines(&institution, month, lines).await?;
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
    let check = |what, expected, found| Check { what, expected, found };
    Ok(vec![
        check("bills sent, and rows of bills", all.n_bills, rows.n_bills),
        check("their total cost, fen", all.total_fen, rows.total_fen),
        check("their fund share, fen", all.fund_share_fen, rows.fund_share_fen),
        check("institutions and insurance types that differ", 0, i64::try_from(n_unlike)?),
        check("bills that uploads accepted", all.n_bills, n_accepted),
        check("their fund share by the uploads, fen", all.fund_share_fen, accepted_fen),
        check("bills in statements", all.n_bills, statements.n_bills),
        check("their fund share by the statements, fen", all.fund_share_fen, statements.fund_share_fen),
        check("statements read, and rows of statements", n_answered, statements.n),
        check("statements confirmed", n_answered, statements.n_confirmed),
        check("owed by statements, and by the ledger, fen", statements.owed_fen, counter.posted_fen().await?),
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
