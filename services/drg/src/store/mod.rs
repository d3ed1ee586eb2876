//! One table a file: functions on a connection, which never open a transaction.

use medfund_db::DbError;

/// Since when which scheme is in force.
pub(crate) mod adoptions;
/// The tables, as the migrations leave them.
mod schema;
/// Schemes.
pub(crate) mod schemes;

/// Where a page begins and how long it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page<K> {
    /// The key of the last row already seen.
    pub(crate) after: Option<K>,
    /// Rows wanted; one more is read to tell whether there is a next page.
    pub(crate) size: usize,
}

impl<K> Page<K> {
    /// How many rows to read.
    fn limit(&self) -> i64 {
        i64::try_from(self.size).expect("a page is small") + 1
    }
}

/// Reads what a column holds as text into its checked type.
fn read<T>(text: String) -> Result<T, DbError>
where
    T: TryFrom<String>,
    T::Error: std::fmt::Display,
{
    let damaged = |error| DbError::Internal(format!("a stored value cannot be read: {error}"));
    T::try_from(text).map_err(damaged)
}
