//! One story that calls every RPC, told again.

use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;

use super::lived::{Year, paid, settled};
use super::pooled::{self, POOLED};
use super::requests::{self, HOSPITAL, KEY};
use super::support::{AREA, PACKAGE, YEAR};
use super::tasks;

#[tokio::test]
async fn every_rpc_answers_once_and_only_to_its_own() {
    let year = Box::pin(Year::open()).await;
    Box::pin(live(&year)).await;
    Box::pin(everything_is_read(&year)).await;

    year.budget.0.tell_again(PACKAGE, &[]).await;
}

/// Lives a year that leaves a row in every table.
pub(crate) async fn live(year: &Year) {
    Box::pin(quotas_are_asked_for_and_decided(year)).await;
    Box::pin(the_year_is_spent_and_closed(year)).await;
    Box::pin(pooled::live(year)).await;
    Box::pin(tasks::live(year)).await;
}

async fn quotas_are_asked_for_and_decided(year: &Year) {
    let mut officer = year.officer();
    let application = requests::submit_application(KEY, HOSPITAL);
    year.institution(HOSPITAL).submit_application(application).await.unwrap();
    let coefficient = requests::record_coefficient(KEY, HOSPITAL, "service_scope", "1.05");
    officer.record_coefficient(coefficient).await.unwrap();
    officer.record_negotiation_round(requests::record_round(KEY, 1)).await.unwrap();
    year.decide_quotas(KEY).await;
}

async fn the_year_is_spent_and_closed(year: &Year) {
    let mut officer = year.officer();
    let decision = year.decided(KEY, "adjustment").await;
    for change_fen in [100, -100] {
        officer.adjust_quota(requests::adjust_quota(KEY, HOSPITAL, change_fen, &decision)).await.unwrap();
    }
    year.settlement.emit(AREA, &settled(KEY, HOSPITAL, 1, 4_000)).await;
    year.settlement.emit(AREA, &paid(HOSPITAL, 4_000)).await;
    year.budget.given_date(2018, 1, 20).await;
    year.clear(KEY).await;

    let decision = year.decided(KEY, "primary_care_allotment").await;
    let allot = requests::allot_primary_care(KEY, &[(KEY.district, 5)], &decision);
    officer.allot_primary_care(allot).await.unwrap();
    let close = requests::close_accounts(KEY, &year.decided(KEY, "final_accounts").await);
    officer.close_accounts(close).await.unwrap();
    for subject in ["budgets", "targets", "decompositions", "finalAccounts"] {
        officer.publish_disclosure(requests::publish(KEY.name(subject))).await.unwrap();
    }
}

async fn everything_is_read(year: &Year) {
    what_others_rest_on_is_read(year).await;
    let mut auditor = year.client(Role::Auditor);
    let area = || format!("areas/{AREA}");
    let parent = || KEY.name("decompositions");
    auditor.get_budget(pb::GetBudgetRequest { name: KEY.name("budgets") }).await.unwrap();
    auditor.get_target(pb::GetTargetRequest { name: KEY.name("targets") }).await.unwrap();
    let structure = pb::GetStructureRequest { name: POOLED.name("structures") };
    auditor.get_structure(structure).await.unwrap();
    auditor.get_decomposition(pb::GetDecompositionRequest { name: parent() }).await.unwrap();
    auditor.get_reserve(pb::GetReserveRequest { name: KEY.name("reserves") }).await.unwrap();
    auditor.get_execution(pb::GetExecutionRequest { name: KEY.name("executions") }).await.unwrap();
    let allotment = pb::GetPrimaryCareAllotmentRequest { name: KEY.allotment() };
    auditor.get_primary_care_allotment(allotment).await.unwrap();
    let account = pb::GetFinalAccountRequest { name: KEY.name("finalAccounts") };
    auditor.get_final_account(account).await.unwrap();
    let histories = pb::ListHistoriesRequest { parent: parent(), ..Default::default() };
    auditor.list_histories(histories).await.unwrap();
    let rounds = pb::ListNegotiationRoundsRequest { parent: parent(), ..Default::default() };
    auditor.list_negotiation_rounds(rounds).await.unwrap();
    let accounts = pb::ListLedgerAccountsRequest { parent: area() };
    auditor.list_ledger_accounts(accounts).await.unwrap();
    let transfers = pb::ListLedgerTransfersRequest { parent: area(), ..Default::default() };
    auditor.list_ledger_transfers(transfers).await.unwrap();
    let disclosures = pb::ListDisclosuresRequest { parent: YEAR.to_owned(), ..Default::default() };
    year.client(Role::Public).list_disclosures(disclosures).await.unwrap();

    let mut hospital = year.institution(HOSPITAL);
    let applications = pb::ListApplicationsRequest { parent: parent(), ..Default::default() };
    let listed = hospital.list_applications(applications).await.unwrap().into_inner();
    assert_eq!(listed.applications.len(), 1);
    let adjustments = pb::ListQuotaAdjustmentsRequest { parent: parent(), ..Default::default() };
    let listed = hospital.list_quota_adjustments(adjustments).await.unwrap().into_inner();
    assert_eq!(listed.quota_adjustments.len(), 2);
    let quota = pb::ExplainAmountRequest { name: KEY.of("quotas", HOSPITAL) };
    hospital.explain_amount(quota).await.unwrap();
}

async fn what_others_rest_on_is_read(year: &Year) {
    let auditor = Role::Auditor;
    let packs = pb::ListPacksRequest { parent: format!("areas/{AREA}"), ..Default::default() };
    let packs = year.budget.policy(auditor).list_packs(packs).await.unwrap().into_inner().packs;
    let pack = pb::GetPackRequest { name: packs[0].name.clone() };
    year.budget.policy(auditor).get_pack(pack).await.unwrap();
    let calendar = pb::GetCalendarRequest { name: format!("areas/{AREA}/calendar") };
    year.budget.calendar(auditor).get_calendar(calendar).await.unwrap();
    let fund_year = pb::GetFundYearRequest { name: YEAR.to_owned() };
    year.budget.calendar(auditor).get_fund_year(fund_year).await.unwrap();
    let decisions = pb::ListDecisionsRequest { parent: YEAR.to_owned(), ..Default::default() };
    let decisions = year.budget.decision(auditor).list_decisions(decisions).await.unwrap().into_inner();
    let decision = pb::GetDecisionRequest { name: decisions.decisions[0].name.clone() };
    year.budget.decision(auditor).get_decision(decision).await.unwrap();
    let mut follower = tasks::client(&year.budget, auditor);
    let listed = follower.list_tasks(tasks::list()).await.unwrap().into_inner();
    assert_eq!(listed.tasks.len(), 37);
    let task = pb::GetTaskRequest { name: tasks::task_name("4"), date: None };
    assert_eq!(follower.get_task(task).await.unwrap().into_inner().progress.len(), 2);
    follower.list_overdue_tasks(tasks::list_overdue(None)).await.unwrap();
}
