use std::fmt;

/// One thing that is wrong in a pack, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The dotted key, e.g. `budget.reserve.max_rate`; empty when the text is not TOML.
    pub key: String,
    /// What is wrong, as it reads after the key.
    pub reason: String,
}

impl Mistake {
    /// The mistake as a compiler would print it, with the file's name.
    #[must_use]
    pub fn in_file(&self, file: &str) -> String {
        format!("{file}:{self}")
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            write!(f, "{}: {}", self.line, self.reason)
        } else {
            write!(f, "{}: {}: {}", self.line, self.key, self.reason)
        }
    }
}
