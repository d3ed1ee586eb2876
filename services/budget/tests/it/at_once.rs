//! Two callers who want the same thing at once.

use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::task::State;
use tonic::{Code, Response, Status};

use super::lived::Year;
use super::requests::{self, HOSPITAL, KEY, PRIMARY};
use super::support::{Budget, expect_refusal, open_calendar};
use super::tasks;

/// The refusal of the one of two calls that came second.
#[track_caller]
fn second_of<T: std::fmt::Debug>(
    (one, two): (Result<Response<T>, Status>, Result<Response<T>, Status>),
) -> Result<Response<T>, Status> {
    let (won, mut lost): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 1), "{won:?} {lost:?}");
    lost.remove(0)
}

#[tokio::test]
async fn two_that_open_the_calendar_open_one() {
    let service = Budget::start().await;
    let (mut one, mut two) = (service.calendar(Role::CalendarKeeper), service.calendar(Role::CalendarKeeper));
    let both = tokio::join!(one.open_calendar(open_calendar(1)), two.open_calendar(open_calendar(1)));
    expect_refusal(second_of(both), Code::AlreadyExists, "CALENDAR_EXISTS");
}

#[tokio::test]
async fn two_first_proposals_of_a_budget_are_two_versions() {
    let year = Box::pin(Year::open()).await;
    let (mut one, mut two) = (year.officer(), year.officer());
    let other = pb::ProposeBudgetRequest { income_fen: 99_000, ..requests::propose_budget(KEY) };
    let both = tokio::join!(one.propose_budget(requests::propose_budget(KEY)), two.propose_budget(other));
    let budget = |answer: Result<Response<pb::ProposeBudgetResponse>, Status>| {
        answer.unwrap().into_inner().budget.unwrap()
    };
    let (one, two) = (budget(both.0), budget(both.1));
    let mut etags = [one.etag.as_str(), two.etag.as_str()];
    etags.sort_unstable();
    assert_eq!(etags, ["\"1\"", "\"2\""]);
    let get = pb::GetBudgetRequest { name: KEY.name("budgets") };
    let kept = year.officer().get_budget(get).await.unwrap().into_inner().budget.unwrap();
    assert_eq!(kept, if one.etag == "\"2\"" { one } else { two });
}

#[tokio::test]
async fn two_adjustments_do_not_draw_more_than_the_reserve_has() {
    let year = Box::pin(Year::with_quotas()).await;
    let decision = year.decided(KEY, "adjustment").await;
    let (mut one, mut two) = (year.officer(), year.officer());
    // 72 yuan are left.
    let both = tokio::join!(
        one.adjust_quota(requests::adjust_quota(KEY, HOSPITAL, 4_000, &decision)),
        two.adjust_quota(requests::adjust_quota(KEY, PRIMARY, 4_000, &decision)),
    );
    expect_refusal(second_of(both), Code::FailedPrecondition, "RESERVE_INSUFFICIENT");
    assert_eq!(year.reserve(KEY).await.drawn_fen, 4_000);
}

#[tokio::test]
async fn two_that_decide_a_target_post_it_once() {
    let year = Box::pin(Year::with_budget()).await;
    let target = requests::propose_target(KEY);
    let etag = year.officer().propose_target(target).await.unwrap().into_inner().target.unwrap().etag;
    let decision = year.decided(KEY, "target").await;
    let decide = || requests::decide_target(KEY, &decision, &etag);
    let (mut one, mut two) = (year.checker(), year.client(Role::MeetingSecretary));
    let both = tokio::join!(one.decide_target(decide()), two.decide_target(decide()));
    expect_refusal(second_of(both), Code::Aborted, "ETAG_MISMATCH");
    assert_eq!(year.balance(&KEY.account("target")).await, 71_000);
}

#[tokio::test]
async fn two_that_end_a_year_end_it_once() {
    let year = Box::pin(Year::with_quotas()).await;
    year.budget.given_date(2018, 1, 20).await;
    let (mut one, mut two) = (year.officer(), year.checker());
    let open = || requests::open_clearing(KEY);
    let both = tokio::join!(one.open_clearing(open()), two.open_clearing(open()));
    expect_refusal(second_of(both), Code::FailedPrecondition, "CLEARING_OPEN");
    year.settle_clearing(KEY).await;

    let decision = year.decided(KEY, "primary_care_allotment").await;
    let allot = || requests::allot_primary_care(KEY, &[(KEY.district, 1)], &decision);
    let both = tokio::join!(one.allot_primary_care(allot()), two.allot_primary_care(allot()));
    expect_refusal(second_of(both), Code::AlreadyExists, "ALLOTMENT_EXISTS");
    assert_eq!(year.balance(&KEY.account("primary_care")).await, 1_800);

    let decision = year.decided(KEY, "final_accounts").await;
    let close =
        |income_fen| pb::CloseAccountsRequest { income_fen, ..requests::close_accounts(KEY, &decision) };
    let both = tokio::join!(one.close_accounts(close(101_000)), two.close_accounts(close(102_000)));
    expect_refusal(second_of(both), Code::AlreadyExists, "FINAL_ACCOUNT_EXISTS");
    let publish = || requests::publish(KEY.name("finalAccounts"));
    let both = tokio::join!(one.publish_disclosure(publish()), async {
        year.client(Role::CityAgency).publish_disclosure(publish()).await
    });
    expect_refusal(second_of(both), Code::AlreadyExists, "DISCLOSURE_EXISTS");
}

#[tokio::test]
async fn two_that_report_a_task_done_are_one_after_the_other() {
    let service = tasks::started().await;
    let (mut one, mut two) =
        (tasks::client(&service, Role::AgencyOfficer), tasks::client(&service, Role::CityAgency));
    let done = || tasks::record("4", State::Done, "medical_security");
    let both = tokio::join!(one.record_progress(done()), two.record_progress(done()));
    expect_refusal(second_of(both), Code::FailedPrecondition, "TASK_DONE");
    let under_way = || tasks::record("5", State::UnderWay, "health");
    let both = tokio::join!(one.record_progress(under_way()), two.record_progress(under_way()));
    let mut names = [both.0, both.1].map(|answer| answer.unwrap().into_inner().progress.unwrap().name);
    names.sort();
    assert_eq!(names, [1, 2].map(|n| format!("{}/progress/{n}", tasks::task_name("5"))));
}
