//! Makes the roles and the database of a service, as the cluster's administrator.

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

use crate::connect::Connector;
use crate::{DatabaseConfig, DbError};

/// The names of a service's database and of its two roles.
#[derive(Clone, Debug)]
pub struct ServiceDatabase {
    /// The database, e.g. `budget`.
    pub database: String,
    /// The role that owns the tables and runs migrations.
    pub owner: String,
    /// The role that the service runs as: owns nothing, bypasses nothing.
    pub service: String,
    /// The password of both roles; `None` where the socket is trusted.
    pub password: Option<String>,
}

impl ServiceDatabase {
    /// The usual names: database `budget`, roles `budget_owner` and `budget_service`.
    #[must_use]
    pub fn of(service: &str) -> Self {
        let name = service.replace('-', "_");
        Self {
            owner: format!("{name}_owner"),
            service: format!("{name}_service"),
            database: name,
            password: None,
        }
    }
}

/// Makes what is missing of the roles and the database; changes nothing that is there but the password.
///
/// # Errors
///
/// [`DbError::Unavailable`], [`DbError::Internal`].
pub async fn create(admin: &DatabaseConfig, wanted: &ServiceDatabase) -> Result<(), DbError> {
    let mut conn = open(admin).await?;
    for role in [&wanted.owner, &wanted.service] {
        create_role(&mut conn, role, wanted.password.as_deref()).await?;
    }
    if !exists(&mut conn, "pg_database", "datname", &wanted.database).await? {
        // Only a member may give a database to a role; a superuser is everybody's.
        if !is_superuser(&mut conn).await? {
            conn.batch_execute(&format!("GRANT {} TO CURRENT_USER", identifier(&wanted.owner))).await?;
        }
        create_database(&mut conn, wanted, None).await?;
    }
    Ok(())
}

/// Whether somebody is connected as the role that the service runs as.
///
/// # Errors
///
/// [`DbError::Unavailable`], [`DbError::Internal`].
pub async fn is_in_use(admin: &DatabaseConfig, wanted: &ServiceDatabase) -> Result<bool, DbError> {
    exists(&mut open(admin).await?, "pg_stat_activity", "usename", &wanted.service).await
}

/// Makes a database as a copy of `template`, for roles that exist; for tests.
///
/// # Errors
///
/// [`DbError::Unavailable`], [`DbError::Internal`].
pub async fn clone_database(
    admin: &DatabaseConfig,
    wanted: &ServiceDatabase,
    template: &str,
) -> Result<(), DbError> {
    create_database(&mut open(admin).await?, wanted, Some(template)).await
}

/// Drops a database and ends the sessions on it; for tests.
///
/// # Errors
///
/// [`DbError::Unavailable`], [`DbError::Internal`].
pub async fn drop_database(admin: &DatabaseConfig, database: &str) -> Result<(), DbError> {
    let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(database));
    Ok(open(admin).await?.batch_execute(&statement).await?)
}

async fn open(admin: &DatabaseConfig) -> Result<AsyncPgConnection, DbError> {
    let opened = Connector::new(admin)?.open().await;
    opened.map_err(|error| DbError::Unavailable(error.to_string()))
}

async fn exists(
    conn: &mut AsyncPgConnection,
    catalog: &str,
    column: &str,
    name: &str,
) -> Result<bool, DbError> {
    use diesel_async::RunQueryDsl;
    let found = diesel::sql_query(format!("SELECT FROM {catalog} WHERE {column} = $1"))
        .bind::<diesel::sql_types::Text, _>(name)
        .execute(conn)
        .await?;
    Ok(found > 0)
}

async fn is_superuser(conn: &mut AsyncPgConnection) -> Result<bool, DbError> {
    use diesel_async::RunQueryDsl;
    let found = diesel::sql_query("SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper");
    Ok(found.execute(conn).await? > 0)
}

async fn create_role(
    conn: &mut AsyncPgConnection,
    role: &str,
    password: Option<&str>,
) -> Result<(), DbError> {
    let name = identifier(role);
    if !exists(conn, "pg_roles", "rolname", role).await? {
        let made = conn
            .batch_execute(&format!(
                "CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
            ))
            .await;
        // Another process may have made it at the same moment.
        if made.is_err() && !exists(conn, "pg_roles", "rolname", role).await? {
            made?;
        }
    }
    if let Some(password) = password {
        conn.batch_execute(&format!("ALTER ROLE {name} PASSWORD {}", literal(password))).await?;
    }
    Ok(())
}

async fn create_database(
    conn: &mut AsyncPgConnection,
    wanted: &ServiceDatabase,
    template: Option<&str>,
) -> Result<(), DbError> {
    let from = match template {
        Some(name) => format!("TEMPLATE {} STRATEGY wal_log", identifier(name)),
        None => "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'".to_owned(),
    };
    let (database, owner) = (identifier(&wanted.database), identifier(&wanted.owner));
    conn.batch_execute(&format!("CREATE DATABASE {database} OWNER {owner} {from}")).await?;
    conn.batch_execute(&format!("REVOKE ALL ON DATABASE {database} FROM PUBLIC")).await?;
    let service = identifier(&wanted.service);
    Ok(conn.batch_execute(&format!("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {service}")).await?)
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
