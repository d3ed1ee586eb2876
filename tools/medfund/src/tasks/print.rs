use comfy_table::{Cell, Color};
use medfund_budget::domain::task::TaskState;

use super::{TaskLine, Told, UnitLine};
use crate::print::{numbers_right, wide_table};

/// The tasks, what every unit owes, and one line that counts.
pub(super) fn text(told: &Told) -> String {
    let mut tasks =
        wide_table(&["no. 序号", "work 重点工作", "units 责任单位", "due 完成时限", "on that day"]);
    tasks.add_rows(told.tasks.iter().map(row));
    let heads = ["unit 责任单位", "tasks", "led", "ongoing", "done", "done late", "overdue 逾期", "which"];
    let mut units = wide_table(&heads);
    units.add_rows(told.units.iter().map(unit_row));
    numbers_right(&mut units, 1);
    if let Some(which) = units.column_mut(heads.len() - 1) {
        which.set_cell_alignment(comfy_table::CellAlignment::Left);
    }
    let n_overdue = told.tasks.iter().filter(|task| task.standing.is_overdue()).count();
    let verb = if n_overdue == 1 { "is" } else { "are" };
    let count = format!("{n_overdue} of the {} tasks above {verb} overdue", told.tasks.len());
    let tasks =
        if told.tasks.is_empty() { "no task is overdue".to_owned() } else { format!("{tasks}\n{count}") };
    format!("{}\n\n{tasks}\n\n{units}", told.heading)
}

fn row(task: &TaskLine) -> [Cell; 5] {
    let work = match task.remark.as_str() {
        "" => task.work.clone(),
        remark => format!("{}（{remark}）", task.work),
    };
    let units: Vec<&str> = task.units.iter().map(|(_, name)| name.as_str()).collect();
    let due = task.due.map_or_else(|| "持续推进".to_owned(), |day| day.to_string());
    let standing = Cell::new(standing(task));
    let standing = match (task.standing.is_overdue(), task.standing.state) {
        (true, _) => standing.fg(Color::Red),
        (false, TaskState::Done) => standing.fg(Color::Green),
        (false, TaskState::NotStarted | TaskState::UnderWay) => standing,
    };
    [Cell::new(&task.number), Cell::new(work), Cell::new(units.join("\n")), Cell::new(due), standing]
}

fn standing(task: &TaskLine) -> String {
    let state = match (task.standing.state, task.standing.done_date) {
        (TaskState::Done, Some(day)) => format!("已完成 done {day}"),
        (TaskState::Done, None) => "已完成 done".to_owned(),
        (TaskState::UnderWay, _) => "推进中 under way".to_owned(),
        (TaskState::NotStarted, _) => "未启动 not started".to_owned(),
    };
    let days = |n: u32| if n == 1 { "1 day".to_owned() } else { format!("{n} days") };
    let n_days = task.standing.n_days_late;
    if task.standing.is_overdue() {
        format!("{state}\n逾期 overdue by {}", days(n_days))
    } else if task.standing.is_done_late() {
        format!("{state}\n迟 late by {}", days(n_days))
    } else {
        state
    }
}

fn unit_row(of: &UnitLine) -> Vec<Cell> {
    let n_overdue = Cell::new(of.overdue.len());
    let n_overdue = if of.overdue.is_empty() { n_overdue } else { n_overdue.fg(Color::Red) };
    let mut row = vec![Cell::new(&of.name)];
    row.extend(of.counts.iter().map(Cell::new));
    row.extend([n_overdue, Cell::new(of.overdue.join(", "))]);
    row
}
