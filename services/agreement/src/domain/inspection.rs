use medfund_money::{Exact, Fen, PositiveFen, Rate};
use medfund_types::{FundLine, SettlementMonth};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{Head, Record, RecordKind};
use super::rules::InspectionRules;
use super::violation::Violation;

/// Digits after the point with which a sampling ratio is shown; nothing is computed from the rounded one.
const SAMPLING_RATE_DECIMALS: u32 = 6;

/// A sampled inspection of case records (抽查病历).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// What every record has.
    pub head: Head,
    /// The fund line.
    pub fund_line: FundLine,
    /// The settlement month whose cases were sampled.
    pub month: SettlementMonth,
    /// The sample and what it showed.
    pub sample: Sample,
    /// The violating amounts together.
    pub violating: Fen,
    /// The sampling ratio as shown, half up to six decimals.
    pub sampling_rate: Rate,
    /// Whether the finding was enlarged by it.
    pub extrapolated: bool,
    /// What is refused.
    pub refused: Fen,
}

impl Record for Inspection {
    const KIND: RecordKind = RecordKind::Inspection;
    const COLLECTION: &'static str = "inspections";
    type Period = (FundLine, SettlementMonth);

    fn head(&self) -> &Head {
        &self.head
    }

    fn with_head(self, head: Head) -> Self {
        Self { head, ..self }
    }

    fn period(&self) -> Option<(FundLine, SettlementMonth)> {
        Some((self.fund_line.clone(), self.month))
    }
}

/// A sample and what it showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The cases that the sample was drawn from.
    pub n_population: i64,
    /// The cases drawn.
    pub n_sample: i64,
    /// The cases found to violate.
    pub violating_cases: Vec<ViolatingCase>,
}

/// A sampled case found to violate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolatingCase {
    /// The settlement id of its bill.
    pub case_id: String,
    /// The violation's id in the pack.
    pub kind: String,
    /// The violating amount.
    pub amount: PositiveFen,
    /// The national code of the physician mainly responsible.
    pub physician_code: Option<String>,
}

/// What a sample comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The violating amounts together.
    pub violating: Fen,
    /// The sampling ratio as used.
    pub sampling_rate: Rate,
    /// What is refused.
    pub refused: Fen,
}

/// Why an inspection or a violation is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InspectionError {
    /// The pack has no such fund line.
    #[error("the pack has no fund line {fund_line}")]
    UnknownFundLine {
        /// The fund line.
        fund_line: FundLine,
    },
    /// The pack has no such kind of violation.
    #[error("the pack has no kind of violation {kind}")]
    UnknownKind {
        /// The kind.
        kind: String,
    },
    /// Fewer cases were drawn than the pack wants.
    #[error("the sampling ratio is {sampling_rate}, at least {least} is wanted")]
    SampleTooSmall {
        /// The ratio.
        sampling_rate: Exact,
        /// The least ratio.
        least: Rate,
    },
    /// The findings enlarged are more than an amount can be.
    #[error("the refused amount is out of range")]
    AmountOutOfRange,
}

/// Enlarges what a sample showed by the sampling ratio (按抽查比例放大后拒付).
///
/// `refused = violating ÷ (sample ÷ population)`, that is `violating ×
/// population ÷ sample`, rounded once, half up to the fen. Without extrapolation
/// the violating amount itself is refused.
///
/// # Errors
///
/// [`InspectionError::UnknownKind`], then [`InspectionError::SampleTooSmall`],
/// then [`InspectionError::AmountOutOfRange`].
///
/// Source: JM 四(五).
pub fn extrapolate(sample: &Sample, rules: &InspectionRules) -> Result<Refusal, InspectionError> {
    if let Some(case) = sample.violating_cases.iter().find(|case| !rules.kinds.contains_key(&case.kind)) {
        return Err(InspectionError::UnknownKind { kind: case.kind.clone() });
    }
    let [n_sample, n_population] = [sample.n_sample, sample.n_population].map(Exact::from);
    let ratio = n_sample.div_half_up(&n_population, SAMPLING_RATE_DECIMALS);
    if ratio.is_zero() || n_sample < Exact::from(rules.least_sampling_rate.get()) * n_population.clone() {
        return Err(InspectionError::SampleTooSmall {
            sampling_rate: ratio,
            least: rules.least_sampling_rate,
        });
    }
    let decimal = ratio.to_decimal().expect("six decimals fit");
    let sampling_rate = Rate::try_from(decimal).expect("a sample is at most its population");

    let mut amounts = sample.violating_cases.iter().map(|case| case.amount.get());
    let violating = amounts.try_fold(Fen::ZERO, Fen::checked_add).ok_or(InspectionError::AmountOutOfRange)?;
    let enlarged = if rules.extrapolated {
        (Exact::from(violating) * n_population).div_half_up(&n_sample, 0)
    } else {
        Exact::from(violating)
    };
    let refused = enlarged.to_i64().map(Fen::new).ok_or(InspectionError::AmountOutOfRange)?;
    Ok(Refusal { violating, sampling_rate, refused })
}

impl Inspection {
    /// The violations that a confirmed inspection found, one for a case.
    ///
    /// Their ids follow from the inspection's and the case's, so that they are
    /// the same however often they are made.
    #[must_use]
    pub fn violations(&self, rules: &InspectionRules) -> Vec<Violation> {
        let found = self.sample.violating_cases.iter().map(|case| Violation {
            head: Head { id: Uuid::new_v5(&self.head.id, case.case_id.as_bytes()), ..self.head.clone() },
            kind: case.kind.clone(),
            spoils_record: rules.kinds.get(&case.kind).copied().unwrap_or(true),
            occur_date: self.month.last_day(),
            amount: case.amount.get(),
            physician_code: case.physician_code.clone(),
            reference: case.case_id.clone(),
            inspection: Some(self.head.id),
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn rules() -> InspectionRules {
        InspectionRules {
            kinds: BTreeMap::from([("split_admission".to_owned(), true)]),
            least_sampling_rate: "0.05".parse().unwrap(),
            extrapolated: true,
            cite: "JM 四(五)".into(),
        }
    }

    fn sample(n_population: i64, n_sample: i64, amounts: &[i64]) -> Sample {
        let case = |(i, fen): (usize, &i64)| ViolatingCase {
            case_id: format!("S{i}"),
            kind: "split_admission".into(),
            amount: (*fen).try_into().unwrap(),
            physician_code: None,
        };
        Sample { n_population, n_sample, violating_cases: amounts.iter().enumerate().map(case).collect() }
    }

    #[test]
    fn a_finding_is_enlarged_by_the_sampling_ratio() {
        // 1,234.56 yuan in 30 of 300 cases: a tenth was looked at.
        let refusal = extrapolate(&sample(300, 30, &[100_000, 23_456]), &rules()).unwrap();
        assert_eq!(refusal.violating, Fen::new(123_456));
        assert_eq!(refusal.sampling_rate.to_string(), "0.1");
        assert_eq!(refusal.refused, Fen::new(1_234_560));
    }

    #[test]
    fn a_ratio_that_no_decimal_tells_is_used_as_it_is() {
        // 10 of 30: 1,000,000 yuan ÷ (10 ÷ 30) = 3,000,000 yuan; 1 yuan in 3 of 7: 2.333… → 2.33.
        let refusal = extrapolate(&sample(30, 10, &[100_000_000]), &rules()).unwrap();
        assert_eq!(refusal.sampling_rate.to_string(), "0.333333");
        assert_eq!(refusal.refused, Fen::new(300_000_000));
        assert_eq!(extrapolate(&sample(7, 3, &[100]), &rules()).unwrap().refused, Fen::new(233));
    }

    #[test]
    fn a_pack_without_extrapolation_refuses_what_was_found() {
        let rules = InspectionRules { extrapolated: false, ..rules() };
        assert_eq!(extrapolate(&sample(300, 30, &[77]), &rules).unwrap().refused, Fen::new(77));
    }

    #[test]
    fn a_sample_is_as_large_as_the_pack_wants_it() {
        let refused = extrapolate(&sample(1_000, 49, &[100]), &rules()).unwrap_err();
        let expected = InspectionError::SampleTooSmall {
            sampling_rate: "0.049".parse().unwrap(),
            least: "0.05".parse().unwrap(),
        };
        assert_eq!(refused, expected);
        assert!(extrapolate(&sample(1_000, 50, &[100]), &rules()).is_ok());
    }

    proptest! {
        #[test]
        fn the_refused_amount_times_the_ratio_is_the_finding(
            n_population in 1..100_000_i64,
            left_out in 0..95_i64,
            amounts in prop::collection::vec(1..10_000_000_i64, 1..20),
        ) {
            let rules = InspectionRules { least_sampling_rate: Rate::ZERO, ..rules() };
            let n_sample = (n_population - n_population * left_out / 100).max(1);
            let refusal = extrapolate(&sample(n_population, n_sample, &amounts), &rules).unwrap();

            let whole = i128::from(refusal.violating.get()) * i128::from(n_population);
            let difference = i128::from(refusal.refused.get()) * i128::from(n_sample) - whole;
            prop_assert!(2 * difference <= i128::from(n_sample) && 2 * difference > -i128::from(n_sample));
            prop_assert!(refusal.refused >= refusal.violating);
        }
    }
}
