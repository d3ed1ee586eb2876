use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use medfund_db::{Call, Tx};
use medfund_policy::{KindOfCare, PaymentMethod};
use medfund_types::{FundLine, FundYear};
use uuid::Uuid;

use super::{BillError, Bills};
use crate::app::adopted::Adopted;
use crate::app::stages::{Stage, Stages};
use crate::domain::bills::{
    Bill, BillCodes, BillField, BillLine, CheckedChunk, Day, Fault, GroupingScheme, LineFault, LineRules,
    check_chunk,
};
use crate::domain::in_force::InForce;
use crate::domain::upload::{Counts, Upload, UploadError};
use crate::store::bill_months::{self, MonthState};
use crate::store::bills::StoredBill;
use crate::store::{agreements, bills, upload_errors, uploads};

/// Errors of one upload that are kept; more are only counted.
const MAX_KEPT_ERRORS: i64 = 20_000;

/// Takes in the next lines of an upload.
#[derive(Clone, Debug)]
pub struct TakeChunk {
    /// The call, with the chunk's own digest and an id made of it.
    pub call: Call,
    /// The upload.
    pub upload_id: Uuid,
    /// The line in the file of the first of `lines`, from 1.
    pub first_line: i64,
    /// The lines.
    pub lines: Vec<BillLine>,
    /// The codes of the upload's pack.
    pub codes: Arc<BillCodes>,
}

impl Bills {
    /// Takes in the next lines of an upload; those committed before are passed over.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotFound`], [`UploadError::NotOpen`], [`UploadError::Gap`],
    /// [`UploadError::TooLong`], [`UploadError::TooSmall`], then [`UploadError::MonthClosed`].
    pub async fn take_chunk(&self, command: TakeChunk) -> Result<Upload, BillError> {
        let (call, schemes, stages) = (command.call.clone(), Arc::clone(&self.schemes), self.stages.clone());
        self.writer.run(call, move |tx| Box::pin(take(tx, command, schemes, stages))).await
    }
}

async fn take(
    tx: &mut Tx<'_>,
    command: TakeChunk,
    schemes: Arc<Adopted<GroupingScheme>>,
    stages: Stages,
) -> Result<Upload, BillError> {
    let TakeChunk { call, upload_id, first_line, mut lines, codes } = command;
    let instant = tx.instant();
    let upload = uploads::lock(tx.conn(), &call.area, upload_id).await?.ok_or(UploadError::NotFound)?;
    let n_known = upload.n_known(first_line, lines.len())?;
    let month = bill_months::lock_shared(tx.conn(), &call.area, &upload.institution, upload.month).await?;
    if month == MonthState::Closed {
        return Err(UploadError::MonthClosed(upload.month).into());
    }
    lines.drain(..n_known);
    if lines.is_empty() {
        return Ok(upload);
    }

    let next_line = upload.next_line();
    let n_lines = as_count(lines.len());
    let grouped = grouped_care(tx, &upload, &codes).await?;
    let schemes = match discharged(&lines).filter(|_| !grouped.is_empty()) {
        Some([first, last]) => schemes.between(tx.conn(), &call.area, first, last).await?,
        None => InForce::default(),
    };
    let rules = LineRules {
        institution: &upload.institution,
        month: upload.month,
        codes: &codes,
        grouped: &grouped,
        schemes: &schemes,
    };
    let checking = stages.begin(Stage::CheckAndGroup);
    let CheckedChunk { bills, mut faults } = check_chunk(lines, next_line, rules);
    drop(checking);
    let _storing = stages.begin(Stage::Store);
    let inserted = insert(tx, &upload, &bills).await?;
    let accepted_hifp_pay_fen =
        bills.iter().filter(|b| inserted.contains(&b.line_number)).map(|b| b.line.hifp_pay_fen).sum();
    let taken: Vec<&Bill> = bills.iter().filter(|b| !inserted.contains(&b.line_number)).collect();
    let clashes = clashes(tx, &upload, &taken).await?;
    let n_already_there = as_count(taken.len() - clashes.len());
    faults.extend(clashes);
    faults.sort_by_key(|fault| fault.line_number);

    let n_accepted = as_count(inserted.len());
    let counts = Counts {
        n_accepted,
        n_already_there,
        n_refused: n_lines - n_accepted - n_already_there,
        n_errors: as_count(faults.len()),
        accepted_hifp_pay_fen,
    };
    let room = usize::try_from(MAX_KEPT_ERRORS - upload.counts.n_errors).unwrap_or(0);
    faults.truncate(room);
    upload_errors::insert(tx.conn(), &upload, &faults).await?;
    let upload = upload.advance(counts, instant);
    uploads::update(tx.conn(), &upload).await?;
    Ok(upload)
}

/// Inserts the bills whose settlement ids are not taken; returns their lines.
async fn insert(tx: &mut Tx<'_>, upload: &Upload, bills: &[Bill]) -> Result<HashSet<i64>, BillError> {
    if bills.is_empty() {
        return Ok(HashSet::new());
    }
    let instant = tx.instant();
    let all = tx.unless_taken(async |conn| bills::insert_all(conn, upload, bills, instant).await).await?;
    match all {
        Some(()) => Ok(bills.iter().map(|bill| bill.line_number).collect()),
        None => Ok(bills::insert_new(tx.conn(), upload, bills, instant).await?),
    }
}

/// The care whose cases are grouped: what pools pay, and what the institution's agreement pays by a rate.
async fn grouped_care(
    tx: &mut Tx<'_>,
    upload: &Upload,
    codes: &BillCodes,
) -> Result<Vec<(FundLine, KindOfCare)>, BillError> {
    let fund_year = FundYear::try_from(upload.month.year()).expect("an upload's month has an open fund year");
    let (area, institution) = (&upload.area, &upload.institution);
    let own = agreements::own_in_force(tx.conn(), area, fund_year, institution, upload.month).await?;
    let by_rate =
        own.into_iter().flat_map(|row| row.terms.0).filter(|term| term.method() == PaymentMethod::DrgRate);
    let by_rate = by_rate.map(|term| (term.fund_line, term.kind_of_care));
    Ok(codes.pooled.iter().cloned().chain(by_rate).collect())
}

/// The first and the last day of discharge.
fn discharged(lines: &[BillLine]) -> Option<[NaiveDate; 2]> {
    let day = |line: &BillLine| match line.enddate {
        Day::Given(day) => Some(day),
        Day::Missing | Day::Malformed => None,
    };
    let days = || lines.iter().filter_map(day);
    Some([days().min()?, days().max()?])
}

/// What is wrong with bills whose settlement ids are taken; nothing, if the same bill is there.
async fn clashes(tx: &mut Tx<'_>, upload: &Upload, taken: &[&Bill]) -> Result<Vec<LineFault>, BillError> {
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = taken.iter().map(|bill| bill.line.setl_id.as_str()).collect();
    let stored = bills::list_by_id(tx.conn(), &upload.area, &upload.institution, &ids).await?;
    let stored: HashMap<&str, &StoredBill> =
        stored.iter().map(|bill| (bill.line.setl_id.as_str(), bill)).collect();
    let fault = |bill: &&Bill| {
        let there = stored.get(bill.line.setl_id.as_str()).expect("what is taken is there");
        let fault = if there.upload_id == upload.upload_id {
            Fault::DuplicateInFile(there.line_number)
        } else if there.withdrawn.is_some() {
            Fault::BillWithdrawn
        } else if there.line != bill.line {
            Fault::BillDiffers
        } else {
            return None;
        };
        let setl_id = bill.line.setl_id.clone();
        Some(LineFault { line_number: bill.line_number, setl_id, field: BillField::SetlId, fault })
    };
    Ok(taken.iter().filter_map(fault).collect())
}

fn as_count(n: usize) -> i64 {
    i64::try_from(n).expect("a chunk is bounded")
}
