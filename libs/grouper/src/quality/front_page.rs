use chrono::NaiveDate;
use medfund_money::Fen;

use crate::Case;

/// A discharge's list (病案首页、医保基金结算清单), as far as it is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrontPage<'a> {
    /// The case's id.
    pub id: &'a str,
    /// What grouping looks at.
    pub case: Case<'a>,
    /// The day of admission (入院日期).
    pub admission_date: Given<NaiveDate>,
    /// The day of discharge (出院日期).
    pub discharge_date: Given<NaiveDate>,
    /// How the patient left (离院方式).
    pub discharge: Given<Discharge>,
    /// The day of each procedure, in their order (手术操作日期).
    pub procedure_dates: Given<&'a [Option<NaiveDate>]>,
    /// The total cost (总费用).
    pub total_cost: Given<Fen>,
    /// Its parts by kind (分项费用).
    pub costs: Given<&'a [Fen]>,
}

/// A field of a list that may not be among the list's fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// The list has no such field: nothing is said of it.
    #[default]
    NotAsked,
    /// The field is there and empty.
    Empty,
    /// What stands there.
    Is(T),
}

impl<T> Given<T> {
    /// What stands there, if something does.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::NotAsked | Self::Empty => None,
        }
    }
}

/// How a patient left, as the front page codes it (离院方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discharge {
    /// 1, by order (医嘱离院).
    ByOrder,
    /// 2, to another hospital by order (医嘱转院).
    Transferred,
    /// 3, to primary care by order (医嘱转社区).
    TransferredToPrimaryCare,
    /// 4, against advice (非医嘱离院).
    AgainstAdvice,
    /// 5, died (死亡).
    Died,
    /// 9, otherwise (其他).
    Other,
}
