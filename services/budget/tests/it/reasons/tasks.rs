use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::task::State;
use medfund_testkit::Refusals;
use tonic::Code;

use super::{BAD, PRECONDITION};
use crate::support::{Budget, DISTRICT, PACKAGE, date};
use crate::tasks::{self, client, list, list_overdue, record, reopen, task_name};

pub(super) const RPCS: [&str; 5] =
    ["ListTasks", "GetTask", "RecordProgress", "ReopenTask", "ListOverdueTasks"];

#[tokio::test]
async fn tasks_are_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let service = Budget::start().await;
    let mut secretary = client(&service, Role::MeetingSecretary);
    let bad = pb::ListTasksRequest { page_size: -1, ..list() };
    refusals.expect("list_tasks", secretary.list_tasks(bad).await, BAD.0, BAD.1);
    let bad = list_overdue(date(2023, 2, 30));
    refusals.expect("list_overdue_tasks", secretary.list_overdue_tasks(bad).await, BAD.0, BAD.1);

    let missing = (Code::NotFound, "CALENDAR_NOT_FOUND");
    refusals.expect("list_tasks", secretary.list_tasks(list()).await, missing.0, missing.1);
    let answer = secretary.list_overdue_tasks(list_overdue(None)).await;
    refusals.expect("list_overdue_tasks", answer, missing.0, missing.1);
    service.given_calendar().await;
    refusals.expect("list_tasks", secretary.list_tasks(list()).await, PRECONDITION, "NO_NOTICE_IN_FORCE");
    let answer = secretary.list_overdue_tasks(list_overdue(None)).await;
    refusals.expect("list_overdue_tasks", answer, PRECONDITION, "NO_NOTICE_IN_FORCE");

    tasks::open(&service).await;
    for task in ["34", "17", "17-6", "4-1"] {
        let unknown = (Code::NotFound, "TASK_NOT_FOUND");
        let get = pb::GetTaskRequest { name: task_name(task), date: None };
        refusals.expect("get_task", secretary.get_task(get).await, unknown.0, unknown.1);
        let answer = secretary.record_progress(record(task, State::UnderWay, "health")).await;
        refusals.expect("record_progress", answer, unknown.0, unknown.1);
        refusals.expect("reopen_task", secretary.reopen_task(reopen(task)).await, unknown.0, unknown.1);
    }
    let cases = [
        (record("4", State::Done, "health"), "UNIT_NOT_RESPONSIBLE"),
        (record("4", State::UnderWay, "nobody"), "UNIT_NOT_RESPONSIBLE"),
        (record("5", State::Done, "health"), "TASK_ONGOING"),
    ];
    for (request, reason) in cases {
        refusals.expect("record_progress", secretary.record_progress(request).await, PRECONDITION, reason);
    }
    let answer = secretary.reopen_task(reopen("4")).await;
    refusals.expect("reopen_task", answer, PRECONDITION, "TASK_NOT_DONE");
    secretary.record_progress(record("4", State::Done, "medical_security")).await.unwrap();
    for state in [State::Done, State::UnderWay] {
        let answer = secretary.record_progress(record("4", state, "medical_security")).await;
        refusals.expect("record_progress", answer, PRECONDITION, "TASK_DONE");
    }
    refusals.all_provoked();
}

#[tokio::test]
async fn another_notice_s_tasks_are_not_found() {
    let service = Budget::start().await;
    service.given_fund_year(&[DISTRICT]).await;
    let get = pb::GetTaskRequest { name: task_name("4"), date: None };
    let answer = client(&service, Role::Auditor).get_task(get).await;
    crate::support::expect_refusal(answer, Code::NotFound, "TASK_NOT_FOUND");
}
