use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use medfund_budget::MIGRATIONS;
use medfund_db::{DatabaseConfig, migrations};
use medfund_testkit::TestDatabase;

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_down_and_up_again() {
    let database = TestDatabase::create("budget", MIGRATIONS).await;
    let owner = DatabaseConfig::new(database.owner_url());

    migrations::revert_all(&owner, MIGRATIONS).await.unwrap();
    let mut conn = database.raw_admin().await;
    let left =
        "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'";
    assert_eq!(diesel::sql_query(left).get_result::<Count>(&mut conn).await.unwrap().n, 0);

    migrations::run(&owner, MIGRATIONS, &database.names().service).await.unwrap();
    conn.batch_execute("SELECT * FROM quotas").await.unwrap();
}
