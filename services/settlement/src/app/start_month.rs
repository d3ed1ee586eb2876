use std::collections::BTreeSet;

use diesel_async::AsyncPgConnection;
use medfund_db::{Call, DbError, Tx, feed};
use medfund_money::Fen;
use medfund_policy::{KindOfCare, Regime};
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};
use sha2::{Digest, Sha256};

use super::month_facts::{Agreed, agreed, districts, pays_outside};
use super::pooled::{check_tariff, pool_of, rules_of, unknown};
use super::{Error, Settlement, Year, json};
use crate::domain::methods::{Volume, pay, pay_beside};
use crate::domain::rules::{deferral, fund_year_of, methods, months_of, quota_care};
use crate::domain::{Manifest, PaymentTerm, RunState, SettlementError, terms_of};
use crate::store;
use crate::store::month_settlements::MonthSettlementRow;

/// Starts the settlement of a month for all institutions of the area.
pub(crate) struct StartMonth {
    pub(crate) call: Call,
    pub(crate) month: SettlementMonth,
}

impl Settlement {
    /// Closes a month for bills and settles it; a month that was started stands.
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
            .is_none_or(|run| run.state != RunState::Settled)
    {
        return Err(SettlementError::MonthOutOfOrder(*before).into());
    }
    check_quotas(tx, &year).await?;

    store::bill_months::lock_all(tx.conn(), &area, month).await?;
    let codes = institutions(tx.conn(), &area, month).await?;
    let instant = tx.instant();
    let open = store::bill_months::close(tx.conn(), &area, month, &codes, instant).await?;
    if let Some(upload) = open.first() {
        return Err(SettlementError::UploadOpen(upload.institution.clone()).into());
    }
    let terms = agreed(tx.conn(), &area, &year, month).await?;
    check_terms(tx, &year, month, &codes, &terms).await?;
    check_rules(&year, &terms)?;
    check_tariff(&this, tx, month).await?;
    let run = MonthSettlementRow {
        area: area.clone(),
        settlement_month: month,
        fund_year: year.fund_year,
        state: RunState::Running,
        manifest: manifest(tx, &year, positions).await?,
        n_statements: 0,
        payable_fen: Fen::ZERO,
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
    let calendar_year = FundYear::try_from(month.year()).expect("a month lies in a fund year's range");
    // A fund year that begins later than January holds the first months of the next calendar year.
    let before = FundYear::try_from(month.year() - 1).ok();
    for fund_year in [Some(calendar_year), before].into_iter().flatten() {
        match this.packs.year(tx.conn(), &area, fund_year).await {
            Ok(year) if fund_year_of(&year.pack, month) == Some(fund_year) => return Ok(year),
            Ok(_) | Err(Error::Settlement(SettlementError::FundYearNotOpen(_))) => {}
            Err(error) => return Err(error),
        }
    }
    Err(SettlementError::FundYearNotOpen(calendar_year).into())
}

/// Every institution of the area that could have bills or quotas, by code.
pub(super) async fn institutions(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> Result<Vec<InstitutionCode>, Error> {
    let known = store::institutions::list(conn, area, None).await?;
    let mut codes: BTreeSet<InstitutionCode> = known.into_iter().map(|row| row.institution_code).collect();
    codes.extend(store::bill_months::list_institutions(conn, area, month).await?);
    Ok(codes.into_iter().collect())
}

/// Refuses as long as a fund line's quotas have not arrived for a district.
async fn check_quotas(tx: &mut Tx<'_>, year: &Year) -> Result<(), Error> {
    let area = tx.area().clone();
    let quotas = store::quotas::list(tx.conn(), &area, year.fund_year).await?;
    let known: BTreeSet<_> = quotas.iter().map(|row| (&row.fund_line, &row.district)).collect();
    for fund_line in year.pack.fund_lines().keys() {
        if quota_care(year.rules(fund_line)?).is_empty() {
            continue;
        }
        if year.row.districts.iter().any(|district| !known.contains(&(fund_line, district))) {
            return Err(SettlementError::QuotaUnknown.into());
        }
    }
    Ok(())
}

/// Refuses bills without an agreement, and bills that meet a quota or are paid by a pool and have no term.
async fn check_terms(
    tx: &mut Tx<'_>,
    year: &Year,
    month: SettlementMonth,
    codes: &[InstitutionCode],
    agreed: &Agreed,
) -> Result<(), Error> {
    let area = tx.area().clone();
    let districts = districts(&store::institutions::list(tx.conn(), &area, None).await?);
    let pools = store::pools::lock_year(tx.conn(), &area, year.fund_year).await?;
    for (fund_line, institution, kind_of_care) in
        store::bill_totals::kinds(tx.conn(), &area, month, codes).await?
    {
        let rules = year.rules(&fund_line)?;
        let is_pooled = rules.regime(kind_of_care) == Some(Regime::Pool);
        let needs_term = is_pooled || rules.meets_quota(kind_of_care);
        let is_agreed = agreed.get(&institution).is_some_and(|terms| {
            let covers =
                |term: &PaymentTerm| term.fund_line == fund_line && term.kind_of_care == kind_of_care;
            !needs_term || terms.iter().any(covers)
        });
        if !is_agreed {
            return Err(SettlementError::AgreementUnknown { institution, fund_line }.into());
        }
        let district = districts.get(&institution).filter(|_| is_pooled);
        if let Some(district) = district {
            let of = (fund_line, kind_of_care);
            pool_of(&pools, &of, district).ok_or_else(|| unknown(&of, district))?;
        }
    }
    Ok(())
}

/// Refuses rules that months are not settled by, before the month is closed for bills.
fn check_rules(year: &Year, agreed: &Agreed) -> Result<(), Error> {
    for fund_line in year.pack.fund_lines().keys() {
        let rules = year.rules(fund_line)?;
        let care = quota_care(rules);
        deferral(rules, Fen::ZERO).map_err(SettlementError::not_settled)?;
        // The class decides how much, not whether a method is settled.
        let method_rules = methods(rules, "").map_err(SettlementError::not_settled)?;
        for (terms, kind) in agreed.values().flat_map(|terms| care.iter().map(move |kind| (terms, *kind))) {
            pay(&terms_of(terms, fund_line, kind), &Volume::default(), 1, &method_rules)
                .map_err(SettlementError::not_settled)?;
        }
        let beside = || KindOfCare::ALL.iter().filter(|kind| !care.contains(*kind));
        for (terms, kind) in agreed.values().flat_map(|terms| beside().map(move |kind| (terms, *kind))) {
            let own = terms_of(terms, fund_line, kind);
            if rules.regime(kind) == Some(Regime::Pool) {
                rules_of(year, fund_line)?;
            } else if !pays_outside(&own) {
                continue;
            }
            pay_beside(&own, &Volume::default(), 1, &method_rules).map_err(SettlementError::not_settled)?;
        }
    }
    Ok(())
}

/// What is known now.
pub(super) async fn manifest(tx: &mut Tx<'_>, year: &Year, positions: (i64, i64)) -> Result<Manifest, Error> {
    let area = tx.area().clone();
    let (mut quota, mut agreement) = (Sha256::new(), Sha256::new());
    for row in store::quotas::list(tx.conn(), &area, year.fund_year).await? {
        let (opening, adjusted) = (row.quota_fen, row.adjusted_quota_fen);
        quota.update(format!("{}/{}/{opening}/{adjusted}\n", row.fund_line, row.institution_code));
    }
    for row in store::pools::lock_year(tx.conn(), &area, year.fund_year).await? {
        let (of, amount) = (row.kind_of_care.0, row.amount_fen);
        quota.update(format!("{}/{}/{of}/{amount}/{}\n", row.fund_line, row.district, row.released_fen));
    }
    for row in store::agreements::list(tx.conn(), &area, year.fund_year).await? {
        agreement.update(format!("{}/{}/{}\n", row.institution_code, row.version, json(&row.terms)));
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
