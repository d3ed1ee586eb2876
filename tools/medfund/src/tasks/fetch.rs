//! Asks a suite what has been recorded.

use anyhow::Context;
use chrono::NaiveDate;
use medfund_budget::domain::task::{Standing, TaskState};
use medfund_proto::budget::v1::task::State;
use medfund_proto::budget::v1::task_service_client::TaskServiceClient;
use medfund_proto::budget::v1::{ListOverdueTasksRequest, ListTasksRequest, Task, UnitTasks};
use medfund_server::convert::{date, date_to_pb, optional_date};
use medfund_types::Area;

use super::{TaskLine, Told, UnitLine};
use crate::suite::{People, Session, SuiteFile, rpc};

/// The tasks of the notice in force in an area, on a day or the business date.
pub(super) async fn told(suite: &SuiteFile, area: &Area, on: Option<NaiveDate>) -> anyhow::Result<Told> {
    let session = Session::open(suite, "tasks")?;
    let auditor = People::of(area).auditor;
    let parent = format!("areas/{area}");
    let request = ListOverdueTasksRequest { parent: parent.clone(), date: on.map(date_to_pb) };
    let owed = rpc!(session, &auditor, Budget TaskServiceClient list_overdue_tasks, request).await?;
    let (mut tasks, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListTasksRequest {
            parent: parent.clone(),
            date: owed.date,
            page_size: 500,
            page_token,
            ..ListTasksRequest::default()
        };
        let page = rpc!(session, &auditor, Budget TaskServiceClient list_tasks, request).await?;
        for task in page.tasks {
            tasks.push(task_line(task)?);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let day = date(owed.date).ok().context("the service answered without a day")?;
    let units = owed.units.into_iter().map(unit_line).collect();
    Ok(Told { heading: format!("{area} on {day}, as recorded"), tasks, units })
}

fn task_line(task: Task) -> anyhow::Result<TaskLine> {
    let state = match task.state() {
        State::Done => TaskState::Done,
        State::UnderWay => TaskState::UnderWay,
        State::NotStarted | State::Unspecified => TaskState::NotStarted,
    };
    let day = |date| optional_date(date).ok().context("the service answered with no day of the calendar");
    let standing = Standing {
        state,
        done_date: day(task.done_date)?,
        n_days_late: u32::try_from(task.n_days_late).unwrap_or(0),
    };
    Ok(TaskLine {
        number: number(&task),
        due: day(task.due_date)?,
        standing,
        units: task.units.into_iter().map(|unit| (unit.body, unit.display_name)).collect(),
        work: task.work,
        remark: task.remark,
    })
}

fn number(task: &Task) -> String {
    task.name.rsplit('/').next().unwrap_or_default().to_owned()
}

fn unit_line(of: UnitTasks) -> UnitLine {
    let overdue = of.overdue_tasks.iter().map(number).collect();
    let unit = of.unit.unwrap_or_default();
    UnitLine {
        body: unit.body,
        name: unit.display_name,
        counts: [of.n_tasks, of.n_led, of.n_ongoing, of.n_done, of.n_done_late].map(|n| n.to_string()),
        overdue,
    }
}
