use std::collections::BTreeSet;

use medfund_db::{Call, DbError, Tx, feed};
use medfund_types::{InstitutionCode, SettlementMonth};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Error, Settlement, Year, held, json};
use crate::domain::rules::{fund_year_of, months_of, quota_care};
use crate::domain::{PaymentTerm, SettlementError};
use crate::store;
use crate::store::month_settlements::MonthSettlementRow;

/// Starts the settlement of a month for all institutions of the area.
pub(crate) struct StartMonth {
    pub(crate) call: Call,
    pub(crate) month: SettlementMonth,
}

/// What a run or plan is computed from, frozen at its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) policy_pack: String,
    pub(crate) policy_hash: String,
    pub(crate) budget_position: i64,
    pub(crate) agreement_position: i64,
    pub(crate) quota_digest: String,
    pub(crate) agreement_digest: String,
}

impl Settlement {
    /// Freezes what a month is computed from and closes it for bills; a month that was started stands.
    pub(crate) async fn start_month(&self, command: StartMonth) -> Result<MonthSettlementRow, Error> {
        let (this, call, month) = (self.clone(), command.call.clone(), command.month);
        let positions = self.positions().await?;
        let (caller, area) = (call.caller.clone(), call.area.clone());
        self.writer.run(call, move |tx| Box::pin(start(this, tx, month, positions))).await?;
        self.settle_month(area.clone(), month).await?;
        self.month_settlement(super::Read { caller, area }, month).await
    }

    /// How far the feeds of `budget` and `agreement` have taken effect here.
    pub(super) async fn positions(&self) -> Result<(i64, i64), DbError> {
        let status = feed::status(&self.database).await?;
        let position = |source: &str| {
            status.cursors.iter().find(|cursor| cursor.source == source).map_or(0, |cursor| cursor.position)
        };
        Ok((position("budget"), position("agreement")))
    }
}

async fn start(
    this: Settlement,
    tx: &mut Tx<'_>,
    month: SettlementMonth,
    positions: (i64, i64),
) -> Result<(), Error> {
    let area = tx.area().clone();
    if store::month_settlements::find(tx.conn(), &area, month).await?.is_some() {
        return Ok(());
    }
    let business_date =
        store::calendars::find(tx.conn(), &area).await?.ok_or(SettlementError::CalendarNotOpen)?;
    if business_date <= month.last_day() {
        return Err(SettlementError::MonthNotOver { month, business_date }.into());
    }
    let year = year_of(&this, tx, month).await?;
    let months = months_of(&year.pack, year.fund_year);
    let before = months.iter().take_while(|other| **other < month).last();
    if let Some(before) = before
        && store::month_settlements::find(tx.conn(), &area, *before)
            .await?
            .is_none_or(|run| run.state != "settled")
    {
        return Err(SettlementError::MonthOutOfOrder(*before).into());
    }
    check_quotas(tx, &year).await?;

    let codes = institutions(tx, month).await?;
    let (area, instant) = (tx.area().clone(), tx.instant());
    let open = store::bill_months::close(tx.conn(), &area, month, &codes, instant).await?;
    if let Some(upload) = open.first() {
        return Err(SettlementError::UploadOpen(upload.institution.to_string()).into());
    }
    check_terms(tx, &year, month, &codes).await?;
    let run = MonthSettlementRow {
        area: area.to_string(),
        settlement_month: month.first_day(),
        fund_year: year.fund_year.get(),
        state: "running".to_owned(),
        manifest: json(&manifest(tx, &year, positions).await?),
        n_statements: 0,
        payable_fen: 0,
        create_time: instant,
        finish_time: None,
    };
    Ok(store::month_settlements::insert_missing(tx.conn(), &run).await?)
}

/// The open fund year that a month belongs to.
pub(super) async fn year_of(
    this: &Settlement,
    tx: &mut Tx<'_>,
    month: SettlementMonth,
) -> Result<Year, Error> {
    let area = tx.area().clone();
    // A fund year that begins later than January holds the first months of the next calendar year.
    for number in [month.year(), month.year() - 1] {
        let fund_year = held(number.try_into());
        let Ok(year) = this.packs.year(tx.conn(), &area, fund_year).await else { continue };
        if fund_year_of(&year.pack, month) == Some(fund_year) {
            return Ok(year);
        }
    }
    Err(SettlementError::FundYearNotOpen(month.year()).into())
}

/// Every institution of the area that could have bills or quotas, by code.
pub(super) async fn institutions(
    tx: &mut Tx<'_>,
    month: SettlementMonth,
) -> Result<Vec<InstitutionCode>, Error> {
    let area = tx.area().clone();
    let known = store::institutions::list(tx.conn(), &area, None).await?;
    let mut codes: BTreeSet<InstitutionCode> =
        known.into_iter().map(|row| held(row.institution_code.parse())).collect();
    codes.extend(store::bill_months::list_institutions(tx.conn(), &area, month).await?);
    Ok(codes.into_iter().collect())
}

/// Refuses as long as a fund line's quotas have not arrived for a district.
async fn check_quotas(tx: &mut Tx<'_>, year: &Year) -> Result<(), Error> {
    let area = tx.area().clone();
    let quotas = store::quotas::list(tx.conn(), &area, year.fund_year).await?;
    let known: BTreeSet<(&str, &str)> =
        quotas.iter().map(|row| (row.fund_line.as_str(), row.district.as_str())).collect();
    for fund_line in year.pack.fund_lines().keys() {
        if quota_care(year.rules(fund_line)?).is_empty() {
            continue;
        }
        if year.row.districts.iter().any(|district| !known.contains(&(fund_line.as_str(), district))) {
            return Err(SettlementError::QuotaUnknown.into());
        }
    }
    Ok(())
}

/// Refuses bills that meet a quota and have no term.
async fn check_terms(
    tx: &mut Tx<'_>,
    year: &Year,
    month: SettlementMonth,
    codes: &[InstitutionCode],
) -> Result<(), Error> {
    let area = tx.area().clone();
    let agreements = store::agreements::in_force(tx.conn(), &area, year.fund_year, month).await?;
    for total in store::bill_totals::totals(tx.conn(), &area, month, month, codes).await? {
        if !year.rules(&total.fund_line)?.meets_quota(total.kind_of_care) {
            continue;
        }
        let own = agreements.iter().find(|row| row.institution_code == total.institution.as_str());
        let terms: Vec<PaymentTerm> =
            own.map(|row| held(serde_json::from_value(row.terms.clone()))).unwrap_or_default();
        let has_term = terms
            .iter()
            .any(|term| term.fund_line == total.fund_line && term.kind_of_care == total.kind_of_care);
        if !has_term {
            let (institution, fund_line) = (total.institution.to_string(), total.fund_line.to_string());
            return Err(SettlementError::AgreementUnknown { institution, fund_line }.into());
        }
    }
    Ok(())
}

/// Freezes what is known now.
pub(super) async fn manifest(tx: &mut Tx<'_>, year: &Year, positions: (i64, i64)) -> Result<Manifest, Error> {
    let area = tx.area().clone();
    let (mut quota, mut agreement) = (Sha256::new(), Sha256::new());
    for row in store::quotas::list(tx.conn(), &area, year.fund_year).await? {
        let (opening, adjusted) = (row.quota_fen, row.adjusted_quota_fen);
        quota.update(format!("{}/{}/{opening}/{adjusted}\n", row.fund_line, row.institution_code));
    }
    for row in store::agreements::list(tx.conn(), &area, year.fund_year).await? {
        agreement.update(format!("{}/{}/{}\n", row.institution_code, row.version, row.terms));
    }
    Ok(Manifest {
        policy_pack: year.pack.id().to_owned(),
        policy_hash: year.pack.hash().to_string(),
        budget_position: positions.0,
        agreement_position: positions.1,
        quota_digest: hex::encode(quota.finalize()),
        agreement_digest: hex::encode(agreement.finalize()),
    })
}
