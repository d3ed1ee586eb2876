//! The tables, one a file; every function takes a connection and opens no transaction.

pub(crate) mod calendars;
pub(crate) mod decisions;
pub(crate) mod fund_years;
pub(crate) mod packs;
pub(crate) mod schema;

/// Takes a value that was checked before it was written.
fn held<T, E: std::fmt::Debug>(value: Result<T, E>) -> T {
    value.expect("the database holds what was checked before it was written")
}

/// A state as its column writes it.
trait Word: Sized + Copy + PartialEq + 'static {
    /// Every state with its word.
    const WORDS: &'static [(Self, &'static str)];

    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(state, _)| *state == self);
        found.expect("every state has a word").1
    }

    fn from_word(word: &str) -> Self {
        let found = Self::WORDS.iter().find(|(_, known)| *known == word);
        found.expect("the column's check holds the words").0
    }
}
