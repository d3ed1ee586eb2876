//! What a month is settled from.

use std::collections::BTreeMap;

use diesel_async::AsyncPgConnection;
use medfund_db::Tx;
use medfund_money::Fen;
use medfund_policy::{KindOfCare, PaymentMethod, Regime};
use medfund_types::{Area, District, FundLine, InstitutionCode, SettlementMonth};

use super::deposits::{self, Due};
use super::month_cases::month_cases;
use super::pooled::{self, PoolKind};
use super::prepaid::{self, Prepaid};
use super::start_month::{institutions, year_of};
use super::{Error, Settlement, Year};
use crate::domain::methods::{RatedCase, Volume};
use crate::domain::pool::{Pointed, PooledMonth, price_month};
use crate::domain::rules::{methods, place_of};
use crate::domain::{Party, PaymentTerm, Refusal, SettlementError, YearSoFar, terms_of};
use crate::store;
use crate::store::institutions::InstitutionRow;
use crate::store::quotas::QuotaRow;

/// What a run knows before it looks at single institutions.
pub(super) struct Facts {
    pub(super) year: Year,
    pub(super) month: SettlementMonth,
    pub(super) quotas: BTreeMap<Party, QuotaRow>,
    pub(super) terms: Agreed,
    pub(super) institutions: BTreeMap<InstitutionCode, InstitutionRow>,
    pub(super) so_far: BTreeMap<Party, YearSoFar>,
    pub(super) refusals: BTreeMap<Party, Vec<Refusal>>,
    pub(super) volumes: BTreeMap<Party, Volumes>,
    pub(super) deposits: Vec<Due>,
    pub(super) prepayments: Vec<Prepaid>,
    pub(super) pooled: BTreeMap<Party, Vec<PooledMonth>>,
}

/// The terms of the agreements in force, by institution.
pub(super) type Agreed = BTreeMap<InstitutionCode, Vec<PaymentTerm>>;

/// An institution's bills of a fund line: those that meet the quota, those that the agreement's methods pay beside it,
/// of a pool or outside, and the others, which are paid as charged.
#[derive(Default)]
pub(super) struct Volumes {
    pub(super) by_kind: BTreeMap<KindOfCare, Volume>,
    pub(super) beside: BTreeMap<KindOfCare, Volume>,
    pub(super) outside: Fen,
    pub(super) n_visits: i64,
}

impl Facts {
    /// Who gets a statement: whoever has a quota or bills, by fund line and institution.
    pub(super) fn parties(&self) -> Vec<Party> {
        let mut parties: Vec<Party> = self.quotas.keys().chain(self.volumes.keys()).cloned().collect();
        parties.sort();
        parties.dedup();
        parties
    }
}

/// Reads what holds for a month. Quotas, prepayments and their orders do not change until the transaction ends.
pub(super) async fn gather(
    this: &Settlement,
    tx: &mut Tx<'_>,
    month: SettlementMonth,
) -> Result<Facts, Error> {
    let area = tx.area().clone();
    let year = year_of(this, tx, month).await?;
    let fund_year = year.fund_year;
    let quotas = store::quotas::lock_year(tx.conn(), &area, fund_year).await?;
    let prepayments = prepaid::lock(tx, fund_year).await?;
    let codes = institutions(tx.conn(), &area, month).await?;
    let terms = agreed(tx.conn(), &area, &year, month).await?;
    let mut volumes = volumes(tx, &year, month, &codes, &terms).await?;
    let deposits = deposits::due(this, tx, month).await?;
    let known = store::institutions::list(tx.conn(), &area, None).await?;
    let cases = month_cases(this, tx, (&year, month), &codes, &terms).await?;
    rate(cases.rated, &mut volumes);
    let mut pooled = pooled::months(tx, (&year, month), cases.pointed, &districts(&known)).await?;
    let institutions: BTreeMap<InstitutionCode, InstitutionRow> =
        known.into_iter().map(|row| (row.institution_code.clone(), row)).collect();
    price(&year, month, (&terms, &institutions), &mut volumes, &mut pooled)?;
    let conn = tx.conn();
    let mut so_far: BTreeMap<Party, YearSoFar> = BTreeMap::new();
    for one in store::statements::list_year(conn, &area, fund_year).await? {
        let sum = so_far.entry(Party::new(&one.fund_line, &one.institution_code)).or_default();
        sum.payable += one.payable_fen;
        sum.deferred += one.deferred_fen;
        // In the order of the months: the last one's carry stands.
        sum.refusal_carried = one.refusal_carried_fen;
    }
    let mut refusals: BTreeMap<Party, Vec<Refusal>> = BTreeMap::new();
    for one in store::refusals::waiting(conn, &area, fund_year, month).await? {
        let party = Party::new(&one.fund_line, &one.institution_code);
        let refusal = Refusal { inspection: one.inspection, refused: one.refused_fen };
        refusals.entry(party).or_default().push(refusal);
    }
    let by_party = |row: QuotaRow| (Party::new(&row.fund_line, &row.institution_code), row);
    Ok(Facts {
        month,
        quotas: quotas.into_iter().map(by_party).collect(),
        terms,
        institutions,
        so_far,
        refusals,
        volumes,
        deposits,
        prepayments,
        pooled,
        year,
    })
}

/// Gives the cases that a rate pays to the volumes of their care.
fn rate(
    cases: BTreeMap<PoolKind, BTreeMap<InstitutionCode, Vec<RatedCase>>>,
    volumes: &mut BTreeMap<Party, Volumes>,
) {
    for ((fund_line, kind), cases) in cases {
        for (institution, rated) in cases {
            let own = volumes.get_mut(&Party::new(&fund_line, &institution));
            let own = own.and_then(|own| own.by_kind.get_mut(&kind).or(own.beside.get_mut(&kind)));
            own.expect("a case is a bill of its care").rated = rated;
        }
    }
}

/// Prices what a rate pays of pools, and all methods where the pool bears them: then nothing is left beside it.
fn price(
    year: &Year,
    month: SettlementMonth,
    (terms, institutions): (&Agreed, &BTreeMap<InstitutionCode, InstitutionRow>),
    volumes: &mut BTreeMap<Party, Volumes>,
    pooled: &mut BTreeMap<Party, Vec<PooledMonth>>,
) -> Result<(), Error> {
    let place = place_of(&year.pack, month);
    for (party, own) in volumes {
        let every_method =
            pooled::rules_if_any(year, &party.fund_line)?.is_some_and(|rules| rules.every_method);
        let agreed = terms.get(&party.institution).map_or(&[][..], Vec::as_slice);
        let class = institutions.get(&party.institution).map_or("", |row| row.institution_class.as_str());
        let line_rules = year.rules(&party.fund_line)?;
        let rules = methods(line_rules, class).map_err(SettlementError::not_settled)?;
        let is_pooled = |kind: KindOfCare| line_rules.regime(kind) == Some(Regime::Pool);
        for (kind, volume) in own.beside.iter().filter(|(kind, _)| is_pooled(**kind)) {
            let months = pooled.entry(party.clone()).or_default();
            let by_points = months.iter().position(|month| month.kind_of_care == *kind);
            let none = Pointed::default();
            let pointed = by_points.and_then(|place| months[place].by_points.as_ref());
            let pointed = pointed.map_or(&none, |(pointed, _)| pointed);
            let own = terms_of(agreed, &party.fund_line, *kind);
            let priced = price_month(&own, (volume, pointed), place, (every_method, &rules))
                .map_err(SettlementError::not_settled)?;
            match (by_points, priced) {
                (_, None) => {}
                (Some(place), priced) => months[place].priced = priced,
                (None, priced) => months.push(PooledMonth { kind_of_care: *kind, by_points: None, priced }),
            }
        }
        if every_method {
            own.beside.retain(|kind, _| !is_pooled(*kind));
        }
    }
    Ok(())
}

/// The institutions' districts.
pub(super) fn districts(known: &[InstitutionRow]) -> BTreeMap<InstitutionCode, District> {
    known.iter().map(|row| (row.institution_code.clone(), row.district.clone())).collect()
}

/// The terms that hold in a month.
pub(super) async fn agreed(
    conn: &mut AsyncPgConnection,
    area: &Area,
    year: &Year,
    month: SettlementMonth,
) -> Result<Agreed, Error> {
    let rows = store::agreements::in_force(conn, area, year.fund_year, month).await?;
    Ok(rows.into_iter().map(|row| (row.institution_code, row.terms.0)).collect())
}

/// What the bills of the month amount to, as far as each payment method needs it.
async fn volumes(
    tx: &mut Tx<'_>,
    year: &Year,
    month: SettlementMonth,
    codes: &[InstitutionCode],
    terms: &Agreed,
) -> Result<BTreeMap<Party, Volumes>, Error> {
    let area = tx.area().clone();
    let mut all: BTreeMap<Party, Volumes> = BTreeMap::new();
    for total in store::bill_totals::totals(tx.conn(), &area, month, month, codes).await? {
        let rules = year.rules(&total.fund_line)?;
        let own = all.entry(Party::new(&total.fund_line, &total.institution)).or_default();
        own.n_visits += total.n_bills;
        let agreed = terms.get(&total.institution).map_or(&[][..], Vec::as_slice);
        let is_pooled = rules.regime(total.kind_of_care) == Some(Regime::Pool);
        let by_kind = if rules.meets_quota(total.kind_of_care) {
            &mut own.by_kind
        } else if is_pooled || pays_outside(&terms_of(agreed, &total.fund_line, total.kind_of_care)) {
            &mut own.beside
        } else {
            own.outside += total.fund_share;
            continue;
        };
        let volume = by_kind.entry(total.kind_of_care).or_default();
        volume.n_admissions += total.n_bills;
        volume.n_persons += total.n_persons;
        volume.days += total.n_days;
        volume.cost += total.fund_share;
    }
    let by_case = paid_by_case(terms, codes);
    for (party, kind, cases) in store::bill_cases::list(tx.conn(), &area, month, &by_case).await? {
        let Some(own) = all.get_mut(&party) else { continue };
        if let Some(volume) = own.by_kind.get_mut(&kind).or(own.beside.get_mut(&kind)) {
            volume.cases = cases;
        }
    }
    for (fund_line, institution, cost) in referred(tx, year, month, terms).await? {
        let rules = year.rules(&fund_line)?;
        let by_heads = |term: &&PaymentTerm| {
            term.method() == PaymentMethod::PerCapita
                && term.fund_line == fund_line
                && rules.meets_quota(term.kind_of_care)
        };
        if let Some(term) = terms.get(&institution).and_then(|terms| terms.iter().find(by_heads)) {
            let own = all.entry(Party::new(&fund_line, &institution)).or_default();
            own.by_kind.entry(term.kind_of_care).or_default().referred = cost;
        }
    }
    Ok(all)
}

/// What patients cost whom institutions paid per capita referred to others, where the pack has them bear a share.
async fn referred(
    tx: &mut Tx<'_>,
    year: &Year,
    month: SettlementMonth,
    terms: &Agreed,
) -> Result<Vec<(FundLine, InstitutionCode, Fen)>, Error> {
    let is_shared = |term: &PaymentTerm| {
        let rules = year.rules(&term.fund_line).ok();
        let per_capita = rules.and_then(|rules| rules.payment.per_capita.as_ref());
        term.method() == PaymentMethod::PerCapita
            && per_capita.is_some_and(|one| one.referral_share.is_some())
    };
    if !terms.values().flatten().any(is_shared) {
        return Ok(Vec::new());
    }
    let area = tx.area().clone();
    Ok(store::bill_totals::referred(tx.conn(), &area, month).await?)
}

/// Whether an agreement's methods pay care outside quotas and pools by its bills; else it is paid as charged.
///
/// What is paid by heads or by a year's total has no place there.
pub(super) fn pays_outside(terms: &[&PaymentTerm]) -> bool {
    let by_bills = |term: &&PaymentTerm| match term.method() {
        PaymentMethod::ByDisease
        | PaymentMethod::Periodic
        | PaymentMethod::BedDay
        | PaymentMethod::AverageQuota
        | PaymentMethod::DailyCap
        | PaymentMethod::ServiceUnit
        | PaymentMethod::FeeForService => true,
        PaymentMethod::PerCapita
        | PaymentMethod::TotalPrepayment
        | PaymentMethod::DrgPoints
        | PaymentMethod::DrgRate => false,
    };
    terms.iter().all(by_bills) && terms.iter().any(|term| term.method() != PaymentMethod::FeeForService)
}

/// The institutions that a method pays case by case, each with whether it has long stays.
fn paid_by_case(terms: &Agreed, codes: &[InstitutionCode]) -> BTreeMap<InstitutionCode, bool> {
    let by_case = |code: &InstitutionCode| {
        let terms = terms.get(code)?;
        let has_long_stays = terms.iter().any(|term| term.method().takes_named_cases());
        terms.iter().any(PaymentTerm::looks_at_cases).then(|| (code.clone(), has_long_stays))
    };
    codes.iter().filter_map(by_case).collect()
}
