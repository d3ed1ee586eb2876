use medfund_money::{Fen, Node};
use medfund_policy::PaymentMethod;

use super::average_quota::average_quota;
use super::by_disease::{DiseaseVolume, by_disease};
use super::daily_cap::{Stay, daily_cap};
use super::per_capita::per_capita;
use super::terms::PaymentTerm;

/// What a payment method looks at in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Admissions (人次).
    pub n_admissions: i64,
    /// Different persons admitted (人头).
    pub n_persons: i64,
    /// Days of stay.
    pub days: i64,
    /// The fund's share charged.
    pub cost: Fen,
    /// The cases by principal diagnosis; only by disease.
    pub diseases: Vec<DiseaseVolume>,
    /// The cases; only for the daily cap.
    pub stays: Vec<Stay>,
}

/// A payment method that quotas are not settled by here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not settled by month under a quota")]
pub struct UnsettledMethod(pub PaymentMethod);

/// Pays a month by the agreement's method.
///
/// - `place`: the month's place in the fund year, 1 to 12.
///
/// # Errors
///
/// [`UnsettledMethod`] for a method of pools, bundles or prepayment.
///
/// Source: JM 四(三)1.
pub fn method_amount(term: &PaymentTerm, volume: &Volume, place: u32) -> Result<Node, UnsettledMethod> {
    match term.method {
        PaymentMethod::AverageQuota => Ok(average_quota(volume.n_admissions, term.standard_per_admission)),
        PaymentMethod::ByDisease => Ok(by_disease(&volume.diseases, &term.disease_standards)),
        PaymentMethod::PerCapita => Ok(per_capita(term.persons, term.standard_per_person, place)),
        PaymentMethod::DailyCap => Ok(daily_cap(&volume.stays, term.cap_per_day)),
        PaymentMethod::FeeForService => Ok(Node::fen("method_fen", "按项目应付", volume.cost)),
        PaymentMethod::DrgPoints
        | PaymentMethod::DrgRate
        | PaymentMethod::BedDay
        | PaymentMethod::ServiceUnit
        | PaymentMethod::TotalPrepayment => Err(UnsettledMethod(term.method)),
    }
}
