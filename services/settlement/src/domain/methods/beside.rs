use medfund_money::Node;
use medfund_policy::PaymentMethod;

use super::by_disease::listed;
use super::case::{Case, Volume, covering};
use super::drg_rate::{RatedCase, drg_rate};
use super::pay::{MethodRules, Paid, UnsettledMethod, pay};
use crate::domain::terms::PaymentTerm;

/// Whether a method of named cases (by disease, by periodic standards, by bed-day) pays a case, so that no point does.
#[must_use]
pub fn is_named(terms: &[&PaymentTerm], case: &Case, rules: &MethodRules) -> bool {
    let is_listed = |diseases| listed(case, diseases, &rules.by_disease).is_some();
    terms.iter().filter_map(|term| term.standards.diseases()).any(is_listed)
        || terms.iter().any(|term| covering(&case.disease, codes_by_time(term)).is_some())
}

/// The codes whose cases a term pays by their days: by periodic standards or by bed-day.
fn codes_by_time(term: &PaymentTerm) -> impl Iterator<Item = &str> {
    let periodic = term.standards.periodic().into_iter().flatten().map(|one| one.disease_code.as_str());
    let services = term.standards.services().into_iter().flatten();
    periodic.chain(services.map(|one| one.disease_code.as_deref().unwrap_or("")))
}

/// Whether a method of the terms names the cases that it pays.
#[must_use]
pub fn names_cases(terms: &[&PaymentTerm]) -> bool {
    terms.iter().any(|term| term.method().takes_named_cases())
}

/// Whether points pay what no other method names.
#[must_use]
pub fn has_points(terms: &[&PaymentTerm]) -> bool {
    terms.iter().any(|term| term.method() == PaymentMethod::DrgPoints)
}

/// Whether a rate pays what no other method names.
#[must_use]
pub fn has_rate(terms: &[&PaymentTerm]) -> bool {
    terms.iter().any(|term| term.method() == PaymentMethod::DrgRate)
}

/// The method that pays a case of a diagnosis: the one that names it, else the one for the rest; without one it is paid as
/// charged.
///
/// By the diagnosis alone: a case that leaves its list (变异退出) still counts as one of it.
#[must_use]
pub fn paying_method(terms: &[&PaymentTerm], disease: &str) -> PaymentMethod {
    let names = |term: &PaymentTerm| {
        let listed = term.standards.diseases().into_iter().flatten().map(|one| one.disease_code.as_str());
        covering(disease, listed.chain(codes_by_time(term))).is_some()
    };
    // As they are paid: by disease takes its cases first.
    let in_turn = [PaymentMethod::ByDisease, PaymentMethod::Periodic, PaymentMethod::BedDay];
    let naming = |method: &PaymentMethod| terms.iter().any(|term| term.method() == *method && names(term));
    let rest = || terms.iter().map(|term| term.method()).find(|method| !method.takes_named_cases());
    in_turn.into_iter().find(naming).or_else(rest).unwrap_or(PaymentMethod::FeeForService)
}

/// What a rate gives for the cases that no other method names; `None` if the agreement has no rate.
#[must_use]
pub fn pay_by_rate(terms: &[&PaymentTerm], rated: &[RatedCase], rules: &MethodRules) -> Option<Node> {
    let rate = terms.iter().find_map(|term| term.standards.rate())?;
    Some(drg_rate(rated, rate, &rules.rate))
}

/// Pays a month of a pool's care by what stands beside points and rates: named cases, and all where the agreement has
/// neither.
///
/// # Errors
///
/// As [`pay`].
///
/// Source: PZH 四(三) (多元付费方式); what is paid outside points is no part of what points share.
pub fn pay_beside(
    terms: &[&PaymentTerm],
    volume: &Volume,
    place: u32,
    rules: &MethodRules,
) -> Result<Paid, UnsettledMethod> {
    if !has_points(terms) && !has_rate(terms) {
        return pay(terms, volume, place, rules);
    }
    let of_pool = [PaymentMethod::DrgPoints, PaymentMethod::DrgRate];
    let others: Vec<&PaymentTerm> =
        terms.iter().copied().filter(|term| !of_pool.contains(&term.method())).collect();
    let mut rest = volume.clone();
    let named = rest.take(|case| is_named(&others, case, rules).then_some(()));
    let cases: Vec<Case> = named.into_iter().map(|(case, ())| case).collect();
    pay(&others, &Volume::of(cases), place, rules)
}

#[cfg(test)]
mod tests {
    use medfund_money::Fen;
    use medfund_policy::KindOfCare;

    use super::super::by_disease::tests::standard;
    use super::super::case::tests::volume;
    use super::*;
    use crate::domain::terms::Standards;

    fn term(standards: Standards) -> PaymentTerm {
        let fund_line = "employee".parse().unwrap();
        PaymentTerm { fund_line, kind_of_care: KindOfCare::Inpatient, standards }
    }

    #[test]
    fn listed_diseases_are_paid_beside_points_and_the_rest_is_left_to_them() {
        let listed = vec![standard("J18", 5)];
        let (list, points) = (
            term(Standards::ByDisease { diseases: listed }),
            term(Standards::Elsewhere(PaymentMethod::DrgPoints)),
        );
        let month = volume(&[("J18.900", 1, 70), ("I10", 2, 900)]);
        let paid = |terms: &[&PaymentTerm]| pay_beside(terms, &month, 1, &MethodRules::default()).unwrap();
        assert_eq!(paid(&[&list, &points]).node.amount(), Fen::new(500));
        assert_eq!(paid(&[&points]).node.amount(), Fen::ZERO);
        let named = |at: usize| is_named(&[&list], &month.cases[at], &MethodRules::default());
        assert!(named(0) && !named(1));
        // Without points all is paid beside: the list, and the rest as charged.
        assert_eq!(paid(&[&list]).node.amount(), Fen::new(500 + 900));
    }
}
