use chrono::NaiveDate;
use medfund_money::Fen;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number of a workbook, in its shortest decimal form.
    Number(String),
    /// A day of a workbook.
    Day(NaiveDate),
}

impl Cell {
    /// Text, or nothing.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// An amount.
    #[must_use]
    pub fn yuan(amount_fen: i64) -> Self {
        Self::Number(Fen::new(amount_fen).to_yuan())
    }

    /// A whole number.
    #[must_use]
    pub fn count(number: i64) -> Self {
        Self::Number(number.to_string())
    }

    /// What it says, without blanks around it.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Number(text) => text.trim().to_owned(),
            Self::Day(day) => day.to_string(),
        }
    }
}
