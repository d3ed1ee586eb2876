use proptest::prelude::*;

use super::super::coefficient::tests::rules as coefficient_rules;
use super::*;

fn key() -> BudgetKey {
    BudgetKey::from_id("440700".parse().unwrap(), "2017-employee-440703").unwrap()
}

fn parameter(name: &str, value: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        term: name.to_owned(),
        value: value.parse().unwrap(),
        clause: "JM 四(二)2".to_owned(),
    }
}

fn rules(floor: &str) -> DecompositionRules {
    DecompositionRules {
        year_weights: ["0.10", "0.20", "0.70"].map(|weight| parameter("year_weight", weight)).to_vec(),
        forecast_undecided: Exact::from(1),
        forecast_least: "0.8".parse().unwrap(),
        forecast_most: "1.2".parse().unwrap(),
        coefficient: coefficient_rules(),
        primary_floor: parameter("primary_floor", floor),
    }
}

fn candidate(serial: usize, primary: bool, history: &[i64]) -> Candidate {
    let code: InstitutionCode = format!("H440703{serial:05}").parse().unwrap();
    let district: medfund_types::District = "440703".parse().unwrap();
    Candidate {
        history: Some(History {
            key: key().institution(&code),
            district: district.clone(),
            history: history.iter().copied().map(Fen::new).collect(),
            last_year_settled: Fen::ZERO,
            recorded_base: None,
            recorded_base_reason: String::new(),
        }),
        institution: Institution {
            code,
            display_name: String::new(),
            district,
            level: 2,
            class: "general".to_owned(),
            primary,
            active: true,
        },
        officer_factors: BTreeMap::new(),
        applied: None,
    }
}

fn propose(target: i64, candidates: &[Candidate], floor: &str) -> Result<Decomposed, DecompositionError> {
    Decomposition::propose(&key(), None, Fen::new(target), candidates, None, &rules(floor), "maker")
}

fn quotas(decomposed: &Decomposed) -> Vec<i64> {
    decomposed.decomposition.quotas.iter().map(|quota| quota.quota.get()).collect()
}

#[test]
fn the_last_three_years_weigh_ten_twenty_and_seventy_percent() {
    let candidates =
        [candidate(1, false, &[1_000, 2_000, 3_000]), candidate(2, false, &[3_000, 2_000, 1_000])];
    let decomposed = propose(4_000, &candidates, "0").unwrap();
    let bases: Vec<String> = decomposed.decomposition.quotas.iter().map(|q| q.base.to_string()).collect();
    assert_eq!(bases, ["2600", "1400"]);
    assert_eq!(quotas(&decomposed), [2_600, 1_400]);
}

#[test]
fn weights_of_fewer_years_are_renormalised() {
    // 0.2 and 0.7 over 0.9: an even cost gives the same base, whatever the number of years.
    let candidates = [
        candidate(1, false, &[900, 900, 900]),
        candidate(2, false, &[900, 900]),
        candidate(3, false, &[900]),
    ];
    assert_eq!(quotas(&propose(2_700, &candidates, "0").unwrap()), [900, 900, 900]);
}

#[test]
fn the_primary_group_shares_exactly_its_floor_when_it_would_get_less() {
    let candidates = [
        candidate(1, true, &[0, 0, 100]),
        candidate(2, true, &[0, 0, 300]),
        candidate(3, false, &[0, 0, 9_600]),
    ];
    let decomposed = propose(10_000, &candidates, "0.2").unwrap();
    assert_eq!(quotas(&decomposed), [500, 1_500, 8_000]);
    assert!(decomposed.decomposition.floor_applied);
    let without_need = propose(10_000, &candidates, "0.04").unwrap();
    assert_eq!(quotas(&without_need), [100, 300, 9_600]);
    assert!(!without_need.decomposition.floor_applied);
}

#[test]
fn a_recorded_base_stands_for_a_missing_history() {
    let mut newcomer = candidate(1, false, &[]);
    let history = newcomer.history.as_mut().unwrap();
    history.recorded_base = Some(Fen::new(500));
    history.recorded_base_reason = "2016年10月新增".to_owned();
    let decomposed = propose(1_000, &[newcomer, candidate(2, false, &[500, 500, 500])], "0").unwrap();
    assert_eq!(quotas(&decomposed), [500, 500]);
}

#[test]
fn who_applied_needs_a_history() {
    let unknown = Candidate { history: None, applied: Some(Fen::new(1)), ..candidate(1, false, &[]) };
    let code = unknown.institution.code.clone();
    assert_eq!(propose(1_000, &[unknown], "0"), Err(DecompositionError::HistoryMissing(code)));
    let silent = Candidate { history: None, ..candidate(1, false, &[]) };
    assert_eq!(propose(1_000, &[silent], "0"), Err(DecompositionError::NothingToWeigh));
}

#[test]
fn a_decided_forecast_lies_in_the_packs_range() {
    let candidates = [candidate(1, false, &[1, 1, 1])];
    let forecast = Some("1.3".parse().unwrap());
    let refused =
        Decomposition::propose(&key(), None, Fen::new(1), &candidates, forecast, &rules("0"), "maker");
    assert!(matches!(refused, Err(DecompositionError::ForecastOutOfRange { .. })));
}

#[test]
fn it_is_proposed_balanced_and_decided_by_different_people_in_this_order() {
    let proposed = propose(1_000, &[candidate(1, false, &[1, 1, 1])], "0").unwrap().decomposition;
    let early = proposed.clone().decide(Uuid::nil(), "city", 1);
    assert_eq!(early, Err(DecompositionError::WrongState(DecompositionState::Proposed)));
    assert_eq!(proposed.clone().balance(String::new(), "maker", 1), Err(DecompositionError::SamePerson));
    let balanced = proposed.balance(String::new(), "city", 1).unwrap();
    let decided = balanced.decide(Uuid::nil(), "secretary", 2).unwrap();
    let again = Decomposition::propose(
        &key(),
        Some(&decided),
        Fen::new(1),
        &[candidate(1, false, &[1])],
        None,
        &rules("0"),
        "maker",
    );
    assert_eq!(again.unwrap_err(), DecompositionError::WrongState(DecompositionState::Decided));
}

fn region() -> impl Strategy<Value = Vec<Candidate>> {
    let institution =
        (any::<bool>(), prop::collection::vec(0..5_000_000_000_i64, 0..=3), 0..=3_i32, 0..=200_i64);
    prop::collection::vec(institution, 1..40).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(serial, (primary, history, level, volume))| {
            let mut one = candidate(serial, primary, &history);
            one.institution.level = level;
            let thousandths: Exact = format!("0.{:03}", 900 + volume / 2).parse().unwrap_or(Exact::from(1));
            one.officer_factors.insert("volume".to_owned(), thousandths);
            one
        })
        .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn quotas_add_up_to_the_target_and_hold_the_floor(
        target in 1..1_000_000_000_000_i64,
        candidates in region(),
        floor in 0..100_u32,
    ) {
        prop_assume!(candidates.iter().any(|c| c.history.as_ref().unwrap().history.iter().any(|cost| *cost > Fen::ZERO)));
        let decomposed = propose(target, &candidates, &format!("0.{floor:02}")).unwrap();
        let Decomposition { quotas, primary_floor, target, .. } = &decomposed.decomposition;
        prop_assert_eq!(quotas.iter().map(|quota| quota.quota).sum::<Fen>(), *target);
        let primary: Fen = quotas.iter().filter(|quota| quota.primary).map(|quota| quota.quota).sum();
        let weighs = |primary| quotas.iter().any(|quota| quota.primary == primary && quota.history.iter().any(|cost| *cost > Fen::ZERO));
        if weighs(true) {
            prop_assert!(primary >= *primary_floor || !weighs(false));
        }
        for (quota, tree) in quotas.iter().zip(&decomposed.quota_trees) {
            prop_assert_eq!(tree.re_evaluate().unwrap(), Exact::from(quota.quota));
        }
    }
}
