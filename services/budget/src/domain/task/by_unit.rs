use chrono::NaiveDate;

use super::{Standing, Task, TaskUnit};

/// A unit's tasks on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitTasks<'a> {
    /// The unit.
    pub unit: &'a TaskUnit,
    /// How many tasks it is responsible for.
    pub n_tasks: usize,
    /// How many of them it leads.
    pub n_led: usize,
    /// How many are kept up for good.
    pub n_ongoing: usize,
    /// How many are done.
    pub n_done: usize,
    /// How many of those were done late.
    pub n_done_late: usize,
    /// Those that are overdue, the longest overdue first, then in the order of the table.
    pub overdue: Vec<(&'a Task, Standing)>,
}

/// What every unit owes on a day, units in the order in which the table first names them.
///
/// A task of several units counts for each of them: the notice lets none of them off.
///
/// Source: CX 附件 (责任单位).
#[must_use]
pub fn by_unit(tasks: &[Task], day: NaiveDate) -> Vec<UnitTasks<'_>> {
    let mut units: Vec<UnitTasks<'_>> = Vec::new();
    for task in tasks {
        let standing = task.standing(day);
        for (n, unit) in task.units.iter().enumerate() {
            let at = units.iter().position(|of| of.unit.body == unit.body).unwrap_or_else(|| {
                units.push(UnitTasks::new(unit));
                units.len() - 1
            });
            units[at].count(task, standing, n == 0);
        }
    }
    for unit in &mut units {
        unit.overdue.sort_by_key(|(_, standing)| std::cmp::Reverse(standing.n_days_late));
    }
    units
}

impl<'a> UnitTasks<'a> {
    fn new(unit: &'a TaskUnit) -> Self {
        Self { unit, n_tasks: 0, n_led: 0, n_ongoing: 0, n_done: 0, n_done_late: 0, overdue: Vec::new() }
    }

    fn count(&mut self, task: &'a Task, standing: Standing, leads: bool) {
        self.n_tasks += 1;
        self.n_led += usize::from(leads);
        self.n_ongoing += usize::from(task.due_date.is_none());
        self.n_done += usize::from(standing.done_date.is_some());
        self.n_done_late += usize::from(standing.is_done_late());
        if standing.is_overdue() {
            self.overdue.push((task, standing));
        }
    }
}
