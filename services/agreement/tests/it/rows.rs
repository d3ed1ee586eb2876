//! The tables under the service's own role, with raw SQL.

use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use medfund_testkit::AREA;

use crate::every_rpc::story;
use crate::support::*;

/// The service's own tables that hold rows of institutions.
const OF_INSTITUTIONS: [&str; 10] = [
    "institutions",
    "institution_changes",
    "agreements",
    "violations",
    "inspections",
    "reviews",
    "indicator_assessments",
    "conducts",
    "clean_records",
    "monthly_reports",
];
const OF_AREAS: [&str; 6] =
    ["packs", "calendars", "fund_years", "decisions", "inpatient_methods", "disclosures"];

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

#[tokio::test(flavor = "multi_thread")]
async fn a_session_sees_its_area_and_its_institution_and_nothing_without_a_caller() {
    let suite = story().await;
    let mut raw = suite.service.database().raw().await;
    let own = include_str!("../../src/store/schema.rs").matches("diesel::table!").count();
    assert_eq!(own, OF_INSTITUTIONS.len() + OF_AREAS.len(), "a table is not tried");

    for table in OF_INSTITUTIONS.into_iter().chain(OF_AREAS) {
        let blind = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
        let error = blind.get_result::<Count>(&mut raw).await.err().map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("no caller is set")), "{table}");
        assert!(count(&mut raw, table, AREA, "*").await > 0, "{table} has no row to hide");
        assert_eq!(count(&mut raw, table, OTHER_AREA, "*").await, 0, "{table}");
    }
    for table in OF_INSTITUTIONS {
        let all = count(&mut raw, table, AREA, "*").await;
        assert_eq!(count(&mut raw, table, AREA, HOSPITAL).await, all, "{table}: all rows are the hospital's");
        assert_eq!(count(&mut raw, table, AREA, CLINIC).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_session_writes_no_row_of_another_area_or_institution() {
    let suite = Suite::ready().await;
    let mut raw = suite.service.database().raw().await;
    for (area, institution) in [(OTHER_AREA, "*"), (AREA, CLINIC)] {
        let insert = format!(
            "BEGIN; SELECT set_config('medfund.area', '{area}', true), \
             set_config('medfund.institution', '{institution}', true); \
             INSERT INTO conducts VALUES ('{AREA}', '{HOSPITAL}', 2015, true, 'x', 'x')"
        );
        let refused = raw.batch_execute(&insert).await.unwrap_err().to_string();
        assert!(refused.contains("row-level security"), "{refused}");
        raw.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn one_person_in_both_places_is_refused_by_the_database_itself() {
    let suite = Suite::ready().await;
    let mut raw = suite.service.database().raw().await;
    let insert = format!(
        "BEGIN; SELECT set_config('medfund.area', '{AREA}', true), set_config('medfund.institution', '*', true); \
         INSERT INTO reviews VALUES ('{AREA}', gen_random_uuid(), 2017, '{HOSPITAL}', 'a', 'x', '2018-01-01', 'li', 'li')"
    );
    let refused = raw.batch_execute(&insert).await.unwrap_err().to_string();
    assert!(refused.contains("reviews_two_persons"), "{refused}");
}
