/// What a field of the settlement list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A code or an id: text that a spreadsheet must not turn into a number.
    Code,
    /// Words.
    Text,
    /// A civil day in Asia/Shanghai.
    Day,
    /// A whole number.
    Count,
    /// An amount: yuan with two decimals in a file, fen in a message.
    Amount,
}

/// A field of a bill, by its name in the national settlement list (医保基金结算清单); the last two are not in it.
///
/// The order is that of the columns of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named and described once, in the table below")]
pub enum BillField {
    SetlId,
    MdtrtId,
    PsnNo,
    Insutype,
    MedType,
    FixmedinsCode,
    Begndate,
    Enddate,
    SetlTime,
    IptDays,
    DscgWay,
    DiseCodg,
    DiseName,
    OprnOprtCode,
    MedfeeSumamt,
    FulamtOwnpayAmt,
    InscpScpAmt,
    HifpPay,
    OthPay,
    HospPartAmt,
    AcctPay,
    PsnCashPay,
    RefdSetlFlag,
    Gend,
    Age,
    NwbAge,
    NwbBirWt,
    OthDiseCodg,
    OthOprnOprtCode,
    RefloutMedinsNo,
    VariExitFlag,
}

/// All fields, in the order of a file's columns.
pub const BILL_FIELDS: [BillField; 31] = [
    BillField::SetlId,
    BillField::MdtrtId,
    BillField::PsnNo,
    BillField::Insutype,
    BillField::MedType,
    BillField::FixmedinsCode,
    BillField::Begndate,
    BillField::Enddate,
    BillField::SetlTime,
    BillField::IptDays,
    BillField::DscgWay,
    BillField::DiseCodg,
    BillField::DiseName,
    BillField::OprnOprtCode,
    BillField::MedfeeSumamt,
    BillField::FulamtOwnpayAmt,
    BillField::InscpScpAmt,
    BillField::HifpPay,
    BillField::OthPay,
    BillField::HospPartAmt,
    BillField::AcctPay,
    BillField::PsnCashPay,
    BillField::RefdSetlFlag,
    BillField::Gend,
    BillField::Age,
    BillField::NwbAge,
    BillField::NwbBirWt,
    BillField::OthDiseCodg,
    BillField::OthOprnOprtCode,
    BillField::RefloutMedinsNo,
    BillField::VariExitFlag,
];

impl BillField {
    /// Name, Chinese term, content, and whether a bill of any kind must have it.
    const fn about(self) -> (&'static str, &'static str, Content, bool) {
        use self::Content::{Amount, Code, Count, Day, Text};
        match self {
            Self::SetlId => ("setl_id", "结算ID", Code, true),
            Self::MdtrtId => ("mdtrt_id", "就诊ID", Code, true),
            Self::PsnNo => ("psn_no", "人员编号", Code, true),
            Self::Insutype => ("insutype", "险种类型", Code, true),
            Self::MedType => ("med_type", "医疗类别", Code, true),
            Self::FixmedinsCode => ("fixmedins_code", "定点医药机构编号", Code, true),
            Self::Begndate => ("begndate", "开始日期", Day, true),
            Self::Enddate => ("enddate", "结束日期", Day, true),
            Self::SetlTime => ("setl_time", "结算时间", Day, true),
            Self::IptDays => ("ipt_days", "住院天数", Count, false),
            Self::DscgWay => ("dscg_way", "离院方式", Code, false),
            Self::DiseCodg => ("dise_codg", "主要诊断代码", Code, false),
            Self::DiseName => ("dise_name", "主要诊断名称", Text, false),
            Self::OprnOprtCode => ("oprn_oprt_code", "主要手术操作代码", Code, false),
            Self::MedfeeSumamt => ("medfee_sumamt", "医疗费总额", Amount, true),
            Self::FulamtOwnpayAmt => ("fulamt_ownpay_amt", "全自费金额", Amount, false),
            Self::InscpScpAmt => ("inscp_scp_amt", "符合政策范围金额", Amount, false),
            Self::HifpPay => ("hifp_pay", "统筹基金支出", Amount, false),
            Self::OthPay => ("oth_pay", "其他基金支出", Amount, false),
            Self::HospPartAmt => ("hosp_part_amt", "医院负担金额", Amount, false),
            Self::AcctPay => ("acct_pay", "个人账户支出", Amount, false),
            Self::PsnCashPay => ("psn_cash_pay", "个人现金支出", Amount, false),
            Self::RefdSetlFlag => ("refd_setl_flag", "退费结算标志", Count, false),
            Self::Gend => ("gend", "性别", Code, false),
            Self::Age => ("age", "年龄", Count, false),
            Self::NwbAge => ("nwb_age", "不足一周岁的年龄", Count, false),
            Self::NwbBirWt => ("nwb_bir_wt", "新生儿出生体重", Count, false),
            Self::OthDiseCodg => ("oth_dise_codg", "其他诊断代码", Code, false),
            Self::OthOprnOprtCode => ("oth_oprn_oprt_code", "其他手术操作代码", Code, false),
            Self::RefloutMedinsNo => ("reflout_medins_no", "转出定点医药机构编号", Code, false),
            Self::VariExitFlag => ("vari_exit_flag", "变异退出标志", Count, false),
        }
    }

    /// The name in the settlement list, which heads a file's column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.about().0
    }

    /// The Chinese term, which a file's column may have instead.
    #[must_use]
    pub const fn term(self) -> &'static str {
        self.about().1
    }

    /// What it holds.
    #[must_use]
    pub const fn content(self) -> Content {
        self.about().2
    }

    /// Whether a bill of any kind of care must have it. More are required of inpatients.
    #[must_use]
    pub const fn is_required(self) -> bool {
        self.about().3
    }

    /// The field whose name or Chinese term heads a column.
    #[must_use]
    pub fn from_heading(heading: &str) -> Option<Self> {
        let heading = heading.trim_start_matches('\u{feff}').trim();
        BILL_FIELDS.into_iter().find(|f| f.name().eq_ignore_ascii_case(heading) || f.term() == heading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_once_and_in_the_order_of_its_declaration() {
        assert!(BILL_FIELDS.is_sorted_by(|a, b| a < b));
        let names: std::collections::BTreeSet<_> = BILL_FIELDS.iter().map(|f| f.name()).collect();
        assert_eq!(names.len(), BILL_FIELDS.len());
    }

    #[test]
    fn a_column_is_known_by_its_name_or_its_term() {
        assert_eq!(BillField::from_heading("\u{feff}setl_id"), Some(BillField::SetlId));
        assert_eq!(BillField::from_heading(" HIFP_PAY "), Some(BillField::HifpPay));
        assert_eq!(BillField::from_heading("医疗费总额"), Some(BillField::MedfeeSumamt));
        assert_eq!(BillField::from_heading("name"), None);
    }
}
