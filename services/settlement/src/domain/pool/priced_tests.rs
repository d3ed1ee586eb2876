//! What rates and other methods gave against their pool, by the bands of Chuxiong's pack.

use std::collections::BTreeMap;

use medfund_money::{Fen, Node};
use medfund_policy::Pack;
use medfund_types::InstitutionCode;
use proptest::prelude::*;

use super::{ClearedPrices, clear_prices};
use crate::domain::clearing::ClearingRules;
use crate::domain::rules;

fn bands() -> ClearingRules {
    let pack = Pack::parse(include_bytes!("../../../../../policies/chuxiong-2022.toml")).unwrap();
    rules::clearing(pack.rules(&"employee".parse().unwrap()).unwrap())
}

fn cleared(pool: [i64; 2], priced: &[i64], is_shared: bool) -> ClearedPrices {
    let [pool, adjustment] = pool.map(Fen::new);
    let code = |n: usize| -> InstitutionCode { format!("H532300{n:05}").parse().unwrap() };
    let priced: BTreeMap<InstitutionCode, Fen> =
        (1..).zip(priced).map(|(n, fen)| (code(n), Fen::new(*fen))).collect();
    clear_prices((pool, adjustment), &priced, is_shared, &bands()).unwrap()
}

fn pays(cleared: &ClearedPrices) -> Vec<i64> {
    cleared.pays.values().map(|pay| pay.amount().get()).collect()
}

/// CX 一(二) “略有结余”: of a pool of 1,000,000.00 元 three hospitals were given 800,000.00. Of the 200,000.00 that are
/// left they keep the first 150,000.00 (to 0.85 of the pool) and half of 50,000.00, by what each was given: 175,000.00 are
/// 87,500.00, 65,625.00 and 21,875.00. The other 25,000.00 go back.
#[test]
fn cx_1_2_what_hospitals_leave_of_the_pool_they_keep_by_bands() {
    let year = cleared([100_000_000, 5_000_000], &[40_000_000, 30_000_000, 10_000_000], false);
    assert_eq!(year.surplus_kept.amount(), Fen::from_yuan(175_000));
    assert_eq!(pays(&year), [40_000_000 + 8_750_000, 30_000_000 + 6_562_500, 10_000_000 + 2_187_500]);
    assert_eq!((year.overspend_fund.amount(), year.overspend_borne.amount()), (Fen::ZERO, Fen::ZERO));
}

/// CX 一(二) “收支平衡”: they were given 1,080,000.00. Of the 80,000.00 above the pool the fund would bear 0.70 of 50,000.00
/// and half of 30,000.00, and does: 50,000.00 are kept to adjust the pool. 30,000.00 are borne by what each was given:
/// 20,000.00 and 10,000.00.
#[test]
fn cx_1_2_what_exceeds_the_pool_is_shared_by_bands() {
    let year = cleared([100_000_000, 5_000_000], &[72_000_000, 36_000_000], false);
    assert_eq!(year.overspend_fund.amount(), Fen::from_yuan(50_000));
    assert_eq!(pays(&year), [72_000_000 - 2_000_000, 36_000_000 - 1_000_000]);
    assert_eq!(year.surplus_kept.amount(), Fen::ZERO);
}

/// CX 一(二) “收支平衡”: with 20,000.00 to adjust it the fund bears no more, whatever the bands say.
#[test]
fn cx_1_2_the_fund_bears_no_more_than_is_kept_to_adjust_the_pool() {
    let year = cleared([100_000_000, 2_000_000], &[72_000_000, 36_000_000], false);
    assert_eq!(year.overspend_fund.amount(), Fen::from_yuan(20_000));
    assert_eq!(pays(&year), [72_000_000 - 4_000_000, 36_000_000 - 2_000_000]);
}

#[test]
fn what_is_left_is_nobody_s_to_keep_where_points_share_it_or_nothing_was_given() {
    assert_eq!(pays(&cleared([1_000, 50], &[400], true)), [400]);
    assert_eq!(cleared([1_000, 50], &[], false).surplus_kept.amount(), Fen::ZERO);
}

proptest! {
    #[test]
    fn what_all_receive_is_within_the_pool_and_what_adjusts_it_and_every_tree_holds(
        pool in 0..1_000_000_000_i64,
        adjustment in 0..100_000_000_i64,
        priced in prop::collection::vec(0..300_000_000_i64, 0..12),
        is_shared in any::<bool>(),
    ) {
        let year = cleared([pool, adjustment], &priced, is_shared);
        let received: Fen = year.pays.values().map(Node::amount).sum();
        let given = year.priced.amount();
        prop_assert_eq!(received, given - year.overspend_borne.amount() + year.surplus_kept.amount());
        prop_assert!(received <= Fen::new(pool + adjustment));
        prop_assert!(year.overspend_fund.amount() <= Fen::new(adjustment));
        prop_assert!(year.pays.values().all(|pay| pay.re_evaluate().is_ok() && !pay.amount().is_negative()));
    }
}
