use std::time::Duration;

use diesel_async::RunQueryDsl;
use medfund_proto::settlement::v1 as pb;
use medfund_settlement::serve;

use super::support::*;
use crate::bills::common::HOSPITAL;

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
