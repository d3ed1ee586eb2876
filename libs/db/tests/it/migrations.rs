use diesel_async::SimpleAsyncConnection;
use medfund_db::{DatabaseConfig, migrations};

use crate::common::{MIGRATIONS, database};

#[tokio::test]
async fn up_and_down_and_up_again_gives_the_same_schema() {
    database().await.check_up_down_up(|| MIGRATIONS).await;
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let db = database().await;
    migrations::run(&DatabaseConfig::new(db.owner_url()), MIGRATIONS, &db.names().service).await.unwrap();
    db.check_up_down_up(|| MIGRATIONS).await;
}

#[tokio::test]
async fn who_migrates_at_the_same_time_waits_for_the_other() {
    let db = database().await;
    let owner = DatabaseConfig::new(db.owner_url());
    migrations::revert_all(&owner, MIGRATIONS).await.unwrap();
    let role = &db.names().service;
    let run = || migrations::run(&owner, MIGRATIONS, role);
    let outcomes = tokio::join!(run(), run(), run(), run());
    assert!([outcomes.0, outcomes.1, outcomes.2, outcomes.3].iter().all(Result::is_ok));
    db.check_guarded().await;
}

#[tokio::test]
async fn every_table_is_guarded_and_forced() {
    database().await.check_guarded().await;
}

#[tokio::test]
#[should_panic(expected = "policies that do not ask for the area")]
async fn a_policy_that_asks_for_no_area_is_found() {
    let db = database().await;
    let open = "CREATE POLICY notes_open ON notes FOR SELECT USING (true)";
    db.raw_admin().await.batch_execute(open).await.unwrap();
    db.check_guarded().await;
}

#[tokio::test]
#[should_panic(expected = "tables without forced row-level security")]
async fn a_partition_that_is_not_guarded_itself_is_found() {
    let db = database().await;
    let table = "CREATE TABLE parts (area text NOT NULL) PARTITION BY LIST (area); \
                 ALTER TABLE parts ENABLE ROW LEVEL SECURITY; ALTER TABLE parts FORCE ROW LEVEL SECURITY; \
                 CREATE POLICY parts_area ON parts USING (area = required_setting('medfund.area')); \
                 CREATE TABLE parts_1 PARTITION OF parts DEFAULT";
    db.raw_admin().await.batch_execute(table).await.unwrap();
    db.check_guarded().await;
}

#[tokio::test]
async fn the_schema_in_the_program_is_that_of_the_database() {
    database().await.check_schema(include_str!("../../src/schema.rs")).await;
}
