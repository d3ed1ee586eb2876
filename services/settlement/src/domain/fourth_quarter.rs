use medfund_money::{Exact, Rate};

use super::cited::Cited;

/// The rule that the fourth quarter must not differ much from the first three (第四季度就诊人次).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FourthQuarterRule {
    /// How far from the mean it may lie, as a share of the mean.
    pub tolerance: Cited<Rate>,
    /// What a larger difference costs, as a share of the year's payable.
    pub deduction_rate: Cited<Rate>,
}

/// The rate that the fourth quarter costs: the rule's when |V4 − mean(V1..V3)| is more than the tolerance × the mean.
///
/// Compared without a division: |3·V4 − (V1+V2+V3)| against tolerance × (V1+V2+V3).
///
/// Source: JM 四(六).
#[must_use]
pub fn fourth_quarter_rate(visits: [i64; 4], rule: &FourthQuarterRule) -> Rate {
    let first_three: i64 = visits[..3].iter().sum();
    let apart = Exact::from((3 * visits[3] - first_three).abs());
    let allowed = Exact::from(rule.tolerance.value) * Exact::from(first_three);
    if apart > allowed { rule.deduction_rate.value } else { Rate::ZERO }
}

/// Adds up visits by quarter.
///
/// - `months`: each month's place in the fund year, 1 to 12, and its visits; a month without a statement is not there.
#[must_use]
pub fn visits_by_quarter(months: impl IntoIterator<Item = (u32, i64)>) -> [i64; 4] {
    let mut quarters = [0; 4];
    for (place, visits) in months {
        assert!((1..=12).contains(&place), "a fund year has twelve months");
        quarters[usize::try_from((place - 1) / 3).expect("a quarter is 0 to 3")] += visits;
    }
    quarters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_counts_in_its_quarter_also_when_months_before_it_have_no_statement() {
        let from_april = (4..=12).map(|place| (place, 10));
        assert_eq!(visits_by_quarter(from_april), [0, 30, 30, 30]);
        assert_eq!(visits_by_quarter([(1, 1), (3, 2), (10, 4), (12, 8)]), [3, 0, 0, 12]);
    }

    #[test]
    fn exactly_the_tolerance_is_still_within() {
        let rule = FourthQuarterRule {
            tolerance: Cited::new("0.15".parse().unwrap(), "JM 四(六)"),
            deduction_rate: Cited::new("0.01".parse().unwrap(), "default: no figure given"),
        };
        let rate = |v4| fourth_quarter_rate([100, 90, 110, v4], &rule).to_string();
        assert_eq!([rate(115), rate(116), rate(85), rate(84)], ["0", "0.01", "0", "0.01"]);
        assert_eq!(fourth_quarter_rate([0, 0, 0, 1], &rule).to_string(), "0.01");
    }
}
