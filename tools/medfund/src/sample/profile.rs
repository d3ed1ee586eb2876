//! What a sample must know of the pack that will run it.

use medfund_proto::types::v1::PaymentMethod;
use medfund_types::{Area, FundLine, FundYear};
use rust_decimal::Decimal;

/// The pack's words and ranges that a region has to be drawn in.
///
/// A sample holds facts and officers' choices alone; what the pack computes from them is left to the services.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The pooling area.
    pub area: Area,
    /// The fund year that the pack runs.
    pub fund_year: FundYear,
    /// The fund lines, in the pack's order.
    pub lines: Vec<LineProfile>,
    /// The coefficient factors that an officer sets.
    pub factors: Vec<FactorProfile>,
    /// The inpatient payment methods that a district may choose.
    pub methods: Vec<PaymentMethod>,
    /// The grades of the graded review, best first.
    pub grades: Vec<String>,
    /// The indicators that cost something at clearing.
    pub indicators: Vec<String>,
    /// The reasons for which a quota may be adjusted.
    pub adjustment_reasons: Vec<String>,
    /// What an inspection looks for.
    pub violation_kinds: Vec<String>,
    /// The weights of the recorded years, far to near.
    pub year_weights: Vec<Decimal>,
    /// The largest share of a budget that may be kept in reserve.
    pub reserve_max_rate: Decimal,
    /// The least share of a target that the primary group gets.
    pub primary_floor_rate: Decimal,
    /// The most months of last year's mean that may be advanced before the quota exists.
    pub advance_months_max: u32,
    /// The national code (med_type) of an inpatient bill.
    pub inpatient_med_type: String,
    /// The national codes of outpatient bills that are paid beside the quota.
    pub outpatient_med_types: Vec<String>,
}

/// A fund line in the pack's words.
#[derive(Clone, Debug)]
pub struct LineProfile {
    /// The fund line's id.
    pub id: FundLine,
    /// The national insurance type (insutype) of its bills.
    pub insutype: String,
    /// What is deducted before the target.
    pub deductions: Vec<String>,
}

/// A coefficient factor that an officer sets inside a range.
#[derive(Clone, Debug)]
pub struct FactorProfile {
    /// The factor's id.
    pub id: String,
    /// The least value.
    pub low: Decimal,
    /// The largest value.
    pub high: Decimal,
}
