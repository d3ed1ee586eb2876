//! The cases of a month one by one, for payment by daily cap. Withdrawn bills do not count.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};

use crate::domain::{Party, Stay};

/// The cases of one party and kind of care, side by side: with a row each they would take ten times the memory.
#[derive(QueryableByName)]
struct StaysRow {
    #[diesel(sql_type = Text)]
    fund_line: FundLine,
    #[diesel(sql_type = Text)]
    institution_code: InstitutionCode,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
    #[diesel(sql_type = Array<Integer>)]
    ipt_days: Vec<i32>,
    #[diesel(sql_type = Array<BigInt>)]
    hifp_pay_fen: Vec<i64>,
}

/// Lists the cases of some institutions by fund line and kind of care.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
    institutions: &[InstitutionCode],
) -> QueryResult<Vec<(Party, KindOfCare, Vec<Stay>)>> {
    if institutions.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<&str> = institutions.iter().map(InstitutionCode::as_str).collect();
    let rows: Vec<StaysRow> = diesel::sql_query(
        "SELECT stays.* FROM unnest($3) AS wanted (code) CROSS JOIN LATERAL ( \
         SELECT fund_line, institution_code, kind_of_care, array_agg(ipt_days) AS ipt_days, \
         array_agg(hifp_pay_fen) AS hifp_pay_fen FROM bills \
         WHERE area = $1 AND settlement_month = $2 AND institution_code = code AND withdraw_time IS NULL \
         GROUP BY fund_line, institution_code, kind_of_care) AS stays",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes)
    .load(conn)
    .await?;
    let stays = |row: StaysRow| {
        let kind = row.kind_of_care.parse().expect("the table holds known kinds of care");
        let party = Party { fund_line: row.fund_line, institution: row.institution_code };
        let stay = |(days, fen)| Stay { days: i64::from(days), cost: Fen::new(fen) };
        (party, kind, row.ipt_days.into_iter().zip(row.hifp_pay_fen).map(stay).collect())
    };
    Ok(rows.into_iter().map(stays).collect())
}
