use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;

use super::schema::task_progress;
use super::{Word, held, limit};
use crate::domain::task::{Mark, Progress, Step, TaskKey, TaskNumber};

impl Word for Step {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::UnderWay, "under_way"), (Self::Done, "done"), (Self::Reopened, "reopened")];
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = task_progress)]
struct ProgressRow {
    area: String,
    pack_id: String,
    task_number: i32,
    item: i32,
    sequence: i32,
    step: String,
    report_date: NaiveDate,
    body: Option<String>,
    report: String,
    evidence_reference: String,
    maker: String,
    create_time: DateTime<Utc>,
}

impl From<ProgressRow> for Progress {
    fn from(row: ProgressRow) -> Self {
        Self {
            key: TaskKey {
                area: held(row.area.parse()),
                pack_id: row.pack_id,
                number: number(row.task_number, row.item),
            },
            sequence: held(row.sequence.try_into()),
            mark: Mark { step: Word::from_word(&row.step), report_date: row.report_date },
            body: row.body,
            report: row.report,
            evidence_reference: row.evidence_reference,
            maker: row.maker,
            create_time: row.create_time,
        }
    }
}

impl ProgressRow {
    fn of(value: &Progress) -> Self {
        let (task_number, item) = columns(value.key.number);
        Self {
            area: value.key.area.to_string(),
            pack_id: value.key.pack_id.clone(),
            task_number,
            item,
            sequence: held(value.sequence.try_into()),
            step: value.mark.step.word().to_owned(),
            report_date: value.mark.report_date,
            body: value.body.clone(),
            report: value.report.clone(),
            evidence_reference: value.evidence_reference.clone(),
            maker: value.maker.clone(),
            create_time: value.create_time,
        }
    }
}

fn number(number: i32, item: i32) -> TaskNumber {
    let item = held(u32::try_from(item));
    TaskNumber { number: held(number.try_into()), item: (item > 0).then_some(item) }
}

/// The columns of a number that a pack has.
fn columns(number: TaskNumber) -> (i32, i32) {
    (held(number.number.try_into()), held(number.item.unwrap_or(0).try_into()))
}

/// Lists how far the tasks of a notice are: their marks by task, in the order of recording.
pub(crate) async fn list_marks(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pack_id: &str,
) -> QueryResult<Vec<(TaskNumber, Mark)>> {
    let of_notice = task_progress::area.eq(area.as_str()).and(task_progress::pack_id.eq(pack_id));
    let rows: Vec<(i32, i32, String, NaiveDate)> = task_progress::table
        .filter(of_notice)
        .order((task_progress::task_number, task_progress::item, task_progress::sequence))
        .select((
            task_progress::task_number,
            task_progress::item,
            task_progress::step,
            task_progress::report_date,
        ))
        .load(conn)
        .await?;
    let mark = |(of, item, step, report_date): (i32, i32, String, NaiveDate)| {
        (number(of, item), Mark { step: Word::from_word(&step), report_date })
    };
    Ok(rows.into_iter().map(mark).collect())
}

/// Lists the last records of a task, in the order of recording.
///
/// - `n`: the most to list.
pub(crate) async fn list_last(
    conn: &mut AsyncPgConnection,
    key: &TaskKey,
    n: usize,
) -> QueryResult<Vec<Progress>> {
    let (task_number, item) = columns(key.number);
    let of_task = task_progress::area
        .eq(key.area.as_str())
        .and(task_progress::pack_id.eq(&key.pack_id))
        .and(task_progress::task_number.eq(task_number))
        .and(task_progress::item.eq(item));
    let last = task_progress::table.filter(of_task).order(task_progress::sequence.desc()).limit(limit(n));
    let rows: Vec<ProgressRow> = last.select(ProgressRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().rev().map(Progress::from).collect())
}

/// Writes a new record.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, value: &Progress) -> QueryResult<()> {
    let row = ProgressRow::of(value);
    diesel::insert_into(task_progress::table).values(&row).execute(conn).await?;
    Ok(())
}
