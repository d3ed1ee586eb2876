//! The databases of a suite: on a PostgreSQL of its own, or on one that runs already.

use std::path::Path;

use anyhow::{Context, bail};
use medfund_db::DatabaseConfig;
use medfund_db::setup::{self, ServiceDatabase};
use medfund_postgres::{Postgres, Settings};
use uuid::Uuid;

use super::install;
use crate::suite::Service;

/// A PostgreSQL that a suite's databases are on.
pub(super) enum Server {
    /// Started for this suite; stops with it.
    Private(Box<Postgres>),
    /// Runs already; the URL is of a role that may make roles and databases.
    Given(String),
}

/// Where a service and its migrations reach their database.
pub(super) struct Urls {
    pub(super) owner: String,
    pub(super) service: String,
}

impl Server {
    /// Uses the server that `url` names, or else starts one.
    ///
    /// - `data`: where a private one keeps its data; it is thrown away at the end when there is none.
    pub(super) fn start(url: Option<String>, data: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(url) = url {
            return Ok(Self::Given(url));
        }
        let binaries = install::binaries()?;
        let parameters = [("max_connections", "200"), ("shared_buffers", "128MB")];
        let settings = Settings {
            data: data.map(Path::to_owned),
            fsync: true,
            tls: None,
            parameters: parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        };
        Ok(Self::Private(Box::new(Postgres::start(&binaries, &settings)?)))
    }

    /// Where a superuser reaches a service's database on a private server.
    pub(super) fn superuser_url(&self, service: Service) -> Option<String> {
        let Self::Private(postgres) = self else { return None };
        Some(postgres.admin_url_on(&ServiceDatabase::of(service.name()).database))
    }

    /// The process of a private server.
    pub(super) fn process_id(&self) -> Option<u32> {
        match self {
            Self::Private(postgres) => Some(postgres.process_id()),
            Self::Given(_) => None,
        }
    }

    /// Makes the roles and the database of a service where they are missing.
    pub(super) async fn prepare(&self, service: Service) -> anyhow::Result<Urls> {
        let mut names = ServiceDatabase::of(service.name());
        let admin = match self {
            Self::Private(postgres) => postgres.admin_url(),
            Self::Given(url) => {
                // The password is made anew with every start and stands nowhere but in the service's environment.
                names.password = Some(Uuid::new_v4().simple().to_string());
                url.clone()
            }
        };
        let admin = DatabaseConfig::new(admin);
        let told = || format!("cannot reach the database server of {}", service.name());
        if matches!(self, Self::Given(_)) && setup::is_in_use(&admin, &names).await.with_context(told)? {
            bail!("the role {} is in use: another suite runs on this database server", names.service);
        }
        setup::create(&admin, &names)
            .await
            .with_context(|| format!("cannot make the database of {}", service.name()))?;
        let url = |role: &str| match self {
            Self::Private(postgres) => Ok(postgres.url(role, &names.database)),
            Self::Given(url) => {
                with_role(url, role, names.password.as_deref().unwrap_or_default(), &names.database)
            }
        };
        Ok(Urls { owner: url(&names.owner)?, service: url(&names.service)? })
    }

    /// Starts a private server again that was killed; whether it was.
    pub(super) fn restart_if_ended(&mut self) -> anyhow::Result<bool> {
        let Self::Private(postgres) = self else { return Ok(false) };
        if postgres.is_running() {
            return Ok(false);
        }
        postgres.restart()?;
        Ok(true)
    }

    /// Stops a private server.
    pub(super) fn stop(self) -> anyhow::Result<()> {
        match self {
            Self::Private(postgres) => Ok(postgres.stop()?),
            Self::Given(_) => Ok(()),
        }
    }
}

/// The URL of another role and database on the same server.
fn with_role(url: &str, role: &str, password: &str, database: &str) -> anyhow::Result<String> {
    let (scheme, rest) = url.split_once("://").context("DATABASE_URL must begin with `postgresql://`")?;
    if !matches!(scheme, "postgres" | "postgresql") {
        bail!("DATABASE_URL must begin with `postgresql://`");
    }
    let (rest, query) =
        rest.split_once('?').map_or((rest, String::new()), |(rest, query)| (rest, format!("?{query}")));
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Ok(format!("{scheme}://{role}:{password}@{host}/{database}{query}"))
}

#[cfg(test)]
mod tests {
    use super::with_role;

    #[test]
    fn another_role_and_database_take_the_place_of_those_in_the_url() {
        let made = |url| with_role(url, "budget_service", "pw", "budget").unwrap();
        assert_eq!(
            made("postgres://root:x@db:5433/postgres?sslmode=require"),
            "postgres://budget_service:pw@db:5433/budget?sslmode=require"
        );
        assert_eq!(made("postgresql://db"), "postgresql://budget_service:pw@db/budget");
        assert!(with_role("mysql://db/x", "r", "p", "d").is_err());
    }
}
