use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use medfund_testkit::AREA;

use super::common::*;

const TABLES: [&str; 4] = ["bills", "uploads", "upload_errors", "bill_months"];

async fn set(conn: &mut AsyncPgConnection, area: &str, institution: &str) {
    conn.batch_execute(&format!(
        "SELECT set_config('medfund.area', '{area}', false), set_config('medfund.institution', '{institution}', false)"
    ))
    .await
    .unwrap();
}

#[tokio::test]
async fn rows_are_guarded_from_the_services_own_role() {
    let service = start().await;
    let mut file = lines(2);
    file[1].hifp_pay_fen = -1;
    upload(&mut hospital(&service), &file).await.unwrap();
    let mut conn = service.database().raw().await;

    for table in TABLES {
        let unset = count_on(&mut conn, table).await.unwrap_err().to_string();
        assert!(unset.contains("no caller is set"), "{table}: {unset}");
    }
    for (area, institution, n) in
        [(AREA, HOSPITAL, 1), (AREA, "*", 1), (AREA, CLINIC, 0), ("510400", "*", 0), ("510400", HOSPITAL, 0)]
    {
        set(&mut conn, area, institution).await;
        for table in TABLES {
            let seen = count_on(&mut conn, table).await.unwrap();
            assert_eq!(seen, n, "{table} as {institution} of {area}");
        }
    }
}

#[tokio::test]
async fn no_row_can_be_written_for_another_institution_or_area() {
    let service = start().await;
    upload(&mut hospital(&service), &lines(1)).await.unwrap();
    let mut conn = service.database().raw().await;
    for (area, institution) in [(AREA, CLINIC), ("510400", "*")] {
        set(&mut conn, area, institution).await;
        let insert = format!("INSERT INTO bill_months VALUES ('{AREA}', '{HOSPITAL}', '2017-02-01', NULL)");
        let refused = diesel::sql_query(insert).execute(&mut conn).await.unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{refused}");
        let update = "UPDATE bills SET hifp_pay_fen = 0";
        assert_eq!(diesel::sql_query(update).execute(&mut conn).await.unwrap(), 0);
    }
    set(&mut conn, AREA, HOSPITAL).await;
    let moved =
        diesel::sql_query(format!("UPDATE bills SET institution_code = '{CLINIC}'")).execute(&mut conn).await;
    assert!(moved.unwrap_err().to_string().contains("row-level security"));
    let deleted = diesel::sql_query("DELETE FROM bills").execute(&mut conn).await;
    assert!(deleted.unwrap_err().to_string().contains("only takes new rows"));
}
