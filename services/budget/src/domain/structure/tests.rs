use proptest::prelude::*;

use super::*;

const CARES: [KindOfCare; 4] = [
    KindOfCare::Inpatient,
    KindOfCare::DaySurgery,
    KindOfCare::SpecialOutpatient,
    KindOfCare::GeneralOutpatient,
];

fn key() -> BudgetKey {
    BudgetKey::from_id("510400".parse().unwrap(), "2018-employee-510400").unwrap()
}

fn parameter(value: &str) -> Parameter {
    Parameter {
        name: "rate".to_owned(),
        term: "比例".to_owned(),
        value: value.parse().unwrap(),
        clause: "PZH 四(一)3".to_owned(),
    }
}

fn rules() -> StructureRules {
    let limit = |bound, share| vec![ShareLimit { bound, share: parameter(share) }];
    let rule =
        |care, rate: Option<&str>, limits| CareRule { care, adjustment_rate: rate.map(parameter), limits };
    let [inpatient, day_surgery, special, general] = CARES;
    StructureRules {
        cares: vec![
            rule(inpatient, Some("0.05"), limit(Bound::Min, "0.70")),
            rule(day_surgery, None, vec![]),
            rule(special, None, limit(Bound::Max, "0.15")),
            rule(general, None, limit(Bound::Max, "0.15")),
        ],
    }
}

fn shares(given: &[(usize, &str)]) -> Vec<(KindOfCare, Exact)> {
    given.iter().map(|&(index, share)| (CARES[index], share.parse().unwrap())).collect()
}

fn propose(target: i64, given: &[(usize, &str)]) -> Result<Divided, StructureError> {
    Structure::propose(key(), None, Fen::new(target), &shares(given), &rules(), "m")
}

fn decided() -> Structure {
    let proposed = propose(100_000, &[(0, "0.80"), (2, "0.10"), (3, "0.10")]).unwrap().structure;
    proposed.decide(Uuid::nil(), "c", 1).unwrap()
}

#[test]
fn what_is_pooled_keeps_its_adjustment_money_and_the_rest_has_quotas() {
    let divided = propose(1_001, &[(0, "0.80"), (1, "0.02"), (2, "0.10"), (3, "0.08")]).unwrap();
    let amounts: Vec<i64> = divided.structure.cares.iter().map(|one| one.amount.get()).collect();
    // 800.8, 20.02, 100.1 and 80.08: the fen that is left goes to the largest remainder.
    assert_eq!(amounts, [801, 20, 100, 80]);
    // 5 % of 801 is 40.05.
    let pool = Pool { amount: Fen::new(761), adjustment: Fen::new(40), revision: 1 };
    assert_eq!(divided.structure.pools().collect::<Vec<_>>(), [(KindOfCare::Inpatient, pool)]);
    assert_eq!(divided.structure.quotas(), Fen::new(200));
}

#[test]
fn without_shares_the_packs_divide_the_target() {
    let divided = propose(10_000, &[]).unwrap().structure;
    let amounts: Vec<i64> = divided.cares.iter().map(|one| one.amount.get()).collect();
    assert_eq!(amounts, [7_000, 0, 1_500, 1_500]);
}

#[test]
fn inpatient_care_has_at_least_and_outpatient_care_at_most_the_packs_share() {
    let refused = |care, share: &str, bound, limit: &str| {
        Err(StructureError::ShareOutOfBound {
            care,
            share: Box::new(share.parse().unwrap()),
            bound,
            limit: Box::new(limit.parse().unwrap()),
            clause: "PZH 四(一)3".to_owned(),
        })
    };
    let low = propose(10_000, &[(0, "0.699"), (1, "0.101"), (2, "0.10"), (3, "0.10")]);
    assert_eq!(low, refused(KindOfCare::Inpatient, "0.699", Bound::Min, "0.70"));
    let high = propose(10_000, &[(0, "0.70"), (2, "0.151"), (3, "0.149")]);
    assert_eq!(high, refused(KindOfCare::SpecialOutpatient, "0.151", Bound::Max, "0.15"));
}

#[test]
fn the_shares_are_those_of_the_line_named_once_and_the_whole() {
    let twice = propose(10_000, &[(0, "0.5"), (0, "0.5")]);
    assert_eq!(twice, Err(StructureError::UnknownCare(KindOfCare::Inpatient)));
    let unknown = vec![(KindOfCare::Pharmacy, Exact::from(1_i64))];
    let unknown = Structure::propose(key(), None, Fen::new(1), &unknown, &rules(), "m");
    assert_eq!(unknown, Err(StructureError::UnknownCare(KindOfCare::Pharmacy)));
    let short = propose(10_000, &[(0, "0.80"), (2, "0.10")]);
    assert_eq!(short, Err(StructureError::NotWhole("0.90".parse().unwrap())));
}

#[test]
fn a_line_without_a_pool_is_not_divided() {
    let mut rules = rules();
    rules.cares[0].adjustment_rate = None;
    let refused = Structure::propose(key(), None, Fen::new(1), &[], &rules, "m");
    assert_eq!(refused, Err(StructureError::NoPool(key())));
}

#[test]
fn another_person_puts_it_into_force_and_then_it_stands() {
    let proposed = propose(10_000, &[]).unwrap().structure;
    let late = StructureError::EtagMismatch { current: 1, expected: 2 };
    assert_eq!(proposed.clone().decide(Uuid::nil(), "c", 2), Err(late));
    assert_eq!(proposed.clone().decide(Uuid::nil(), "m", 1), Err(StructureError::SamePerson));
    let decided = proposed.decide(Uuid::nil(), "c", 1).unwrap();
    let again = Structure::propose(key(), Some(&decided), Fen::new(10_000), &[], &rules(), "m");
    assert_eq!(again, Err(StructureError::WrongState(StructureState::Decided)));
}

#[test]
fn what_is_kept_enters_the_pool_and_no_more() {
    let (structure, pool) = decided().adjust(KindOfCare::Inpatient, Fen::new(1_000), 2).unwrap();
    assert_eq!(pool, Pool { amount: Fen::new(77_000), adjustment: Fen::new(3_000), revision: 2 });
    assert_eq!(structure.quotas(), decided().quotas());
    let late = structure.clone().adjust(KindOfCare::Inpatient, Fen::new(1), 2);
    assert_eq!(late, Err(StructureError::EtagMismatch { current: 3, expected: 2 }));
    let short = structure.clone().adjust(KindOfCare::Inpatient, Fen::new(3_001), 3);
    let available = Fen::new(3_000);
    assert_eq!(short, Err(StructureError::AdjustmentInsufficient { available, requested: Fen::new(3_001) }));
    let gone = structure.clone().adjust(KindOfCare::Inpatient, Fen::new(-77_001), 3);
    let available = Fen::new(77_000);
    assert_eq!(gone, Err(StructureError::PoolInsufficient { available, requested: Fen::new(77_001) }));
    let quota = structure.adjust(KindOfCare::GeneralOutpatient, Fen::new(1), 3);
    assert_eq!(quota, Err(StructureError::NotPooled(KindOfCare::GeneralOutpatient)));
    let early = propose(10_000, &[]).unwrap().structure.adjust(KindOfCare::Inpatient, Fen::new(1), 1);
    assert_eq!(early, Err(StructureError::WrongState(StructureState::Proposed)));
}

proptest! {
    #[test]
    fn pools_adjustments_and_quotas_add_up_to_the_target_and_the_trees_say_so(
        target in 1..1_000_000_000_000_i64,
        special in 0..=150_i64,
        general in 0..=150_i64,
    ) {
        let share = |per_mille: i64| Exact::from(per_mille).div_half_up(&Exact::from(1_000_i64), 3);
        let inpatient = 1_000 - special - general;
        let given = [(CARES[0], share(inpatient)), (CARES[2], share(special)), (CARES[3], share(general))];
        let divided = Structure::propose(key(), None, Fen::new(target), &given, &rules(), "m").unwrap();
        let structure = &divided.structure;
        let pooled: Fen = structure.pools().map(|(_, pool)| pool.amount + pool.adjustment).sum();
        prop_assert_eq!(pooled + structure.quotas(), Fen::new(target));
        for (care, trees) in structure.cares.iter().zip(&divided.trees) {
            prop_assert_eq!(trees.amount.re_evaluate().unwrap(), Exact::from(care.amount));
            if let BudgetRegime::Pool(pool) = care.state {
                let tree = trees.pool.as_ref().unwrap();
                prop_assert_eq!(tree.re_evaluate().unwrap(), Exact::from(pool.amount));
                prop_assert!(pool.adjustment <= care.amount && !pool.adjustment.is_negative());
            }
        }
    }
}
