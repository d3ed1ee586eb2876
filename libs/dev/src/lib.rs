//! Certificates and tokens for development and tests: what an operator's own
//! CA and OIDC issuer give in production.
//!
//! Absent on purpose: nothing that serves links this crate.

mod authority;
mod token;

pub use authority::Authority;
pub use token::{AUDIENCE, Claims, ISSUER, Principal};

/// Why an authority cannot be made, opened or used.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A file of its folder cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// A key or certificate cannot be made or read.
    #[error("a key or certificate cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A token cannot be signed.
    #[error("a token cannot be signed: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
}
