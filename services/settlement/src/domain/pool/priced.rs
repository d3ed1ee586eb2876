use std::collections::BTreeMap;

use medfund_money::{AllocationError, Fen, Node, allocate};
use medfund_types::InstitutionCode;

use crate::domain::clearing::ClearingRules;

/// What priced cases of a pool come to: those that a rate or another method pays, and no points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedPrices {
    /// What they were given.
    pub priced: Node,
    /// What the fund bears of what they exceed the pool by, out of what is kept to adjust it.
    pub overspend_fund: Node,
    /// What the institutions bear of it.
    pub overspend_borne: Node,
    /// What the institutions keep of what they left of the pool.
    pub surplus_kept: Node,
    /// What each institution receives, before refusals.
    pub pays: BTreeMap<InstitutionCode, Node>,
}

/// Clears what priced cases were given against their pool (超支分担、结余留用).
///
/// What all of them exceed the pool by is shared by the pack's bands between the fund, as far as what is kept to adjust the
/// pool reaches, and the institutions; what they leave of it is kept by bands, unless points share it. What institutions
/// bear or keep is shared by what each was given, by largest remainder.
///
/// - `pool`, `adjustment`: what months and clearing share, and what is kept to adjust it.
/// - `priced`: what each institution was given.
/// - `is_shared`: whether points share what is left.
///
/// # Errors
///
/// [`AllocationError`], if an institution was given less than nothing.
///
/// Source: CX 一(二) (收支平衡、略有结余), 二(一) (总额预算管理); the bands are the pack's.
pub fn clear_prices(
    (pool, adjustment): (Fen, Fen),
    priced: &BTreeMap<InstitutionCode, Fen>,
    is_shared: bool,
    rules: &ClearingRules,
) -> Result<ClearedPrices, AllocationError> {
    let zero = || Node::fen("none_fen", "零", Fen::ZERO);
    let standard = Node::fen("pool_fen", "区域总额", pool);
    let all = Node::fen("all_priced_fen", "全部按价应付", priced.values().copied().sum());
    let positive = |name: &str, term: &str, first: &Node, second: &Node| {
        let difference = Node::difference(name, term, "fen", vec![first.clone(), second.clone()]);
        Node::max(name, term, "fen", vec![difference, zero()])
    };
    let over = positive("pool_overspend_fen", "区域超支", &all, &standard);
    let tiers = &rules.overspend_tiers;
    let wanted =
        tiers.value.derive("overspend_wanted_fen", "超支应分担", &over, &standard).clause(&tiers.cite);
    let kept = Node::fen("adjustment_fen", "调剂金", adjustment);
    let overspend_fund = Node::min("overspend_fund_fen", "基金分担超支", "fen", vec![wanted, kept]);
    let inputs = vec![over, overspend_fund.clone()];
    let overspend_borne = Node::difference("overspend_borne_fen", "机构分担超支", "fen", inputs);
    let left = positive("pool_surplus_fen", "区域结余", &standard, &all);
    let surplus_kept = if is_shared || all.value.is_zero() {
        zero().named("surplus_kept_fen", "结余留用")
    } else {
        let tiers = &rules.surplus_tiers;
        tiers.value.derive("surplus_kept_fen", "结余留用", &left, &standard).clause(&tiers.cite)
    };
    let pays = shared(priced, &all, &overspend_borne, &surplus_kept)?;
    Ok(ClearedPrices { priced: all, overspend_fund, overspend_borne, surplus_kept, pays })
}

/// What each was given, less its part of what is borne, with its part of what is kept.
fn shared(
    priced: &BTreeMap<InstitutionCode, Fen>,
    all: &Node,
    borne: &Node,
    kept: &Node,
) -> Result<BTreeMap<InstitutionCode, Node>, AllocationError> {
    let weights: Vec<_> = priced.values().map(|own| (*own).into()).collect();
    let (borne_parts, kept_parts) = (allocate(borne.amount(), &weights)?, allocate(kept.amount(), &weights)?);
    let pay = |((code, own), (bears, keeps)): ((&InstitutionCode, &Fen), (Fen, Fen))| {
        let given = || Node::fen("priced_fen", "按价应付", *own);
        let part = |name: &str, term: &str, whole: &Node, part: Fen| {
            (part != Fen::ZERO).then(|| Node::share(name, term, whole.clone(), given(), all.clone(), part))
        };
        let with = std::iter::once(given()).chain(part("kept_fen", "结余留用", kept, keeps)).collect();
        let with = Node::sum("priced_fen", "按价应付", "fen", with);
        let less = part("borne_fen", "分担超支", borne, bears);
        let inputs = std::iter::once(with).chain(less).collect();
        (code.clone(), Node::difference("priced_fen", "按价应付", "fen", inputs))
    };
    Ok(priced.iter().zip(borne_parts.into_iter().zip(kept_parts)).map(pay).collect())
}
