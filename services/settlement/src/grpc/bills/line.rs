use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_server::convert::{date, date_to_pb};

use crate::domain::bills::{BillLine, Day};

/// Takes a line as it came; what is wrong with it is the domain's to say.
#[must_use]
pub fn line_from_pb(line: pb::BillLine) -> BillLine {
    BillLine {
        setl_id: line.setl_id,
        mdtrt_id: line.mdtrt_id,
        psn_no: line.psn_no,
        insutype: line.insutype,
        med_type: line.med_type,
        fixmedins_code: line.fixmedins_code,
        begndate: day_from_pb(line.begndate),
        enddate: day_from_pb(line.enddate),
        setl_time: day_from_pb(line.setl_time),
        ipt_days: line.ipt_days,
        dscg_way: line.dscg_way,
        dise_codg: line.dise_codg,
        dise_name: line.dise_name,
        oprn_oprt_code: line.oprn_oprt_code,
        medfee_sumamt_fen: line.medfee_sumamt_fen,
        fulamt_ownpay_amt_fen: line.fulamt_ownpay_amt_fen,
        inscp_scp_amt_fen: line.inscp_scp_amt_fen,
        hifp_pay_fen: line.hifp_pay_fen,
        oth_pay_fen: line.oth_pay_fen,
        hosp_part_amt_fen: line.hosp_part_amt_fen,
        acct_pay_fen: line.acct_pay_fen,
        psn_cash_pay_fen: line.psn_cash_pay_fen,
        refd_setl_flag: line.refd_setl_flag,
        gend: line.gend,
        age: line.age,
        nwb_age: line.nwb_age,
        nwb_bir_wt: line.nwb_bir_wt,
        oth_dise_codg: line.oth_dise_codg,
        oth_oprn_oprt_code: line.oth_oprn_oprt_code,
        reflout_medins_no: line.reflout_medins_no,
        vari_exit_flag: line.vari_exit_flag,
    }
}

fn day_from_pb(day: Option<Date>) -> Day {
    match day {
        None => Day::Missing,
        given => date(given).map_or(Day::Malformed, Day::Given),
    }
}

/// Writes a line; a day that was never read is left out.
#[must_use]
pub fn line_to_pb(line: BillLine) -> pb::BillLine {
    pb::BillLine {
        setl_id: line.setl_id,
        mdtrt_id: line.mdtrt_id,
        psn_no: line.psn_no,
        insutype: line.insutype,
        med_type: line.med_type,
        fixmedins_code: line.fixmedins_code,
        begndate: day_to_pb(line.begndate),
        enddate: day_to_pb(line.enddate),
        setl_time: day_to_pb(line.setl_time),
        ipt_days: line.ipt_days,
        dscg_way: line.dscg_way,
        dise_codg: line.dise_codg,
        dise_name: line.dise_name,
        oprn_oprt_code: line.oprn_oprt_code,
        medfee_sumamt_fen: line.medfee_sumamt_fen,
        fulamt_ownpay_amt_fen: line.fulamt_ownpay_amt_fen,
        inscp_scp_amt_fen: line.inscp_scp_amt_fen,
        hifp_pay_fen: line.hifp_pay_fen,
        oth_pay_fen: line.oth_pay_fen,
        hosp_part_amt_fen: line.hosp_part_amt_fen,
        acct_pay_fen: line.acct_pay_fen,
        psn_cash_pay_fen: line.psn_cash_pay_fen,
        refd_setl_flag: line.refd_setl_flag,
        gend: line.gend,
        age: line.age,
        nwb_age: line.nwb_age,
        nwb_bir_wt: line.nwb_bir_wt,
        oth_dise_codg: line.oth_dise_codg,
        oth_oprn_oprt_code: line.oth_oprn_oprt_code,
        reflout_medins_no: line.reflout_medins_no,
        vari_exit_flag: line.vari_exit_flag,
    }
}

fn day_to_pb(day: Day) -> Option<Date> {
    match day {
        Day::Given(date) => Some(date_to_pb(date)),
        Day::Malformed => Some(Date::default()),
        Day::Missing => None,
    }
}
