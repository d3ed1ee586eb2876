//! `medfund what-if`: the same region's year under another pack or other numbers, and who gains and loses by it.

mod compare;
mod other;
mod print;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::hosting::Hosting;
use crate::packs::{self, LoadedPack};
use crate::sample::{self, Options, Profile, Region, Size};
use crate::suite::Session;
use crate::year::{self, Progress, YearResult};
pub use compare::Comparison;
pub use other::other;

/// What `medfund what-if` is given.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true).args(["other", "set"]))]
pub struct Args {
    /// The policy pack as it is: an id of those built in, or a file.
    #[arg(long, value_name = "ID|FILE")]
    pack: String,
    /// The pack to try in the same region: an id of those built in, or a file.
    #[arg(long, value_name = "ID|FILE")]
    other: Option<String>,
    /// A number to try, by its key in the pack, e.g. `prepayment.working_capital.rate=0.10`; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The size of the sample region.
    #[arg(long, value_enum, default_value = "small")]
    sample: Size,
    /// The seed of the sample region.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the comparison to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Lives a year twice, and shows what each institution gains or loses.
///
/// # Errors
///
/// If a pack has mistakes, a key is unknown, or a service refuses a step of either year.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let pack = packs::load(&args.pack)?;
    let tried = other(&pack, args.other.as_deref(), &args.set)?;
    let region = sample::generate(&Profile::of(&pack.pack)?, args.sample, args.seed, &Options::default());
    let database_url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
    let hosting = || Hosting { database_url: database_url.clone(), ..Hosting::default() };
    let comparison = Box::pin(compared(hosting, [pack, tried], &region, args.seed)).await?;
    if let Some(path) = &args.json {
        std::fs::write(path, comparison.json()?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let name_of =
        |code: &str| region.institutions.iter().find(|one| one.code.as_str() == code).map(|one| &*one.name);
    println!("{}", comparison.tables(|code| name_of(code).unwrap_or_default().to_owned()));
    Ok(ExitCode::SUCCESS)
}

/// Lives the region's year under each pack, one after the other, each in a suite of its own.
///
/// # Errors
///
/// If a suite does not start, or a service refuses a step.
pub async fn compared(
    hosting: impl Fn() -> Hosting,
    packs: [LoadedPack; 2],
    region: &Region,
    seed: u64,
) -> anyhow::Result<Comparison> {
    let [pack, other] = packs;
    let before = lived(hosting(), pack, region, seed).await.context("the pack as it is")?;
    let after = lived(hosting(), other, region, seed).await.context("what is tried")?;
    Ok(Comparison::of(&before, &after))
}

async fn lived(hosting: Hosting, pack: LoadedPack, region: &Region, seed: u64) -> anyhow::Result<YearResult> {
    let progress = Progress::new();
    let step = progress.step(format!("a suite for {}", &pack.pack.hash().to_string()[..12]));
    let hosted = hosting.start().await?;
    step.done("");
    let session = Session::open(hosted.file(), &format!("{}/{seed}", pack.pack.hash()))?;
    let result = year::lived_result(&session, pack, region, progress).await;
    hosted.stop().await?;
    result
}
