use medfund_db::{Call, Tx};
use medfund_types::{FundLine, InstitutionCode};

use super::{CaseKey, hold_open};
use crate::app::month_facts::agreed;
use crate::app::pooled::cases_of;
use crate::app::start_month::year_of;
use crate::app::{Error, Settlement, Year};
use crate::domain::SettlementError;
use crate::domain::accounts::Pot;
use crate::domain::pool::{DrgCase, PoolMonth};
use crate::domain::special_case::{Filing, Review, SpecialCaseError, special_case_rules};
use crate::store;
use crate::store::bills::StoredBill;
use crate::store::columns::{Evidence, HeardExperts, Kind, ProposedOutcome};
use crate::store::special_cases::SpecialCaseRow;

/// Files a case for review.
pub(crate) struct FileSpecialCase {
    pub(crate) call: Call,
    pub(crate) key: CaseKey,
    pub(crate) reason: String,
    pub(crate) evidence: Vec<String>,
}

impl Settlement {
    /// Files a case of a settled month, in time and within the institution's quota.
    pub(crate) async fn file_special_case(&self, command: FileSpecialCase) -> Result<SpecialCaseRow, Error> {
        let this = self.clone();
        self.writer.run(command.call.clone(), move |tx| Box::pin(file(this, tx, command))).await
    }
}

async fn file(this: Settlement, tx: &mut Tx<'_>, command: FileSpecialCase) -> Result<SpecialCaseRow, Error> {
    let FileSpecialCase { key: CaseKey { institution, setl_id }, reason, evidence, .. } = command;
    let area = tx.area().clone();
    let bill = store::bills::find(tx.conn(), &area, &institution, &setl_id).await?;
    let bill = bill.ok_or(SpecialCaseError::BillNotFound)?;
    let statement = format!("{}-{}-{institution}", bill.month, bill.fund_line);
    let statement = store::statements::find(tx.conn(), &area, &statement).await?;
    let statement = statement.ok_or(SettlementError::MonthNotSettled(bill.month))?;
    let year = year_of(&this, tx, bill.month).await?;
    let case =
        pointed_case(tx, &year, &bill, &institution).await?.ok_or(SpecialCaseError::NotPaidByPoints)?;
    let pot =
        Pot { fund_year: year.fund_year, fund_line: bill.fund_line.clone(), district: statement.district };
    hold_open(tx, &pot).await?;
    // One at a time, so that no two filings are both the last that the quota allows.
    store::institutions::lock(tx.conn(), &area, &institution).await?;
    if store::special_cases::find(tx.conn(), &area, &institution, &setl_id).await?.is_some() {
        return Err(SpecialCaseError::Exists.into());
    }
    check(tx, &year, &bill, &institution).await?;
    let review = Review::filed();
    let row = SpecialCaseRow {
        area,
        institution_code: institution,
        setl_id,
        fund_year: year.fund_year,
        fund_line: bill.fund_line,
        kind_of_care: Kind(bill.kind_of_care),
        district: pot.district,
        settlement_month: bill.month,
        medfee_sumamt_fen: case.cost,
        reason,
        evidence: Evidence(evidence),
        state: review.state,
        answer: String::new(),
        seed: None,
        experts: HeardExperts(review.experts),
        proposal: ProposedOutcome::default(),
        reviewed_cost_fen: None,
        checker: None,
        create_time: tx.instant(),
        update_time: tx.instant(),
        version: 1,
    };
    store::special_cases::insert(tx.conn(), &row).await?;
    Ok(row)
}

/// The case as points look at it; `None` if none pays it.
async fn pointed_case(
    tx: &mut Tx<'_>,
    year: &Year,
    bill: &StoredBill,
    institution: &InstitutionCode,
) -> Result<Option<DrgCase>, Error> {
    let area = tx.area().clone();
    let terms = agreed(tx.conn(), &area, year, bill.month).await?;
    let codes = std::slice::from_ref(institution);
    let mut pointed = cases_of(tx.conn(), &area, (year, bill.month), codes, &terms).await?.pointed;
    let own = pointed.remove(&(bill.fund_line.clone(), bill.kind_of_care)).unwrap_or_default();
    Ok(own.into_iter().find(|case| case.setl_id == bill.line.setl_id))
}

/// Checks that a case is filed in time and within the quota.
async fn check(
    tx: &mut Tx<'_>,
    year: &Year,
    bill: &StoredBill,
    institution: &InstitutionCode,
) -> Result<(), Error> {
    let area = tx.area().clone();
    let rules = special_case_rules(year.rules(&bill.fund_line)?).ok_or(SpecialCaseError::NotPaidByPoints)?;
    let today = store::calendars::find(tx.conn(), &area).await?.ok_or(SettlementError::CalendarNotOpen)?;
    let of = (&bill.fund_line, Kind(bill.kind_of_care));
    let n_filed = store::special_cases::count(tx.conn(), (&area, institution), year.fund_year, of).await?;
    let n_discharges = discharges(tx, year, institution, of).await?;
    Ok(Filing { month: bill.month, today, n_filed, n_discharges }.check(&rules)?)
}

/// The institution's discharges that points pay, of the fund year's settled months.
async fn discharges(
    tx: &mut Tx<'_>,
    year: &Year,
    institution: &InstitutionCode,
    (fund_line, kind): (&FundLine, Kind),
) -> Result<i64, Error> {
    let area = tx.area().clone();
    let months = store::statements::list_year(tx.conn(), &area, year.fund_year).await?;
    let own = months.iter().filter(|one| one.institution_code == *institution && one.fund_line == *fund_line);
    let pooled = own.flat_map(|one| &one.pools.months);
    Ok(pooled.filter(|month| month.kind_of_care == kind.0).map(PoolMonth::n_pointed).sum())
}
