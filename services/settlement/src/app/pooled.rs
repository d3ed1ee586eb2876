//! The cases of pools, and what a month of them pays.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use medfund_db::Tx;
use medfund_policy::{KindOfCare, PaymentMethod};
use medfund_tariff::PublishedTariff;
use medfund_types::{Area, District, FundLine, InstitutionCode, SettlementMonth};

use super::month_facts::{Agreed, agreed};
use super::start_month::institutions;
use super::{Error, Settlement, Year};
use crate::domain::accounts::Pot;
use crate::domain::in_force::InForce;
use crate::domain::methods::{has_points, has_rate, is_named, names_cases};
use crate::domain::pool::{
    CountedCase, DrgCase, Pointed, PoolRules, PooledMonth, add_up, month_budget, points_of, pool_rules,
    share_month,
};
use crate::domain::rules::{methods, months_of, place_of};
use crate::domain::{Party, PaymentTerm, SettlementError, terms_of};
use crate::store;
use crate::store::pools::PoolRow;

/// What a pool is of.
pub(super) type PoolKind = (FundLine, KindOfCare);

/// The grouped cases of a month, by fund line and kind of care.
#[derive(Default)]
pub(super) struct GroupedCases {
    /// Those that points pay.
    pub(super) pointed: BTreeMap<PoolKind, Vec<DrgCase>>,
    /// Those that a rate pays.
    pub(super) rated: BTreeMap<PoolKind, Vec<DrgCase>>,
}

impl GroupedCases {
    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &DrgCase> + Clone {
        self.pointed.values().chain(self.rated.values()).flatten()
    }
}

/// The cases that points or a rate pay in a month.
///
/// Left out is what another method of the agreement names, and who agreed on neither.
pub(super) async fn cases_of(
    conn: &mut AsyncPgConnection,
    area: &Area,
    (year, month): (&Year, SettlementMonth),
    codes: &[InstitutionCode],
    terms: &Agreed,
) -> Result<GroupedCases, Error> {
    let named = named(conn, area, (year, month), codes, terms).await?;
    let mut all = GroupedCases::default();
    for bill in store::pooled_bills::list(conn, area, month, codes).await? {
        let agreed = terms.get(&bill.case.institution).map_or(&[][..], Vec::as_slice);
        let own = terms_of(agreed, &bill.fund_line, bill.kind_of_care);
        let paid_by = match (has_points(&own), has_rate(&own)) {
            (true, _) => &mut all.pointed,
            (false, true) => &mut all.rated,
            (false, false) => continue,
        };
        let is_named = named.get(&bill.case.institution).is_some_and(|ids| ids.contains(&*bill.case.setl_id));
        if !is_named {
            paid_by.entry((bill.fund_line, bill.kind_of_care)).or_default().push(bill.case);
        }
    }
    Ok(all)
}

/// The settlement ids of a month's grouped cases that another method of the agreement names, by institution.
async fn named(
    conn: &mut AsyncPgConnection,
    area: &Area,
    (year, month): (&Year, SettlementMonth),
    codes: &[InstitutionCode],
    terms: &Agreed,
) -> Result<BTreeMap<InstitutionCode, BTreeSet<Box<str>>>, Error> {
    let by_both = |code: &InstitutionCode| {
        let own = terms.get(code)?;
        let of_groups = [PaymentMethod::DrgPoints, PaymentMethod::DrgRate];
        let is_grouped = own.iter().any(|term| of_groups.contains(&term.method()));
        let is_named = own.iter().any(|term| term.method().takes_named_cases());
        (is_grouped && is_named).then(|| (code.clone(), true))
    };
    let wanted: BTreeMap<InstitutionCode, bool> = codes.iter().filter_map(by_both).collect();
    let mut all: BTreeMap<InstitutionCode, BTreeSet<Box<str>>> = BTreeMap::new();
    for (party, kind, cases) in store::bill_cases::list(conn, area, month, &wanted).await? {
        let own = terms_of(&terms[&party.institution], &party.fund_line, kind);
        if names_cases(&own) {
            let rules = methods(year.rules(&party.fund_line)?, "").map_err(SettlementError::not_settled)?;
            let named = cases.into_iter().filter(|case| is_named(&own, case, &rules));
            all.entry(party.institution).or_default().extend(named.map(|case| case.setl_id));
        }
    }
    Ok(all)
}

/// The cases that points pay in a fund year, of one institution or of all.
pub(super) async fn year_cases(
    conn: &mut AsyncPgConnection,
    area: &Area,
    year: &Year,
    only: Option<&InstitutionCode>,
) -> Result<BTreeMap<PoolKind, Vec<DrgCase>>, Error> {
    let mut all: BTreeMap<PoolKind, Vec<DrgCase>> = BTreeMap::new();
    for month in months_of(&year.pack, year.fund_year) {
        let terms = agreed(conn, area, year, month).await?;
        let mut codes = match only {
            Some(only) => vec![only.clone()],
            None => institutions(conn, area, month).await?,
        };
        let is_pointed = |term: &PaymentTerm| term.method() == PaymentMethod::DrgPoints;
        codes.retain(|code| terms.get(code).is_some_and(|own| own.iter().any(is_pointed)));
        if codes.is_empty() {
            continue;
        }
        for (of, cases) in cases_of(conn, area, (year, month), &codes, &terms).await?.pointed {
            all.entry(of).or_default().extend(cases);
        }
    }
    Ok(all)
}

/// What the pack says of a fund line's pools, if it has any.
pub(super) fn rules_if_any(year: &Year, fund_line: &FundLine) -> Result<Option<PoolRules>, Error> {
    Ok(pool_rules(year.rules(fund_line)?).map_err(SettlementError::not_settled)?)
}

/// The rules of a pool of a fund line.
pub(super) fn rules_of(year: &Year, fund_line: &FundLine) -> Result<PoolRules, Error> {
    let none = || SettlementError::not_settled(format!("the pack has no pool for {fund_line}"));
    Ok(rules_if_any(year, fund_line)?.ok_or_else(none)?)
}

/// Adds up the points of the cases of a fund line and one kind of care, by institution.
pub(super) async fn pointed(
    this: &Settlement,
    tx: &mut Tx<'_>,
    (fund_line, cases): (&FundLine, &[DrgCase]),
    rules: &PoolRules,
) -> Result<BTreeMap<InstitutionCode, Pointed>, Error> {
    let area = tx.area().clone();
    let tariffs = tariffs(this, tx.conn(), &area, cases.iter()).await?;
    let added = add_up(fund_line, cases, &tariffs, rules);
    Ok(added.map_err(|no_tariff| SettlementError::TariffUnknown(no_tariff.0))?)
}

/// Counts the cases of a fund line and one kind of care, in their order.
pub(super) async fn counted(
    this: &Settlement,
    conn: &mut AsyncPgConnection,
    area: &Area,
    (fund_line, cases): (&FundLine, &[DrgCase]),
    rules: &PoolRules,
) -> Result<Vec<CountedCase>, Error> {
    let tariffs = tariffs(this, conn, area, cases.iter()).await?;
    let counted = points_of(fund_line, cases, &tariffs, rules);
    Ok(counted.map_err(|no_tariff| SettlementError::TariffUnknown(no_tariff.0))?)
}

/// The tariffs in force on the cases' days of discharge.
pub(super) async fn tariffs(
    this: &Settlement,
    conn: &mut AsyncPgConnection,
    area: &Area,
    cases: impl Iterator<Item = &DrgCase> + Clone,
) -> Result<InForce<Arc<PublishedTariff>>, Error> {
    let days = || cases.clone().map(|case| case.discharged);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(InForce::default()) };
    Ok(this.tariffs.between(conn, area, first, last).await?)
}

/// Refuses as long as a case of the month has no tariff on its day of discharge.
pub(super) async fn check_tariff(
    this: &Settlement,
    tx: &mut Tx<'_>,
    month: SettlementMonth,
) -> Result<(), Error> {
    let area = tx.area().clone();
    let Some(first) = store::pooled_bills::first_discharge(tx.conn(), &area, month).await? else {
        return Ok(());
    };
    match this.tariffs.between(tx.conn(), &area, first, first).await?.on(first) {
        Some(_) => Ok(()),
        None => Err(SettlementError::TariffUnknown(first).into()),
    }
}

/// The pool that pays an institution's care, if budget told of it.
pub(super) fn pool_of<'p>(
    pools: &'p [PoolRow],
    (fund_line, kind): &PoolKind,
    district: &District,
) -> Option<&'p PoolRow> {
    let own = |pool: &&PoolRow| {
        pool.fund_line == *fund_line && pool.kind_of_care.0 == *kind && pool.district == *district
    };
    pools.iter().find(own)
}

/// What each party's month of pools pays, by kind of care.
///
/// - `districts`: of the institutions.
pub(super) async fn months(
    tx: &mut Tx<'_>,
    (year, month): (&Year, SettlementMonth),
    pointed: BTreeMap<PoolKind, BTreeMap<InstitutionCode, Pointed>>,
    districts: &BTreeMap<InstitutionCode, District>,
) -> Result<BTreeMap<Party, Vec<PooledMonth>>, Error> {
    let area = tx.area().clone();
    let pools = store::pools::lock_year(tx.conn(), &area, year.fund_year).await?;
    let place = place_of(&year.pack, month);
    let mut all: BTreeMap<Party, Vec<PooledMonth>> = BTreeMap::new();
    for (of, added) in pointed {
        let rules = rules_of(year, &of.0)?;
        let mut by_district: BTreeMap<District, BTreeMap<InstitutionCode, Pointed>> = BTreeMap::new();
        for (institution, pointed) in added {
            let district =
                districts.get(&institution).cloned().ok_or_else(|| SettlementError::AgreementUnknown {
                    institution: institution.clone(),
                    fund_line: of.0.clone(),
                })?;
            by_district.entry(district).or_default().insert(institution, pointed);
        }
        for (district, members) in by_district {
            let pool = pool_of(&pools, &of, &district).ok_or_else(|| unknown(&of, &district))?;
            let budget = month_budget(pool.amount_fen, &rules, place);
            let mut pays = share_month(&budget, &members, &rules).expect("a pool is not negative");
            for (institution, pointed) in members {
                let method = pays.remove(&institution).expect("every member is paid something");
                let party = Party::new(&of.0, &institution);
                all.entry(party).or_default().push(PooledMonth {
                    kind_of_care: of.1,
                    by_points: Some((pointed, method)),
                    priced: None,
                });
            }
        }
    }
    Ok(all)
}

/// The refusal for want of a pool.
pub(super) fn unknown((fund_line, kind): &PoolKind, district: &District) -> SettlementError {
    SettlementError::PoolUnknown { pool: format!("{fund_line}/{district}/{kind}") }
}

/// What is cleared of the pools of a fund line in a district.
pub(super) fn pools_of<'p>(pools: &'p [PoolRow], pot: &Pot) -> impl Iterator<Item = &'p PoolRow> {
    let (fund_line, district) = (pot.fund_line.clone(), pot.district.clone());
    pools.iter().filter(move |pool| pool.fund_line == fund_line && pool.district == district)
}
