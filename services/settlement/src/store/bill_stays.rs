//! The cases of a month one by one, for payment by daily cap. Withdrawn bills do not count.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};

use crate::domain::{Party, Stay};

#[derive(QueryableByName)]
struct StayRow {
    #[diesel(sql_type = Text)]
    fund_line: FundLine,
    #[diesel(sql_type = Text)]
    institution_code: InstitutionCode,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
    #[diesel(sql_type = Integer)]
    ipt_days: i32,
    #[diesel(sql_type = BigInt)]
    hifp_pay_fen: i64,
}

/// Lists the cases of some institutions with their fund line and kind of care.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
    institutions: &[InstitutionCode],
) -> QueryResult<Vec<(Party, KindOfCare, Stay)>> {
    if institutions.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<&str> = institutions.iter().map(InstitutionCode::as_str).collect();
    let rows: Vec<StayRow> = diesel::sql_query(
        "SELECT fund_line, institution_code, kind_of_care, ipt_days, hifp_pay_fen FROM bills \
         WHERE area = $1 AND settlement_month = $2 AND institution_code = ANY ($3) AND withdraw_time IS NULL",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes)
    .load(conn)
    .await?;
    let stay = |row: StayRow| {
        let kind = row.kind_of_care.parse().expect("the table holds known kinds of care");
        let stay = Stay { days: i64::from(row.ipt_days), cost: Fen::new(row.hifp_pay_fen) };
        (Party { fund_line: row.fund_line, institution: row.institution_code }, kind, stay)
    };
    Ok(rows.into_iter().map(stay).collect())
}
