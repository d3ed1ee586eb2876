//! `medfund export`: a table out of a running suite.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use medfund_policy::Pack;
use medfund_proto::budget::v1::calendar_service_client::CalendarServiceClient;
use medfund_proto::budget::v1::policy_service_client::PolicyServiceClient;
use medfund_proto::budget::v1::{GetFundYearRequest, GetPackRequest};
use medfund_types::{Area, FundYear};

use super::fetch;
use super::{Kind, Place};
use crate::suite::{People, Person, Session, SuiteFile, rpc};
use crate::tables::write;

/// What `medfund export` is given.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// The kind of table.
    kind: Kind,
    /// The file to write: a workbook if its name ends in `xlsx`, else CSV.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Writes a table of what a suite holds.
///
/// # Errors
///
/// If something is missing on the command line, a service refuses, or the file cannot be written.
pub async fn export(args: ExportArgs) -> anyhow::Result<ExitCode> {
    let place = &args.place;
    let suite = place.against.as_deref().context("--against names the suite to ask")?;
    let area = place.area.as_ref().context("--area names the pooling area")?;
    let session = Session::open(&SuiteFile::read(suite)?, "export")?;
    let reader = People::of(area).auditor;
    let n_rows = match args.kind {
        Kind::Institutions => write(&args.file, fetch::institutions(&session, &reader, area).await?)?,
        Kind::History => {
            let fund_year = place.fund_year.context("--fund-year names the fund year")?;
            let lines = fund_lines(&session, &reader, area, fund_year).await?;
            write(&args.file, fetch::histories(&session, &reader, area, fund_year, &lines).await?)?
        }
        Kind::Bills => {
            let month = place.month.context("--month names the settlement month")?;
            let bills = fetch::bills(&session, &reader, area, place.institution.as_ref(), month).await?;
            write(&args.file, bills.into_iter().filter_map(|bill| bill.line).map(fetch::bill_row))?
        }
        Kind::Statements => {
            let fund_year = place.fund_year.context("--fund-year names the fund year")?;
            write(&args.file, fetch::statements(&session, &reader, area, fund_year, place.month).await?)?
        }
    };
    println!("{n_rows} rows in {}", args.file.display());
    Ok(ExitCode::SUCCESS)
}

/// The fund lines of the pack that a fund year runs under.
async fn fund_lines(
    session: &Session,
    reader: &Person,
    area: &Area,
    fund_year: FundYear,
) -> anyhow::Result<Vec<String>> {
    let request = GetFundYearRequest { name: format!("areas/{area}/fundYears/{fund_year}") };
    let opened = rpc!(session, reader, Budget CalendarServiceClient get_fund_year, request).await?;
    let hash = opened.fund_year.unwrap_or_default().pack_hash;
    let request = GetPackRequest { name: format!("areas/{area}/packs/{hash}") };
    let got = rpc!(session, reader, Budget PolicyServiceClient get_pack, request).await?;
    let pack = Pack::parse(&got.content)
        .map_err(|mistakes| anyhow::anyhow!("{} mistakes in the pack", mistakes.len()))?;
    Ok(pack.fund_lines().keys().map(ToString::to_string).collect())
}
