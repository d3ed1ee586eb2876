use std::collections::HashMap;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use diesel_migrations::EmbeddedMigrations;
use medfund_db::feed;
use medfund_dev::{Authority, Principal};
use medfund_proto::auth::v1::Role;
use medfund_proto::feed::v1::GetFeedStatusResponse;
use medfund_server::{Bearer, CancellationToken, Config, Limits, Listen, Tls, channel};
use medfund_types::Area;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Uri};

use crate::TestDatabase;
use crate::authority::{TestAuthority, authority};
use crate::tape::{Tape, TestChannel};

/// The area that test callers belong to unless said otherwise: Jiangmen's code.
pub const AREA: &str = "440700";

/// How long a service may take to be ready, or to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often something is looked for that must come.
const LOOK: Duration = Duration::from_millis(10);

/// How long a test's token is good.
const LIFETIME: Duration = Duration::from_secs(3_600);

/// A service that runs in this process for one test: real TLS, real tokens, a database of its own.
pub struct TestService {
    database: TestDatabase,
    config: Config,
    authority: Arc<TestAuthority>,
    stop: CancellationToken,
    task: Option<JoinHandle<Result<(), String>>>,
    /// The tester's own connection, shared by all callers that are no service.
    connection: Channel,
    tape: Tape,
}

/// A [`TestService`] about to start.
#[must_use = "nothing starts until `start` is called"]
pub struct TestServiceBuilder {
    service: &'static str,
    database: String,
    own: EmbeddedMigrations,
    limits: Limits,
    peers: Vec<(&'static str, SocketAddr)>,
}

impl TestServiceBuilder {
    /// Serves within other limits than the usual ones.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Keeps its data in a database of another name than the service's.
    pub(crate) fn database_named(mut self, name: String) -> Self {
        self.database = name;
        self
    }

    /// Lets the service call another one.
    pub fn peer(self, name: &'static str, other: &TestService) -> Self {
        self.peer_at(name, other.config.listen.address())
    }

    /// Lets the service call whatever listens at `address` as another one.
    pub fn peer_at(mut self, name: &'static str, address: SocketAddr) -> Self {
        self.peers.push((name, address));
        self
    }

    /// Makes the database, starts the service by `serve` and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If it does not start; the message is the service's error.
    pub async fn start<S, F, E>(self, serve: S) -> TestService
    where
        S: FnOnce(Config, CancellationToken) -> F,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Debug + Send + 'static,
    {
        let Self { service, database, own, limits, peers } = self;
        let database = TestDatabase::create(&database, own).await;
        let authority = authority();
        let config = configure(service, &peers, limits, &authority, &database);
        let connection = connect(&authority, "tester", config.listen.address());
        let mut service = TestService {
            database,
            config,
            authority,
            stop: CancellationToken::new(),
            task: None,
            connection,
            tape: Tape::default(),
        };
        service.restart(serve).await;
        service
    }
}

impl TestService {
    /// Begins a service by its name and its own migrations.
    pub fn builder(service: &'static str, own: EmbeddedMigrations) -> TestServiceBuilder {
        // A test that is done does not wait for callers that it left hanging.
        let limits = Limits { stop_grace: Duration::from_secs(5), ..Limits::default() };
        TestServiceBuilder { service, database: service.to_owned(), own, limits, peers: Vec::new() }
    }

    /// Its database.
    #[must_use]
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// Its configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The authority that it trusts.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// A caller with one role in [`AREA`], whose name is the role's.
    #[must_use]
    pub fn as_role(&self, role: Role) -> TestChannel {
        self.as_person(role.as_str_name(), role)
    }

    /// A named caller with one role in [`AREA`].
    #[must_use]
    pub fn as_person(&self, name: &str, role: Role) -> TestChannel {
        self.as_principal(&Principal::of(name, role, area(AREA)))
    }

    /// A caller with one role in another area.
    #[must_use]
    pub fn as_role_in(&self, other_area: &str, role: Role) -> TestChannel {
        self.as_principal(&Principal::of(role.as_str_name(), role, area(other_area)))
    }

    /// An officer of an institution of [`AREA`].
    #[must_use]
    pub fn as_institution(&self, code: &str) -> TestChannel {
        let code = code.parse().expect("the test names an institution's code");
        self.as_principal(&Principal::institution(format!("officer of {code}"), area(AREA), code))
    }

    /// Another service, with its certificate and its token.
    #[must_use]
    pub fn as_service(&self, name: &str) -> TestChannel {
        let connection = connect(&self.authority, name, self.config.listen.address());
        let principal = Principal::service(name);
        let bearer = bearer(&self.token(&principal));
        TestChannel::new(connection, bearer, Some(principal), self.tape.clone())
    }

    /// Whoever `principal` says.
    #[must_use]
    pub fn as_principal(&self, principal: &Principal) -> TestChannel {
        let bearer = bearer(&self.token(principal));
        TestChannel::new(self.connection.clone(), bearer, Some(principal.clone()), self.tape.clone())
    }

    /// Whoever bears `token`, on the tester's connection.
    #[must_use]
    pub fn with_token(&self, token: &str) -> TestChannel {
        TestChannel::new(self.connection.clone(), bearer(token), None, self.tape.clone())
    }

    /// The tester's connection, without a token.
    #[must_use]
    pub fn connection(&self) -> Channel {
        self.connection.clone()
    }

    /// What its callers asked so far.
    pub(crate) fn tape(&self) -> &Tape {
        &self.tape
    }

    fn token(&self, principal: &Principal) -> String {
        self.authority.token(principal, LIFETIME).expect("a token can be signed")
    }

    /// Waits until every event that `other` has committed so far took effect here.
    ///
    /// # Panics
    ///
    /// If it does not in time.
    pub async fn until_caught_up_with(&self, other: &TestService) {
        let (here, there) = (self.database.connect().await, other.database.connect().await);
        let source = other.config.service;
        let caught_up = async {
            let head = loop {
                let status = feed::status(&there).await.expect("the other's feed can be read");
                if status.unnumbered == 0 {
                    break status.head_position;
                }
                tokio::time::sleep(LOOK).await;
            };
            let reached = |status: GetFeedStatusResponse| {
                status.cursors.iter().any(|cursor| cursor.source == source && cursor.position >= head)
            };
            while !reached(feed::status(&here).await.expect("the cursors can be read")) && head > 0 {
                tokio::time::sleep(LOOK).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, caught_up).await;
        assert!(in_time.is_ok(), "{} does not catch up with {source}", self.config.service);
    }

    /// Gets a path of the health port: the HTTP status and the text.
    ///
    /// # Panics
    ///
    /// If nobody answers.
    pub async fn get(&self, path: &str) -> (u16, String) {
        get(self.config.health_listen.address(), path).await.expect("the health port answers")
    }

    /// Asks the service to stop and waits until it has.
    ///
    /// # Panics
    ///
    /// If it stopped with an error, or not at all.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            let ended = tokio::time::timeout(PATIENCE, task).await.expect("the service stops in time");
            ended.expect("the service does not panic").expect("the service stops without an error");
        }
    }

    /// Ends the service at once, wherever it is.
    pub async fn kill(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            // It is cancelled: there is nothing to learn from how it ended.
            let _ = task.await;
        }
    }

    /// Starts the service again, on the same ports and the same database.
    ///
    /// # Panics
    ///
    /// If it is running, or does not start.
    pub async fn restart<S, F, E>(&mut self, serve: S)
    where
        S: FnOnce(Config, CancellationToken) -> F,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Debug + Send + 'static,
    {
        assert!(self.task.is_none(), "the service is running: stop or kill it first");
        self.stop = CancellationToken::new();
        let running = serve(self.config.clone(), self.stop.clone());
        let mut task = tokio::spawn(async move { running.await.map_err(|error| format!("{error:?}")) });
        let service = self.config.service;
        tokio::select! {
            ended = &mut task => panic!("{service} does not start: {ended:?}"),
            ready = until_ready(self.config.health_listen.address()) => ready,
        }
        self.task = Some(task);
    }
}

impl Drop for TestService {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn configure(
    service: &'static str,
    peers: &[(&'static str, SocketAddr)],
    limits: Limits,
    authority: &Authority,
    database: &TestDatabase,
) -> Config {
    let mut settings: HashMap<String, String> =
        authority.settings(service).expect("certificates can be made").into_iter().collect();
    settings.insert("DATABASE_URL".to_owned(), database.url());
    for (name, address) in peers {
        let name = format!("MEDFUND_{}_URL", name.to_uppercase().replace('-', "_"));
        settings.insert(name, format!("https://{address}"));
    }
    let peers: Vec<_> = peers.iter().map(|(name, _)| *name).collect();
    let config = Config::load(service, &peers, |name| settings.get(name).cloned());
    let mut config = config.unwrap_or_else(|problems| panic!("the test's settings: {problems:?}"));
    config.listen = Listen::on_free_port().expect("a port is free");
    config.health_listen = Listen::on_free_port().expect("a port is free");
    config.limits = limits;
    config
}

fn area(code: &str) -> Area {
    code.parse().expect("the test names an area's code")
}

fn connect(authority: &Authority, certificate: &str, address: SocketAddr) -> Channel {
    let (cert, key) = authority.certificate(certificate).expect("a certificate can be made");
    let read = |path| std::fs::read(path).expect("the authority's files can be read");
    let tls = Tls::from_pem(read(cert), read(key), read(authority.ca_path()));
    let address: Uri = format!("https://{address}").parse().expect("an address is a URI");
    channel(address, &tls).expect("the certificates can be used")
}

fn bearer(token: &str) -> Bearer {
    Bearer::token(token).expect("a token can stand in a header")
}

async fn until_ready(address: SocketAddr) {
    let ready = async {
        while !matches!(get(address, "/readyz").await, Ok((200, _))) {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(PATIENCE, ready).await.expect("the service is ready in time");
}

async fn get(address: SocketAddr, path: &str) -> std::io::Result<(u16, String)> {
    let mut connection = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let text = answer.split_once("\r\n\r\n").map_or("", |(_, text)| text).to_owned();
    Ok((status.ok_or(std::io::ErrorKind::InvalidData)?, text))
}
