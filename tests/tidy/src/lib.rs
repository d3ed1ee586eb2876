//! Reads the checkout as text, for the tests that hold the invariants of the README.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the checkout.
pub struct SourceFile {
    /// Its path from the top of the checkout, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl SourceFile {
    /// The text of a Rust file before its tests begin; a `tests.rs` or `…_tests.rs` is all tests.
    #[must_use]
    pub fn code(&self) -> &str {
        if self.path.ends_with("/tests.rs") || self.path.ends_with("_tests.rs") {
            return "";
        }
        self.text.split("#[cfg(test)]").next().unwrap_or_default()
    }

    /// The lines of [`SourceFile::code`] that are no comment, with their numbers.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.code().lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
        numbered.filter(|(_, line)| !line.starts_with("//"))
    }
}

/// The top of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    top.canonicalize().expect("the crate lies two folders below the top")
}

/// Every file below `folder` whose name ends in `ending`, in the order of their paths.
///
/// Leaves out what git leaves out: build output and hidden folders.
#[must_use]
pub fn files(folder: &str, ending: &str) -> Vec<SourceFile> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root.join(folder), ending, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(root: &Path, folder: &Path, ending: &str, found: &mut Vec<SourceFile>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        let name = path.file_name().expect("an entry has a name").to_string_lossy();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, ending, found);
        } else if name.ends_with(ending) {
            let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let path = path.strip_prefix(root).expect("below the top").to_string_lossy().replace('\\', "/");
            found.push(SourceFile { path, text });
        }
    }
}

/// The names of the services, one a folder of `services`.
#[must_use]
pub fn services() -> Vec<String> {
    let entries = fs::read_dir(root().join("services")).expect("the checkout has services");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("a readable folder").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Fails with every finding, one a line, and what to do about them.
///
/// # Panics
///
/// If there is a finding.
pub fn expect_none(findings: &[String], what_to_do: &str) {
    assert!(findings.is_empty(), "{} found; {what_to_do}:\n  {}", findings.len(), findings.join("\n  "));
}
