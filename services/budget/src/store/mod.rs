//! The tables, one a file; every function takes a connection and opens no transaction.

pub(crate) mod applications;
pub(crate) mod budgets;
pub(crate) mod calendars;
pub(crate) mod cleared_institutions;
pub(crate) mod coefficients;
pub(crate) mod decisions;
pub(crate) mod decompositions;
pub(crate) mod derivations;
pub(crate) mod disclosures;
pub(crate) mod execution_months;
pub(crate) mod execution_pools;
pub(crate) mod final_accounts;
pub(crate) mod fund_years;
pub(crate) mod histories;
pub(crate) mod institutions;
pub(crate) mod negotiation_rounds;
pub(crate) mod packs;
pub(crate) mod payments;
pub(crate) mod primary_care_allotments;
pub(crate) mod quota_adjustments;
pub(crate) mod quotas;
pub(crate) mod reserves;
pub(crate) mod schema;
pub(crate) mod structures;
pub(crate) mod targets;
pub(crate) mod task_progress;

use medfund_money::Exact;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::key::{BudgetKey, InstitutionKey};

/// Takes a value that was checked before it was written.
fn held<T, E: std::fmt::Debug>(value: Result<T, E>) -> T {
    value.expect("the database holds what was checked before it was written")
}

/// A state as its column writes it.
trait Word: Sized + Copy + PartialEq + 'static {
    /// Every state with its word.
    const WORDS: &'static [(Self, &'static str)];

    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(state, _)| *state == self);
        found.expect("every state has a word").1
    }

    fn from_word(word: &str) -> Self {
        let found = Self::WORDS.iter().find(|(_, known)| *known == word);
        found.expect("the column's check holds the words").0
    }
}

/// A list as a `jsonb` column holds it.
fn json<T: Serialize>(value: &T) -> serde_json::Value {
    held(serde_json::to_value(value))
}

fn from_json<T: DeserializeOwned>(value: serde_json::Value) -> T {
    held(serde_json::from_value(value))
}

fn exact(text: &str) -> Exact {
    held(text.parse())
}

fn budget_key(area: &str, fund_year: i32, fund_line: &str, district: &str) -> BudgetKey {
    BudgetKey {
        area: held(area.parse()),
        fund_year: held(fund_year.try_into()),
        fund_line: held(fund_line.parse()),
        district: held(district.parse()),
    }
}

fn institution_key(area: &str, fund_year: i32, fund_line: &str, code: &str) -> InstitutionKey {
    InstitutionKey {
        area: held(area.parse()),
        fund_year: held(fund_year.try_into()),
        fund_line: held(fund_line.parse()),
        institution: held(code.parse()),
    }
}

fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Reads the one row of a key.
macro_rules! find_row {
    ($table:ident, $row:ident, $domain:ty, |$key:ident: $key_type:ty| $find:expr) => {
        /// Reads the row of a key.
        pub(crate) async fn find(
            conn: &mut diesel_async::AsyncPgConnection,
            $key: &$key_type,
        ) -> diesel::QueryResult<Option<$domain>> {
            let found = $table::table.find($find).select($row::as_select());
            Ok(found.first(conn).await.optional()?.map(<$domain>::from))
        }
    };
}
use find_row;

/// Reads and locks the one row of a key.
macro_rules! lock_row {
    ($table:ident, $row:ident, $domain:ty, |$key:ident: $key_type:ty| $find:expr) => {
        /// Reads the row of a key and locks it until the caller's transaction ends.
        pub(crate) async fn lock(
            conn: &mut diesel_async::AsyncPgConnection,
            $key: &$key_type,
        ) -> diesel::QueryResult<Option<$domain>> {
            let found = $table::table.find($find).select($row::as_select()).for_update();
            Ok(found.first(conn).await.optional()?.map(<$domain>::from))
        }
    };
}
use lock_row;

/// Writes the row of a key in the place of the one before; the row type knows its columns.
macro_rules! put_row {
    ($table:ident, $row:ident, $domain:ty, $keys:expr) => {
        put_row!(@ $table, $row, $domain, $keys, instant: chrono::DateTime<chrono::Utc>);
    };
    ($table:ident, $row:ident, $domain:ty, $keys:expr, no_instant) => {
        put_row!(@ $table, $row, $domain, $keys,);
    };
    (@ $table:ident, $row:ident, $domain:ty, $keys:expr, $($instant:ident: $time:ty)?) => {
        /// Writes the row of a key, in the place of the one before.
        pub(crate) async fn put(
            conn: &mut diesel_async::AsyncPgConnection,
            value: &$domain,
            $($instant: $time,)?
        ) -> diesel::QueryResult<()> {
            let row = $row::of(value, $($instant)?);
            diesel::insert_into($table::table)
                .values(&row)
                .on_conflict($keys)
                .do_update()
                .set(&row)
                .execute(conn)
                .await?;
            Ok(())
        }
    };
}
use put_row;
