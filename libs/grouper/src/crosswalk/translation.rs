use std::fmt;

use super::{Fate, Known};
use crate::Case;

/// What became of a case's codes. [`fmt::Display`] writes it for a coder, in Chinese, a line for each code
/// that is no 医保 code already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation<'w> {
    /// Its diagnoses, in their order.
    pub diagnoses: Vec<Translated<'w>>,
    /// Its procedures, in their order.
    pub procedures: Vec<Translated<'w>>,
}

/// What became of one code. [`fmt::Display`] writes it in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translated<'w> {
    /// The code as it stands in the case.
    pub from: String,
    /// What became of it.
    pub fate: Fate<'w>,
}

impl Translation<'_> {
    /// Calls `work` with the case as grouping goes by it.
    pub fn with<T>(&self, case: &Case<'_>, work: impl FnOnce(&Case<'_>) -> T) -> T {
        let [diagnoses, procedures] = [&self.diagnoses, &self.procedures]
            .map(|codes| codes.iter().map(Translated::code).collect::<Vec<_>>());
        work(&Case { diagnoses: &diagnoses, procedures: &procedures, ..*case })
    }

    /// The codes that are no 医保 code already: mapped, ambiguous or unknown.
    pub fn told(&self) -> impl Iterator<Item = &Translated<'_>> {
        self.diagnoses.iter().chain(&self.procedures).filter(|code| !matches!(code.fate, Fate::Already(_)))
    }
}

impl Translated<'_> {
    /// The code that grouping goes by.
    #[must_use]
    pub fn code(&self) -> &str {
        self.fate.code(&self.from)
    }
}

impl fmt::Display for Translation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().try_for_each(|code| writeln!(f, "编码对照 {code}"))
    }
}

impl fmt::Display for Translated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = &self.from;
        match self.fate {
            Fate::Already(Known::SameInBoth) => write!(f, "{from}：国临与医保编码相同，保留原码"),
            Fate::Already(Known::ByTable) => write!(f, "{from}：在对照表中已是医保编码，保留原码"),
            Fate::Already(Known::ByScheme) => write!(f, "{from}：对照表中无此编码，分组方案中有，保留原码"),
            Fate::Mapped(to) => write!(f, "{from}：对照为 {to}"),
            Fate::Ambiguous(several) => {
                write!(f, "{from}：可对照为 {}，不唯一，保留原码", several.join("、"))
            }
            Fate::Unknown => write!(f, "{from}：对照表和分组方案中均无此编码，保留原码"),
        }
    }
}
