use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::histories;

/// An institution's last year.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = histories)]
pub(crate) struct HistoryRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) last_year_settled_fen: Fen,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &HistoryRow) -> QueryResult<()> {
    diesel::insert_into(histories::table)
        .values(row)
        .on_conflict((
            histories::area,
            histories::fund_year,
            histories::fund_line,
            histories::institution_code,
        ))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists what is the history of a fund year, by fund line and institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<HistoryRow>> {
    histories::table
        .filter(histories::area.eq(area.as_str()))
        .filter(histories::fund_year.eq(fund_year.get()))
        .order((histories::fund_line, histories::institution_code))
        .select(HistoryRow::as_select())
        .load(conn)
        .await
}
