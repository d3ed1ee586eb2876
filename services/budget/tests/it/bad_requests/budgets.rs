use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{NOWHERE, TOO_MUCH, elsewhere, long};
use crate::lived::Year;
use crate::requests::{
    KEY, decide_budget, decide_target, decision_name, propose_budget, propose_target, review_budget,
};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let mut officer = year.officer();
    bad_requests!(table, officer.propose_budget(propose_budget(KEY)), {
        "a name without a district": |r| r.name = "areas/440700/budgets/2017-employee".to_owned() => ["name"],
        "a fund line in capitals": |r| r.name = r.name.replace("employee", "Employee") => ["name"],
        "another collection": |r| r.name = KEY.name("targets") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "no income": |r| r.income_fen = 0 => ["income_fen"],
        "an income that cannot be counted": |r| r.income_fen = TOO_MUCH => ["income_fen"],
        "an expenditure below zero": |r| r.expenditure_fen = -1 => ["expenditure_fen"],
        "the largest number as expenditure": |r| r.expenditure_fen = i64::MAX => ["expenditure_fen"],
        "no basis": |r| r.basis = None => ["basis"],
        "payments below zero": |r| basis(r).last_year_payment_fen = -1 => ["basis.last_year_payment_fen"],
        "fewer than no insured": |r| basis(r).n_insured = -1 => ["basis.n_insured"],
        "fewer than no elderly": |r| basis(r).n_insured_elderly = -1 => ["basis.n_insured_elderly"],
        "more elderly than insured": |r| basis(r).n_insured_elderly = 1_001 => ["basis.n_insured_elderly"],
        "a policy that costs more than can be counted": |r| basis(r).policy_change_fen = TOO_MUCH
            => ["basis.policy_change_fen"],
        "a benefit that saves more than can be counted": |r| basis(r).benefit_change_fen = i64::MIN
            => ["basis.benefit_change_fen"],
        "a growth in percent": |r| basis(r).expected_growth_rate = "5%".to_owned()
            => ["basis.expected_growth_rate"],
        "a growth of 31 digits": |r| basis(r).expected_growth_rate = "1".repeat(31)
            => ["basis.expected_growth_rate"],
        "risk funds below zero": |r| basis(r).risk_fund_fen = -1 => ["basis.risk_fund_fen"],
        "risk funds of more than the income": |r| basis(r).risk_fund_fen = 100_001 => ["basis.risk_fund_fen"],
        "a deficit's decision that is no name": |r| r.deficit_decision = "yes".to_owned()
            => ["deficit_decision"],
        "a deficit's decision of another area": |r| r.deficit_decision = elsewhere(&decision_name())
            => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "everything bad": |r|
            *r = pb::ProposeBudgetRequest { deficit_decision: NOWHERE.to_owned(), ..Default::default() }
            => ["name", "request_id", "income_fen", "expenditure_fen", "basis", "deficit_decision"],
    });
    let mut finance = year.client(Role::FinanceReviewer);
    bad_requests!(table, finance.review_budget(review_budget(KEY, "\"1\"")), {
        "returned without a word": |r| r.in_order = false => ["note"],
        "returned with blanks": |r| { r.in_order = false; r.note = " ".to_owned(); } => ["note"],
        "a note of 2,001 characters": |r| r.note = long(2_001) => ["note"],
        "a note that no database takes": |r| r.note = "a\0b".to_owned() => ["note"],
        "an etag without its quotes": |r| r.etag = "1".to_owned() => ["etag"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::ReviewBudgetRequest::default()
            => ["name", "request_id", "note", "etag"],
    });
    let mut checker = year.checker();
    bad_requests!(table, checker.decide_budget(decide_budget(KEY, &decision_name(), "\"1\"")), {
        "no decision": |r| r.decision.clear() => ["decision"],
        "an etag with a sign": |r| r.etag = "\"+1\"".to_owned() => ["etag"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::DecideBudgetRequest::default()
            => ["name", "request_id", "decision", "etag"],
    });
    bad_requests!(table, officer.get_budget(pb::GetBudgetRequest { name: KEY.name("budgets") }), {
        "a key with a part too many": |r| r.name.push_str("-1") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    targets(year, table).await;
}

fn basis(request: &mut pb::ProposeBudgetRequest) -> &mut pb::BudgetBasis {
    request.basis.as_mut().expect("a good request has a basis")
}

async fn targets(year: &Year, table: &mut BadRequests) {
    let (mut officer, mut checker) = (year.officer(), year.checker());
    bad_requests!(table, officer.propose_target(propose_target(KEY)), {
        "a district that is none": |r| r.name = r.name.replace("440703", "district") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "a deduction without an id": |r| r.deductions[0].id.clear() => ["deductions[0].id"],
        "a deduction of 41 characters": |r| r.deductions[0].id = long(41) => ["deductions[0].id"],
        "a deduction below zero": |r| r.deductions[0].amount_fen = -1 => ["deductions[0].amount_fen"],
        "a deduction that cannot be counted": |r| r.deductions[0].amount_fen = i64::MAX
            => ["deductions[0].amount_fen"],
        "a reserve below zero": |r| r.reserve_fen = Some(-1) => ["reserve_fen"],
        "a reserve that cannot be counted": |r| r.reserve_fen = Some(TOO_MUCH) => ["reserve_fen"],
        "a raise in percent": |r| r.primary_care_raise = "120%".to_owned() => ["primary_care_raise"],
        "an adjustment that cannot be counted": |r| r.adjustment_fen = i64::MIN => ["adjustment_fen"],
        "an adjustment without a reason": |r| r.adjustment_reason.clear() => ["adjustment_reason"],
        "a reason of 2,001 characters": |r| r.adjustment_reason = long(2_001) => ["adjustment_reason"],
        "everything bad": |r|
            *r = pb::ProposeTargetRequest { deductions: vec![pb::Deduction::default()], reserve_fen: Some(-1), adjustment_fen: 1, ..Default::default() }
            => ["name", "request_id", "deductions[0].id", "reserve_fen", "adjustment_reason"],
    });
    bad_requests!(table, checker.decide_target(decide_target(KEY, &decision_name(), "\"1\"")), {
        "a decision that is another resource": |r| r.decision = KEY.name("targets") => ["decision"],
        "a decision of another area": |r| r.decision = elsewhere(&r.decision) => Refused::not_found(),
        "no etag": |r| r.etag.clear() => ["etag"],
        "everything bad": |r| *r = pb::DecideTargetRequest::default()
            => ["name", "request_id", "decision", "etag"],
    });
    bad_requests!(table, officer.get_target(pb::GetTargetRequest { name: KEY.name("targets") }), {
        "a budget's name": |r| r.name = KEY.name("budgets") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
}
