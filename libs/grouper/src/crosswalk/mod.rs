//! National clinical codes (国临) to the insurance's codes (医保), by the published tables (编码对照).

mod fault;
mod read;
mod swapped;
mod translation;

pub use fault::{Fault, Problem};
pub(crate) use read::pair;
pub use swapped::Swapped;
pub use translation::{Translated, Translation};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::codes::CodeTable;
use crate::{Case, Scheme};

/// A crosswalk (编码对照表) from clinical codes to 医保 codes: diagnoses and procedures.
///
/// It maps once: what a code becomes is not looked up again, since some codes are a clinical one
/// and another thing's 医保 code. A list that is translated is taken to be in clinical codes.
#[derive(Clone, Debug)]
pub struct Crosswalk {
    diagnoses: Side,
    procedures: Side,
}

/// What becomes of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate<'w> {
    /// It stays: it is a 医保 code already.
    Already(Known),
    /// It becomes this code.
    Mapped(&'w str),
    /// It stays: the table names several codes for it, in the order of their text.
    Ambiguous(&'w [String]),
    /// It stays: the table has it on neither side.
    Unknown,
}

/// How a code is known to be a 医保 code already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The table says that it is the same in both lists.
    SameInBoth,
    /// The table has it as a 医保 code alone.
    ByTable,
    /// The table has it on neither side, the scheme that groups knows it.
    ByScheme,
}

impl<'c> Fate<'c> {
    /// The code that grouping goes by, of one that was `from`.
    #[must_use]
    pub fn code(self, from: &'c str) -> &'c str {
        match self {
            Self::Mapped(to) => to,
            Self::Already(_) | Self::Ambiguous(_) | Self::Unknown => from,
        }
    }

    /// The fate of a code that the table does not have, but a scheme does.
    fn or_known(self, by_scheme: impl FnOnce() -> bool) -> Self {
        if self == Self::Unknown && by_scheme() { Self::Already(Known::ByScheme) } else { self }
    }
}

/// What a crosswalk says of one kind of code.
#[derive(Clone, Debug)]
struct Side {
    from: CodeTable,
    /// What each code of `from` becomes; more than one: ambiguous.
    to: Vec<Vec<String>>,
    /// Every code that another becomes.
    targets: CodeTable,
}

/// What a kind's codes become, as the table's lines say it.
type Pairs = BTreeMap<String, BTreeSet<String>>;

impl Side {
    fn of(pairs: Pairs) -> Self {
        Self {
            from: CodeTable::new(pairs.keys().map(String::as_str), false),
            targets: CodeTable::new(pairs.values().flatten().map(String::as_str), false),
            to: pairs.into_values().map(|to| to.into_iter().collect()).collect(),
        }
    }

    fn fate<'w>(&'w self, code: &str) -> Fate<'w> {
        match self.from.id(code).map(|id| self.to[id as usize].as_slice()) {
            Some([to]) if to == code => Fate::Already(Known::SameInBoth),
            Some([to]) => Fate::Mapped(to),
            Some(several) => Fate::Ambiguous(several),
            None if self.targets.id(code).is_some() => Fate::Already(Known::ByTable),
            None => Fate::Unknown,
        }
    }

    fn write(&self, text: &mut String) {
        for (id, several) in (0..).zip(&self.to) {
            for to in several {
                writeln!(text, "{} {to}", self.from.text(id)).expect("a string takes all that is written");
            }
        }
    }
}

impl Crosswalk {
    /// What becomes of a diagnosis.
    #[must_use]
    pub fn diagnosis(&self, code: &str) -> Fate<'_> {
        self.diagnoses.fate(code)
    }

    /// What becomes of a procedure.
    #[must_use]
    pub fn procedure(&self, code: &str) -> Fate<'_> {
        self.procedures.fate(code)
    }

    /// What becomes of each code of a case that `scheme` will group. What the table does not have and
    /// the scheme does is a 医保 code already.
    #[must_use]
    pub fn translate(&self, case: &Case<'_>, scheme: &Scheme) -> Translation<'_> {
        let translated = |from: &str, fate| Translated { from: from.to_owned(), fate };
        let diagnosis = |code: &&str| translated(code, self.diagnosis_for(code, scheme));
        let procedure = |code: &&str| translated(code, self.procedure_for(code, scheme));
        Translation {
            diagnoses: case.diagnoses.iter().map(diagnosis).collect(),
            procedures: case.procedures.iter().map(procedure).collect(),
        }
    }

    pub(crate) fn diagnosis_for(&self, code: &str, scheme: &Scheme) -> Fate<'_> {
        self.diagnosis(code).or_known(|| scheme.diagnosis_codes.find(code).is_some())
    }

    pub(crate) fn procedure_for(&self, code: &str, scheme: &Scheme) -> Fate<'_> {
        self.procedure(code).or_known(|| scheme.procedure_codes.find(code).is_some())
    }

    /// How many diagnoses and procedures it translates.
    #[must_use]
    pub fn counts(&self) -> [usize; 2] {
        [self.diagnoses.from.len(), self.procedures.from.len()]
    }

    /// The crosswalk as text, `from to` a line, in the order of the codes; [`Crosswalk::read`] reads it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.diagnoses.write(&mut text);
        self.procedures.write(&mut text);
        text
    }

    /// The hash of its text, by which it is known: lower-case hexadecimal SHA-256. The order of the
    /// files' lines, and what else stands in them, does not matter.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.to_text()))
    }
}
