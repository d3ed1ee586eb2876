use medfund_proto::budget::v1 as pb;
use medfund_server::convert::{decimal, fen, fen_not_negative, fen_positive, version_from_etag};
use medfund_server::{Context, Violations};

use super::names::{decision, key};
use crate::app::decide::Decide;
use crate::app::propose_budget::ProposeBudget;
use crate::app::review_budget::ReviewBudget;
use crate::domain::budget::{BudgetBasis, BudgetProposal};
use crate::grpc::convert::{call, optional_text};

/// The most characters of a note or reason.
pub(super) const MAX_NOTE: usize = 2_000;

pub(in crate::grpc) fn propose_budget(
    context: &Context,
    request: pb::ProposeBudgetRequest,
) -> Result<ProposeBudget, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "budgets", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    let income = bad.take("income_fen", fen_positive(request.income_fen));
    let expenditure = bad.take("expenditure_fen", fen_positive(request.expenditure_fen));
    let basis = bad.require("basis", request.basis);
    let basis = basis.and_then(|basis| bad.within("basis", |bad| take_basis(bad, &basis)));
    if basis.as_ref().is_some_and(|basis| income.is_some_and(|income| basis.risk_fund > income.get())) {
        bad.add("basis.risk_fund_fen", "must be at most `income_fen`");
    }
    let deficit =
        bad.take_text("deficit_decision", &request.deficit_decision, |name| decision(context, name));
    bad.finish(|| {
        let proposal = BudgetProposal {
            income: income?,
            expenditure: expenditure?,
            basis: basis?,
            deficit_decision: deficit?,
        };
        Some(ProposeBudget { call: call?, key: key?, proposal })
    })
}

fn take_basis(bad: &mut Violations, basis: &pb::BudgetBasis) -> Option<BudgetBasis> {
    let count = |n: i64| if n < 0 { Err("must not be negative") } else { Ok(n) };
    let last_year_payment = bad.take("last_year_payment_fen", fen_not_negative(basis.last_year_payment_fen));
    let n_insured = bad.take("n_insured", count(basis.n_insured));
    let n_insured_elderly = bad.take("n_insured_elderly", count(basis.n_insured_elderly));
    if n_insured.is_some_and(|all| n_insured_elderly.is_some_and(|elderly| elderly > all)) {
        bad.add("n_insured_elderly", "must be at most `n_insured`");
    }
    let policy_change = bad.take("policy_change_fen", fen(basis.policy_change_fen));
    let benefit_change = bad.take("benefit_change_fen", fen(basis.benefit_change_fen));
    let expected_growth = bad.take_text("expected_growth_rate", &basis.expected_growth_rate, decimal);
    let risk_fund = bad.take("risk_fund_fen", fen_not_negative(basis.risk_fund_fen));
    Some(BudgetBasis {
        last_year_payment: last_year_payment?,
        n_insured: n_insured?,
        n_insured_elderly: n_insured_elderly?,
        policy_change: policy_change?,
        benefit_change: benefit_change?,
        expected_growth: expected_growth?,
        risk_fund: risk_fund?,
    })
}

pub(in crate::grpc) fn review_budget(
    context: &Context,
    request: pb::ReviewBudgetRequest,
) -> Result<ReviewBudget, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "budgets", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    if !request.in_order && request.note.trim().is_empty() {
        bad.add("note", "must say why the budget is returned");
    }
    let note = bad.take("note", optional_text(request.note, MAX_NOTE));
    let version = bad.take("etag", version_from_etag(&request.etag));
    bad.finish(|| {
        Some(ReviewBudget {
            call: call?,
            key: key?,
            in_order: request.in_order,
            note: note?,
            version: version?,
        })
    })
}

pub(in crate::grpc) fn decide_budget(
    context: &Context,
    request: pb::DecideBudgetRequest,
) -> Result<Decide, Violations> {
    let pb::DecideBudgetRequest { name, decision, etag, request_id } = request;
    decide(context, "budgets", [&name, &decision, &etag, &request_id])
}

pub(in crate::grpc) fn decide_target(
    context: &Context,
    request: pb::DecideTargetRequest,
) -> Result<Decide, Violations> {
    let pb::DecideTargetRequest { name, decision, etag, request_id } = request;
    decide(context, "targets", [&name, &decision, &etag, &request_id])
}

pub(in crate::grpc) fn decide_structure(
    context: &Context,
    request: pb::DecideStructureRequest,
) -> Result<Decide, Violations> {
    let pb::DecideStructureRequest { name, decision, etag, request_id } = request;
    decide(context, "structures", [&name, &decision, &etag, &request_id])
}

pub(in crate::grpc) fn decide_decomposition(
    context: &Context,
    request: pb::DecideDecompositionRequest,
) -> Result<Decide, Violations> {
    let pb::DecideDecompositionRequest { name, decision, etag, request_id } = request;
    decide(context, "decompositions", [&name, &decision, &etag, &request_id])
}

/// What the four requests that put a decision into force have in common.
fn decide(
    context: &Context,
    collection: &str,
    [name, decided, etag, request_id]: [&str; 4],
) -> Result<Decide, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, collection, name));
    let call = call(&mut bad, context, key.as_ref().map(|key| &key.area), request_id, false);
    let decision = bad.take("decision", decision(context, decided));
    let version = bad.take("etag", version_from_etag(etag));
    bad.finish(|| Some(Decide { call: call?, key: key?, decision: decision?, version: version? }))
}
