use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use medfund_money::Fen;
use medfund_policy::{KindOfCare, Pack, Regime};
use medfund_types::{FundLine, InstitutionCode, SettlementMonth};

use super::identity::is_identity_number;
use super::{BillField, BillLine, Day, Fault, Grouped, GroupingScheme, LineFault};
use crate::domain::in_force::InForce;

/// No bill is as large as this: 10 thousand million yuan.
const AMOUNT_LIMIT_FEN: i64 = 1_000_000_000_000;
const ID_LIMIT: usize = 30;
const NAME_LIMIT: usize = 100;
const CODES_LIMIT: usize = 99;

/// What national codes stand for, by the pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillCodes {
    /// `insutype` (险种类型) and the fund line that bears it.
    pub fund_lines: Vec<(String, FundLine)>,
    /// `med_type` (医疗类别) and its kind of care.
    pub kinds_of_care: Vec<(String, KindOfCare)>,
    /// The care that pools pay: its cases are grouped.
    pub pooled: Vec<(FundLine, KindOfCare)>,
}

impl From<&Pack> for BillCodes {
    fn from(pack: &Pack) -> Self {
        let codes = &pack.common().codes;
        let pooled = |line: &FundLine| {
            let rules = pack.rules(line).expect("a pack has rules for its fund lines");
            let kinds = KindOfCare::ALL.iter().copied();
            let is_pooled = |kind: &KindOfCare| rules.regime(*kind) == Some(Regime::Pool);
            kinds.filter(is_pooled).map(|kind| (line.clone(), kind)).collect::<Vec<_>>()
        };
        Self {
            fund_lines: codes.insutype.iter().map(|(code, line)| (code.to_owned(), line.clone())).collect(),
            kinds_of_care: codes.med_type.iter().map(|(code, kind)| (code.to_owned(), *kind)).collect(),
            pooled: pack.fund_lines().keys().flat_map(pooled).collect(),
        }
    }
}

/// What the lines of an upload are checked against.
#[derive(Clone, Copy, Debug)]
pub struct LineRules<'a> {
    /// The uploader.
    pub institution: &'a InstitutionCode,
    /// The month whose settlements the file holds.
    pub month: SettlementMonth,
    /// The pack's codes.
    pub codes: &'a BillCodes,
    /// The care whose cases are grouped: what pools pay, and what the agreement pays by a rate.
    pub grouped: &'a [(FundLine, KindOfCare)],
    /// The grouping schemes.
    pub schemes: &'a InForce<Arc<GroupingScheme>>,
}

/// A line that stands by itself: every field well formed, every rule kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Its line in the file, from 1.
    pub line_number: i64,
    /// What the institution sent.
    pub line: BillLine,
    /// First day of the care.
    pub begndate: NaiveDate,
    /// Last day of the care.
    pub enddate: NaiveDate,
    /// Day of settlement.
    pub setl_time: NaiveDate,
    /// The fund line that bears the fund share.
    pub fund_line: FundLine,
    /// Kind of care.
    pub kind_of_care: KindOfCare,
    /// The group of a case that a pool or a rate pays.
    pub group: Option<Grouped>,
}

/// A chunk's good lines, and what is wrong with the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedChunk {
    /// The good lines, in the order of the file.
    pub bills: Vec<Bill>,
    /// All faults of the others, in the order of the file.
    pub faults: Vec<LineFault>,
}

/// Checks the lines of a chunk, the first of which is line `first_line` of its file.
///
/// A line with any fault is refused, and all its faults are told at once.
#[must_use]
pub fn check_chunk(lines: Vec<BillLine>, first_line: i64, rules: LineRules<'_>) -> CheckedChunk {
    let mut bills: Vec<Bill> = Vec::with_capacity(lines.len());
    let mut faults = Vec::new();
    let mut seen: HashMap<String, i64> = HashMap::with_capacity(lines.len());
    for (line, line_number) in lines.into_iter().zip(first_line..) {
        let mut check = Check { line: &line, line_number, faults: &mut faults };
        let Some(read) = check.run(rules) else { continue };
        if let Some(&earlier) = seen.get(&line.setl_id) {
            check.fault(BillField::SetlId, Fault::DuplicateInFile(earlier));
            continue;
        }
        seen.insert(line.setl_id.clone(), line_number);
        let (begndate, enddate, setl_time, fund_line, kind_of_care, group) = read;
        bills.push(Bill { line_number, line, begndate, enddate, setl_time, fund_line, kind_of_care, group });
    }
    CheckedChunk { bills, faults }
}

type Read = (NaiveDate, NaiveDate, NaiveDate, FundLine, KindOfCare, Option<Grouped>);

struct Check<'a> {
    line: &'a BillLine,
    line_number: i64,
    faults: &'a mut Vec<LineFault>,
}

impl Check<'_> {
    fn run(&mut self, rules: LineRules<'_>) -> Option<Read> {
        let n_before = self.faults.len();
        let line = self.line;
        self.id(BillField::SetlId, &line.setl_id);
        self.id(BillField::MdtrtId, &line.mdtrt_id);
        self.id(BillField::PsnNo, &line.psn_no);
        if is_identity_number(&line.psn_no) {
            self.fault(BillField::PsnNo, Fault::IdentityNumber);
        }
        let fund_line = self.code(BillField::Insutype, &line.insutype, &rules.codes.fund_lines);
        let kind_of_care = self.code(BillField::MedType, &line.med_type, &rules.codes.kinds_of_care);
        self.institution(rules.institution);
        self.referrer(rules.institution);
        let begndate = self.day(BillField::Begndate, line.begndate);
        let enddate = self.day(BillField::Enddate, line.enddate);
        let setl_time = self.day(BillField::SetlTime, line.setl_time);
        self.order_of_days(begndate, enddate, setl_time, rules.month);
        self.diagnosis_and_procedure();
        if let Some(kind) = kind_of_care {
            self.stay(kind, begndate, enddate);
        }
        self.amounts();
        self.flags();
        self.patient();
        let is_grouped = rules
            .grouped
            .iter()
            .any(|(line, kind)| Some(line) == fund_line.as_ref() && Some(*kind) == kind_of_care);
        if is_grouped {
            self.grouped_patient();
        }
        if self.faults.len() > n_before {
            return None;
        }
        let group = if is_grouped { Some(self.group(rules, [begndate?, enddate?])?) } else { None };
        Some((begndate?, enddate?, setl_time?, fund_line?, kind_of_care?, group))
    }

    /// The group by the scheme in force on the day of discharge.
    fn group(&mut self, rules: LineRules<'_>, [begndate, enddate]: [NaiveDate; 2]) -> Option<Grouped> {
        let Some(scheme) = rules.schemes.on(enddate) else {
            self.fault(BillField::Enddate, Fault::NoSchemeInForce);
            return None;
        };
        let grouped = scheme.group(self.line, begndate, enddate);
        let faults = grouped.as_ref().err().map_or(&[][..], Vec::as_slice);
        for (field, fault) in faults {
            self.fault(*field, fault.clone());
        }
        grouped.ok()
    }

    fn fault(&mut self, field: BillField, fault: Fault) {
        let setl_id = self.line.setl_id.chars().take(ID_LIMIT).collect();
        self.faults.push(LineFault { line_number: self.line_number, setl_id, field, fault });
    }

    fn id(&mut self, field: BillField, text: &str) {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.is_empty() {
            self.fault(field, Fault::Required);
        } else if !text.bytes().all(plain) {
            self.fault(field, Fault::Malformed("字母、数字、“-”或“_”"));
        } else if text.len() > ID_LIMIT {
            self.fault(field, Fault::TooLong(ID_LIMIT));
        }
    }

    fn code<T: Clone>(&mut self, field: BillField, code: &str, known: &[(String, T)]) -> Option<T> {
        let found = known.iter().find(|(other, _)| other == code).map(|(_, target)| target.clone());
        if code.is_empty() {
            self.fault(field, Fault::Required);
        } else if found.is_none() {
            self.fault(field, Fault::UnknownCode);
        }
        found
    }

    fn institution(&mut self, uploader: &InstitutionCode) {
        let code = self.line.fixmedins_code.as_str();
        if code.is_empty() {
            self.fault(BillField::FixmedinsCode, Fault::Required);
        } else if code != uploader.as_str() {
            self.fault(BillField::FixmedinsCode, Fault::OtherInstitution(uploader.clone()));
        }
    }

    /// Who referred the patient, if anybody did.
    fn referrer(&mut self, uploader: &InstitutionCode) {
        let code = self.line.reflout_medins_no.as_str();
        if code == uploader.as_str() {
            self.fault(BillField::RefloutMedinsNo, Fault::OwnInstitution);
        } else if !code.is_empty() && code.parse::<InstitutionCode>().is_err() {
            self.fault(BillField::RefloutMedinsNo, Fault::Malformed("定点医药机构编号"));
        }
    }

    fn day(&mut self, field: BillField, day: Day) -> Option<NaiveDate> {
        match day {
            Day::Given(date) => Some(date),
            Day::Missing => {
                self.fault(field, Fault::Required);
                None
            }
            Day::Malformed => {
                self.fault(field, Fault::Malformed("日期，如2017-01-31"));
                None
            }
        }
    }

    fn order_of_days(
        &mut self,
        begndate: Option<NaiveDate>,
        enddate: Option<NaiveDate>,
        setl_time: Option<NaiveDate>,
        month: SettlementMonth,
    ) {
        if let (Some(begndate), Some(enddate)) = (begndate, enddate)
            && enddate < begndate
        {
            self.fault(BillField::Enddate, Fault::DatesDisordered(BillField::Begndate, begndate));
        }
        if let (Some(enddate), Some(setl_time)) = (enddate, setl_time)
            && setl_time < enddate
        {
            self.fault(BillField::SetlTime, Fault::DatesDisordered(BillField::Enddate, enddate));
        }
        if setl_time.is_some_and(|day| !month.contains(day)) {
            self.fault(BillField::SetlTime, Fault::OtherMonth(month));
        }
    }

    fn diagnosis_and_procedure(&mut self) {
        let line = self.line;
        if !line.dise_codg.is_empty() && !is_diagnosis(&line.dise_codg) {
            self.fault(BillField::DiseCodg, Fault::Malformed("医保版ICD-10编码，如I10.x00x002"));
        }
        if line.dise_name.chars().count() > NAME_LIMIT {
            self.fault(BillField::DiseName, Fault::TooLong(NAME_LIMIT));
        } else if line.dise_name.chars().any(char::is_control) {
            self.fault(BillField::DiseName, Fault::Malformed("不含控制字符的文字"));
        }
        if line.oprn_oprt_code.is_empty() && !line.oth_oprn_oprt_code.is_empty() {
            self.fault(BillField::OprnOprtCode, Fault::Required);
        }
        if !line.oprn_oprt_code.is_empty() && !is_procedure(&line.oprn_oprt_code) {
            self.fault(BillField::OprnOprtCode, Fault::Malformed("医保版ICD-9-CM-3编码，如96.0800x005"));
        }
        let others = [
            (
                BillField::OthDiseCodg,
                &line.oth_dise_codg,
                is_diagnosis as fn(&str) -> bool,
                "医保版ICD-10编码，如E11.900",
            ),
            (
                BillField::OthOprnOprtCode,
                &line.oth_oprn_oprt_code,
                is_procedure,
                "医保版ICD-9-CM-3编码，如96.0800x005",
            ),
        ];
        for (field, codes, is_code, expected) in others {
            if codes.len() > CODES_LIMIT {
                self.fault(field, Fault::TooMany(CODES_LIMIT));
            }
            if codes.iter().any(|code| !is_code(code)) {
                self.fault(field, Fault::Malformed(expected));
            }
        }
    }

    fn patient(&mut self) {
        let line = self.line;
        if !matches!(line.gend.as_str(), "" | "1" | "2") {
            self.fault(BillField::Gend, Fault::UnknownCode);
        }
        for (field, number, limit) in [
            (BillField::Age, line.age, 200),
            (BillField::NwbAge, line.nwb_age, 365),
            (BillField::NwbBirWt, line.nwb_bir_wt, 9_999),
        ] {
            match number {
                Some(number) if number < 0 => self.fault(field, Fault::Negative),
                Some(number) if number > limit => self.fault(field, Fault::TooLarge),
                Some(_) | None => {}
            }
        }
    }

    /// What grouping always looks at.
    fn grouped_patient(&mut self) {
        let line = self.line;
        if line.gend.is_empty() {
            self.fault(BillField::Gend, Fault::Required);
        }
        if line.age.is_none() && line.nwb_age.is_none() {
            self.fault(BillField::Age, Fault::Required);
        }
    }

    /// What a stay must say, and what somebody who did not stay must not.
    fn stay(&mut self, kind: KindOfCare, begndate: Option<NaiveDate>, enddate: Option<NaiveDate>) {
        let line = self.line;
        let (stays, is_discharged) = match kind {
            KindOfCare::Inpatient | KindOfCare::DaySurgery => (true, true),
            KindOfCare::HomeSickbed => (true, false),
            KindOfCare::GeneralOutpatient | KindOfCare::SpecialOutpatient | KindOfCare::Pharmacy => {
                (false, false)
            }
        };
        if stays && line.dise_codg.is_empty() {
            self.fault(BillField::DiseCodg, Fault::Required);
        }
        match line.dscg_way.as_str() {
            "" if is_discharged => self.fault(BillField::DscgWay, Fault::Required),
            "" => {}
            _ if !stays => self.fault(BillField::DscgWay, Fault::NotApplicable),
            "1" | "2" | "3" | "4" | "5" | "9" => {}
            _ => self.fault(BillField::DscgWay, Fault::UnknownCode),
        }
        if line.ipt_days < 0 {
            self.fault(BillField::IptDays, Fault::Negative);
        } else if !stays {
            if line.ipt_days != 0 {
                self.fault(BillField::IptDays, Fault::NotApplicable);
            }
        } else if let (Some(begndate), Some(enddate)) = (begndate, enddate)
            && begndate <= enddate
        {
            let days = (enddate - begndate).num_days().max(1);
            if i64::from(line.ipt_days) != days {
                self.fault(BillField::IptDays, Fault::DaysDisagree(days));
            }
        }
    }

    fn amounts(&mut self) {
        let line = self.line;
        let n_before = self.faults.len();
        for (field, fen) in [
            (BillField::MedfeeSumamt, line.medfee_sumamt_fen),
            (BillField::FulamtOwnpayAmt, line.fulamt_ownpay_amt_fen),
            (BillField::InscpScpAmt, line.inscp_scp_amt_fen),
            (BillField::HifpPay, line.hifp_pay_fen),
            (BillField::OthPay, line.oth_pay_fen),
            (BillField::HospPartAmt, line.hosp_part_amt_fen),
            (BillField::AcctPay, line.acct_pay_fen),
            (BillField::PsnCashPay, line.psn_cash_pay_fen),
        ] {
            if fen < 0 {
                self.fault(field, Fault::Negative);
            } else if fen >= AMOUNT_LIMIT_FEN {
                self.fault(field, Fault::TooLarge);
            }
        }
        if self.faults.len() > n_before {
            return;
        }
        let parts = line.hifp_pay_fen
            + line.oth_pay_fen
            + line.hosp_part_amt_fen
            + line.acct_pay_fen
            + line.psn_cash_pay_fen;
        if parts != line.medfee_sumamt_fen {
            self.fault(BillField::MedfeeSumamt, Fault::AmountsDisagree(Fen::new(parts)));
        }
        let kinds = line.inscp_scp_amt_fen + line.fulamt_ownpay_amt_fen;
        if kinds > line.medfee_sumamt_fen {
            self.fault(BillField::InscpScpAmt, Fault::ExceedsTotal(Fen::new(kinds)));
        }
        if line.hifp_pay_fen > line.inscp_scp_amt_fen {
            self.fault(BillField::HifpPay, Fault::ExceedsScope(Fen::new(line.inscp_scp_amt_fen)));
        }
    }

    fn flags(&mut self) {
        match self.line.refd_setl_flag {
            0 => {}
            1 => self.fault(BillField::RefdSetlFlag, Fault::Refunded),
            _ => self.fault(BillField::RefdSetlFlag, Fault::Malformed("0或1")),
        }
        if !matches!(self.line.vari_exit_flag, 0 | 1) {
            self.fault(BillField::VariExitFlag, Fault::Malformed("0或1"));
        }
    }
}

/// A letter, two digits, then at most 17 letters, digits, `.`, `+` or `*`.
fn is_diagnosis(code: &str) -> bool {
    let bytes = code.as_bytes();
    (3..=20).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().all(u8::is_ascii_digit)
        && bytes[3..].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'*'))
}

/// Two digits, then a dot with at most 17 digits and `x`, or nothing.
fn is_procedure(code: &str) -> bool {
    let bytes = code.as_bytes();
    (2..=20).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_digit)
        && (bytes.len() == 2
            || (bytes.len() > 3
                && bytes[2] == b'.'
                && bytes[3..].iter().all(|b| b.is_ascii_digit() || *b == b'x')))
}

#[cfg(test)]
mod tests;
