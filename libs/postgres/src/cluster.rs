use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::lockfile::LockFile;
use crate::user::ServerUser;
use crate::watcher::Watcher;
use crate::{Binaries, PostgresError};

/// The superuser that `initdb` makes; it is not for services.
const ADMIN: &str = "medfund_admin";
const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);

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

/// All it takes to start the same server once more.
#[derive(Debug)]
struct Launch {
    program: PathBuf,
    arguments: Vec<String>,
    data: PathBuf,
    log: PathBuf,
    user: Option<ServerUser>,
    /// The folder of the socket, the log and temporary data: removed when this process is gone.
    temporary: PathBuf,
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

        let port = if settings.tls.is_some() { free_port()? } else { 5432 };
        let launch = Launch {
            program: binaries.program("postgres"),
            arguments: arguments(settings, &data, &socket, port, user.as_ref())?,
            data,
            log: temporary.path().join("log"),
            user,
            temporary: temporary.path().to_owned(),
        };
        let (server, watcher) = launch.run()?;
        let has_tcp = settings.tls.is_some();
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
        self.url(ADMIN, "postgres")
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

/// Makes a folder that only the server's user may enter.
fn make_private(folder: &Path, user: Option<&ServerUser>) -> Result<(), PostgresError> {
    fs::create_dir_all(folder).map_err(PostgresError::at(folder))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(PostgresError::at(folder))?;
    if let Some(user) = user {
        user.check_enterable(folder)?;
        user.own(folder)?;
    }
    Ok(())
}

fn initdb(
    binaries: &Binaries,
    data: &Path,
    fsync: bool,
    user: Option<&ServerUser>,
) -> Result<(), PostgresError> {
    let program = binaries.program("initdb");
    let mut command = Command::new(&program);
    command.args(["--username", ADMIN, "--auth-local=trust", "--auth-host=scram-sha-256", "--no-locale"]);
    command.args(["--encoding=UTF8", "--no-instructions", "--pgdata"]).arg(data).current_dir("/");
    if !fsync {
        command.arg("--no-sync");
    }
    if let Some(user) = user {
        user.run(&mut command);
    }
    let output = command.output().map_err(PostgresError::at(&program))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(PostgresError::Initdb(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

fn arguments(
    settings: &Settings,
    data: &Path,
    socket: &Path,
    port: u16,
    user: Option<&ServerUser>,
) -> Result<Vec<String>, PostgresError> {
    let mut parameters = vec![
        ("unix_socket_directories".to_owned(), socket.display().to_string()),
        ("port".to_owned(), port.to_string()),
        ("lc_messages".to_owned(), "C".to_owned()),
    ];
    match &settings.tls {
        None => parameters.push(("listen_addresses".to_owned(), String::new())),
        Some(tls) => {
            let certificate = write_secret(data, "server.crt", &tls.certificate_pem, user)?;
            let key = write_secret(data, "server.key", &tls.key_pem, user)?;
            parameters.extend([
                ("listen_addresses".to_owned(), "127.0.0.1".to_owned()),
                ("ssl".to_owned(), "on".to_owned()),
                ("ssl_cert_file".to_owned(), certificate),
                ("ssl_key_file".to_owned(), key),
            ]);
        }
    }
    if !settings.fsync {
        for name in ["fsync", "synchronous_commit", "full_page_writes"] {
            parameters.push((name.to_owned(), "off".to_owned()));
        }
    }
    parameters.extend(settings.parameters.iter().cloned());
    Ok(parameters
        .into_iter()
        .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")])
        .collect())
}

fn write_secret(
    data: &Path,
    name: &str,
    text: &str,
    user: Option<&ServerUser>,
) -> Result<String, PostgresError> {
    let file = data.join(name);
    fs::write(&file, text).map_err(PostgresError::at(&file))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(PostgresError::at(&file))?;
    if let Some(user) = user {
        user.own(&file)?;
    }
    Ok(file.display().to_string())
}

impl Launch {
    /// Starts the server; after a crash, once the last backends of the dead one have let go of its memory.
    fn run(&self) -> Result<(Child, Watcher), PostgresError> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            LockFile::clear_stale(&self.data)?;
            let mut server = self.spawn()?;
            // From the first moment on: nothing outlives us.
            let mut watcher = Watcher::start(server.id(), &self.temporary)?;
            match wait_until_ready(&mut server, &self.data, deadline) {
                Ok(()) => return Ok((server, watcher)),
                Err(error) => {
                    let _ = stop_child(&mut server);
                    watcher.dismiss();
                    let said = read_tail(&self.log);
                    let still_held = said.contains("pre-existing shared memory block");
                    if !still_held || Instant::now() >= deadline {
                        return Err(error.unwrap_or(PostgresError::Start(said)));
                    }
                    std::thread::sleep(POLL * 10);
                }
            }
        }
    }

    fn spawn(&self) -> Result<Child, PostgresError> {
        let log = fs::File::create(&self.log).map_err(PostgresError::at(&self.log))?;
        let errors = log.try_clone().map_err(PostgresError::at(&self.log))?;
        let mut command = Command::new(&self.program);
        command.arg("-D").arg(&self.data).args(&self.arguments).current_dir("/");
        // A group of its own: Ctrl-C on the terminal must not stop it before its clients.
        command.stdin(Stdio::null()).stdout(log).stderr(errors).process_group(0);
        if let Some(user) = &self.user {
            user.run(&mut command);
        }
        command.spawn().map_err(PostgresError::at(&self.program))
    }
}

/// Waits for the state in the server's own lock file; `Err(None)` if the server ended.
fn wait_until_ready(server: &mut Child, data: &Path, deadline: Instant) -> Result<(), Option<PostgresError>> {
    loop {
        // A lock file that another server left does not count.
        let lock = LockFile::read(data).filter(|lock| u32::try_from(lock.pid) == Ok(server.id()));
        if lock.is_some_and(|lock| lock.is_ready) {
            return Ok(());
        }
        if !matches!(server.try_wait(), Ok(None)) {
            return Err(None);
        }
        if Instant::now() >= deadline {
            return Err(Some(PostgresError::Slow("become ready", START_LIMIT.as_secs())));
        }
        std::thread::sleep(POLL);
    }
}

/// Asks for a fast shutdown and waits; kills when that takes too long.
fn stop_child(server: &mut Child) -> Result<(), PostgresError> {
    if !matches!(server.try_wait(), Ok(None)) {
        return Ok(());
    }
    let pid = Pid::from_raw(i32::try_from(server.id()).expect("a process id is an i32"));
    // It may end before the signal arrives.
    let _ = kill(pid, Signal::SIGINT);
    let deadline = Instant::now() + STOP_LIMIT;
    while matches!(server.try_wait(), Ok(None)) {
        if Instant::now() >= deadline {
            let _ = kill(pid, Signal::SIGQUIT);
            let _ = server.wait();
            return Err(PostgresError::Slow("stop", STOP_LIMIT.as_secs()));
        }
        std::thread::sleep(POLL);
    }
    Ok(())
}

fn read_tail(log: &Path) -> String {
    let mut text = String::new();
    let read = fs::File::open(log).and_then(|mut file| file.read_to_string(&mut text));
    if read.is_err() {
        return "its log could not be read".to_owned();
    }
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

fn free_port() -> Result<u16, PostgresError> {
    let listener =
        TcpListener::bind(("127.0.0.1", 0)).map_err(PostgresError::at(Path::new("127.0.0.1:0")))?;
    Ok(listener.local_addr().map_err(PostgresError::at(Path::new("127.0.0.1:0")))?.port())
}
