//! Row-level security, by raw SQL of the service's own role.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use medfund_proto::budget::v1 as pb;
use tonic::Code;

use super::lived::Year;
use super::requests::{self, HOSPITAL, KEY, PRIMARY};
use super::support::{CALENDAR, YEAR, expect_refusal};

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

async fn count(conn: &mut AsyncPgConnection, rows: &str) -> Result<i64, diesel::result::Error> {
    let counted = diesel::sql_query(format!("SELECT count(*) AS n FROM {rows}"));
    Ok(counted.get_result::<Count>(conn).await?.n)
}

async fn act_as(conn: &mut AsyncPgConnection, area: &str, institution: &str) {
    let settings = format!("SET medfund.area = '{area}'; SET medfund.institution = '{institution}'");
    conn.batch_execute(&settings).await.unwrap();
}

/// The tables of this service, those that hold rows of institutions, without the common ones.
async fn tables(conn: &mut AsyncPgConnection, policy: &str) -> Vec<String> {
    let own = format!(
        "SELECT tablename::text AS name FROM pg_policies WHERE policyname LIKE '%{policy}' AND tablename NOT IN \
        ('requests', 'heads', 'outbox', 'feed_cursors', 'consumed_events', 'audit_rows', 'ledger_accounts', \
        'transfer_batches', 'transfers') ORDER BY 1"
    );
    let names: Vec<Name> = diesel::sql_query(own).load(conn).await.unwrap();
    names.into_iter().map(|name| name.name).collect()
}

/// A year that has left a row in every table.
async fn lived() -> Year {
    let year = Box::pin(Year::open()).await;
    Box::pin(super::every_rpc::live(&year)).await;
    year
}

#[tokio::test]
async fn rows_are_seen_by_their_area_and_institution_only() {
    let year = lived().await;
    let mut conn = year.budget.0.database().raw().await;
    let all = tables(&mut conn, "").await;
    let of_institutions = tables(&mut conn, "_institution").await;
    assert_eq!((all.len(), of_institutions.len()), (25, 10), "{all:?} {of_institutions:?}");
    for table in &all {
        assert!(count(&mut conn, table).await.is_err(), "{table} is read without a caller");
    }
    act_as(&mut conn, "440700", "*").await;
    for table in &all {
        assert!(count(&mut conn, table).await.unwrap() > 0, "{table} has no row");
    }
    act_as(&mut conn, "440800", "*").await;
    for table in &all {
        assert_eq!(count(&mut conn, table).await.unwrap(), 0, "{table} is seen from another area");
    }
    act_as(&mut conn, "440700", HOSPITAL).await;
    for table in &of_institutions {
        let others = format!("{table} WHERE institution_code NOT IN ('', '{HOSPITAL}')");
        assert_eq!(count(&mut conn, &others).await.unwrap(), 0, "{table} shows another institution's rows");
        let own = format!("{table} WHERE institution_code = '{HOSPITAL}'");
        assert!(count(&mut conn, &own).await.unwrap() > 0, "{table} hides the institution's own rows");
    }
}

#[tokio::test]
async fn no_row_is_written_into_another_area_or_for_another_institution() {
    let year = Box::pin(Year::open()).await;
    let mut conn = year.budget.0.database().raw().await;
    let calendar = |area: &str| format!("INSERT INTO calendars VALUES ('{area}', '2016-11-01', now())");
    let application = |code: &str| {
        format!(
            "INSERT INTO applications VALUES ('440800', 2017, 'employee', '{code}', '440803', 1, '', now())"
        )
    };
    act_as(&mut conn, "440800", HOSPITAL).await;
    assert!(conn.batch_execute(&calendar("440700")).await.is_err());
    assert!(conn.batch_execute(&calendar("440800")).await.is_ok());
    assert!(conn.batch_execute(&application(PRIMARY)).await.is_err());
    assert!(conn.batch_execute(&application(HOSPITAL)).await.is_ok());
    assert!(conn.batch_execute("UPDATE calendars SET area = '440700'").await.is_err());
    act_as(&mut conn, "440700", "*").await;
    conn.batch_execute("DELETE FROM calendars; UPDATE fund_years SET fund_year = 2018").await.unwrap();
    act_as(&mut conn, "440800", "*").await;
    assert_eq!(count(&mut conn, "calendars").await.unwrap(), 1, "another area's row is not deleted");
}

#[tokio::test]
async fn a_caller_of_another_area_finds_nothing_by_the_names_of_its_own() {
    let year = lived().await;
    let own = |name: String| name.replace("440700", "440800");
    let role = medfund_proto::auth::v1::Role::AgencyOfficer;
    let channel = || year.budget.0.as_role_in("440800", role);
    let mut budget = pb::budget_service_client::BudgetServiceClient::new(channel());
    let mut calendar = pb::calendar_service_client::CalendarServiceClient::new(channel());
    let get = pb::GetCalendarRequest { name: own(CALENDAR.to_owned()) };
    expect_refusal(calendar.get_calendar(get).await, Code::NotFound, "CALENDAR_NOT_FOUND");
    let get = pb::GetFundYearRequest { name: own(YEAR.to_owned()) };
    expect_refusal(calendar.get_fund_year(get).await, Code::NotFound, "FUND_YEAR_NOT_FOUND");
    let get = pb::GetBudgetRequest { name: own(KEY.name("budgets")) };
    expect_refusal(budget.get_budget(get).await, Code::NotFound, "BUDGET_NOT_FOUND");
    let get = pb::GetTargetRequest { name: own(KEY.name("targets")) };
    expect_refusal(budget.get_target(get).await, Code::NotFound, "TARGET_NOT_FOUND");
    let explain = pb::ExplainAmountRequest { name: own(KEY.of("quotas", HOSPITAL)) };
    expect_refusal(budget.explain_amount(explain).await, Code::NotFound, "AMOUNT_NOT_FOUND");
    let list = pb::ListHistoriesRequest { parent: own(KEY.name("decompositions")), ..Default::default() };
    assert_eq!(budget.list_histories(list).await.unwrap().into_inner().histories, []);
    let parent = own("areas/440700".to_owned());
    let accounts = budget.list_ledger_accounts(pb::ListLedgerAccountsRequest { parent }).await.unwrap();
    assert_eq!(accounts.into_inner().accounts, []);

    let mut hospital = year.institution(HOSPITAL);
    for name in [KEY.of("quotas", PRIMARY), KEY.of("coefficients", PRIMARY)] {
        let answer = hospital.explain_amount(pb::ExplainAmountRequest { name }).await;
        expect_refusal(answer, Code::NotFound, "AMOUNT_NOT_FOUND");
    }
    let application = requests::submit_application(KEY, PRIMARY);
    let answer = hospital.submit_application(application).await;
    expect_refusal(answer, Code::NotFound, "RESOURCE_NOT_FOUND");
}
