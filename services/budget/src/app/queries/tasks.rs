use chrono::NaiveDate;

use super::{Page, read};
use crate::app::year::business_date;
use crate::app::{App, Error, Read, tasks};
use crate::domain::task::{Progress, Task, TaskKey, TaskNumber, TaskState};
use crate::store;

/// The most records of a task that are shown with it.
const MAX_PROGRESS: usize = 500;

/// Which tasks of a notice to list.
#[derive(Clone, Debug)]
pub(crate) struct TaskFilter {
    /// Only those that this body is responsible for.
    pub(crate) body: Option<String>,
    /// Only those of this theme.
    pub(crate) theme: Option<String>,
    /// Only those that stand so.
    pub(crate) state: Option<TaskState>,
    /// Only those that are overdue.
    pub(crate) overdue: bool,
}

impl TaskFilter {
    fn takes(&self, task: &Task, day: NaiveDate) -> bool {
        let standing = task.standing(day);
        self.body.as_ref().is_none_or(|body| task.is_of(body))
            && self.theme.as_ref().is_none_or(|theme| task.theme == *theme)
            && self.state.is_none_or(|state| standing.state == state)
            && (!self.overdue || standing.is_overdue())
    }
}

impl App {
    /// Tasks of the notice in force on a day, or on the business date, by number and item.
    ///
    /// - Returns the day, and one task more than the page holds if there is a next page.
    pub(crate) async fn tasks(
        &self,
        read: Read,
        day: Option<NaiveDate>,
        filter: TaskFilter,
        page: Page<TaskNumber>,
    ) -> Result<(NaiveDate, Vec<Task>), Error> {
        let (day, tasks) = self.tasks_in_force(read, day).await?;
        let later = |task: &Task| page.after.is_none_or(|after| task.key.number > after);
        let wanted = tasks.into_iter().filter(|task| later(task) && filter.takes(task, day));
        Ok((day, wanted.take(page.size + 1).collect()))
    }

    /// All tasks of the notice in force on a day, or on the business date, with that day.
    pub(crate) async fn tasks_in_force(
        &self,
        read: Read,
        day: Option<NaiveDate>,
    ) -> Result<(NaiveDate, Vec<Task>), Error> {
        let (area, packs) = (read.area.clone(), self.packs.clone());
        read!(self, read, |conn| {
            let day = match day {
                Some(day) => day,
                None => business_date(conn, &area).await?,
            };
            Ok((day, tasks::in_force(conn, &packs, &area, day).await?))
        })
    }

    /// A task with its last records, and the day asked for or the business date.
    pub(crate) async fn task(
        &self,
        read: Read,
        key: TaskKey,
        day: Option<NaiveDate>,
    ) -> Result<(NaiveDate, Task, Vec<Progress>), Error> {
        let packs = self.packs.clone();
        read!(self, read, |conn| {
            let task = tasks::named(conn, &packs, &key).await?;
            let day = match day {
                Some(day) => day,
                None => business_date(conn, &key.area).await?,
            };
            let progress = store::task_progress::list_last(conn, &key, MAX_PROGRESS).await?;
            Ok((day, task, progress))
        })
    }
}
