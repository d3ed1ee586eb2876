use medfund_money::Fen;
use proptest::prelude::*;

use super::*;

/// A group of 120 points, weight 1.2, with a mean of 6,000 yuan.
fn group() -> Standard {
    Standard {
        points: Points::new(1_200_000),
        weight: "1.2".parse().unwrap(),
        mean: Fen::from_yuan(6_000).try_into().unwrap(),
    }
}

/// A case at an institution with the coefficient 1.1.
fn case(yuan: i64) -> Case {
    Case {
        cost: Fen::from_yuan(yuan).try_into().unwrap(),
        coefficient: "1.1".parse().unwrap(),
        is_incomplete: false,
        kept: None,
    }
}

fn points(case: Case, bands: &Bands) -> (Kind, String) {
    let made = case_points(&group(), &case, bands);
    assert_eq!(made.derivation.re_evaluate().unwrap(), Exact::from(made.points));
    (made.kind, Exact::from(made.points).to_string())
}

fn is(kind: Kind, points: &str) -> (Kind, String) {
    (kind, points.to_owned())
}

#[test]
fn the_ratio_of_cost_to_mean_decides() {
    let bands = Bands::default();
    // 120 × 1.1.
    assert_eq!(points(case(6_000), &bands), is(Kind::Normal, "132"));
    // 2,400 is 0.4 and 18,000 is 3 times the mean: both are normal.
    assert_eq!(points(case(2_400), &bands), is(Kind::Normal, "132"));
    assert_eq!(points(case(18_000), &bands), is(Kind::Normal, "132"));
    // 120 × 2,399 / 6,000.
    assert_eq!(points(case(2_399), &bands), is(Kind::Low, "47.98"));
    // 5 times the mean: 132 + (5 − 3) × 132.
    assert_eq!(points(case(30_000), &bands), is(Kind::High, "396"));
}

#[test]
fn part_of_what_lies_above_the_limit_and_another_limit_for_heavy_groups() {
    let bands = Bands { high_share: "0.7".parse().unwrap(), ..Bands::default() };
    // 132 + 2 × 132 × 0.7.
    assert_eq!(points(case(30_000), &bands), is(Kind::High, "316.8"));
    let heavy = HighLimit { from_weight: Some("1.2".parse().unwrap()), limit: "2".parse().unwrap() };
    let bands = Bands { high: vec![Bands::default().high[0], heavy], ..Bands::default() };
    assert_eq!(bands.check(), Ok(()));
    // 132 + (2.5 − 2) × 132.
    assert_eq!(points(case(15_000), &bands), is(Kind::High, "198"));
    assert_eq!(points(case(15_000), &Bands { high: vec![], ..bands }), is(Kind::Normal, "132"));
}

#[test]
fn an_incomplete_stay_counts_by_its_cost_and_at_most_the_groups_points() {
    let incomplete = |yuan| Case { is_incomplete: true, ..case(yuan) };
    assert_eq!(points(incomplete(1_500), &Bands::default()), is(Kind::Incomplete, "30"));
    assert_eq!(points(incomplete(30_000), &Bands::default()), is(Kind::Incomplete, "120"));
}

#[test]
fn a_readmission_halves_the_points_whatever_they_were_made_of() {
    let kept = Some(ReadmissionRule::default().kept);
    assert_eq!(points(Case { kept, ..case(6_000) }, &Bands::default()), is(Kind::Normal, "66"));
    assert_eq!(points(Case { kept, ..case(30_000) }, &Bands::default()), is(Kind::High, "198"));
    assert_eq!(points(Case { kept, ..case(600) }, &Bands::default()), is(Kind::Low, "6"));
}

#[test]
fn a_low_case_has_no_more_than_a_normal_one() {
    let cheap = Case { coefficient: "0.39".parse().unwrap(), ..case(2_399) };
    assert_eq!(points(cheap, &Bands::default()), is(Kind::Low, "46.8"));
}

#[test]
fn a_case_without_group_counts_its_cost_at_most_a_mean_case() {
    let mean_case = (Points::new(1_000_000), Fen::from_yuan(5_000).try_into().unwrap());
    let points = |case: Case, share: &str| {
        let made = ungrouped_points(mean_case, &case, share.parse().unwrap());
        assert_eq!(made.derivation.re_evaluate().unwrap(), Exact::from(made.points));
        (made.kind, Exact::from(made.points).to_string())
    };
    assert_eq!(points(case(2_000), "1"), is(Kind::Ungrouped, "40"));
    assert_eq!(points(case(2_000), "0.6"), is(Kind::Ungrouped, "24"));
    assert_eq!(points(case(20_000), "1"), is(Kind::Ungrouped, "100"));
}

#[test]
fn a_reviewed_case_has_the_points_that_its_justified_cost_is_worth() {
    let mean_case = (Points::new(1_000_000), Fen::from_yuan(6_000).try_into().unwrap());
    let points = |yuan: i64, kept| {
        let made = reviewed_points(mean_case, Fen::from_yuan(yuan).try_into().unwrap(), kept);
        assert_eq!(made.derivation.re_evaluate().unwrap(), Exact::from(made.points));
        (made.kind, Exact::from(made.points).to_string())
    };
    // 100 × 90,000 / 6,000; 100 × 50,000 / 6,000 = 833.33333….
    assert_eq!(points(90_000, None), is(Kind::Reviewed, "1500"));
    assert_eq!(points(50_000, None), is(Kind::Reviewed, "833.3333"));
    // 416.66666… goes up: rounded once.
    assert_eq!(points(50_000, Some(ReadmissionRule::default().kept)), is(Kind::Reviewed, "416.6667"));
}

#[test]
fn a_case_pays_by_a_rate_as_it_counts_in_points() {
    let bands = Bands::default();
    // A weight of 1.2 at a rate of 5,000.00 is 6,000.00, as much as the mean.
    let whole = || Node::fen("group_pay_fen", "", Fen::from_yuan(6_000));
    let standard = PayStandard { whole: whole(), weight: Some(group().weight), mean: group().mean };
    let pays = |case: Case| {
        let (kind, paid) = case_pay(&standard, &case, &bands);
        assert_eq!(paid.re_evaluate().unwrap(), Exact::from(paid.amount()));
        (kind, paid.amount())
    };
    assert_eq!(pays(case(6_000)), (Kind::Normal, Fen::from_yuan(6_600)));
    assert_eq!(pays(case(2_399)), (Kind::Low, Fen::from_yuan(2_399)));
    assert_eq!(pays(case(30_000)), (Kind::High, Fen::from_yuan(6_600 + 2 * 6_600)));
    let incomplete = Case { is_incomplete: true, ..case(7_000) };
    assert_eq!(pays(incomplete), (Kind::Incomplete, Fen::from_yuan(6_000)));
    let kept = Case { kept: Some(ReadmissionRule::default().kept), ..case(6_000) };
    assert_eq!(pays(kept), (Kind::Normal, Fen::from_yuan(3_300)));
    // In no group: its cost in relation to the mean of all, at most a mean case.
    let mean_case = || (Node::fen("rate_fen", "", Fen::from_yuan(5_000)), group().mean);
    let ungrouped =
        |yuan, share: &str| ungrouped_pay(mean_case(), &case(yuan), share.parse().unwrap()).amount();
    assert_eq!([ungrouped(3_000, "1"), ungrouped(9_000, "1")], [2_500, 5_000].map(Fen::from_yuan));
    assert_eq!(ungrouped(3_000, "0.6"), Fen::from_yuan(1_500));
}

#[test]
fn bands_that_cannot_be_are_told_at_once() {
    let limit = |from: Option<&str>, limit: &str| HighLimit {
        from_weight: from.map(|from| from.parse().unwrap()),
        limit: limit.parse().unwrap(),
    };
    let high = vec![limit(Some("2"), "0.5"), limit(None, "3")];
    let bands = Bands { high, ..Bands::default() };
    assert_eq!(bands.check().unwrap_err().len(), 2);
}

prop_compose! {
    fn any_case()(fen in 1..10_000_000_i64, coefficient in 1..30_000_i64, is_incomplete in any::<bool>(), halved in any::<bool>()) -> Case {
        Case {
            cost: Fen::new(fen).try_into().unwrap(),
            coefficient: rust_decimal::Decimal::new(coefficient, 4).try_into().unwrap(),
            is_incomplete,
            kept: halved.then(|| ReadmissionRule::default().kept),
        }
    }
}

proptest! {
    #[test]
    fn more_cost_never_has_fewer_points(case in any_case(), more in 0..10_000_000_i64, share in 0..=10_u32) {
        let bands = Bands { high_share: rust_decimal::Decimal::new(share.into(), 1).try_into().unwrap(), ..Bands::default() };
        let dearer = Case { cost: Fen::new(case.cost.get().get() + more).try_into().unwrap(), ..case };
        let [less, more] = [case, dearer].map(|case| case_points(&group(), &case, &bands).points);
        prop_assert!(less <= more);
    }

    #[test]
    fn points_are_within_their_bounds_and_their_tree_gives_them_again(case in any_case()) {
        let made = case_points(&group(), &case, &Bands::default());
        let normal = case_points(&group(), &Case { cost: group().mean, is_incomplete: false, ..case }, &Bands::default());
        match made.kind {
            Kind::Normal => prop_assert_eq!(made.points, normal.points),
            Kind::High => prop_assert!(made.points >= normal.points),
            Kind::Low => prop_assert!(made.points <= normal.points),
            Kind::Incomplete => prop_assert!(made.points <= group().points),
            Kind::Reviewed | Kind::Ungrouped => prop_assert!(false, "none is"),
        }
        prop_assert_eq!(made.derivation.re_evaluate().unwrap(), Exact::from(made.points));
    }
}
