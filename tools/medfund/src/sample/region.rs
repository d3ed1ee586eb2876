//! What a sample region holds.

use medfund_policy::KindOfCare;
use medfund_proto::agreement::v1::ServiceUnit;
use medfund_proto::types::v1::PaymentMethod;
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};
use rust_decimal::Decimal;

/// A sample region: the facts of a pooling area and what its officers chose, for one fund year.
#[derive(Clone, Debug)]
pub struct Region {
    /// The seed it was drawn from.
    pub seed: u64,
    /// The pooling area.
    pub area: Area,
    /// The fund year.
    pub fund_year: FundYear,
    /// The districts.
    pub districts: Vec<DistrictPlan>,
    /// The institutions, in the order of their codes.
    pub institutions: Vec<Institution>,
    /// Insured people of each district and fund line.
    pub insured: Vec<Insured>,
    /// The budget of each district and fund line.
    pub budgets: Vec<Budget>,
    /// Past years of each institution and fund line.
    pub histories: Vec<History>,
    /// Values of coefficient factors that an officer set.
    pub factors: Vec<FactorValue>,
    /// The agreed payment of what meets the quota, per institution, fund line and kind of care.
    pub terms: Vec<Term>,
    /// Changes of quotas during the year.
    pub adjustments: Vec<Adjustment>,
    /// What each institution did well and badly.
    pub conduct: Vec<Conduct>,
    /// What an inspection looks for, by the pack's ids.
    pub violation_kinds: Vec<String>,
    pub(crate) care: Vec<CarePlan>,
    pub(crate) inpatient_med_type: String,
    pub(crate) outpatient_med_types: Vec<String>,
    /// Whether a primary institution bears a share of the cost of patients it refers.
    pub(crate) shares_referrals: bool,
}

/// A district and how its inpatient care is paid.
#[derive(Clone, Debug)]
pub struct DistrictPlan {
    /// Its code.
    pub code: District,
    /// Its name.
    pub name: String,
    /// The inpatient payment method of all its institutions, if there is one; else agreements differ.
    pub method: Option<PaymentMethod>,
    /// What its government added to the staff funding of primary institutions, in fen.
    pub staff_funding_increase_fen: i64,
    /// Months of last year's mean that are advanced before the quota exists; 0 for none.
    pub n_advance_months: u32,
}

/// A designated institution.
#[derive(Clone, Debug)]
pub struct Institution {
    /// Its national code.
    pub code: InstitutionCode,
    /// Its name.
    pub name: String,
    /// Its district.
    pub district: District,
    /// Its level, 1 to 3; 0 for none.
    pub level: i32,
    /// Its class in the pack's words.
    pub class: &'static str,
    /// Whether it is a primary institution.
    pub primary: bool,
    /// Its beds.
    pub n_beds: i64,
    /// Its management grade by the pack's id; empty for none.
    pub management_grade: String,
}

/// How many people a fund line insures in a district.
#[derive(Clone, Debug)]
pub struct Insured {
    /// The district.
    pub district: District,
    /// The fund line.
    pub fund_line: FundLine,
    /// The people; each has a pseudonymous number, see [`crate::sample::people::number`].
    pub n_persons: i64,
}

/// What is entered for a district's fund line before the target.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The district.
    pub district: District,
    /// The fund line.
    pub fund_line: FundLine,
    /// Income of the year, in fen.
    pub income_fen: i64,
    /// Expenditure budget, in fen.
    pub budget_fen: i64,
    /// What is deducted, by the pack's id, in fen.
    pub deductions: Vec<(String, i64)>,
    /// The planned reserve, in fen; `None` for the pack's planned share of the budget.
    pub reserve_fen: Option<i64>,
    /// The most that may be kept in reserve, in fen: tried before the target is proposed.
    pub largest_reserve_fen: i64,
    /// What the reserve's part for primary care is multiplied by because the last year's was short.
    pub primary_care_raise: Option<Decimal>,
    /// What of it was tried before the target was proposed: the ends of the pack's range.
    pub raise_trials: Vec<Decimal>,
    /// The forecast factor of the decomposition, if one is decided.
    pub forecast: Option<Decimal>,
    /// The ends of the pack's range of forecast factors: tried before the decomposition is proposed.
    pub forecast_trials: [Decimal; 2],
    /// Added for risks and prices, or taken away, in fen.
    pub adjustment_fen: i64,
    /// What each kind of care gets of the target, where one of them is a pool; else nothing is divided.
    pub shares: Vec<(KindOfCare, Decimal)>,
}

/// Past years of an institution.
#[derive(Clone, Debug)]
pub struct History {
    /// The institution.
    pub institution: InstitutionCode,
    /// The fund line.
    pub fund_line: FundLine,
    /// The fund's share of inpatient cost of the last three years, far to near, in fen.
    pub cost_fen: [i64; 3],
    /// What was settled last year, in fen.
    pub last_year_settled_fen: i64,
}

/// The value of a factor that an officer set.
#[derive(Clone, Debug)]
pub struct FactorValue {
    /// The institution.
    pub institution: InstitutionCode,
    /// The factor's id in the pack.
    pub factor: String,
    /// Its value.
    pub value: Decimal,
}

/// How a kind of care that meets an institution's quota or shares a pool is paid under its agreement.
#[derive(Clone, Debug)]
pub struct Term {
    /// The institution.
    pub institution: InstitutionCode,
    /// The fund line.
    pub fund_line: FundLine,
    /// The kind of care.
    pub care: KindOfCare,
    /// What the method needs.
    pub standard: Standard,
}

/// A payment method with its standards, in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standard {
    /// An average quota for an admission.
    AverageQuota {
        /// For an admission.
        standard_fen: i64,
    },
    /// A standard for each listed disease.
    ByDisease {
        /// The diseases on the list.
        standards: Vec<ListedDisease>,
    },
    /// A yearly standard for each assigned person.
    PerCapita {
        /// The persons by age.
        ages: Vec<AgeGroup>,
        /// Chronic patients in care: disease code, how many, and their yearly standard.
        chronic: Vec<(String, i64, i64)>,
        /// For a person and year.
        standard_fen: i64,
    },
    /// A limit for a day of stay.
    DailyCap {
        /// For a day.
        cap_fen: i64,
    },
    /// A standard for each service unit.
    ServiceUnit {
        /// What is counted.
        unit: ServiceUnit,
        /// For a unit.
        standard_fen: i64,
    },
    /// A total for the year.
    TotalPrepayment {
        /// The total.
        total_fen: i64,
    },
    /// A mean standard for a bed-day of each service.
    BedDay {
        /// Service, disease code (empty for every other disease) and standard.
        standards: Vec<(String, String, i64)>,
    },
    /// A standard for a period of stay.
    Periodic {
        /// Disease code, days of a period and standard.
        standards: Vec<(String, i32, i64)>,
    },
    /// What was charged.
    FeeForService,
    /// Points of diagnosis-related groups; a pool needs no standard of its own.
    DrgPoints,
    /// A rate of diagnosis-related groups.
    DrgRate {
        /// For a weight of 1.
        rate_fen: i64,
    },
}

/// A disease on the list of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDisease {
    /// Its code.
    pub code: String,
    /// The standard for a case, in fen.
    pub standard_fen: i64,
    /// Whether it covers all cost of the stay; else it is the fund's part.
    pub covers_whole_stay: bool,
}

/// Persons of an age who are assigned to an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeGroup {
    /// The least age in years.
    pub from_age: i32,
    /// How many they are.
    pub n_persons: i64,
    /// What one of them counts.
    pub factor: Decimal,
}

/// A change of a quota during the year.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// The institution.
    pub institution: InstitutionCode,
    /// The fund line.
    pub fund_line: FundLine,
    /// The month in which it is decided.
    pub month: SettlementMonth,
    /// The reason's id in the pack.
    pub reason: String,
    /// What is added, negative when taken away, in fen.
    pub change_fen: i64,
}

/// What an institution did well and badly.
#[derive(Clone, Debug)]
pub struct Conduct {
    /// The institution.
    pub institution: InstitutionCode,
    /// The years before the fund year with a violation on record.
    pub violation_years: Vec<i32>,
    /// The months whose cases are inspected, by fund line, with the sampling rate in hundredths.
    pub inspections: Vec<(FundLine, SettlementMonth, i64)>,
    /// The limits that its agreement sets, by the indicator's id in the pack.
    pub limits: Vec<(String, Decimal)>,
    /// What was measured in the year, by the indicator's id in the pack.
    pub measured: Vec<(String, Decimal)>,
    /// The grade of its review, by the pack's id.
    pub grade: String,
}

/// What an institution does in the year for one kind of care of a fund line; bills are drawn from it.
#[derive(Clone, Debug)]
pub(crate) struct CarePlan {
    pub(crate) institution: InstitutionCode,
    pub(crate) fund_line: FundLine,
    pub(crate) care: KindOfCare,
    pub(crate) med_type: String,
    pub(crate) insutype: String,
    pub(crate) n_persons: i64,
    pub(crate) n_admissions: i64,
    /// Visits that are paid beside the quota.
    pub(crate) n_visits: i64,
    /// Whether its bills are cases that points pay.
    pub(crate) pooled: bool,
    pub(crate) cost_fen: i64,
    pub(crate) fund_share_per_mille: i64,
    /// The month in which inspectors come, if there is something to find.
    pub(crate) violates: Option<SettlementMonth>,
    /// How many are admitted in the first three quarters and in the fourth, if that was planned.
    pub(crate) by_quarter: Option<(i64, i64)>,
    /// The last month in which anybody is admitted: the wards are closed after it.
    pub(crate) last_month: usize,
}
