use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::task::State;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{elsewhere, long};
use crate::lived::Year;
use crate::support::{YEAR, date};
use crate::tasks::{client, list, list_overdue, record, reopen, task_name};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let mut secretary = client(&year.budget, Role::MeetingSecretary);
    bad_requests!(table, secretary.list_tasks(list()), {
        "a year for an area": |r| r.parent = YEAR.to_owned() => ["parent"],
        "a state that nobody knows": |r| r.state = 9 => ["state"],
        "no day of the calendar": |r| r.date = date(2023, 2, 29) => ["date"],
        "a month for a day": |r| r.date = date(2023, 2, 0) => ["date"],
        "a negative page size": |r| r.page_size = -1 => ["page_size"],
        "a page token that nobody gave": |r| r.page_token = "7b7d".to_owned() => ["page_token"],
        "everything bad": |r|
            *r = pb::ListTasksRequest {
                state: -1,
                date: date(2023, 13, 1),
                page_size: -1,
                page_token: "x".to_owned(),
                ..Default::default()
            } => ["parent", "state", "date", "page_size", "page_token"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
    let good = pb::GetTaskRequest { name: task_name("17-2"), date: None };
    bad_requests!(table, secretary.get_task(good), {
        "a number that begins with 0": |r| r.name = task_name("017-2") => ["name"],
        "no item behind the hyphen": |r| r.name = task_name("17-") => ["name"],
        "a task of no notice": |r| r.name = "areas/440700/tasks/17-2".to_owned() => ["name"],
        "no day of the calendar": |r| r.date = date(2023, 4, 31) => ["date"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, secretary.record_progress(record("4", State::Done, "medical_security")), {
        "a task that is no number": |r| r.name = task_name("四") => ["name"],
        "no state": |r| r.state = 0 => ["state"],
        "not started": |r| r.state = State::NotStarted.into() => ["state"],
        "a state that nobody knows": |r| r.state = 9 => ["state"],
        "no unit": |r| r.body.clear() => ["body"],
        "a unit of 41 characters": |r| r.body = long(41) => ["body"],
        "a report of blanks": |r| r.report = " ".to_owned() => ["report"],
        "a report of 2,001 characters": |r| r.report = long(2_001) => ["report"],
        "done without evidence": |r| r.evidence_reference.clear() => ["evidence_reference"],
        "evidence of 201 characters": |r| r.evidence_reference = long(201) => ["evidence_reference"],
        "a report with a NUL character": |r| r.report.push('\0') => ["report"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "everything bad": |r| *r = pb::RecordProgressRequest::default()
            => ["name", "request_id", "state", "body", "report"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, secretary.reopen_task(reopen("4")), {
        "no reason": |r| r.reason.clear() => ["reason"],
        "a reason of 2,001 characters": |r| r.reason = long(2_001) => ["reason"],
        "everything bad": |r| *r = pb::ReopenTaskRequest::default() => ["name", "request_id", "reason"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, secretary.list_overdue_tasks(list_overdue(None)), {
        "no parent": |r| r.parent.clear() => ["parent"],
        "a day without its year": |r| r.date = date(0, 12, 31) => ["date"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
}
