use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::quotas;

/// An institution's quota.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quotas)]
pub(crate) struct QuotaRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) district: District,
    pub(crate) decision: String,
    pub(crate) quota_fen: Fen,
    pub(crate) adjusted_quota_fen: Fen,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &QuotaRow) -> QueryResult<()> {
    diesel::insert_into(quotas::table)
        .values(row)
        .on_conflict((quotas::area, quotas::fund_year, quotas::fund_line, quotas::institution_code))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists a fund year's quotas, by fund line and institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<QuotaRow>> {
    quotas::table
        .filter(quotas::area.eq(area.as_str()))
        .filter(quotas::fund_year.eq(fund_year.get()))
        .order((quotas::fund_line, quotas::institution_code))
        .select(QuotaRow::as_select())
        .load(conn)
        .await
}

/// As [`list`]; no quota of the year changes until the transaction ends.
pub(crate) async fn lock_year(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<QuotaRow>> {
    quotas::table
        .filter(quotas::area.eq(area))
        .filter(quotas::fund_year.eq(fund_year))
        .order((quotas::fund_line, quotas::institution_code))
        .select(QuotaRow::as_select())
        .for_share()
        .load(conn)
        .await
}

/// Reads a quota and locks its row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    fund_line: &FundLine,
    institution_code: &InstitutionCode,
) -> QueryResult<Option<QuotaRow>> {
    let found = quotas::table.find((area, fund_year, fund_line, institution_code));
    found.select(QuotaRow::as_select()).for_update().first(conn).await.optional()
}
