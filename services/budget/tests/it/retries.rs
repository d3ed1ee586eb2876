use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use tonic::Code;
use uuid::Uuid;

use super::lived::{
    HOSPITAL, KEY, PRIMARY, Year, name, of_institution, propose_budget, propose_decomposition,
    propose_target, record_history,
};
use super::support::{AREA, expect_refusal, request_id};

/// Makes a call and keeps its request and its answer.
macro_rules! first {
    ($client:expr, $method:ident, $request:expr) => {{
        let request = $request;
        let answer = $client.$method(request.clone()).await.unwrap().into_inner();
        (request, answer)
    }};
}

/// Repeats a call after all that happened since, then uses its id for something else.
macro_rules! again {
    ($client:expr, $method:ident, $first:expr, |$request:ident| $change:expr) => {{
        let (request, answer) = $first;
        assert_eq!($client.$method(request.clone()).await.unwrap().into_inner(), answer, stringify!($method));
        let mut $request = request;
        $change;
        let reused = $client.$method($request).await;
        expect_refusal(reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    }};
}

#[tokio::test]
async fn every_repeated_call_gets_the_first_answer_and_a_reused_id_is_refused() {
    let year = Box::pin(Year::open()).await;
    let (mut officer, mut checker) = (year.officer(), year.checker());
    let (mut finance, mut city) = (year.client(Role::FinanceReviewer), year.client(Role::CityAgency));
    let mut secretary = year.client(Role::MeetingSecretary);
    let mut own = BudgetServiceClient::new(year.budget.0.as_institution(HOSPITAL));

    let proposed = first!(officer, propose_budget, propose_budget());
    let reviewed = first!(
        finance,
        review_budget,
        pb::ReviewBudgetRequest {
            name: name("budgets"),
            in_order: true,
            note: String::new(),
            etag: proposed.1.budget.as_ref().unwrap().etag.clone(),
            request_id: request_id(),
        }
    );
    let approved = first!(
        checker,
        decide_budget,
        pb::DecideBudgetRequest {
            name: name("budgets"),
            decision: year.local("budget").await,
            etag: reviewed.1.budget.as_ref().unwrap().etag.clone(),
            request_id: request_id(),
        }
    );
    let target = first!(officer, propose_target, propose_target());
    let decided = first!(
        checker,
        decide_target,
        pb::DecideTargetRequest {
            name: name("targets"),
            decision: year.local("target").await,
            etag: target.1.target.as_ref().unwrap().etag.clone(),
            request_id: request_id(),
        }
    );
    let history = first!(officer, record_history, record_history(PRIMARY));
    officer.record_history(record_history(HOSPITAL)).await.unwrap();
    let application = first!(
        own,
        submit_application,
        pb::SubmitApplicationRequest {
            name: of_institution("applications", HOSPITAL),
            applied_fen: 60_000,
            reason: "新增床位".to_owned(),
            request_id: request_id(),
        }
    );
    let coefficient = first!(
        officer,
        record_coefficient,
        pb::RecordCoefficientRequest {
            name: of_institution("coefficients", PRIMARY),
            factors: vec![pb::Factor { id: "service_scope".to_owned(), value: "1.05".to_owned() }],
            request_id: request_id(),
        }
    );
    let round = first!(
        officer,
        record_negotiation_round,
        pb::RecordNegotiationRoundRequest {
            name: format!("areas/{AREA}/negotiationRounds/{KEY}-tertiary-1"),
            institution_codes: vec![HOSPITAL.to_owned()],
            participants: vec!["医保科".to_owned()],
            minutes_reference: "〔2016〕3号".to_owned(),
            coefficients: vec![],
            request_id: request_id(),
        }
    );
    let decomposition = first!(officer, propose_decomposition, propose_decomposition());
    let balanced = first!(
        city,
        balance_decomposition,
        pb::BalanceDecompositionRequest {
            name: name("decompositions"),
            note: String::new(),
            etag: decomposition.1.decomposition.as_ref().unwrap().etag.clone(),
            request_id: request_id(),
        }
    );
    let in_force = first!(
        secretary,
        decide_decomposition,
        pb::DecideDecompositionRequest {
            name: name("decompositions"),
            decision: year.decided("decomposition", "city_joint_meeting", "").await,
            etag: balanced.1.decomposition.as_ref().unwrap().etag.clone(),
            request_id: request_id(),
        }
    );
    let adjusted = first!(
        officer,
        adjust_quota,
        pb::AdjustQuotaRequest {
            name: format!("areas/{AREA}/quotaAdjustments/{}", Uuid::new_v4()),
            decomposition: name("decompositions"),
            institution_code: HOSPITAL.to_owned(),
            reason: "expansion".to_owned(),
            change_fen: 100,
            decision: year.local("adjustment").await,
            validate_only: false,
            request_id: request_id(),
        }
    );
    let published = first!(
        officer,
        publish_disclosure,
        pb::PublishDisclosureRequest {
            name: format!("areas/{AREA}/disclosures/{}", Uuid::new_v4()),
            subject: name("targets"),
            request_id: request_id(),
        }
    );
    year.budget.given_date(2018, 1, 2).await;
    let opened = first!(
        officer,
        open_clearing,
        pb::OpenClearingRequest { name: name("reserves"), validate_only: false, request_id: request_id() }
    );

    again!(officer, propose_budget, proposed, |request| request.income_fen += 1);
    again!(finance, review_budget, reviewed, |request| request.note = "另".to_owned());
    again!(checker, decide_budget, approved, |request| request.etag = "\"9\"".to_owned());
    again!(officer, propose_target, target, |request| request.adjustment_fen += 1);
    again!(checker, decide_target, decided, |request| request.etag = "\"9\"".to_owned());
    again!(officer, record_history, history, |request| request.last_year_settled_fen += 1);
    again!(own, submit_application, application, |request| request.applied_fen += 1);
    again!(officer, record_coefficient, coefficient, |request| request.factors.clear());
    again!(officer, record_negotiation_round, round, |request| request.minutes_reference.push('x'));
    again!(officer, propose_decomposition, decomposition, |request| request.forecast_factor.push('1'));
    again!(city, balance_decomposition, balanced, |request| request.note.push('x'));
    again!(secretary, decide_decomposition, in_force, |request| request.etag = "\"9\"".to_owned());
    again!(officer, adjust_quota, adjusted, |request| request.change_fen += 1);
    again!(officer, publish_disclosure, published, |request| request.subject = name("budgets"));
    again!(officer, open_clearing, opened, |request| request.validate_only = true);
}
