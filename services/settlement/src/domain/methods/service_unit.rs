use medfund_money::{Fen, Node};

use super::case::Volume;
use crate::domain::terms::ServiceUnit;

/// Pays a month by service unit (按服务单元): units × the agreed standard.
///
/// - `unit`: what is counted, visits (人次) or days of stay (床日).
/// - `per_unit`: the fund's standard for a unit, by the agreement.
///
/// Source: LC 一.
pub(super) fn service_unit(volume: &Volume, unit: ServiceUnit, per_unit: Fen) -> Node {
    let units = match unit {
        ServiceUnit::Visit => Node::given("n_units", "服务单元数（人次）", "visits", volume.n_admissions),
        ServiceUnit::Day => Node::given("n_units", "服务单元数（床日）", "days", volume.days),
    };
    let standard = Node::fen("standard_per_unit_fen", "服务单元定额", per_unit).clause("agreement");
    Node::product("method_fen", "按服务单元应付", "fen", vec![units, standard])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_grows_by_a_standard_a_unit_and_not_by_what_is_charged(
            n_admissions in 0..100_000_i64, days in 0..1_000_000_i64, cost in 0..1_000_000_i64, fen in 1..1_000_000_i64,
        ) {
            let month = Volume { n_admissions, days, cost: Fen::new(cost), ..Volume::default() };
            let visits = service_unit(&month, ServiceUnit::Visit, Fen::new(fen));
            let days_of_stay = service_unit(&month, ServiceUnit::Day, Fen::new(fen));
            prop_assert_eq!(visits.amount(), Fen::new(n_admissions * fen));
            prop_assert_eq!(days_of_stay.amount(), Fen::new(days * fen));
            prop_assert!(visits.re_evaluate().is_ok() && days_of_stay.re_evaluate().is_ok());
        }
    }
}
