use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use tokio_postgres::NoTls;

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
        let timeouts = format!(
            "{own} -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            config.statement_timeout.as_millis(),
            config.lock_timeout.as_millis(),
            config.idle_in_transaction_timeout.as_millis(),
        );
        postgres.options(timeouts.trim()).application_name(&config.application_name);
        postgres.connect_timeout(config.acquire_timeout.max(Duration::from_secs(1)));
        let tls = config.tls.as_ref().map(Tls::new).transpose()?;
        let mode = if tls.is_some() {
            tokio_postgres::config::SslMode::Require
        } else {
            tokio_postgres::config::SslMode::Disable
        };
        postgres.ssl_mode(mode);
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
