use std::collections::BTreeMap;

use super::Period;
use crate::read::{BodyId, Day, Keyed, Param, Spot, Value, Whole, section};

/// How a pack writes that a task is kept up for good.
const ONGOING: &str = "ongoing";

/// Until when a task is to be done (完成时限).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskLimit {
    /// This day is the last.
    By(Day),
    /// It is kept up for good (持续推进), written `ongoing`.
    Ongoing,
}

impl TaskLimit {
    /// The last day, if there is one.
    #[must_use]
    pub fn last_day(self) -> Option<Day> {
        match self {
            Self::By(day) => Some(day),
            Self::Ongoing => None,
        }
    }
}

impl Value for TaskLimit {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        if spot.text()? == ONGOING { Some(Self::Ongoing) } else { Day::read(spot).map(Self::By) }
    }

    fn show(&self) -> String {
        match self {
            Self::By(day) => day.show(),
            Self::Ongoing => ONGOING.to_owned(),
        }
    }
}

section! {
    /// One task of the notice's table (任务分工).
    pub struct Task {
        /// Its number in the table.
        number: Param<Whole<1, 999>> = "序号",
        /// Its place among the tasks of one number, where there are several.
        item: Option<Param<Whole<1, 99>>> = "分项",
        /// Its theme.
        theme: Param<String> = "主要内容",
        /// The work.
        work: Param<String> = "重点工作",
        /// Who is responsible, the one that leads first.
        units: Param<Vec<BodyId>> = "责任单位",
        /// What the table says of the units' part in it.
        remark: Option<Param<String>> = "责任说明",
        /// Until when.
        by: Param<TaskLimit> = "完成时限",
    }
}

/// Notes numbers and items that stand twice or are left out, and time limits outside of the pack's period.
pub(crate) fn check_tasks(spot: &Spot<'_>, tasks: &Keyed<Task>, period: Option<&Period>) {
    let mut by_number: BTreeMap<u32, Vec<&Task>> = BTreeMap::new();
    for task in tasks.values() {
        by_number.entry(task.number.get().get()).or_default().push(task);
        check_limit(spot, task, period);
    }
    let mut next = 1;
    for (number, of_number) in by_number {
        let first = &of_number[0].number;
        if let Some(left_out) = left_out(next, number) {
            spot.wrong_at(first.line(), first.key(), format!("no task is numbered {left_out}"));
        }
        next = number + 1;
        match of_number.as_slice() {
            [only] => {
                if let Some(item) = &only.item {
                    let reason = format!("no other task is numbered {number}: leave `item` out");
                    spot.wrong_at(item.line(), item.key(), reason);
                }
            }
            several => check_items(spot, number, several),
        }
    }
}

fn check_items(spot: &Spot<'_>, number: u32, tasks: &[&Task]) {
    let mut items = BTreeMap::new();
    for task in tasks {
        let Some(item) = &task.item else {
            let reason = format!("{} tasks are numbered {number}: each needs an `item`", tasks.len());
            spot.wrong_at(task.number.line(), task.number.key(), reason);
            continue;
        };
        if items.insert(item.get().get(), item).is_some() {
            let reason = format!("{number} has two items {}", item.get().get());
            spot.wrong_at(item.line(), item.key(), reason);
        }
    }
    let mut next = 1;
    for (number_of_item, item) in items {
        if let Some(left_out) = left_out(next, number_of_item) {
            spot.wrong_at(item.line(), item.key(), format!("{number} has no item {left_out}"));
        }
        next = number_of_item + 1;
    }
}

/// What lies between the number that is due next and the one found.
fn left_out(next: u32, found: u32) -> Option<String> {
    match found.checked_sub(next)? {
        0 => None,
        1 => Some(next.to_string()),
        _ => Some(format!("{next} to {}", found - 1)),
    }
}

fn check_limit(spot: &Spot<'_>, task: &Task, period: Option<&Period>) {
    let (Some(day), Some(period)) = (task.by.get().last_day(), period) else { return };
    let from = *period.effective_from;
    if day < from {
        spot.wrong_at(task.by.line(), task.by.key(), format!("{day} lies before `effective_from`, {from}"));
    }
    if let Some(to) = period.effective_to.as_ref().map(Param::get).filter(|to| day > *to) {
        spot.wrong_at(task.by.line(), task.by.key(), format!("{day} lies after `effective_to`, {to}"));
    }
}
