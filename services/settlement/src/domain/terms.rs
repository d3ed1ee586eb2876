use medfund_money::{Coefficient, Fen};
use medfund_policy::{KindOfCare, PaymentMethod};
use medfund_types::FundLine;
use serde::{Deserialize, Serialize};

/// How one kind of care of a fund line is paid by one method under an institution's agreement (协议条款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerm {
    /// The fund line.
    pub fund_line: FundLine,
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// The method with what it needs.
    pub standards: Standards,
}

/// A payment method with what an agreement says of it. Amounts are the fund's share, but for diseases' standards that
/// cover the whole stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standards {
    /// Average quota (平均定额).
    AverageQuota {
        /// For an admission.
        per_admission: Fen,
    },
    /// By disease (按病种).
    ByDisease {
        /// The standards by principal diagnosis.
        diseases: Vec<DiseaseStandard>,
    },
    /// Per capita (按人头).
    PerCapita {
        /// For a person and year.
        per_person: Fen,
        /// The persons assigned.
        #[serde(alias = "persons")]
        assigned: Assigned,
        /// The chronic patients in care, beside them.
        #[serde(default)]
        chronic: Vec<ChronicStandard>,
    },
    /// Daily cap (按日限额).
    DailyCap {
        /// The limit for a day of stay.
        per_day: Fen,
    },
    /// By service unit (按服务单元).
    ServiceUnit {
        /// What is counted.
        unit: ServiceUnit,
        /// For a unit.
        per_unit: Fen,
    },
    /// Total prepayment (总额预付).
    TotalPrepayment {
        /// The year's total.
        total: Fen,
    },
    /// By bed-day (按床日).
    BedDay {
        /// The standards by service and principal diagnosis.
        services: Vec<BedDayStandard>,
    },
    /// Periodic standards (周期性标准).
    Periodic {
        /// The standards by principal diagnosis.
        diseases: Vec<PeriodicStandard>,
    },
    /// By DRG rate (按疾病诊断相关分组费率).
    DrgRate {
        /// What a weight of 1 pays.
        rate: Fen,
    },
    /// Fee for service (按项目): as charged.
    FeeForService,
    /// A method of pools.
    Elsewhere(PaymentMethod),
}

/// The standard for one disease (病种定额).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiseaseStandard {
    /// The principal diagnosis; a category code covers what is below it.
    pub disease_code: String,
    /// The standard for a case: the fund's part, or all cost.
    pub standard: Fen,
    /// Whether it covers all cost from admission to discharge.
    #[serde(default)]
    pub covers_whole_stay: bool,
    /// Whether TCM treats the disease best (中医优势病种).
    #[serde(default)]
    pub tcm_advantage: bool,
}

/// The persons assigned (签约人数).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Assigned {
    /// How many they are.
    Persons(i64),
    /// By age, youngest first.
    ByAge(Vec<AgeGroup>),
}

/// Persons assigned of an age (年龄结构).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeGroup {
    /// The least age in whole years.
    pub from_age: i32,
    /// How many they are.
    pub persons: i64,
    /// What one of them counts (年龄系数).
    pub factor: Coefficient,
}

/// The fund's yearly standard for the patients of a chronic disease who are in care (慢性病管理).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChronicStandard {
    /// The disease.
    pub disease_code: String,
    /// The patients in care.
    pub persons: i64,
    /// For a patient and year.
    pub per_person: Fen,
}

/// The fund's standard for a period of stay of one disease (周期性标准).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodicStandard {
    /// The principal diagnosis; a category code covers what is below it.
    pub disease_code: String,
    /// The days of a period, more than 0.
    pub period_days: i64,
    /// For a period.
    pub per_period: Fen,
}

/// What a service unit counts (服务单元).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceUnit {
    /// An admission of an inpatient, a visit of others (人次).
    Visit,
    /// A day of stay (床日).
    Day,
}

/// The fund's standard for a day of stay in one service (床日定额).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BedDayStandard {
    /// The service's id in the pack.
    pub service: String,
    /// The principal diagnosis; a category code covers what is below it. `None`: every case that no other standard
    /// names.
    pub disease_code: Option<String>,
    /// The mean standard for a day.
    pub per_day: Fen,
}

impl PaymentTerm {
    /// Its method.
    #[must_use]
    pub fn method(&self) -> PaymentMethod {
        self.standards.method()
    }

    /// Whether its method looks at each case, so that totals of bills are not enough.
    #[must_use]
    pub fn looks_at_cases(&self) -> bool {
        self.method().takes_named_cases() || matches!(self.standards, Standards::DailyCap { .. })
    }
}

/// The terms of one fund line and kind of care.
#[must_use]
pub fn terms_of<'t>(
    terms: &'t [PaymentTerm],
    fund_line: &FundLine,
    kind: KindOfCare,
) -> Vec<&'t PaymentTerm> {
    terms.iter().filter(|term| term.fund_line == *fund_line && term.kind_of_care == kind).collect()
}

impl Standards {
    /// The listed diseases, if it is by disease.
    #[must_use]
    pub fn diseases(&self) -> Option<&[DiseaseStandard]> {
        if let Self::ByDisease { diseases } = self { Some(diseases) } else { None }
    }

    /// The diseases of periodic standards, if there are any.
    #[must_use]
    pub fn periodic(&self) -> Option<&[PeriodicStandard]> {
        if let Self::Periodic { diseases } = self { Some(diseases) } else { None }
    }

    /// The services, if it is by bed-day.
    #[must_use]
    pub fn services(&self) -> Option<&[BedDayStandard]> {
        if let Self::BedDay { services } = self { Some(services) } else { None }
    }

    /// What a weight of 1 pays, if it is a DRG rate.
    #[must_use]
    pub fn rate(&self) -> Option<Fen> {
        if let Self::DrgRate { rate } = self { Some(*rate) } else { None }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> PaymentMethod {
        match self {
            Self::AverageQuota { .. } => PaymentMethod::AverageQuota,
            Self::ByDisease { .. } => PaymentMethod::ByDisease,
            Self::PerCapita { .. } => PaymentMethod::PerCapita,
            Self::DailyCap { .. } => PaymentMethod::DailyCap,
            Self::ServiceUnit { .. } => PaymentMethod::ServiceUnit,
            Self::TotalPrepayment { .. } => PaymentMethod::TotalPrepayment,
            Self::BedDay { .. } => PaymentMethod::BedDay,
            Self::Periodic { .. } => PaymentMethod::Periodic,
            Self::DrgRate { .. } => PaymentMethod::DrgRate,
            Self::FeeForService => PaymentMethod::FeeForService,
            Self::Elsewhere(method) => *method,
        }
    }
}
