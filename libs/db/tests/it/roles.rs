use diesel_async::SimpleAsyncConnection;
use medfund_db::{Database, DatabaseConfig, DbError};
use medfund_testkit::cluster;

use crate::common::database;

#[tokio::test]
async fn a_superuser_is_refused() {
    let db = database().await;

    let refused = Database::connect(&DatabaseConfig::new(db.admin_url())).await;

    let Err(error @ DbError::UnsafeRole { .. }) = refused else { panic!("a superuser may connect") };
    assert!(error.to_string().contains("is a superuser"), "{error}");
}

#[tokio::test]
async fn a_role_that_bypasses_row_level_security_is_refused() {
    let db = database().await;
    let role = format!("bypasses_{}", db.names().database);
    let grants = format!(
        "CREATE ROLE {role} LOGIN BYPASSRLS; GRANT CONNECT ON DATABASE {} TO {role}",
        db.names().database
    );
    db.raw_admin().await.batch_execute(&grants).await.unwrap();

    let refused = Database::connect(&DatabaseConfig::new(cluster().url(&role, &db.names().database))).await;

    let Err(error @ DbError::UnsafeRole { .. }) = refused else { panic!("it may connect") };
    assert!(error.to_string().contains("bypasses row-level security"), "{error}");
}

#[tokio::test]
async fn a_role_that_owns_the_tables_or_may_become_one_that_is_not_bound_is_refused() {
    let db = database().await;
    let names = db.names();
    let (member, admin) = (format!("member_{}", names.database), format!("admin_{}", names.database));
    let grants = format!(
        "CREATE ROLE {admin} BYPASSRLS; CREATE ROLE {member} LOGIN IN ROLE {admin}; \
         GRANT CONNECT ON DATABASE {} TO {member}",
        names.database
    );
    db.raw_admin().await.batch_execute(&grants).await.unwrap();

    for (role, why) in [(&names.owner, "owns tables"), (&member, "bypasses row-level security")] {
        let refused = Database::connect(&DatabaseConfig::new(cluster().url(role, &names.database))).await;
        let Err(error @ DbError::UnsafeRole { .. }) = refused else { panic!("{role} may connect") };
        assert!(error.to_string().contains(why), "{error}");
    }
    // A superuser who puts on the service's role may take it off again.
    let disguised = format!("{}?options=-c%20role%3D{}", db.admin_url(), names.service);
    let refused = Database::connect(&DatabaseConfig::new(disguised)).await;
    assert!(matches!(refused, Err(DbError::UnsafeRole { .. })));
}

#[tokio::test]
async fn an_unreachable_server_and_a_wrong_url_are_told_apart() {
    let unreachable = DatabaseConfig::new("postgresql://nobody@%2Fnowhere/none");
    assert!(matches!(Database::connect(&unreachable).await, Err(DbError::Unavailable(_))));

    let wrong = DatabaseConfig::new("not a url");
    assert!(matches!(Database::connect(&wrong).await, Err(DbError::Config(_))));
}

#[tokio::test]
async fn every_session_has_its_timeouts_and_its_isolation() {
    let db = database().await;
    let database = db.connect().await;

    let shown = database.reader().run(&crate::common::officer(), &crate::common::area(), |conn| {
        Box::pin(async move { show(conn).await })
    });

    assert_eq!(shown.await.unwrap(), ["1min", "5s", "30s", "read committed", "medfund"]);
}

#[derive(diesel::QueryableByName)]
struct Shown {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

async fn show(conn: &mut medfund_db::AsyncPgConnection) -> Result<Vec<String>, DbError> {
    use diesel_async::RunQueryDsl;
    let names = [
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "default_transaction_isolation",
        "application_name",
    ];
    let mut values = Vec::new();
    for name in names {
        let row: Shown =
            diesel::sql_query(format!("SELECT current_setting('{name}') AS value")).get_result(conn).await?;
        values.push(row.value);
    }
    Ok(values)
}
