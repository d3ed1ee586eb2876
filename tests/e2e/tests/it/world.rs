//! A suite of this test's own, and a tiny year to live in it.

use std::path::PathBuf;

use medfund::hosting::{Hosted, Hosting};
use medfund::packs::{self, LoadedPack};
use medfund::sample::{self, Options, Profile, Region, Size};
use medfund::suite::{People, Service, Session, Watch};
use medfund::year;
use medfund_postgres::{Binaries, Postgres, Settings};
use serde_json::Value;
use tokio::sync::OnceCell;

/// The pack that the tests' years run under unless they are about packs.
pub(crate) const PACK: &str = "jiangmen-2016";

/// The pack of the tests' years whose inpatient care shares a pool.
pub(crate) const POOL_PACK: &str = "panzhihua-2018";

/// The seed of the tests' years.
pub(crate) const SEED: u64 = 1;

/// The program that can `serve` what the suite is made of.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_medfund-e2e"))
}

/// A pack and a tiny region drawn for it.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) pack: LoadedPack,
    pub(crate) region: Region,
    pub(crate) seed: u64,
}

impl Plan {
    pub(crate) fn of(pack: LoadedPack, seed: u64) -> Self {
        let profile = Profile::of(&pack.pack).expect("a pack with quotas");
        let region = sample::generate(&profile, Size::Tiny, seed, &Options::default());
        println!("pack {} with seed {seed}", pack.pack.id());
        Self { pack, region, seed }
    }

    pub(crate) fn usual() -> Self {
        Self::of(packs::load(PACK).expect("a pack that is built in"), SEED)
    }

    /// A year with a pool.
    pub(crate) fn pooled() -> Self {
        Self::of(packs::load(POOL_PACK).expect("a pack that is built in"), SEED)
    }

    pub(crate) fn people(&self) -> People {
        People::of(&self.region.area)
    }
}

/// A suite on a PostgreSQL of its own; both end with it.
pub(crate) struct World {
    pub(crate) hosted: Hosted,
    postgres: Option<Postgres>,
}

impl World {
    /// Starts everything; a service that ends by itself is started again if `restart`.
    pub(crate) async fn start(restart: bool) -> Self {
        let started = tokio::task::spawn_blocking(|| {
            let binaries = Binaries::find(|name| std::env::var(name).ok())?;
            let parameters = [("max_connections", "200"), ("shared_buffers", "64MB")];
            let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            Postgres::start(&binaries, &Settings { parameters, ..Settings::default() })
        });
        let postgres = started.await.expect("a thread").expect("tests need a PostgreSQL");
        Self { hosted: host(Some(postgres.admin_url()), restart).await, postgres: Some(postgres) }
    }

    /// Starts everything with a PostgreSQL that the suite itself looks after, and starts again what ends.
    ///
    /// - `settings`: more settings of services, by their names.
    pub(crate) async fn start_kept(settings: Vec<(Service, String, String)>) -> Self {
        let hosting = Hosting { restart: true, program: Some(program()), settings, ..Hosting::default() };
        Self { hosted: started(hosting).await, postgres: None }
    }

    pub(crate) fn session(&self, plan: &Plan) -> Session {
        let seed = format!("{}/{}", plan.pack.pack.hash(), plan.seed);
        Session::open(self.hosted.file(), &seed).expect("a session")
    }

    /// Lives the plan's year and gives its JSON.
    pub(crate) async fn live(&self, plan: &Plan) -> String {
        lived(&self.session(plan), plan).await
    }

    /// Lives the plan's year while `watch` is told of each step and call.
    pub(crate) async fn live_watched(&self, plan: &Plan, watch: Watch) -> String {
        lived(&self.session(plan).watched(watch), plan).await
    }

    /// A superuser's connection to a service's database.
    pub(crate) async fn superuser(&self, service: Service) -> tokio_postgres::Client {
        let postgres = self.postgres.as_ref().expect("a PostgreSQL of the test's own");
        let admin = postgres.admin_url();
        let server = admin.strip_suffix("/postgres").expect("the URL ends in the database");
        let url = format!("{server}/{}", service.name());
        let (client, connection) =
            tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("the superuser may connect");
        tokio::spawn(connection);
        client
    }

    pub(crate) async fn stop(self) {
        self.hosted.stop().await.expect("the suite stops");
    }
}

async fn host(database_url: Option<String>, restart: bool) -> Hosted {
    started(Hosting { database_url, restart, program: Some(program()), ..Hosting::default() }).await
}

async fn started(hosting: Hosting) -> Hosted {
    hosting.start().await.unwrap_or_else(|failure| panic!("the suite does not start: {failure:#}"))
}

/// The seed of what is drawn beside the year: `MEDFUND_E2E_SEED`, or one by chance. It is printed.
pub(crate) fn chance() -> u64 {
    let given = std::env::var("MEDFUND_E2E_SEED").ok();
    let seed = given.map_or_else(rand::random, |text| text.parse().expect("MEDFUND_E2E_SEED is a number"));
    println!("MEDFUND_E2E_SEED={seed} draws the same again");
    seed
}

async fn lived(session: &Session, plan: &Plan) -> String {
    let lived = year::lived(session, plan.pack.clone(), &plan.region).await;
    lived.unwrap_or_else(|failure| panic!("the year with seed {} failed: {failure:#}", plan.seed))
}

/// The JSON of the usual plan's year, lived without disturbance, once for all tests.
pub(crate) async fn undisturbed() -> &'static str {
    static JSON: OnceCell<String> = OnceCell::const_new();
    JSON.get_or_init(|| Box::pin(calm(Plan::usual()))).await
}

/// The same of the year with a pool.
pub(crate) async fn undisturbed_pool() -> &'static str {
    static JSON: OnceCell<String> = OnceCell::const_new();
    JSON.get_or_init(|| Box::pin(calm(Plan::pooled()))).await
}

async fn calm(plan: Plan) -> String {
    let world = World::start(false).await;
    let json = world.live(&plan).await;
    world.stop().await;
    json
}

pub(crate) fn parse(json: &str) -> Value {
    serde_json::from_str(json).expect("the year's result is JSON")
}

/// Fails unless two years' results are the same bytes, telling the first line that differs.
pub(crate) fn expect_same(left: &str, right: &str, what: &str) {
    if left == right {
        return;
    }
    let differing = left.lines().zip(right.lines()).position(|(a, b)| a != b);
    let at = differing.unwrap_or_else(|| left.lines().count().min(right.lines().count()));
    let part = |text: &str| text.lines().skip(at.saturating_sub(12)).take(16).collect::<Vec<_>>().join("\n");
    panic!("{what}: the results differ at line {}:\n{}\n--- and ---\n{}", at + 1, part(left), part(right));
}
