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
async fn every_table_is_guarded_and_forced() {
    database().await.check_guarded().await;
}

#[tokio::test]
async fn the_schema_in_the_program_is_that_of_the_database() {
    database().await.check_schema(include_str!("../../src/schema.rs")).await;
}
