use chrono::Days;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn unit(body: &str) -> TaskUnit {
    TaskUnit { body: body.to_owned(), display_name: body.to_owned() }
}

/// A task of two units, to be done by the end of 2022.
fn task() -> Task {
    Task {
        key: TaskKey {
            area: "532300".parse().unwrap(),
            pack_id: "chuxiong-2022".to_owned(),
            number: "9".parse().unwrap(),
        },
        theme: "持续推进按DRG为主要的多元复合式医保支付方式改革".to_owned(),
        work: "推进日间手术医保付费改革".to_owned(),
        units: vec![unit("medical_security"), unit("health")],
        remark: None,
        due_date: Some(day("2022-12-31")),
        clause: "CX 附件9".to_owned(),
        marks: Vec::new(),
    }
}

fn by(date: &str) -> Recorder {
    Recorder { maker: "officer".to_owned(), business_date: day(date), instant: DateTime::UNIX_EPOCH }
}

fn report(done: bool, body: &str) -> Report {
    Report {
        done,
        body: body.to_owned(),
        report: "已印发".to_owned(),
        evidence_reference: "〔2022〕9号".to_owned(),
    }
}

fn done_on(date: &str) -> Task {
    task().record(report(true, "health"), by(date)).unwrap().0
}

#[test]
fn a_task_is_in_time_on_its_last_day_and_overdue_the_day_after() {
    let on = |date| task().standing(day(date));
    assert_eq!((on("2022-12-31").is_overdue(), on("2022-12-31").n_days_late), (false, 0));
    assert_eq!((on("2023-01-01").is_overdue(), on("2023-01-01").n_days_late), (true, 1));
    assert_eq!(on("2023-12-31").n_days_late, 365);
    assert_eq!(on("2023-01-01").state, TaskState::NotStarted);
}

#[test]
fn an_ongoing_task_is_never_overdue_and_never_done() {
    let ongoing = Task { due_date: None, ..task() };
    assert_eq!(ongoing.standing(day("2100-01-01")).n_days_late, 0);
    assert_eq!(ongoing.clone().record(report(true, "health"), by("2022-06-01")), Err(TaskError::Ongoing));
    let (under_way, _) = ongoing.record(report(false, "health"), by("2022-06-01")).unwrap();
    assert_eq!(under_way.standing(day("2022-06-01")).state, TaskState::UnderWay);
}

#[test]
fn what_is_done_after_its_last_day_is_late_for_good_and_not_overdue() {
    let late = done_on("2023-02-10").standing(day("2024-01-01"));
    assert_eq!((late.is_done_late(), late.is_overdue(), late.n_days_late), (true, false, 41));
    let in_time = done_on("2022-12-31").standing(day("2024-01-01"));
    assert_eq!((in_time.is_done_late(), in_time.n_days_late), (false, 0));
}

#[test]
fn a_day_is_told_by_what_was_recorded_until_then() {
    let done = done_on("2023-02-10");
    let before = done.standing(day("2023-02-09"));
    assert_eq!((before.state, before.is_overdue()), (TaskState::NotStarted, true));
    assert_eq!(done.standing(day("2023-02-10")).done_date, Some(day("2023-02-10")));
}

#[test]
fn a_reopened_task_is_overdue_again_until_it_is_done_once_more() {
    let (reopened, told) = done_on("2022-12-20").reopen("未印发".to_owned(), by("2023-01-05")).unwrap();
    assert_eq!((told.sequence, told.mark.step, told.body), (2, Step::Reopened, None));
    assert_eq!(reopened.standing(day("2022-12-31")).state, TaskState::Done);
    let standing = reopened.standing(day("2023-01-05"));
    assert_eq!((standing.state, standing.n_days_late), (TaskState::UnderWay, 5));
    let (again, told) = reopened.record(report(true, "medical_security"), by("2023-01-08")).unwrap();
    assert_eq!((told.sequence, again.standing(day("2023-01-08")).n_days_late), (3, 8));
}

#[test]
fn only_its_units_report_and_only_until_it_is_done() {
    let stranger = report(true, "finance");
    assert_eq!(
        task().record(stranger, by("2022-06-01")),
        Err(TaskError::NotResponsible("finance".to_owned()))
    );
    let done = done_on("2022-06-01");
    assert_eq!(
        done.clone().record(report(false, "health"), by("2022-06-02")),
        Err(TaskError::Done(day("2022-06-01")))
    );
    assert_eq!(task().reopen("x".to_owned(), by("2022-06-02")), Err(TaskError::NotDone));
}

#[test]
fn a_task_counts_for_each_of_its_units_and_the_first_leads() {
    let early = Task {
        key: TaskKey { number: "24".parse().unwrap(), ..task().key },
        units: vec![unit("medical_security")],
        due_date: Some(day("2022-05-31")),
        ..task()
    };
    let kept_up = Task { due_date: None, ..task() };
    let tasks = [task(), kept_up, early];
    let units = by_unit(&tasks, day("2023-01-01"));
    let counts: Vec<_> =
        units.iter().map(|of| (of.unit.body.as_str(), of.n_tasks, of.n_led, of.n_ongoing)).collect();
    assert_eq!(counts, [("medical_security", 3, 3, 1), ("health", 2, 0, 1)]);
    let overdue: Vec<(String, u32)> = units[0]
        .overdue
        .iter()
        .map(|(task, standing)| (task.key.number.to_string(), standing.n_days_late))
        .collect();
    assert_eq!(overdue, [("24".to_owned(), 215), ("9".to_owned(), 1)]);
}

#[test]
fn a_number_is_read_back_in_its_written_form_only() {
    for good in ["4", "17-2"] {
        assert_eq!(good.parse::<TaskNumber>().unwrap().to_string(), good);
    }
    for bad in ["", "04", "+4", "17-", "17-02", "17-2-1", "-2", "4 ", "4294967296", "四"] {
        assert!(bad.parse::<TaskNumber>().is_err(), "{bad}");
    }
    let numbers = ["4", "17-1", "17-2", "18"].map(|text| text.parse::<TaskNumber>().unwrap());
    assert!(numbers.is_sorted());
}

proptest! {
    #[test]
    fn every_task_of_every_unit_is_done_ongoing_overdue_or_to_come(
        days in prop::collection::vec((prop::option::of(0_u64..400), prop::option::of(0_u64..800)), 1..20),
        on in 0_u64..1_000,
    ) {
        let start = day("2022-01-01");
        let after = |n| start.checked_add_days(Days::new(n)).unwrap();
        let mut tasks = Vec::new();
        for (due, done) in days {
            let fresh = Task { due_date: due.map(after), ..task() };
            let done = done.filter(|_| due.is_some());
            tasks.push(match done {
                Some(done) => fresh.record(report(true, "health"), by(&after(done).to_string())).unwrap().0,
                None => fresh,
            });
        }
        let on = after(on);
        let to_come = tasks
            .iter()
            .filter(|task| task.standing(on).done_date.is_none() && task.due_date.is_some_and(|due| due >= on))
            .count();
        for of in by_unit(&tasks, on) {
            prop_assert_eq!(of.n_tasks, of.n_done + of.n_ongoing + of.overdue.len() + to_come);
            prop_assert!(of.n_done_late <= of.n_done);
        }
    }
}
