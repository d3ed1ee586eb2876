//! A suite from the first folder to the last service, and back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use medfund_dev::Authority;
use medfund_postgres::HeldPort;
use medfund_types::Area;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::child::{Recipe, Running};
use super::database::Server;
use super::serve;
use crate::suite::{People, Service, Session, SuiteFile};

/// How long services may take to answer for the first time.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A service that ends so soon after its start has probably not been well.
const SHORT_LIFE: Duration = Duration::from_secs(1);

/// After so many short lives in a row a service is not started again.
const MOST_SHORT_LIVES: u32 = 20;

/// The longest wait before a start is so many doublings of the shortest.
const MOST_DOUBLINGS: u32 = 6;

/// How often it is looked whether a service has ended.
const LOOK: Duration = Duration::from_millis(50);

/// How to host a suite.
#[derive(Clone, Debug, Default)]
pub struct Hosting {
    /// Where data, certificates and logs stay. None: a folder that is removed at the end.
    pub folder: Option<PathBuf>,
    /// A PostgreSQL that runs already. None: one is started.
    pub database_url: Option<String>,
    /// Whether what ends by itself, service or private database, is started again.
    pub restart: bool,
    /// The program whose `serve` command runs a service. None: this one.
    pub program: Option<PathBuf>,
    /// More settings of a service, by their names.
    pub settings: Vec<(Service, String, String)>,
}

/// A suite that this process hosts. It ends with this process, in whatever way that ends.
pub struct Hosted {
    file: SuiteFile,
    folder: PathBuf,
    server: Arc<StdMutex<Server>>,
    services: Arc<Mutex<BTreeMap<Service, Running>>>,
    /// Where each service answers probes and scrapes.
    health: BTreeMap<Service, u16>,
    keeper: JoinHandle<()>,
    _temporary: Option<tempfile::TempDir>,
}

impl Hosting {
    /// Starts everything and waits until every service answers.
    ///
    /// # Errors
    ///
    /// If something does not start; with the last lines of its log where it has one.
    pub async fn start(self) -> anyhow::Result<Hosted> {
        let temporary = match self.folder {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("medfund-").tempdir()?),
        };
        let folder = match (&self.folder, &temporary) {
            (Some(folder), _) => folder.clone(),
            (None, Some(temporary)) => temporary.path().to_owned(),
            (None, None) => bail!("a suite needs a folder"),
        };
        fs::create_dir_all(folder.join("logs"))
            .with_context(|| format!("cannot use {}", folder.display()))?;
        let authority = Authority::open(folder.join("authority"))?;
        let (url, data) = (self.database_url, self.folder.as_ref().map(|folder| folder.join("postgres")));
        let server = tokio::task::spawn_blocking(move || Server::start(url, data.as_deref())).await??;

        let mut ports = BTreeMap::new();
        for service in Service::ALL {
            ports.insert(service, [HeldPort::take()?, HeldPort::take()?]);
        }
        let port = |service: &Service, at: usize| ports[service][at].number();
        let endpoint = |service: &Service| format!("https://localhost:{}", port(service, 0));
        let file = SuiteFile {
            endpoints: Service::ALL.iter().map(|s| (s.name().to_owned(), endpoint(s))).collect(),
            authority: folder.join("authority"),
        };
        let health = Service::ALL.iter().map(|service| (*service, port(service, 1))).collect();
        let program = match self.program {
            Some(program) => program,
            None => std::env::current_exe().context("this program's own file is not known")?,
        };
        let mut recipes = BTreeMap::new();
        for service in Service::ALL {
            let urls = server.prepare(service).await?;
            serve::migrate(service, &urls.owner)
                .await
                .with_context(|| format!("migrations of {}", service.name()))?;
            let mut settings = authority.settings(service.name())?;
            settings.push(("DATABASE_URL".to_owned(), urls.service));
            settings.push(("MEDFUND_LISTEN".to_owned(), format!("127.0.0.1:{}", port(&service, 0))));
            settings.push(("MEDFUND_HEALTH_LISTEN".to_owned(), format!("127.0.0.1:{}", port(&service, 1))));
            for peer in Service::ALL {
                settings.push((format!("MEDFUND_{}_URL", peer.name().to_uppercase()), endpoint(&peer)));
            }
            let more = self.settings.iter().filter(|(of, ..)| *of == service);
            settings.extend(more.map(|(_, name, value)| (name.clone(), value.clone())));
            let log = folder.join("logs").join(format!("{}.log", service.name()));
            recipes.insert(service, Recipe { service, program: program.clone(), settings, log });
        }
        let mut services = BTreeMap::new();
        for (service, recipe) in &recipes {
            // Held until now.
            ports.remove(service);
            services.insert(*service, recipe.start()?);
        }
        let services = Arc::new(Mutex::new(services));
        wait_until_ready(&file, &recipes, &services).await?;
        let server = Arc::new(StdMutex::new(server));
        let keeper = tokio::spawn(keep(recipes, Arc::clone(&services), Arc::clone(&server), self.restart));
        file.write(&folder.join("suite.json"))?;
        Ok(Hosted { file, folder, server, services, health, keeper, _temporary: temporary })
    }
}

impl Hosted {
    /// Where the suite is and how to be let in.
    #[must_use]
    pub fn file(&self) -> &SuiteFile {
        &self.file
    }

    /// The folder of the suite's data, certificates and logs.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The process of a service, while it runs.
    pub async fn process_of(&self, service: Service) -> Option<u32> {
        self.services.lock().await.get(&service).and_then(Running::id)
    }

    /// What a service answers a scrape of its metrics.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub async fn metrics(&self, service: Service) -> anyhow::Result<String> {
        let told = || format!("the metrics of {}", service.name());
        let mut scrape = TcpStream::connect(("127.0.0.1", self.health[&service])).await.with_context(told)?;
        scrape.write_all(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n").await.with_context(told)?;
        let mut answer = String::new();
        scrape.read_to_string(&mut answer).await.with_context(told)?;
        Ok(answer)
    }

    /// Where a superuser reaches a service's database, if it is on a private server.
    #[must_use]
    pub fn superuser_url(&self, service: Service) -> Option<String> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).superuser_url(service)
    }

    /// The process of the private database, if there is one.
    #[must_use]
    pub fn database_process(&self) -> Option<u32> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).process_id()
    }

    /// Stops the services, then the database.
    ///
    /// # Errors
    ///
    /// If the database had to be killed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.keeper.abort();
        // Its last look has ended when nobody else holds what it looks at.
        let _ = self.keeper.await;
        let services = std::mem::take(&mut *self.services.lock().await);
        futures::future::join_all(services.into_values().map(Running::stop)).await;
        let server = Arc::into_inner(self.server).context("somebody still looks after the database")?;
        let server = server.into_inner().unwrap_or_else(PoisonError::into_inner);
        tokio::task::spawn_blocking(move || server.stop()).await?
    }
}

/// Starts again what ended by itself, the database first, or tells of it.
async fn keep(
    recipes: BTreeMap<Service, Recipe>,
    services: Arc<Mutex<BTreeMap<Service, Running>>>,
    server: Arc<StdMutex<Server>>,
    restart: bool,
) {
    let mut lives: BTreeMap<Service, Lives> = BTreeMap::new();
    loop {
        tokio::time::sleep(LOOK).await;
        if restart {
            keep_database(Arc::clone(&server)).await;
        }
        let mut services = services.lock().await;
        for (service, recipe) in &recipes {
            let life = lives.entry(*service).or_default();
            if let Some(status) = services.get_mut(service).and_then(Running::ended) {
                services.remove(service);
                if restart && life.may_begin_again() {
                    eprintln!("{} ended with {status}; it is started again", service.name());
                } else {
                    eprintln!("{} ended with {status}:\n{}", service.name(), recipe.said());
                }
            }
            if life.is_due() && !services.contains_key(service) {
                match recipe.start() {
                    Ok(running) => {
                        services.insert(*service, running);
                    }
                    Err(error) => eprintln!("{} cannot be started again: {error:#}", service.name()),
                }
            }
        }
    }
}

/// How often a service has ended soon after its start, and when it is started again.
struct Lives {
    begun: Instant,
    n_short: u32,
    due: Option<Instant>,
}

impl Default for Lives {
    fn default() -> Self {
        Self { begun: Instant::now(), n_short: 0, due: None }
    }
}

impl Lives {
    /// Notes an end. The sooner ends follow one another, the longer it waits; at last it is given up.
    fn may_begin_again(&mut self) -> bool {
        self.n_short = if self.begun.elapsed() < SHORT_LIFE { self.n_short + 1 } else { 0 };
        let may = self.n_short < MOST_SHORT_LIVES;
        self.due = may.then(|| Instant::now() + LOOK * (1 << self.n_short.min(MOST_DOUBLINGS)) - LOOK);
        may
    }

    /// Whether it is to be started now; then it is.
    fn is_due(&mut self) -> bool {
        let due = self.due.is_some_and(|due| due <= Instant::now());
        if due {
            (self.begun, self.due) = (Instant::now(), None);
        }
        due
    }
}

async fn keep_database(server: Arc<StdMutex<Server>>) {
    let look = move || server.lock().unwrap_or_else(PoisonError::into_inner).restart_if_ended();
    match tokio::task::spawn_blocking(look).await {
        Ok(Ok(true)) => eprintln!("the private PostgreSQL ended; it is started again"),
        Ok(Err(error)) => eprintln!("the private PostgreSQL cannot be started again: {error:#}"),
        Ok(Ok(false)) | Err(_) => {}
    }
}

/// Waits until every service tells how far it is, or tells why one does not.
async fn wait_until_ready(
    file: &SuiteFile,
    recipes: &BTreeMap<Service, Recipe>,
    services: &Mutex<BTreeMap<Service, Running>>,
) -> anyhow::Result<()> {
    let session = Session::open(file, "ready")?;
    let nobody: Area = "000000".parse()?;
    let reader = People::of(&nobody).auditor;
    let begun = Instant::now();
    loop {
        for (service, running) in services.lock().await.iter_mut() {
            if let Some(status) = running.ended() {
                bail!("{} did not start ({status}):\n{}", service.name(), recipes[service].said());
            }
        }
        if session.answers(&reader).await {
            return Ok(());
        }
        if begun.elapsed() > START_LIMIT {
            let said: Vec<String> = recipes.values().map(Recipe::said).collect();
            bail!("the services do not answer:\n{}", said.join("\n"));
        }
        tokio::time::sleep(LOOK).await;
    }
}
