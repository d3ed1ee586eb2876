use std::collections::BTreeMap;

use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::{DatabaseConfig, migrations};
use medfund_testkit::TestDatabase;

use crate::common::{MIGRATIONS, database};

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn lines(conn: &mut AsyncPgConnection, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(sql).load(conn).await.unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

const COLUMNS: &str = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line \
     FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";

/// Everything that a migration can make: columns, constraints, indexes, policies, triggers, functions, grants.
const EVERYTHING: [&str; 6] = [
    COLUMNS,
    "SELECT conname || pg_get_constraintdef(oid) AS line FROM pg_constraint \
     WHERE connamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "SELECT tablename || policyname || coalesce(qual, '') AS line FROM pg_policies ORDER BY 1",
    "SELECT pg_get_triggerdef(oid) AS line FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    "SELECT proname || prosrc AS line FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
];

async fn everything(db: &TestDatabase) -> Vec<Vec<String>> {
    let mut conn = db.raw_admin().await;
    let mut all = Vec::new();
    for sql in EVERYTHING {
        all.push(lines(&mut conn, sql).await);
    }
    let grants = "SELECT table_name || privilege_type AS line FROM information_schema.role_table_grants \
                  WHERE grantee = 'notes_service' ORDER BY 1";
    all.push(lines(&mut conn, grants).await);
    all
}

#[tokio::test]
async fn up_and_down_and_up_again_gives_the_same_schema() {
    let db = database().await;
    let owner = DatabaseConfig::new(db.owner_url());
    let before = everything(&db).await;
    assert!(before.iter().all(|part| !part.is_empty()));

    migrations::revert_all(&owner, MIGRATIONS).await.unwrap();
    let bare = lines(&mut db.raw_admin().await, COLUMNS).await;
    assert!(bare.iter().all(|line| line.starts_with("__diesel_schema_migrations")), "{bare:?}");
    migrations::run(&owner, MIGRATIONS, &db.names().service).await.unwrap();

    assert_eq!(everything(&db).await, before);
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let db = database().await;
    let before = everything(&db).await;
    migrations::run(&DatabaseConfig::new(db.owner_url()), MIGRATIONS, &db.names().service).await.unwrap();
    assert_eq!(everything(&db).await, before);
}

#[tokio::test]
async fn every_table_is_guarded_and_forced() {
    let db = database().await;
    let sql = "SELECT relname::text AS line FROM pg_class c WHERE relnamespace = 'public'::regnamespace \
               AND relkind = 'r' AND relname <> '__diesel_schema_migrations' AND NOT (relrowsecurity \
               AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))";
    assert_eq!(lines(&mut db.raw_admin().await, sql).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_schema_in_the_program_is_that_of_the_database() {
    let kinds = BTreeMap::from([
        ("Text", "text"),
        ("Uuid", "uuid"),
        ("Binary", "bytea"),
        ("BigInt", "bigint"),
        ("Timestamptz", "timestamp with time zone"),
        ("Array<Integer>", "ARRAY"),
    ]);
    let mut expected = Vec::new();
    let mut table = "";
    for line in include_str!("../../src/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name;
        } else if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let (inner, nullable) = match kind.strip_prefix("Nullable<") {
                Some(inner) => (inner.trim_end_matches('>'), "YES"),
                None => (kind, "NO"),
            };
            expected.push(format!("{table}.{column} {} {nullable}", kinds[inner]));
        }
    }
    let db = database().await;
    let mut columns = lines(&mut db.raw_admin().await, COLUMNS).await;
    columns.retain(|line| !line.starts_with("__diesel") && !line.starts_with("notes."));

    expected.sort();
    columns.sort();
    assert_eq!(columns, expected);
}
