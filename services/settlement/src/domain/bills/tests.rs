use chrono::NaiveDate;
use medfund_policy::KindOfCare;

use super::{BillCodes, BillLine, Day};

pub(crate) fn given(year: i32, month: u32, day: u32) -> Day {
    Day::Given(NaiveDate::from_ymd_opt(year, month, day).unwrap())
}

/// A good inpatient bill of January 2017.
pub(crate) fn line() -> BillLine {
    BillLine {
        setl_id: "440700G0000000001".to_owned(),
        mdtrt_id: "44070000000000000001".to_owned(),
        psn_no: "44070000000000009".to_owned(),
        insutype: "310".to_owned(),
        med_type: "21".to_owned(),
        fixmedins_code: "H44070300001".to_owned(),
        begndate: given(2017, 1, 3),
        enddate: given(2017, 1, 11),
        setl_time: given(2017, 1, 12),
        ipt_days: 8,
        dscg_way: "1".to_owned(),
        dise_codg: "I10.x00x002".to_owned(),
        dise_name: "高血压病".to_owned(),
        oprn_oprt_code: "96.0800x005".to_owned(),
        medfee_sumamt_fen: 1_000_000,
        fulamt_ownpay_amt_fen: 50_000,
        inscp_scp_amt_fen: 900_000,
        hifp_pay_fen: 700_000,
        oth_pay_fen: 20_000,
        hosp_part_amt_fen: 0,
        acct_pay_fen: 80_000,
        psn_cash_pay_fen: 200_000,
        refd_setl_flag: 0,
        gend: "2".to_owned(),
        age: Some(61),
        nwb_age: None,
        nwb_bir_wt: None,
        oth_dise_codg: vec!["E11.900".to_owned(), "I25.103".to_owned()],
        oth_oprn_oprt_code: Vec::new(),
        reflout_medins_no: "H44070300009".to_owned(),
        vari_exit_flag: 0,
    }
}

pub(crate) fn codes() -> BillCodes {
    let fund_line = |code: &str, id: &str| (code.to_owned(), id.parse().unwrap());
    let kind = |code: &str, kind| (code.to_owned(), kind);
    BillCodes {
        fund_lines: vec![fund_line("310", "employee"), fund_line("390", "resident")],
        kinds_of_care: vec![
            kind("11", KindOfCare::GeneralOutpatient),
            kind("14", KindOfCare::SpecialOutpatient),
            kind("21", KindOfCare::Inpatient),
            kind("25", KindOfCare::HomeSickbed),
        ],
        pooled: Vec::new(),
    }
}
