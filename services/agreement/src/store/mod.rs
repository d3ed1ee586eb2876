//! One table a file: functions on a connection, which never open a transaction.

use diesel::result::QueryResult;
use medfund_db::DbError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) mod agreements;
pub(crate) mod calendars;
pub(crate) mod clean_records;
pub(crate) mod conducts;
pub(crate) mod decisions;
pub(crate) mod disclosures;
pub(crate) mod fund_years;
pub(crate) mod indicator_assessments;
pub(crate) mod inpatient_methods;
pub(crate) mod inspections;
pub(crate) mod institution_changes;
pub(crate) mod institutions;
pub(crate) mod monthly_reports;
pub(crate) mod packs;
pub(crate) mod records;
pub(crate) mod reviews;
mod schema;
pub(crate) mod violations;

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

/// Whether an insert made its row or found the key taken.
fn made(rows: QueryResult<usize>) -> Result<bool, DbError> {
    Ok(rows? == 1)
}

fn damaged(error: impl std::fmt::Display) -> DbError {
    DbError::Internal(format!("a stored value cannot be read: {error}"))
}

/// Reads what a column holds as text or number into its checked type.
fn read<T, V>(value: V) -> Result<T, DbError>
where
    T: TryFrom<V>,
    T::Error: std::fmt::Display,
{
    T::try_from(value).map_err(damaged)
}

fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, DbError> {
    serde_json::from_value(value).map_err(damaged)
}

fn to_json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("what the domain holds can be written as JSON")
}
