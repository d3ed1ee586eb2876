use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use medfund_db::{Call, Caller, DbError, Tx};
use medfund_testkit::TestDatabase;
use medfund_types::Area;
use uuid::Uuid;

pub(crate) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("tests/migrations");

pub(crate) async fn database() -> TestDatabase {
    TestDatabase::create("notes", MIGRATIONS).await
}

pub(crate) fn area() -> Area {
    "440700".parse().unwrap()
}

pub(crate) fn instant() -> DateTime<Utc> {
    "2017-01-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn officer() -> Caller {
    Caller { subject: "officer-1".to_owned(), roles: vec![1], area: Some(area()), institution: None }
}

/// A new call of the officer's.
pub(crate) fn call() -> Call {
    Call {
        caller: officer(),
        area: area(),
        method: "medfund.test.v1.NoteService/WriteNote",
        request_id: Uuid::new_v4(),
        digest: [7; 32],
        instant: instant(),
        dry_run: false,
    }
}

/// Writes a note: the effect by which the tests see that a command ran.
pub(crate) async fn write_note(tx: &mut Tx<'_>, note_id: &str, body: &str) -> Result<String, DbError> {
    let area = tx.area().as_str();
    diesel::sql_query(
        "INSERT INTO notes (area, note_id, institution, body) VALUES ($1, $2, 'H44070300001', $3)",
    )
    .bind::<Text, _>(area)
    .bind::<Text, _>(note_id)
    .bind::<Text, _>(body)
    .execute(tx.conn())
    .await?;
    Ok(format!("{note_id}: {body}"))
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Counts the rows of `from`, e.g. `notes WHERE note_id = 'a'`, as a superuser sees them.
pub(crate) async fn count(db: &TestDatabase, from: &str) -> i64 {
    count_on(&mut db.raw_admin().await, from).await.unwrap()
}

pub(crate) async fn count_on(conn: &mut AsyncPgConnection, from: &str) -> diesel::QueryResult<i64> {
    let row: Count = diesel::sql_query(format!("SELECT count(*) AS n FROM {from}")).get_result(conn).await?;
    Ok(row.n)
}
