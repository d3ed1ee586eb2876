use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A day as a sender gave it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Day {
    /// None was given.
    #[default]
    Missing,
    /// What was given is no day.
    Malformed,
    /// A civil day in Asia/Shanghai.
    Given(NaiveDate),
}

/// One line of a settlement list as its sender gave it, unchecked.
///
/// Fields have the list's names; amounts are in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "`BillField` describes the fields of the same names")]
pub struct BillLine {
    pub setl_id: String,
    pub mdtrt_id: String,
    pub psn_no: String,
    pub insutype: String,
    pub med_type: String,
    pub fixmedins_code: String,
    pub begndate: Day,
    pub enddate: Day,
    pub setl_time: Day,
    pub ipt_days: i32,
    pub dscg_way: String,
    pub dise_codg: String,
    pub dise_name: String,
    pub oprn_oprt_code: String,
    pub medfee_sumamt_fen: i64,
    pub fulamt_ownpay_amt_fen: i64,
    pub inscp_scp_amt_fen: i64,
    pub hifp_pay_fen: i64,
    pub oth_pay_fen: i64,
    pub hosp_part_amt_fen: i64,
    pub acct_pay_fen: i64,
    pub psn_cash_pay_fen: i64,
    pub refd_setl_flag: i32,
    pub gend: String,
    pub age: Option<i32>,
    pub nwb_age: Option<i32>,
    pub nwb_bir_wt: Option<i32>,
    pub oth_dise_codg: Vec<String>,
    pub oth_oprn_oprt_code: Vec<String>,
    pub reflout_medins_no: String,
    pub vari_exit_flag: i32,
}
