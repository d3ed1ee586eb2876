use std::collections::HashSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel_async::AsyncPgConnection;
use diesel_migrations::EmbeddedMigrations;
use medfund_db::setup::{self, ServiceDatabase};
use medfund_db::{Database, DatabaseConfig, migrations};
use tokio::sync::Mutex;

use crate::cluster;

/// The services whose template exists already.
static TEMPLATES: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database of its own for one test, with all migrations applied and the service's real roles.
#[derive(Debug)]
pub struct TestDatabase {
    names: ServiceDatabase,
}

impl TestDatabase {
    /// Copies the service's template, which the first test of the process makes.
    ///
    /// - `service`: its name, e.g. `budget`; it tells templates and roles apart.
    /// - `own`: its migrations, run after the common ones.
    ///
    /// # Panics
    ///
    /// If there is no PostgreSQL or a migration fails.
    pub async fn create(service: &str, own: EmbeddedMigrations) -> Self {
        let server = tokio::task::spawn_blocking(cluster).await.expect("the cluster starts");
        let admin = DatabaseConfig::new(server.admin_url());
        let usual = ServiceDatabase::of(service);
        let template = ServiceDatabase { database: format!("template_{}", usual.database), ..usual.clone() };

        let mut made = TEMPLATES.lock().await;
        if !made.contains(service) {
            setup::create(&admin, &template).await.expect("the template can be made");
            let owner = DatabaseConfig::new(server.url(&template.owner, &template.database));
            migrations::run(&owner, own, &template.service).await.expect("the migrations run");
            made.insert(service.to_owned());
        }
        // One copy at a time: PostgreSQL refuses to copy a database that has another session.
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let names = ServiceDatabase { database: format!("{}_{n}", usual.database), ..usual };
        setup::clone_database(&admin, &names, &template.database).await.expect("the template can be copied");
        drop(made);
        Self { names }
    }

    /// The URL for the service's own role: no superuser, no owner.
    #[must_use]
    pub fn url(&self) -> String {
        cluster().url(&self.names.service, &self.names.database)
    }

    /// The URL for the role that owns the tables.
    #[must_use]
    pub fn owner_url(&self) -> String {
        cluster().url(&self.names.owner, &self.names.database)
    }

    /// The URL for the superuser: only to break things on purpose.
    #[must_use]
    pub fn admin_url(&self) -> String {
        cluster().url("medfund_admin", &self.names.database)
    }

    /// The names of the database and its roles.
    #[must_use]
    pub fn names(&self) -> &ServiceDatabase {
        &self.names
    }

    /// The usual configuration of a service on this database.
    #[must_use]
    pub fn config(&self) -> DatabaseConfig {
        DatabaseConfig::new(self.url())
    }

    /// Connects as the service does.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn connect(&self) -> Database {
        Database::connect(&self.config()).await.expect("the service's role may connect")
    }

    /// A session of the service's own role, for raw SQL.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn raw(&self) -> AsyncPgConnection {
        raw(&self.url()).await
    }

    /// A session of the superuser, for raw SQL that breaks things on purpose.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn raw_admin(&self) -> AsyncPgConnection {
        raw(&self.admin_url()).await
    }
}

async fn raw(url: &str) -> AsyncPgConnection {
    use diesel_async::AsyncConnection;
    AsyncPgConnection::establish(url).await.expect("a session can be opened")
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let database = self.names.database.clone();
        let admin = DatabaseConfig::new(cluster().admin_url());
        // Only to save room while other tests run: at the end everything goes.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(setup::drop_database(&admin, &database)))
        });
    }
}
