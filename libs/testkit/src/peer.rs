use chrono::{DateTime, Utc};
use diesel_migrations::EmbeddedMigrations;
use medfund_db::{Call, Caller, Database, DbError};
use medfund_proto::auth::v1::Role;
use medfund_server::{CancellationToken, Config, Server, ServerError};
use prost::{Message, Name};
use uuid::Uuid;

use crate::TestService;

/// Another service as far as a test needs it: its real feed, over real TLS, with the events a test emits.
pub struct TestPeer {
    service: TestService,
    database: Database,
}

/// Why a peer does not start.
#[derive(Debug, thiserror::Error)]
enum PeerError {
    #[error(transparent)]
    Config(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl TestPeer {
    /// Starts a peer that has a feed and nothing else.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn start(name: &'static str) -> Self {
        Self::start_with(name, |server| server).await
    }

    /// Starts a peer that also offers what `add` adds, e.g. an RPC that the service under test calls.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn start_with(name: &'static str, add: impl FnOnce(Server) -> Server + Send + 'static) -> Self {
        // A database of another name, since the real service may be in the same test process.
        let builder =
            TestService::builder(name, EmbeddedMigrations::new(&[])).database_named(format!("peer_{name}"));
        let service = builder.start(|config, stop| serve(config, stop, add)).await;
        let database = service.database().connect().await;
        Self { service, database }
    }

    /// The peer as a service; give it to [`crate::TestServiceBuilder::peer`].
    #[must_use]
    pub fn service(&self) -> &TestService {
        &self.service
    }

    /// Commits an event to the peer's feed.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub async fn emit<M: Message + Name + Clone + 'static>(&self, area: &str, event: &M) {
        let area: medfund_types::Area = area.parse().expect("the test names an area's code");
        let caller = Caller {
            subject: "peer".to_owned(),
            roles: vec![Role::AgencyOfficer.into()],
            area: Some(area.clone()),
            institution: None,
        };
        let call = Call {
            caller,
            area,
            method: "medfund.testkit.v1.Peer/Emit",
            request_id: Uuid::now_v7(),
            digest: [0; 32],
            instant: DateTime::<Utc>::UNIX_EPOCH,
            dry_run: false,
        };
        let event = event.clone();
        let writer = self.database.writer();
        let written = writer.run(call, move |tx| Box::pin(async move { tx.emit(&event).await }));
        written.await.unwrap_or_else(|error: DbError| panic!("the event cannot be written: {error}"));
    }
}

async fn serve(
    config: Config,
    stop: CancellationToken,
    add: impl FnOnce(Server) -> Server,
) -> Result<(), PeerError> {
    let database = Database::connect(&config.database()?).await?;
    Ok(add(Server::builder(config).database(&database)).run(stop).await?)
}
