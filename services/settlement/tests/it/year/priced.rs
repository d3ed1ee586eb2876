//! A pool that bears every method of its care: a rate, a list, and what is paid as charged.

use medfund_proto::settlement::v1 as pb;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL};

/// January: two stays of 8,000.00 less the 3,000.00 that their patients paid; a listed stay of 5,000.00 and one that the
/// fund was charged 7,000.00 for.
async fn live(suite: &Suite) -> pb::Clearing {
    suite.date(2017, 1, 28).await;
    suite.send(HOSPITAL, 1, vec![stay(HOSPITAL, 1, 1), stay(HOSPITAL, 1, 2)]).await;
    let listed = pb::BillLine { dise_codg: "N80.000".into(), gend: "2".into(), ..stay(CLINIC, 1, 2) };
    suite.send(CLINIC, 1, vec![stay(CLINIC, 1, 1), listed]).await;
    suite.months_from(1).await;
    suite.open_pool_clearing().await;
    suite.propose().await
}

async fn expect_cleared(suite: &Suite, plan: &pb::Clearing) {
    suite.clear_by("medical_security", plan, 7).await;
    let received: i64 = plan.institutions.iter().map(|one| one.final_fen).sum();
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
    assert_eq!(suite.balance("pool/").await + suite.balance("pool_adjustment/").await, 0);
    assert_eq!(suite.balance("clearing/2017/employee").await, -received);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_methods_are_paid_out_of_the_pool_and_keep_what_they_leave_of_it_by_bands() {
    let suite = Suite::with_prefecture_pool(POOL_FEN).await;
    let plan = live(&suite).await;
    let (hospital, clinic) = (suite.statement(1, HOSPITAL).await, suite.statement(1, CLINIC).await);
    assert_eq!((hospital.pool_fen, hospital.outside_quota_fen), (1_000_000, 0));
    assert_eq!((clinic.pool_fen, clinic.outside_quota_fen), (1_200_000, 0));
    let (by_rate, others) = (&hospital.pools[0], &clinic.pools[0]);
    assert_eq!(
        (by_rate.priced_fen, by_rate.cost_fen, by_rate.cases.unwrap().normal),
        (1_000_000, 1_400_000, 2)
    );
    assert_eq!((others.priced_fen, others.cost_fen, others.cases.unwrap().normal), (1_200_000, 1_400_000, 0));

    // One of two institutions, the one group of its cases, and half of the fund's share.
    let told = suite.auditor().get_drg_coverage(coverage(2017)).await.unwrap().into_inner().coverage.unwrap();
    let shares: Vec<(&str, i64, i64, &str)> = told
        .series
        .iter()
        .map(|one| (one.id.as_str(), one.covered, one.all, one.share_rate.as_str()))
        .collect();
    let expected = [
        ("institutions", 1, 2, "0.5"),
        ("diseases", 1, 1, "1"),
        ("fund", 1_400_000, 2_800_000, "0.5"),
        ("entry_rate", 2, 2, "1"),
    ];
    assert_eq!(shares, expected);
    let institutions = &told.series[0];
    assert_eq!(institutions.derivation.as_ref().unwrap().root.as_ref().unwrap().value, "0.5");
    // Chuxiong's steps begin in 2022.
    assert_eq!((institutions.least_rate.as_str(), institutions.reached), ("", None));
    assert_eq!((told.series[3].least_rate.as_str(), told.series[3].reached), ("0.90", Some(true)));
    let methods: Vec<(i64, &str)> =
        told.methods.iter().map(|one| (one.fund_fen, one.share_rate.as_str())).collect();
    assert_eq!(methods, [(1_400_000, "0.5"), (700_000, "0.25"), (700_000, "0.25")]);
    assert_eq!((told.methods_before.len(), told.less_fee_for_service), (0, None));

    // 117,800,000 are left: the first 18,000,000 and half of the rest, by 1,000,000 and 1,200,000.
    let pool = &plan.pools[0];
    assert_eq!((pool.priced_fen, pool.surplus_kept_fen, pool.overspend_fund_fen), (2_200_000, 67_900_000, 0));
    assert_eq!((pool.returned_fen, pool.adjustment_returned_fen), (49_900_000, ADJUSTMENT_FEN));
    assert_eq!((pool.points.as_str(), pool.cases.unwrap().normal), ("0", 2));
    let finals: Vec<i64> = plan.institutions.iter().map(|one| one.final_fen).collect();
    assert_eq!(finals, [1_000_000 + 30_863_636, 1_200_000 + 37_036_364]);
    let own = &plan.institutions[0].pools[0];
    assert_eq!((own.priced_fen, own.shared_of_priced_fen, own.paid_fen), (1_000_000, 30_863_636, 1_000_000));
    let name = format!("{}/institutions/{HOSPITAL}/poolFen", clearing_name());
    let tree = suite.auditor().explain_amount(pb::ExplainAmountRequest { name }).await.unwrap().into_inner();
    assert_eq!(tree.derivation.unwrap().root.unwrap().value, "31863636");
    expect_cleared(&suite, &plan).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exceeds_the_pool_is_shared_by_bands_between_what_adjusts_it_and_the_institutions() {
    let suite = Suite::with_prefecture_pool(2_000_000).await;
    let plan = live(&suite).await;
    // Of 200,000 above it 0.7 of the first half and 0.5 of the other; 80,000 are borne by 1,000,000 and 1,200,000.
    let pool = &plan.pools[0];
    assert_eq!((pool.overspend_fund_fen, pool.overspend_borne_fen), (120_000, 80_000));
    assert_eq!((pool.returned_fen, pool.adjustment_returned_fen), (0, ADJUSTMENT_FEN - 120_000));
    let finals: Vec<i64> = plan.institutions.iter().map(|one| one.final_fen).collect();
    assert_eq!(finals, [1_000_000 - 36_364, 1_200_000 - 43_636]);
    assert_eq!(plan.institutions[0].payment_fen, -36_364, "the months paid more");
    expect_cleared(&suite, &plan).await;
}
