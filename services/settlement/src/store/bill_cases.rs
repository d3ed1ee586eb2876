//! The cases of a month one by one, for payment methods that look at each. Withdrawn bills do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};

use crate::domain::Party;
use crate::domain::methods::Case;

/// The cases of one party and kind of care, side by side: with a row each they would take ten times the memory.
#[derive(QueryableByName)]
struct CasesRow {
    #[diesel(sql_type = Text)]
    fund_line: FundLine,
    #[diesel(sql_type = Text)]
    institution_code: InstitutionCode,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
    #[diesel(sql_type = Array<Text>)]
    dise_codg: Vec<String>,
    #[diesel(sql_type = Array<Integer>)]
    ipt_days: Vec<i32>,
    #[diesel(sql_type = Array<BigInt>)]
    days_before: Vec<i64>,
    #[diesel(sql_type = Array<BigInt>)]
    hifp_pay_fen: Vec<i64>,
}

/// Lists the cases of some institutions by fund line and kind of care.
///
/// An admission (`mdtrt_id`) that several bills settle goes on from one to the
/// next within the month, and where its institution is told to be of long
/// stays, from one month to another.
///
/// - `institutions`: each with whether it has long stays, whose earlier months are read too.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
    institutions: &BTreeMap<InstitutionCode, bool>,
) -> QueryResult<Vec<(Party, KindOfCare, Vec<Case>)>> {
    if institutions.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<&str> = institutions.keys().map(InstitutionCode::as_str).collect();
    let have_long_stays: Vec<bool> = institutions.values().copied().collect();
    let rows: Vec<CasesRow> = diesel::sql_query(
        "SELECT cases.* FROM unnest($3, $4) AS wanted (code, has_long_stays) CROSS JOIN LATERAL ( \
         WITH mine AS (SELECT fund_line, institution_code, kind_of_care, mdtrt_id, setl_id, begndate, \
         dise_codg, ipt_days, hifp_pay_fen FROM bills WHERE area = $1 AND settlement_month = $2 \
         AND institution_code = code AND withdraw_time IS NULL), \
         before AS (SELECT mdtrt_id, sum(ipt_days) AS days FROM bills WHERE has_long_stays AND area = $1 \
         AND settlement_month < $2 AND institution_code = code AND withdraw_time IS NULL \
         AND mdtrt_id IN (SELECT mdtrt_id FROM mine) GROUP BY mdtrt_id), \
         each AS (SELECT mine.*, COALESCE(before.days, 0) - ipt_days + sum(ipt_days) OVER ( \
         PARTITION BY mine.mdtrt_id ORDER BY begndate, setl_id) AS days_before \
         FROM mine LEFT JOIN before USING (mdtrt_id)) \
         SELECT fund_line, institution_code, kind_of_care, array_agg(dise_codg) AS dise_codg, \
         array_agg(ipt_days) AS ipt_days, array_agg(days_before::bigint) AS days_before, \
         array_agg(hifp_pay_fen) AS hifp_pay_fen FROM each \
         GROUP BY fund_line, institution_code, kind_of_care) AS cases",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes)
    .bind::<Array<Bool>, _>(have_long_stays)
    .load(conn)
    .await?;
    // There are few diseases beside cases.
    let mut known: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut disease = |code: String| match known.get(code.as_str()) {
        Some(known) => Arc::clone(known),
        None => {
            let code: Arc<str> = code.into();
            known.insert(Arc::clone(&code));
            code
        }
    };
    let mut all = Vec::new();
    for row in rows {
        let kind = row.kind_of_care.parse().expect("the table holds known kinds of care");
        let party = Party { fund_line: row.fund_line, institution: row.institution_code };
        let days = row.ipt_days.into_iter().zip(row.days_before);
        let each = row.dise_codg.into_iter().zip(days).zip(row.hifp_pay_fen);
        let case = |((code, (days, days_before)), fen)| Case {
            disease: disease(code),
            days: i64::from(days),
            days_before,
            cost: Fen::new(fen),
        };
        all.push((party, kind, each.map(case).collect()));
    }
    Ok(all)
}
