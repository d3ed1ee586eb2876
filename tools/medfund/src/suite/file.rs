//! The file that tells where a suite runs and how to be let in.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// Where the services of a suite listen, and the development authority that vouches for callers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteFile {
    /// The address of each service by its name, e.g. `https://localhost:7001`.
    pub endpoints: BTreeMap<String, String>,
    /// The folder of the development authority, which signs certificates and tokens for anybody.
    pub authority: PathBuf,
}

impl SuiteFile {
    /// Reads a suite's file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is no suite's file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        // What a parser of JSON says of it helps nobody.
        serde_json::from_str(&text).map_err(|_| {
            let name = path.display();
            anyhow::anyhow!("{name} is no file of a suite: name the `suite.json` that `medfund up` writes")
        })
    }

    /// Writes the file so that its owner alone can read it.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self).context("a suite's file is JSON")?;
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
        let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
        written.with_context(|| format!("cannot write {}", path.display()))
    }
}
