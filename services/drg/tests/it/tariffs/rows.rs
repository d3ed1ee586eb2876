//! The tables of tariffs under the service's own role, with raw SQL.

use diesel::sql_types::BigInt;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_testkit::AREA;

use super::words::*;
use crate::support::*;

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn scope(area: &str, institution: &str) -> String {
    format!(
        "SELECT set_config('medfund.area', '{area}', false), \
         set_config('medfund.institution', '{institution}', false)"
    )
}

#[tokio::test]
async fn an_institution_sees_the_areas_tariffs_its_own_proposals_and_no_history() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let mut request = propose_change(&tariff.name, to_weight("1.4"));
    request.institution_code = HOSPITAL.to_owned();
    drg.hospital(HOSPITAL).propose_change(request).await.unwrap();
    drg.tariffs(Role::AgencyOfficer)
        .propose_change(propose_change(&tariff.name, to_weight("1.3")))
        .await
        .unwrap();

    let mut raw = drg.0.database().raw().await;
    for (area, institution, expected) in [
        (AREA, "*", [1, 4, 2, 1, 17]),
        (AREA, HOSPITAL, [1, 4, 1, 0, 0]),
        (AREA, CLINIC, [1, 4, 0, 0, 0]),
        (OTHER_AREA, "*", [0, 0, 0, 0, 0]),
    ] {
        raw.batch_execute(&scope(area, institution)).await.unwrap();
        let tables = ["tariffs", "tariff_groups", "tariff_proposals", "histories", "history_cases"];
        for (table, expected) in tables.into_iter().zip(expected) {
            let counted: Counted = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"))
                .get_result(&mut raw)
                .await
                .unwrap();
            assert_eq!(counted.n, expected, "{table} as {institution} of {area}");
        }
    }
}

#[tokio::test]
async fn what_no_tariff_may_be_is_refused_by_the_database_itself() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let proposal = propose_change(&tariff.name, to_weight("1.4"));
    drg.tariffs(Role::AgencyOfficer).propose_change(proposal).await.unwrap();
    let mut raw = drg.0.database().raw().await;
    raw.batch_execute(&scope(AREA, "*")).await.unwrap();
    let published = "publish_time = now(), content = '', tariff_hash = repeat('ab', 32)";
    for (statement, constraint) in [
        (format!("UPDATE tariffs SET checker = maker, {published}"), "tariffs_two_persons"),
        (format!("UPDATE tariffs SET checker = 'wang', round = 0, {published}"), "tariffs_published_whole"),
        ("UPDATE tariffs SET checker = 'wang'".to_owned(), "tariffs_published_whole"),
        (
            "UPDATE tariff_proposals SET decider = proposer, accepted = true, note = '', decide_time = now()"
                .to_owned(),
            "tariff_proposals_two_persons",
        ),
        ("UPDATE tariff_proposals SET accepted = true".to_owned(), "tariff_proposals_decided_whole"),
        (
            "INSERT INTO histories SELECT copy.* FROM histories, jsonb_populate_record(histories, \
             jsonb_build_object('history_id', gen_random_uuid(), 'n_refused', 1)) AS copy"
                .to_owned(),
            "histories_lines_counted",
        ),
        ("UPDATE history_cases SET fund_paid_fen = 0".to_owned(), "never change"),
        ("DELETE FROM history_cases".to_owned(), "never change"),
        (
            format!(
                "INSERT INTO adoptions VALUES ('{AREA}', gen_random_uuid(), NULL, '2025-01-01', 'li', NULL, now())"
            ),
            "adoptions_of_one_thing",
        ),
    ] {
        let refused = raw.batch_execute(&statement).await.unwrap_err().to_string();
        assert!(refused.contains(constraint), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn what_is_published_or_confirmed_is_changed_by_nobody() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let computed = maker.compute_coefficients(compute(&tariff, &history_of(&tariff))).await.unwrap();
    let computed = computed.into_inner().tariff.unwrap();
    drg.tariffs(Role::PolicyChecker).publish_tariff(publish_tariff(&computed)).await.unwrap();
    let scheme = pb::GetSchemeRequest { name: tariff.scheme.clone() };
    let scheme = drg.schemes(Role::Auditor).get_scheme(scheme).await.unwrap().into_inner().scheme.unwrap();
    drg.given_in_force(&scheme, day(2025, 1, 1)).await;
    drg.given_crosswalk(PAIRS).await;
    let draft = maker.revise_tariff(revise(&tariff.name)).await.unwrap().into_inner().tariff.unwrap();
    let [published, draft] = [&tariff, &draft].map(|tariff| tariff.name.rsplit('/').next().unwrap());
    let moved = ["tariff_groups", "tariff_coefficients"].map(|table| {
        format!(
            "UPDATE {table} SET tariff_id = '{published}', drg = 'XX11' \
             WHERE tariff_id = '{draft}' AND drg = 'FR13'"
        )
    });
    let mut raw = drg.0.database().raw().await;
    raw.batch_execute(&scope(AREA, "*")).await.unwrap();
    for statement in [
        moved[0].as_str(),
        moved[1].as_str(),
        "UPDATE histories SET finished = false",
        "UPDATE histories SET total_cost_fen = 1",
        "DELETE FROM histories",
        "INSERT INTO history_cases SELECT copy.* FROM history_cases, jsonb_populate_record(history_cases, \
         jsonb_build_object('line_number', line_number + 100)) AS copy",
        "UPDATE tariffs SET content = ''",
        "UPDATE tariffs SET base_points = 1",
        "DELETE FROM tariffs",
        "UPDATE tariff_groups SET entry = '{}'",
        "DELETE FROM tariff_groups",
        "UPDATE tariff_coefficients SET coefficient = 2",
        "DELETE FROM tariff_coefficients",
        "INSERT INTO tariff_coefficients SELECT area, tariff_id, 'H44070300009', '', 2 FROM tariffs",
        "UPDATE schemes SET content = ''",
        "UPDATE schemes SET checker = 'chen'",
        "UPDATE crosswalks SET checker = 'chen'",
        "UPDATE adoptions SET effective_date = '2024-01-01'",
        "DELETE FROM adoptions",
    ] {
        let refused = raw.batch_execute(statement).await.unwrap_err().to_string();
        assert!(refused.contains("never change"), "{statement}: {refused}");
    }
    // Not even by whom the tables belong to.
    let mut owner = drg.0.database().raw_admin().await;
    for table in [
        "schemes",
        "crosswalks",
        "adoptions",
        "tariffs",
        "tariff_groups",
        "tariff_coefficients",
        "histories",
        "history_cases",
    ] {
        let refused =
            owner.batch_execute(&format!("TRUNCATE {table} CASCADE")).await.unwrap_err().to_string();
        assert!(refused.contains("never change"), "{table}: {refused}");
    }
}
