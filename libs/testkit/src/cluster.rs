use std::sync::OnceLock;

use medfund_postgres::{Binaries, Postgres, Settings};

static CLUSTER: OnceLock<Postgres> = OnceLock::new();

/// The private PostgreSQL of this test process: temporary, without fsync, started on first use.
///
/// It is never dropped; when the process ends, its watcher stops it and removes its folder.
///
/// # Panics
///
/// If it cannot be started. The message says what to do.
pub fn cluster() -> &'static Postgres {
    CLUSTER.get_or_init(|| {
        let parameters = [("max_connections", "500"), ("shared_buffers", "64MB"), ("autovacuum", "off")];
        let settings = Settings {
            parameters: parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            ..Settings::default()
        };
        let started = Binaries::find(|name| std::env::var(name).ok())
            .and_then(|binaries| Postgres::start(&binaries, &settings));
        started.unwrap_or_else(|error| panic!("tests need a PostgreSQL: {error}"))
    })
}
