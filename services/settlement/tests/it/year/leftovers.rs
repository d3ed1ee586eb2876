//! What no month of the year settled comes to the clearing.

use medfund_proto::agreement::v1 as agreement;
use medfund_proto::budget::v1 as budget;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::AREA;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL, new_id};

fn refusal(n: u32, month: i32, refused_fen: i64) -> agreement::RefusalConfirmed {
    agreement::RefusalConfirmed {
        inspection: format!("areas/{AREA}/inspections/{n}"),
        fund_year: 2017,
        fund_line: LINE.into(),
        institution_code: HOSPITAL.into(),
        settlement_month: month_of(month),
        sample_violating_fen: refused_fen / 10,
        sampling_rate: "0.1".into(),
        refused_fen,
    }
}

fn of<'a>(clearing: &'a pb::Clearing, code: &str) -> &'a pb::InstitutionClearing {
    clearing.institutions.iter().find(|one| one.institution_code == code).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_no_month_took_is_deducted_at_the_clearing() {
    let suite = Suite::with_quotas().await;
    suite.month(1, 2, 1).await;
    // 160,000 were payable for January; February has nothing to refuse 50,000 from, nor has any month after it.
    suite.agreement.emit(AREA, &refusal(1, 2, 50_000)).await;
    suite.heard().await;
    suite.months_from(2).await;
    assert_eq!(suite.statement(12, HOSPITAL).await.refusal_carried_fen, 50_000);
    // And one is confirmed when December is settled.
    suite.agreement.emit(AREA, &refusal(2, 12, 7_000)).await;
    suite.open_clearing(0).await;

    let plan = suite.propose().await;

    let hospital = of(&plan, HOSPITAL);
    assert_eq!((hospital.payable_fen, hospital.refusals_left_fen), (160_000, 57_000));
    // 9,000,000 less 160,000 is left: 1,350,000 kept whole and 7,490,000 by half.
    // All visits fell in January, so the fourth quarter costs 1 % of the payable besides.
    assert_eq!((hospital.surplus_kept_fen, hospital.deductions_fen), (5_095_000, 1_600 + 57_000));
    assert_eq!(hospital.final_fen, 160_000 + 5_095_000 - 58_600);
    assert_eq!(of(&plan, CLINIC).refusals_left_fen, 0);
    suite.clear(&plan, 2).await;
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
    assert_eq!(suite.balance("quota/2017/employee").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepayment_that_the_bank_never_completed_does_not_count_and_is_called_off() {
    let suite = Suite::open().await;
    // The bank returns the hospital's advance, and nobody has looked at the clinic's.
    suite.officer().pay_advance(advance(1)).await.unwrap();
    let advances = suite.orders(pb::payment_order::State::Created).await;
    let of_hospital = advances.iter().find(|one| one.institution_code == HOSPITAL).unwrap().name.clone();
    suite.checker().approve_payment_orders(approve(std::slice::from_ref(&of_hospital))).await.unwrap();
    suite.checker().export_payment_orders(export()).await.unwrap();
    let mut failed = results(&[of_hospital]);
    (failed.results[0].paid, failed.results[0].failure) = (false, "户名不符".into());
    suite.officer().record_payment_results(failed).await.unwrap();
    suite.quotas().await;

    let capital =
        suite.officer().pay_working_capital(working_capital()).await.unwrap().into_inner().prepayments;

    let amounts: Vec<(i64, i64)> = capital.iter().map(|one| (one.counted_fen, one.order_fen)).collect();
    assert_eq!(amounts, [(0, 720_000), (0, 240_000)], "nothing was advanced");
    assert_eq!(suite.orders(pb::payment_order::State::Cancelled).await.len(), 2);
    // The hospital gets its working capital, the clinic's order is forgotten.
    let created = suite.orders(pb::payment_order::State::Created).await;
    let of_hospital = created.iter().find(|one| one.institution_code == HOSPITAL).unwrap().name.clone();
    suite.checker().approve_payment_orders(approve(std::slice::from_ref(&of_hospital))).await.unwrap();
    suite.checker().export_payment_orders(export()).await.unwrap();
    suite.officer().record_payment_results(results(&[of_hospital])).await.unwrap();
    suite.empty_months().await;
    suite.open_clearing(0).await;
    let plan = suite.propose().await;
    assert_eq!(of(&plan, HOSPITAL).working_capital_fen, 720_000);
    assert_eq!((of(&plan, CLINIC).working_capital_fen, of(&plan, CLINIC).advance_left_fen), (0, 0));

    suite.clear(&plan, 2).await;

    assert_eq!(suite.orders(pb::payment_order::State::Cancelled).await.len(), 3);
    assert_eq!(suite.balance("working_capital/").await, 0);
    suite.pay_orders().await;
    assert_eq!(suite.balance("payable/employee").await, 0);
    let finals: i64 = plan.institutions.iter().map(|one| one.final_fen).sum();
    assert_eq!(suite.balance("bank/employee").await, finals);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_advance_to_an_institution_that_got_no_quota_is_recovered() {
    let suite = Suite::open().await;
    suite.officer().pay_advance(advance(1)).await.unwrap();
    suite.pay_orders().await;
    suite.quotas_of(2017, &[(HOSPITAL, 12_000_000)]).await;
    suite.officer().pay_working_capital(working_capital()).await.unwrap();
    // What the clinic bills without a quota is kept back first.
    suite.month(1, 0, 2).await;
    let january = suite.statement(1, CLINIC).await;
    assert_eq!((january.payable_fen, january.kept_back_fen, january.order_fen), (160_000, 160_000, 0));
    suite.months_from(2).await;
    suite.open_clearing(0).await;
    let plan = suite.propose().await;

    let clinic = of(&plan, CLINIC);
    // 1,000,000 were advanced, 160,000 kept back; its 160,000 exceed a standard of nothing.
    assert_eq!((clinic.standard_fen, clinic.advance_left_fen), (0, 840_000));
    assert_eq!((clinic.final_fen, clinic.payment_fen), (0, -160_000));
    assert_eq!(clinic.order_fen, -840_000 - 160_000);
    suite.clear(&plan, 2).await;
    suite.pay_orders().await;
    assert_eq!(suite.balance(&format!("payable/employee/{CLINIC}")).await, 0);
    assert_eq!(suite.balance("working_capital/").await, 0);
    let finals: i64 = plan.institutions.iter().map(|one| one.final_fen).sum();
    assert_eq!(suite.balance("bank/employee").await, finals);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_months_could_not_bear_of_a_forfeited_deposit_is_taken_at_the_next_clearing() {
    let suite = Suite::with_quotas().await;
    suite.open_next_year().await;
    suite.month(1, 10, 1).await;
    suite.months_from(2).await;
    // Grade D forfeits 5 % of 800,000, due from April 2018 on; the hospital has left by then.
    let review = agreement::ReviewConfirmed {
        fund_year: 2017,
        institution_code: HOSPITAL.into(),
        grade: "d".into(),
        confirm_date: Some(Date { year: 2018, month: 3, day: 20 }),
    };
    suite.agreement.emit(AREA, &review).await;
    suite.quotas_of(2018, &[(CLINIC, 1_000_000)]).await;
    suite.date(2019, 1, 5).await;
    for month in 1..=12 {
        let settlement_month = Some(Date { year: 2018, month, day: 0 });
        let request = pb::StartMonthSettlementRequest { settlement_month, ..start(1) };
        suite.officer().start_month_settlement(request).await.unwrap();
    }
    let met = agreement::IndicatorsConfirmed { fund_year: 2018, ..indicators(CLINIC, vec![]) };
    suite.agreement.emit(AREA, &met).await;
    let opened = budget::ClearingOpened {
        fund_year: 2018,
        fund_line: LINE.into(),
        district: DISTRICT.into(),
        ..budget::ClearingOpened::default()
    };
    suite.budget.emit(AREA, &opened).await;
    let decided = suite.decision_of(2018, 5).await;

    let request = pb::ProposeClearingRequest { fund_year: 2018, ..propose(false) };
    let plan = suite.officer().propose_clearing(request).await.unwrap().into_inner().clearing.unwrap();
    let hospital = of(&plan, HOSPITAL);
    assert_eq!((hospital.final_fen, hospital.payment_fen), (0, 0));
    assert_eq!((hospital.deposit_forfeited_fen, hospital.order_fen), (40_000, -40_000));
    let request = pb::DecideClearingRequest { name: plan.name.clone(), ..decide(&decided, &plan.etag) };
    let etag = suite.officer().decide_clearing(request).await.unwrap().into_inner().clearing.unwrap().etag;
    let request = pb::ApproveClearingRequest { name: plan.name, etag, request_id: new_id() };
    suite.city().approve_clearing(request).await.unwrap();

    let list = pb::ListDepositsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    let deposits = suite.institution(HOSPITAL).list_deposits(list).await.unwrap().into_inner().deposits;
    let employee = deposits.iter().find(|one| one.fund_line == LINE).unwrap();
    assert_eq!((employee.forfeited_fen, employee.taken_fen), (40_000, 40_000));
    assert_eq!(suite.balance(&format!("deposit/2017/{LINE}")).await, 40_000);
    let list = pb::ListPaymentOrdersRequest { parent: PARENT.into(), fund_year: 2018, ..Default::default() };
    let orders = suite.institution(HOSPITAL).list_payment_orders(list).await.unwrap().into_inner();
    assert_eq!(orders.payment_orders.iter().map(|one| one.amount_fen).collect::<Vec<_>>(), [-40_000]);
}
