use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tonic::transport::{Certificate, Identity, Uri};

use crate::issuer_keys::IssuerKeys;
use crate::listen::Listen;

/// A text that no log may show: it prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How a service shows itself and knows others: one certificate for both.
#[derive(Clone)]
pub struct Tls {
    pub(crate) identity: Identity,
    pub(crate) ca: Certificate,
}

impl Tls {
    /// Takes a certificate chain, its key and the CA's certificates, all in PEM.
    pub fn from_pem(cert: impl AsRef<[u8]>, key: impl AsRef<[u8]>, ca: impl AsRef<[u8]>) -> Self {
        Self { identity: Identity::from_pem(cert, key), ca: Certificate::from_pem(ca) }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// Whose tokens are good here.
#[derive(Clone)]
pub struct TokenIssuer {
    pub(crate) keys: IssuerKeys,
    pub(crate) issuer: String,
    pub(crate) audience: String,
}

impl fmt::Debug for TokenIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keys, issuer, audience } = self;
        write!(f, "TokenIssuer({issuer} for {audience}, {} keys)", keys.all().len())
    }
}

/// What one caller, one connection and all of them may ask for at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls in work at a time; more are refused with `RESOURCE_EXHAUSTED`.
    pub max_concurrent_calls: usize,
    /// Calls in work at a time on one connection.
    pub max_streams_per_connection: u32,
    /// Connections at a time; who comes then waits until another is closed.
    pub max_connections: usize,
    /// Bytes of one message, either way.
    pub max_message_bytes: usize,
    /// Bytes of all unary requests in work; more are refused with `RESOURCE_EXHAUSTED`.
    pub max_buffered_bytes: usize,
    /// Bytes of one request's headers.
    pub max_header_bytes: u32,
    /// Time for a unary call whose caller names none.
    pub default_deadline: Duration,
    /// Time for any call, whatever its caller names; also for a stream that names none.
    pub max_deadline: Duration,
    /// Age at which a connection is closed, so that callers spread over new servers.
    pub max_connection_age: Duration,
    /// Time that calls in work have left when the server stops.
    pub stop_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_concurrent_calls: 512,
            max_streams_per_connection: 128,
            max_connections: 1_024,
            max_message_bytes: 4 << 20,
            max_buffered_bytes: 64 << 20,
            max_header_bytes: 16 << 10,
            default_deadline: Duration::from_secs(30),
            max_deadline: Duration::from_secs(600),
            max_connection_age: Duration::from_secs(1_800),
            stop_grace: Duration::from_secs(20),
        }
    }
}

/// All settings of a service, checked before it listens.
#[derive(Clone, Debug)]
pub struct Config {
    /// The service's one-word name, e.g. `budget`.
    pub service: &'static str,
    /// Where the service answers, with TLS.
    pub listen: Listen,
    /// Where probes and scrapes are answered, without TLS.
    pub health_listen: Listen,
    /// Certificate, key and CA.
    pub tls: Tls,
    /// Whose tokens are good here.
    pub tokens: TokenIssuer,
    /// The file of the token by which this service calls others, read anew as it changes.
    pub service_token: PathBuf,
    /// `postgres://…` of the service's own database and role.
    pub database_url: Secret,
    /// The CA of the database's certificate; without one the connection is plain, and `database_url`
    /// must be local or say `sslmode=disable`.
    pub database_ca: Option<PathBuf>,
    /// Connections to the database at most.
    pub database_connections: usize,
    /// Where telemetry is sent.
    pub otlp_endpoint: Option<Uri>,
    /// Limits.
    pub limits: Limits,
    /// The other services this one calls, by name.
    pub peers: BTreeMap<&'static str, Uri>,
}

impl Config {
    /// Reads every setting of `service`, which calls `peers`, through `get`.
    ///
    /// `main` passes `|name| std::env::var(name).ok()`; tests pass a map, so
    /// that no test changes the environment of another.
    ///
    /// # Errors
    ///
    /// Every problem there is, one sentence each, beginning with the setting's name.
    pub fn load(
        service: &'static str,
        peers: &[&'static str],
        get: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<String>> {
        let mut settings = Settings { get: &get, problems: Vec::new() };
        let listen = settings.parse_or("MEDFUND_LISTEN", Listen::at(([0, 0, 0, 0], 8443)));
        let health_listen = settings.parse_or("MEDFUND_HEALTH_LISTEN", Listen::at(([0, 0, 0, 0], 8080)));
        let tls = settings.tls();
        let tokens = settings.tokens();
        let service_token = settings.required("MEDFUND_SERVICE_TOKEN").map(PathBuf::from);
        let database_url = settings.database_url();
        let database_ca = settings.text("MEDFUND_DATABASE_CA").map(PathBuf::from);
        let database_connections = settings.positive("MEDFUND_DATABASE_CONNECTIONS", 16);
        let otlp_endpoint = settings.parse("OTEL_EXPORTER_OTLP_ENDPOINT");
        let limits = settings.limits();
        let peers = peers.iter().filter_map(|&peer| {
            let name = format!("MEDFUND_{}_URL", peer.to_uppercase().replace('-', "_"));
            Some((peer, settings.peer(&name)?))
        });
        let peers = peers.collect();

        let problems = settings.problems;
        let make = || {
            Some(Self {
                service,
                listen: listen?,
                health_listen: health_listen?,
                tls: tls?,
                tokens: tokens?,
                service_token: service_token?,
                database_url: database_url?,
                database_ca,
                database_connections: database_connections?,
                otlp_endpoint,
                limits: limits?,
                peers,
            })
        };
        if problems.is_empty() { Ok(make().expect("what has no problem is there")) } else { Err(problems) }
    }
}

/// Reads settings and collects what is wrong with them.
struct Settings<'g> {
    get: &'g dyn Fn(&str) -> Option<String>,
    problems: Vec<String>,
}

impl Settings<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).filter(|text| !text.is_empty())
    }

    fn problem<T>(&mut self, name: &str, text: impl fmt::Display) -> Option<T> {
        self.problems.push(format!("{name} {text}"));
        None
    }

    fn required(&mut self, name: &str) -> Option<String> {
        self.text(name).or_else(|| self.problem(name, "must be set"))
    }

    fn parse<T: FromStr<Err: fmt::Display>>(&mut self, name: &str) -> Option<T> {
        match self.text(name)?.parse() {
            Ok(value) => Some(value),
            Err(error) => self.problem(name, format!("cannot be read: {error}")),
        }
    }

    fn parse_or<T: FromStr<Err: fmt::Display>>(&mut self, name: &str, default: T) -> Option<T> {
        if self.text(name).is_some() { self.parse(name) } else { Some(default) }
    }

    fn positive<T: FromStr<Err: fmt::Display> + PartialOrd + Default>(
        &mut self,
        name: &str,
        default: T,
    ) -> Option<T> {
        let value = self.parse_or(name, default)?;
        if value > T::default() { Some(value) } else { self.problem(name, "must be more than zero") }
    }

    fn seconds(&mut self, name: &str, default: Duration) -> Option<Duration> {
        self.positive(name, default.as_secs()).map(Duration::from_secs)
    }

    fn file(&mut self, name: &str) -> Option<String> {
        let path = self.required(name)?;
        match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) => self.problem(name, format!("cannot be read: {path}: {error}")),
        }
    }

    fn pem(&mut self, name: &str, label: &str) -> Option<String> {
        let text = self.file(name)?;
        let holds = text.contains("-----BEGIN ") && text.contains(label);
        if holds { Some(text) } else { self.problem(name, format!("names a file without a PEM {label}")) }
    }

    fn tls(&mut self) -> Option<Tls> {
        let cert = self.pem("MEDFUND_TLS_CERT", "CERTIFICATE");
        let key = self.pem("MEDFUND_TLS_KEY", "PRIVATE KEY");
        let ca = self.pem("MEDFUND_TLS_CA", "CERTIFICATE");
        Some(Tls::from_pem(cert?, key?, ca?))
    }

    fn tokens(&mut self) -> Option<TokenIssuer> {
        let path = self.required("MEDFUND_JWT_KEYS");
        let keys = path.and_then(|path| match IssuerKeys::open(Path::new(&path)) {
            Ok(keys) => Some(keys),
            Err(problem) => self.problem("MEDFUND_JWT_KEYS", problem),
        });
        let issuer = self.required("MEDFUND_JWT_ISSUER");
        let audience = self.required("MEDFUND_JWT_AUDIENCE");
        Some(TokenIssuer { keys: keys?, issuer: issuer?, audience: audience? })
    }

    fn database_url(&mut self) -> Option<Secret> {
        let url = self.required("DATABASE_URL")?;
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Some(Secret::new(url))
        } else {
            self.problem("DATABASE_URL", "must begin with `postgres://`")
        }
    }

    fn peer(&mut self, name: &str) -> Option<Uri> {
        let text = self.required(name)?;
        let uri =
            text.parse::<Uri>().ok().filter(|uri| uri.scheme_str() == Some("https") && uri.host().is_some());
        uri.or_else(|| self.problem(name, "must be an `https://` address"))
    }

    fn limits(&mut self) -> Option<Limits> {
        let default = Limits::default();
        let concurrent_calls = self.positive("MEDFUND_MAX_CONCURRENT_CALLS", default.max_concurrent_calls);
        let streams = self.positive("MEDFUND_MAX_STREAMS_PER_CONNECTION", default.max_streams_per_connection);
        let connections = self.positive("MEDFUND_MAX_CONNECTIONS", default.max_connections);
        let message = self.positive("MEDFUND_MAX_MESSAGE_BYTES", default.max_message_bytes);
        let buffered = self.positive("MEDFUND_MAX_BUFFERED_BYTES", default.max_buffered_bytes);
        let header = self.positive("MEDFUND_MAX_HEADER_BYTES", default.max_header_bytes);
        let default_deadline = self.seconds("MEDFUND_DEFAULT_DEADLINE_SECONDS", default.default_deadline);
        let max_deadline = self.seconds("MEDFUND_MAX_DEADLINE_SECONDS", default.max_deadline);
        let age = self.seconds("MEDFUND_MAX_CONNECTION_AGE_SECONDS", default.max_connection_age);
        let grace = self.seconds("MEDFUND_STOP_GRACE_SECONDS", default.stop_grace);
        if default_deadline.zip(max_deadline).is_some_and(|(usual, most)| usual > most) {
            self.problems.push(
                "MEDFUND_DEFAULT_DEADLINE_SECONDS must not be more than MEDFUND_MAX_DEADLINE_SECONDS"
                    .to_owned(),
            );
        }
        Some(Limits {
            max_concurrent_calls: concurrent_calls?,
            max_streams_per_connection: streams?,
            max_connections: connections?,
            max_message_bytes: message?,
            max_buffered_bytes: buffered?,
            max_header_bytes: header?,
            default_deadline: default_deadline?,
            max_deadline: max_deadline?,
            max_connection_age: age?,
            stop_grace: grace?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use medfund_dev::Authority;

    use super::*;

    fn settings(folder: &tempfile::TempDir) -> HashMap<String, String> {
        let mut settings: HashMap<_, _> =
            Authority::open(folder.path()).unwrap().settings("budget").unwrap().into_iter().collect();
        settings.insert("DATABASE_URL".to_owned(), "postgres://budget:s3cret@localhost/budget".to_owned());
        settings.insert("MEDFUND_AGREEMENT_URL".to_owned(), "https://localhost:8444".to_owned());
        settings
    }

    fn load(settings: &HashMap<String, String>) -> Result<Config, Vec<String>> {
        Config::load("budget", &["agreement"], |name| settings.get(name).cloned())
    }

    #[test]
    fn secrets_are_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        let config = load(&settings(&folder)).unwrap();
        let printed = format!("{config:?}");
        assert!(printed.contains("***") && !printed.contains("s3cret") && !printed.contains("PRIVATE"));
        assert_eq!(config.peers["agreement"].port_u16(), Some(8444));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&folder);
        settings.remove("MEDFUND_JWT_AUDIENCE");
        settings.extend(
            [
                ("MEDFUND_LISTEN", "everywhere"),
                ("MEDFUND_TLS_CERT", "/nowhere"),
                ("MEDFUND_JWT_KEYS", settings["MEDFUND_TLS_CA"].clone().as_str()),
                ("DATABASE_URL", "mysql://x"),
                ("MEDFUND_AGREEMENT_URL", "http://localhost"),
                ("MEDFUND_MAX_CONCURRENT_CALLS", "0"),
                ("MEDFUND_DEFAULT_DEADLINE_SECONDS", "1000"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let problems = load(&settings).unwrap_err();
        let names: Vec<_> = problems.iter().map(|text| text.split(' ').next().unwrap()).collect();
        assert_eq!(
            names,
            [
                "MEDFUND_LISTEN",
                "MEDFUND_TLS_CERT",
                "MEDFUND_JWT_KEYS",
                "MEDFUND_JWT_AUDIENCE",
                "DATABASE_URL",
                "MEDFUND_MAX_CONCURRENT_CALLS",
                "MEDFUND_DEFAULT_DEADLINE_SECONDS",
                "MEDFUND_AGREEMENT_URL",
            ]
        );
    }
}
