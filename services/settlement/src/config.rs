pub use medfund_server::Config;

/// The service's one word.
pub(crate) const SERVICE: &str = "settlement";

/// Reads every setting through `get`.
///
/// `main` passes `|name| std::env::var(name).ok()`; tests pass a map.
///
/// # Errors
///
/// Every problem there is, one sentence each, beginning with the setting's name.
pub fn load(get: impl Fn(&str) -> Option<String>) -> Result<Config, Vec<String>> {
    Config::load(SERVICE, &["budget", "agreement", "drg"], get)
}
