//! `medfund import`: a table into a running suite, or only checked.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use medfund_proto::agreement::v1::institution_service_client::InstitutionServiceClient;
use medfund_proto::agreement::v1::{CreateInstitutionRequest, InstitutionProfile};
use medfund_proto::budget::v1::RecordHistoryRequest;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::settlement::v1::ListUploadErrorsRequest;
use medfund_proto::settlement::v1::bill_service_client::BillServiceClient;
use medfund_types::Area;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::fetch;
use super::{Kind, Place};
use crate::suite::{BillFile, People, Person, Session, SuiteFile, rpc};
use crate::tables::{
    BillRow, Cell, Checked, HistoryRow, InstitutionRow, Record, RowFault, StatementRow, read, write_faults,
};

/// What `medfund import` is given.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The kind of table. Statements are compared with those of the suite and change nothing.
    kind: Kind,
    /// The file to read: a workbook or CSV (UTF-8 or GB18030).
    file: PathBuf,
    /// Write what is wrong to this file (workbook or CSV): line, field, reason, the original row.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Reads a table and sends its good rows to a suite; without `--against` it only checks them.
///
/// # Errors
///
/// If the file is no table, something is missing on the command line, or a service refuses.
pub async fn import(args: ImportArgs) -> anyhow::Result<ExitCode> {
    let (n_rows, heading, faults) = match args.kind {
        Kind::Institutions => finish(send_institutions(&args, read(&args.file)?).await?),
        Kind::History => finish(send_histories(&args, read(&args.file)?).await?),
        Kind::Bills => finish(send_bills(&args, read(&args.file)?).await?),
        Kind::Statements => finish(compare_statements(&args, read(&args.file)?).await?),
    };
    println!("{n_rows} good rows, {} errors", faults.len());
    if faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    match &args.errors {
        Some(path) => {
            write_faults(path, &heading, &faults)?;
            println!("errors are in {}", path.display());
        }
        None => {
            for fault in faults.iter().take(20) {
                println!("line {}: {}: {}", fault.line, fault.field, fault.reason);
            }
        }
    }
    Ok(ExitCode::from(2))
}

fn finish<R>(checked: Checked<R>) -> (usize, Vec<String>, Vec<RowFault>) {
    (checked.rows.len(), checked.heading, checked.faults)
}

/// The suite to send to, if there is one, with the area.
fn suite(place: &Place) -> anyhow::Result<Option<(Session, Area)>> {
    let Some(path) = &place.against else { return Ok(None) };
    let area = place.area.clone().context("--area names the pooling area")?;
    Ok(Some((Session::open(&SuiteFile::read(path)?, "import")?, area)))
}

async fn send_institutions(
    args: &ImportArgs,
    checked: Checked<InstitutionRow>,
) -> anyhow::Result<Checked<InstitutionRow>> {
    let Some((session, area)) = suite(&args.place)? else { return Ok(checked) };
    let officer = People::of(&area).officer;
    for (_, row) in &checked.rows {
        let request = CreateInstitutionRequest {
            parent: format!("areas/{area}"),
            profile: Some(InstitutionProfile {
                display_name: row.name.clone(),
                district: row.district.to_string(),
                level: row.level,
                institution_class: row.class.clone(),
                primary: row.primary,
                ..InstitutionProfile::default()
            }),
            institution_code: row.code.to_string(),
            request_id: session.id(&format!("institution/{row:?}")),
        };
        rpc!(session, &officer, Agreement InstitutionServiceClient create_institution, request).await?;
    }
    Ok(checked)
}

async fn send_histories(
    args: &ImportArgs,
    checked: Checked<HistoryRow>,
) -> anyhow::Result<Checked<HistoryRow>> {
    let Some((session, area)) = suite(&args.place)? else { return Ok(checked) };
    let fund_year = args.place.fund_year.context("--fund-year names the fund year")?;
    let run = Uuid::new_v4();
    let officer = People::of(&area).officer;
    for (_, row) in &checked.rows {
        let request = RecordHistoryRequest {
            name: format!("areas/{area}/histories/{fund_year}-{}-{}", row.fund_line, row.code),
            history_fen: row.cost_fen.to_vec(),
            last_year_settled_fen: row.last_year_settled_fen,
            recorded_base_fen: 0,
            recorded_base_reason: String::new(),
            // Of this run alone: the next may bring back what the last one changed.
            request_id: session.id(&format!("history/{run}/{fund_year}/{}/{}", row.fund_line, row.code)),
        };
        rpc!(session, &officer, Budget BudgetServiceClient record_history, request).await?;
    }
    Ok(checked)
}

/// Uploads a month's bills as their institution; what the service refuses comes back with its row.
async fn send_bills(args: &ImportArgs, mut checked: Checked<BillRow>) -> anyhow::Result<Checked<BillRow>> {
    let Some((session, area)) = suite(&args.place)? else { return Ok(checked) };
    let month = args.place.month.context("--month names the settlement month")?;
    let institution =
        args.place.institution.as_ref().context("--institution names the institution that sends")?;
    let clerk = People::of(&area).clerk(institution);
    let lines = checked.rows.iter().map(|(_, row)| fetch::wire(row)).collect();
    // The same file goes on with its upload where it broke off; another is another upload.
    let step = format!("bills/{month}/{institution}/{}", digest(&checked.rows));
    let upload = session.upload(BillFile { clerk: &clerk, month, lines, step }).await?;
    for error in upload_errors(&session, &clerk, &upload.name).await? {
        let place = usize::try_from(error.line_number - 1)?;
        let Some((line, row)) = checked.rows.get(place) else { continue };
        checked.faults.push(RowFault {
            line: *line,
            field: error.field,
            reason: format!("{} {}", error.reason, error.message),
            row: row.cells().iter().map(Cell::to_text).collect(),
        });
    }
    if !checked.faults.is_empty() {
        checked.heading = BillRow::columns().iter().map(|column| column.name.to_owned()).collect();
    }
    Ok(checked)
}

fn digest(rows: &[(usize, BillRow)]) -> String {
    let mut digest = Sha256::new();
    for (_, row) in rows {
        for cell in row.cells() {
            digest.update(cell.to_text());
            digest.update([0]);
        }
    }
    hex::encode(digest.finalize())
}

async fn upload_errors(
    session: &Session,
    clerk: &Person,
    upload: &str,
) -> anyhow::Result<Vec<medfund_proto::settlement::v1::UploadError>> {
    let (mut errors, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListUploadErrorsRequest { parent: upload.to_owned(), page_size: 500, page_token };
        let page = rpc!(session, clerk, Settlement BillServiceClient list_upload_errors, request).await?;
        errors.extend(page.errors);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(errors);
        }
    }
}

/// Compares an institution's own list of statements with the suite's.
async fn compare_statements(
    args: &ImportArgs,
    mut checked: Checked<StatementRow>,
) -> anyhow::Result<Checked<StatementRow>> {
    let Some((session, area)) = suite(&args.place)? else { return Ok(checked) };
    let fund_year = args.place.fund_year.context("--fund-year names the fund year")?;
    let reader = People::of(&area).auditor;
    let held = fetch::statements(&session, &reader, &area, fund_year, args.place.month).await?;
    for (line, row) in &checked.rows {
        let same = |other: &&StatementRow| {
            (other.month, &other.fund_line, &other.code) == (row.month, &row.fund_line, &row.code)
        };
        let cells = row.cells();
        let Some(other) = held.iter().find(same) else {
            checked.faults.push(fault(
                *line,
                "settlement_month",
                "the suite has no such statement".to_owned(),
                &cells,
            ));
            continue;
        };
        for ((column, mine), theirs) in StatementRow::columns().iter().zip(&cells).zip(other.cells()) {
            if *mine != theirs {
                checked.faults.push(fault(
                    *line,
                    column.name,
                    format!("the suite says {}", theirs.to_text()),
                    &cells,
                ));
            }
        }
    }
    Ok(checked)
}

fn fault(line: usize, field: &str, reason: String, cells: &[Cell]) -> RowFault {
    RowFault { line, field: field.to_owned(), reason, row: cells.iter().map(Cell::to_text).collect() }
}
