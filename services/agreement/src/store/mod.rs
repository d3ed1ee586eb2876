//! One table a file: functions on a connection, which never open a transaction.

use diesel::result::QueryResult;
use medfund_db::DbError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Agreements and supplements.
pub(crate) mod agreements;
/// The business date of each area.
pub(crate) mod calendars;
/// Clean-record statements.
pub(crate) mod clean_records;
/// Conduct in years before this service knew the fund.
pub(crate) mod conducts;
/// Decisions heard from `budget`.
pub(crate) mod decisions;
/// Quarterly disclosures.
pub(crate) mod disclosures;
/// Fund years heard from `budget`.
pub(crate) mod fund_years;
/// Assessments of indicators.
pub(crate) mod indicator_assessments;
/// Districts' inpatient methods.
pub(crate) mod inpatient_methods;
/// Sampled inspections.
pub(crate) mod inspections;
/// Changes of institutions.
pub(crate) mod institution_changes;
/// Institutions.
pub(crate) mod institutions;
/// Monthly reports.
pub(crate) mod monthly_reports;
/// Policy packs.
pub(crate) mod packs;
/// What is the same in all tables of records.
pub(crate) mod records;
/// Graded reviews.
pub(crate) mod reviews;
/// The tables as the migrations leave them.
mod schema;
/// Violations.
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
