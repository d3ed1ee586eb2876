//! Calls to the services of a suite, each as the right person.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use futures::future::BoxFuture;
use medfund_dev::{Authority, Principal};
use tonic::metadata::MetadataValue;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::retry;
use super::{Person, SuiteFile};

/// A service of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Service {
    /// Budgets, targets, quotas and decisions.
    Budget,
    /// Institutions and agreements.
    Agreement,
    /// Grouping schemes and groups of cases.
    Drg,
    /// Bills, months, payment and clearing.
    Settlement,
}

impl Service {
    /// Every service, those first from which others learn.
    pub const ALL: [Self; 4] = [Self::Budget, Self::Agreement, Self::Drg, Self::Settlement];

    /// The service's one word: its directory, its database, its error domain.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Agreement => "agreement",
            Self::Drg => "drg",
            Self::Settlement => "settlement",
        }
    }
}

/// Open connections to a suite.
///
/// Calls are made again while a service is away, so that a killed and restarted service costs time and
/// nothing else; every mutating call carries a request id that does not change with the try.
pub struct Session {
    channels: BTreeMap<Service, Channel>,
    authority: Authority,
    tokens: Mutex<HashMap<Person, String>>,
    ids: Uuid,
    watch: Option<Watch>,
}

/// Is awaited at the beginning of a driver's step, with no call made yet, and before each of its calls.
pub type Watch = Box<dyn Fn(Moment) -> BoxFuture<'static, ()> + Send + Sync>;

/// How far a driver is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A step begins.
    Step,
    /// A call is about to be made for the first time.
    Call,
}

/// How long a token holds; longer than any year takes.
const TOKEN_LIFETIME: Duration = Duration::from_secs(12 * 3_600);

impl Session {
    /// Connects to the suite that `file` tells of. Request ids follow from `seed` and each step's name.
    ///
    /// # Errors
    ///
    /// If an address or a key is malformed. A service that is away is no error yet.
    pub fn open(file: &SuiteFile, seed: &str) -> anyhow::Result<Self> {
        let authority = Authority::open(&file.authority)?;
        let (certificate, key) = authority.certificate("medfund-tool")?;
        let tls = ClientTlsConfig::new()
            .identity(Identity::from_pem(std::fs::read(certificate)?, std::fs::read(key)?))
            .ca_certificate(Certificate::from_pem(std::fs::read(authority.ca_path())?));
        let mut channels = BTreeMap::new();
        for service in Service::ALL {
            let url = file.endpoints.get(service.name());
            let url = url.with_context(|| format!("the suite has no address for {}", service.name()))?;
            let endpoint = Endpoint::from_shared(url.clone())?.tls_config(tls.clone())?;
            channels.insert(service, endpoint.tcp_nodelay(true).connect_lazy());
        }
        let ids = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("medfund/{seed}").as_bytes());
        Ok(Self { channels, authority, tokens: Mutex::default(), ids, watch: None })
    }

    /// Has `watch` told of each step and call, e.g. to disturb the suite there.
    #[must_use]
    pub fn watched(self, watch: Watch) -> Self {
        Self { watch: Some(watch), ..self }
    }

    pub(crate) async fn passes(&self, moment: Moment) {
        if let Some(watch) = &self.watch {
            watch(moment).await;
        }
    }

    /// The id that `step` always has: of its request, or of what it creates.
    #[must_use]
    pub fn id(&self, step: &str) -> String {
        Uuid::new_v5(&self.ids, step.as_bytes()).to_string()
    }

    /// The connection to a service.
    #[must_use]
    pub fn channel(&self, service: Service) -> Channel {
        self.channels[&service].clone()
    }

    /// Makes one call as `person`, again and again while it may yet pass.
    ///
    /// # Errors
    ///
    /// The service's refusal, or the last failure when patience ends.
    pub async fn send<Q, A, F>(
        &self,
        service: Service,
        person: &Person,
        request: Q,
        call: impl Fn(Channel, Request<Q>) -> F,
    ) -> anyhow::Result<A>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        self.passes(Moment::Call).await;
        let begun = Instant::now();
        let mut n_tries = 0;
        loop {
            let status = match call(self.channel(service), self.signed(person, request.clone())?).await {
                Ok(response) => return Ok(response.into_inner()),
                Err(status) => status,
            };
            if !retry::may_pass(&status) || begun.elapsed() > retry::PATIENCE {
                return Err(anyhow!(retry::told(&status)));
            }
            tokio::time::sleep(retry::pause(n_tries)).await;
            n_tries += 1;
        }
    }

    /// A message with the person's token.
    ///
    /// # Errors
    ///
    /// If the authority cannot sign.
    pub fn signed<Q>(&self, person: &Person, message: Q) -> anyhow::Result<Request<Q>> {
        let mut request = Request::new(message);
        let bearer = MetadataValue::try_from(format!("Bearer {}", self.token(person)?))?;
        request.metadata_mut().insert("authorization", bearer);
        Ok(request)
    }

    fn token(&self, person: &Person) -> anyhow::Result<String> {
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(token) = tokens.get(person) {
            return Ok(token.clone());
        }
        let principal = Principal {
            subject: person.subject.clone(),
            roles: vec![person.role],
            area: person.area.clone(),
            institution: person.institution.clone(),
        };
        let token = self.authority.token(&principal, TOKEN_LIFETIME)?;
        tokens.insert(person.clone(), token.clone());
        Ok(token)
    }
}

/// Calls one RPC: `rpc!(session, person, Service Client method, request)`.
macro_rules! rpc {
    ($session:expr, $person:expr, $service:ident $client:ident $method:ident, $request:expr) => {
        $session.send($crate::suite::Service::$service, $person, $request, |channel, request| async move {
            $client::new(channel).max_decoding_message_size(64 << 20).$method(request).await
        })
    };
}
pub(crate) use rpc;
