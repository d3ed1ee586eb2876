//! Cases that are reviewed singly: filed, heard by experts who are drawn, counted by the clearing.

use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::special_case::State;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL};

/// A year whose January has a case of 90,000.00 yuan among twenty of the hospital.
pub(crate) async fn dear_january() -> Suite {
    let suite = Box::pin(Suite::with_pool()).await;
    suite.date(2017, 1, 28).await;
    let mut cases: Vec<pb::BillLine> = (1..=19).map(|n| stay(HOSPITAL, 1, n)).collect();
    cases.push(stay_of(HOSPITAL, 1, 20, 90_000));
    suite.send(HOSPITAL, 1, cases).await;
    suite.send(CLINIC, 1, vec![stay(CLINIC, 1, 1), stay(CLINIC, 1, 2)]).await;
    suite
}

/// The mean of the tariff is 10,000.00 yuan: of 90,000.00 the high band counts 100 + 600 points, 80,000.00 that are
/// justified 800.
#[tokio::test(flavor = "multi_thread")]
async fn a_granted_case_counts_its_justified_cost_in_the_clearing_and_says_why() {
    let suite = Box::pin(dear_january()).await;
    suite.after(1).await;
    suite.start(1).await.unwrap();
    suite.experts(5).await;
    let mut hospital = suite.special_cases_of(HOSPITAL);
    let filed = hospital.file_special_case(file(HOSPITAL, "S0100020")).await.unwrap().into_inner();
    assert_eq!(filed.special_case.unwrap().state(), State::Filed);
    let points = format!("{PARENT}/institutions/{HOSPITAL}/bills/S0100020/points");
    let explain = pb::ExplainAmountRequest { name: points };
    let before = suite.auditor().explain_amount(explain.clone()).await.unwrap().into_inner();
    assert_eq!(before.derivation.unwrap().root.unwrap().value, "700");

    let heard = suite.hear("S0100020").await;
    assert_eq!(heard.experts.len(), 3);
    assert!(heard.experts.iter().all(|one| !one.expert.ends_with("/experts/e1")), "e1 is the hospital's own");
    assert!(!heard.seed.is_empty());
    suite.opinions(&heard, [true, false, true]).await;
    let granted = suite.decide_case("S0100020", 8_000_000).await;
    assert_eq!((granted.state(), granted.reviewed_cost_fen), (State::Granted, 8_000_000));
    assert_ne!(granted.maker, granted.checker);

    let get = pb::GetSpecialCaseRequest { name: granted.name.clone() };
    let own = hospital.get_special_case(get.clone()).await.unwrap().into_inner().special_case.unwrap();
    assert_eq!((own.state(), own.experts.len(), own.seed.as_str()), (State::Granted, 0, ""));
    let other = suite.special_cases_of(CLINIC).get_special_case(get).await.unwrap_err();
    assert_eq!(other.code(), tonic::Code::NotFound);

    let tree = suite.auditor().explain_amount(explain).await.unwrap().into_inner();
    let root = tree.derivation.unwrap().root.unwrap();
    assert_eq!((root.value.as_str(), root.clause.contains("national limit")), ("800", true));
    suite.months_from(2).await;
    suite.open_pool_clearing().await;
    let plan = suite.propose().await;
    let hospital = plan.institutions.iter().find(|one| one.institution_code == HOSPITAL).unwrap();
    let counts = hospital.pools[0].cases.unwrap();
    assert_eq!((hospital.pools[0].points.as_str(), counts.reviewed, counts.high), ("2700", 1, 0));
    suite.clear_by("human_resources", &plan, 12).await;
    assert_eq!(suite.balance("pool/").await, 0);
}

/// Two at once: the quota of twenty discharges is one case.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_cases_that_are_filed_at_once_the_quota_takes_one() {
    let suite = Box::pin(dear_january()).await;
    suite.after(1).await;
    suite.start(1).await.unwrap();
    let (mut one, mut other) = (suite.special_cases_of(HOSPITAL), suite.special_cases_of(HOSPITAL));
    let (one, other) = tokio::join!(
        one.file_special_case(file(HOSPITAL, "S0100019")),
        other.file_special_case(file(HOSPITAL, "S0100020")),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
    let list = pb::ListSpecialCasesRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    let all = suite.special_cases().list_special_cases(list).await.unwrap().into_inner();
    assert_eq!(all.special_cases.len(), 1);
}

/// What was proposed and not approved is proposed anew; against most experts a case stays as it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_stays_has_the_points_of_its_cost() {
    let suite = Box::pin(dear_january()).await;
    suite.after(1).await;
    suite.start(1).await.unwrap();
    suite.experts(5).await;
    suite.special_cases_of(HOSPITAL).file_special_case(file(HOSPITAL, "S0100020")).await.unwrap();
    let heard = suite.hear("S0100020").await;
    suite.opinions(&heard, [false, true, false]).await;
    let proposed = suite.propose_case("S0100020", 0).await;
    let no = pb::DecideSpecialCaseOutcomeRequest { approves: false, ..decide_case(&proposed) };
    let again = suite.special_cases_checker().decide_special_case_outcome(no).await.unwrap().into_inner();
    assert_eq!(again.special_case.unwrap().state(), State::Heard);
    let stays = suite.decide_case("S0100020", 0).await;
    assert_eq!((stays.state(), stays.reviewed_cost_fen), (State::Dismissed, 0));
    suite.months_from(2).await;
    suite.open_pool_clearing().await;
    let counts = suite.propose().await.pools[0].cases.unwrap();
    assert_eq!((counts.reviewed, counts.high), (0, 1));
}
