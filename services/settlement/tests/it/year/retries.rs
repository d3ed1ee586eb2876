use std::time::Duration;

use diesel_async::RunQueryDsl;
use medfund_proto::settlement::v1 as pb;
use medfund_settlement::serve;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL, new_id, reason};

#[tokio::test(flavor = "multi_thread")]
async fn retries_give_the_first_answer_and_other_content_is_refused() {
    let suite = Suite::with_quotas().await;
    let capital = working_capital();
    let first = suite.officer().pay_working_capital(capital.clone()).await.unwrap().into_inner();
    suite.pay_orders().await;
    let again = suite.officer().pay_working_capital(capital.clone()).await.unwrap().into_inner();
    assert_eq!(first, again);
    let other = pb::PayWorkingCapitalRequest { fund_line: "resident".into(), ..capital };
    let reused = suite.officer().pay_working_capital(other).await.unwrap_err();
    assert_eq!(reason(&reused), "REQUEST_ID_REUSED");

    suite.month(1, 3, 1).await;
    let statement = suite.statement(1, HOSPITAL).await;
    let confirm = pb::ConfirmStatementRequest {
        name: statement.name.clone(),
        etag: statement.etag.clone(),
        request_id: new_id(),
    };
    let mut hospital = suite.institution(HOSPITAL);
    let first = hospital.confirm_statement(confirm.clone()).await.unwrap().into_inner();
    let create = pb::CreatePaymentOrdersRequest {
        parent: PARENT.into(),
        settlement_month: month_of(1),
        request_id: new_id(),
    };
    let orders = suite.officer().create_payment_orders(create.clone()).await.unwrap().into_inner();
    assert_eq!(orders.payment_orders.len(), 1);
    let again = hospital.confirm_statement(confirm).await.unwrap().into_inner();
    assert_eq!(first, again, "the order made since does not show in the first answer");
    let repeated = suite.officer().create_payment_orders(create).await.unwrap().into_inner();
    assert_eq!(orders, repeated);

    suite.pay_orders().await;
    let names = [orders.payment_orders[0].name.clone()];
    suite.officer().record_payment_results(results(&names)).await.unwrap();
    let paid = suite.balance("bank/employee").await;
    assert_eq!(paid, 720_000 + 240_000 + 240_000, "a result that is recorded again pays nothing again");
    let mut differs = results(&names);
    differs.results[0].bank_reference = "another".into();
    let status = suite.officer().record_payment_results(differs).await.unwrap_err();
    assert_eq!(reason(&status), "PAYMENT_RESULT_DIFFERS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_two_start_at_once_runs_once() {
    let suite = Suite::with_quotas().await;
    suite.date(2017, 1, 20).await;
    suite.bills(HOSPITAL, 1, 4, 100_000).await;
    suite.after(1).await;

    let (one, other) = tokio::join!(suite.start(1), suite.start(1));

    assert_eq!(one.unwrap().payable_fen, other.unwrap().payable_fen);
    assert_eq!(suite.start(1).await.unwrap().n_statements, 4);
    assert_eq!(suite.statement(1, HOSPITAL).await.payable_fen, 320_000);
    assert_eq!(suite.statement(1, CLINIC).await.payable_fen, 0);
    assert_eq!(suite.balance("payable/employee").await, 320_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_was_started_and_not_finished_goes_on_when_the_service_starts_again() {
    let mut suite = Suite::with_quotas().await;
    suite.date(2017, 1, 20).await;
    suite.bills(HOSPITAL, 1, 4, 100_000).await;
    suite.after(1).await;
    // What the service leaves behind when it is killed between the start of a run and its end.
    let manifest = r#"{"policy_pack":"jiangmen-2016","policy_hash":"","budget_position":0,
        "agreement_position":0,"quota_digest":"","agreement_digest":""}"#;
    let run = format!(
        "INSERT INTO month_settlements VALUES ('440700', '2017-01-01', 2017, 'running', '{manifest}', 0, 0, \
         '2017-02-05T00:00:00Z', NULL)"
    );
    diesel::sql_query(run).execute(&mut suite.service.database().raw_admin().await).await.unwrap();
    suite.service.kill().await;
    suite.service.restart(serve).await;

    let request = pb::GetMonthSettlementRequest { name: format!("{PARENT}/monthSettlements/2017-01") };
    let settled = async {
        loop {
            let run = suite.officer().get_month_settlement(request.clone()).await.unwrap().into_inner();
            if run.month_settlement.unwrap().state() == pb::month_settlement::State::Settled {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), settled).await.expect("the run goes on");
    assert_eq!(suite.statement(1, HOSPITAL).await.payable_fen, 320_000);
}
