use std::collections::BTreeMap;

use medfund_money::{Fen, Node};
use medfund_tariff::case_points::Kind;

use super::added::Pointed;
use crate::domain::methods::{MethodRules, UnsettledMethod, Volume, pay_beside, pay_by_rate, rate_case};
use crate::domain::terms::PaymentTerm;

/// A month's cases of a pool that a rate or another method prices one by one, so that no points share for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedMonth {
    /// The cases.
    pub n_cases: i64,
    /// Those that a rate pays, by kind.
    pub n_by_kind: BTreeMap<Kind, i64>,
    /// The fund's share charged.
    pub fund: Fen,
    /// What the patients of those that a rate pays paid.
    pub personal: Fen,
    /// What they are paid.
    pub method: Node,
    /// What is assessed of bed-days.
    pub assessed: Vec<Node>,
}

/// Prices what a rate, and where the pool bears every method also the others, pay of a pool's care in a month; `None`:
/// nothing.
///
/// - `volume`: the month's bills of the care.
/// - `pointed`: those that points pay.
/// - `place`: the month's place in the fund year, 1 to 12.
/// - `every_method`: whether the pool bears every method.
///
/// # Errors
///
/// As [`pay_beside`].
///
/// Source: CX 二(一), 二(二), 二(三).
pub fn price_month(
    terms: &[&PaymentTerm],
    (volume, pointed): (&Volume, &Pointed),
    place: u32,
    (every_method, rules): (bool, &MethodRules),
) -> Result<Option<PricedMonth>, UnsettledMethod> {
    let rated = &volume.rated;
    let by_rate = pay_by_rate(terms, rated, rules).filter(|_| !rated.is_empty());
    let mut n_by_kind: BTreeMap<Kind, i64> = BTreeMap::new();
    for case in rated {
        // The kind of a case is the same by any rate.
        *n_by_kind.entry(rate_case(case, Fen::ZERO, &rules.rate).0).or_default() += 1;
    }
    let personal = rated.iter().map(|case| case.personal).sum();
    if !every_method {
        let month = |method| PricedMonth {
            n_cases: n_by_kind.values().sum(),
            fund: rated.iter().map(|case| case.fund).sum(),
            personal,
            n_by_kind,
            method,
            assessed: Vec::new(),
        };
        return Ok(by_rate.map(month));
    }
    let beside = pay_beside(terms, volume, place, rules)?;
    let others = beside.node.named("other_methods_fen", "其他付费方式应付");
    let parts = by_rate.into_iter().chain([others]).collect();
    Ok(Some(PricedMonth {
        n_cases: volume.n_admissions - pointed.n_cases(),
        fund: volume.cost - pointed.fund,
        personal,
        n_by_kind,
        method: Node::sum("method_fen", "各付费方式应付", "fen", parts),
        assessed: beside.assessed,
    }))
}
