//! The tables under the service's own role, with raw SQL.

use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use medfund_testkit::AREA;

use crate::bills::common::{CLINIC, HOSPITAL};
use crate::year::support::*;

const OTHER_AREA: &str = "440800";

/// Tables whose rows belong to an institution, and how many of the hospital's there are.
const OF_INSTITUTIONS: [(&str, i64); 13] = [
    ("agreements", 1),
    ("histories", 1),
    ("quotas", 2),
    ("indicators", 1),
    ("prepayments", 1),
    ("payment_orders", 1),
    ("statements", 24),
    ("cleared_institutions", 1),
    ("bills", 2),
    ("uploads", 1),
    ("upload_errors", 0),
    ("bill_months", 12),
    ("special_cases", 0),
];
/// Tables whose rows belong to the area.
const OF_AREAS: [&str; 13] = [
    "packs",
    "calendars",
    "fund_years",
    "decisions",
    "institutions",
    "reserves",
    "pools",
    "drg_contents",
    "drg_adoptions",
    "bank_files",
    "clearings",
    "month_settlements",
    "experts",
];

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

async fn count(conn: &mut AsyncPgConnection, table: &str, area: &str, institution: &str) -> i64 {
    conn.batch_execute("BEGIN").await.unwrap();
    diesel::sql_query(
        "SELECT set_config('medfund.area', $1, true), set_config('medfund.institution', $2, true)",
    )
    .bind::<Text, _>(area)
    .bind::<Text, _>(institution)
    .execute(conn)
    .await
    .unwrap();
    let counted =
        diesel::sql_query(format!("SELECT count(*) AS n FROM {table}")).get_result::<Count>(conn).await;
    conn.batch_execute("ROLLBACK").await.unwrap();
    counted.unwrap().n
}

/// A suite with a row in nearly every table.
async fn lived() -> Suite {
    let suite = Suite::with_quotas().await;
    suite.officer().pay_working_capital(working_capital()).await.unwrap();
    suite.pay_orders().await;
    suite.month(1, 2, 1).await;
    suite.months_from(2).await;
    suite.open_clearing(0).await;
    suite.decision(1, true).await;
    suite.propose().await;
    suite.approve_pool(&pool(2018, LINE)).await;
    suite.adopt_scheme().await;
    suite.adopt_tariff().await;
    suite.experts(1).await;
    suite
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_sees_its_area_and_its_institution_and_nothing_without_a_caller() {
    let suite = Box::pin(lived()).await;
    let mut raw = suite.service.database().raw().await;

    for (table, n) in OF_INSTITUTIONS {
        assert_eq!(count(&mut raw, table, AREA, HOSPITAL).await, n, "{table}");
        assert_eq!(count(&mut raw, table, AREA, "H44099999999").await, 0, "{table}");
        let (all, clinic) =
            (count(&mut raw, table, AREA, "*").await, count(&mut raw, table, AREA, CLINIC).await);
        assert_eq!(all, n + clinic, "{table}");
    }
    for table in OF_AREAS {
        assert!(count(&mut raw, table, AREA, "*").await > 0, "{table}");
    }
    for table in OF_INSTITUTIONS.iter().map(|(table, _)| table).chain(&OF_AREAS) {
        assert_eq!(count(&mut raw, table, OTHER_AREA, "*").await, 0, "{table}");
        let blind = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
        if *table != "upload_errors" {
            let error = blind.get_result::<Count>(&mut raw).await.err();
            assert!(error.is_some_and(|e| e.to_string().contains("no caller is set")), "{table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_writes_no_row_of_another_area_or_institution() {
    let suite = Suite::with_quotas().await;
    let mut raw = suite.service.database().raw().await;
    for (area, institution) in [(OTHER_AREA, "*"), (AREA, CLINIC)] {
        let set = format!(
            "BEGIN; SELECT set_config('medfund.area', '{area}', true), \
             set_config('medfund.institution', '{institution}', true);"
        );
        let insert = format!("{set} INSERT INTO clean_records VALUES ('{AREA}', 2017, '{HOSPITAL}', true)");
        let refused = raw.batch_execute(&insert).await.unwrap_err().to_string();
        assert!(refused.contains("row-level security"), "{refused}");
        raw.batch_execute("ROLLBACK").await.unwrap();
        let update =
            format!("{set} UPDATE quotas SET quota_fen = 1 WHERE institution_code = '{HOSPITAL}'; COMMIT");
        raw.batch_execute(&update).await.unwrap();
    }
    let unchanged = "quotas WHERE quota_fen = 1";
    assert_eq!(count(&mut raw, unchanged, AREA, "*").await, 0, "no update reaches another's row");
}
