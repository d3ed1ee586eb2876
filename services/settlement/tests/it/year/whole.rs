use medfund_proto::agreement::v1 as agreement;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::AREA;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL, new_id};

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_year_is_settled_paid_and_cleared_and_the_ledger_agrees() {
    let suite = Suite::open().await;
    let advances = suite.officer().pay_advance(advance(1)).await.unwrap().into_inner().prepayments;
    assert_eq!(advances.iter().map(|one| one.amount_fen).collect::<Vec<_>>(), [1_000_000, 1_000_000]);
    suite.pay_orders().await;
    suite.quotas().await;

    // 8 % of 9,000,000 and 3,000,000: the advance exceeds both.
    let capital =
        suite.officer().pay_working_capital(working_capital()).await.unwrap().into_inner().prepayments;
    let amounts: Vec<(i64, i64, i64)> =
        capital.iter().map(|one| (one.amount_fen, one.counted_fen, one.order_fen)).collect();
    assert_eq!(amounts, [(720_000, 720_000, 0), (240_000, 240_000, 0)]);
    for (code, clean) in [(HOSPITAL, true), (CLINIC, false)] {
        let confirmed =
            agreement::CleanRecordConfirmed { fund_year: 2017, institution_code: code.into(), clean };
        suite.agreement.emit(AREA, &confirmed).await;
    }
    suite.heard().await;
    let clean =
        suite.officer().pay_clean_record_capital(clean_record()).await.unwrap().into_inner().prepayments;
    let amounts: Vec<(i64, i64, i64)> =
        clean.iter().map(|one| (one.amount_fen, one.counted_fen, one.order_fen)).collect();
    assert_eq!(amounts, [(720_000, 280_000, 440_000)]);
    suite.pay_orders().await;

    let refusal = agreement::RefusalConfirmed {
        inspection: format!("areas/{AREA}/inspections/1"),
        fund_year: 2017,
        fund_line: LINE.into(),
        institution_code: HOSPITAL.into(),
        settlement_month: month_of(3),
        sample_violating_fen: 5_000,
        sampling_rate: "0.1".into(),
        refused_fen: 50_000,
    };
    suite.agreement.emit(AREA, &refusal).await;
    for month in 1..=12 {
        let run = suite.month(month, 10, 2).await;
        assert_eq!(run.state(), pb::month_settlement::State::Settled);
        assert_eq!(run.n_statements, 4);
        suite.pay_month(month).await;
    }
    let march = suite.statement(3, HOSPITAL).await;
    assert_eq!((march.method_fen, march.refused_fen, march.payable_fen), (800_000, 50_000, 750_000));
    let first = suite.statement(1, CLINIC).await;
    // 1,000,000 advanced, 240,000 absorbed: 760,000 are kept back as far as months reach.
    assert_eq!((first.payable_fen, first.kept_back_fen, first.order_fen), (160_000, 160_000, 0));

    suite.open_clearing(300_000).await;
    let dry = suite.officer().propose_clearing(propose(true)).await.unwrap().into_inner().clearing.unwrap();
    let plan = suite.officer().propose_clearing(propose(false)).await.unwrap().into_inner().clearing.unwrap();
    assert_eq!(dry.institutions, plan.institutions);
    let decision = suite.decision(2, true).await;
    let decided = decide(&suite, &plan, decision).await.unwrap();
    let request =
        pb::ApproveClearingRequest { name: clearing_name(), etag: decided.etag, request_id: new_id() };
    let cleared = suite.city().approve_clearing(request).await.unwrap().into_inner().clearing.unwrap();
    suite.pay_orders().await;

    for one in &cleared.institutions {
        let tree = explain(&suite, one, "finalFen").await;
        assert_eq!(tree.root.unwrap().value, one.final_fen.to_string());
        assert_eq!(
            one.final_fen,
            one.payable_fen + one.surplus_kept_fen - one.overspend_borne_fen - one.deductions_fen
        );
        assert_eq!(
            one.working_capital_fen + one.clean_record_fen + one.paid_fen + one.payment_fen,
            one.final_fen
        );
    }
    // The hospital: 9,550,000 payable against 9,000,000, so 350,000 × 0.70 … of the standard's bands.
    let hospital = cleared.institutions.iter().find(|one| one.institution_code == HOSPITAL).unwrap();
    assert_eq!((hospital.payable_fen, hospital.overspend_fen), (9_550_000, 550_000));
    // 450,000 × 0.70 + 100,000 × 0.50 = 365,000, but 300,000 are left in the reserve.
    assert_eq!((hospital.overspend_fund_fen, hospital.overspend_borne_fen), (300_000, 250_000));
    assert_eq!((cleared.reserve_used_fen, cleared.reserve_returned_fen), (300_000, 0));

    let finals: i64 = cleared.institutions.iter().map(|one| one.final_fen).sum();
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
    for empty in
        ["payable/employee", "quota/2017/employee", "overspend/", "working_capital/", "reserve/", "target/"]
    {
        let accounts = suite.accounts().await;
        let left: Vec<_> =
            accounts.iter().filter(|one| one.account.starts_with(empty) && one.balance_fen != 0).collect();
        assert!(left.is_empty(), "{left:?}");
    }
    assert_eq!(suite.balance("bank/employee").await, finals, "the bank paid what the clearing found");
    assert_eq!(suite.balance("clearing/2017/employee").await, -finals);
    let completed: i64 =
        suite.orders(pb::payment_order::State::Completed).await.iter().map(|order| order.amount_fen).sum();
    assert_eq!(completed, finals);
    let request = pb::GetTrialBalanceRequest { parent: PARENT.into() };
    let trial = suite.auditor().get_trial_balance(request).await.unwrap().into_inner();
    assert_eq!(trial.debits_fen, trial.credits_fen);

    // The review comes in the next year; grade B forfeits a fifth of 5 % of the payable.
    let review = agreement::ReviewConfirmed {
        fund_year: 2017,
        institution_code: HOSPITAL.into(),
        grade: "b".into(),
        confirm_date: Some(Date { year: 2018, month: 3, day: 20 }),
    };
    suite.agreement.emit(AREA, &review).await;
    suite.heard().await;
    let request = pb::ListDepositsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    let deposits = suite.institution(HOSPITAL).list_deposits(request).await.unwrap().into_inner().deposits;
    let employee = deposits.iter().find(|one| one.fund_line == LINE).unwrap();
    assert_eq!((employee.base_fen, employee.forfeited_fen), (477_500, 95_500));
    assert_eq!(employee.due_month, Some(Date { year: 2018, month: 4, day: 0 }));
    assert!(deposits.iter().all(|one| one.institution_code == HOSPITAL), "an institution sees its own");
}

async fn decide(suite: &Suite, plan: &pb::Clearing, decision: String) -> Result<pb::Clearing, tonic::Status> {
    let request = pb::DecideClearingRequest {
        name: clearing_name(),
        decision,
        etag: plan.etag.clone(),
        request_id: new_id(),
    };
    Ok(suite.officer().decide_clearing(request).await?.into_inner().clearing.unwrap())
}

async fn explain(
    suite: &Suite,
    one: &pb::InstitutionClearing,
    amount: &str,
) -> medfund_proto::derivation::v1::Derivation {
    let name = format!("{}/institutions/{}/{amount}", clearing_name(), one.institution_code);
    let request = pb::ExplainAmountRequest { name };
    suite.auditor().explain_amount(request).await.unwrap().into_inner().derivation.unwrap()
}
