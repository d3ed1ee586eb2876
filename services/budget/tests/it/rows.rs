use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::support::{Budget, DISTRICT};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

async fn count(conn: &mut AsyncPgConnection, table: &str) -> Result<i64, diesel::result::Error> {
    let counted = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
    Ok(counted.get_result::<Count>(conn).await?.n)
}

async fn act_as(conn: &mut AsyncPgConnection, area: &str, institution: &str) {
    let settings = format!("SET medfund.area = '{area}'; SET medfund.institution = '{institution}'");
    conn.batch_execute(&settings).await.unwrap();
}

/// The tables of this service: all that its own role may read, without the common ones.
async fn tables(conn: &mut AsyncPgConnection) -> Vec<String> {
    let own = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN \
        ('requests', 'heads', 'outbox', 'feed_cursors', 'consumed_events', 'audit_rows', 'ledger_accounts', \
        'transfer_batches', 'transfers', '__diesel_schema_migrations') ORDER BY 1";
    let names: Vec<Name> = diesel::sql_query(own).load(conn).await.unwrap();
    names.into_iter().map(|name| name.name).collect()
}

#[tokio::test]
async fn no_row_is_seen_without_a_caller_nor_from_another_area() {
    let service = Budget::start().await;
    service.given_fund_year(&[DISTRICT]).await;
    let mut conn = service.0.database().raw().await;
    let tables = tables(&mut conn).await;
    assert!(tables.len() > 3, "{tables:?}");
    for table in &tables {
        assert!(count(&mut conn, table).await.is_err(), "{table} is read without a caller");
    }
    for (area, n) in [("440700", 1), ("440800", 0)] {
        act_as(&mut conn, area, "*").await;
        for table in ["packs", "calendars", "fund_years"] {
            assert_eq!(count(&mut conn, table).await.unwrap(), n, "{table} of {area}");
        }
    }
}

#[tokio::test]
async fn no_row_is_written_into_another_area() {
    let service = Budget::start().await;
    let mut conn = service.0.database().raw().await;
    act_as(&mut conn, "440800", "*").await;
    let into = |area: &str| format!("INSERT INTO calendars VALUES ('{area}', '2016-11-01', now())");
    assert!(conn.batch_execute(&into("440700")).await.is_err());
    assert!(conn.batch_execute(&into("440800")).await.is_ok());
}
