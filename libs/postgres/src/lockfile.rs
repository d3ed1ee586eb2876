use std::fs;
use std::path::Path;

use crate::PostgresError;

/// What `postmaster.pid` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LockFile {
    pub(crate) pid: i32,
    pub(crate) is_ready: bool,
}

impl LockFile {
    /// Reads the lock file of a data folder, if it is there and whole.
    pub(crate) fn read(data: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(data.join("postmaster.pid")).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let pid = text.lines().next()?.trim().parse().ok()?;
        // The eighth line is the server's state.
        let is_ready = text.lines().nth(7).is_some_and(|state| state.trim() == "ready");
        Some(Self { pid, is_ready })
    }

    /// Removes a lock file that a dead server left.
    ///
    /// PostgreSQL itself does so unless another process of the same user has
    /// taken the dead one's id; so the process is looked at.
    pub(crate) fn clear_stale(data: &Path) -> Result<(), PostgresError> {
        let Some(lock) = Self::read(data) else { return Ok(()) };
        let process = Path::new("/proc").join(lock.pid.to_string());
        if !Path::new("/proc/self").exists() {
            return Ok(());
        }
        let is_ours = fs::read_link(process.join("cwd"))
            .is_ok_and(|cwd| fs::canonicalize(data).is_ok_and(|data| cwd == data));
        if is_ours {
            return Err(PostgresError::AlreadyRunning { folder: data.to_owned(), pid: lock.pid });
        }
        let file = data.join("postmaster.pid");
        tracing::warn!(pid = lock.pid, "removing the lock file that a dead PostgreSQL left");
        fs::remove_file(&file).map_err(PostgresError::at(&file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_process_and_the_eighth_the_state() {
        let text = "4711\n/data\n1700000000\n5432\n/sock\n\n 1 2\nready   \n";
        assert_eq!(LockFile::parse(text), Some(LockFile { pid: 4711, is_ready: true }));
        assert_eq!(LockFile::parse("4711\n/data\n"), Some(LockFile { pid: 4711, is_ready: false }));
        assert_eq!(LockFile::parse(""), None);
    }

    #[test]
    fn a_lock_file_whose_process_is_somebody_else_is_removed() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("postmaster.pid");
        fs::write(&file, format!("{}\n/elsewhere\n", std::process::id())).unwrap();

        LockFile::clear_stale(data.path()).unwrap();

        assert!(!file.exists());
    }
}
