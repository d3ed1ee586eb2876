//! What the bills of months add up to, for settlement. Withdrawn bills do not count.
//!
//! Each institution is added up by itself: its bills fit in memory, where those
//! of an area would be sorted on disk.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};

/// Totals of one fund line, institution and kind of care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillTotals {
    /// The fund line.
    pub fund_line: FundLine,
    /// The institution.
    pub institution: InstitutionCode,
    /// Kind of care.
    pub kind_of_care: KindOfCare,
    /// Bills: admissions (人次) of inpatients, visits of others.
    pub n_bills: i64,
    /// Different persons (人头).
    pub n_persons: i64,
    /// Days in hospital.
    pub n_days: i64,
    /// Total cost.
    pub total: Fen,
    /// Fund share.
    pub fund_share: Fen,
}

/// Adds up the bills of the months from `first` to `last`, both in, of some institutions.
///
/// - Returns one row for each fund line, institution and kind of care that has
///   bills, in that order.
pub async fn totals(
    conn: &mut AsyncPgConnection,
    area: &Area,
    first: SettlementMonth,
    last: SettlementMonth,
    institutions: &[InstitutionCode],
) -> QueryResult<Vec<BillTotals>> {
    let rows: Vec<TotalsRow> = diesel::sql_query(
        "SELECT sums.* FROM unnest($4) AS wanted (code) CROSS JOIN LATERAL ( \
         SELECT fund_line, institution_code, kind_of_care, count(*) AS n_bills, \
         count(DISTINCT psn_no) AS n_persons, sum(ipt_days)::bigint AS n_days, \
         sum(medfee_sumamt_fen)::bigint AS total_fen, sum(hifp_pay_fen)::bigint AS fund_share_fen \
         FROM bills WHERE area = $1 AND settlement_month BETWEEN $2 AND $3 \
         AND institution_code = code AND withdraw_time IS NULL \
         GROUP BY fund_line, institution_code, kind_of_care) AS sums \
         ORDER BY fund_line, institution_code, kind_of_care",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(first.first_day())
    .bind::<Date, _>(last.first_day())
    .bind::<Array<Text>, _>(codes(institutions).into_iter().collect::<Vec<_>>())
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(BillTotals::from).collect())
}

/// What bills there are: fund line, institution and kind of care.
pub type BillKind = (FundLine, InstitutionCode, KindOfCare);

/// Lists what bills some institutions have in a month, without adding them up.
pub async fn kinds(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
    institutions: &[InstitutionCode],
) -> QueryResult<Vec<BillKind>> {
    let rows: Vec<KeyRow> = diesel::sql_query(
        "SELECT kinds.* FROM unnest($3) AS wanted (code) CROSS JOIN LATERAL ( \
         SELECT DISTINCT fund_line, institution_code, kind_of_care FROM bills \
         WHERE area = $1 AND settlement_month = $2 AND institution_code = code \
         AND withdraw_time IS NULL) AS kinds ORDER BY fund_line, institution_code, kind_of_care",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes(institutions).into_iter().collect::<Vec<_>>())
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(KeyRow::read).collect())
}

/// Bills of one fund line, institution, kind of care and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthVisits {
    /// The fund line.
    pub fund_line: FundLine,
    /// The institution.
    pub institution: InstitutionCode,
    /// Kind of care.
    pub kind_of_care: KindOfCare,
    /// The month.
    pub month: SettlementMonth,
    /// Bills: admissions of inpatients, visits of others.
    pub n_bills: i64,
}

/// Counts the bills of each month from `first` to `last`, both in, of some institutions.
///
/// - Returns rows by fund line, institution, kind of care and month; a month without bills has none.
pub async fn visits(
    conn: &mut AsyncPgConnection,
    area: &Area,
    first: SettlementMonth,
    last: SettlementMonth,
    institutions: &[InstitutionCode],
) -> QueryResult<Vec<MonthVisits>> {
    let rows: Vec<VisitsRow> = diesel::sql_query(
        "SELECT counts.* FROM unnest($4) AS wanted (code) CROSS JOIN LATERAL ( \
         SELECT fund_line, institution_code, kind_of_care, settlement_month, count(*) AS n_bills \
         FROM bills WHERE area = $1 AND settlement_month BETWEEN $2 AND $3 \
         AND institution_code = code AND withdraw_time IS NULL \
         GROUP BY fund_line, institution_code, kind_of_care, settlement_month) AS counts \
         ORDER BY fund_line, institution_code, kind_of_care, settlement_month",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(first.first_day())
    .bind::<Date, _>(last.first_day())
    .bind::<Array<Text>, _>(codes(institutions).into_iter().collect::<Vec<_>>())
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(MonthVisits::from).collect())
}

/// The fund's share of what a month's bills charged for patients whom an institution referred (转诊), by fund line and
/// referring institution.
pub async fn referred(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<Vec<(FundLine, InstitutionCode, Fen)>> {
    let rows: Vec<ReferredRow> = diesel::sql_query(
        "SELECT fund_line, reflout_medins_no, sum(hifp_pay_fen)::bigint AS fund_share_fen FROM bills \
         WHERE area = $1 AND settlement_month = $2 AND reflout_medins_no <> '' AND withdraw_time IS NULL \
         GROUP BY fund_line, reflout_medins_no ORDER BY fund_line, reflout_medins_no",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.fund_line, row.reflout_medins_no, Fen::new(row.fund_share_fen)))
        .collect())
}

/// Each code once: an institution that is named twice has its bills once.
fn codes(institutions: &[InstitutionCode]) -> BTreeSet<&str> {
    institutions.iter().map(InstitutionCode::as_str).collect()
}

/// The key of a group of bills.
#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    fund_line: String,
    #[diesel(sql_type = Text)]
    institution_code: String,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
}

impl KeyRow {
    fn read(self) -> (FundLine, InstitutionCode, KindOfCare) {
        (
            self.fund_line.parse().expect("a checked id"),
            self.institution_code.parse().expect("a checked code"),
            self.kind_of_care.parse().expect("a checked id"),
        )
    }
}

#[derive(QueryableByName)]
struct TotalsRow {
    #[diesel(embed)]
    key: KeyRow,
    #[diesel(sql_type = BigInt)]
    n_bills: i64,
    #[diesel(sql_type = BigInt)]
    n_persons: i64,
    #[diesel(sql_type = BigInt)]
    n_days: i64,
    #[diesel(sql_type = BigInt)]
    total_fen: i64,
    #[diesel(sql_type = BigInt)]
    fund_share_fen: i64,
}

impl From<TotalsRow> for BillTotals {
    fn from(row: TotalsRow) -> Self {
        let (fund_line, institution, kind_of_care) = row.key.read();
        Self {
            fund_line,
            institution,
            kind_of_care,
            n_bills: row.n_bills,
            n_persons: row.n_persons,
            n_days: row.n_days,
            total: Fen::new(row.total_fen),
            fund_share: Fen::new(row.fund_share_fen),
        }
    }
}

#[derive(QueryableByName)]
struct ReferredRow {
    #[diesel(sql_type = Text)]
    fund_line: FundLine,
    #[diesel(sql_type = Text)]
    reflout_medins_no: InstitutionCode,
    #[diesel(sql_type = BigInt)]
    fund_share_fen: i64,
}

#[derive(QueryableByName)]
struct VisitsRow {
    #[diesel(embed)]
    key: KeyRow,
    #[diesel(sql_type = Date)]
    settlement_month: chrono::NaiveDate,
    #[diesel(sql_type = BigInt)]
    n_bills: i64,
}

impl From<VisitsRow> for MonthVisits {
    fn from(row: VisitsRow) -> Self {
        let (fund_line, institution, kind_of_care) = row.key.read();
        let month = SettlementMonth::of(row.settlement_month);
        Self { fund_line, institution, kind_of_care, month, n_bills: row.n_bills }
    }
}
