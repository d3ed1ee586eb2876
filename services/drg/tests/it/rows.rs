//! The tables under the service's own role, with raw SQL.

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use medfund_testkit::AREA;

use crate::support::*;

#[tokio::test]
async fn one_person_in_both_places_and_two_schemes_on_one_day_are_refused_by_the_database_itself() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await;
    drg.given_in_force(&scheme, day(2024, 1, 1)).await;
    let mut raw = drg.0.database().raw().await;
    for (values, constraint) in [
        ("'2025-01-01', 'li', 'li', now(), now()", "adoptions_two_persons"),
        ("'2024-01-01', 'li', 'wang', now(), now()", "adoptions_confirmed"),
        ("'2025-01-01', 'li', 'wang', now(), NULL", "adoptions_confirmed_by_somebody"),
    ] {
        let insert = format!(
            "BEGIN; SELECT set_config('medfund.area', '{AREA}', true), set_config('medfund.institution', '*', true); \
             INSERT INTO adoptions VALUES ('{AREA}', gen_random_uuid(), '{}', {values})",
            scheme.scheme_hash
        );
        let refused = raw.batch_execute(&insert).await.unwrap_err().to_string();
        assert!(refused.contains(constraint), "{refused}");
        raw.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn a_crosswalk_is_not_published_by_its_maker_nor_seen_in_another_area() {
    let drg = Drg::start().await;
    drg.given_crosswalk(PAIRS).await;
    let mut raw = drg.0.database().raw().await;
    for (values, constraint) in [
        ("'li', 'li', now(), now()", "crosswalks_two_persons"),
        ("'li', 'wang', now(), NULL", "crosswalks_published_by_somebody"),
    ] {
        let insert = format!(
            "BEGIN; SELECT set_config('medfund.area', '{AREA}', true); \
             INSERT INTO crosswalks VALUES ('{AREA}', repeat('ab', 32), '', 1, 0, '', {values})"
        );
        let refused = raw.batch_execute(&insert).await.unwrap_err().to_string();
        assert!(refused.contains(constraint), "{refused}");
        raw.batch_execute("ROLLBACK").await.unwrap();
    }
    for (area, n_seen) in [(AREA, 1), (OTHER_AREA, 0)] {
        raw.batch_execute(&format!("SELECT set_config('medfund.area', '{area}', false)")).await.unwrap();
        let seen = diesel::sql_query("SELECT 1 FROM crosswalks").execute(&mut raw).await.unwrap();
        assert_eq!(seen, n_seen, "{area}");
    }
}
