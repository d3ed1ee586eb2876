//! The cases of a month one by one, for payment methods that look at each. Withdrawn bills do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Jsonb, Nullable, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};
use serde_json::Value;

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
    setl_id: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    dise_codg: Vec<String>,
    #[diesel(sql_type = Array<Integer>)]
    ipt_days: Vec<i32>,
    #[diesel(sql_type = Array<BigInt>)]
    hifp_pay_fen: Vec<i64>,
    #[diesel(sql_type = Array<BigInt>)]
    medfee_sumamt_fen: Vec<i64>,
    #[diesel(sql_type = Array<BigInt>)]
    personal_fen: Vec<i64>,
    #[diesel(sql_type = Array<BigInt>)]
    self_paid_fen: Vec<i64>,
    #[diesel(sql_type = Array<Integer>)]
    vari_exit_flag: Vec<i32>,
    /// The earlier bills of each stay, as [`EarlierBill`]s.
    #[diesel(sql_type = Array<Nullable<Jsonb>>)]
    earlier: Vec<Option<Value>>,
}

/// Settlement id, diagnosis, days, fund's share, total, personal part, what is self-paid of it, and the variant's flag.
type EarlierBill = (Box<str>, String, i64, i64, i64, i64, i64, i32);

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
    const BILL: &str = "SELECT fund_line, institution_code, kind_of_care, settlement_month, mdtrt_id, setl_id, \
        begndate, dise_codg, ipt_days, hifp_pay_fen, medfee_sumamt_fen, vari_exit_flag, \
        oth_pay_fen + acct_pay_fen + psn_cash_pay_fen AS personal_fen, \
        LEAST(oth_pay_fen + acct_pay_fen + psn_cash_pay_fen, fulamt_ownpay_amt_fen) AS self_paid_fen \
        FROM bills WHERE area = $1 AND institution_code = code AND withdraw_time IS NULL";
    let rows: Vec<CasesRow> = diesel::sql_query(format!(
        "SELECT cases.* FROM unnest($3, $4) AS wanted (code, has_long_stays) CROSS JOIN LATERAL ( \
         WITH mine AS ({BILL} AND settlement_month = $2), \
         own AS (SELECT * FROM mine UNION ALL {BILL} AND has_long_stays AND settlement_month < $2 \
         AND mdtrt_id IN (SELECT mdtrt_id FROM mine)), \
         each AS (SELECT own.*, jsonb_agg(jsonb_build_array(setl_id, dise_codg, ipt_days, hifp_pay_fen, \
         medfee_sumamt_fen, personal_fen, self_paid_fen, vari_exit_flag)) OVER ( \
         PARTITION BY mdtrt_id ORDER BY settlement_month, begndate, setl_id \
         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier FROM own) \
         SELECT fund_line, institution_code, kind_of_care, array_agg(setl_id) AS setl_id, \
         array_agg(dise_codg) AS dise_codg, array_agg(ipt_days) AS ipt_days, \
         array_agg(hifp_pay_fen) AS hifp_pay_fen, array_agg(medfee_sumamt_fen) AS medfee_sumamt_fen, \
         array_agg(personal_fen) AS personal_fen, array_agg(self_paid_fen) AS self_paid_fen, \
         array_agg(vari_exit_flag) AS vari_exit_flag, array_agg(earlier) AS earlier \
         FROM each WHERE settlement_month = $2 \
         GROUP BY fund_line, institution_code, kind_of_care) AS cases"
    ))
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes)
    .bind::<Array<Bool>, _>(have_long_stays)
    .load(conn)
    .await?;
    let mut diseases = Diseases::default();
    Ok(rows.into_iter().map(|row| cases(row, &mut diseases)).collect())
}

fn cases(row: CasesRow, diseases: &mut Diseases) -> (Party, KindOfCare, Vec<Case>) {
    let kind = row.kind_of_care.parse().expect("the table holds known kinds of care");
    let party = Party { fund_line: row.fund_line, institution: row.institution_code };
    let mut all = Vec::with_capacity(row.setl_id.len());
    let said = row.setl_id.into_iter().zip(row.dise_codg).zip(row.earlier);
    for (place, ((setl_id, code), earlier)) in said.enumerate() {
        let bill = (
            setl_id.into_boxed_str(),
            code,
            row.ipt_days[place].into(),
            row.hifp_pay_fen[place],
            row.medfee_sumamt_fen[place],
            row.personal_fen[place],
            row.self_paid_fen[place],
            row.vari_exit_flag[place],
        );
        let earlier: Vec<EarlierBill> = earlier.map_or_else(Vec::new, |bills| {
            serde_json::from_value(bills).expect("the query builds bills of these parts")
        });
        let earlier = earlier.into_iter().map(|bill| diseases.case(bill)).collect();
        all.push(Case { earlier, ..diseases.case(bill) });
    }
    (party, kind, all)
}

/// The diagnoses that were met, each once: there are few beside cases.
#[derive(Default)]
struct Diseases(BTreeSet<Arc<str>>);

impl Diseases {
    fn get(&mut self, code: &str) -> Arc<str> {
        if let Some(known) = self.0.get(code) {
            return Arc::clone(known);
        }
        let code: Arc<str> = code.into();
        self.0.insert(Arc::clone(&code));
        code
    }

    fn case(&mut self, bill: EarlierBill) -> Case {
        let (setl_id, code, days, cost, total, personal, self_paid, flag) = bill;
        Case {
            setl_id,
            disease: self.get(&code),
            days,
            cost: Fen::new(cost),
            total: Fen::new(total),
            personal: Fen::new(personal),
            self_paid: Fen::new(self_paid),
            is_variant: flag == 1,
            earlier: Vec::new(),
        }
    }
}
