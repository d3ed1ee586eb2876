use std::ops::RangeInclusive;

/// What is wrong with a field of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's path.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// One thing that is wrong with one line of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The line, from 1.
    pub line_number: i64,
    /// The field, and what is wrong with it.
    pub at: FieldFault,
}

/// What may be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It must be given.
    Missing,
    /// It cannot be what it says.
    Unreadable,
    /// The number is not one of these.
    OutOfRange(RangeInclusive<i64>),
    /// The history's scheme has no such group.
    UnknownGroup,
    /// The fund paid more than the case cost.
    FundAboveCost,
    /// A line before has the same id.
    RepeatedId,
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "MISSING",
            Self::Unreadable => "UNREADABLE",
            Self::OutOfRange(_) => "OUT_OF_RANGE",
            Self::UnknownGroup => "UNKNOWN_GROUP",
            Self::FundAboveCost => "FUND_ABOVE_COST",
            Self::RepeatedId => "REPEATED_ID",
        }
    }

    /// The same in Chinese, with the numbers.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Missing => "必填项为空".to_owned(),
            Self::Unreadable => "内容不符合要求".to_owned(),
            Self::OutOfRange(range) if *range.end() == i64::MAX => format!("须不小于{}", range.start()),
            Self::OutOfRange(range) => format!("须为{}至{}", range.start(), range.end()),
            Self::UnknownGroup => "历史数据的分组方案中没有该病组".to_owned(),
            Self::FundAboveCost => "统筹基金支付大于总费用".to_owned(),
            Self::RepeatedId => "病例编号与前面的行重复".to_owned(),
        }
    }
}
