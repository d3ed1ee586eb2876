//! The tables under the service's own role, with raw SQL.

use diesel_async::SimpleAsyncConnection;
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
