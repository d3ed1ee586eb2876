use futures::stream;
use medfund_proto::agreement::v1 as agreement;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::AREA;

use crate::bills::common::{CLINIC, HOSPITAL, chunk, digest_of, errors, finish, new_id, send, upload_of};
use crate::year::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_answers_once_and_only_to_its_own() {
    let suite = Suite::open().await;

    paid_ahead(&suite).await;
    billed(&suite).await;
    settled(&suite).await;
    suite.months_from(2).await;
    cleared(&suite).await;
    looked_up(&suite).await;
    Box::pin(reviewed_singly(&suite)).await;

    suite.service.tell_again(PACKAGE, &[]).await;
}

async fn paid_ahead(suite: &Suite) {
    suite.officer().pay_advance(advance(1)).await.unwrap();
    suite.pay_orders().await;
    suite.quotas().await;
    suite.officer().pay_working_capital(working_capital()).await.unwrap();
    for code in [HOSPITAL, CLINIC] {
        let confirmed =
            agreement::CleanRecordConfirmed { fund_year: 2017, institution_code: code.into(), clean: true };
        suite.agreement.emit(AREA, &confirmed).await;
    }
    suite.heard().await;
    suite.officer().pay_clean_record_capital(clean_record()).await.unwrap();
    suite.pay_orders().await;
    suite.open_year(2018, &pack_of_months()).await;
    suite.history(2018, HOSPITAL).await;
    let next = Date { year: 2018, month: 1, day: 0 };
    let next = pb::PayMonthAheadRequest { fund_year: 2018, settlement_month: Some(next), ..month_ahead(1) };
    suite.officer().pay_month_ahead(next).await.unwrap();
    suite.open_year(2019, POOL_PACK).await;
    suite.history(2019, HOSPITAL).await;
    suite.approve_pool(&pool(2019, LINE)).await;
    let next = pb::PayInstalmentRequest { fund_year: 2019, ..instalment("year_start") };
    suite.officer().pay_instalment(next).await.unwrap();
    let list = pb::ListPrepaymentsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    suite.institution(HOSPITAL).list_prepayments(list).await.unwrap();
}

/// A case of January 2019, whose year has a pool.
async fn reviewed_singly(suite: &Suite) {
    suite.adopt_scheme().await;
    suite.adopt_tariff().await;
    suite.pool_agreed(2019).await;
    suite.date(2019, 1, 28).await;
    let january = |day| Some(Date { year: 2019, month: 1, day });
    let later = |n| pb::BillLine {
        setl_id: format!("S19{n:05}"),
        begndate: january(3),
        enddate: january(11),
        setl_time: january(12),
        ..stay(HOSPITAL, 1, n)
    };
    let lines: Vec<pb::BillLine> = (1..=20).map(later).collect();
    let upload = pb::StartUploadRequest { settlement_month: january(0), n_lines: 20, ..start_upload(&lines) };
    let mut bills = suite.bills_of(HOSPITAL);
    let upload = bills.start_upload(upload).await.unwrap().into_inner().upload.unwrap();
    upload_of(&mut bills, &upload, &lines).await.unwrap();
    suite.date(2019, 2, 5).await;
    let month = pb::StartMonthSettlementRequest { settlement_month: january(0), ..start(1) };
    suite.officer().start_month_settlement(month).await.unwrap();

    suite.experts(5).await;
    suite.special_cases_checker().retire_expert(retire("e5")).await.unwrap();
    let list = pb::ListExpertsRequest { parent: PARENT.into(), ..Default::default() };
    suite.special_cases().list_experts(list).await.unwrap();
    suite.special_cases_of(HOSPITAL).file_special_case(file(HOSPITAL, "S1900001")).await.unwrap();
    let heard = suite.hear("S1900001").await;
    suite.opinions(&heard, [true, true, false]).await;
    suite.decide_case("S1900001", 900_000).await;
    let list = pb::ListSpecialCasesRequest { parent: PARENT.into(), fund_year: 2019, ..Default::default() };
    let own = suite.special_cases_of(HOSPITAL).list_special_cases(list).await.unwrap().into_inner();
    assert_eq!(own.special_cases.len(), 1);
    let get = pb::GetSpecialCaseRequest { name: own.special_cases[0].name.clone() };
    suite.special_cases_of(HOSPITAL).get_special_case(get).await.unwrap();
}

fn start_upload(lines: &[pb::BillLine]) -> pb::StartUploadRequest {
    pb::StartUploadRequest {
        parent: PARENT.into(),
        institution_code: HOSPITAL.into(),
        settlement_month: month_of(1),
        file_digest: digest_of(lines),
        n_lines: i64::try_from(lines.len()).unwrap(),
        request_id: new_id(),
    }
}

async fn billed(suite: &Suite) {
    suite.date(2017, 1, 28).await;
    let mut client = suite.bills_of(HOSPITAL);
    let mut lines: Vec<pb::BillLine> = (1..=4).map(|place| bill(HOSPITAL, 1, place, 100_000)).collect();
    lines[3].dise_codg.clear();
    let upload = client.start_upload(start_upload(&lines)).await.unwrap().into_inner().upload.unwrap();
    send(&mut client, vec![chunk(&upload.name, 1, &lines)]).await.unwrap();
    finish(&mut client, &upload.name).await.unwrap();
    client.get_upload(pb::GetUploadRequest { name: upload.name.clone() }).await.unwrap();
    assert_eq!(errors(&mut client, &upload.name).await.len(), 1);

    let given_up = client.start_upload(start_upload(&lines[..2])).await.unwrap().into_inner().upload.unwrap();
    let abandon = pb::AbandonUploadRequest { name: given_up.name, request_id: new_id() };
    client.abandon_upload(abandon).await.unwrap();

    let parent = format!("{PARENT}/institutions/{HOSPITAL}");
    let name = format!("{parent}/bills/{}", lines[0].setl_id);
    client.get_bill(pb::GetBillRequest { name: name.clone() }).await.unwrap();
    let list =
        pb::ListBillsRequest { parent: parent.clone(), settlement_month: month_of(1), ..Default::default() };
    client.list_bills(list).await.unwrap();
    let export = pb::ExportBillsRequest { parent, settlement_month: month_of(1) };
    let mut exported = client.export_bills(export).await.unwrap().into_inner();
    while exported.message().await.unwrap().is_some() {}
    let withdraw = pb::WithdrawBillRequest { name, reason: "误传".into(), request_id: new_id() };
    client.withdraw_bill(withdraw).await.unwrap();
    let none = client.upload_bills(stream::iter(Vec::new())).await;
    assert!(none.is_err(), "a stream without a chunk names no upload");
}

async fn settled(suite: &Suite) {
    suite.after(1).await;
    suite.start(1).await.unwrap();
    let name = format!("{PARENT}/monthSettlements/2017-01");
    suite.officer().get_month_settlement(pb::GetMonthSettlementRequest { name }).await.unwrap();
    let mut hospital = suite.institution(HOSPITAL);
    let name = statement_name(1, HOSPITAL);
    hospital.get_statement(pb::GetStatementRequest { name: name.clone() }).await.unwrap();
    let list = pb::ListStatementsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    hospital.list_statements(list).await.unwrap();
    hospital.confirm_statement(confirm(&name, "\"1\"")).await.unwrap();
    let of_clinic = statement_name(1, CLINIC);
    suite.institution(CLINIC).dispute_statement(dispute(&of_clinic, "\"1\"")).await.unwrap();
    suite.officer().resolve_dispute(resolve(&of_clinic, "\"2\"")).await.unwrap();
    suite.officer().create_payment_orders(create(1)).await.unwrap();
    suite.pay_orders().await;
    let list = pb::ListPaymentOrdersRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    hospital.list_payment_orders(list).await.unwrap();
    // The bank paid January of 2017 in 2018.
    let late = format!("{PARENT}/paymentOrders/{}", statement_name(1, HOSPITAL).rsplit('/').next().unwrap());
    suite.officer().explain_late_payment(explain_late(&late)).await.unwrap();
    hospital.list_payment_timeliness(timeliness()).await.unwrap();
    suite.auditor().get_appropriation_report(appropriations(3)).await.unwrap();
    suite.auditor().get_drg_coverage(coverage(2017)).await.unwrap();
}

async fn cleared(suite: &Suite) {
    suite.open_clearing(100_000).await;
    suite.officer().propose_clearing(propose(true)).await.unwrap();
    let plan = suite.propose().await;
    suite.clear(&plan, 2).await;
    let get = pb::GetClearingRequest { name: clearing_name() };
    suite.institution(HOSPITAL).get_clearing(get).await.unwrap();
}

async fn looked_up(suite: &Suite) {
    let mut hospital = suite.institution(HOSPITAL);
    let list = pb::ListDepositsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    hospital.list_deposits(list).await.unwrap();
    let statement = statement_name(1, HOSPITAL);
    let cleared = format!("{}/institutions/{HOSPITAL}", clearing_name());
    let deposit = format!("{PARENT}/deposits/2017-{LINE}-{HOSPITAL}");
    let advance = format!("{PARENT}/prepayments/2017-advance-{LINE}-{HOSPITAL}");
    let of_clearing = [
        "surplusKeptFen",
        "overspendFundFen",
        "refusalsLeftFen",
        "deductionsFen",
        "finalFen",
        "paymentFen",
        "orderFen",
    ];
    let names = ["methodFen", "refusedFen", "payableFen", "orderFen"].map(|one| format!("{statement}/{one}"));
    let mut names = names.to_vec();
    names.extend(of_clearing.map(|one| format!("{cleared}/{one}")));
    names.extend([format!("{deposit}/baseFen"), format!("{advance}/amountFen")]);
    for name in names {
        let answer = hospital.explain_amount(pb::ExplainAmountRequest { name: name.clone() }).await;
        assert!(answer.is_ok(), "{name}: {answer:?}");
    }
    let mut points = hospital.export_case_points(case_points(2017)).await.unwrap().into_inner();
    assert!(points.message().await.unwrap().is_none(), "no case of the year is paid by points");
    let mut auditor = suite.auditor();
    let parent = || PARENT.to_owned();
    let accounts = pb::ListLedgerAccountsRequest { parent: parent(), ..Default::default() };
    auditor.list_ledger_accounts(accounts).await.unwrap();
    let transfers = pb::ListLedgerTransfersRequest { parent: parent(), ..Default::default() };
    let transfers = auditor.list_ledger_transfers(transfers).await.unwrap().into_inner().transfers;
    let sum = pb::GetTrialBalanceRequest { parent: parent() };
    let sum = auditor.get_trial_balance(sum).await.unwrap().into_inner();
    assert!(sum.n_transfers >= i64::try_from(transfers.len()).unwrap() && !transfers.is_empty());
}
