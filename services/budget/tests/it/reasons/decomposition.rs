use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::types::v1::KindOfCare;
use medfund_testkit::Refusals;
use tonic::Code;
use tonic_types::StatusExt;

use super::{BAD, PRECONDITION, open_next_year, without_quotas};
use crate::lived::{Year, institution};
use crate::pooled::{self, POOLED};
use crate::requests::{
    HOSPITAL, KEY, Key, OTHER, PRIMARY, balance_decomposition, decide_decomposition, decision_name, factor,
    propose_decomposition, record_coefficient, record_history, record_round, submit_application,
};
use crate::support::{AREA, PACKAGE};

pub(super) const RPCS: [&str; 11] = [
    "RecordHistory",
    "ListHistories",
    "SubmitApplication",
    "ListApplications",
    "RecordCoefficient",
    "RecordNegotiationRound",
    "ListNegotiationRounds",
    "ProposeDecomposition",
    "BalanceDecomposition",
    "DecideDecomposition",
    "GetDecomposition",
];

/// An institution that `agreement` has told nobody of.
const STRANGER: &str = "H44070399999";

#[tokio::test]
async fn quotas_and_what_they_are_made_from_are_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let year = Box::pin(Year::unopened()).await;
    year.tell_institutions(&[KEY, OTHER]).await;
    Box::pin(before_the_year_is_open(&year, &mut refusals)).await;
    year.budget.given_fund_year(&[KEY.district, OTHER.district]).await;
    Box::pin(histories_and_factors(&year, &mut refusals)).await;
    Box::pin(rounds(&year, &mut refusals)).await;
    Box::pin(other_regimes(&year, &mut refusals)).await;
    Box::pin(pools(&year, &mut refusals)).await;
    let answer = year.officer().propose_decomposition(propose_decomposition(KEY)).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "TARGET_NOT_DECIDED");
    Box::pin(year.decide_target(KEY)).await;
    Box::pin(decompositions(&year, &mut refusals)).await;
    Box::pin(once_they_are_decided(&year, &mut refusals)).await;
    Box::pin(an_institution_that_moved(&year, &mut refusals)).await;
    Box::pin(lists(&year, &mut refusals)).await;
    refusals.all_provoked();
}

async fn before_the_year_is_open(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let closed = "FUND_YEAR_NOT_OPEN";
    let answer = officer.record_history(record_history(KEY, PRIMARY)).await;
    refusals.expect("record_history", answer, PRECONDITION, closed);
    let answer = year.institution(HOSPITAL).submit_application(submit_application(KEY, HOSPITAL)).await;
    refusals.expect("submit_application", answer, PRECONDITION, closed);
    let coefficient = record_coefficient(KEY, HOSPITAL, "effective_volume", "1");
    let answer = officer.record_coefficient(coefficient).await;
    refusals.expect("record_coefficient", answer, PRECONDITION, closed);
    let answer = officer.record_negotiation_round(record_round(KEY, 1)).await;
    refusals.expect("record_negotiation_round", answer, PRECONDITION, closed);
    let answer = officer.propose_decomposition(propose_decomposition(KEY)).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, closed);
}

async fn histories_and_factors(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let stranger = "UNKNOWN_INSTITUTION";
    let answer = officer.record_history(record_history(KEY, STRANGER)).await;
    refusals.expect("record_history", answer, PRECONDITION, stranger);
    let long = pb::RecordHistoryRequest { history_fen: vec![1; 4], ..record_history(KEY, PRIMARY) };
    refusals.expect("record_history", officer.record_history(long).await, PRECONDITION, "TOO_MANY_YEARS");

    let answer = year.institution(STRANGER).submit_application(submit_application(KEY, STRANGER)).await;
    refusals.expect("submit_application", answer, PRECONDITION, stranger);
    let answer = year.institution(HOSPITAL).submit_application(submit_application(KEY, PRIMARY)).await;
    refusals.expect("submit_application", answer, Code::NotFound, "RESOURCE_NOT_FOUND");

    let coefficient = |code, id, value| record_coefficient(KEY, code, id, value);
    let twice = vec![factor("effective_volume", "1"), factor("effective_volume", "1")];
    let twice = pb::RecordCoefficientRequest { factors: twice, ..coefficient(HOSPITAL, "x", "1") };
    let cases = [
        (coefficient(STRANGER, "effective_volume", "1"), stranger),
        (coefficient(HOSPITAL, "weather", "1"), "UNKNOWN_FACTOR"),
        (coefficient(HOSPITAL, "level", "1"), "UNKNOWN_FACTOR"),
        (twice, "UNKNOWN_FACTOR"),
        (coefficient(HOSPITAL, "effective_volume", "1.11"), "FACTOR_OUT_OF_RANGE"),
        (coefficient(HOSPITAL, "effective_volume", "0.89"), "FACTOR_OUT_OF_RANGE"),
    ];
    for (request, reason) in cases {
        let answer = officer.record_coefficient(request).await;
        refusals.expect("record_coefficient", answer, PRECONDITION, reason);
    }
}

async fn rounds(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let agreed = |code: &str, id: &str, value: &str| pb::RecordNegotiationRoundRequest {
        coefficients: vec![pb::AgreedCoefficient {
            institution_code: code.to_owned(),
            factors: vec![factor(id, value)],
        }],
        ..record_round(KEY, 1)
    };
    let of_other = OTHER.institutions().map(str::to_owned).to_vec();
    let cases = [
        (record_round(KEY, 2), "ROUND_OUT_OF_ORDER"),
        (
            pb::RecordNegotiationRoundRequest { institution_codes: of_other, ..record_round(KEY, 1) },
            "UNKNOWN_INSTITUTION",
        ),
        (agreed(PRIMARY, "effective_volume", "1"), "UNKNOWN_INSTITUTION"),
        (agreed(HOSPITAL, "level", "1"), "UNKNOWN_FACTOR"),
        (agreed(HOSPITAL, "effective_volume", "1.2"), "FACTOR_OUT_OF_RANGE"),
    ];
    for (request, reason) in cases {
        let answer = officer.record_negotiation_round(request).await;
        refusals.expect("record_negotiation_round", answer, PRECONDITION, reason);
    }
    officer.record_negotiation_round(record_round(KEY, 1)).await.unwrap();
    let answer = officer.record_negotiation_round(record_round(KEY, 1)).await;
    refusals.expect("record_negotiation_round", answer, Code::AlreadyExists, "ROUND_EXISTS");
}

async fn other_regimes(year: &Year, refusals: &mut Refusals) {
    let next = open_next_year(year, &without_quotas()).await;
    let mut officer = year.officer();
    let regime = "WRONG_REGIME";
    let answer = officer.record_history(record_history(next, PRIMARY)).await;
    refusals.expect("record_history", answer, PRECONDITION, regime);
    let coefficient = record_coefficient(next, HOSPITAL, "effective_volume", "1");
    let answer = officer.record_coefficient(coefficient).await;
    refusals.expect("record_coefficient", answer, PRECONDITION, regime);
    let answer = officer.record_negotiation_round(record_round(next, 1)).await;
    refusals.expect("record_negotiation_round", answer, PRECONDITION, regime);
    let answer = officer.propose_decomposition(propose_decomposition(next)).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, regime);
}

/// A pool is not decomposed: 不再细化明确各医疗机构的总额控制指标.
async fn pools(year: &Year, refusals: &mut Refusals) {
    let key = Key { year: 2019, ..POOLED };
    pooled::open(&year.budget, key).await;
    let mut officer = year.officer();
    let propose = |kinds: &[KindOfCare]| pb::ProposeDecompositionRequest {
        kinds_of_care: kinds.iter().map(|kind| i32::from(*kind)).collect(),
        ..propose_decomposition(key)
    };
    let answer = officer.propose_decomposition(propose(&[KindOfCare::Inpatient])).await;
    let told = answer.as_ref().unwrap_err().get_error_details().error_info().unwrap().metadata.clone();
    assert_eq!((told["regime"].as_str(), told["clause"].as_str()), ("pool", "PZH 四(二)2"));
    refusals.expect("propose_decomposition", answer, PRECONDITION, "WRONG_REGIME");
    let answer = officer.propose_decomposition(propose(&[KindOfCare::DaySurgery])).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "CARE_LEFT_OUT");

    year.approve_budget(key).await;
    year.put_into_force(key, pooled::propose_target(key)).await;
    let answer = officer.propose_decomposition(propose(&[])).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "STRUCTURE_NOT_DECIDED");
    let shares = vec![pooled::share(KindOfCare::Inpatient, "1")];
    let all = pb::ProposeStructureRequest { shares, ..pooled::propose_structure(key) };
    year.put_structure_into_force(key, all).await;
    let answer = officer.propose_decomposition(propose(&[])).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "NOTHING_TO_DECOMPOSE");
}

async fn decompositions(year: &Year, refusals: &mut Refusals) {
    let (mut officer, mut city) = (year.officer(), year.client(Role::CityAgency));
    let mut secretary = year.client(Role::MeetingSecretary);
    let missing = (Code::NotFound, "DECOMPOSITION_NOT_FOUND");
    let get = pb::GetDecompositionRequest { name: KEY.name("decompositions") };
    refusals.expect("get_decomposition", officer.get_decomposition(get).await, missing.0, missing.1);
    let answer = city.balance_decomposition(balance_decomposition(KEY, "\"1\"")).await;
    refusals.expect("balance_decomposition", answer, missing.0, missing.1);
    let decide = |decision: &str, etag| decide_decomposition(KEY, decision, etag);
    let answer = secretary.decide_decomposition(decide(&decision_name(), "\"1\"")).await;
    refusals.expect("decide_decomposition", answer, missing.0, missing.1);

    let propose = || propose_decomposition(KEY);
    let answer = officer.propose_decomposition(propose()).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "NOTHING_TO_WEIGH");
    year.institution(HOSPITAL).submit_application(submit_application(KEY, HOSPITAL)).await.unwrap();
    let answer = officer.propose_decomposition(propose()).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "HISTORY_MISSING");
    officer.record_history(record_history(KEY, HOSPITAL)).await.unwrap();
    let forecast = pb::ProposeDecompositionRequest { forecast_factor: "1.31".to_owned(), ..propose() };
    let answer = officer.propose_decomposition(forecast).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "FORECAST_OUT_OF_RANGE");

    officer.propose_decomposition(propose()).await.unwrap();
    let decision = year.decided(KEY, "decomposition").await;
    let answer = secretary.decide_decomposition(decide(&decision, "\"1\"")).await;
    refusals.expect("decide_decomposition", answer, PRECONDITION, "WRONG_STATE");
    let answer = city.balance_decomposition(balance_decomposition(KEY, "\"2\"")).await;
    refusals.expect("balance_decomposition", answer, Code::Aborted, "ETAG_MISMATCH");
    let mut same = year.officer_as(Role::CityAgency);
    let answer = same.balance_decomposition(balance_decomposition(KEY, "\"1\"")).await;
    refusals.expect("balance_decomposition", answer, Code::PermissionDenied, "SAME_PERSON");
    city.balance_decomposition(balance_decomposition(KEY, "\"1\"")).await.unwrap();
    let answer = city.balance_decomposition(balance_decomposition(KEY, "\"2\"")).await;
    refusals.expect("balance_decomposition", answer, PRECONDITION, "WRONG_STATE");

    let answer = secretary.decide_decomposition(decide(&decision, "\"1\"")).await;
    refusals.expect("decide_decomposition", answer, Code::Aborted, "ETAG_MISMATCH");
    let answer = same.decide_decomposition(decide(&decision, "\"2\"")).await;
    refusals.expect("decide_decomposition", answer, Code::PermissionDenied, "SAME_PERSON");
    let answer = secretary.decide_decomposition(decide(&decision_name(), "\"2\"")).await;
    refusals.expect("decide_decomposition", answer, PRECONDITION, "DECISION_UNKNOWN");
    let other_matter = year.decided(KEY, "target").await;
    let answer = secretary.decide_decomposition(decide(&other_matter, "\"2\"")).await;
    refusals.expect("decide_decomposition", answer, PRECONDITION, "DECISION_MISMATCH");
    secretary.decide_decomposition(decide(&decision, "\"2\"")).await.unwrap();
}

async fn once_they_are_decided(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let decided = "QUOTAS_DECIDED";
    let answer = officer.record_history(record_history(KEY, PRIMARY)).await;
    refusals.expect("record_history", answer, PRECONDITION, decided);
    let answer = year.institution(HOSPITAL).submit_application(submit_application(KEY, HOSPITAL)).await;
    refusals.expect("submit_application", answer, PRECONDITION, decided);
    let coefficient = record_coefficient(KEY, HOSPITAL, "effective_volume", "1");
    let answer = officer.record_coefficient(coefficient).await;
    refusals.expect("record_coefficient", answer, PRECONDITION, decided);
    let answer = officer.record_negotiation_round(record_round(KEY, 2)).await;
    refusals.expect("record_negotiation_round", answer, PRECONDITION, decided);
    let answer = officer.propose_decomposition(propose_decomposition(KEY)).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "WRONG_STATE");
}

async fn an_institution_that_moved(year: &Year, refusals: &mut Refusals) {
    year.agreement.emit(AREA, &institution(HOSPITAL, OTHER.district)).await;
    year.budget.0.until_caught_up_with(year.agreement.service()).await;
    year.decide_target(OTHER).await;
    let mut officer = year.officer();
    officer.record_history(record_history(OTHER, HOSPITAL)).await.unwrap();
    let answer = officer.propose_decomposition(propose_decomposition(OTHER)).await;
    refusals.expect("propose_decomposition", answer, PRECONDITION, "QUOTA_ELSEWHERE");
}

async fn lists(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let parent = || KEY.name("decompositions");
    let list = pb::ListHistoriesRequest { parent: parent(), page_size: -1, ..Default::default() };
    refusals.expect("list_histories", officer.list_histories(list).await, BAD.0, BAD.1);
    let list = pb::ListApplicationsRequest { parent: parent(), page_size: -1, ..Default::default() };
    refusals.expect("list_applications", officer.list_applications(list).await, BAD.0, BAD.1);
    let list = pb::ListNegotiationRoundsRequest { parent: parent(), page_size: -1, ..Default::default() };
    let answer = officer.list_negotiation_rounds(list).await;
    refusals.expect("list_negotiation_rounds", answer, BAD.0, BAD.1);
}
