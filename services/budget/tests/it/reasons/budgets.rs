use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::Refusals;
use tonic::Code;

use super::{PRECONDITION, lenient, open_next_year};
use crate::lived::Year;
use crate::requests::{
    KEY, Key, OTHER, decide_budget, decide_target, decision_name, propose_budget, propose_target,
    review_budget,
};
use crate::support::PACKAGE;

pub(super) const RPCS: [&str; 7] = [
    "ProposeBudget",
    "ReviewBudget",
    "DecideBudget",
    "GetBudget",
    "ProposeTarget",
    "DecideTarget",
    "GetTarget",
];

const BUDGETS: [&str; 4] = ["ProposeBudget", "ReviewBudget", "DecideBudget", "GetBudget"];
const TARGETS: [&str; 3] = ["ProposeTarget", "DecideTarget", "GetTarget"];

#[test]
fn budgets_and_targets_are_all_of_this_file() {
    assert_eq!([BUDGETS.as_slice(), &TARGETS].concat(), RPCS);
}

#[tokio::test]
async fn a_budget_is_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &BUDGETS);
    let year = Box::pin(Year::open()).await;
    let (mut officer, mut checker) = (year.officer(), year.checker());
    let mut finance = year.client(Role::FinanceReviewer);
    let get = pb::GetBudgetRequest { name: KEY.name("budgets") };
    refusals.expect("get_budget", officer.get_budget(get).await, Code::NotFound, "BUDGET_NOT_FOUND");
    let answer = finance.review_budget(review_budget(KEY, "\"1\"")).await;
    refusals.expect("review_budget", answer, Code::NotFound, "BUDGET_NOT_FOUND");
    let answer = checker.decide_budget(decide_budget(KEY, &decision_name(), "\"1\"")).await;
    refusals.expect("decide_budget", answer, Code::NotFound, "BUDGET_NOT_FOUND");
    deficits_are_refused(&year, &mut refusals).await;

    officer.propose_budget(propose_budget(KEY)).await.unwrap();
    let answer = finance.review_budget(review_budget(KEY, "\"7\"")).await;
    refusals.expect("review_budget", answer, Code::Aborted, "ETAG_MISMATCH");
    let answer = year.officer_as(Role::FinanceReviewer).review_budget(review_budget(KEY, "\"1\"")).await;
    refusals.expect("review_budget", answer, Code::PermissionDenied, "SAME_PERSON");
    let decision = year.decided(KEY, "budget").await;
    let answer = checker.decide_budget(decide_budget(KEY, &decision, "\"1\"")).await;
    refusals.expect("decide_budget", answer, PRECONDITION, "WRONG_STATE");
    finance.review_budget(review_budget(KEY, "\"1\"")).await.unwrap();
    let answer = finance.review_budget(review_budget(KEY, "\"2\"")).await;
    refusals.expect("review_budget", answer, PRECONDITION, "WRONG_STATE");

    let answer = checker.decide_budget(decide_budget(KEY, &decision, "\"1\"")).await;
    refusals.expect("decide_budget", answer, Code::Aborted, "ETAG_MISMATCH");
    let answer = checker.decide_budget(decide_budget(KEY, &decision_name(), "\"2\"")).await;
    refusals.expect("decide_budget", answer, PRECONDITION, "DECISION_UNKNOWN");
    let other_matter = year.decided(KEY, "target").await;
    let answer = checker.decide_budget(decide_budget(KEY, &other_matter, "\"2\"")).await;
    refusals.expect("decide_budget", answer, PRECONDITION, "DECISION_MISMATCH");
    let mut same = year.officer_as(Role::AgencyChecker);
    let answer = same.decide_budget(decide_budget(KEY, &decision, "\"2\"")).await;
    refusals.expect("decide_budget", answer, Code::PermissionDenied, "SAME_PERSON");
    checker.decide_budget(decide_budget(KEY, &decision, "\"2\"")).await.unwrap();
    let answer = officer.propose_budget(propose_budget(KEY)).await;
    refusals.expect("propose_budget", answer, PRECONDITION, "WRONG_STATE");
    refusals.all_provoked();
}

async fn deficits_are_refused(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    for key in [OTHER, Key { line: "nrcms", ..KEY }, Key { year: 2018, ..KEY }] {
        let answer = officer.propose_budget(propose_budget(key)).await;
        refusals.expect("propose_budget", answer, PRECONDITION, "FUND_YEAR_NOT_OPEN");
    }
    let deficit = |key| pb::ProposeBudgetRequest { expenditure_fen: 100_001, ..propose_budget(key) };
    let answer = officer.propose_budget(deficit(KEY)).await;
    refusals.expect("propose_budget", answer, PRECONDITION, "DEFICIT_NOT_ALLOWED");
    let next = open_next_year(year, &lenient()).await;
    let answer = officer.propose_budget(deficit(next)).await;
    refusals.expect("propose_budget", answer, PRECONDITION, "DEFICIT_UNDECIDED");
    let decided_by = |deficit_decision| pb::ProposeBudgetRequest { deficit_decision, ..deficit(next) };
    let answer = officer.propose_budget(decided_by(decision_name())).await;
    refusals.expect("propose_budget", answer, PRECONDITION, "DECISION_UNKNOWN");
    let answer = officer.propose_budget(decided_by(year.decided(next, "budget").await)).await;
    refusals.expect("propose_budget", answer, PRECONDITION, "DECISION_MISMATCH");
    officer.propose_budget(decided_by(year.decided(next, "deficit").await)).await.unwrap();
}

#[tokio::test]
async fn a_target_is_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &TARGETS);
    let year = Box::pin(Year::with_budget()).await;
    let (mut officer, mut checker) = (year.officer(), year.checker());
    let get = pb::GetTargetRequest { name: KEY.name("targets") };
    refusals.expect("get_target", officer.get_target(get).await, Code::NotFound, "TARGET_NOT_FOUND");
    let deduct = |id: &str, amount_fen| pb::Deduction { id: id.to_owned(), amount_fen };
    let deductions = |list| pb::ProposeTargetRequest { deductions: list, ..propose_target(KEY) };
    let cases = [
        (propose_target(OTHER), "FUND_YEAR_NOT_OPEN"),
        (propose_target(Key { line: "resident", ..KEY }), "BUDGET_NOT_APPROVED"),
        (deductions(vec![deduct("weather", 1)]), "UNKNOWN_DEDUCTION"),
        (deductions(vec![deduct("other", 1), deduct("other", 1)]), "UNKNOWN_DEDUCTION"),
        (pb::ProposeTargetRequest { reserve_fen: Some(13_501), ..propose_target(KEY) }, "RESERVE_OVER_MAX"),
        (
            pb::ProposeTargetRequest { primary_care_raise: "1.51".to_owned(), ..propose_target(KEY) },
            "RAISE_OUT_OF_RANGE",
        ),
        (deductions(vec![deduct("other", 90_000)]), "TARGET_NOT_POSITIVE"),
    ];
    for (request, reason) in cases {
        refusals.expect("propose_target", officer.propose_target(request).await, PRECONDITION, reason);
    }
    let decision = year.decided(KEY, "target").await;
    let answer = checker.decide_target(decide_target(KEY, &decision, "\"1\"")).await;
    refusals.expect("decide_target", answer, Code::NotFound, "TARGET_NOT_FOUND");
    officer.propose_target(propose_target(KEY)).await.unwrap();
    let answer = checker.decide_target(decide_target(KEY, &decision, "\"3\"")).await;
    refusals.expect("decide_target", answer, Code::Aborted, "ETAG_MISMATCH");
    let answer = checker.decide_target(decide_target(KEY, &decision_name(), "\"1\"")).await;
    refusals.expect("decide_target", answer, PRECONDITION, "DECISION_UNKNOWN");
    let other_matter = year.decided(KEY, "budget").await;
    let answer = checker.decide_target(decide_target(KEY, &other_matter, "\"1\"")).await;
    refusals.expect("decide_target", answer, PRECONDITION, "DECISION_MISMATCH");
    let mut same = year.officer_as(Role::AgencyChecker);
    let answer = same.decide_target(decide_target(KEY, &decision, "\"1\"")).await;
    refusals.expect("decide_target", answer, Code::PermissionDenied, "SAME_PERSON");
    checker.decide_target(decide_target(KEY, &decision, "\"1\"")).await.unwrap();
    let answer = checker.decide_target(decide_target(KEY, &decision, "\"2\"")).await;
    refusals.expect("decide_target", answer, PRECONDITION, "WRONG_STATE");
    let answer = officer.propose_target(propose_target(KEY)).await;
    refusals.expect("propose_target", answer, PRECONDITION, "WRONG_STATE");
    refusals.all_provoked();
}
