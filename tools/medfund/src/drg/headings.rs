//! How the tables that programs read are headed.

/// What heads the columns of answers, findings and moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Headings {
    /// Names, which stay the same for programs.
    #[default]
    En,
    /// Chinese terms, for people.
    Zh,
}

/// Every column by its name and its Chinese term.
pub(super) const TERMS: [(&str, &str); 16] = [
    ("id", "病例号"),
    ("status", "分组状态"),
    ("mdc", "主要诊断大类"),
    ("adrg", "核心疾病诊断相关组"),
    ("drg", "DRG编码"),
    ("mcc_not_excluded", "计入的MCC"),
    ("cc_not_excluded", "计入的CC"),
    ("translated", "编码转换"),
    ("level", "级别"),
    ("code", "规则"),
    ("field", "字段"),
    ("value", "值"),
    ("what", "问题"),
    ("translated_from", "转换前编码"),
    ("from", "原分组"),
    ("to", "新分组"),
];

impl Headings {
    /// What heads a column.
    pub(super) fn of(self, name: &str) -> &str {
        match self {
            Self::En => name,
            Self::Zh => TERMS.iter().find(|(known, _)| *known == name).map_or(name, |(_, term)| term),
        }
    }
}
