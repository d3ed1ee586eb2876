//! One table a file: functions on a connection, which never open a transaction.

use medfund_db::DbError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Since when which scheme or tariff is in force.
pub(crate) mod adoptions;
/// Answers to case files.
pub(crate) mod batch_answers;
/// What is wrong with lines of case files.
pub(crate) mod batch_errors;
/// Bytes of case files.
pub(crate) mod batch_parts;
/// Case files that are grouped as a whole.
pub(crate) mod batches;
/// Crosswalks.
pub(crate) mod crosswalks;
/// Files of past cases.
pub(crate) mod histories;
/// Hashes of the ids of past cases.
pub(crate) mod history_case_ids;
/// What is kept of past cases.
pub(crate) mod history_cases;
/// What is wrong with lines of files of past cases.
pub(crate) mod history_errors;
/// The tables, as the migrations leave them.
mod schema;
/// Schemes.
pub(crate) mod schemes;
/// Institutions' coefficients of tariffs.
pub(crate) mod tariff_coefficients;
/// Groups of tariffs.
pub(crate) mod tariff_groups;
/// What is proposed to change in tariffs.
pub(crate) mod tariff_proposals;
/// Tariffs.
pub(crate) mod tariffs;

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

fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, DbError> {
    serde_json::from_value(value)
        .map_err(|error| DbError::Internal(format!("a stored value cannot be read: {error}")))
}

fn to_json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("what the service keeps can be written as JSON")
}

fn digest(bytes: &[u8]) -> Result<[u8; 32], DbError> {
    bytes.try_into().map_err(|_| DbError::Internal("a stored digest has not 32 bytes".to_owned()))
}
