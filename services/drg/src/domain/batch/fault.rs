use medfund_grouper::batch::{HeaderError, LONGEST_ID, LONGEST_LINE, LineError, MOST_VALUES, TextError};
use medfund_grouper::quality::{Finding, Level};

/// How much a fault weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultLevel {
    /// The line is no case and has no answer.
    Refused,
    /// The case is not grouped.
    Blocking,
    /// The case is grouped.
    Warning,
}

/// Something that is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The line, from 1.
    pub line: i64,
    /// The case's id; empty: the line is no case.
    pub case_id: String,
    /// How much it weighs.
    pub level: FaultLevel,
    /// The column; empty: the line as a whole.
    pub field: &'static str,
    /// Which of the column's values, from 0.
    pub index: Option<i32>,
    /// What is wrong, as a stable code.
    pub reason: &'static str,
    /// What stands there, cut to 40 characters.
    pub value: String,
    /// What is wrong, in Chinese.
    pub text_zh: String,
}

/// Why a file is no case list, in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoCaseList(pub String);

impl LineFault {
    pub(super) fn of_line(line: i64, error: LineError) -> Self {
        let (field, reason, value, text_zh) = match error {
            LineError::TooShort(column) => {
                (column, "TOO_FEW_COLUMNS", String::new(), format!("该行列数不足，缺少 {column} 列"))
            }
            LineError::TooLong(value) => {
                ("", "TOO_MANY_COLUMNS", value, "表头最后一列之后还有内容，可能误用了逗号".to_owned())
            }
            LineError::Unreadable { column, value } => {
                (column, "UNREADABLE", value, format!("{column} 列的内容无法识别"))
            }
            LineError::IdTooLong => {
                ("id", "ID_TOO_LONG", String::new(), format!("病例标识超过 {LONGEST_ID} 字节"))
            }
            LineError::TooManyValues(column) => {
                (column, "TOO_MANY_VALUES", String::new(), format!("{column} 列超过 {MOST_VALUES} 项"))
            }
            LineError::OpenQuote => ("", "OPEN_QUOTE", String::new(), "引号未闭合".to_owned()),
        };
        Self { value, ..Self::refused(line, field, reason, text_zh) }
    }

    pub(super) fn too_long(line: i64) -> Self {
        Self::refused(line, "", "TOO_LONG", format!("该行超过 {LONGEST_LINE} 字节"))
    }

    pub(super) fn no_text(line: i64) -> Self {
        Self::refused(line, "", "NOT_TEXT", "该行的字符编码与前文不一致".to_owned())
    }

    pub(super) fn holds_nul(line: i64) -> Self {
        Self::refused(line, "", "NOT_TEXT", "该行含有空字符（NUL），文件可能已损坏".to_owned())
    }

    pub(super) fn of_finding(line: i64, case_id: &str, finding: &Finding) -> Self {
        let level = match finding.level {
            Level::Blocking => FaultLevel::Blocking,
            Level::Warning => FaultLevel::Warning,
        };
        Self {
            line,
            case_id: case_id.to_owned(),
            level,
            field: finding.field.name(),
            index: finding.index.and_then(|index| i32::try_from(index).ok()),
            reason: finding.kind.code(),
            value: finding.value.chars().take(40).collect(),
            text_zh: finding.kind.zh().to_owned(),
        }
    }

    fn refused(line: i64, field: &'static str, reason: &'static str, text_zh: String) -> Self {
        let level = FaultLevel::Refused;
        Self {
            line,
            case_id: String::new(),
            level,
            field,
            index: None,
            reason,
            value: String::new(),
            text_zh,
        }
    }
}

impl From<HeaderError> for NoCaseList {
    fn from(error: HeaderError) -> Self {
        Self(match error {
            HeaderError::Missing(columns) => format!("表头缺少列：{}", columns.join("、")),
            HeaderError::Twice(column) => format!("表头有重复的列：{column}"),
            HeaderError::OpenQuote => "表头引号未闭合".to_owned(),
        })
    }
}

impl From<TextError> for NoCaseList {
    fn from(error: TextError) -> Self {
        let text = match error {
            TextError::Utf16 => "文件是 UTF-16 编码，请另存为 UTF-8 或 GB18030 编码的 CSV",
            TextError::Archive => "文件不是 CSV，而是 Excel 文件或压缩文件",
            TextError::NotUtf8 | TextError::Neither => "文件既不是 UTF-8 也不是 GB18030 编码",
        };
        Self(text.to_owned())
    }
}
