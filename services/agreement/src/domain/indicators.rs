use medfund_money::{Exact, Rate};
use medfund_policy::Bound;
use serde::{Deserialize, Serialize};

use super::agreement::IndicatorLimit;
use super::error::AssessmentError;
use super::record::{Head, Record, RecordKind};
use super::rules::{DeductionRule, IndicatorRules};

/// An institution's indicators (考核指标) of a fund year and what the missed ones cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What every record has.
    pub head: Head,
    /// The year's values.
    pub measured: Vec<Measured>,
    /// Visits of the four quarters as the institution counts them: kept beside, nothing is deducted for them here.
    pub quarter_visits: Option<[i64; 4]>,
    /// What the missed ones cost.
    pub deductions: Vec<Deduction>,
    /// What they cost together, a share of the year's payable.
    pub deduction_rate: Rate,
}

impl Record for Assessment {
    const KIND: RecordKind = RecordKind::Indicators;
    const COLLECTION: &'static str = "indicatorAssessments";
    type Period = ();

    fn head(&self) -> &Head {
        &self.head
    }

    fn with_head(self, head: Head) -> Self {
        Self { head, ..self }
    }

    fn period(&self) -> Option<()> {
        Some(())
    }
}

/// A measured value of an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The indicator's id in the pack.
    pub indicator: String,
    /// The value.
    pub value: Exact,
}

/// What a missed indicator costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// The indicator's id in the pack.
    pub indicator: String,
    /// The limit that was missed.
    pub limit: Exact,
    /// The measured value.
    pub measured: Exact,
    /// The share of the year's payable.
    pub rate: Rate,
}

/// Finds the missed indicators and what each costs at the clearing.
///
/// The agreement's limit goes before the pack's. An indicator without a
/// deduction in the pack costs nothing; one with a deduction must be measured,
/// else nobody would look at it. Only [`Bound::Max`] is missed by a higher
/// value, only [`Bound::Min`] by a lower one; the limit itself is kept.
///
/// # Errors
///
/// [`AssessmentError::UnknownIndicator`], then [`AssessmentError::IndicatorsMissing`].
///
/// Source: JM 四(四), 四(六). The fourth quarter's rule is settlement's, which has the bills.
pub fn assess(
    measured: &[Measured],
    agreed: &[IndicatorLimit],
    rules: &IndicatorRules,
) -> Result<Vec<Deduction>, AssessmentError> {
    let unknown = measured.iter().find(|measured| !rules.indicators.contains_key(&measured.indicator));
    if let Some(Measured { indicator, .. }) = unknown.cloned() {
        return Err(AssessmentError::UnknownIndicator { indicator });
    }
    let mut deductions = Vec::new();
    let mut missing = Vec::new();
    for (indicator, rule) in &rules.indicators {
        let Some(DeductionRule { bound, limit, rate }) = &rule.deduction else { continue };
        let Some(Measured { value, .. }) = measured.iter().find(|m| m.indicator == *indicator) else {
            missing.push(indicator.clone());
            continue;
        };
        let limit = agreed.iter().find(|l| l.indicator == *indicator).map_or(limit, |l| &l.limit);
        let missed = match bound {
            Bound::Max => value > limit,
            Bound::Min => value < limit,
        };
        if missed {
            let (indicator, limit, measured) = (indicator.clone(), limit.clone(), value.clone());
            deductions.push(Deduction { indicator, limit, measured, rate: *rate });
        }
    }
    if missing.is_empty() {
        Ok(deductions)
    } else {
        Err(AssessmentError::IndicatorsMissing { indicators: missing })
    }
}

/// What deductions cost together: their sum, never more than all.
#[must_use]
pub fn total(deductions: &[Deduction]) -> Rate {
    let sum: Exact =
        deductions.iter().map(|deduction| Exact::from(deduction.rate)).collect::<Vec<_>>().iter().sum();
    let capped = sum.min(Exact::from(1_i64));
    let decimal = capped.to_decimal().expect("a sum of rates up to 1 fits");
    Rate::try_from(decimal).expect("a share from 0 to 1")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::rules::IndicatorRule;
    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    fn rule(deduction: Option<(Bound, &str, &str)>) -> IndicatorRule {
        let deduction = deduction.map(|(bound, limit, rate)| DeductionRule {
            bound,
            limit: exact(limit),
            rate: rate.parse().unwrap(),
        });
        IndicatorRule { deduction, term: "指标".into(), cite: "JM 四(四)".into(), disclosed: false }
    }

    fn rules() -> IndicatorRules {
        let indicators = BTreeMap::from([
            ("visits_per_head".to_owned(), rule(Some((Bound::Max, "1.30", "0.002")))),
            ("home_sickbeds".to_owned(), rule(Some((Bound::Min, "0", "0.001")))),
            ("drug_ratio".to_owned(), rule(None)),
        ]);
        IndicatorRules { indicators }
    }

    fn measured(indicator: &str, value: &str) -> Measured {
        Measured { indicator: indicator.into(), value: exact(value) }
    }

    /// What is missed with these visits for a head and home sickbeds.
    fn missed(visits: &str, sickbeds: &str, agreed: &[(&str, &str)]) -> Vec<String> {
        let limit =
            |(id, limit): &(&str, &str)| IndicatorLimit { indicator: (*id).into(), limit: exact(limit) };
        let agreed: Vec<_> = agreed.iter().map(limit).collect();
        let measured = [measured("visits_per_head", visits), measured("home_sickbeds", sickbeds)];
        let deductions = assess(&measured, &agreed, &rules()).unwrap();
        deductions.into_iter().map(|deduction| deduction.indicator).collect()
    }

    #[test]
    fn a_limit_is_kept_up_to_itself_and_missed_beyond() {
        assert!(missed("1.3", "0", &[]).is_empty());
        assert_eq!(missed("1.31", "0", &[]), ["visits_per_head"]);
    }

    #[test]
    fn the_agreements_limit_goes_before_the_packs() {
        assert!(missed("1.31", "0", &[("visits_per_head", "1.4")]).is_empty());
        assert_eq!(missed("1.3", "9", &[("home_sickbeds", "10")]), ["home_sickbeds"]);
        assert!(missed("1.3", "10", &[("home_sickbeds", "10")]).is_empty());
    }

    #[test]
    fn an_indicator_without_deduction_costs_nothing_and_an_unknown_one_is_refused() {
        let kept = [measured("visits_per_head", "1"), measured("home_sickbeds", "0")];
        let with = |other: Measured| assess(&[kept.clone().to_vec(), vec![other]].concat(), &[], &rules());
        assert_eq!(with(measured("drug_ratio", "0.9")), Ok(vec![]));
        let unknown = AssessmentError::UnknownIndicator { indicator: "luck".into() };
        assert_eq!(with(measured("luck", "1")), Err(unknown));
    }

    #[test]
    fn what_costs_something_must_be_measured() {
        let missing = |indicators: &[&str]| {
            let indicators = indicators.iter().map(ToString::to_string).collect();
            Err(AssessmentError::IndicatorsMissing { indicators })
        };
        assert_eq!(assess(&[], &[], &rules()), missing(&["home_sickbeds", "visits_per_head"]));
        assert_eq!(assess(&[measured("visits_per_head", "1")], &[], &rules()), missing(&["home_sickbeds"]));
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_and_never_more_than_all(
            thousandths in prop::collection::vec(0..600_i64, 0..6),
        ) {
            let deductions: Vec<Deduction> = thousandths.iter().map(|n| Deduction {
                indicator: "x".into(), limit: Exact::zero(), measured: Exact::zero(),
                rate: format!("0.{n:03}").parse().unwrap(),
            }).collect();
            let expected = Exact::from(thousandths.iter().sum::<i64>().min(1_000));
            prop_assert_eq!(Exact::from(total(&deductions)) * Exact::from(1_000_i64), expected);
        }
    }
}
