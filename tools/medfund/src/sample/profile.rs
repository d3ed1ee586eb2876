//! What a sample must know of the pack that will run it.

use std::collections::BTreeMap;

use medfund_policy::KindOfCare;
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
    /// The coefficient factors that are read from the institution.
    pub tables: Vec<TableProfile>,
    /// The inpatient payment methods of any fund line.
    pub methods: Vec<PaymentMethod>,
    /// Whether a district chooses one of them for all its institutions.
    pub districts_choose: bool,
    /// What agreements' standards may be.
    pub standards: StandardsProfile,
    /// The grades of the graded review, best first.
    pub grades: Vec<String>,
    /// The management grades that months are paid ahead by.
    pub management_grades: Vec<String>,
    /// The indicators that cost something at clearing.
    pub indicators: Vec<IndicatorProfile>,
    /// The reasons for which a quota may be adjusted.
    pub adjustment_reasons: Vec<String>,
    /// What an inspection looks for.
    pub violation_kinds: Vec<String>,
    /// The weights of the recorded years, far to near.
    pub year_weights: Vec<Decimal>,
    /// What the surplus rate should be and how far it may be off, if the pack says so.
    pub surplus_rate: Option<(Decimal, Decimal)>,
    /// The largest share of a budget that may be kept in reserve.
    pub reserve_max_rate: Decimal,
    /// The share of a budget that is kept in reserve when nobody says otherwise.
    pub reserve_planned_rate: Decimal,
    /// The least and the most that the reserve's part for primary care may be multiplied by, if it may be.
    pub primary_care_raise: Option<(Decimal, Decimal)>,
    /// The least and the largest forecast factor that may be decided.
    pub forecast_range: (Decimal, Decimal),
    /// The least share of a target that the primary group gets.
    pub primary_floor_rate: Decimal,
    /// How far the fourth quarter may differ from the others, as a share of their mean.
    pub fourth_quarter_tolerance: Option<Decimal>,
    /// The least share of a month's cases that an inspection looks at.
    pub least_sampling_rate: Decimal,
    /// The most months of last year's mean that may be advanced before the quota exists.
    pub advance_months_max: u32,
    /// The least share of institutions whose inpatient care is paid by a DRG rate, where others are paid otherwise.
    pub drg_share: Option<Decimal>,
    /// The national code (med_type) of an inpatient bill.
    pub inpatient_med_type: String,
    /// The national codes of outpatient bills that are paid beside the quota.
    pub outpatient_med_types: Vec<String>,
}

/// What the pack offers of standards.
#[derive(Clone, Debug, Default)]
pub struct StandardsProfile {
    /// The services that are paid by bed-day.
    pub bed_day_services: Vec<String>,
    /// Whether a disease's standard may cover the whole stay.
    pub covers_whole_stay: bool,
    /// Whether chronic patients in care have a standard of their own.
    pub with_chronic_care: bool,
    /// The care that periodic standards settle.
    pub periodic_care: Vec<KindOfCare>,
    /// Whether a team bears a share of the cost of patients it refers.
    pub shares_referrals: bool,
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
    /// The kinds of care that meet the quota or share a pool, inpatient care first.
    pub care: Vec<CareProfile>,
}

/// A kind of care that meets a fund line's quota or shares a pool.
#[derive(Clone, Debug)]
pub struct CareProfile {
    /// The kind of care.
    pub kind: KindOfCare,
    /// The national code (med_type) of its bills.
    pub med_type: String,
    /// The payment methods that an agreement may choose from.
    pub methods: Vec<PaymentMethod>,
    /// Whether institutions share it as a pool, so that no quota is for it.
    pub pooled: bool,
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

/// A coefficient factor that is read from the institution.
#[derive(Clone, Debug)]
pub struct TableProfile {
    /// Whether the institution's level is looked up; else its class.
    pub by_level: bool,
    /// What is found there.
    pub values: BTreeMap<String, Decimal>,
}

/// An indicator that costs something when its limit is missed.
#[derive(Clone, Debug)]
pub struct IndicatorProfile {
    /// The indicator's id.
    pub id: String,
    /// Whether the limit is the most; else it is the least.
    pub is_most: bool,
    /// Whether whole things are counted.
    pub is_count: bool,
    /// The pack's limit, unless each agreement has to name its own.
    pub limit: Option<Decimal>,
}
