//! The bills of a month that are alike for who pays them. Withdrawn bills do not count.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_tariff::GroupCode;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};

use crate::domain::coverage::LikeBills;

/// Adds up the bills of a month by institution, fund line, kind of care, principal diagnosis and group.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<Vec<LikeBills>> {
    let rows: Vec<LikeRow> = diesel::sql_query(
        "SELECT fund_line, institution_code, kind_of_care, dise_codg, drg, count(*) AS n_bills, \
         sum(hifp_pay_fen)::bigint AS fund_fen FROM bills \
         WHERE area = $1 AND settlement_month = $2 AND withdraw_time IS NULL \
         GROUP BY fund_line, institution_code, kind_of_care, dise_codg, drg",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(LikeBills::from).collect())
}

#[derive(QueryableByName)]
struct LikeRow {
    #[diesel(sql_type = Text)]
    fund_line: FundLine,
    #[diesel(sql_type = Text)]
    institution_code: InstitutionCode,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
    #[diesel(sql_type = Text)]
    dise_codg: String,
    #[diesel(sql_type = Text)]
    drg: String,
    #[diesel(sql_type = BigInt)]
    n_bills: i64,
    #[diesel(sql_type = BigInt)]
    fund_fen: i64,
}

impl From<LikeRow> for LikeBills {
    fn from(row: LikeRow) -> Self {
        let group = row.drg.parse().ok().filter(GroupCode::is_grouped);
        Self {
            institution: row.institution_code,
            fund_line: row.fund_line,
            kind_of_care: row.kind_of_care.parse().expect("the table holds known kinds of care"),
            disease: row.dise_codg,
            group,
            n_bills: row.n_bills,
            fund: Fen::new(row.fund_fen),
        }
    }
}
