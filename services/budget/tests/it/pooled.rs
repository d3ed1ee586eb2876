//! A fund year with a pool: Panzhihua's pack, run by the same area the year after.

use std::time::Duration;

use medfund_db::feed;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::settlement::v1::{
    ClearedInstitution, ClearingApproved, MonthSettled, PaymentCompleted, PoolShare, PooledMonth,
};
use medfund_proto::types::v1::KindOfCare;

use super::lived::{Year, approved, paid, settled};
use super::requests::{self, HOSPITAL, KEY, Key, PRIMARY};
use super::support::{AREA, Budget, YEAR, request_id};

/// Panzhihua's pack, told of this area.
fn pack() -> String {
    let pack = include_str!("../../../../policies/panzhihua-2018.toml");
    pack.replace("region = \"510400\"", &format!("region = \"{AREA}\""))
}

/// The fund year with a pool.
pub(crate) const POOLED: Key = Key { year: 2018, pooled: true, ..KEY };

/// Opens the fund year of a key under Panzhihua's pack.
pub(crate) async fn open(budget: &Budget, key: Key) {
    let pack = budget.given_published(&pack()).await;
    let request = pb::OpenFundYearRequest {
        name: YEAR.replace("2017", &key.year.to_string()),
        pack_hash: pack.pack_hash,
        districts: vec![key.district.to_owned()],
        request_id: request_id(),
    };
    budget.calendar(Role::CalendarKeeper).open_fund_year(request).await.unwrap();
}

/// 900 yuan less a fiftieth as reserve: 882 yuan.
pub(crate) fn propose_target(key: Key) -> pb::ProposeTargetRequest {
    let target = requests::propose_target(key);
    pb::ProposeTargetRequest {
        deductions: vec![],
        adjustment_fen: 0,
        adjustment_reason: String::new(),
        ..target
    }
}

pub(crate) fn share(care: KindOfCare, share_rate: &str) -> pb::CareShare {
    pb::CareShare { kind_of_care: care.into(), share_rate: share_rate.to_owned() }
}

/// Four fifths for inpatient care: 705.60 yuan, a twentieth of it, 35.28, kept. 176.40 for the rest.
pub(crate) fn propose_structure(key: Key) -> pb::ProposeStructureRequest {
    pb::ProposeStructureRequest {
        name: key.name("structures"),
        shares: vec![
            share(KindOfCare::Inpatient, "0.80"),
            share(KindOfCare::SpecialOutpatient, "0.10"),
            share(KindOfCare::GeneralOutpatient, "0.10"),
        ],
        validate_only: false,
        request_id: request_id(),
    }
}

pub(crate) fn decide_structure(key: Key, decision: &str, etag: &str) -> pb::DecideStructureRequest {
    pb::DecideStructureRequest {
        name: key.name("structures"),
        decision: decision.to_owned(),
        etag: etag.to_owned(),
        request_id: request_id(),
    }
}

pub(crate) fn adjust_pool(key: Key, change_fen: i64, decision: &str, etag: &str) -> pb::AdjustPoolRequest {
    pb::AdjustPoolRequest {
        name: key.name("structures"),
        kind_of_care: KindOfCare::Inpatient.into(),
        reason: "public_health".to_owned(),
        change_fen,
        decision: decision.to_owned(),
        etag: etag.to_owned(),
        validate_only: false,
        request_id: request_id(),
    }
}

impl Year {
    /// Proposes and decides the usual structure of a decided target.
    pub(crate) async fn decide_structure(&self, key: Key) -> pb::Structure {
        self.put_structure_into_force(key, propose_structure(key)).await
    }

    /// Proposes and decides a structure.
    pub(crate) async fn put_structure_into_force(
        &self,
        key: Key,
        request: pb::ProposeStructureRequest,
    ) -> pb::Structure {
        let proposed = self.officer().propose_structure(request).await.unwrap().into_inner();
        let etag = proposed.structure.unwrap().etag;
        let decide = decide_structure(key, &self.decided(key, "structure").await, &etag);
        self.checker().decide_structure(decide).await.unwrap().into_inner().structure.unwrap()
    }

    async fn structure(&self) -> pb::Structure {
        let get = pb::GetStructureRequest { name: POOLED.name("structures") };
        self.officer().get_structure(get).await.unwrap().into_inner().structure.unwrap()
    }

    /// What the service has told of one kind, in order.
    async fn told<M: prost::Message + prost::Name + Default>(&self) -> Vec<M> {
        let database = self.budget.0.database().connect().await;
        let all = async {
            while feed::status(&database).await.unwrap().unnumbered > 0 {
                tokio::task::yield_now().await;
            }
            feed::read(&database, 0, 2_000, Duration::ZERO).await.unwrap()
        };
        let events =
            tokio::time::timeout(Duration::from_secs(30), all).await.expect("events are numbered in time");
        events.iter().filter_map(|event| feed::decode::<M>(event).unwrap()).collect()
    }
}

/// Lives the fund year with a pool up to its published final account.
pub(crate) async fn live(year: &Year) {
    open(&year.budget, POOLED).await;
    year.approve_budget(POOLED).await;
    year.put_into_force(POOLED, propose_target(POOLED)).await;
    let structure = year.decide_structure(POOLED).await;
    year.put_quotas_into_force(POOLED).await;
    let decision = year.decided(POOLED, "adjustment").await;
    year.officer().adjust_pool(adjust_pool(POOLED, 528, &decision, &structure.etag)).await.unwrap();

    for code in [PRIMARY, HOSPITAL] {
        year.settlement.emit(AREA, &month(code)).await;
    }
    let pooled_fen = 5_000;
    year.settlement
        .emit(AREA, &PaymentCompleted { fund_year: 2018, pooled_fen, ..paid(HOSPITAL, 6_000) })
        .await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;
    year.budget.given_date(2019, 1, 20).await;
    year.officer().open_clearing(requests::open_clearing(POOLED)).await.unwrap();
    year.settlement.emit(AREA, &cleared()).await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;

    let close = requests::close_accounts(POOLED, &year.decided(POOLED, "final_accounts").await);
    let close = pb::CloseAccountsRequest { deductions: vec![], ..close };
    year.officer().close_accounts(close).await.unwrap();
    for subject in ["structures", "finalAccounts"] {
        year.officer().publish_disclosure(requests::publish(POOLED.name(subject))).await.unwrap();
    }
}

/// January: 10 yuan against a quota, and 70 against the pool.
fn month(code: &str) -> MonthSettled {
    let pooled = PooledMonth {
        kind_of_care: KindOfCare::Inpatient.into(),
        n_admissions: 2,
        cost_fen: 8_000,
        refused_fen: 0,
        payable_fen: 7_000,
    };
    MonthSettled { pools: vec![pooled], ..settled(POOLED, code, 1, 1_000) }
}

/// A clearing of quotas of 17.64 and 158.76 yuan and a pool of 675.60 after its adjustment: the primary
/// institution received 17 and 70.60, the hospital 159.76, one of them out of the reserve, and 605. What was
/// kept to adjust the pool came back.
fn cleared() -> ClearingApproved {
    let one = |code: &str, quota_fen, final_fen| ClearedInstitution {
        institution_code: code.to_owned(),
        payable_fen: quota_fen + final_fen,
        cost_fen: quota_fen + final_fen,
        final_fen: quota_fen + final_fen,
        pools: vec![PoolShare { kind_of_care: KindOfCare::Inpatient.into(), final_fen }],
    };
    ClearingApproved {
        institutions: vec![one(PRIMARY, 1_700, 7_060), one(HOSPITAL, 15_976, 60_500)],
        reserve_used_fen: 100,
        reserve_returned_fen: 1_700,
        quota_returned_fen: 64,
        pool_returned_fen: 0,
        pool_adjustment_returned_fen: 3_000,
        ..approved(POOLED)
    }
}

#[tokio::test]
async fn a_pool_is_divided_off_adjusted_spent_cleared_and_published() {
    let year = Box::pin(Year::open()).await;
    Box::pin(live(&year)).await;

    let structure = year.structure().await;
    let amounts: Vec<i64> = structure.cares.iter().map(|care| care.amount_fen).collect();
    assert_eq!(amounts, [70_560, 0, 8_820, 8_820]);
    let pool = pb::Pool { amount_fen: 67_560, adjustment_fen: 3_000, revision: 2 };
    let pools: Vec<_> = structure.cares.iter().map(|care| care.pool).collect();
    assert_eq!(pools, [Some(pool), None, None, None]);
    let quotas: Vec<i64> = year.decomposition(POOLED).await.quotas.iter().map(|one| one.quota_fen).collect();
    assert_eq!(quotas, [1_764, 15_876]);

    Box::pin(its_ledger_is_empty_in_transit(&year)).await;
    Box::pin(its_execution_and_accounts_know_it(&year)).await;
    Box::pin(it_was_told_and_is_explained(&year)).await;
}

async fn its_ledger_is_empty_in_transit(year: &Year) {
    assert_eq!(year.balance(&POOLED.account("transit/budget/settlement")).await, 0);
    assert_eq!(year.balance(&format!("{}/inpatient", POOLED.account("pool_adjustment"))).await, 0);
    // What came back: 0.64 of the quotas and the 30 that were kept to adjust the pool.
    assert_eq!(year.balance(&POOLED.account("target")).await, 3_064);
    assert_eq!(year.balance(&POOLED.account("clearing")).await, 85_236);
}

async fn its_execution_and_accounts_know_it(year: &Year) {
    let get = pb::GetExecutionRequest { name: POOLED.name("executions") };
    let execution = year.officer().get_execution(get).await.unwrap().into_inner().execution.unwrap();
    assert_eq!((execution.payable_fen, execution.paid_fen), (16_000, 6_000));
    let pools: Vec<_> = execution.pools.iter().map(|pool| (pool.amount_fen, pool.payable_fen)).collect();
    assert_eq!(pools, [(67_560, 14_000)]);
    let hospital = &execution.institutions[1];
    assert_eq!((hospital.adjusted_quota_fen, hospital.payable_fen), (15_876, 1_000));
    assert_eq!(
        (hospital.paid_fen, hospital.pooled_payable_fen, hospital.pooled_paid_fen),
        (6_000, 7_000, 5_000)
    );
    // A month has passed: 140 of the pool's 675.60 are more than a twelfth, 10 of the hospital's quota are not.
    let warned: Vec<_> =
        execution.warnings.iter().map(|one| (one.institution_code.as_str(), one.pool())).collect();
    let none = KindOfCare::Unspecified;
    assert_eq!(warned, [("", none), ("", KindOfCare::Inpatient), (PRIMARY, none)]);

    let get = pb::GetFinalAccountRequest { name: POOLED.name("finalAccounts") };
    let account = year.officer().get_final_account(get).await.unwrap().into_inner().final_account.unwrap();
    assert_eq!(account.settled_fen, 85_236);
    let pools: Vec<_> =
        account.pools.iter().map(|pool| (pool.amount_fen, pool.adjustment_fen, pool.settled_fen)).collect();
    assert_eq!(pools, [(67_560, 3_000, 67_560)]);
    let pooled: Vec<i64> = account.institutions.iter().map(|one| one.pooled_fen).collect();
    assert_eq!(pooled, [7_060, 60_500]);

    let list = pb::ListDisclosuresRequest { parent: YEAR.replace("2017", "2018"), ..Default::default() };
    let listed = year.client(Role::Public).list_disclosures(list).await.unwrap().into_inner().disclosures;
    let structure = listed.iter().find(|one| one.kind() == pb::disclosure::Kind::Structure).unwrap();
    let lines: Vec<_> = structure.lines.iter().map(|line| (line.name.as_str(), line.amount_fen)).collect();
    assert!(lines.contains(&("pool_inpatient", 67_560)), "{lines:?}");
}

async fn it_was_told_and_is_explained(year: &Year) {
    let told: Vec<_> = year
        .told::<pb::PoolApproved>()
        .await
        .iter()
        .map(|one| (one.kind_of_care(), one.revision, one.amount_fen, one.change_fen, one.adjustment_fen))
        .collect();
    let care = KindOfCare::Inpatient;
    assert_eq!(told, [(care, 1, 67_032, 67_032, 3_528), (care, 2, 67_560, 528, 3_000)]);
    let opened = year.told::<pb::ClearingOpened>().await.pop().unwrap();
    let kept = pb::PoolAdjustment { kind_of_care: care.into(), adjustment_fen: 3_000 };
    assert_eq!((opened.reserve_fen, opened.pool_adjustments), (1_800, vec![kept]));
    let quotas = year.told::<pb::QuotaDecided>().await.pop().unwrap();
    assert_eq!((quotas.target_fen, quotas.quotas.len()), (17_640, 2));

    let structure = POOLED.name("structures");
    for (name, value) in [("inpatient", "70560"), ("inpatient/pool", "67560"), ("day_surgery", "0")] {
        let tree = year.explained(format!("{structure}/{name}")).await;
        assert_eq!(tree.root.unwrap().value, value, "{name}");
    }
}
