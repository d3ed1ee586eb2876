use std::fmt;

/// Something that is wrong with a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: Kind,
    /// Whether it keeps the case from being grouped.
    pub level: Level,
    /// The field it was found in.
    pub field: ListField,
    /// Which of the field's values, from 0; the principal diagnosis and procedure are the first.
    pub index: Option<usize>,
    /// What stands there, e.g. the code.
    pub value: String,
}

/// Whether a finding keeps a case from being grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It should be looked at (提示).
    Warning,
    /// The case is not grouped until it is mended (强制).
    Blocking,
}

/// What may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A required field is empty.
    Missing,
    /// A code that the scheme's code lists do not have.
    UnknownCode,
    /// A grey code (灰码) in the principal place.
    GreyCode,
    /// The same code twice.
    DuplicateCode,
    /// A code of the other sex.
    SexConflict,
    /// A code that does not belong to the age.
    AgeConflict,
    /// The age in years and the age in days differ.
    AgesDisagree,
    /// An age that nobody has.
    ImplausibleAge,
    /// A birth weight that nobody has.
    ImplausibleBirthWeight,
    /// A principal diagnosis that only ever is another one's companion.
    NeverPrincipal,
    /// Discharge before admission.
    DischargedBeforeAdmitted,
    /// A procedure without its date.
    ProcedureWithoutDate,
    /// A procedure before admission or after discharge.
    ProcedureOutsideStay,
    /// Parts of the cost that are not the total.
    CostDoesNotAddUp,
    /// A cost below zero.
    NegativeCost,
}

/// A field of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListField {
    /// The case's id.
    Id,
    /// The sex.
    Sex,
    /// The age in years.
    AgeYears,
    /// The age in days.
    AgeDays,
    /// The birth weight.
    BirthWeight,
    /// The day of admission.
    AdmissionDate,
    /// The day of discharge.
    DischargeDate,
    /// How the patient left.
    Discharge,
    /// The diagnoses.
    Diagnoses,
    /// The procedures.
    Procedures,
    /// The procedures' days.
    ProcedureDates,
    /// The total cost.
    TotalCost,
    /// The parts of the cost.
    Costs,
}

impl Level {
    /// The level in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Warning => "提示",
            Self::Blocking => "强制",
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Missing,
        Self::UnknownCode,
        Self::GreyCode,
        Self::DuplicateCode,
        Self::SexConflict,
        Self::AgeConflict,
        Self::AgesDisagree,
        Self::ImplausibleAge,
        Self::ImplausibleBirthWeight,
        Self::NeverPrincipal,
        Self::DischargedBeforeAdmitted,
        Self::ProcedureWithoutDate,
        Self::ProcedureOutsideStay,
        Self::CostDoesNotAddUp,
        Self::NegativeCost,
    ];

    /// The word that programs know it by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "MISSING",
            Self::UnknownCode => "UNKNOWN_CODE",
            Self::GreyCode => "GREY_CODE",
            Self::DuplicateCode => "DUPLICATE_CODE",
            Self::SexConflict => "SEX_CONFLICT",
            Self::AgeConflict => "AGE_CONFLICT",
            Self::AgesDisagree => "AGES_DISAGREE",
            Self::ImplausibleAge => "IMPLAUSIBLE_AGE",
            Self::ImplausibleBirthWeight => "IMPLAUSIBLE_BIRTH_WEIGHT",
            Self::NeverPrincipal => "NEVER_PRINCIPAL",
            Self::DischargedBeforeAdmitted => "DISCHARGED_BEFORE_ADMITTED",
            Self::ProcedureWithoutDate => "PROCEDURE_WITHOUT_DATE",
            Self::ProcedureOutsideStay => "PROCEDURE_OUTSIDE_STAY",
            Self::CostDoesNotAddUp => "COST_DOES_NOT_ADD_UP",
            Self::NegativeCost => "NEGATIVE_COST",
        }
    }

    /// What is wrong, in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Missing => "必填项为空",
            Self::UnknownCode => "编码不在编码库中",
            Self::GreyCode => "灰码不得作为主要诊断或主要手术",
            Self::DuplicateCode => "编码重复",
            Self::SexConflict => "编码与性别不符",
            Self::AgeConflict => "编码与年龄不符",
            Self::AgesDisagree => "年龄与不足一周岁的年龄不一致",
            Self::ImplausibleAge => "年龄超出合理范围",
            Self::ImplausibleBirthWeight => "新生儿出生体重超出合理范围",
            Self::NeverPrincipal => "该编码只能作为其他诊断",
            Self::DischargedBeforeAdmitted => "出院日期早于入院日期",
            Self::ProcedureWithoutDate => "手术操作没有日期",
            Self::ProcedureOutsideStay => "手术操作日期不在住院期间",
            Self::CostDoesNotAddUp => "分项费用之和不等于总费用",
            Self::NegativeCost => "费用为负数",
        }
    }
}

impl ListField {
    /// Every field.
    pub const ALL: [Self; 13] = [
        Self::Id,
        Self::Sex,
        Self::AgeYears,
        Self::AgeDays,
        Self::BirthWeight,
        Self::AdmissionDate,
        Self::DischargeDate,
        Self::Discharge,
        Self::Diagnoses,
        Self::Procedures,
        Self::ProcedureDates,
        Self::TotalCost,
        Self::Costs,
    ];

    /// The field's name, which is the name of its column in a case list.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Sex => "sex",
            Self::AgeYears => "age_years",
            Self::AgeDays => "age_days",
            Self::BirthWeight => "birth_weight_g",
            Self::AdmissionDate => "admission_date",
            Self::DischargeDate => "discharge_date",
            Self::Discharge => "discharge",
            Self::Diagnoses => "diagnoses",
            Self::Procedures => "procedures",
            Self::ProcedureDates => "procedure_dates",
            Self::TotalCost => "total_cost_yuan",
            Self::Costs => "costs_yuan",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.level.zh(), self.kind.zh())?;
        if self.value.is_empty() { Ok(()) } else { write!(f, "（{}）", self.value) }
    }
}
