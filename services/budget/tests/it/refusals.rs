use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use tonic::Code;
use uuid::Uuid;

use super::lived::{
    HOSPITAL, KEY, PRIMARY, Year, name, of_institution, propose_budget, propose_decomposition,
    propose_target, record_history,
};
use super::support::{AREA, YEAR, bad_fields, expect_refusal, request_id};

const PRECONDITION: Code = Code::FailedPrecondition;

fn review(etag: &str) -> pb::ReviewBudgetRequest {
    pb::ReviewBudgetRequest {
        name: name("budgets"),
        in_order: true,
        note: String::new(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

fn decide_target(decision: &str, etag: &str) -> pb::DecideTargetRequest {
    pb::DecideTargetRequest {
        name: name("targets"),
        decision: decision.to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

fn adjust(decision: &str) -> pb::AdjustQuotaRequest {
    pb::AdjustQuotaRequest {
        name: format!("areas/{AREA}/quotaAdjustments/{}", Uuid::new_v4()),
        decomposition: name("decompositions"),
        institution_code: HOSPITAL.to_owned(),
        reason: "expansion".to_owned(),
        change_fen: 100,
        decision: decision.to_owned(),
        validate_only: false,
        request_id: request_id(),
    }
}

fn coefficient(id: &str, value: &str) -> pb::RecordCoefficientRequest {
    pb::RecordCoefficientRequest {
        name: of_institution("coefficients", HOSPITAL),
        factors: vec![pb::Factor { id: id.to_owned(), value: value.to_owned() }],
        request_id: request_id(),
    }
}

#[tokio::test]
async fn a_budget_is_refused_for_what_is_documented() {
    let year = Box::pin(Year::open()).await;
    let mut officer = year.officer();
    let deficit = pb::ProposeBudgetRequest { expenditure_fen: 100_001, ..propose_budget() };
    expect_refusal(officer.propose_budget(deficit).await, PRECONDITION, "DEFICIT_NOT_ALLOWED");
    let other_line =
        pb::ProposeBudgetRequest { name: name("budgets").replace("employee", "nrcms"), ..propose_budget() };
    expect_refusal(officer.propose_budget(other_line).await, PRECONDITION, "FUND_YEAR_NOT_OPEN");
    let mut finance = year.client(Role::FinanceReviewer);
    expect_refusal(finance.review_budget(review("\"1\"")).await, Code::NotFound, "BUDGET_NOT_FOUND");

    officer.propose_budget(propose_budget()).await.unwrap();
    expect_refusal(finance.review_budget(review("\"7\"")).await, Code::Aborted, "ETAG_MISMATCH");
    let decide = |etag: &str, decision: String| pb::DecideBudgetRequest {
        name: name("budgets"),
        decision,
        etag: etag.to_owned(),
        request_id: request_id(),
    };
    let unknown = format!("areas/{AREA}/decisions/{}", Uuid::new_v4());
    let early = year.checker().decide_budget(decide("\"1\"", unknown.clone())).await;
    expect_refusal(early, PRECONDITION, "WRONG_STATE");
    finance.review_budget(review("\"1\"")).await.unwrap();
    let undecided = year.checker().decide_budget(decide("\"2\"", unknown)).await;
    expect_refusal(undecided, PRECONDITION, "DECISION_UNKNOWN");
    let other_matter = year.local("target").await;
    let mismatched = year.checker().decide_budget(decide("\"2\"", other_matter)).await;
    expect_refusal(mismatched, PRECONDITION, "DECISION_MISMATCH");
    let same = BudgetServiceClient::new(year.budget.0.as_person("ROLE_AGENCY_OFFICER", Role::AgencyChecker))
        .decide_budget(decide("\"2\"", year.local("budget").await))
        .await;
    expect_refusal(same, Code::PermissionDenied, "SAME_PERSON");
}

#[tokio::test]
async fn a_target_is_refused_for_what_is_documented() {
    let year = Box::pin(Year::with_budget()).await;
    let mut officer = year.officer();
    let deduct = |id: &str, amount_fen| vec![pb::Deduction { id: id.to_owned(), amount_fen }];
    let cases = [
        (
            pb::ProposeTargetRequest { deductions: deduct("weather", 1), ..propose_target() },
            "UNKNOWN_DEDUCTION",
        ),
        (pb::ProposeTargetRequest { reserve_fen: Some(13_501), ..propose_target() }, "RESERVE_OVER_MAX"),
        (
            pb::ProposeTargetRequest { deductions: deduct("other", 90_000), ..propose_target() },
            "TARGET_NOT_POSITIVE",
        ),
        (
            pb::ProposeTargetRequest {
                name: name("targets").replace("employee", "resident"),
                ..propose_target()
            },
            "WRONG_STATE",
        ),
        (
            pb::ProposeTargetRequest {
                name: name("targets").replace("440703", "440704"),
                ..propose_target()
            },
            "FUND_YEAR_NOT_OPEN",
        ),
    ];
    for (request, reason) in cases {
        expect_refusal(officer.propose_target(request).await, PRECONDITION, reason);
    }
    let decision = year.local("target").await;
    let missing = year.checker().decide_target(decide_target(&decision, "\"1\"")).await;
    expect_refusal(missing, Code::NotFound, "TARGET_NOT_FOUND");
    officer.propose_target(propose_target()).await.unwrap();
    let stale = year.checker().decide_target(decide_target(&decision, "\"3\"")).await;
    expect_refusal(stale, Code::Aborted, "ETAG_MISMATCH");
    let budget = year.local("budget").await;
    let mismatched = year.checker().decide_target(decide_target(&budget, "\"1\"")).await;
    expect_refusal(mismatched, PRECONDITION, "DECISION_MISMATCH");
    year.checker().decide_target(decide_target(&decision, "\"1\"")).await.unwrap();
    expect_refusal(officer.propose_target(propose_target()).await, PRECONDITION, "WRONG_STATE");
}

#[tokio::test]
async fn what_quotas_are_made_from_is_refused_for_what_is_documented() {
    let year = Box::pin(Year::with_target()).await;
    let mut officer = year.officer();
    let stranger = pb::RecordHistoryRequest {
        name: of_institution("histories", "H44070399999"),
        ..record_history(PRIMARY)
    };
    expect_refusal(officer.record_history(stranger).await, PRECONDITION, "UNKNOWN_INSTITUTION");
    let long = pb::RecordHistoryRequest { history_fen: vec![1; 4], ..record_history(PRIMARY) };
    expect_refusal(officer.record_history(long).await, PRECONDITION, "TOO_MANY_YEARS");
    expect_refusal(
        officer.record_coefficient(coefficient("level", "1")).await,
        PRECONDITION,
        "UNKNOWN_FACTOR",
    );
    let wide = officer.record_coefficient(coefficient("effective_volume", "1.11")).await;
    expect_refusal(wide, PRECONDITION, "FACTOR_OUT_OF_RANGE");
    let round = |number: u32| pb::RecordNegotiationRoundRequest {
        name: format!("areas/{AREA}/negotiationRounds/{KEY}-tertiary-{number}"),
        institution_codes: vec![HOSPITAL.to_owned()],
        participants: vec!["医保科".to_owned()],
        minutes_reference: "〔2016〕3号".to_owned(),
        coefficients: vec![],
        request_id: request_id(),
    };
    expect_refusal(officer.record_negotiation_round(round(2)).await, PRECONDITION, "ROUND_OUT_OF_ORDER");
    officer.record_negotiation_round(round(1)).await.unwrap();
    expect_refusal(officer.record_negotiation_round(round(1)).await, Code::AlreadyExists, "ROUND_EXISTS");

    let empty = officer.propose_decomposition(propose_decomposition()).await;
    expect_refusal(empty, PRECONDITION, "NOTHING_TO_WEIGH");
    let mut own = BudgetServiceClient::new(year.budget.0.as_institution(HOSPITAL));
    let application = |code: &str| pb::SubmitApplicationRequest {
        name: of_institution("applications", code),
        applied_fen: 1,
        reason: String::new(),
        request_id: request_id(),
    };
    own.submit_application(application(HOSPITAL)).await.unwrap();
    let other = own.submit_application(application(PRIMARY)).await;
    expect_refusal(other, Code::NotFound, "RESOURCE_NOT_FOUND");
    let missing = officer.propose_decomposition(propose_decomposition()).await;
    expect_refusal(missing, PRECONDITION, "HISTORY_MISSING");
    officer.record_history(record_history(HOSPITAL)).await.unwrap();
    let forecast =
        pb::ProposeDecompositionRequest { forecast_factor: "1.31".to_owned(), ..propose_decomposition() };
    expect_refusal(officer.propose_decomposition(forecast).await, PRECONDITION, "FORECAST_OUT_OF_RANGE");
}

#[tokio::test]
async fn an_adjustment_is_refused_for_what_is_documented() {
    let year = Box::pin(Year::with_quotas()).await;
    let mut officer = year.officer();
    let decision = year.local("adjustment").await;
    let target = year.local("target").await;
    let cases = [
        (
            pb::AdjustQuotaRequest { reason: "weather".to_owned(), ..adjust(&decision) },
            PRECONDITION,
            "UNKNOWN_REASON",
        ),
        (
            pb::AdjustQuotaRequest { change_fen: 7_201, ..adjust(&decision) },
            PRECONDITION,
            "RESERVE_INSUFFICIENT",
        ),
        (
            pb::AdjustQuotaRequest { change_fen: -60_000, ..adjust(&decision) },
            PRECONDITION,
            "QUOTA_INSUFFICIENT",
        ),
        (
            pb::AdjustQuotaRequest { institution_code: "H44070399999".to_owned(), ..adjust(&decision) },
            Code::NotFound,
            "QUOTA_NOT_FOUND",
        ),
        (adjust(&target), PRECONDITION, "DECISION_MISMATCH"),
    ];
    for (request, code, reason) in cases {
        expect_refusal(officer.adjust_quota(request).await, code, reason);
    }
    let taken = adjust(&decision);
    officer.adjust_quota(taken.clone()).await.unwrap();
    let taken = pb::AdjustQuotaRequest { request_id: request_id(), ..taken };
    expect_refusal(officer.adjust_quota(taken).await, Code::AlreadyExists, "ADJUSTMENT_EXISTS");
    expect_refusal(officer.record_history(record_history(PRIMARY)).await, PRECONDITION, "WRONG_STATE");

    year.budget.given_date(2018, 1, 2).await;
    let open =
        || pb::OpenClearingRequest { name: name("reserves"), validate_only: false, request_id: request_id() };
    officer.open_clearing(open()).await.unwrap();
    expect_refusal(officer.open_clearing(open()).await, PRECONDITION, "CLEARING_OPEN");
    expect_refusal(officer.adjust_quota(adjust(&decision)).await, PRECONDITION, "CLEARING_OPEN");
    let allot = pb::AllotPrimaryCareRequest {
        name: format!("areas/{AREA}/primaryCareAllotments/2017-employee"),
        districts: vec![],
        decision: String::new(),
        validate_only: false,
        request_id: request_id(),
    };
    expect_refusal(officer.allot_primary_care(allot).await, PRECONDITION, "CLEARING_NOT_APPROVED");
    let close = pb::CloseAccountsRequest {
        name: name("finalAccounts"),
        income_fen: 1,
        backstop_fen: 0,
        deductions: vec![],
        risk_fund_fen: 0,
        decision: String::new(),
        validate_only: false,
        request_id: request_id(),
    };
    expect_refusal(officer.close_accounts(close).await, PRECONDITION, "CLEARING_NOT_APPROVED");
    let publish = pb::PublishDisclosureRequest {
        name: format!("areas/{AREA}/disclosures/{}", Uuid::new_v4()),
        subject: name("budgets"),
        request_id: request_id(),
    };
    officer.publish_disclosure(publish.clone()).await.unwrap();
    let twice = pb::PublishDisclosureRequest { request_id: request_id(), ..publish };
    expect_refusal(officer.publish_disclosure(twice).await, Code::AlreadyExists, "DISCLOSURE_EXISTS");
}

#[tokio::test]
async fn another_area_sees_and_changes_nothing_of_a_budget() {
    let year = Box::pin(Year::with_quotas()).await;
    let other = |role| BudgetServiceClient::new(year.budget.0.as_role_in("440800", role));
    let mut officer = other(Role::AgencyOfficer);
    let not_found = (Code::NotFound, "RESOURCE_NOT_FOUND");
    macro_rules! refused {
        ($client:expr, $method:ident, $request:expr) => {
            expect_refusal($client.$method($request).await, not_found.0, not_found.1)
        };
    }
    refused!(officer, propose_budget, propose_budget());
    refused!(other(Role::FinanceReviewer), review_budget, review("\"1\""));
    refused!(officer, get_budget, pb::GetBudgetRequest { name: name("budgets") });
    refused!(officer, propose_target, propose_target());
    refused!(officer, get_target, pb::GetTargetRequest { name: name("targets") });
    refused!(officer, record_history, record_history(PRIMARY));
    refused!(officer, record_coefficient, coefficient("effective_volume", "1"));
    refused!(officer, propose_decomposition, propose_decomposition());
    refused!(officer, get_decomposition, pb::GetDecompositionRequest { name: name("decompositions") });
    refused!(officer, adjust_quota, adjust(&format!("areas/{AREA}/decisions/{}", Uuid::new_v4())));
    refused!(officer, get_reserve, pb::GetReserveRequest { name: name("reserves") });
    refused!(officer, get_execution, pb::GetExecutionRequest { name: name("executions") });
    refused!(officer, get_final_account, pb::GetFinalAccountRequest { name: name("finalAccounts") });
    refused!(officer, explain_amount, pb::ExplainAmountRequest { name: name("targets") });
    let list =
        pb::ListDisclosuresRequest { parent: YEAR.to_owned(), page_size: 0, page_token: String::new() };
    refused!(officer, list_disclosures, list);
    refused!(
        officer,
        list_ledger_accounts,
        pb::ListLedgerAccountsRequest { parent: format!("areas/{AREA}") }
    );
    let own = pb::GetTargetRequest { name: name("targets").replace("440700", "440800") };
    expect_refusal(officer.get_target(own).await, Code::NotFound, "TARGET_NOT_FOUND");

    let mut hospital = BudgetServiceClient::new(year.budget.0.as_institution(HOSPITAL));
    let other = pb::ExplainAmountRequest { name: of_institution("quotas", PRIMARY) };
    expect_refusal(hospital.explain_amount(other).await, Code::NotFound, "AMOUNT_NOT_FOUND");
    let own = pb::ExplainAmountRequest { name: of_institution("quotas", HOSPITAL) };
    hospital.explain_amount(own).await.unwrap();
}

#[tokio::test]
async fn every_bad_field_of_a_proposal_is_named() {
    let year = Box::pin(Year::open()).await;
    let bad = pb::ProposeBudgetRequest {
        name: "areas/440700/budgets/2017".to_owned(),
        income_fen: 0,
        expenditure_fen: -1,
        basis: Some(pb::BudgetBasis {
            n_insured: -1,
            expected_growth_rate: "viel".to_owned(),
            ..Default::default()
        }),
        deficit_decision: "x".to_owned(),
        request_id: String::new(),
        validate_only: false,
    };
    let fields = bad_fields(year.officer().propose_budget(bad).await);
    let expected = [
        "name",
        "request_id",
        "income_fen",
        "expenditure_fen",
        "basis.n_insured",
        "basis.expected_growth_rate",
        "deficit_decision",
    ];
    assert_eq!(fields, expected);
}
