//! Chuxiong's table of tasks, followed by this area.

use std::collections::BTreeMap;

use diesel_async::SimpleAsyncConnection;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::task::State;
use medfund_proto::budget::v1::task_progress::Step;
use medfund_proto::budget::v1::task_service_client::TaskServiceClient;
use medfund_proto::google::r#type::Date;
use medfund_testkit::TestChannel;
use serde::Deserialize;

use super::lived::Year;
use super::support::{AREA, Budget, DISTRICT, YEAR, date, request_id};

/// The first day of the notice.
const FIRST_DAY: (i32, i32, i32) = (2022, 3, 2);

/// Chuxiong's pack, told of this area.
fn pack() -> String {
    let pack = include_str!("../../../../policies/chuxiong-2022.toml");
    pack.replace("region = \"532300\"", &format!("region = \"{AREA}\""))
}

/// Opens a fund year under Chuxiong's pack, or an edition of it.
async fn open_year(budget: &Budget, pack: &str, fund_year: i32) {
    let pack = budget.given_published(pack).await;
    let request = pb::OpenFundYearRequest {
        name: YEAR.replace("2017", &fund_year.to_string()),
        pack_hash: pack.pack_hash,
        districts: vec![DISTRICT.to_owned()],
        request_id: request_id(),
    };
    budget.calendar(Role::CalendarKeeper).open_fund_year(request).await.unwrap();
}

/// Opens the fund year 2022 and moves the calendar to the notice's first day.
pub(crate) async fn open(budget: &Budget) {
    open_year(budget, &pack(), 2022).await;
    let (year, month, day) = FIRST_DAY;
    budget.given_date(year, month, day).await;
}

/// The service on the notice's first day.
pub(crate) async fn started() -> Budget {
    let budget = Budget::start().await;
    budget.given_calendar().await;
    open(&budget).await;
    budget
}

pub(crate) fn client(budget: &Budget, role: Role) -> TaskServiceClient<TestChannel> {
    TaskServiceClient::new(budget.0.as_role(role))
}

pub(crate) fn task_name(task: &str) -> String {
    format!("areas/{AREA}/notices/chuxiong-2022/tasks/{task}")
}

pub(crate) fn record(task: &str, state: State, body: &str) -> pb::RecordProgressRequest {
    pb::RecordProgressRequest {
        name: task_name(task),
        state: state.into(),
        body: body.to_owned(),
        report: "已印发实施".to_owned(),
        evidence_reference: "楚医保〔2022〕9号".to_owned(),
        request_id: request_id(),
    }
}

pub(crate) fn reopen(task: &str) -> pb::ReopenTaskRequest {
    let reason = "抽查发现未落实".to_owned();
    pb::ReopenTaskRequest { name: task_name(task), reason, request_id: request_id() }
}

pub(crate) fn list() -> pb::ListTasksRequest {
    pb::ListTasksRequest { parent: format!("areas/{AREA}"), ..Default::default() }
}

pub(crate) fn list_overdue(date: Option<Date>) -> pb::ListOverdueTasksRequest {
    pb::ListOverdueTasksRequest { parent: format!("areas/{AREA}"), date }
}

/// Records of a task, and reopens it, as part of a longer story.
pub(crate) async fn live(year: &Year) {
    open(&year.budget).await;
    let mut officer = client(&year.budget, Role::AgencyOfficer);
    officer.record_progress(record("4", State::Done, "medical_security")).await.unwrap();
    client(&year.budget, Role::CityAgency).reopen_task(reopen("4")).await.unwrap();
}

async fn numbers(budget: &Budget, request: pb::ListTasksRequest) -> Vec<String> {
    let listed = client(budget, Role::Auditor).list_tasks(request).await.unwrap().into_inner();
    let number = |task: &pb::Task| task.name.rsplit('/').next().unwrap().to_owned();
    listed.tasks.iter().map(number).collect()
}

#[tokio::test]
async fn the_tasks_of_the_notice_are_listed_page_by_page_and_by_what_they_are() {
    let budget = started().await;
    let (mut listed, mut token, mut n_pages) = (Vec::new(), String::new(), 0);
    loop {
        let request = pb::ListTasksRequest { page_size: 10, page_token: token, ..list() };
        let page = client(&budget, Role::Auditor).list_tasks(request).await.unwrap().into_inner();
        listed.extend(page.tasks);
        n_pages += 1;
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!((listed.len(), n_pages), (37, 4));
    let day_surgery = &listed[8];
    assert_eq!((day_surgery.number, day_surgery.item, day_surgery.state()), (9, 0, State::NotStarted));
    assert_eq!(
        (day_surgery.work.as_str(), day_surgery.clause.as_str()),
        ("推进日间手术医保付费改革", "CX 附件9")
    );
    assert_eq!((day_surgery.due_date, listed[0].due_date), (date(2022, 12, 31), None));
    let units: Vec<&str> = day_surgery.units.iter().map(|unit| unit.display_name.as_str()).collect();
    assert_eq!(units, ["州医疗保障局", "州卫生健康委"]);
    let with_item = listed.iter().find(|task| (task.number, task.item) == (17, 4)).unwrap();
    assert_eq!(with_item.remark, "指导县市完成");

    let of = |body: &str| pb::ListTasksRequest { body: body.to_owned(), ..list() };
    assert_eq!(numbers(&budget, of("human_resources")).await, ["13", "14", "15", "16"]);
    assert_eq!(numbers(&budget, of("audit")).await, [""; 0]);
    let theme = pb::ListTasksRequest { theme: "加强医保基金预算管理".to_owned(), ..list() };
    assert_eq!(numbers(&budget, theme).await, ["1", "2", "3", "4"]);
    let on = date(2023, 1, 1);
    let overdue = pb::ListTasksRequest { overdue: true, date: on, ..of("health") };
    assert_eq!(numbers(&budget, overdue).await, ["9", "17-2", "20", "25"]);

    let mut officer = client(&budget, Role::AgencyOfficer);
    officer.record_progress(record("20", State::Done, "health")).await.unwrap();
    let state = |state: State| pb::ListTasksRequest { state: state.into(), ..of("health") };
    assert_eq!(numbers(&budget, state(State::Done)).await, ["20"]);
    assert_eq!(numbers(&budget, state(State::NotStarted)).await.len(), 15);
}

#[tokio::test]
async fn a_task_keeps_what_was_recorded_of_it_through_the_editions_of_its_pack() {
    let budget = started().await;
    let mut officer = client(&budget, Role::AgencyOfficer);
    officer.record_progress(record("7", State::UnderWay, "medical_security")).await.unwrap();
    budget.given_date(2023, 2, 1).await;
    let edition = format!("{}\n# 2023\n", pack());
    open_year(&budget, &edition, 2023).await;
    let done =
        officer.record_progress(record("7", State::Done, "medical_security")).await.unwrap().into_inner();
    assert_eq!(done.task.unwrap().done_date, date(2023, 2, 1));
    client(&budget, Role::CityAgency).reopen_task(reopen("7")).await.unwrap();

    let get = |date| pb::GetTaskRequest { name: task_name("7"), date };
    let mut auditor = client(&budget, Role::Auditor);
    let found = auditor.get_task(get(None)).await.unwrap().into_inner();
    assert_eq!(found.task.unwrap().state(), State::UnderWay);
    let told: Vec<(String, Step, &str, Option<Date>)> = found
        .progress
        .iter()
        .map(|one| (one.name.clone(), one.step(), one.body.as_str(), one.report_date))
        .collect();
    let name = |n: u32| format!("{}/progress/{n}", task_name("7"));
    assert_eq!(
        told,
        [
            (name(1), Step::UnderWay, "medical_security", date(2022, 3, 2)),
            (name(2), Step::Done, "medical_security", date(2023, 2, 1)),
            (name(3), Step::Reopened, "", date(2023, 2, 1)),
        ]
    );
    assert_eq!(found.progress[2].report, "抽查发现未落实");
    let overdue = auditor.get_task(get(date(2024, 1, 2))).await.unwrap().into_inner().task.unwrap();
    assert_eq!((overdue.overdue, overdue.n_days_late), (true, 2));
}

#[tokio::test]
async fn records_are_never_changed() {
    let budget = started().await;
    let mut officer = client(&budget, Role::AgencyOfficer);
    officer.record_progress(record("4", State::UnderWay, "medical_security")).await.unwrap();
    let mut conn = budget.0.database().raw().await;
    conn.batch_execute("SET medfund.area = '440700'; SET medfund.institution = '*'").await.unwrap();
    for change in ["UPDATE task_progress SET step = 'done'", "DELETE FROM task_progress"] {
        assert!(conn.batch_execute(change).await.is_err(), "{change}");
    }
    let mut owner = budget.0.database().raw_admin().await;
    assert!(owner.batch_execute("TRUNCATE task_progress").await.is_err());
}

#[tokio::test]
async fn the_notice_in_force_is_that_of_the_last_year_that_has_begun() {
    let budget = Budget::start().await;
    budget.given_fund_year(&[DISTRICT]).await;
    open_year(&budget, &pack(), 2022).await;
    let on = |day| pb::ListTasksRequest { date: day, ..list() };
    assert_eq!(numbers(&budget, on(date(2021, 12, 31))).await.len(), 0, "Jiangmen's notice has no tasks");
    assert_eq!(numbers(&budget, on(date(2022, 1, 1))).await.len(), 37);
    assert_eq!(
        numbers(&budget, on(date(2016, 1, 1))).await.len(),
        0,
        "the first year opened, though to come"
    );
}

#[derive(Deserialize)]
struct Example {
    on: String,
    recorded: Vec<Recorded>,
    units: Vec<ExpectedUnit>,
}

#[derive(Deserialize)]
struct Recorded {
    date: String,
    task: String,
    #[serde(default)]
    body: String,
    state: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct ExpectedUnit {
    body: String,
    n_tasks: i32,
    n_led: i32,
    n_ongoing: i32,
    n_done: i32,
    n_done_late: i32,
    overdue: BTreeMap<String, i32>,
}

fn parsed(text: &str) -> Option<Date> {
    let mut parts = text.split('-').map(|part| part.parse().unwrap());
    date(parts.next()?, parts.next()?, parts.next()?)
}

fn found(of: &pb::UnitTasks) -> ExpectedUnit {
    let overdue = |task: &pb::Task| {
        assert!(task.overdue);
        (task.name.rsplit('/').next().unwrap().to_owned(), task.n_days_late)
    };
    let found = ExpectedUnit {
        body: of.unit.as_ref().unwrap().body.clone(),
        n_tasks: of.n_tasks,
        n_led: of.n_led,
        n_ongoing: of.n_ongoing,
        n_done: of.n_done,
        n_done_late: of.n_done_late,
        overdue: of.overdue_tasks.iter().map(overdue).collect(),
    };
    assert_eq!(usize::try_from(of.n_overdue).unwrap(), found.overdue.len());
    found
}

#[tokio::test]
async fn cx_annex_what_every_unit_owes_on_the_first_day_of_2023() {
    let example: Example = toml::from_str(include_str!("../../testdata/cx_annex_tasks.toml")).unwrap();
    let budget = started().await;
    let mut today = String::new();
    for one in &example.recorded {
        if one.date != today {
            let day = parsed(&one.date).unwrap();
            budget.given_date(day.year, day.month, day.day).await;
            today.clone_from(&one.date);
        }
        match one.state.as_str() {
            "reopened" => {
                client(&budget, Role::AgencyChecker).reopen_task(reopen(&one.task)).await.unwrap();
            }
            state => {
                let state = State::from_str_name(&format!("STATE_{}", state.to_uppercase())).unwrap();
                let request = record(&one.task, state, &one.body);
                client(&budget, Role::MeetingSecretary).record_progress(request).await.unwrap();
            }
        }
    }
    let mut auditor = client(&budget, Role::Auditor);
    let on = parsed(&example.on);
    let told = auditor.list_overdue_tasks(list_overdue(on)).await.unwrap().into_inner();
    assert_eq!(told.date, on);
    assert_eq!(told.units.iter().map(found).collect::<Vec<_>>(), example.units);

    let today = auditor.list_overdue_tasks(list_overdue(None)).await.unwrap().into_inner();
    assert_eq!(today, told, "without a date, that of the fund calendar");
    let before = auditor.list_overdue_tasks(list_overdue(date(2022, 6, 1))).await.unwrap().into_inner();
    let overdue: Vec<i32> = before.units.iter().map(|of| of.n_overdue).collect();
    assert_eq!(overdue, [1, 0, 0, 0, 0, 0], "the Internet rule alone, before anything was recorded");
}
