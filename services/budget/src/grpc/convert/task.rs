use chrono::NaiveDate;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::task::State;
use medfund_server::convert::{date_to_pb, optional_date, split_page, timestamp_to_pb};
use medfund_server::{Context, FieldProblem, Violations};

use super::{call, optional_text, page_of, read, text};
use crate::app::record_progress::RecordProgress;
use crate::app::reopen_task::ReopenTask;
use crate::app::{Page, Read, TaskFilter};
use crate::domain::task::{
    Progress, Report, Step, Task, TaskKey, TaskNumber, TaskState, TaskUnit, UnitTasks, by_unit,
};

const MAX_BODY: usize = 40;
const MAX_REPORT: usize = 2_000;
const MAX_EVIDENCE: usize = 200;

pub(in crate::grpc) fn list_tasks(
    context: &Context,
    request: &pb::ListTasksRequest,
) -> Result<(Read, Option<NaiveDate>, TaskFilter, Page<TaskNumber>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let state = bad.take("state", optional_state(request.state));
    let day = bad.take("date", optional_date(request.date));
    let bound_to = bound_to(request);
    let page =
        page_of(&mut bad, &bound_to.each_ref().map(String::as_str), request.page_size, &request.page_token);
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    bad.finish(|| {
        let filter = TaskFilter {
            body: given(&request.body),
            theme: given(&request.theme),
            state: state?,
            overdue: request.overdue,
        };
        Some((read(context, area?), day?, filter, page?))
    })
}

/// What a page token of a list of tasks is bound to.
fn bound_to(request: &pb::ListTasksRequest) -> [String; 6] {
    [
        request.parent.clone(),
        request.body.clone(),
        request.theme.clone(),
        request.state.to_string(),
        request.overdue.to_string(),
        format!("{:?}", request.date),
    ]
}

fn optional_state(number: i32) -> Result<Option<TaskState>, FieldProblem> {
    match State::try_from(number) {
        Ok(State::Unspecified) => Ok(None),
        Ok(State::NotStarted) => Ok(Some(TaskState::NotStarted)),
        Ok(State::UnderWay) => Ok(Some(TaskState::UnderWay)),
        Ok(State::Done) => Ok(Some(TaskState::Done)),
        Err(_) => Err(FieldProblem::Malformed("must be a known state".to_owned())),
    }
}

pub(in crate::grpc) fn get_task(
    context: &Context,
    request: &pb::GetTaskRequest,
) -> Result<(Read, TaskKey, Option<NaiveDate>), Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", task_key(context, &request.name));
    let day = bad.take("date", optional_date(request.date));
    bad.finish(|| {
        let key = key?;
        Some((read(context, key.area.clone()), key, day?))
    })
}

pub(in crate::grpc) fn record_progress(
    context: &Context,
    request: pb::RecordProgressRequest,
) -> Result<RecordProgress, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", task_key(context, &request.name));
    let call = call(&mut bad, context, key.as_ref().map(|key| &key.area), &request.request_id, false);
    let done = bad.take("state", is_done(request.state));
    let body = bad.take("body", text(request.body, MAX_BODY));
    let report = bad.take("report", text(request.report, MAX_REPORT));
    let evidence = if done == Some(true) { text } else { optional_text };
    let evidence = bad.take("evidence_reference", evidence(request.evidence_reference, MAX_EVIDENCE));
    bad.finish(|| {
        let report = Report { done: done?, body: body?, report: report?, evidence_reference: evidence? };
        Some(RecordProgress { call: call?, task: key?, report })
    })
}

fn is_done(number: i32) -> Result<bool, FieldProblem> {
    match optional_state(number)? {
        Some(TaskState::UnderWay) => Ok(false),
        Some(TaskState::Done) => Ok(true),
        Some(TaskState::NotStarted) | None => {
            Err(FieldProblem::Malformed("must be under way or done".to_owned()))
        }
    }
}

pub(in crate::grpc) fn reopen_task(
    context: &Context,
    request: pb::ReopenTaskRequest,
) -> Result<ReopenTask, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", task_key(context, &request.name));
    let call = call(&mut bad, context, key.as_ref().map(|key| &key.area), &request.request_id, false);
    let reason = bad.take("reason", text(request.reason, MAX_REPORT));
    bad.finish(|| Some(ReopenTask { call: call?, task: key?, reason: reason? }))
}

pub(in crate::grpc) fn list_overdue_tasks(
    context: &Context,
    request: &pb::ListOverdueTasksRequest,
) -> Result<(Read, Option<NaiveDate>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let day = bad.take("date", optional_date(request.date));
    bad.finish(|| Some((read(context, area?), day?)))
}

/// Reads the name of a task.
fn task_key(context: &Context, name: &str) -> Result<TaskKey, FieldProblem> {
    let name = context.name::<2>("areas/{area}/notices/{pack_id}/tasks/{task}", name)?;
    let [pack_id, number] = name.ids;
    Ok(TaskKey { area: name.area, pack_id: pack_id.to_owned(), number: number.parse::<TaskNumber>()? })
}

pub(in crate::grpc) fn tasks_to_pb(
    tasks: Vec<Task>,
    day: NaiveDate,
    size: usize,
    request: &pb::ListTasksRequest,
) -> pb::ListTasksResponse {
    let bound_to = bound_to(request);
    let (tasks, next_page_token) =
        split_page(tasks, size, |task| task.key.number, &bound_to.each_ref().map(String::as_str));
    pb::ListTasksResponse { tasks: tasks.iter().map(|task| task_to_pb(task, day)).collect(), next_page_token }
}

pub(in crate::grpc) fn task_to_pb(task: &Task, day: NaiveDate) -> pb::Task {
    let standing = task.standing(day);
    let state = match standing.state {
        TaskState::NotStarted => State::NotStarted,
        TaskState::UnderWay => State::UnderWay,
        TaskState::Done => State::Done,
    };
    pb::Task {
        name: task.key.name(),
        number: count(task.key.number.number),
        item: count(task.key.number.item.unwrap_or(0)),
        theme: task.theme.clone(),
        work: task.work.clone(),
        units: task.units.iter().map(unit_to_pb).collect(),
        remark: task.remark.clone().unwrap_or_default(),
        due_date: task.due_date.map(date_to_pb),
        clause: task.clause.clone(),
        state: state.into(),
        done_date: standing.done_date.map(date_to_pb),
        overdue: standing.is_overdue(),
        late: standing.is_done_late(),
        n_days_late: count(standing.n_days_late),
    }
}

fn unit_to_pb(unit: &TaskUnit) -> pb::TaskUnit {
    pb::TaskUnit { body: unit.body.clone(), display_name: unit.display_name.clone() }
}

pub(in crate::grpc) fn progress_to_pb(progress: &Progress) -> pb::TaskProgress {
    let step = match progress.mark.step {
        Step::UnderWay => pb::task_progress::Step::UnderWay,
        Step::Done => pb::task_progress::Step::Done,
        Step::Reopened => pb::task_progress::Step::Reopened,
    };
    pb::TaskProgress {
        name: progress.name(),
        step: step.into(),
        body: progress.body.clone().unwrap_or_default(),
        report: progress.report.clone(),
        evidence_reference: progress.evidence_reference.clone(),
        maker: progress.maker.clone(),
        report_date: Some(date_to_pb(progress.mark.report_date)),
        create_time: Some(timestamp_to_pb(progress.create_time)),
    }
}

pub(in crate::grpc) fn overdue_to_pb(tasks: &[Task], day: NaiveDate) -> pb::ListOverdueTasksResponse {
    let units = by_unit(tasks, day).iter().map(|unit| unit_tasks_to_pb(unit, day)).collect();
    pb::ListOverdueTasksResponse { date: Some(date_to_pb(day)), units }
}

fn unit_tasks_to_pb(of: &UnitTasks<'_>, day: NaiveDate) -> pb::UnitTasks {
    pb::UnitTasks {
        unit: Some(unit_to_pb(of.unit)),
        n_tasks: count(of.n_tasks),
        n_led: count(of.n_led),
        n_ongoing: count(of.n_ongoing),
        n_done: count(of.n_done),
        n_done_late: count(of.n_done_late),
        n_overdue: count(of.overdue.len()),
        overdue_tasks: of.overdue.iter().map(|(task, _)| task_to_pb(task, day)).collect(),
    }
}

fn count<N: TryInto<i32>>(n: N) -> i32 {
    n.try_into().unwrap_or(i32::MAX)
}
