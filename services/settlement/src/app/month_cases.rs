//! The grouped cases of a month, institution by institution: added up or measured, and let go of before the next.

use std::collections::BTreeMap;
use std::sync::Arc;

use medfund_db::Tx;
use medfund_tariff::PublishedTariff;
use medfund_types::{FundLine, InstitutionCode, SettlementMonth};
use tokio::task::JoinHandle;

use super::month_facts::Agreed;
use super::pooled::{GroupedCases, PoolKind, cases_of, rules_if_any, rules_of, tariffs};
use super::stages::{Stage, Stages};
use super::{Error, Settlement, Year};
use crate::domain::SettlementError;
use crate::domain::in_force::InForce;
use crate::domain::methods::RatedCase;
use crate::domain::pool::{NoTariff, Pointed, PoolRules, add_up, rated};

/// What the grouped cases of a month come to, by fund line and kind of care, then by institution.
#[derive(Default)]
pub(super) struct MonthCases {
    /// Those that points pay.
    pub(super) pointed: BTreeMap<PoolKind, BTreeMap<InstitutionCode, Pointed>>,
    /// Those that a rate pays.
    pub(super) rated: BTreeMap<PoolKind, BTreeMap<InstitutionCode, Vec<RatedCase>>>,
}

/// Reads and counts the grouped cases of a month.
///
/// While those of one institution are counted, those of the next are read; no more than two are in memory. Where a
/// readmission to another institution cuts a stay, all are looked at together.
pub(super) async fn month_cases(
    this: &Settlement,
    tx: &mut Tx<'_>,
    (year, month): (&Year, SettlementMonth),
    codes: &[InstitutionCode],
    terms: &Agreed,
) -> Result<MonthCases, Error> {
    let area = tx.area().clone();
    let mut all = MonthCases::default();
    let mut counting: Option<JoinHandle<Result<MonthCases, NoTariff>>> = None;
    let at_a_time = if is_cut_by_others(year)? { codes.len() } else { 1 };
    for some in codes.chunks(at_a_time.max(1)) {
        let cases = cases_of(tx.conn(), &area, (year, month), some, terms).await?;
        let next = Counting {
            tariffs: tariffs(this, tx.conn(), &area, cases.all()).await?,
            rules: rules(year, &cases)?,
            cases,
            stages: this.stages.clone(),
        };
        if let Some(last) = counting.replace(tokio::task::spawn_blocking(move || next.count())) {
            all.add(counted(last).await?);
        }
    }
    if let Some(last) = counting {
        all.add(counted(last).await?);
    }
    Ok(all)
}

/// Whether a fund line has stays that a readmission to another institution cuts.
fn is_cut_by_others(year: &Year) -> Result<bool, Error> {
    for fund_line in year.pack.fund_lines().keys() {
        if rules_if_any(year, fund_line)?.is_some_and(|rules| !rules.readmission.is_same_institution) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The rules of the fund lines that have cases; what points pay has some.
fn rules(year: &Year, cases: &GroupedCases) -> Result<BTreeMap<FundLine, PoolRules>, Error> {
    let mut all = BTreeMap::new();
    for (fund_line, _) in cases.pointed.keys() {
        all.insert(fund_line.clone(), rules_of(year, fund_line)?);
    }
    for (fund_line, _) in cases.rated.keys() {
        all.extend(rules_if_any(year, fund_line)?.map(|rules| (fund_line.clone(), rules)));
    }
    Ok(all)
}

async fn counted(work: JoinHandle<Result<MonthCases, NoTariff>>) -> Result<MonthCases, Error> {
    let counted = work.await.expect("counting does not panic");
    Ok(counted.map_err(|no_tariff| SettlementError::TariffUnknown(no_tariff.0))?)
}

/// Cases and what they are counted by.
struct Counting {
    cases: GroupedCases,
    tariffs: InForce<Arc<PublishedTariff>>,
    rules: BTreeMap<FundLine, PoolRules>,
    stages: Stages,
}

impl Counting {
    fn count(self) -> Result<MonthCases, NoTariff> {
        let _pricing = self.stages.begin(Stage::Price);
        let Self { cases, tariffs, rules, .. } = self;
        let mut all = MonthCases::default();
        for (of, cases) in cases.pointed {
            let added = add_up(&of.0, &cases, &tariffs, &rules[&of.0])?;
            all.pointed.insert(of, added);
        }
        for (of, cases) in cases.rated {
            let rated = rated(&of.0, &cases, &tariffs, rules.get(&of.0))?;
            let by_institution = all.rated.entry(of).or_default();
            for (case, rated) in cases.into_iter().zip(rated) {
                by_institution.entry(case.institution).or_default().push(rated);
            }
        }
        Ok(all)
    }
}

impl MonthCases {
    /// Adds those of other institutions.
    fn add(&mut self, others: Self) {
        for (of, added) in others.pointed {
            self.pointed.entry(of).or_default().extend(added);
        }
        for (of, rated) in others.rated {
            self.rated.entry(of).or_default().extend(rated);
        }
    }
}
