use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::PostgresError;
use crate::lockfile::LockFile;
use crate::user::ServerUser;
use crate::watcher::Watcher;

const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);

/// All it takes to start the same server once more.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) data: PathBuf,
    pub(crate) log: PathBuf,
    pub(crate) user: Option<ServerUser>,
    /// The folder of the socket, the log and temporary data: removed when this process is gone.
    pub(crate) temporary: PathBuf,
}

impl Launch {
    /// Starts the server; after a crash, once the last backends of the dead one have let go of its memory.
    pub(crate) fn run(&self) -> Result<(Child, Watcher), PostgresError> {
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
pub(crate) fn stop_child(server: &mut Child) -> Result<(), PostgresError> {
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
