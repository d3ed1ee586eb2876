use chrono::NaiveDate;
use medfund_grouper::quality::Kind;
use medfund_money::Fen;
use medfund_types::{InstitutionCode, SettlementMonth};

use super::BillField;

/// What is wrong with a field of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was given.
    Required,
    /// The form is not the field's; what it should be, in Chinese.
    Malformed(&'static str),
    /// More characters than the field takes.
    TooLong(usize),
    /// A person's number that is somebody's identity number (公民身份号码).
    IdentityNumber,
    /// A code that neither the pack nor the national list knows.
    UnknownCode,
    /// The bill of an institution other than the uploader.
    OtherInstitution(InstitutionCode),
    /// The institution that sends the bill, where another is meant.
    OwnInstitution,
    /// Below zero.
    Negative,
    /// An amount or number that no bill has.
    TooLarge,
    /// More codes than the field takes.
    TooMany(usize),
    /// No grouping scheme is in force on the day of discharge.
    NoSchemeInForce,
    /// What list quality (质控) finds keeps the case from being grouped.
    ListQuality(Kind),
    /// Given for somebody who was not an inpatient.
    NotApplicable,
    /// Before a day that it must not be before.
    DatesDisordered(BillField, NaiveDate),
    /// Settled outside the upload's month.
    OtherMonth(SettlementMonth),
    /// Not the days in hospital that the dates give.
    DaysDisagree(i64),
    /// The total is not this sum of its payers' parts.
    AmountsDisagree(Fen),
    /// In-scope and self-paid parts add up to this, more than the total.
    ExceedsTotal(Fen),
    /// More than this part in scope.
    ExceedsScope(Fen),
    /// The settlement was refunded and is not billed.
    Refunded,
    /// The id stands in this earlier line of the file.
    DuplicateInFile(i64),
    /// The id was sent before with other content.
    BillDiffers,
    /// The id was withdrawn.
    BillWithdrawn,
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::Malformed(_) => "MALFORMED",
            Self::TooLong(_) => "TOO_LONG",
            Self::IdentityNumber => "IDENTITY_NUMBER",
            Self::UnknownCode => "UNKNOWN_CODE",
            Self::OtherInstitution(_) => "OTHER_INSTITUTION",
            Self::OwnInstitution => "OWN_INSTITUTION",
            Self::Negative => "NEGATIVE",
            Self::TooLarge => "TOO_LARGE",
            Self::TooMany(_) => "TOO_MANY",
            Self::NoSchemeInForce => "NO_SCHEME_IN_FORCE",
            Self::ListQuality(kind) => kind.code(),
            Self::NotApplicable => "NOT_APPLICABLE",
            Self::DatesDisordered(..) => "DATES_DISORDERED",
            Self::OtherMonth(_) => "OTHER_MONTH",
            Self::DaysDisagree(_) => "DAYS_DISAGREE",
            Self::AmountsDisagree(_) => "AMOUNTS_DISAGREE",
            Self::ExceedsTotal(_) => "EXCEEDS_TOTAL",
            Self::ExceedsScope(_) => "EXCEEDS_SCOPE",
            Self::Refunded => "REFUNDED",
            Self::DuplicateInFile(_) => "DUPLICATE_IN_FILE",
            Self::BillDiffers => "BILL_DIFFERS",
            Self::BillWithdrawn => "BILL_WITHDRAWN",
        }
    }
}

/// A fault, the field it stands in and the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The line in the file, from 1.
    pub line_number: i64,
    /// The settlement id as sent, cut to 30 characters.
    pub setl_id: String,
    /// The field.
    pub field: BillField,
    /// What is wrong with it.
    pub fault: Fault,
}

impl LineFault {
    /// The fault in Chinese, with the field's term and the numbers.
    #[must_use]
    pub fn message(&self) -> String {
        let term = self.field.term();
        match &self.fault {
            Fault::Required => format!("{term}不能为空"),
            Fault::Malformed(expected) => format!("{term}格式不正确，应为{expected}"),
            Fault::TooLong(limit) => format!("{term}超过{limit}个字符"),
            Fault::IdentityNumber => format!("{term}不得使用公民身份号码"),
            Fault::UnknownCode => format!("{term}不在编码表中"),
            Fault::OtherInstitution(uploader) => format!("{term}不是上传机构{uploader}"),
            Fault::OwnInstitution => format!("{term}不得为本机构"),
            Fault::Negative => format!("{term}不得小于零"),
            Fault::TooLarge => format!("{term}超出上限"),
            Fault::TooMany(limit) => format!("{term}超过{limit}个"),
            Fault::NoSchemeInForce => format!("{term}当日没有生效的分组方案"),
            Fault::ListQuality(kind) => format!("{term}：{}", kind.zh()),
            Fault::NotApplicable => format!("非住院结算不应填写{term}"),
            Fault::DatesDisordered(earlier, date) => format!("{term}早于{}{date}", earlier.term()),
            Fault::OtherMonth(month) => format!("{term}不在结算月{month}内"),
            Fault::DaysDisagree(days) => format!("{term}与起止日期不符，应为{days}天"),
            Fault::AmountsDisagree(parts) => format!("{term}不等于各方支付之和{}元", parts.to_yuan()),
            Fault::ExceedsTotal(parts) => {
                format!("{term}与全自费金额合计{}元，超过医疗费总额", parts.to_yuan())
            }
            Fault::ExceedsScope(scope) => format!("{term}超过符合政策范围金额{}元", scope.to_yuan()),
            Fault::Refunded => "已退费的结算不得申报".to_owned(),
            Fault::DuplicateInFile(line) => format!("{term}与第{line}行重复"),
            Fault::BillDiffers => format!("{term}已申报，且内容不同"),
            Fault::BillWithdrawn => format!("{term}已撤回，请重新结算后以新的{term}申报"),
        }
    }
}
