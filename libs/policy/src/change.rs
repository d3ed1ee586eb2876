use std::fmt;

use toml_edit::{DocumentMut, Item, TableLike, Value};

/// Why a pack's text could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The text is not TOML.
    #[error("the text is not TOML: {0}")]
    NotToml(String),
    /// No parameter has this key.
    #[error("no parameter has the key `{0}`")]
    NoSuchParameter(String),
    /// The new value is not a TOML value.
    #[error("`{0}` is not a TOML value")]
    NotAValue(String),
}

/// The text of a pack with one parameter's `value` replaced; all else stays, comments too.
///
/// - `key`: the parameter's dotted key, as [`crate::Entry::key`] gives it.
/// - `value`: the new value in TOML, e.g. `"0.09"` with its quotes.
///
/// # Errors
///
/// [`ChangeError`], in the order of its variants.
pub fn change(text: &str, key: &str, value: impl fmt::Display) -> Result<String, ChangeError> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| ChangeError::NotToml(error.message().to_owned()))?;
    let value = value.to_string();
    let new: Value = value.trim().parse().map_err(|_| ChangeError::NotAValue(value))?;
    let missing = || ChangeError::NoSuchParameter(key.to_owned());
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for name in key.split('.') {
        table = table.get_mut(name).and_then(Item::as_table_like_mut).ok_or_else(missing)?;
    }
    let old = table.get_mut("value").and_then(Item::as_value_mut).ok_or_else(missing)?;
    let decor = old.decor().clone();
    *old = new;
    *old.decor_mut() = decor;
    Ok(document.to_string())
}
