use std::fmt;

use crate::GroupCode;

/// Something wrong with a published table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column by its heading; empty: the line or the table as a whole.
    pub column: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No line names a code and a weight.
    #[error("none of the first lines names a code (DRG编码) and a weight (RW, 权重)")]
    NoHeading,
    /// There is no row.
    #[error("there is a heading and nothing else")]
    NoRows,
    /// Another column says the same.
    #[error("another column says the same already")]
    SecondColumn,
    /// A word of the heading says whom the column is for, or what besides, and is not known.
    #[error("`{0}` in the heading is no level, fund line or institution that was named")]
    Whom(String),
    /// The line has more cells than the heading.
    #[error("the line has more cells than the heading")]
    TooLong,
    /// A cell that must not be empty is.
    #[error("is missing")]
    Missing,
    /// It is no group's code.
    #[error("`{0}` is no group's code")]
    NoCode(String),
    /// The group stood there before.
    #[error("the group {group} stands in line {first} already")]
    Twice {
        /// The group.
        group: GroupCode,
        /// The line where it stands first.
        first: usize,
    },
    /// It is no number of more than zero, nor words that say how else the group is paid.
    #[error("`{0}` is no number of more than 0")]
    NoNumber(String),
    /// A spreadsheet has shortened it.
    #[error("`{0}` was shortened by a spreadsheet; give all digits")]
    Shortened(String),
    /// It is neither yes nor no.
    #[error("`{0}` is neither yes (是) nor no (否, empty)")]
    NoFlag(String),
}

impl Fault {
    /// What is wrong, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::NoHeading => "前几行中没有同时包含DRG编码和权重（RW）的表头".to_owned(),
            Self::NoRows => "只有表头，没有数据".to_owned(),
            Self::Whom(word) => format!("表头中的“{word}”不明：不是医院级别，也不是所给的险种或医疗机构"),
            Self::SecondColumn => "与另一列含义重复".to_owned(),
            Self::TooLong => "单元格多于表头".to_owned(),
            Self::Missing => "不能为空".to_owned(),
            Self::NoCode(text) => format!("“{text}”不是DRG编码"),
            Self::Twice { group, first } => format!("{group}已在第{first}行出现"),
            Self::NoNumber(text) => format!("“{text}”不是大于0的数，或超出合理范围"),
            Self::Shortened(text) => format!("“{text}”已被电子表格截短，请给出全部数字"),
            Self::NoFlag(text) => format!("“{text}”不是“是”或“否”"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, fault } = self;
        if column.is_empty() {
            write!(f, "line {line}: {fault}")
        } else {
            write!(f, "line {line}, {column}: {fault}")
        }
    }
}

/// What a reader should know although nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A column whose heading says nothing known.
    LeftAlone {
        /// Its heading.
        column: String,
    },
    /// Amounts with parts of a fen, which were rounded half up.
    Rounded {
        /// The column's heading.
        column: String,
        /// How many.
        n_amounts: usize,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftAlone { column } => write!(f, "the column {column} is left alone"),
            Self::Rounded { column, n_amounts } => {
                write!(f, "{column}: {n_amounts} amounts have parts of a fen and are rounded half up")
            }
        }
    }
}
