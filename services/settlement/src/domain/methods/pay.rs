use medfund_money::{Fen, Node};
use medfund_policy::PaymentMethod;

use super::average_quota::average_quota;
use super::bed_day::{BedDayRules, bed_day};
use super::by_disease::{DiseaseRules, by_disease};
use super::case::Volume;
use super::daily_cap::daily_cap;
use super::drg_rate::{RateRules, drg_rate};
use super::per_capita::{CapitaRules, per_capita};
use super::periodic::periodic;
use super::service_unit::service_unit;
use super::total_prepayment::total_prepayment;
use crate::domain::terms::{PaymentTerm, Standards};

/// What a pack says of payment methods, for institutions of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MethodRules {
    /// Diseases.
    pub by_disease: DiseaseRules,
    /// Persons.
    pub per_capita: CapitaRules,
    /// Bed-days.
    pub bed_day: BedDayRules,
    /// A DRG rate.
    pub rate: RateRules,
}

/// A payment method that quotas are not settled by here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not settled by month under a quota")]
pub struct UnsettledMethod(pub PaymentMethod);

/// What the methods of a kind of care give for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The amount.
    pub node: Node,
    /// Of it, what was prepaid.
    pub prepaid: Prepaid,
    /// Of it, taken off for patients whom the institution referred; `None`: nothing is.
    pub referral: Option<Node>,
    /// What is assessed of bed-days: mean stay and mean cost of a day.
    pub assessed: Vec<Node>,
}

/// A month of a total that is prepaid (总额预付).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prepaid {
    /// What was prepaid.
    pub total: Fen,
    /// The fund's share charged for the care that it pays.
    pub cost: Fen,
}

/// Pays a month of one kind of care by the agreement's methods.
///
/// By disease takes the cases of its list, periodic standards those of their
/// diseases, bed-day those of its services, and one other method pays the rest;
/// without one the rest is paid as charged.
///
/// - `terms`: those of one fund line and kind of care, each method once.
/// - `place`: the month's place in the fund year, 1 to 12.
///
/// # Errors
///
/// [`UnsettledMethod`] for a method of pools, or a bed-day service that the pack does not have.
///
/// Source: JM 四(三)1 and 2, LC 一 (复合支付方式), PZH 四(三).
pub fn pay(
    terms: &[&PaymentTerm],
    volume: &Volume,
    place: u32,
    rules: &MethodRules,
) -> Result<Paid, UnsettledMethod> {
    let mut rest = volume.clone();
    let (mut parts, mut assessed) = (Vec::new(), Vec::new());
    if let Some(diseases) = terms.iter().find_map(|term| term.standards.diseases()) {
        parts.push(by_disease(&mut rest, diseases, &rules.by_disease));
    }
    if let Some(diseases) = terms.iter().find_map(|term| term.standards.periodic()) {
        parts.push(periodic(&mut rest, diseases));
    }
    if let Some(services) = terms.iter().find_map(|term| term.standards.services()) {
        let paid = bed_day(&mut rest, services, &rules.bed_day);
        let (node, means) = paid.ok_or(UnsettledMethod(PaymentMethod::BedDay))?;
        parts.push(node);
        assessed = means;
    }
    let base = terms.iter().find(|term| !term.method().takes_named_cases());
    let standards = base.map_or(&Standards::FeeForService, |term| &term.standards);
    let base = base_amount(standards, &rest, place, rules)?;
    let node = if parts.is_empty() {
        base.node
    } else {
        let method = standards.method();
        parts.push(base.node.named(&format!("{method}_fen"), method.term()));
        Node::sum("method_fen", "各付费方式应付", "fen", parts)
    };
    Ok(Paid { node, assessed, ..base })
}

/// What the method that takes every case gives for those that are left.
fn base_amount(
    standards: &Standards,
    rest: &Volume,
    place: u32,
    rules: &MethodRules,
) -> Result<Paid, UnsettledMethod> {
    let (mut prepaid, mut referral) = (Prepaid::default(), None);
    let node = match standards {
        Standards::AverageQuota { per_admission } => average_quota(rest.n_admissions, *per_admission),
        Standards::PerCapita { per_person, assigned, chronic } => {
            let of_month = (place, rest.referred);
            let (node, taken) = per_capita(*per_person, (assigned, chronic), of_month, &rules.per_capita);
            referral = taken;
            node
        }
        Standards::DailyCap { per_day } => daily_cap(&rest.cases, *per_day),
        Standards::ServiceUnit { unit, per_unit } => service_unit(rest, *unit, *per_unit),
        Standards::DrgRate { rate } => drg_rate(&rest.rated, *rate, &rules.rate),
        Standards::FeeForService => Node::fen("method_fen", "按项目应付", rest.cost),
        Standards::TotalPrepayment { total } => {
            let node = total_prepayment(*total, place);
            prepaid = Prepaid { total: node.amount(), cost: rest.cost };
            node
        }
        Standards::ByDisease { .. } | Standards::Periodic { .. } | Standards::BedDay { .. } => {
            unreachable!("a method that names its cases is not the one for the rest")
        }
        Standards::Elsewhere(method) => return Err(UnsettledMethod(*method)),
    };
    Ok(Paid { node, prepaid, referral, assessed: Vec::new() })
}
