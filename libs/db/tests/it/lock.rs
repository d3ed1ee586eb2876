use diesel::sql_types::Bool;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::lock;

use crate::common::database;

#[derive(diesel::QueryableByName)]
struct Waits {
    #[diesel(sql_type = Bool)]
    waits: bool,
}

/// Whether somebody waits for a lock by name.
async fn somebody_waits(conn: &mut AsyncPgConnection) -> bool {
    let sql = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted) AS waits";
    let row: Waits = diesel::sql_query(sql).get_result(conn).await.unwrap();
    row.waits
}

#[tokio::test]
async fn who_holds_a_name_alone_is_waited_for_and_others_hold_it_together() {
    let test = database().await;
    let [mut first, mut second, mut looker] =
        [test.raw_admin().await, test.raw_admin().await, test.raw_admin().await];
    diesel::sql_query("BEGIN").execute(&mut first).await.unwrap();
    lock::beside_others(&mut first, "a month").await.unwrap();
    diesel::sql_query("BEGIN").execute(&mut second).await.unwrap();
    lock::beside_others(&mut second, "a month").await.unwrap();
    diesel::sql_query("ROLLBACK").execute(&mut second).await.unwrap();

    let alone = tokio::spawn(async move {
        diesel::sql_query("BEGIN").execute(&mut second).await.unwrap();
        lock::alone(&mut second, "another month").await.unwrap();
        lock::alone(&mut second, "a month").await.unwrap();
        diesel::sql_query("COMMIT").execute(&mut second).await.unwrap();
    });
    while !somebody_waits(&mut looker).await {
        tokio::task::yield_now().await;
    }
    assert!(!alone.is_finished());
    diesel::sql_query("COMMIT").execute(&mut first).await.unwrap();
    alone.await.unwrap();
    assert!(!somebody_waits(&mut looker).await);
}
