use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};
use serde::{Deserialize, Serialize};

use super::schema::decisions;

/// A decision that was heard of.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = decisions)]
pub(crate) struct DecisionRow {
    pub(crate) area: Area,
    pub(crate) decision: String,
    pub(crate) body: String,
    pub(crate) matter: String,
    /// Empty: of the whole area.
    pub(crate) district: String,
    pub(crate) fund_year: FundYear,
    pub(crate) subject: String,
    pub(crate) approved: bool,
    pub(crate) meeting_date: NaiveDate,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &DecisionRow) -> QueryResult<()> {
    diesel::insert_into(decisions::table)
        .values(row)
        .on_conflict((decisions::area, decisions::decision))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a decision by its name.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    decision: &str,
) -> QueryResult<Option<DecisionRow>> {
    let found = decisions::table.find((area.as_str(), decision));
    found.select(DecisionRow::as_select()).first(conn).await.optional()
}
