//! A service as a child process of this one.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, ChildStdin, Command};

use crate::suite::Service;

/// How much of the end of a log is read, in bytes.
const MOST_SAID: u64 = 16 * 1024;

/// How long a service may take to let its calls end.
const STOP_LIMIT: Duration = Duration::from_secs(25);

/// How to start a service, and to start it again.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) service: Service,
    pub(super) program: PathBuf,
    pub(super) settings: Vec<(String, String)>,
    pub(super) log: PathBuf,
}

/// A running service.
pub(super) struct Running {
    child: Child,
    /// Held open: the child ends when it reads the end of its standard input, in whatever way this process ends.
    _alive: ChildStdin,
}

impl Recipe {
    /// Starts the service, as `medfund serve`.
    pub(super) fn start(&self) -> anyhow::Result<Running> {
        let log = File::options().create(true).append(true).open(&self.log);
        let log = log.with_context(|| format!("cannot write {}", self.log.display()))?;
        let mut command = Command::new(&self.program);
        command.args(["serve", self.service.name(), "--with-parent"]);
        command.env_clear().envs(kept_environment()).envs(self.settings.iter().cloned());
        // A group of its own: Ctrl-C on the terminal must reach the parent alone, which stops services in order.
        command
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("cannot start {}", self.service.name()))?;
        let alive = child.stdin.take().context("a piped standard input")?;
        Ok(Running { child, _alive: alive })
    }

    /// The last lines of the service's log.
    pub(super) fn said(&self) -> String {
        last_lines(&self.log)
    }
}

impl Running {
    /// Its process id, while it runs.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to stop and waits; kills it when that takes too long.
    pub(super) async fn stop(mut self) {
        if let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok()) {
            // It may end before the signal arrives.
            let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
        }
        if tokio::time::timeout(STOP_LIMIT, self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

/// What a service needs of this process's environment.
fn kept_environment() -> impl Iterator<Item = (String, String)> {
    let kept = |name: &str| {
        matches!(name, "PATH" | "HOME" | "TMPDIR" | "LANG" | "RUST_LOG" | "RUST_BACKTRACE" | "FAILPOINTS")
            || name.starts_with("OTEL_")
    };
    std::env::vars().filter(move |(name, _)| kept(name))
}

fn last_lines(log: &Path) -> String {
    let mut end = Vec::new();
    if let Ok(mut file) = File::open(log) {
        let long = file.metadata().is_ok_and(|metadata| metadata.len() > MOST_SAID);
        let back = i64::try_from(MOST_SAID).unwrap_or_default();
        // A log that cannot be read says nothing.
        let _ = if long { file.seek(SeekFrom::End(-back)) } else { Ok(0) };
        let _ = file.take(MOST_SAID).read_to_end(&mut end);
    }
    let text = String::from_utf8_lossy(&end);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
