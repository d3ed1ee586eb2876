//! Upload of a month's bills.

use anyhow::ensure;
use medfund_proto::settlement::v1::BillLine;
use medfund_types::{InstitutionCode, SettlementMonth};

use super::names;
use super::{Year, each};
use crate::sample::bills::{DISCHARGED, Patient, SampleBill};
use crate::sample::region::Institution;
use crate::suite::BillFile;

impl Year<'_> {
    /// Has every institution upload its bills of a month; returns how many there are.
    pub(super) async fn upload_month(&self, month: SettlementMonth) -> anyhow::Result<usize> {
        each(&self.region.institutions, |institution| self.upload(institution, month)).await?;
        Ok(self.bills.iter().filter(|bill| bill.month() == month).count())
    }

    async fn upload(&self, institution: &Institution, month: SettlementMonth) -> anyhow::Result<()> {
        let bills = self.bills.iter().filter(|b| b.fixmedins_code == institution.code && b.month() == month);
        let lines: Vec<BillLine> = bills.map(bill_line).collect();
        if lines.is_empty() {
            return Ok(());
        }
        self.upload_lines(&institution.code, month, lines).await
    }

    /// Has an institution upload a file of bills, none of which may be refused.
    pub(crate) async fn upload_lines(
        &self,
        institution: &InstitutionCode,
        month: SettlementMonth,
        lines: Vec<BillLine>,
    ) -> anyhow::Result<()> {
        let clerk = self.people.clerk(institution);
        let step = format!("upload/{month}/{institution}");
        let upload = self.session.upload(BillFile { clerk: &clerk, month, lines, step }).await?;
        ensure!(upload.n_refused == 0, "{} lines of {} were refused", upload.n_refused, upload.name);
        Ok(())
    }
}

/// The national code of a patient's sex.
fn gend(patient: &Patient) -> &'static str {
    if patient.is_female { "2" } else { "1" }
}

/// A bill as an upload carries it.
pub(crate) fn bill_line(bill: &SampleBill) -> BillLine {
    let is_inpatient = bill.ipt_days > 0;
    let dscg_way = bill.patient.as_ref().map_or(DISCHARGED, |patient| patient.dscg_way);
    BillLine {
        setl_id: bill.setl_id.clone(),
        mdtrt_id: bill.mdtrt_id.clone(),
        psn_no: bill.psn_no.clone(),
        insutype: bill.insutype.clone(),
        med_type: bill.med_type.clone(),
        fixmedins_code: bill.fixmedins_code.to_string(),
        begndate: names::day(bill.begndate),
        enddate: names::day(bill.enddate),
        setl_time: names::day(bill.setl_date),
        ipt_days: i32::try_from(bill.ipt_days).expect("a stay is short"),
        dscg_way: if is_inpatient { dscg_way.to_owned() } else { String::new() },
        dise_codg: bill.dise_codg.to_owned(),
        dise_name: bill.dise_name.to_owned(),
        oprn_oprt_code: bill.oprn_oprt_code.to_owned(),
        medfee_sumamt_fen: bill.medfee_sumamt_fen,
        fulamt_ownpay_amt_fen: bill.fulamt_ownpay_amt_fen,
        inscp_scp_amt_fen: bill.inscp_scp_amt_fen,
        hifp_pay_fen: bill.hifp_pay_fen,
        oth_pay_fen: 0,
        hosp_part_amt_fen: 0,
        acct_pay_fen: bill.acct_pay_fen,
        psn_cash_pay_fen: bill.psn_cash_pay_fen,
        refd_setl_flag: 0,
        gend: bill.patient.as_ref().map_or("", gend).to_owned(),
        age: bill.patient.as_ref().map(|patient| patient.age),
        oth_dise_codg: bill
            .patient
            .iter()
            .flat_map(|patient| &patient.companions)
            .map(ToString::to_string)
            .collect(),
        reflout_medins_no: bill.reflout_medins_no.as_ref().map(ToString::to_string).unwrap_or_default(),
        ..BillLine::default()
    }
}
