use std::collections::BTreeMap;

use medfund_money::{Exact, Fen};
use medfund_types::{InstitutionCode, SettlementMonth};

/// Decimals a share or a pace is told with.
const DECIMALS: u32 = 4;
/// The months of a fund year.
const MONTHS: i64 = 12;

/// One institution's settled month, as `settlement` told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledMonth {
    /// The institution.
    pub institution: InstitutionCode,
    /// The month.
    pub month: SettlementMonth,
    /// Admissions.
    pub n_admissions: i64,
    /// The fund's share charged.
    pub cost: Fen,
    /// Payable.
    pub payable: Fen,
}

/// An institution's quota and what the bank paid to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionBudget {
    /// The institution.
    pub institution: InstitutionCode,
    /// Its quota after adjustments.
    pub adjusted_quota: Fen,
    /// What the bank confirmed as paid in the fund year.
    pub paid: Fen,
}

/// A level of warning of the pack (预警级别).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningLevel {
    /// Its id.
    pub id: String,
    /// From which pace it is given.
    pub ratio: Exact,
}

/// How a target is spent (预算执行).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// The target.
    pub target: Fen,
    /// The settled months' payable.
    pub payable: Fen,
    /// What the bank confirmed as paid.
    pub paid: Fen,
    /// The share of the fund year that has passed with the last settled month.
    pub time_rate: Exact,
    /// The share of the target that is spent.
    pub spent_rate: Exact,
    /// The settled months, in order.
    pub months: Vec<ExecutionMonth>,
    /// The institutions, by code.
    pub institutions: Vec<InstitutionExecution>,
    /// The warnings, worst first.
    pub warnings: Vec<Warning>,
}

/// One settled month of all institutions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutionMonth {
    /// The month.
    pub month: SettlementMonth,
    /// Admissions.
    pub n_admissions: i64,
    /// The fund's share charged.
    pub cost: Fen,
    /// Payable.
    pub payable: Fen,
}

/// One institution's year so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionExecution {
    /// Its quota and payments.
    pub budget: InstitutionBudget,
    /// The settled months' payable.
    pub payable: Fen,
    /// The share of its quota that is spent.
    pub spent_rate: Exact,
}

/// A warning that spending runs ahead of the calendar (基金运行风险预警).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The level's id in the pack.
    pub level: String,
    /// The institution; `None` for the fund line in the district.
    pub institution: Option<InstitutionCode>,
    /// Spent share over time share, rounded.
    pub pace: Exact,
    /// The threshold it reached.
    pub threshold: Exact,
}

/// Holds what is spent against the calendar.
///
/// The pace is the spent share of the target (of a quota) over the share of the
/// fund year that has passed with the last settled month; the highest level
/// whose ratio it reaches is the warning.
///
/// - `first_month`: the fund year's first month.
/// - `levels`: the pack's levels, mildest first.
///
/// Source: JM 五(一)6.
#[must_use]
pub fn execution(
    target: Fen,
    settled: &[SettledMonth],
    budgets: Vec<InstitutionBudget>,
    first_month: SettlementMonth,
    levels: &[WarningLevel],
) -> Execution {
    let months = by_month(settled);
    let n_passed = months.last().map_or(0, |last| months_between(first_month, last.month) + 1);
    let payable: Fen = settled.iter().map(|month| month.payable).sum();
    let paid = budgets.iter().map(|budget| budget.paid).sum();
    let mut payable_to: BTreeMap<&InstitutionCode, Fen> = BTreeMap::new();
    for month in settled {
        *payable_to.entry(&month.institution).or_default() += month.payable;
    }
    let institutions: Vec<InstitutionExecution> = budgets
        .into_iter()
        .map(|budget| {
            let payable = payable_to.get(&budget.institution).copied().unwrap_or_default();
            InstitutionExecution { spent_rate: share(payable, budget.adjusted_quota), payable, budget }
        })
        .collect();
    let mut warnings: Vec<(usize, Warning)> =
        warning(None, payable, target, n_passed, levels).into_iter().collect();
    warnings.extend(institutions.iter().filter_map(|one| {
        let code = Some(one.budget.institution.clone());
        warning(code, one.payable, one.budget.adjusted_quota, n_passed, levels)
    }));
    // Worst first; the fund line before its institutions, these by code.
    warnings.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    Execution {
        target,
        payable,
        paid,
        time_rate: Exact::from(n_passed).div_half_up(&Exact::from(MONTHS), DECIMALS),
        spent_rate: share(payable, target),
        months,
        institutions,
        warnings: warnings.into_iter().map(|(_, warning)| warning).collect(),
    }
}

fn by_month(settled: &[SettledMonth]) -> Vec<ExecutionMonth> {
    let mut months: BTreeMap<SettlementMonth, ExecutionMonth> = BTreeMap::new();
    for one in settled {
        let month = months.entry(one.month).or_insert(ExecutionMonth {
            month: one.month,
            n_admissions: 0,
            cost: Fen::ZERO,
            payable: Fen::ZERO,
        });
        month.n_admissions += one.n_admissions;
        month.cost += one.cost;
        month.payable += one.payable;
    }
    months.into_values().collect()
}

fn months_between(first: SettlementMonth, last: SettlementMonth) -> i64 {
    let number = |month: SettlementMonth| i64::from(month.year()) * MONTHS + i64::from(month.month());
    number(last) - number(first)
}

fn share(spent: Fen, of: Fen) -> Exact {
    if of == Fen::ZERO { Exact::zero() } else { Exact::from(spent).div_half_up(&Exact::from(of), DECIMALS) }
}

/// The warning with its level's place, if the pace reaches one.
fn warning(
    institution: Option<InstitutionCode>,
    spent: Fen,
    of: Fen,
    n_passed: i64,
    levels: &[WarningLevel],
) -> Option<(usize, Warning)> {
    if n_passed <= 0 || of <= Fen::ZERO {
        return None;
    }
    let spent_year = Exact::from(spent) * Exact::from(MONTHS);
    let of_passed = Exact::from(of) * Exact::from(n_passed);
    let reached = |level: &WarningLevel| spent_year >= &level.ratio * &of_passed;
    let (place, level) = levels.iter().enumerate().rev().find(|(_, level)| reached(level))?;
    let pace = spent_year.div_half_up(&of_passed, DECIMALS);
    let (level, threshold) = (level.id.clone(), level.ratio.clone());
    Some((place, Warning { level, institution, pace, threshold }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(serial: u32) -> InstitutionCode {
        format!("H440703{serial:05}").parse().unwrap()
    }

    fn month(serial: u32, month: &str, payable: i64) -> SettledMonth {
        SettledMonth {
            institution: code(serial),
            month: month.parse().unwrap(),
            n_admissions: 10,
            cost: Fen::new(payable),
            payable: Fen::new(payable),
        }
    }

    fn levels() -> Vec<WarningLevel> {
        [("yellow", "1.05"), ("red", "1.20")]
            .map(|(id, ratio)| WarningLevel { id: id.to_owned(), ratio: ratio.parse().unwrap() })
            .to_vec()
    }

    fn run(settled: &[SettledMonth]) -> Execution {
        let budgets = [1, 2].map(|serial| InstitutionBudget {
            institution: code(serial),
            adjusted_quota: Fen::new(1_200),
            paid: Fen::new(7),
        });
        execution(Fen::new(2_400), settled, budgets.to_vec(), "2017-01".parse().unwrap(), &levels())
    }

    #[test]
    fn spending_in_step_with_the_calendar_warns_nobody() {
        let found = run(&[month(1, "2017-01", 100), month(2, "2017-01", 100)]);
        assert_eq!((found.payable, found.paid), (Fen::new(200), Fen::new(14)));
        assert_eq!(found.time_rate.to_string(), "0.0833");
        assert!(found.warnings.is_empty());
    }

    #[test]
    fn the_worst_pace_comes_first_and_a_reached_ratio_counts() {
        let found = run(&[month(1, "2017-01", 105), month(2, "2017-01", 135)]);
        let told: Vec<(&str, Option<InstitutionCode>)> =
            found.warnings.iter().map(|one| (one.level.as_str(), one.institution.clone())).collect();
        assert_eq!(told, [("red", None), ("red", Some(code(2))), ("yellow", Some(code(1)))]);
        assert_eq!(found.warnings[0].pace.to_string(), "1.2");
    }

    #[test]
    fn months_are_added_up_over_institutions_in_order() {
        let found = run(&[month(1, "2017-02", 1), month(2, "2017-01", 2), month(1, "2017-01", 3)]);
        let payable: Vec<i64> = found.months.iter().map(|month| month.payable.get()).collect();
        assert_eq!(payable, [5, 1]);
        assert_eq!(found.time_rate.to_string(), "0.1667");
    }
}
