use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use medfund_types::Area;

use super::args::day;
use crate::schemes;
use crate::suite::{People, Session, SuiteFile};

/// Which scheme, where and since when.
#[derive(Debug, clap::Args)]
pub(super) struct AdoptArgs {
    /// The file of the suite (`suite.json` of `medfund up`).
    #[arg(long, value_name = "FILE")]
    against: PathBuf,
    /// The pooling area's six-digit code.
    #[arg(long)]
    area: Area,
    /// The compiled scheme. Without it the reference scheme, for demonstration.
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// First day of discharge that is grouped by it: any for the first scheme of an area, none before today for a later one.
    #[arg(long, value_name = "DAY", default_value = "2000-01-01", value_parser = day)]
    from: NaiveDate,
}

/// Publishes a scheme and puts it in force; the same once more changes nothing.
pub(super) async fn run(args: &AdoptArgs) -> anyhow::Result<ExitCode> {
    let scheme = args.scheme.as_deref().map_or_else(|| Ok(schemes::reference()), schemes::load)?;
    let session = Session::open(&SuiteFile::read(&args.against)?, "adopt")?;
    let people = People::of(&args.area);
    let name = session.publish_scheme(&people, &scheme).await?;
    session.adopt_scheme(&people, &name, args.from).await?;
    println!("{} is in force in {} from {} on", scheme.name(), args.area, args.from);
    println!("scheme: {name}");
    Ok(ExitCode::SUCCESS)
}
