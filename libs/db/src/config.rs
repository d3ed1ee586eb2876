use std::fmt;
use std::time::Duration;

/// How a service reaches its database.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// A `postgresql://` URL of the service's own role, over a unix socket or TCP.
    pub url: String,
    /// TLS, for TCP. `None`: plain, for a unix socket or a trusted loopback.
    pub tls: Option<TlsConfig>,
    /// The most connections for commands and reads; jobs have a few of their own.
    pub max_connections: usize,
    /// How long a call waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// How long a statement waits for a lock.
    pub lock_timeout: Duration,
    /// How long a transaction may be idle between two statements.
    pub idle_in_transaction_timeout: Duration,
    /// The name the server shows for these connections, e.g. the service's.
    pub application_name: String,
}

/// The certificate authority that signs the database's certificate.
#[derive(Clone)]
pub struct TlsConfig {
    /// Certificates of the authority, PEM.
    pub ca_pem: String,
}

impl DatabaseConfig {
    /// A configuration with the usual limits.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            tls: None,
            max_connections: 16,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(5),
            idle_in_transaction_timeout: Duration::from_secs(30),
            application_name: "medfund".to_owned(),
        }
    }
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("url", &"***")
            .field("tls", &self.tls.is_some())
            .field("max_connections", &self.max_connections)
            .field("application_name", &self.application_name)
            .finish_non_exhaustive()
    }
}
