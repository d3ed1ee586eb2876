use medfund_drg::MIGRATIONS;
use medfund_testkit::TestDatabase;

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_guarded_and_is_that_of_the_schema() {
    let database = TestDatabase::create("drg", MIGRATIONS).await;
    database.check_guarded().await;
    database.check_schema(include_str!("../../src/store/schema.rs")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migrations_go_down_and_up_again() {
    TestDatabase::create("drg", MIGRATIONS).await.check_up_down_up(|| MIGRATIONS).await;
}
