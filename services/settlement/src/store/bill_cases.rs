//! The cases of a month one by one, for payment methods that look at each. Withdrawn bills do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_types::{Area, FundLine, InstitutionCode, SettlementMonth};

use crate::domain::Party;
use crate::domain::methods::{Case, Earlier};

/// The cases of one party and kind of care, side by side: with a row each they would take ten times the memory.
#[derive(QueryableByName)]
struct CasesRow {
    #[diesel(sql_type = Text)]
    fund_line: FundLine,
    #[diesel(sql_type = Text)]
    institution_code: InstitutionCode,
    #[diesel(sql_type = Text)]
    kind_of_care: String,
    #[diesel(embed)]
    bills: BillColumns,
    /// How many bills of its stay come before each, and the stay of those that have any.
    #[diesel(sql_type = Array<BigInt>)]
    n_before: Vec<i64>,
    #[diesel(sql_type = Array<Nullable<Text>>)]
    stay: Vec<Option<String>>,
}

/// The bills of one stay, in their order.
#[derive(QueryableByName)]
struct StayRow {
    #[diesel(sql_type = Text)]
    institution_code: InstitutionCode,
    #[diesel(sql_type = Text)]
    mdtrt_id: String,
    #[diesel(embed)]
    bills: BillColumns,
}

/// What is known of bills, a column each.
#[derive(QueryableByName)]
struct BillColumns {
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
}

/// What is read of a bill.
const BILL: &str = "SELECT fund_line, institution_code, kind_of_care, settlement_month, mdtrt_id, setl_id, begndate, \
    dise_codg, ipt_days, hifp_pay_fen, medfee_sumamt_fen, vari_exit_flag, \
    oth_pay_fen + acct_pay_fen + psn_cash_pay_fen AS personal_fen, \
    LEAST(oth_pay_fen + acct_pay_fen + psn_cash_pay_fen, fulamt_ownpay_amt_fen) AS self_paid_fen \
    FROM bills WHERE area = $1 AND institution_code = code AND withdraw_time IS NULL";

/// The bills of a stay in their order.
const IN_ORDER: &str = "ORDER BY settlement_month, begndate, setl_id";

/// Columns as [`BillColumns`] has them, each of one order.
fn columns(order: &str) -> String {
    let names = [
        "setl_id",
        "dise_codg",
        "ipt_days",
        "hifp_pay_fen",
        "medfee_sumamt_fen",
        "personal_fen",
        "self_paid_fen",
        "vari_exit_flag",
    ];
    names.map(|name| format!("array_agg({name} {order}) AS {name}")).join(", ")
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
    // `IS TRUE` has the month's admissions looked up by hash whatever the planner expects of them: where it expects few, as a
    // join they are gone through for each earlier bill.
    let rows: Vec<CasesRow> = diesel::sql_query(format!(
        "SELECT cases.* FROM unnest($3, $4) AS wanted (code, has_long_stays) CROSS JOIN LATERAL ( \
         WITH mine AS ({BILL} AND settlement_month = $2), \
         own AS (SELECT * FROM mine UNION ALL {BILL} AND has_long_stays AND settlement_month < $2 \
         AND (mdtrt_id IN (SELECT mdtrt_id FROM mine)) IS TRUE), \
         each AS (SELECT own.*, row_number() OVER (PARTITION BY mdtrt_id {IN_ORDER}) - 1 AS n_before FROM own) \
         SELECT fund_line, institution_code, kind_of_care, {}, array_agg(n_before) AS n_before, \
         array_agg(CASE WHEN n_before > 0 THEN mdtrt_id END) AS stay \
         FROM each WHERE settlement_month = $2 \
         GROUP BY fund_line, institution_code, kind_of_care) AS cases",
        columns("")
    ))
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes)
    .bind::<Array<Bool>, _>(have_long_stays)
    .load(conn)
    .await?;

    let mut diseases = Diseases::default();
    let stays = stays(conn, area, month, institutions, &rows, &mut diseases).await?;
    Ok(rows.into_iter().map(|row| cases(row, &stays, &mut diseases)).collect())
}

/// Stays that several bills settle, by institution and admission.
type Stays = BTreeMap<(InstitutionCode, String), Arc<[Case]>>;

/// Reads the stays that bills of the month go on with.
async fn stays(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
    institutions: &BTreeMap<InstitutionCode, bool>,
    rows: &[CasesRow],
    diseases: &mut Diseases,
) -> QueryResult<Stays> {
    let wanted: BTreeSet<(&InstitutionCode, &str)> = rows
        .iter()
        .flat_map(|row| row.stay.iter().flatten().map(|stay| (&row.institution_code, stay.as_str())))
        .collect();
    if wanted.is_empty() {
        return Ok(Stays::new());
    }
    let have_long_stays: Vec<bool> = wanted.iter().map(|(code, _)| institutions[*code]).collect();
    let (codes, ids): (Vec<&str>, Vec<&str>) = wanted.iter().map(|(code, id)| (code.as_str(), *id)).unzip();
    let rows: Vec<StayRow> = diesel::sql_query(format!(
        "WITH wanted AS (SELECT * FROM unnest($3, $4, $5) AS wanted (code, has_long_stays, id)), \
         own AS (SELECT bill.* FROM (SELECT DISTINCT code, has_long_stays FROM wanted) AS institution \
         CROSS JOIN LATERAL ({BILL} AND (settlement_month = $2 OR has_long_stays AND settlement_month < $2)) AS bill) \
         SELECT institution_code, mdtrt_id, {} FROM own JOIN wanted ON code = institution_code AND id = mdtrt_id \
         GROUP BY institution_code, mdtrt_id",
        columns(IN_ORDER)
    ))
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(codes)
    .bind::<Array<Bool>, _>(have_long_stays)
    .bind::<Array<Text>, _>(ids)
    .load(conn)
    .await?;
    let stay = |row: StayRow| ((row.institution_code, row.mdtrt_id), row.bills.cases(diseases).collect());
    Ok(rows.into_iter().map(stay).collect())
}

fn cases(row: CasesRow, stays: &Stays, diseases: &mut Diseases) -> (Party, KindOfCare, Vec<Case>) {
    let kind = row.kind_of_care.parse().expect("the table holds known kinds of care");
    let party = Party { fund_line: row.fund_line, institution: row.institution_code };
    let before = row.n_before.into_iter().zip(row.stay);
    let all = row.bills.cases(diseases).zip(before).map(|(case, (n_before, stay))| {
        let Some(stay) = stay else { return case };
        let stay = &stays[&(party.institution.clone(), stay)];
        let n_before = usize::try_from(n_before).expect("a place in a stay");
        Case { earlier: Earlier::first_of(stay, n_before), ..case }
    });
    let all = all.collect();
    (party, kind, all)
}

impl BillColumns {
    /// Each bill as a case that no other comes before.
    fn cases(self, diseases: &mut Diseases) -> impl Iterator<Item = Case> {
        self.setl_id.into_iter().zip(self.dise_codg).enumerate().map(move |(place, (setl_id, code))| Case {
            setl_id: setl_id.into_boxed_str(),
            disease: diseases.get(&code),
            days: self.ipt_days[place].into(),
            cost: Fen::new(self.hifp_pay_fen[place]),
            total: Fen::new(self.medfee_sumamt_fen[place]),
            personal: Fen::new(self.personal_fen[place]),
            self_paid: Fen::new(self.self_paid_fen[place]),
            is_variant: self.vari_exit_flag[place] == 1,
            earlier: Earlier::default(),
        })
    }
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
}
