//! The cases of pools one by one, as points look at them. Withdrawn bills do not count.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::{Fen, PositiveFen};
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};

use crate::domain::pool::DrgCase;

/// A case of a pool.
pub(crate) struct PooledBill {
    pub(crate) fund_line: FundLine,
    pub(crate) kind_of_care: KindOfCare,
    pub(crate) case: DrgCase,
}

/// Lists the grouped cases of some institutions in a month, by institution and settlement id.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
    institutions: &[InstitutionCode],
) -> QueryResult<Vec<PooledBill>> {
    let codes: Vec<&str> = institutions.iter().map(InstitutionCode::as_str).collect();
    let rows: Vec<CaseRow> = diesel::sql_query(
        "SELECT bills.fund_line, institution_code, bills.kind_of_care, setl_id, psn_no, mdtrt_id, begndate, \
         enddate, dscg_way, drg, bills.medfee_sumamt_fen, hifp_pay_fen, \
         oth_pay_fen + acct_pay_fen + psn_cash_pay_fen AS personal_fen, reviewed_cost_fen FROM bills \
         LEFT JOIN special_cases USING (area, institution_code, setl_id) \
         WHERE area = $1 AND bills.settlement_month = $2 AND institution_code = ANY ($3) \
         AND withdraw_time IS NULL AND drg <> '' ORDER BY institution_code, setl_id",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(PooledBill::from).collect())
}

/// The first day of discharge of the grouped cases of a month; `None` if there is none.
pub(crate) async fn first_discharge(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<Option<NaiveDate>> {
    let row: DayRow = diesel::sql_query(
        "SELECT min(enddate) AS first_day FROM bills \
         WHERE area = $1 AND settlement_month = $2 AND withdraw_time IS NULL AND drg <> ''",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .get_result(conn)
    .await?;
    Ok(row.first_day)
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Nullable<Date>)]
    first_day: Option<NaiveDate>,
}

#[derive(QueryableByName)]
struct CaseRow {
    #[diesel(sql_type = Text)]
    fund_line: FundLine,
    #[diesel(sql_type = Text)]
    institution_code: InstitutionCode,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
    #[diesel(sql_type = Text)]
    setl_id: String,
    #[diesel(sql_type = Text)]
    psn_no: String,
    #[diesel(sql_type = Text)]
    mdtrt_id: String,
    #[diesel(sql_type = Date)]
    begndate: NaiveDate,
    #[diesel(sql_type = Date)]
    enddate: NaiveDate,
    #[diesel(sql_type = Text)]
    dscg_way: String,
    #[diesel(sql_type = Text)]
    drg: String,
    #[diesel(sql_type = BigInt)]
    medfee_sumamt_fen: i64,
    #[diesel(sql_type = BigInt)]
    hifp_pay_fen: i64,
    #[diesel(sql_type = BigInt)]
    personal_fen: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    reviewed_cost_fen: Option<i64>,
}

impl From<CaseRow> for PooledBill {
    fn from(row: CaseRow) -> Self {
        Self {
            fund_line: row.fund_line,
            kind_of_care: row.kind_of_care.parse().expect("the table holds known kinds of care"),
            case: DrgCase {
                institution: row.institution_code,
                setl_id: row.setl_id,
                person: row.psn_no,
                admission: row.mdtrt_id,
                admitted: row.begndate,
                discharged: row.enddate,
                dscg_way: row.dscg_way,
                group: row.drg.parse().expect("a scheme gave the group its code"),
                cost: Fen::new(row.medfee_sumamt_fen),
                fund: Fen::new(row.hifp_pay_fen),
                personal: Fen::new(row.personal_fen),
                reviewed_cost: row.reviewed_cost_fen.and_then(|fen| PositiveFen::try_from(fen).ok()),
            },
        }
    }
}
