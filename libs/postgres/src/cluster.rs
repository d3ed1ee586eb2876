use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Child;

use crate::launch::{Launch, stop_child};
use crate::lockfile::LockFile;
use crate::port::HeldPort;
use crate::prepare::{ADMIN, arguments, initdb, make_private};
use crate::user::ServerUser;
use crate::watcher::Watcher;
use crate::{Binaries, PostgresError};

/// What kind of private PostgreSQL to start.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where the data lives and stays. `None`: a temporary folder, removed at the end.
    pub data: Option<PathBuf>,
    /// Whether a commit survives a crash of the machine. Off for tests only.
    pub fsync: bool,
    /// Also listen on a free loopback port, with this certificate.
    pub tls: Option<Tls>,
    /// Further settings of the server, e.g. `("max_connections", "400")`.
    pub parameters: Vec<(String, String)>,
}

/// The certificate of a server that listens on loopback TCP.
#[derive(Clone)]
pub struct Tls {
    /// The certificate chain, PEM.
    pub certificate_pem: String,
    /// Its private key, PEM.
    pub key_pem: String,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("key_pem", &"***").finish_non_exhaustive()
    }
}

/// A running private PostgreSQL. Dropping it stops it.
#[derive(Debug)]
pub struct Postgres {
    launch: Launch,
    server: Child,
    watcher: Watcher,
    socket: PathBuf,
    port: u16,
    has_tcp: bool,
}

impl Postgres {
    /// Initialises the data folder if it is new, starts the server and waits until it is ready.
    ///
    /// Blocks for a tenth of a second to some seconds.
    ///
    /// # Errors
    ///
    /// See [`PostgresError`]; its texts say what to do.
    pub fn start(binaries: &Binaries, settings: &Settings) -> Result<Self, PostgresError> {
        let user = ServerUser::choose()?;
        // Short, since a socket's path may have 107 bytes; everybody may enter the folder above the data.
        let temporary = tempfile::Builder::new()
            .prefix("mfpg-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .map_err(PostgresError::at(&std::env::temp_dir()))?;
        let data = settings.data.clone().unwrap_or_else(|| temporary.path().join("data"));
        let socket = temporary.path().join("socket");
        for folder in [&data, &socket] {
            make_private(folder, user.as_ref())?;
        }
        // Before anything is written: a folder in use is left alone.
        LockFile::clear_stale(&data)?;
        if !data.join("PG_VERSION").is_file() {
            initdb(binaries, &data, settings.fsync, user.as_ref())?;
        }

        let held = settings.tls.as_ref().map(|_| HeldPort::take()).transpose()?;
        let port = held.as_ref().map_or(5432, HeldPort::number);
        let launch = Launch {
            program: binaries.program("postgres"),
            arguments: arguments(settings, &data, &socket, port, user.as_ref())?,
            data,
            log: temporary.path().join("log"),
            user,
            temporary: temporary.path().to_owned(),
        };
        let has_tcp = held.is_some();
        drop(held);
        let (server, watcher) = launch.run()?;
        // From here on the stop and the watcher see to it.
        let _ = temporary.keep();
        Ok(Self { launch, server, watcher, socket, port, has_tcp })
    }

    /// Whether the server still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.server.try_wait(), Ok(None))
    }

    /// Starts the server again, at the same address, after it stopped or was killed.
    ///
    /// # Errors
    ///
    /// As [`Postgres::start`].
    pub fn restart(&mut self) -> Result<(), PostgresError> {
        stop_child(&mut self.server)?;
        self.watcher.dismiss();
        (self.server, self.watcher) = self.launch.run()?;
        Ok(())
    }

    /// A URL for `user` on `database`, over the unix socket.
    #[must_use]
    pub fn url(&self, user: &str, database: &str) -> String {
        let socket = self.socket.display().to_string().replace('/', "%2F");
        format!("postgresql://{user}@{socket}:{}/{database}", self.port)
    }

    /// A URL of the superuser, over the unix socket. For setting up, not for services.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.admin_url_on("postgres")
    }

    /// A URL of the superuser on `database`, over the unix socket. For looking from outside, not for services.
    #[must_use]
    pub fn admin_url_on(&self, database: &str) -> String {
        self.url(ADMIN, database)
    }

    /// The loopback port, if the server listens on one. Roles need a password there.
    #[must_use]
    pub fn tcp_port(&self) -> Option<u16> {
        self.has_tcp.then_some(self.port)
    }

    /// The id of the server's process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.server.id()
    }

    /// What the server wrote to its log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.launch.log).unwrap_or_default()
    }

    /// Stops the server: open transactions are rolled back, then it ends.
    ///
    /// # Errors
    ///
    /// [`PostgresError::Slow`] if it had to be killed.
    pub fn stop(mut self) -> Result<(), PostgresError> {
        self.stop_server()
    }

    fn stop_server(&mut self) -> Result<(), PostgresError> {
        let result = stop_child(&mut self.server);
        self.watcher.dismiss();
        // What cannot be removed lies in the temporary folder of the machine.
        let _ = fs::remove_dir_all(&self.launch.temporary);
        result
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.launch.temporary.exists()
            && let Err(error) = self.stop_server()
        {
            tracing::warn!(%error, "the private PostgreSQL was killed");
        }
    }
}
