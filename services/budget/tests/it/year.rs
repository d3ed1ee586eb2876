use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::settlement::v1::{ClearedInstitution, ClearingApproved, MonthSettled, PaymentCompleted};
use tonic::Code;
use uuid::Uuid;

use super::lived::{
    HOSPITAL, KEY, PRIMARY, Year, name, of_institution, propose_budget, propose_decomposition, propose_target,
};
use super::support::{AREA, DISTRICT, YEAR, date, expect_refusal, request_id};

async fn balance(year: &Year, account: &str) -> i64 {
    let request = pb::ListLedgerAccountsRequest { parent: format!("areas/{AREA}") };
    let answer = year.client(Role::Auditor).list_ledger_accounts(request).await.unwrap().into_inner();
    answer.accounts.iter().find(|one| one.account == account).map_or(0, |one| one.balance_fen)
}

async fn reserve(year: &Year) -> pb::Reserve {
    let request = pb::GetReserveRequest { name: name("reserves") };
    year.officer().get_reserve(request).await.unwrap().into_inner().reserve.unwrap()
}

async fn derivation(year: &Year, amount: String) -> medfund_proto::derivation::v1::Derivation {
    let request = pb::ExplainAmountRequest { name: amount };
    year.officer().explain_amount(request).await.unwrap().into_inner().derivation.unwrap()
}

fn adjust(institution: &str, change_fen: i64, decision: String) -> pb::AdjustQuotaRequest {
    pb::AdjustQuotaRequest {
        name: format!("areas/{AREA}/quotaAdjustments/{}", Uuid::new_v4()),
        decomposition: name("decompositions"),
        institution_code: institution.to_owned(),
        reason: "expansion".to_owned(),
        change_fen,
        decision,
        validate_only: false,
        request_id: request_id(),
    }
}

fn settled(code: &str, payable_fen: i64) -> MonthSettled {
    MonthSettled {
        fund_year: 2017,
        fund_line: "employee".to_owned(),
        district: DISTRICT.to_owned(),
        institution_code: code.to_owned(),
        settlement_month: date(2017, 1, 0),
        statement: format!("areas/{AREA}/statements/{}", Uuid::new_v4()),
        n_admissions: 3,
        n_persons: 3,
        cost_fen: payable_fen,
        refused_fen: 0,
        payable_fen,
        paid_fen: payable_fen,
        deferred_fen: 0,
    }
}

#[tokio::test]
async fn the_target_is_the_budget_less_deductions_and_reserve_and_is_posted() {
    let year = Year::with_target().await;
    let request = pb::GetTargetRequest { name: name("targets") };
    let target = year.officer().get_target(request).await.unwrap().into_inner().target.unwrap();
    assert_eq!((target.budget_fen, target.reserve_fen, target.target_fen), (90_000, 9_000, 71_000));
    assert_eq!(target.deductions.len(), 7);
    assert_eq!(target.primary_care_earmark_fen, 1_800);

    assert_eq!(balance(&year, &format!("target/{}", KEY.replace('-', "/"))).await, 71_000);
    assert_eq!(balance(&year, &format!("reserve/{}", KEY.replace('-', "/"))).await, 9_000);
    assert_eq!(balance(&year, &format!("budget/{}", KEY.replace('-', "/"))).await, -91_000);
    let tree = derivation(&year, name("targets")).await;
    assert_eq!((tree.policy_pack.as_str(), tree.root.unwrap().value.as_str()), ("jiangmen-2016", "71000"));
}

#[tokio::test]
async fn quotas_add_up_to_the_target_and_hold_the_primary_floor() {
    let year = Year::with_quotas().await;
    let request = pb::GetDecompositionRequest { name: name("decompositions") };
    let found = year.officer().get_decomposition(request).await.unwrap().into_inner().decomposition.unwrap();
    // 1,000 × 0.95 against 9,000 × 1.05 is less than the floor of a quarter.
    assert_eq!((found.primary_floor_fen, found.floor_applied), (17_750, true));
    let quotas: Vec<i64> = found.quotas.iter().map(|quota| quota.quota_fen).collect();
    assert_eq!(quotas, [17_750, 53_250]);
    assert_eq!(found.quotas[0].coefficient, "0.95");

    assert_eq!(balance(&year, &format!("transit/budget/settlement/{}", KEY.replace('-', "/"))).await, 71_000);
    for (code, value) in [(PRIMARY, "17750"), (HOSPITAL, "53250")] {
        assert_eq!(derivation(&year, of_institution("quotas", code)).await.root.unwrap().value, value);
    }
    let floor = format!("{}/primaryFloor", name("decompositions"));
    assert_eq!(derivation(&year, floor).await.root.unwrap().value, "17750");
}

#[tokio::test]
async fn a_dry_run_computes_the_same_and_keeps_nothing() {
    let year = Year::with_budget().await;
    let dry = pb::ProposeTargetRequest { validate_only: true, ..propose_target() };
    let computed = year.officer().propose_target(dry).await.unwrap().into_inner().target.unwrap();
    assert_eq!(computed.target_fen, 71_000);
    let get = pb::GetTargetRequest { name: name("targets") };
    expect_refusal(year.officer().get_target(get).await, Code::NotFound, "TARGET_NOT_FOUND");
}

#[tokio::test]
async fn negotiation_changes_quotas_only_through_recorded_coefficients() {
    let year = Year::with_target().await;
    for code in [PRIMARY, HOSPITAL] {
        year.officer().record_history(super::lived::record_history(code)).await.unwrap();
    }
    let factors = vec![pb::Factor { id: "effective_volume".to_owned(), value: "1.1".to_owned() }];
    let round = pb::RecordNegotiationRoundRequest {
        name: format!("areas/{AREA}/negotiationRounds/{KEY}-tertiary-1"),
        institution_codes: vec![HOSPITAL.to_owned()],
        participants: vec!["市第一医院 医保科".to_owned()],
        minutes_reference: "〔2016〕3号".to_owned(),
        coefficients: vec![pb::AgreedCoefficient { institution_code: HOSPITAL.to_owned(), factors }],
        request_id: request_id(),
    };
    let held =
        year.officer().record_negotiation_round(round).await.unwrap().into_inner().negotiation_round.unwrap();

    let dry = pb::ProposeDecompositionRequest { validate_only: true, ..propose_decomposition() };
    let found = year.officer().propose_decomposition(dry).await.unwrap().into_inner().decomposition.unwrap();
    // 1.05 × 1.1
    assert_eq!(found.quotas[1].coefficient, "1.155");
    let tree = derivation(&year, of_institution("coefficients", HOSPITAL)).await;
    assert_eq!(tree.root.unwrap().value, "1.155");
    let list = pb::ListNegotiationRoundsRequest {
        parent: name("decompositions"),
        page_size: 0,
        page_token: String::new(),
    };
    let listed = year.officer().list_negotiation_rounds(list).await.unwrap().into_inner();
    assert_eq!(listed.negotiation_rounds, [held]);
}

#[tokio::test]
async fn an_adjustment_draws_on_the_reserve_or_returns_to_it() {
    let year = Year::with_quotas().await;
    let decision = year.local("adjustment").await;
    let raised = adjust(HOSPITAL, 2_000, decision.clone());
    let raised = year.officer().adjust_quota(raised).await.unwrap().into_inner();
    assert_eq!(raised.quota_adjustment.unwrap().adjusted_quota_fen, 55_250);
    let cut = adjust(PRIMARY, -500, decision);
    let cut = year.officer().adjust_quota(cut).await.unwrap().into_inner();
    assert_eq!(cut.reserve.unwrap().drawn_fen, 1_500);
    assert_eq!(balance(&year, &format!("transit/budget/settlement/{}", KEY.replace('-', "/"))).await, 72_500);
    assert_eq!(balance(&year, &format!("reserve/{}", KEY.replace('-', "/"))).await, 7_500);

    let own = year.budget.0.as_institution(PRIMARY);
    let mut own = pb::budget_service_client::BudgetServiceClient::new(own);
    let list = pb::ListQuotaAdjustmentsRequest {
        parent: name("decompositions"),
        page_size: 0,
        page_token: String::new(),
    };
    let listed = own.list_quota_adjustments(list).await.unwrap().into_inner().quota_adjustments;
    let codes: Vec<&str> = listed.iter().map(|one| one.institution_code.as_str()).collect();
    assert_eq!(codes, [PRIMARY], "an institution sees its own");
}

#[tokio::test]
async fn execution_is_held_against_the_calendar_and_warns() {
    let year = Year::with_quotas().await;
    year.settlement.emit(AREA, &settled(HOSPITAL, 30_000)).await;
    year.settlement.emit(AREA, &settled(PRIMARY, 1_000)).await;
    let paid = PaymentCompleted {
        payment_order: format!("areas/{AREA}/paymentOrders/{}", Uuid::new_v4()),
        fund_line: "employee".to_owned(),
        institution_code: HOSPITAL.to_owned(),
        amount_fen: 4_260,
        value_date: date(2017, 1, 10),
    };
    year.settlement.emit(AREA, &paid).await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;

    let request = pb::GetExecutionRequest { name: name("executions") };
    let found = year.officer().get_execution(request).await.unwrap().into_inner().execution.unwrap();
    assert_eq!((found.payable_fen, found.paid_fen, found.target_fen), (31_000, 4_260, 71_000));
    assert_eq!((found.time_rate.as_str(), found.spent_rate.as_str()), ("0.0833", "0.4366"));
    let warned: Vec<&str> = found.warnings.iter().map(|warning| warning.institution_code.as_str()).collect();
    assert_eq!(warned, ["", HOSPITAL]);
}

#[tokio::test]
async fn a_year_ends_with_clearing_primary_care_final_account_and_disclosure() {
    let year = Year::with_quotas().await;
    let early =
        pb::OpenClearingRequest { name: name("reserves"), validate_only: false, request_id: request_id() };
    expect_refusal(year.officer().open_clearing(early).await, Code::FailedPrecondition, "YEAR_NOT_OVER");
    year.budget.given_date(2018, 1, 20).await;

    let open =
        pb::OpenClearingRequest { name: name("reserves"), validate_only: false, request_id: request_id() };
    let opened = year.officer().open_clearing(open.clone()).await.unwrap().into_inner();
    assert_eq!(opened.reserve.clone().unwrap().released_fen, 7_200);
    assert_eq!(year.officer().open_clearing(open).await.unwrap().into_inner(), opened);

    year.settlement.emit(AREA, &approved()).await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;
    assert_eq!(balance(&year, &format!("transit/budget/settlement/{}", KEY.replace('-', "/"))).await, 0);

    let decision = year.decided("primary_care_allotment", "health", "").await;
    let allot = pb::AllotPrimaryCareRequest {
        name: format!("areas/{AREA}/primaryCareAllotments/2017-employee"),
        districts: vec![pb::DistrictAllotment {
            district: DISTRICT.to_owned(),
            funding_increase_fen: 5,
            allotted_fen: 0,
        }],
        decision,
        validate_only: false,
        request_id: request_id(),
    };
    let allotted = year.officer().allot_primary_care(allot).await.unwrap().into_inner();
    assert_eq!(allotted.primary_care_allotment.unwrap().allotted_fen, 1_800);
    let after = reserve(&year).await;
    assert_eq!((after.overspend_fen, after.primary_care_fen, after.left_fen), (1_000, 1_800, 6_200));
    assert_eq!(balance(&year, &format!("reserve/{}", KEY.replace('-', "/"))).await, 6_200);
    assert_eq!(derivation(&year, name("reserves")).await.root.unwrap().value, "6200");

    let close = pb::CloseAccountsRequest {
        name: name("finalAccounts"),
        income_fen: 101_000,
        backstop_fen: 0,
        deductions: vec![pb::Deduction { id: "out_of_area".to_owned(), amount_fen: 11_500 }],
        risk_fund_fen: 0,
        decision: year.local("final_accounts").await,
        validate_only: false,
        request_id: request_id(),
    };
    let closed = year.checker().close_accounts(close).await.unwrap().into_inner().final_account.unwrap();
    assert_eq!((closed.settled_fen, closed.expenditure_fen, closed.surplus_fen), (70_000, 83_300, 17_700));
    let publish = pb::PublishDisclosureRequest {
        name: format!("areas/{AREA}/disclosures/{}", Uuid::new_v4()),
        subject: name("finalAccounts"),
        request_id: request_id(),
    };
    year.officer().publish_disclosure(publish).await.unwrap();
    let list =
        pb::ListDisclosuresRequest { parent: YEAR.to_owned(), page_size: 0, page_token: String::new() };
    let listed = year.client(Role::Public).list_disclosures(list).await.unwrap().into_inner().disclosures;
    assert_eq!(listed[0].lines.last().unwrap().amount_fen, 17_700);
}

/// The hospital spent 1,000 fen more than its quota, the primary institution 2,000 less.
fn approved() -> ClearingApproved {
    let cleared = |code: &str, fen| ClearedInstitution {
        institution_code: code.to_owned(),
        payable_fen: fen,
        cost_fen: fen,
        final_fen: fen,
    };
    ClearingApproved {
        fund_year: 2017,
        fund_line: "employee".to_owned(),
        district: DISTRICT.to_owned(),
        decision: format!("areas/{AREA}/decisions/{}", Uuid::new_v4()),
        institutions: vec![cleared(PRIMARY, 15_750), cleared(HOSPITAL, 54_250)],
        reserve_used_fen: 1_000,
        reserve_returned_fen: 6_200,
        quota_returned_fen: 2_000,
    }
}

#[tokio::test]
async fn a_clearing_comes_back_once_however_often_it_is_told() {
    let year = Year::with_quotas().await;
    year.budget.given_date(2018, 1, 20).await;
    let open =
        pb::OpenClearingRequest { name: name("reserves"), validate_only: false, request_id: request_id() };
    year.officer().open_clearing(open).await.unwrap();
    year.settlement.emit(AREA, &approved()).await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;
    let before = reserve(&year).await;

    let mut conn = year.budget.0.database().raw_admin().await;
    use diesel_async::SimpleAsyncConnection;
    conn.batch_execute("UPDATE feed_cursors SET position = 0").await.unwrap();
    year.budget.0.until_caught_up_with(year.settlement.service()).await;
    assert_eq!(reserve(&year).await, before);
}

#[tokio::test]
async fn a_returned_budget_is_proposed_again() {
    let year = Year::open().await;
    let proposed =
        year.officer().propose_budget(propose_budget()).await.unwrap().into_inner().budget.unwrap();
    let review = pb::ReviewBudgetRequest {
        name: name("budgets"),
        in_order: false,
        note: "参保人数有误".to_owned(),
        etag: proposed.etag,
        request_id: request_id(),
    };
    let returned = year.client(Role::FinanceReviewer).review_budget(review).await.unwrap().into_inner();
    assert_eq!(returned.budget.unwrap().state(), pb::budget::State::Returned);
    let again = year.officer().propose_budget(propose_budget()).await.unwrap().into_inner().budget.unwrap();
    assert_eq!(again.state(), pb::budget::State::Proposed);
    let get = pb::GetBudgetRequest { name: name("budgets") };
    assert_eq!(year.client(Role::Auditor).get_budget(get).await.unwrap().into_inner().budget, Some(again));
    let _ = &year.agreement;
}
