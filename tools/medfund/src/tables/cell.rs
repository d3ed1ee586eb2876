//! What stands in a column.

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its Chinese term, which may head it instead.
    pub term: &'static str,
    /// What it holds.
    pub content: Content,
    /// Whether a table without it is refused.
    pub is_required: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A code: text that a spreadsheet must not turn into a number.
    Code,
    /// Words.
    Text,
    /// A civil day.
    Day,
    /// A whole number.
    Count,
    /// An amount in yuan with two decimals.
    Amount,
    /// An exact decimal.
    Decimal,
}

impl Column {
    /// A column that a table must have.
    #[must_use]
    pub const fn required(name: &'static str, term: &'static str, content: Content) -> Self {
        Self { name, term, content, is_required: true }
    }

    /// A column that a table may have.
    #[must_use]
    pub const fn optional(name: &'static str, term: &'static str, content: Content) -> Self {
        Self { name, term, content, is_required: false }
    }

    /// Whether `heading` heads this column.
    #[must_use]
    pub fn is_headed(&self, heading: &str) -> bool {
        let heading = heading.trim_start_matches('\u{feff}').trim();
        self.name.eq_ignore_ascii_case(heading) || self.term == heading
    }
}
