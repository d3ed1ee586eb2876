//! Bills: writing them by the chunk, reading them by key.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::bills::{Bill, BillLine, Day, Grouped, codes, join_codes};
use crate::domain::upload::Upload;

/// A bill as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredBill {
    /// What the institution sent.
    pub line: BillLine,
    /// The month it is settled in.
    pub month: SettlementMonth,
    /// The fund line that bears the fund share.
    pub fund_line: FundLine,
    /// Kind of care.
    pub kind_of_care: KindOfCare,
    /// The upload that brought it.
    pub upload_id: Uuid,
    /// Its line in that upload's file, from 1.
    pub line_number: i64,
    /// When it was accepted.
    pub create_time: DateTime<Utc>,
    /// When and why it was withdrawn.
    pub withdrawn: Option<(DateTime<Utc>, String)>,
    /// The group of a case that a pool pays.
    pub group: Option<Grouped>,
}

/// Inserts the bills of a chunk, none of whose settlement ids may be taken.
pub async fn insert_all(
    conn: &mut AsyncPgConnection,
    upload: &Upload,
    bills: &[Bill],
    instant: DateTime<Utc>,
) -> QueryResult<()> {
    let n_inserted = insert(upload, bills, instant, "").execute(conn).await?;
    assert_eq!(n_inserted, bills.len(), "every bill is inserted or none");
    Ok(())
}

/// Inserts the bills of a chunk whose settlement ids are not taken.
///
/// - Returns the lines of those inserted.
pub async fn insert_new(
    conn: &mut AsyncPgConnection,
    upload: &Upload,
    bills: &[Bill],
    instant: DateTime<Utc>,
) -> QueryResult<HashSet<i64>> {
    let pass_over = "ON CONFLICT ON CONSTRAINT bills_key DO NOTHING RETURNING line_number";
    let inserted: Vec<LineRow> = insert(upload, bills, instant, pass_over).load(conn).await?;
    Ok(inserted.into_iter().map(|row| row.line_number).collect())
}

/// One statement for the chunk: an array for each column. (`COPY` is refused where rows are guarded, and a temporary
/// table would write every bill twice.)
fn insert<'a>(
    upload: &'a Upload,
    bills: &'a [Bill],
    instant: DateTime<Utc>,
    ending: &str,
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let texts = |of: fn(&Bill) -> &str| bills.iter().map(of).collect::<Vec<&'a str>>();
    let numbers = |of: fn(&Bill) -> i64| bills.iter().map(of).collect::<Vec<i64>>();
    let counts = |of: fn(&Bill) -> Option<i32>| bills.iter().map(of).collect::<Vec<Option<i32>>>();
    let lists =
        |of: fn(&Bill) -> &[String]| bills.iter().map(|bill| join_codes(of(bill))).collect::<Vec<String>>();
    let days = |of: fn(&Bill) -> NaiveDate| bills.iter().map(of).collect::<Vec<NaiveDate>>();
    let statement = format!(
        "INSERT INTO bills (area, institution_code, settlement_month, upload_id, create_time, \
         line_number, setl_id, mdtrt_id, psn_no, insutype, med_type, fund_line, kind_of_care, \
         begndate, enddate, setl_time, ipt_days, dscg_way, dise_codg, dise_name, oprn_oprt_code, \
         medfee_sumamt_fen, fulamt_ownpay_amt_fen, inscp_scp_amt_fen, hifp_pay_fen, oth_pay_fen, \
         hosp_part_amt_fen, acct_pay_fen, psn_cash_pay_fen, gend, age, nwb_age, nwb_bir_wt, \
         oth_dise_codg, oth_oprn_oprt_code, drg, drg_outcome, scheme_hash, reflout_medins_no, \
         vari_exit_flag) \
         SELECT $1, $2, $3, $4, $5, * FROM unnest($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
         $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, \
         $36, $37, $38, $39, $40) {ending}"
    );
    diesel::sql_query(statement)
        .into_boxed()
        .bind::<Text, _>(upload.area.as_str())
        .bind::<Text, _>(upload.institution.as_str())
        .bind::<Date, _>(upload.month.first_day())
        .bind::<SqlUuid, _>(upload.upload_id)
        .bind::<Timestamptz, _>(instant)
        .bind::<Array<BigInt>, _>(numbers(|b| b.line_number))
        .bind::<Array<Text>, _>(texts(|b| &b.line.setl_id))
        .bind::<Array<Text>, _>(texts(|b| &b.line.mdtrt_id))
        .bind::<Array<Text>, _>(texts(|b| &b.line.psn_no))
        .bind::<Array<Text>, _>(texts(|b| &b.line.insutype))
        .bind::<Array<Text>, _>(texts(|b| &b.line.med_type))
        .bind::<Array<Text>, _>(texts(|b| b.fund_line.as_str()))
        .bind::<Array<Text>, _>(texts(|b| b.kind_of_care.as_str()))
        .bind::<Array<Date>, _>(days(|b| b.begndate))
        .bind::<Array<Date>, _>(days(|b| b.enddate))
        .bind::<Array<Date>, _>(days(|b| b.setl_time))
        .bind::<Array<Integer>, _>(bills.iter().map(|b| b.line.ipt_days).collect::<Vec<i32>>())
        .bind::<Array<Text>, _>(texts(|b| &b.line.dscg_way))
        .bind::<Array<Text>, _>(texts(|b| &b.line.dise_codg))
        .bind::<Array<Text>, _>(texts(|b| &b.line.dise_name))
        .bind::<Array<Text>, _>(texts(|b| &b.line.oprn_oprt_code))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.medfee_sumamt_fen))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.fulamt_ownpay_amt_fen))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.inscp_scp_amt_fen))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.hifp_pay_fen))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.oth_pay_fen))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.hosp_part_amt_fen))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.acct_pay_fen))
        .bind::<Array<BigInt>, _>(numbers(|b| b.line.psn_cash_pay_fen))
        .bind::<Array<Text>, _>(texts(|b| &b.line.gend))
        .bind::<Array<Nullable<Integer>>, _>(counts(|b| b.line.age))
        .bind::<Array<Nullable<Integer>>, _>(counts(|b| b.line.nwb_age))
        .bind::<Array<Nullable<Integer>>, _>(counts(|b| b.line.nwb_bir_wt))
        .bind::<Array<Text>, _>(lists(|b| &b.line.oth_dise_codg))
        .bind::<Array<Text>, _>(lists(|b| &b.line.oth_oprn_oprt_code))
        .bind::<Array<Text>, _>(texts(|b| b.group.as_ref().map_or("", |group| group.drg.as_str())))
        .bind::<Array<Text>, _>(texts(|b| b.group.as_ref().map_or("", |group| group.outcome.as_str())))
        .bind::<Array<Text>, _>(texts(|b| b.group.as_ref().map_or("", |group| group.scheme_hash.as_str())))
        .bind::<Array<Text>, _>(texts(|b| &b.line.reflout_medins_no))
        .bind::<Array<Integer>, _>(bills.iter().map(|b| b.line.vari_exit_flag).collect::<Vec<i32>>())
}

/// Reads the bills of an institution that have one of these settlement ids.
pub async fn list_by_id(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    setl_ids: &[&str],
) -> QueryResult<Vec<StoredBill>> {
    let rows: Vec<BillRow> = diesel::sql_query(
        "SELECT * FROM bills WHERE area = $1 AND institution_code = $2 AND setl_id = ANY ($3)",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Text, _>(institution.as_str())
    .bind::<Array<Text>, _>(setl_ids)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(StoredBill::from).collect())
}

/// Reads a bill.
pub async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    setl_id: &str,
) -> QueryResult<Option<StoredBill>> {
    Ok(list_by_id(conn, area, institution, &[setl_id]).await?.pop())
}

/// Lists an institution's bills of a month after a settlement id, by settlement id.
pub async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    month: SettlementMonth,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<StoredBill>> {
    let rows: Vec<BillRow> = diesel::sql_query(
        "SELECT * FROM bills WHERE area = $1 AND institution_code = $2 AND settlement_month = $3 \
         AND setl_id > $4 ORDER BY setl_id LIMIT $5",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Text, _>(institution.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Text, _>(after)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(StoredBill::from).collect())
}

/// Marks a bill as withdrawn, unless it is so already.
///
/// - Returns whether it was not.
pub async fn withdraw(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    setl_id: &str,
    by: &str,
    reason: &str,
    instant: DateTime<Utc>,
) -> QueryResult<bool> {
    let n_withdrawn = diesel::sql_query(
        "UPDATE bills SET withdraw_time = $1, withdraw_reason = $2, withdrawn_by = $3 \
         WHERE area = $4 AND institution_code = $5 AND setl_id = $6 AND withdraw_time IS NULL",
    )
    .bind::<Timestamptz, _>(instant)
    .bind::<Text, _>(reason)
    .bind::<Text, _>(by)
    .bind::<Text, _>(area.as_str())
    .bind::<Text, _>(institution.as_str())
    .bind::<Text, _>(setl_id)
    .execute(conn)
    .await?;
    Ok(n_withdrawn == 1)
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = BigInt)]
    line_number: i64,
}

#[derive(QueryableByName)]
struct BillRow {
    #[diesel(sql_type = Text)]
    institution_code: String,
    #[diesel(sql_type = Date)]
    settlement_month: NaiveDate,
    #[diesel(sql_type = Text)]
    fund_line: String,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
    #[diesel(sql_type = SqlUuid)]
    upload_id: Uuid,
    #[diesel(sql_type = BigInt)]
    line_number: i64,
    #[diesel(sql_type = Timestamptz)]
    create_time: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    withdraw_time: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    withdraw_reason: Option<String>,
    #[diesel(sql_type = Text)]
    setl_id: String,
    #[diesel(sql_type = Text)]
    mdtrt_id: String,
    #[diesel(sql_type = Text)]
    psn_no: String,
    #[diesel(sql_type = Text)]
    insutype: String,
    #[diesel(sql_type = Text)]
    med_type: String,
    #[diesel(sql_type = Date)]
    begndate: NaiveDate,
    #[diesel(sql_type = Date)]
    enddate: NaiveDate,
    #[diesel(sql_type = Date)]
    setl_time: NaiveDate,
    #[diesel(sql_type = Integer)]
    ipt_days: i32,
    #[diesel(sql_type = Text)]
    dscg_way: String,
    #[diesel(sql_type = Text)]
    dise_codg: String,
    #[diesel(sql_type = Text)]
    dise_name: String,
    #[diesel(sql_type = Text)]
    oprn_oprt_code: String,
    #[diesel(sql_type = BigInt)]
    medfee_sumamt_fen: i64,
    #[diesel(sql_type = BigInt)]
    fulamt_ownpay_amt_fen: i64,
    #[diesel(sql_type = BigInt)]
    inscp_scp_amt_fen: i64,
    #[diesel(sql_type = BigInt)]
    hifp_pay_fen: i64,
    #[diesel(sql_type = BigInt)]
    oth_pay_fen: i64,
    #[diesel(sql_type = BigInt)]
    hosp_part_amt_fen: i64,
    #[diesel(sql_type = BigInt)]
    acct_pay_fen: i64,
    #[diesel(sql_type = BigInt)]
    psn_cash_pay_fen: i64,
    #[diesel(sql_type = Text)]
    gend: String,
    #[diesel(sql_type = Nullable<Integer>)]
    age: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    nwb_age: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    nwb_bir_wt: Option<i32>,
    #[diesel(sql_type = Text)]
    oth_dise_codg: String,
    #[diesel(sql_type = Text)]
    oth_oprn_oprt_code: String,
    #[diesel(sql_type = Text)]
    drg: String,
    #[diesel(sql_type = Text)]
    drg_outcome: String,
    #[diesel(sql_type = Text)]
    scheme_hash: String,
    #[diesel(sql_type = Text)]
    reflout_medins_no: String,
    #[diesel(sql_type = Integer)]
    vari_exit_flag: i32,
}

impl From<BillRow> for StoredBill {
    fn from(row: BillRow) -> Self {
        Self {
            month: SettlementMonth::of(row.settlement_month),
            fund_line: row.fund_line.parse().expect("a checked id"),
            kind_of_care: row.kind_of_care.parse().expect("a checked id"),
            upload_id: row.upload_id,
            line_number: row.line_number,
            create_time: row.create_time,
            withdrawn: row.withdraw_time.zip(row.withdraw_reason),
            line: BillLine {
                setl_id: row.setl_id,
                mdtrt_id: row.mdtrt_id,
                psn_no: row.psn_no,
                insutype: row.insutype,
                med_type: row.med_type,
                fixmedins_code: row.institution_code,
                begndate: Day::Given(row.begndate),
                enddate: Day::Given(row.enddate),
                setl_time: Day::Given(row.setl_time),
                ipt_days: row.ipt_days,
                dscg_way: row.dscg_way,
                dise_codg: row.dise_codg,
                dise_name: row.dise_name,
                oprn_oprt_code: row.oprn_oprt_code,
                medfee_sumamt_fen: row.medfee_sumamt_fen,
                fulamt_ownpay_amt_fen: row.fulamt_ownpay_amt_fen,
                inscp_scp_amt_fen: row.inscp_scp_amt_fen,
                hifp_pay_fen: row.hifp_pay_fen,
                oth_pay_fen: row.oth_pay_fen,
                hosp_part_amt_fen: row.hosp_part_amt_fen,
                acct_pay_fen: row.acct_pay_fen,
                psn_cash_pay_fen: row.psn_cash_pay_fen,
                refd_setl_flag: 0,
                gend: row.gend,
                age: row.age,
                nwb_age: row.nwb_age,
                nwb_bir_wt: row.nwb_bir_wt,
                oth_dise_codg: codes(&row.oth_dise_codg),
                oth_oprn_oprt_code: codes(&row.oth_oprn_oprt_code),
                reflout_medins_no: row.reflout_medins_no,
                vari_exit_flag: row.vari_exit_flag,
            },
            group: row.drg_outcome.parse().ok().map(|outcome| Grouped {
                drg: row.drg,
                outcome,
                scheme_hash: row.scheme_hash,
            }),
        }
    }
}
