use std::net::IpAddr;
use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use tokio_postgres::NoTls;
use tokio_postgres::config::{Host, SslMode};

use crate::tls::Tls;
use crate::{DatabaseConfig, DbError};

/// Opens sessions with the timeouts of a configuration.
#[derive(Clone)]
pub(crate) struct Connector {
    postgres: tokio_postgres::Config,
    tls: Option<Tls>,
}

impl Connector {
    pub(crate) fn new(config: &DatabaseConfig) -> Result<Self, DbError> {
        let mut postgres: tokio_postgres::Config =
            config.url.parse().map_err(|error: tokio_postgres::Error| DbError::Config(error.to_string()))?;
        let own = postgres.get_options().unwrap_or_default();
        // No statement of a service runs so long that compiling it to machine code would pay.
        let timeouts = format!(
            "{own} -c jit=off -c default_transaction_isolation=read\\ committed -c statement_timeout={} \
             -c lock_timeout={} \
             -c idle_in_transaction_session_timeout={}",
            config.statement_timeout.as_millis(),
            config.lock_timeout.as_millis(),
            config.idle_in_transaction_timeout.as_millis(),
        );
        postgres.options(timeouts.trim()).application_name(&config.application_name);
        postgres.connect_timeout(config.acquire_timeout.max(Duration::from_secs(1)));
        let tls = config.tls.as_ref().map(Tls::new).transpose()?;
        if tls.is_none() {
            check_plain(&postgres)?;
        }
        postgres.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Self { postgres, tls })
    }

    pub(crate) async fn open(&self) -> ConnectionResult<AsyncPgConnection> {
        let failed = |error: tokio_postgres::Error| ConnectionError::BadConnection(chain(&error));
        match self.tls.clone() {
            Some(tls) => {
                let (client, connection) = self.postgres.connect(tls).await.map_err(failed)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            }
            None => {
                let (client, connection) = self.postgres.connect(NoTls).await.map_err(failed)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            }
        }
    }
}

/// Checks that a connection without TLS is what the URL means: it stays on this machine, or asks for it.
fn check_plain(postgres: &tokio_postgres::Config) -> Result<(), DbError> {
    let is_local = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    };
    let stays_here =
        postgres.get_hosts().iter().all(is_local) && postgres.get_hostaddrs().iter().all(IpAddr::is_loopback);
    let mode = postgres.get_ssl_mode();
    if mode == SslMode::Disable || (mode == SslMode::Prefer && stays_here) {
        return Ok(());
    }
    Err(DbError::Config(
        "the database is reached over a network: give the authority of its certificate, or write \
         `sslmode=disable` into its URL to go without TLS"
            .to_owned(),
    ))
}

/// An error with its causes: the outermost text alone says too little.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_crossed_without_tls_only_if_the_url_says_so() {
        for plain in [
            "postgresql://budget@%2Frun%2Fpostgresql/budget",
            "postgresql://budget@localhost/budget",
            "postgresql://budget@127.0.0.1,[::1]/budget",
            "postgresql://budget@db.internal/budget?sslmode=disable",
        ] {
            assert!(Connector::new(&DatabaseConfig::new(plain)).is_ok(), "{plain}");
        }
        for refused in [
            "postgresql://budget@db.internal/budget",
            "postgresql://budget@127.0.0.1,10.0.0.1/budget",
            "postgresql://budget@localhost/budget?hostaddr=10.0.0.1",
            "postgresql://budget@localhost/budget?sslmode=require",
        ] {
            let result = Connector::new(&DatabaseConfig::new(refused));
            assert!(matches!(result, Err(DbError::Config(_))), "{refused}");
        }
    }
}
