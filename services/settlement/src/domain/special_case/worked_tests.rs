//! The review of single cases by Panzhihua's pack, whose defaults stand where the notice is silent.

use chrono::NaiveDate;
use medfund_money::{Fen, PositiveFen};
use medfund_policy::Pack;
use medfund_types::InstitutionCode;
use proptest::prelude::*;

use super::*;
use crate::domain::SettlementError;

fn rules() -> SpecialCaseRules {
    let pack = Pack::parse(include_bytes!("../../../../../policies/panzhihua-2018.toml")).unwrap();
    special_case_rules(pack.rules(&"employee".parse().unwrap()).unwrap()).unwrap()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, month, day).unwrap()
}

fn filing() -> Filing {
    Filing { month: "2018-01".parse().unwrap(), today: day(2, 5), n_filed: 0, n_discharges: 100 }
}

#[test]
fn a_twentieth_of_the_discharges_may_be_filed_and_a_part_of_a_case_is_none() {
    let allowed = |n| most_cases(n, rules().max_share.value);
    assert_eq!([0, 19, 20, 39, 40, 100].map(allowed), [0, 0, 1, 1, 2, 5]);
    assert_eq!(Filing { n_filed: 4, ..filing() }.check(&rules()), Ok(()));
    let spent = SpecialCaseError::QuotaSpent { n_filed: 5, n_allowed: 5, n_discharges: 100 };
    assert_eq!(Filing { n_filed: 5, ..filing() }.check(&rules()), Err(spent));
}

#[test]
fn a_case_is_filed_within_sixty_days_of_the_end_of_its_month() {
    // January ends on the 31st: 28 days of February and 32 more are the 1st of April.
    let last_day = day(4, 1);
    assert_eq!(filing_ends(filing().month, &rules()), last_day);
    assert_eq!(Filing { today: last_day, ..filing() }.check(&rules()), Ok(()));
    let late = Filing { today: day(4, 2), ..filing() }.check(&rules());
    assert_eq!(late, Err(SpecialCaseError::FilingClosed { last_day }));
}

fn hospital(n: usize) -> InstitutionCode {
    format!("H5104030000{n}").parse().unwrap()
}

/// Experts `e1`, `e2`, … of the hospitals of these numbers; 0: of none.
fn experts(of: &[usize]) -> Vec<Expert> {
    let expert = |(n, of): (usize, &usize)| Expert {
        id: format!("e{n}"),
        institution: (*of > 0).then(|| hospital(*of)),
    };
    (1..).zip(of).map(expert).collect()
}

#[test]
fn experts_are_drawn_by_the_seed_s_numbers_and_none_is_of_the_case_s_hospital() {
    let pool = experts(&[0, 1, 2, 0, 1, 3]);
    // Of e1, e3, e4, e6 left to hospital 1: 6 mod 4 picks e4, then of e1, e3, e6 3 mod 3 e1, of e3, e6 9 mod 2 e6.
    assert_eq!(draw(&pool, &hospital(1), 3, [6, 3, 9]), Ok(["e4", "e1", "e6"].map(str::to_owned).to_vec()));
    let too_few = SpecialCaseError::TooFewExperts { n_available: 4, n_needed: 5 };
    assert_eq!(draw(&pool, &hospital(1), 5, [0; 5]), Err(too_few));
}

fn drawn() -> Result<Vec<String>, SpecialCaseError> {
    Ok(["e1", "e2", "e3"].map(str::to_owned).to_vec())
}

fn opinion(is_in_favour: bool) -> Opinion {
    Opinion { is_in_favour, text: "多重手术，费用合理".to_owned() }
}

/// A case that three experts hear, and what they think.
fn heard(opinions: [bool; 3]) -> Review {
    let heard = Review::filed().hear(drawn).unwrap();
    let note = |review: Review, (expert, is_in_favour): (String, bool)| {
        review.note_opinion(&expert, opinion(is_in_favour)).unwrap()
    };
    drawn().unwrap().into_iter().zip(opinions).fold(heard, note)
}

fn proposal(yuan: Option<i64>) -> Proposal {
    let reviewed_cost = yuan.map(|yuan| PositiveFen::try_from(Fen::from_yuan(yuan)).unwrap());
    Proposal { reviewed_cost, note: String::new(), maker: "officer".to_owned() }
}

const COST: Fen = Fen::from_yuan(90_000);

#[test]
fn a_case_counts_its_justified_cost_when_most_experts_are_in_favour_and_two_persons_agree() {
    let proposed = heard([true, false, true]).propose(proposal(Some(80_000)), COST, &rules()).unwrap();
    assert_eq!(proposed.state, SpecialCaseState::Proposed);
    let own = proposed.clone().decide(true, "officer", "x");
    assert_eq!(own, Err(SettlementError::MakerIsChecker("x".to_owned())));
    let again = proposed.clone().decide(false, "checker", "x").unwrap();
    assert_eq!(again.state, SpecialCaseState::Heard);
    assert_eq!(again.propose(proposal(None), COST, &rules()).unwrap().state, SpecialCaseState::Proposed);
    assert_eq!(proposed.decide(true, "checker", "x").unwrap().state, SpecialCaseState::Granted);
}

#[test]
fn against_most_experts_a_case_can_only_stay_as_it_is() {
    let against = heard([true, false, false]);
    let refused = against.clone().propose(proposal(Some(80_000)), COST, &rules());
    assert_eq!(refused, Err(SpecialCaseError::OpinionsAgainst { n_in_favour: 1, n_against: 2 }));
    let advised = SpecialCaseRules { majority_binds: false, ..rules() };
    assert!(against.clone().propose(proposal(Some(80_000)), COST, &advised).is_ok());
    let stays =
        against.propose(proposal(None), COST, &rules()).unwrap().decide(true, "checker", "x").unwrap();
    assert_eq!(stays.state, SpecialCaseState::Dismissed);
    assert!(!stays.state.is_open());
}

#[test]
fn what_is_out_of_turn_or_not_whole_is_refused() {
    let filed = Review::filed;
    assert_eq!(filed().refuse().unwrap().state, SpecialCaseState::Refused);
    let wrong = SpecialCaseError::State(SpecialCaseState::Filed);
    assert_eq!(filed().note_opinion("e1", opinion(true)), Err(wrong.clone()));
    assert_eq!(filed().propose(proposal(None), COST, &rules()), Err(wrong));
    assert_eq!(
        filed().refuse().unwrap().hear(drawn),
        Err(SpecialCaseError::State(SpecialCaseState::Refused))
    );
    let one = filed().hear(drawn).unwrap().note_opinion("e2", opinion(true)).unwrap();
    let other = one.clone().note_opinion("e4", opinion(true));
    assert_eq!(other, Err(SpecialCaseError::ExpertNotDrawn("e4".to_owned())));
    let again = one.clone().note_opinion("e2", opinion(false));
    assert_eq!(again, Err(SpecialCaseError::OpinionExists("e2".to_owned())));
    let early = one.propose(proposal(None), COST, &rules());
    assert_eq!(early, Err(SpecialCaseError::OpinionsMissing { n_missing: 2 }));
    let dear = heard([true; 3]).propose(proposal(Some(90_001)), COST, &rules());
    assert_eq!(dear, Err(SpecialCaseError::ReviewedCostTooHigh { cost: COST }));
}

proptest! {
    #[test]
    fn as_many_different_experts_of_others_are_drawn_whatever_the_numbers(
        of in prop::collection::vec(0..4_usize, 3..30), numbers in prop::collection::vec(any::<u64>(), 3),
    ) {
        let pool = experts(&of);
        let others = of.iter().filter(|one| **one != 1).count();
        match draw(&pool, &hospital(1), 3, numbers.iter().copied()) {
            Ok(drawn) => {
                let mut different = drawn.clone();
                different.sort();
                different.dedup();
                prop_assert_eq!((drawn.len(), different.len()), (3, 3));
                let own = |id: &String| pool.iter().any(|one| one.id == *id && one.institution == Some(hospital(1)));
                prop_assert!(!drawn.iter().any(own));
                let mut backwards = pool.clone();
                backwards.reverse();
                prop_assert_eq!(draw(&backwards, &hospital(1), 3, numbers), Ok(drawn));
            }
            Err(_) => prop_assert!(others < 3),
        }
    }
}
