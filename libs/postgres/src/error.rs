use std::io;
use std::path::{Path, PathBuf};

/// Why a private PostgreSQL could not be started.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No server binaries were found anywhere.
    #[error(
        "no PostgreSQL server binaries found (looked in {searched}); install them, e.g. with \
         `apt-get install postgresql` or `dnf install postgresql-server`, or set PG_BINDIR to the folder that \
         holds `initdb` and `postgres`, or set DATABASE_URL to use a server that runs already"
    )]
    NoBinaries {
        /// The folders that were searched, separated by commas.
        searched: String,
    },
    /// `PG_BINDIR` names a folder without the binaries.
    #[error("PG_BINDIR is `{0}`, but there is no `initdb` and `postgres` in it")]
    WrongBindir(PathBuf),
    /// The binaries are too old.
    #[error("PostgreSQL 15 or later is needed; `{0}` is version {1}")]
    TooOld(PathBuf, String),
    /// This process is root and there is no other user to run the server as.
    #[error("PostgreSQL refuses to run as root and there is neither a user `postgres` nor `nobody`")]
    NoUser,
    /// The server's user may not enter a folder on the way to the data.
    #[error("user `{user}` may not enter `{folder}`; choose a data folder whose parents everybody may enter")]
    NotEnterable {
        /// The user that runs the server.
        user: String,
        /// The folder that is closed to it.
        folder: PathBuf,
    },
    /// A live server has this data folder.
    #[error("the data folder `{folder}` is in use by the running PostgreSQL with process id {pid}")]
    AlreadyRunning {
        /// The data folder.
        folder: PathBuf,
        /// The process that has it.
        pid: i32,
    },
    /// `initdb` failed.
    #[error("initdb failed:\n{0}")]
    Initdb(String),
    /// The server ended instead of becoming ready.
    #[error("PostgreSQL did not start:\n{0}")]
    Start(String),
    /// The server did not become ready, or did not stop, in time.
    #[error("PostgreSQL did not {0} within {1} seconds")]
    Slow(&'static str, u64),
    /// No loopback port was free.
    #[error("none of the loopback ports from {0} to {1} that were tried is free")]
    NoPort(u16, u16),
    /// A file or process operation failed.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
}

impl PostgresError {
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let text = path.display().to_string();
        move |error| Self::Io(text, error)
    }
}
