use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::columns::Tree;
use super::schema::prepayments;
use crate::domain::PrepaymentKind;

/// A prepayment.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = prepayments)]
pub(crate) struct PrepaymentRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) kind: PrepaymentKind,
    pub(crate) fund_line: FundLine,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) district: District,
    pub(crate) amount_fen: Fen,
    pub(crate) counted_fen: Fen,
    pub(crate) kept_back_fen: Fen,
    pub(crate) payment_order: Option<String>,
    pub(crate) derivation: Tree,
    pub(crate) from_place: i32,
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &PrepaymentRow) -> QueryResult<()> {
    diesel::insert_into(prepayments::table).values(row).execute(conn).await?;
    Ok(())
}

/// By kind, fund line, institution and month.
fn by_kind()
-> (prepayments::kind, prepayments::fund_line, prepayments::institution_code, prepayments::from_place) {
    (prepayments::kind, prepayments::fund_line, prepayments::institution_code, prepayments::from_place)
}

/// Lists a fund year's prepayments, by kind, fund line, institution and month.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<PrepaymentRow>> {
    prepayments::table
        .filter(prepayments::area.eq(area.as_str()))
        .filter(prepayments::fund_year.eq(fund_year.get()))
        .order(by_kind())
        .select(PrepaymentRow::as_select())
        .load(conn)
        .await
}

/// Reads a fund year's prepayments and locks their rows until the transaction ends, in the same order.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<PrepaymentRow>> {
    prepayments::table
        .filter(prepayments::area.eq(area))
        .filter(prepayments::fund_year.eq(fund_year))
        .order(by_kind())
        .select(PrepaymentRow::as_select())
        .for_update()
        .load(conn)
        .await
}

/// Notes what of a prepayment months kept back.
pub(crate) async fn update_kept_back(
    conn: &mut AsyncPgConnection,
    row: &PrepaymentRow,
    kept_back: Fen,
) -> QueryResult<()> {
    let key = (&row.area, row.fund_year, row.kind, &row.fund_line, &row.institution_code, row.from_place);
    let found = prepayments::table.find(key);
    diesel::update(found).set(prepayments::kept_back_fen.eq(kept_back)).execute(conn).await?;
    Ok(())
}
