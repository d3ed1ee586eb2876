use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use tonic::Code;

use super::support::*;
use crate::bills::common::{HOSPITAL, metadata, new_id, reason};

#[tokio::test(flavor = "multi_thread")]
async fn prepayments_are_refused_for_their_reasons() {
    let suite = Suite::deaf().await;
    let status = suite.officer().pay_advance(advance(1)).await.unwrap_err();
    assert_eq!(reason(&status), "FUND_YEAR_NOT_OPEN");
    drop(suite);

    let suite = Suite::open().await;
    let mut officer = suite.officer();
    let status = officer.pay_advance(advance(3)).await.unwrap_err();
    assert_eq!(reason(&status), "ADVANCE_MONTHS_OUT_OF_RANGE");
    assert_eq!((metadata(&status, "least"), metadata(&status, "most")), ("1".into(), "2".into()));
    let elsewhere = pb::PayAdvanceRequest { district: "440704".into(), ..advance(1) };
    assert_eq!(reason(&officer.pay_advance(elsewhere).await.unwrap_err()), "FUND_YEAR_NOT_OPEN");
    let resident = pb::PayAdvanceRequest { fund_line: "resident".into(), ..advance(1) };
    assert_eq!(reason(&officer.pay_advance(resident).await.unwrap_err()), "HISTORY_UNKNOWN");
    officer.pay_advance(advance(1)).await.unwrap();
    let status = officer.pay_advance(advance(1)).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::AlreadyExists, "PREPAYMENT_EXISTS".to_owned()));
    let status = officer.pay_working_capital(working_capital()).await.unwrap_err();
    assert_eq!(reason(&status), "QUOTA_UNKNOWN");

    suite.quotas().await;
    let resident = pb::PayAdvanceRequest { fund_line: "resident".into(), ..advance(1) };
    assert_eq!(reason(&officer.pay_advance(resident).await.unwrap_err()), "QUOTA_KNOWN");
    let status = officer.pay_clean_record_capital(clean_record()).await.unwrap_err();
    assert_eq!(reason(&status), "WORKING_CAPITAL_UNPAID");
    officer.pay_working_capital(working_capital()).await.unwrap();
    let status = officer.pay_clean_record_capital(clean_record()).await.unwrap_err();
    assert_eq!(reason(&status), "CLEAN_RECORD_UNKNOWN");
    assert_eq!(metadata(&status, "institution_code"), HOSPITAL);
}

#[tokio::test(flavor = "multi_thread")]
async fn months_statements_and_orders_are_refused_for_their_reasons() {
    let suite = Suite::open().await;
    assert_eq!(reason(&suite.start(1).await.unwrap_err()), "MONTH_NOT_OVER");
    suite.after(2).await;
    assert_eq!(reason(&suite.start(1).await.unwrap_err()), "QUOTA_UNKNOWN");
    suite.quotas().await;
    assert_eq!(reason(&suite.start(2).await.unwrap_err()), "MONTH_OUT_OF_ORDER");
    let mut officer = suite.officer();
    let get = pb::GetMonthSettlementRequest { name: format!("{PARENT}/monthSettlements/2017-01") };
    let status = officer.get_month_settlement(get.clone()).await.unwrap_err();
    assert_eq!(reason(&status), "MONTH_SETTLEMENT_NOT_FOUND");
    let create = || pb::CreatePaymentOrdersRequest {
        parent: PARENT.into(),
        settlement_month: month_of(1),
        request_id: new_id(),
    };
    let status = officer.create_payment_orders(create()).await.unwrap_err();
    assert_eq!(reason(&status), "MONTH_NOT_SETTLED");

    suite.bills(HOSPITAL, 1, 2, 100_000).await;
    suite.start(1).await.unwrap();
    officer.get_month_settlement(get).await.unwrap();
    let name = statement_name(1, HOSPITAL);
    let mut hospital = suite.institution(HOSPITAL);
    let dispute = |etag: &str, reason: &str| pb::DisputeStatementRequest {
        name: name.clone(),
        etag: etag.into(),
        reason: reason.into(),
        request_id: new_id(),
    };
    let resolve = |etag: &str| pb::ResolveDisputeRequest {
        name: name.clone(),
        etag: etag.into(),
        answer: "按协议定额结算".into(),
        request_id: new_id(),
    };
    assert_eq!(
        reason(&officer.resolve_dispute(resolve("\"1\"")).await.unwrap_err()),
        "STATEMENT_NOT_DISPUTED"
    );
    let status = hospital.dispute_statement(dispute("\"9\"", "人次不符")).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    let status = hospital.dispute_statement(dispute("\"1\"", " ")).await.unwrap_err();
    assert_eq!(reason(&status), "BAD_REQUEST");
    hospital.dispute_statement(dispute("\"1\"", "人次不符")).await.unwrap();
    let status = hospital.dispute_statement(dispute("\"2\"", "人次不符")).await.unwrap_err();
    assert_eq!(reason(&status), "STATEMENT_NOT_OPEN");
    assert!(officer.create_payment_orders(create()).await.unwrap().into_inner().payment_orders.is_empty());
    officer.resolve_dispute(resolve("\"2\"")).await.unwrap();

    let orders = officer.create_payment_orders(create()).await.unwrap().into_inner().payment_orders;
    let names = vec![orders[0].name.clone()];
    let approve = |names: Vec<String>| pb::ApprovePaymentOrdersRequest {
        parent: PARENT.into(),
        names,
        request_id: new_id(),
    };
    let export =
        || pb::ExportPaymentOrdersRequest { parent: PARENT.into(), fund_year: 2017, request_id: new_id() };
    let mut checker = suite.checker();
    assert_eq!(reason(&checker.export_payment_orders(export()).await.unwrap_err()), "NOTHING_TO_EXPORT");
    let unknown = vec![format!("{PARENT}/paymentOrders/none")];
    let status = checker.approve_payment_orders(approve(unknown)).await.unwrap_err();
    assert_eq!(reason(&status), "PAYMENT_ORDER_NOT_FOUND");
    let status = officer.record_payment_results(results(&names)).await.unwrap_err();
    assert_eq!(reason(&status), "PAYMENT_ORDER_STATE");
    checker.approve_payment_orders(approve(names.clone())).await.unwrap();
    let status = checker.approve_payment_orders(approve(names.clone())).await.unwrap_err();
    assert_eq!(reason(&status), "PAYMENT_ORDER_STATE");
    let file = checker.export_payment_orders(export()).await.unwrap().into_inner();
    assert_eq!((file.n_orders, file.amount_fen), (1, 160_000));

    // The bank could not pay: the order goes out again.
    let mut failed = results(&names);
    failed.results[0].paid = false;
    failed.results[0].failure = "户名不符".into();
    officer.record_payment_results(failed).await.unwrap();
    checker.export_payment_orders(export()).await.unwrap();
    officer.record_payment_results(results(&names)).await.unwrap();
    assert_eq!(suite.balance("bank/employee").await, 160_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn clearings_are_refused_for_their_reasons() {
    let suite = Suite::with_quotas().await;
    let mut officer = suite.officer();
    let get = pb::GetClearingRequest { name: clearing_name() };
    assert_eq!(reason(&officer.get_clearing(get).await.unwrap_err()), "CLEARING_NOT_FOUND");
    assert_eq!(reason(&officer.propose_clearing(propose(true)).await.unwrap_err()), "CLEARING_NOT_OPEN");
    suite.open_clearing(100_000).await;
    let status = officer.propose_clearing(propose(true)).await.unwrap_err();
    assert_eq!(
        (reason(&status), metadata(&status, "settlement_month")),
        ("MONTH_NOT_SETTLED".into(), "2017-01".into())
    );
    for month in 1..=12 {
        suite.after(month).await;
        suite.start(month).await.unwrap();
    }
    let resident = pb::ProposeClearingRequest { fund_line: "resident".into(), ..propose(true) };
    assert_eq!(reason(&officer.propose_clearing(resident).await.unwrap_err()), "CLEARING_NOT_OPEN");

    let plan = officer.propose_clearing(propose(false)).await.unwrap().into_inner().clearing.unwrap();
    assert_eq!(reason(&officer.propose_clearing(propose(false)).await.unwrap_err()), "CLEARING_EXISTS");
    let decide = |decision: String, etag: &str| pb::DecideClearingRequest {
        name: clearing_name(),
        decision,
        etag: etag.into(),
        request_id: new_id(),
    };
    let approve = |etag: &str| pb::ApproveClearingRequest {
        name: clearing_name(),
        etag: etag.into(),
        request_id: new_id(),
    };
    let mut city = suite.city();
    assert_eq!(reason(&city.approve_clearing(approve(&plan.etag)).await.unwrap_err()), "CLEARING_STATE");
    let status = officer.decide_clearing(decide(decision_name(7), &plan.etag)).await.unwrap_err();
    assert_eq!(reason(&status), "DECISION_UNKNOWN");
    let other = medfund_proto::budget::v1::DecisionRecorded {
        decision: decision_name(8),
        body: "local_joint_meeting".into(),
        matter: "target".into(),
        district: DISTRICT.into(),
        fund_year: 2017,
        subject: String::new(),
        approved: true,
        meeting_date: Some(Date { year: 2018, month: 2, day: 1 }),
    };
    suite.budget.emit("440700", &other).await;
    let no = suite.decision(9, false).await;
    let status = officer.decide_clearing(decide(decision_name(8), &plan.etag)).await.unwrap_err();
    assert_eq!(
        (reason(&status), metadata(&status, "field")),
        ("DECISION_UNSUITABLE".into(), "matter".into())
    );
    let status = officer.decide_clearing(decide(no.clone(), "\"5\"")).await.unwrap_err();
    assert_eq!(reason(&status), "ETAG_MISMATCH");
    officer.decide_clearing(decide(no, &plan.etag)).await.unwrap();

    // Rejected: proposed anew, and this time decided.
    let plan = officer.propose_clearing(propose(false)).await.unwrap().into_inner().clearing.unwrap();
    let yes = suite.decision(10, true).await;
    let decided =
        officer.decide_clearing(decide(yes, &plan.etag)).await.unwrap().into_inner().clearing.unwrap();
    let cleared = city.approve_clearing(approve(&decided.etag)).await.unwrap().into_inner().clearing.unwrap();
    assert_eq!(cleared.reserve_returned_fen, 100_000);
    let status = city.approve_clearing(approve(&cleared.etag)).await.unwrap_err();
    assert_eq!(reason(&status), "CLEARING_STATE");
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
}
