use medfund_money::{Exact, Fen};
use medfund_types::{District, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::coefficient::Factor;
use super::key::{BudgetKey, InstitutionKey};

/// An institution as `agreement` tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Its national code.
    pub code: InstitutionCode,
    /// Its name.
    pub display_name: String,
    /// Its district.
    pub district: District,
    /// Its level (级别) 1 to 3; 0 for none.
    pub level: i32,
    /// Its class (类别) in the pack's words.
    pub class: String,
    /// Whether it is a primary institution (基层医疗机构).
    pub primary: bool,
    /// Whether it may be paid for new care.
    pub active: bool,
}

/// An institution's last years (近三年服务提供情况).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The fund year, fund line and institution.
    pub key: InstitutionKey,
    /// The institution's district.
    pub district: District,
    /// The fund's share of inpatient cost of each year, far to near.
    pub history: Vec<Fen>,
    /// What was settled with the institution last year.
    pub last_year_settled: Fen,
    /// A base used instead of the history.
    pub recorded_base: Option<Fen>,
    /// Why.
    pub recorded_base_reason: String,
}

/// What an officer enters of an institution's last years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedYears {
    /// The fund's share of inpatient cost of each year, far to near.
    pub history: Vec<Fen>,
    /// What was settled with the institution last year.
    pub last_year_settled: Fen,
    /// A base used instead of the history.
    pub recorded_base: Option<Fen>,
    /// Why.
    pub recorded_base_reason: String,
}

/// An institution's application (年度总额申请).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The fund year, fund line and institution.
    pub key: InstitutionKey,
    /// The institution's district.
    pub district: District,
    /// What it applies for.
    pub applied: Fen,
    /// Its reasons.
    pub reason: String,
    /// The business date it was filed.
    pub file_date: chrono::NaiveDate,
}

/// The factors of a coefficient that an officer set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerFactors {
    /// The fund year, fund line and institution.
    pub key: InstitutionKey,
    /// The institution's district.
    pub district: District,
    /// The factors.
    pub factors: Vec<Factor>,
}

/// An institution's quota (年度总额控制指标) and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// The fund year, fund line and institution.
    pub key: InstitutionKey,
    /// The institution's district.
    pub district: District,
    /// Whether it is a primary institution.
    pub primary: bool,
    /// The recorded years, far to near.
    pub history: Vec<Fen>,
    /// The base (基数), in fen; exact unless fewer years are recorded than the pack weighs.
    pub base: Exact,
    /// The coefficient, rounded.
    pub coefficient: Exact,
    /// Its factors.
    pub factors: Vec<Factor>,
    /// What the institution applied for.
    pub applied: Fen,
    /// The opening quota.
    pub quota: Fen,
    /// The quota after adjustments.
    pub adjusted: Fen,
}

/// Why something about quotas is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum QuotaError {
    /// `agreement` has told of no such institution.
    #[error("{0} is no institution of the district")]
    UnknownInstitution(InstitutionCode),
    /// More years than the pack weighs.
    #[error("{given} years were given, the pack weighs {max}")]
    TooManyYears {
        /// How many years were given.
        given: usize,
        /// How many the pack weighs.
        max: usize,
    },
    /// The quotas of the district are decided.
    #[error("the quotas of {0} are decided")]
    Decided(BudgetKey),
    /// The pack leaves no such factor to an officer, or it is named twice.
    #[error("the pack leaves no factor `{0}` to an officer, or it is named twice")]
    UnknownFactor(String),
    /// The factor lies outside the pack's range.
    #[error("the factor `{id}` is {value}, the pack allows {least} to {most}")]
    FactorOutOfRange {
        /// The factor.
        id: String,
        /// The least value.
        least: Box<Exact>,
        /// The largest value.
        most: Box<Exact>,
        /// The value given.
        value: Box<Exact>,
    },
    /// The institution has no quota in force.
    #[error("{0} has no quota in force")]
    NotFound(InstitutionKey),
    /// The pack has no such reason.
    #[error("the pack knows no reason `{0}` for an adjustment")]
    UnknownReason(String),
    /// More would be taken away than the quota has.
    #[error("the quota is {quota}, {requested} would be taken away")]
    Insufficient {
        /// The quota after earlier adjustments.
        quota: Fen,
        /// What would be taken away.
        requested: Fen,
    },
    /// The quota would change by more than the pack allows.
    #[error("the quota may change by {max} in all, it would change by {requested}")]
    ChangeOverMax {
        /// The most it may change.
        max: Fen,
        /// By how much it would have changed in all.
        requested: Fen,
    },
    /// The adjustment's name is taken.
    #[error("there is an adjustment {0} already")]
    AdjustmentExists(Uuid),
    /// The negotiation round's name is taken.
    #[error("the group has a round of this number")]
    RoundExists,
    /// The round before is missing.
    #[error("round {0} of the group is missing")]
    RoundOutOfOrder(u32),
}

/// An adjustment of one quota (总额控制指标的调整).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaAdjustment {
    /// Its id.
    pub id: Uuid,
    /// The fund year, fund line and institution.
    pub key: InstitutionKey,
    /// The institution's district.
    pub district: District,
    /// The reason's id in the pack.
    pub reason: String,
    /// What was added, negative when taken away.
    pub change: Fen,
    /// The quota after it.
    pub adjusted: Fen,
    /// The decision that allows it.
    pub decision: Uuid,
    /// The business date.
    pub adjust_date: chrono::NaiveDate,
}

impl Quota {
    /// Adjusts the quota by `change`; the opening quota stays.
    ///
    /// - `max_change_rate`: the most it may change in all, as a share of the opening quota.
    ///
    /// # Errors
    ///
    /// [`QuotaError::Insufficient`], then [`QuotaError::ChangeOverMax`].
    ///
    /// Source: JM 四(二)3.
    pub fn adjust(self, change: Fen, max_change_rate: Option<&Exact>) -> Result<Self, QuotaError> {
        let adjusted = self.adjusted + change;
        if adjusted.is_negative() {
            return Err(QuotaError::Insufficient { quota: self.adjusted, requested: -change });
        }
        if let Some(rate) = max_change_rate {
            let max = rate * &Exact::from(self.quota);
            let in_all = adjusted - self.quota;
            if Exact::from(in_all.max(-in_all)) > max {
                return Err(QuotaError::ChangeOverMax { max: Fen::round_half_up(max), requested: in_all });
            }
        }
        Ok(Self { adjusted, ..self })
    }
}

impl History {
    /// Records what was entered of an institution's last years.
    ///
    /// - `district`: the institution's.
    /// - `n_weights`: how many years the pack weighs.
    ///
    /// # Errors
    ///
    /// [`QuotaError::TooManyYears`] if more were entered.
    pub fn record(
        key: InstitutionKey,
        district: District,
        years: RecordedYears,
        n_weights: usize,
    ) -> Result<Self, QuotaError> {
        if years.history.len() > n_weights {
            return Err(QuotaError::TooManyYears { given: years.history.len(), max: n_weights });
        }
        Ok(Self {
            key,
            district,
            history: years.history,
            last_year_settled: years.last_year_settled,
            recorded_base: years.recorded_base,
            recorded_base_reason: years.recorded_base_reason,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota() -> Quota {
        let area = "440700".parse().unwrap();
        Quota {
            key: InstitutionKey::from_id(area, "2017-employee-H44070300001").unwrap(),
            district: "440703".parse().unwrap(),
            primary: false,
            history: vec![],
            base: Exact::zero(),
            coefficient: Exact::from(1),
            factors: vec![],
            applied: Fen::ZERO,
            quota: Fen::new(1_000),
            adjusted: Fen::new(1_000),
        }
    }

    #[test]
    fn an_adjustment_leaves_the_opening_quota_beside_the_adjusted_one() {
        let adjusted = quota().adjust(Fen::new(-300), None).unwrap();
        assert_eq!((adjusted.quota, adjusted.adjusted), (Fen::new(1_000), Fen::new(700)));
    }

    #[test]
    fn no_more_is_taken_away_than_the_quota_has() {
        let refused = QuotaError::Insufficient { quota: Fen::new(1_000), requested: Fen::new(1_001) };
        assert_eq!(quota().adjust(Fen::new(-1_001), None), Err(refused));
    }

    #[test]
    fn changes_are_counted_together_against_the_packs_limit() {
        let rate: Exact = "0.1".parse().unwrap();
        let once = quota().adjust(Fen::new(60), Some(&rate)).unwrap();
        let refused = QuotaError::ChangeOverMax { max: Fen::new(100), requested: Fen::new(120) };
        assert_eq!(once.adjust(Fen::new(60), Some(&rate)), Err(refused));
    }
}
