use medfund_proto::agreement::v1 as agreement;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::{AREA, Refusals};

use crate::bills::common::{CLINIC, HOSPITAL, digest_of, new_id};
use crate::year::support::*;

pub(super) const RPCS: [&str; 8] = [
    "StartMonthSettlement",
    "GetMonthSettlement",
    "GetStatement",
    "ConfirmStatement",
    "DisputeStatement",
    "ResolveDispute",
    "ExplainAmount",
    "ExportCasePoints",
];

/// An institution that was admitted and has no agreement.
const STRANGER: &str = "H44070300009";

#[tokio::test(flavor = "multi_thread")]
async fn months_and_statements_are_refused_for_every_documented_reason() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);

    let suite = Suite::deaf().await;
    let mut officer = suite.officer();
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "CALENDAR_NOT_OPEN");
    drop(suite);
    let suite = Suite::open().await;
    too_early(&suite, &mut refusals).await;
    not_ready(&suite, &mut refusals).await;
    no_rule(&suite, &mut refusals).await;
    statements(&suite, &mut refusals).await;
    drop(suite);
    Box::pin(no_pool(&mut refusals)).await;

    println!("{} refusals of months are as documented", refusals.all_provoked());
}

async fn too_early(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = suite.officer();
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "MONTH_NOT_OVER");
    suite.after(2).await;
    let before = pb::StartMonthSettlementRequest {
        settlement_month: Some(Date { year: 2016, month: 12, day: 0 }),
        ..start(1)
    };
    refuse!(refusals, officer.start_month_settlement(before), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "QUOTA_UNKNOWN");
    suite.quotas().await;
    refuse!(refusals, officer.start_month_settlement(start(2)), FailedPrecondition / "MONTH_OUT_OF_ORDER");
    let name = format!("{PARENT}/monthSettlements/2017-01");
    let get = pb::GetMonthSettlementRequest { name };
    refuse!(refusals, officer.get_month_settlement(get), NotFound / "MONTH_SETTLEMENT_NOT_FOUND");
}

async fn not_ready(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = suite.officer();
    suite.agreement.emit(AREA, &institution(STRANGER, false)).await;
    suite.heard().await;
    let lines = [bill(STRANGER, 1, 1, 100_000)];
    let mut stranger = suite.bills_of(STRANGER);
    let begin = |file_digest: String| pb::StartUploadRequest {
        parent: PARENT.into(),
        institution_code: STRANGER.into(),
        settlement_month: month_of(1),
        file_digest,
        n_lines: 1,
        request_id: new_id(),
    };
    let open = stranger.start_upload(begin(digest_of(&[]))).await.unwrap().into_inner().upload.unwrap();
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "UPLOAD_OPEN");
    // The agency gives up what its institution does not finish.
    let abandon = pb::AbandonUploadRequest { name: open.name, request_id: new_id() };
    let mut agency = suite.agency_bills();
    agency.abandon_upload(abandon).await.unwrap();
    let upload = stranger.start_upload(begin(digest_of(&lines))).await.unwrap().into_inner().upload.unwrap();
    crate::bills::common::upload_of(&mut stranger, &upload, &lines).await.unwrap();
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "AGREEMENT_UNKNOWN");
    suite.agreement.emit(AREA, &signed(STRANGER)).await;
    suite.heard().await;
}

async fn no_rule(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = suite.officer();
    let mut supplement = agreement::AgreementSigned { version: 2, ..signed(CLINIC) };
    supplement.terms[0].method = PaymentMethod::DrgPoints.into();
    suite.agreement.emit(AREA, &supplement).await;
    suite.heard().await;
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "RULE_NOT_SETTLED");
    suite.agreement.emit(AREA, &agreement::AgreementSigned { version: 3, ..signed(CLINIC) }).await;
    suite.heard().await;
    // Nothing was closed: the clinic may still send its bills.
    suite.bills(CLINIC, 1, 2, 50_000).await;
    suite.start(1).await.unwrap();
}

async fn no_pool(refusals: &mut Refusals) {
    let suite = Suite::without_pool().await;
    let mut officer = suite.officer();
    suite.adopt_scheme().await;
    suite.date(2017, 1, 28).await;
    suite.send(HOSPITAL, 1, vec![stay(HOSPITAL, 1, 1)]).await;
    suite.after(1).await;
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "POOL_UNKNOWN");
    suite.approve_pool(&pool(2017, LINE)).await;
    refuse!(refusals, officer.start_month_settlement(start(1)), FailedPrecondition / "TARIFF_UNKNOWN");
    refuse!(refusals, officer.export_case_points(case_points(2017)), FailedPrecondition / "TARIFF_UNKNOWN");
    refuse!(
        refusals,
        officer.export_case_points(case_points(2016)),
        FailedPrecondition / "FUND_YEAR_NOT_OPEN"
    );
}

async fn statements(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut hospital) = (suite.officer(), suite.institution(HOSPITAL));
    let (own, other) = (statement_name(1, HOSPITAL), statement_name(1, CLINIC));
    let get = pb::GetStatementRequest { name: other.clone() };
    refuse!(refusals, hospital.get_statement(get), NotFound / "STATEMENT_NOT_FOUND");
    refuse!(refusals, hospital.confirm_statement(confirm(&other, "\"1\"")), NotFound / "STATEMENT_NOT_FOUND");
    refuse!(refusals, hospital.dispute_statement(dispute(&other, "\"1\"")), NotFound / "STATEMENT_NOT_FOUND");
    let unknown = statement_name(2, HOSPITAL);
    refuse!(refusals, officer.resolve_dispute(resolve(&unknown, "\"1\"")), NotFound / "STATEMENT_NOT_FOUND");
    refuse!(refusals, hospital.confirm_statement(confirm(&own, "\"9\"")), Aborted / "ETAG_MISMATCH");
    refuse!(refusals, hospital.dispute_statement(dispute(&own, "\"9\"")), Aborted / "ETAG_MISMATCH");
    refuse!(
        refusals,
        officer.resolve_dispute(resolve(&own, "\"1\"")),
        FailedPrecondition / "STATEMENT_NOT_DISPUTED"
    );
    hospital.dispute_statement(dispute(&own, "\"1\"")).await.unwrap();
    refuse!(refusals, officer.resolve_dispute(resolve(&own, "\"1\"")), Aborted / "ETAG_MISMATCH");
    let (confirm, dispute) = (confirm(&own, "\"2\""), dispute(&own, "\"2\""));
    refuse!(refusals, hospital.confirm_statement(confirm), FailedPrecondition / "STATEMENT_NOT_OPEN");
    refuse!(refusals, hospital.dispute_statement(dispute), FailedPrecondition / "STATEMENT_NOT_OPEN");
    for amount in [
        format!("{other}/payableFen"),
        format!("{own}/costFen"),
        format!("{PARENT}/prepayments/2017-advance-{LINE}-{HOSPITAL}/amountFen"),
        format!("{PARENT}/deposits/2017-{LINE}-{CLINIC}/baseFen"),
        format!("{PARENT}/deposits/2016-{LINE}-{HOSPITAL}/baseFen"),
        format!("{}/institutions/{HOSPITAL}/finalFen", clearing_name()),
    ] {
        let explain = pb::ExplainAmountRequest { name: amount };
        refuse!(refusals, hospital.explain_amount(explain), NotFound / "AMOUNT_NOT_FOUND");
    }
}
