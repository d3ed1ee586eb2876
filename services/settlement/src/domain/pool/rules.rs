use medfund_money::{Coefficient, Rate};
use medfund_policy::Rules;
use medfund_tariff::case_points::{Bands, HighLimit, ReadmissionRule};
use medfund_tariff::share::Covers;

use crate::domain::cited::Cited;
use crate::domain::rules::{UnsettledRule, covers};

/// What a pack says of points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolRules {
    /// What a point pays.
    pub covers: Covers,
    /// Whether every method of the care is paid out of the pool; else points and rates are, and the others beside it.
    pub every_method: bool,
    /// The points of a weight of 1.
    pub mean_case_points: Coefficient,
    /// Where normal cases end.
    pub bands: Bands,
    /// The share of its cost that a case without group counts.
    pub ungrouped_share: Rate,
    /// How patients left whose treatment is not complete.
    pub incomplete_discharges: Vec<String>,
    /// When a readmission cuts the stay before it.
    pub readmission: ReadmissionRule,
    /// The least and the greatest coefficient of an institution.
    pub coefficients: [Coefficient; 2],
    /// Where the rules of cases that are reviewed singly come from.
    pub special_cases_cite: String,
    /// The share of the budget's progress that months pay.
    pub provisional_rate: Cited<Rate>,
    /// The shares that are paid ahead, by their ids.
    pub instalments: Vec<(String, Cited<Rate>)>,
}

/// The decimals that points are kept with.
const DECIMALS: u32 = 4;

/// What a pack says of points; `None` if it pools nothing.
///
/// # Errors
///
/// [`UnsettledRule`] if points have other decimals than they are kept with.
pub fn pool_rules(rules: &Rules) -> Result<Option<PoolRules>, UnsettledRule> {
    let Some(pool) = &rules.pool else { return Ok(None) };
    if pool.point_decimals.get().get() != DECIMALS {
        let (key, value) =
            (pool.point_decimals.key().to_owned(), pool.point_decimals.get().get().to_string());
        return Err(UnsettledRule { key, value });
    }
    let coefficient = |value: medfund_policy::Coefficient| {
        Coefficient::try_from(value.get()).expect("a pack's coefficient is more than zero")
    };
    let whole = rust_decimal::Decimal::from(pool.mean_case_points.get().get());
    let abnormal = &pool.abnormal;
    let low = Rate::try_from(abnormal.low_below.get().get()).map_err(|_| UnsettledRule {
        key: abnormal.low_below.key().to_owned(),
        value: abnormal.low_below.get().get().to_string(),
    })?;
    let high = HighLimit { from_weight: None, limit: coefficient(abnormal.high_above.get()) };
    let readmission = &pool.readmission;
    let instalments = rules.prepayment.instalments.iter().flat_map(|all| all.iter());
    Ok(Some(PoolRules {
        covers: covers(pool.standard.get()),
        every_method: *pool.every_method,
        mean_case_points: Coefficient::try_from(whole).expect("it is at least 1"),
        bands: Bands { low, high: vec![high], high_share: Cited::from(&abnormal.high_share).value },
        ungrouped_share: Cited::from(&abnormal.ungrouped_share).value,
        incomplete_discharges: pool.incomplete_discharges.to_vec(),
        readmission: ReadmissionRule {
            within_days: readmission.within_days.get().get(),
            kept: Cited::from(&readmission.kept_rate).value,
            is_same_institution: *readmission.same_institution,
        },
        coefficients: [pool.institution_coefficient.least, pool.institution_coefficient.most]
            .map(coefficient),
        special_cases_cite: pool.special_cases.max_share.cite(),
        provisional_rate: (&pool.provisional_rate).into(),
        instalments: instalments.map(|(id, one)| (id.to_string(), (&one.rate).into())).collect(),
    }))
}
