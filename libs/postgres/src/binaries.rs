use std::path::{Path, PathBuf};
use std::process::Command;

use crate::PostgresError;

const OLDEST_MAJOR: u32 = 15;

/// The folder that holds `initdb` and `postgres`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
}

impl Binaries {
    /// Finds the binaries: `PG_BINDIR`, else the newest below `/usr/lib/postgresql`
    /// and the like, else `PATH`, else `/usr/local/bin`.
    ///
    /// - `get`: reads a variable of the environment, e.g. `|name| std::env::var(name).ok()`.
    ///
    /// # Errors
    ///
    /// [`PostgresError::WrongBindir`], [`PostgresError::NoBinaries`], [`PostgresError::TooOld`].
    pub fn find(get: impl Fn(&str) -> Option<String>) -> Result<Self, PostgresError> {
        if let Some(folder) = get("PG_BINDIR").filter(|folder| !folder.is_empty()).map(PathBuf::from) {
            if !has_both(&folder) {
                return Err(PostgresError::WrongBindir(folder));
            }
            return Self::at(folder);
        }
        let folders = candidates(&get("PATH").unwrap_or_default());
        match folders.iter().find(|folder| has_both(folder)) {
            Some(folder) => Self::at(folder.clone()),
            None => {
                let searched: Vec<String> = folders.iter().map(|f| f.display().to_string()).collect();
                Err(PostgresError::NoBinaries {
                    searched: format!("/usr/lib/postgresql/*/bin, {}", searched.join(", ")),
                })
            }
        }
    }

    fn at(folder: PathBuf) -> Result<Self, PostgresError> {
        let program = folder.join("postgres");
        let output = Command::new(&program).arg("--version").output().map_err(PostgresError::at(&program))?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match major_version(&text) {
            Some(major) if major >= OLDEST_MAJOR => Ok(Self { folder, major }),
            _ => Err(PostgresError::TooOld(program, text)),
        }
    }

    /// The major version, e.g. 15.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn has_both(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file())
}

/// Reads `15` out of `postgres (PostgreSQL) 15.18 (Debian 15.18-0)`.
fn major_version(text: &str) -> Option<u32> {
    let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Folders in the order of search; a distribution's folders by version, newest first.
fn candidates(path: &str) -> Vec<PathBuf> {
    let mut versioned: Vec<(u32, PathBuf)> = Vec::new();
    for root in ["/usr/lib/postgresql", "/usr/pgsql", "/usr/lib64/pgsql", "/opt/homebrew/opt"] {
        for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().replace("postgresql@", "");
            if let Ok(version) = name.parse() {
                versioned.push((version, entry.path().join("bin")));
            }
        }
    }
    versioned.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let mut folders: Vec<PathBuf> = versioned.into_iter().map(|(_, folder)| folder).collect();
    folders.extend(std::env::split_paths(path).filter(|folder| !folder.as_os_str().is_empty()));
    folders.extend(["/usr/local/bin", "/usr/local/pgsql/bin"].map(PathBuf::from));
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_the_server_says() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_version("nothing"), None);
    }

    #[test]
    fn a_wrong_bindir_is_named_and_nothing_else_is_tried() {
        let error = Binaries::find(|name| (name == "PG_BINDIR").then(|| "/nowhere".to_owned())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "PG_BINDIR is `/nowhere`, but there is no `initdb` and `postgres` in it"
        );
    }

    #[test]
    fn the_error_for_no_binaries_says_what_to_do() {
        let text = PostgresError::NoBinaries { searched: "/a".to_owned() }.to_string();
        for advice in ["apt-get install postgresql", "PG_BINDIR", "DATABASE_URL"] {
            assert!(text.contains(advice), "{text}");
        }
    }
}
