use medfund_money::Fen;
use medfund_policy::{KindOfCare, PaymentMethod};
use medfund_types::FundLine;
use serde::{Deserialize, Serialize};

/// How one kind of care of a fund line is paid under an institution's agreement (协议条款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerm {
    /// The fund line.
    pub fund_line: FundLine,
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// The payment method.
    pub method: PaymentMethod,
    /// Average quota: the fund's standard for an admission.
    pub standard_per_admission: Fen,
    /// Per capita: the fund's standard for a person and year.
    pub standard_per_person: Fen,
    /// Per capita: the persons assigned.
    pub persons: i64,
    /// Daily cap: the fund's limit for a day of stay.
    pub cap_per_day: Fen,
    /// By disease: the standards.
    pub disease_standards: Vec<DiseaseStandard>,
}

/// The fund's standard for one disease (病种定额).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiseaseStandard {
    /// The principal diagnosis; a category code covers what is below it.
    pub disease_code: String,
    /// The fund's standard for a case.
    pub standard: Fen,
}
