use std::collections::BTreeSet;

use medfund_money::{Exact, Fen, Rate};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::ratio;
use crate::history::{Totals, count};
use crate::{GroupCode, Tariff};

/// What a coverage is to reach in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target(pub Rate);

/// How much of a whole is paid by DRG (覆盖率).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// What is paid by DRG.
    pub part: Exact,
    /// All that could be.
    pub whole: Exact,
    /// Their share, rounded; `None` where there is nothing to cover.
    pub share: Option<Exact>,
    /// What it is to reach.
    pub target: Target,
    /// Whether it is reached, by the exact share.
    pub is_reached: bool,
}

/// The coverage of `whole` by `part` in the same unit.
#[must_use]
pub fn coverage(part: Exact, whole: Exact, target: Target) -> Coverage {
    let is_reached = !whole.is_zero() && part >= whole.clone() * target.0.into();
    Coverage { share: ratio(&part, &whole), part, whole, target, is_reached }
}

/// How many of the institutions that qualify are paid by DRG (医疗机构覆盖).
///
/// Source: CX 二(二): 每年进度分别不低于 40%、30%、30%, 40/70/100 % from 2022 to 2024.
#[must_use]
pub fn of_institutions(
    eligible: &BTreeSet<InstitutionCode>,
    paid_by_drg: &BTreeSet<InstitutionCode>,
    target: Target,
) -> Coverage {
    let n_paid = eligible.intersection(paid_by_drg).count();
    coverage(length(n_paid), length(eligible.len()), target)
}

/// How many of the groups that institutions paid by DRG have cases of are priced by the tariff (病种覆盖).
///
/// A group is priced when it has a weight; those paid by item or by review are not.
///
/// Source: CX 二(二): 病种全覆盖（原则上达到 90%），每年进度分别不低于 70%、80%、90%.
#[must_use]
pub fn of_diseases(
    totals: &Totals,
    paid_by_drg: &BTreeSet<InstitutionCode>,
    tariff: &Tariff,
    target: Target,
) -> Coverage {
    let own = totals.institutions().filter(|(institution, _)| paid_by_drg.contains(*institution));
    let groups: BTreeSet<&GroupCode> =
        own.flat_map(|(_, groups)| groups.keys()).filter(|group| group.is_grouped()).collect();
    let n_priced = groups.iter().filter(|group| tariff.weight(group).is_some()).count();
    coverage(length(n_priced), length(groups.len()), target)
}

/// How much of the fund's inpatient spending pays cases by DRG (基金覆盖).
///
/// Counts the cases of institutions paid by DRG in groups that have a weight; `inpatient` is all that the pooling fund
/// spent on inpatient care, in fen.
///
/// Source: CX 二(二): DRG付费医保基金支出占住院统筹医保基金支出, 30/50/70 % from 2022 to 2024.
#[must_use]
pub fn of_funds(
    totals: &Totals,
    paid_by_drg: &BTreeSet<InstitutionCode>,
    tariff: &Tariff,
    inpatient: Fen,
    target: Target,
) -> Coverage {
    let own = totals.institutions().filter(|(institution, _)| paid_by_drg.contains(*institution));
    let cases = own.flat_map(|(_, groups)| groups.iter());
    let paid: Fen =
        cases.filter(|(group, _)| tariff.weight(group).is_some()).map(|(_, sum)| sum.fund_paid).sum();
    coverage(paid.into(), inpatient.into(), target)
}

fn length(n: usize) -> Exact {
    count(u64::try_from(n).expect("a length fits 64 bits"))
}
