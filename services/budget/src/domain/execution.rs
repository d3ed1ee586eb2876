use std::collections::BTreeMap;

use medfund_money::{Exact, Fen};
use medfund_policy::KindOfCare;
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

/// One institution's settled month of a kind of care that a pool pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PooledMonth {
    /// The kind of care.
    pub care: KindOfCare,
    /// What was settled.
    pub settled: SettledMonth,
}

/// What was settled of a target, by who pays it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The months that count against quotas.
    pub quotas: Vec<SettledMonth>,
    /// The months that count against pools.
    pub pools: Vec<PooledMonth>,
}

/// A pool of a kind of care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolBudget {
    /// The kind of care.
    pub care: KindOfCare,
    /// What the months and the clearing share.
    pub amount: Fen,
}

/// An institution's quota and what the bank paid to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionBudget {
    /// The institution.
    pub institution: InstitutionCode,
    /// Its quota after adjustments; nothing if it only shares pools.
    pub adjusted_quota: Fen,
    /// What the bank confirmed as paid in the fund year.
    pub paid: Fen,
    /// What of it was paid out of pools.
    pub pooled_paid: Fen,
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
    /// The pools, in the pack's order.
    pub pools: Vec<PoolExecution>,
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

/// One pool's year so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolExecution {
    /// The pool.
    pub budget: PoolBudget,
    /// The settled months' payable.
    pub payable: Fen,
    /// The share of the pool that is spent.
    pub spent_rate: Exact,
}

/// One institution's year so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionExecution {
    /// Its quota and payments.
    pub budget: InstitutionBudget,
    /// The settled months' payable that counts against its quota.
    pub payable: Fen,
    /// The settled months' payable out of pools.
    pub pooled_payable: Fen,
    /// The share of its quota that is spent.
    pub spent_rate: Exact,
}

/// Whose spending is held against the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spender {
    /// The fund line in the district.
    FundLine,
    /// The pool of a kind of care.
    Pool(KindOfCare),
    /// An institution with a quota.
    Institution(InstitutionCode),
}

/// A warning that spending runs ahead of the calendar (基金运行风险预警).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The level's id in the pack.
    pub level: String,
    /// Whose spending it tells of.
    pub of: Spender,
    /// Spent share over time share, rounded.
    pub pace: Exact,
    /// The threshold it reached.
    pub threshold: Exact,
}

/// Holds what is spent against the calendar.
///
/// The pace is the spent share of the target (of a pool, of a quota) over the
/// share of the fund year that has passed with the last settled month; the
/// highest level whose ratio it reaches is the warning. What a pool pays counts
/// against the pool and against no quota.
///
/// - `first_month`: the fund year's first month.
/// - `levels`: the pack's levels, mildest first.
///
/// Source: JM 五(一)6.
#[must_use]
pub fn execution(
    target: Fen,
    settled: &Settled,
    pools: Vec<PoolBudget>,
    budgets: Vec<InstitutionBudget>,
    first_month: SettlementMonth,
    levels: &[WarningLevel],
) -> Execution {
    let all = || settled.quotas.iter().chain(settled.pools.iter().map(|month| &month.settled));
    let months = by_month(all());
    let n_passed = months.last().map_or(0, |last| months_between(first_month, last.month) + 1);
    let payable: Fen = all().map(|month| month.payable).sum();
    let paid = budgets.iter().map(|budget| budget.paid).sum();
    let pools: Vec<PoolExecution> =
        pools.into_iter().map(|pool| pool_execution(pool, &settled.pools)).collect();
    let of_quotas = by_institution(settled.quotas.iter());
    let of_pools = by_institution(settled.pools.iter().map(|month| &month.settled));
    let institutions: Vec<InstitutionExecution> = budgets
        .into_iter()
        .map(|budget| {
            let payable = of_quotas.get(&budget.institution).copied().unwrap_or_default();
            let pooled_payable = of_pools.get(&budget.institution).copied().unwrap_or_default();
            let spent_rate = share(payable, budget.adjusted_quota);
            InstitutionExecution { spent_rate, payable, pooled_payable, budget }
        })
        .collect();
    let mut warnings: Vec<(usize, Warning)> =
        warning(Spender::FundLine, payable, target, n_passed, levels).into_iter().collect();
    warnings.extend(pools.iter().filter_map(|one| {
        warning(Spender::Pool(one.budget.care), one.payable, one.budget.amount, n_passed, levels)
    }));
    warnings.extend(institutions.iter().filter_map(|one| {
        let of = Spender::Institution(one.budget.institution.clone());
        warning(of, one.payable, one.budget.adjusted_quota, n_passed, levels)
    }));
    // Worst first; the fund line before its pools and institutions, these by code.
    warnings.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    Execution {
        target,
        payable,
        paid,
        time_rate: Exact::from(n_passed).div_half_up(&Exact::from(MONTHS), DECIMALS),
        spent_rate: share(payable, target),
        months,
        pools,
        institutions,
        warnings: warnings.into_iter().map(|(_, warning)| warning).collect(),
    }
}

fn pool_execution(budget: PoolBudget, settled: &[PooledMonth]) -> PoolExecution {
    let own = settled.iter().filter(|month| month.care == budget.care);
    let payable = own.map(|month| month.settled.payable).sum();
    PoolExecution { budget, payable, spent_rate: share(payable, budget.amount) }
}

fn by_institution<'s>(settled: impl Iterator<Item = &'s SettledMonth>) -> BTreeMap<&'s InstitutionCode, Fen> {
    let mut payable: BTreeMap<&InstitutionCode, Fen> = BTreeMap::new();
    for month in settled {
        *payable.entry(&month.institution).or_default() += month.payable;
    }
    payable
}

fn by_month<'s>(settled: impl Iterator<Item = &'s SettledMonth>) -> Vec<ExecutionMonth> {
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
    of: Spender,
    spent: Fen,
    budget: Fen,
    n_passed: i64,
    levels: &[WarningLevel],
) -> Option<(usize, Warning)> {
    if n_passed <= 0 || budget <= Fen::ZERO {
        return None;
    }
    let spent_year = Exact::from(spent) * Exact::from(MONTHS);
    let of_passed = Exact::from(budget) * Exact::from(n_passed);
    let reached = |level: &WarningLevel| spent_year >= &level.ratio * &of_passed;
    let (place, level) = levels.iter().enumerate().rev().find(|(_, level)| reached(level))?;
    let pace = spent_year.div_half_up(&of_passed, DECIMALS);
    let (level, threshold) = (level.id.clone(), level.ratio.clone());
    Some((place, Warning { level, of, pace, threshold }))
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
        run_with(2_400, settled, &[], vec![])
    }

    fn run_with(
        target: i64,
        quotas: &[SettledMonth],
        pooled: &[SettledMonth],
        pools: Vec<PoolBudget>,
    ) -> Execution {
        let budgets = [1, 2].map(|serial| InstitutionBudget {
            institution: code(serial),
            adjusted_quota: Fen::new(1_200),
            paid: Fen::new(7),
            pooled_paid: Fen::ZERO,
        });
        let care = KindOfCare::Inpatient;
        let pooled = pooled.iter().map(|month| PooledMonth { care, settled: month.clone() }).collect();
        let settled = Settled { quotas: quotas.to_vec(), pools: pooled };
        let first = "2017-01".parse().unwrap();
        execution(Fen::new(target), &settled, pools, budgets.to_vec(), first, &levels())
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
        let told: Vec<(&str, Spender)> =
            found.warnings.iter().map(|one| (one.level.as_str(), one.of.clone())).collect();
        let of = |serial| Spender::Institution(code(serial));
        assert_eq!(told, [("red", Spender::FundLine), ("red", of(2)), ("yellow", of(1))]);
        assert_eq!(found.warnings[0].pace.to_string(), "1.2");
    }

    #[test]
    fn months_are_added_up_over_institutions_in_order() {
        let found = run(&[month(1, "2017-02", 1), month(2, "2017-01", 2), month(1, "2017-01", 3)]);
        let payable: Vec<i64> = found.months.iter().map(|month| month.payable.get()).collect();
        assert_eq!(payable, [5, 1]);
        assert_eq!(found.time_rate.to_string(), "0.1667");
    }

    #[test]
    fn pooled_care_counts_against_its_pool_and_no_quota() {
        let pool = PoolBudget { care: KindOfCare::Inpatient, amount: Fen::new(12_000) };
        let months = [month(1, "2017-01", 100), month(2, "2017-01", 100)];
        let found = run_with(14_400, &months, &[month(1, "2017-01", 1_060)], vec![pool]);
        assert_eq!(found.payable, Fen::new(1_260));
        let pools: Vec<(Fen, String)> =
            found.pools.iter().map(|one| (one.payable, one.spent_rate.to_string())).collect();
        assert_eq!(pools, [(Fen::new(1_060), "0.0883".to_owned())]);
        let first = &found.institutions[0];
        assert_eq!((first.payable, first.pooled_payable), (Fen::new(100), Fen::new(1_060)));
        let told: Vec<(&str, Spender)> =
            found.warnings.iter().map(|one| (one.level.as_str(), one.of.clone())).collect();
        let (line, pool) = (Spender::FundLine, Spender::Pool(KindOfCare::Inpatient));
        assert_eq!(told, [("yellow", line), ("yellow", pool)]);
    }
}
