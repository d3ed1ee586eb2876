use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn fens<const N: usize>(fen: [i64; N]) -> Vec<Fen> {
    fen.map(Fen::new).to_vec()
}

fn weights(values: &[i64]) -> Vec<Exact> {
    values.iter().map(|&value| Exact::from(value)).collect()
}

fn part(weight: i64, group: usize, cap: Option<i64>) -> Part {
    Part { weight: weight.into(), group, cap: cap.map(Fen::new) }
}

#[test]
fn leftover_fen_go_to_the_largest_remainders() {
    assert_eq!(allocate(Fen::new(100), &weights(&[1, 1, 1])), Ok(fens([34, 33, 33])));
    assert_eq!(allocate(Fen::new(10), &weights(&[15, 14, 71])), Ok(fens([2, 1, 7])));
}

#[test]
fn weights_longer_than_a_decimal_are_exact() {
    let long: Exact = "123456789012345678901234567890.000000000001".parse().unwrap();
    let shorter: Exact = "123456789012345678901234567890".parse().unwrap();
    assert_eq!(allocate(Fen::new(1), &[shorter, long]), Ok(fens([0, 1])));
}

#[test]
fn nothing_is_shared_without_weights() {
    assert_eq!(allocate(Fen::ZERO, &weights(&[0, 0])), Ok(fens([0, 0])));
    assert_eq!(allocate(Fen::new(1), &weights(&[0])), Err(AllocationError::NoWeights { total: Fen::new(1) }));
    let total = Fen::new(-1);
    assert_eq!(allocate(total, &weights(&[1])), Err(AllocationError::NegativeTotal { total }));
    let negative = allocate(Fen::new(1), &weights(&[1, -1]));
    assert!(matches!(negative, Err(AllocationError::NegativeWeight { index: 1, .. })));
}

#[test]
fn a_group_below_its_floor_shares_exactly_its_floor() {
    let parts = [part(60, 0, None), part(30, 0, None), part(6, 1, None), part(4, 1, None)];
    let floor = [Floor { group: 1, least: Fen::new(250) }];
    let shared = allocate_within(Fen::new(1_000), &parts, &floor).unwrap();
    assert_eq!(shared, Allocated { shares: fens([500, 250, 150, 100]), left: Fen::ZERO });

    let low = [Floor { group: 1, least: Fen::new(100) }];
    let shared = allocate_within(Fen::new(1_000), &parts, &low).unwrap();
    assert_eq!(shared.shares, fens([600, 300, 60, 40]));
}

#[test]
fn a_part_at_its_cap_leaves_the_rest_to_the_others() {
    let parts = [part(50, 0, Some(10)), part(30, 0, None), part(20, 0, None)];
    let shared = allocate_within(Fen::new(100), &parts, &[]).unwrap();
    assert_eq!(shared, Allocated { shares: fens([10, 54, 36]), left: Fen::ZERO });
}

#[test]
fn a_reserve_larger_than_what_is_wanted_keeps_the_rest() {
    let wanted = [part(30, 0, Some(30)), part(0, 0, Some(0)), part(20, 0, Some(20))];
    let plenty = allocate_within(Fen::new(100), &wanted, &[]).unwrap();
    assert_eq!(plenty, Allocated { shares: fens([30, 0, 20]), left: Fen::new(50) });
    let short = allocate_within(Fen::new(10), &wanted, &[]).unwrap();
    assert_eq!(short, Allocated { shares: fens([6, 0, 4]), left: Fen::ZERO });
    let none = allocate_within(Fen::new(100), &[part(0, 0, Some(0))], &[]).unwrap();
    assert_eq!(none, Allocated { shares: fens([0]), left: Fen::new(100) });
}

#[test]
fn floors_that_cannot_be_met_are_refused() {
    let parts = [part(1, 0, Some(5)), part(1, 1, None)];
    let over = allocate_within(Fen::new(10), &parts, &[Floor { group: 0, least: Fen::new(11) }]);
    assert_eq!(over, Err(AllocationError::FloorsExceedTotal { floors: Fen::new(11), total: Fen::new(10) }));
    let capped = allocate_within(Fen::new(10), &parts, &[Floor { group: 0, least: Fen::new(8) }]);
    let (group, floor, takes) = (0, Fen::new(8), Fen::new(5));
    assert_eq!(capped, Err(AllocationError::FloorAboveCaps { group, floor, takes }));
    let empty = allocate_within(Fen::new(10), &parts, &[Floor { group: 7, least: Fen::new(1) }]);
    let (group, floor, takes) = (7, Fen::new(1), Fen::ZERO);
    assert_eq!(empty, Err(AllocationError::FloorAboveCaps { group, floor, takes }));
}

fn any_parts() -> impl Strategy<Value = Vec<Part>> {
    let part = (1..1_000_000_i64, 0..3_usize, prop::option::of(0..1_000_000_i64));
    prop::collection::vec(part.prop_map(|(w, g, cap)| super::tests::part(w, g, cap)), 1..30)
}

proptest! {
    #[test]
    fn shares_add_up_and_stay_within_one_fen(
        total in 0..1_000_000_000_000_i64,
        raw in prop::collection::vec((0..1_000_000_000_000_i64, 0..7_u32), 1..60),
    ) {
        let weights: Vec<Exact> = raw.iter().map(|&(m, s)| Decimal::new(m, s).into()).collect();
        let sum: Exact = weights.iter().sum();
        prop_assume!(!sum.is_zero());

        let shares = allocate(Fen::new(total), &weights).unwrap();

        prop_assert_eq!(shares.iter().sum::<Fen>(), Fen::new(total));
        for (share, weight) in shares.iter().zip(&weights) {
            let error = &(&Exact::from(*share) * &sum) - &(&Exact::from(total) * weight);
            prop_assert!(error < sum && &Exact::zero() - &error < sum, "more than one fen off");
        }
    }

    #[test]
    fn a_heavier_part_never_gets_less(total in 0..1_000_000_000_i64, raw in prop::collection::vec(0..1_000_i64, 1..40)) {
        prop_assume!(raw.iter().any(|&w| w > 0));
        let shares = allocate(Fen::new(total), &weights(&raw)).unwrap();
        for (a, share_a) in raw.iter().zip(&shares) {
            for (b, share_b) in raw.iter().zip(&shares) {
                prop_assert!(a <= b || share_a >= share_b);
            }
        }
    }

    #[test]
    fn the_order_of_the_parts_does_not_change_what_a_weight_gets(
        total in 0..1_000_000_000_i64,
        raw in prop::collection::btree_set(1..1_000_000_i64, 1..40),
    ) {
        let forth: Vec<i64> = raw.iter().copied().collect();
        let back: Vec<i64> = raw.iter().rev().copied().collect();
        let sum: i64 = forth.iter().sum();
        let remainders: std::collections::BTreeSet<i64> = forth.iter().map(|w| total % sum * w % sum).collect();
        prop_assume!(remainders.len() == forth.len());
        let mut reversed = allocate(Fen::new(total), &weights(&back)).unwrap();
        reversed.reverse();
        prop_assert_eq!(allocate(Fen::new(total), &weights(&forth)).unwrap(), reversed);
    }

    #[test]
    fn bounds_hold_and_nothing_is_lost(total in 0..10_000_000_i64, parts in any_parts(), floor in 0..1_000_000_i64) {
        let floors = [Floor { group: 0, least: Fen::new(floor) }];
        let Ok(shared) = allocate_within(Fen::new(total), &parts, &floors) else { return Ok(()) };
        prop_assert_eq!(shared.shares.iter().sum::<Fen>() + shared.left, Fen::new(total));
        for (part, share) in parts.iter().zip(&shared.shares) {
            prop_assert!(*share >= Fen::ZERO && part.cap.is_none_or(|cap| *share <= cap));
        }
        let group: Fen = parts.iter().zip(&shared.shares).filter(|(p, _)| p.group == 0).map(|(_, s)| *s).sum();
        prop_assert!(group >= Fen::new(floor));
        if parts.iter().any(|part| part.cap.is_none() && part.group != 0) {
            prop_assert_eq!(shared.left, Fen::ZERO);
        }
    }

    #[test]
    fn a_short_reserve_is_shared_as_without_caps(reserve in 0..1_000_000_i64, wanted in prop::collection::vec(0..100_000_i64, 1..40)) {
        let sum: i64 = wanted.iter().sum();
        prop_assume!(sum > reserve);
        let parts: Vec<Part> = wanted.iter().map(|&w| part(w, 0, Some(w))).collect();
        let shared = allocate_within(Fen::new(reserve), &parts, &[]).unwrap();
        prop_assert_eq!(shared.shares, allocate(Fen::new(reserve), &weights(&wanted)).unwrap());
        prop_assert_eq!(shared.left, Fen::ZERO);
    }
}
