use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel_async::AsyncPgConnection;
use medfund_db::Tx;
use medfund_types::Area;

use super::Error;
use super::policy::Packs;
use super::year::business_date;
use crate::domain::calendar::FundYearOpening;
use crate::domain::task::{Mark, Progress, Recorder, Task, TaskError, TaskKey};
use crate::store;

/// The tasks of the notice in force on a day, with how far they are.
pub(super) async fn in_force(
    conn: &mut AsyncPgConnection,
    packs: &Packs,
    area: &Area,
    day: NaiveDate,
) -> Result<Vec<Task>, Error> {
    // The last fund year first.
    let openings = store::fund_years::list(conn, area).await?;
    let mut first = None;
    for opening in openings {
        let pack = packs.get(conn, area, &opening.pack_hash).await?;
        let begins = pack.period().fund_year_start.get().in_year(opening.fund_year.get());
        first = Some(opening);
        if begins <= day {
            break;
        }
    }
    let opening = first.ok_or(TaskError::NoNotice)?;
    of_opening(conn, packs, &opening).await
}

/// A task by its name, with how far it is.
pub(super) async fn named(conn: &mut AsyncPgConnection, packs: &Packs, key: &TaskKey) -> Result<Task, Error> {
    let opening = last_opening(conn, key).await?;
    let tasks = of_opening(conn, packs, &opening).await?;
    Ok(tasks.into_iter().find(|task| task.key == *key).ok_or_else(|| TaskError::NotFound(key.clone()))?)
}

/// The last fund year that runs under a task's notice.
async fn last_opening(conn: &mut AsyncPgConnection, key: &TaskKey) -> Result<FundYearOpening, Error> {
    let openings = store::fund_years::list(conn, &key.area).await?;
    let found = openings.into_iter().find(|opening| opening.pack_id == key.pack_id);
    Ok(found.ok_or_else(|| TaskError::NotFound(key.clone()))?)
}

async fn of_opening(
    conn: &mut AsyncPgConnection,
    packs: &Packs,
    opening: &FundYearOpening,
) -> Result<Vec<Task>, Error> {
    let pack = packs.get(conn, &opening.area, &opening.pack_hash).await?;
    let mut marks: BTreeMap<_, Vec<Mark>> = BTreeMap::new();
    for (number, mark) in store::task_progress::list_marks(conn, &opening.area, &opening.pack_id).await? {
        marks.entry(number).or_default().push(mark);
    }
    let tasks = Task::of_pack(&opening.area, &pack);
    let marked = |task: Task| Task { marks: marks.remove(&task.key.number).unwrap_or_default(), ..task };
    Ok(tasks.into_iter().map(marked).collect())
}

/// Keeps a record of a task that `decide` makes; records of a notice are made one after the other.
pub(super) async fn keep(
    tx: &mut Tx<'_>,
    packs: &Packs,
    key: &TaskKey,
    decide: impl FnOnce(Task, Recorder) -> Result<(Task, Progress), TaskError>,
) -> Result<(Task, Progress), Error> {
    let opening = last_opening(tx.conn(), key).await?;
    store::fund_years::lock(tx.conn(), &key.area, opening.fund_year).await?;
    let task = named(tx.conn(), packs, key).await?;
    let business_date = business_date(tx.conn(), &key.area).await?;
    let by = Recorder { maker: tx.caller().subject.clone(), business_date, instant: tx.instant() };

    let (task, progress) = decide(task, by)?;

    store::task_progress::insert(tx.conn(), &progress).await?;
    Ok((task, progress))
}
