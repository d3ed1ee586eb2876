//! A clearing as what is known now gives it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use medfund_db::Tx;
use medfund_money::{Derivation, Fen, Node, Rate};
use medfund_policy::{KindOfCare, Q4Measure, Rules};
use medfund_tariff::case_points::Kind as CaseKind;
use medfund_types::{District, InstitutionCode};

use super::deposits::{self, Due};
use super::pooled::{pointed, pools_of, rules_of, year_cases};
use super::prepaid::{self, Prepaid};
use super::start_month::manifest;
use super::{Error, Settlement, Year};
use crate::domain::accounts::Pot;
use crate::domain::clearing::{ClearedInstitution, ClearingPlan, InstitutionYear, Outcome, Totals, plan};
use crate::domain::pool::{Pointed, Pool, PoolShare, PoolTotals, PooledYear, share_year};
use crate::domain::rules::{self, months_of, place_of};
use crate::domain::timeliness::clearing_due;
use crate::domain::{
    Cited, Party, Refusal, RunState, SettlementError, fourth_quarter_rate, visits_by_quarter,
};
use crate::store;
use crate::store::columns::Trees;
use crate::store::pools::PoolRow;
use crate::store::statements::MonthSums;

/// A clearing that is computed.
pub(super) struct Computed {
    pub(super) totals: Totals,
    pub(super) plan: ClearingPlan,
    pub(super) years: Vec<InstitutionYear>,
    /// The forfeited deposits that its orders take.
    pub(super) deposits: Vec<Due>,
    /// What its institutions were granted ahead.
    pub(super) prepayments: Vec<Prepaid>,
    year: Year,
}

impl Computed {
    /// Each institution's result, by code.
    pub(super) fn outcomes(&self) -> Vec<(InstitutionCode, Outcome)> {
        let outcome =
            |(one, year): (&ClearedInstitution, &InstitutionYear)| (one.code.clone(), Outcome::of(one, year));
        self.plan.institutions.iter().zip(&self.years).map(outcome).collect()
    }

    /// The day by which its orders are paid.
    pub(super) fn due(&self, pot: &Pot) -> Result<NaiveDate, Error> {
        Ok(clearing_due(self.year.rules(&pot.fund_line)?, pot.fund_year))
    }

    /// Why each amount of an institution is what it is.
    pub(super) fn trees(&self, one: &ClearedInstitution) -> Trees {
        let pack = &self.year.pack;
        let hash = pack.hash().to_string();
        let under = |name: &str, node: &Node| -> (String, Derivation) {
            (name.to_owned(), node.clone().under(pack.id(), &hash, "clearing/2"))
        };
        let mut trees = BTreeMap::from([
            under("payableFen", &one.measured.payable),
            under("surplusKeptFen", &one.measured.surplus_kept),
            under("overspendFundFen", &one.overspend_fund),
            under("refusalsLeftFen", &one.refusals_left),
            under("deductionsFen", &one.deductions),
            under("finalFen", &one.final_amount),
            under("paymentFen", &one.payment),
            under("orderFen", &one.order),
        ]);
        let year = self.years.iter().find(|year| year.code == one.code);
        let shares: Vec<Node> =
            year.into_iter().flat_map(|year| &year.pools).map(PoolShare::after_refusals).collect();
        if !shares.is_empty() {
            trees.extend([under("poolFen", &Node::sum("pool_fen", "区域总额应得", "fen", shares))]);
        }
        Trees(trees)
    }
}

/// Computes the clearing of a fund line in a district.
///
/// What it is computed from does not change until the transaction ends.
pub(super) async fn compute(
    this: &Settlement,
    tx: &mut Tx<'_>,
    pot: &Pot,
    positions: (i64, i64),
) -> Result<Computed, Error> {
    let area = tx.area().clone();
    let year = this.packs.year(tx.conn(), &area, pot.fund_year).await?;
    let reserve = store::reserves::find(tx.conn(), &area, pot).await?;
    let reserve = reserve.ok_or(SettlementError::ClearingNotOpen)?;
    check_months(tx, &year).await?;
    check_special_cases(tx, pot).await?;

    let facts = gather(this, tx, &year, pot).await?;
    prepaid::check_none_under_way(&facts.prepayments)?;
    let (pools, mut shares) = share_pools(this, tx, &year, pot, &facts).await?;
    let mut years = institution_years(&facts, &year, pot)?;
    for year in &mut years {
        year.pools = shares.remove(&year.code).unwrap_or_default();
    }
    let rules = rules::clearing(year.rules(&pot.fund_line)?);
    let plan = plan(&years, &rules, reserve).expect("a reserve is not negative");
    let totals = Totals::of(&plan, manifest(tx, &year, positions).await?, reserve, pools);
    let Facts { deposits, prepayments, .. } = facts;
    Ok(Computed { totals, plan, years, deposits, prepayments, year })
}

async fn check_months(tx: &mut Tx<'_>, year: &Year) -> Result<(), Error> {
    let area = tx.area().clone();
    for month in months_of(&year.pack, year.fund_year) {
        let run = store::month_settlements::find(tx.conn(), &area, month).await?;
        if run.is_none_or(|run| run.state != RunState::Settled) {
            return Err(SettlementError::MonthNotSettled(month).into());
        }
    }
    Ok(())
}

/// Refuses as long as nothing is decided of a case that is reviewed singly.
async fn check_special_cases(tx: &mut Tx<'_>, pot: &Pot) -> Result<(), Error> {
    let area = tx.area().clone();
    match store::special_cases::count_open(tx.conn(), &area, pot).await? {
        0 => Ok(()),
        n_open => Err(SettlementError::SpecialCasesOpen(n_open).into()),
    }
}

/// What the year's clearing looks at, of the institutions that are cleared with one district.
struct Facts {
    parties: BTreeSet<Party>,
    quotas: BTreeMap<Party, Fen>,
    months: BTreeMap<Party, Vec<MonthSums>>,
    refusals: BTreeMap<Party, Vec<Refusal>>,
    indicators: BTreeMap<InstitutionCode, Vec<(String, Rate)>>,
    prepayments: Vec<Prepaid>,
    deposits: Vec<Due>,
}

async fn gather(this: &Settlement, tx: &mut Tx<'_>, year: &Year, pot: &Pot) -> Result<Facts, Error> {
    let area = tx.area().clone();
    let fund_year = year.fund_year;
    let last = *months_of(&year.pack, fund_year).last().expect("a fund year has twelve months");
    let quotas = store::quotas::lock_year(tx.conn(), &area, fund_year).await?;
    let mut prepayments = prepaid::lock(tx, fund_year).await?;
    let mut deposits = deposits::due(this, tx, last).await?;
    deposits.extend(deposits::withheld(tx, year, &pot.fund_line, &pot.district).await?);
    let mut facts = Facts {
        parties: BTreeSet::new(),
        quotas: BTreeMap::new(),
        months: BTreeMap::new(),
        refusals: BTreeMap::new(),
        indicators: BTreeMap::new(),
        prepayments: Vec::new(),
        deposits: Vec::new(),
    };
    for row in store::statements::list_year(tx.conn(), &area, fund_year).await? {
        facts.months.entry(Party::new(&row.fund_line, &row.institution_code)).or_default().push(row);
    }
    // An institution is cleared once, with the district where it last was: by its quota, else its months,
    // else what was paid ahead, else the deposit it still owes.
    let mut places: BTreeMap<Party, District> = BTreeMap::new();
    for due in &deposits {
        places.insert(due.party.clone(), due.district.clone());
    }
    for (party, paid) in prepaid::paid(&prepayments) {
        let row = prepayments.iter().find(|one| one.party() == party).map(|one| one.row.district.clone());
        let is_left = paid.advance_left + paid.monthly_left + paid.instalments > Fen::ZERO;
        places.extend(row.filter(|_| is_left).map(|district| (party, district)));
    }
    for (party, months) in &facts.months {
        let payable =
            months.iter().any(|month| month.payable_fen > Fen::ZERO || !month.pools.months.is_empty());
        if let Some(month) = months.last().filter(|_| payable || places.contains_key(party)) {
            places.insert(party.clone(), month.district.clone());
        }
    }
    for row in quotas {
        let party = Party::new(&row.fund_line, &row.institution_code);
        places.insert(party.clone(), row.district);
        facts.quotas.insert(party, row.adjusted_quota_fen);
    }
    let here =
        |party: &Party, district: &District| party.fund_line == pot.fund_line && *district == pot.district;
    facts.parties = places
        .into_iter()
        .filter(|(party, district)| here(party, district))
        .map(|(party, _)| party)
        .collect();
    prepayments.retain(|one| facts.parties.contains(&one.party()));
    deposits.retain(|one| facts.parties.contains(&one.party));
    (facts.prepayments, facts.deposits) = (prepayments, deposits);
    for one in store::refusals::waiting(tx.conn(), &area, fund_year, last).await? {
        let party = Party::new(&one.fund_line, &one.institution_code);
        let refusal = Refusal { inspection: one.inspection, refused: one.refused_fen };
        facts.refusals.entry(party).or_default().push(refusal);
    }
    let confirmed = store::indicators::list(tx.conn(), &area, fund_year).await?;
    facts.indicators = confirmed.into_iter().map(|row| (row.institution_code, row.deductions.0)).collect();
    Ok(facts)
}

/// Each institution's shares of pools.
type Shares = BTreeMap<InstitutionCode, Vec<PoolShare>>;

/// Shares the pools of a fund line in a district by the points of the year's cases.
async fn share_pools(
    this: &Settlement,
    tx: &mut Tx<'_>,
    year: &Year,
    pot: &Pot,
    facts: &Facts,
) -> Result<(Vec<PoolTotals>, Shares), Error> {
    let area = tx.area().clone();
    let pools = store::pools::lock_year(tx.conn(), &area, pot.fund_year).await?;
    let own: Vec<&PoolRow> = pools_of(&pools, pot).collect();
    let (mut totals, mut shares) = (Vec::new(), Shares::new());
    if own.is_empty() {
        return Ok((totals, shares));
    }
    let mut cases = if facts.has_pointed_cases() {
        year_cases(tx.conn(), &area, year, None).await?
    } else {
        BTreeMap::new()
    };
    let rules = rules_of(year, &pot.fund_line)?;
    let clearing = rules::clearing(year.rules(&pot.fund_line)?);
    for pool in own {
        let kind = pool.kind_of_care.0;
        let cases = cases.remove(&(pot.fund_line.clone(), kind)).unwrap_or_default();
        let pointed = pointed(this, tx, (&pot.fund_line, &cases), &rules).await?;
        let members = facts.pooled_years(kind, pointed);
        let pool = Pool {
            kind_of_care: kind,
            amount: pool.amount_fen,
            adjustment: pool.released_fen,
            covers: rules.covers,
        };
        let (total, own) = share_year(&pool, &members, &clearing).expect("a pool is not negative");
        totals.push(total);
        for (institution, share) in own {
            shares.entry(institution).or_default().push(share);
        }
    }
    Ok((totals, shares))
}

impl Facts {
    /// Whether points paid a case in a month, without which they pay none in the year.
    fn has_pointed_cases(&self) -> bool {
        let mut months = self.months.values().flatten().flat_map(|month| &month.pools.months);
        months.any(|month| month.n_pointed() > 0)
    }

    /// The institutions that share a pool, with what the months have paid them of it.
    fn pooled_years(
        &self,
        kind: KindOfCare,
        mut pointed: BTreeMap<InstitutionCode, Pointed>,
    ) -> BTreeMap<InstitutionCode, PooledYear> {
        let of_party = |party: &Party| {
            let months = self.months.get(party).map_or(&[][..], Vec::as_slice);
            let own =
                || months.iter().flat_map(|month| &month.pools.months).filter(|one| one.kind_of_care == kind);
            let pointed = pointed.remove(&party.institution).unwrap_or_default();
            let is_member = pointed.n_cases() > 0 || own().next().is_some();
            let mut n_rated_by_kind: BTreeMap<CaseKind, i64> = BTreeMap::new();
            for (kind, n) in own().flat_map(|month| &month.n_rated_by_kind) {
                *n_rated_by_kind.entry(*kind).or_default() += n;
            }
            let year = PooledYear {
                pointed,
                refused: own().map(|month| month.refused).sum(),
                paid: own().map(|month| month.payable).sum(),
                priced: own().map(|month| month.priced).sum(),
                n_rated_by_kind,
            };
            is_member.then(|| (party.institution.clone(), year))
        };
        self.parties.iter().filter_map(of_party).collect()
    }
}

/// The years of all institutions that are cleared, by code.
fn institution_years(facts: &Facts, year: &Year, pot: &Pot) -> Result<Vec<InstitutionYear>, Error> {
    let rules = year.rules(&pot.fund_line)?;
    let paid_ahead = prepaid::paid(&facts.prepayments);
    let mut years = Vec::new();
    for party in &facts.parties {
        let months = facts.months.get(party).map_or(&[][..], Vec::as_slice);
        let quota = facts.quotas.get(party);
        let deductions = match facts.indicators.get(&party.institution) {
            Some(deductions) => deductions.clone(),
            None if rules::has_clearing_indicators(rules) && (quota.is_some() || !months.is_empty()) => {
                return Err(SettlementError::IndicatorsUnknown(party.institution.clone()).into());
            }
            None => Vec::new(),
        };
        let ahead = paid_ahead.get(party).copied().unwrap_or_default();
        years.push(InstitutionYear {
            code: party.institution.clone(),
            standard: quota.copied().unwrap_or_default(),
            cost: months.iter().map(|month| month.cost_fen).sum(),
            months: months.iter().map(|month| month.payable_fen).collect(),
            prepaid: store::statements::prepaid(months),
            paid: months.iter().map(|month| month.paid_fen).sum(),
            working_capital: ahead.working_capital,
            clean_record: ahead.clean_record,
            advance_left: ahead.advance_left,
            monthly_left: ahead.monthly_left,
            refusal_carried: months.last().map(|month| month.refusal_carried_fen).unwrap_or_default(),
            refusals: facts.refusals.get(party).cloned().unwrap_or_default(),
            deposit_due: deposits::left(&facts.deposits, party),
            deductions: cited(year, rules, deductions, months),
            instalments: ahead.instalments,
            pools: Vec::new(),
        });
    }
    Ok(years)
}

/// What missed indicators and the fourth quarter cost, with the pack's words for each.
fn cited(
    year: &Year,
    rules: &Rules,
    deductions: Vec<(String, Rate)>,
    months: &[MonthSums],
) -> Vec<(String, Cited<Rate>)> {
    let cite = |id: &str| {
        let indicator = rules.indicators.named(id).and_then(|one| one.deduction_rate.as_ref());
        indicator.map_or_else(|| "agreement".to_owned(), |rate| rate.cite())
    };
    let mut all: Vec<(String, Cited<Rate>)> =
        deductions.into_iter().map(|(id, rate)| (id.clone(), Cited::new(rate, &cite(&id)))).collect();
    if let Some((rule, measure)) = rules::fourth_quarter(rules) {
        let counted = |month: &MonthSums| {
            let visits = match measure {
                Q4Measure::Admissions => month.n_admissions,
                Q4Measure::Visits => month.n_visits,
            };
            (place_of(&year.pack, month.settlement_month), visits)
        };
        let rate = fourth_quarter_rate(visits_by_quarter(months.iter().map(counted)), &rule);
        all.push(("fourth_quarter".to_owned(), Cited::new(rate, &rule.deduction_rate.cite)));
    }
    all
}
