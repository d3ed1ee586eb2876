use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::code_names::CodeNames;
use crate::codes::CodeTable;
use crate::quality::Limits;
use crate::{Case, Choices, Grey, Sex};

/// A compiled grouping scheme: immutable, read whole, known by the hash of its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scheme {
    pub(crate) name: String,
    pub(crate) choices: Choices,
    pub(crate) mdcs: Vec<Mdc>,
    pub(crate) adrgs: Vec<Adrg>,
    pub(crate) drgs: Vec<Drg>,
    /// In the order they are tried; an MDC's rules stand together.
    pub(crate) rules: Vec<Rule>,
    pub(crate) diagnosis_codes: CodeTable,
    pub(crate) procedure_codes: CodeTable,
    pub(crate) diagnosis_names: CodeNames,
    pub(crate) procedure_names: CodeNames,
    pub(crate) diagnoses: Vec<Diagnosis>,
    pub(crate) procedures: Vec<Procedure>,
    /// Rules anchored to a principal diagnosis, by [`Diagnosis::rules`].
    pub(crate) diagnosis_rules: Vec<u16>,
    /// Lists a diagnosis stands in, by [`Diagnosis::lists`].
    pub(crate) diagnosis_lists: Vec<u16>,
    /// Rules anchored to a principal procedure, by [`Procedure::rules`].
    pub(crate) procedure_rules: Vec<u16>,
    /// Lists a procedure stands in, by [`Procedure::lists`].
    pub(crate) procedure_lists: Vec<u16>,
    /// Names of exclusion tables that have one beside their number, in the order of their numbers.
    pub(crate) exclusion_names: Vec<(u16, String)>,
    /// What takes categories into lists, by [`Table::items`].
    pub(crate) items: Vec<String>,
}

/// A run of entries in one of the scheme's flat tables.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) len: u16,
}

impl Span {
    pub(crate) fn of<T>(self, table: &[T]) -> &[T] {
        let start = self.start as usize;
        &table[start..start + usize::from(self.len)]
    }
}

/// What a diagnosis means to a scheme.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Diagnosis {
    pub(crate) rules: Span,
    pub(crate) lists: Span,
    /// Bit per MDC that it leads to as the principal diagnosis.
    pub(crate) mdcs: u32,
    /// Bit per body region of multiple trauma.
    pub(crate) trauma: u16,
    /// Exclusion table as a major complication; 0: it is none.
    pub(crate) mcc: u16,
    /// Exclusion table as a complication; 0: it is none.
    pub(crate) cc: u16,
    /// Exclusion table it stands in as the principal diagnosis; 0: in none.
    pub(crate) excluded_by: u16,
    pub(crate) hiv: bool,
    pub(crate) grey: bool,
}

/// What a procedure means to a scheme.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Procedure {
    pub(crate) rules: Span,
    pub(crate) lists: Span,
    /// It counts as an operation: for "any operation", "no operation" and the ambiguous group.
    pub(crate) operation: bool,
    pub(crate) grey: bool,
}

/// A compiled MDC.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Mdc {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) entry: Entry,
    /// Names of the body regions of [`Entry::Trauma`].
    pub(crate) regions: Vec<String>,
    pub(crate) first_rule: u16,
    pub(crate) end_rule: u16,
    /// Rules that neither a principal diagnosis nor a principal procedure leads to.
    pub(crate) unanchored: Vec<u16>,
}

/// How a case comes into an MDC; the codes are bits of [`Diagnosis`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Entry {
    AnyRule,
    /// By age; from 29 days also by a diagnosis that a rule of the MDC names.
    NewbornByAge,
    /// By age and a principal diagnosis of the MDC's table.
    NewbornByDiagnosis,
    Hiv,
    Trauma,
    Principal,
    MalePrincipal,
    FemalePrincipal,
}

/// A compiled ADRG and the DRGs it divides into.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Adrg {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) mdc: u8,
    /// The group with a major complication; if there is none, the next.
    pub(crate) with_mcc: Option<u16>,
    /// The group with a complication; if there is none, the last.
    pub(crate) with_cc: Option<u16>,
    /// The group of the rest.
    pub(crate) without: Option<u16>,
    /// Sub-groups that conditions divide off first, in their order.
    pub(crate) divisions: Vec<Division>,
}

/// A sub-group that conditions divide off from its ADRG.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Division {
    pub(crate) drg: u16,
    pub(crate) tests: Vec<Test>,
}

impl Adrg {
    /// Whether it is a surgical one or one of procedures outside the operating
    /// room (second letter A to Q), not a medical one (R to Z).
    pub(crate) fn is_surgical(&self) -> bool {
        self.code.as_bytes().get(1).is_some_and(|&letter| letter < b'R')
    }
}

/// A compiled DRG.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Drg {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// A compiled rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) adrg: u16,
    pub(crate) variant: String,
    /// What must hold beside the anchor.
    pub(crate) tests: Vec<Test>,
    pub(crate) anchor: Anchor,
    /// What its lists are called, where the ADRG and what is tested do not say.
    pub(crate) tables: Vec<Table>,
}

/// What a rule's list is called.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) list: List,
    pub(crate) name: String,
    /// Of a list by category: from a category's number on, that of what took it and those behind it in; ascending.
    pub(crate) items: Vec<(u32, u16)>,
}

/// A list of the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum List {
    OfDiagnoses(u16),
    OfProcedures(u16),
}

/// What leads to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Anchor {
    PrincipalDiagnosis(u16),
    PrincipalProcedure(u16),
    None,
}

/// A compiled test; a number is a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Test {
    PrincipalDiagnosis(u16),
    AnyDiagnosis(u16),
    OtherDiagnosis(u16),
    PrincipalProcedure(u16),
    AnyProcedure(u16),
    /// Several lists, each met by another procedure; at most four.
    DistinctProcedures([u16; 4]),
    OperationOutside(u16),
    SomeOperation,
    NoOperation,
    /// A principal diagnosis that some list of the newborns' MDC names.
    NewbornDiagnosis,
    Newborn,
    Infant,
    BirthWeight(u16, u16),
    AgeYears(u16, u16),
    AgeDays(u32, u32),
    StayDays(u16, u16),
    OfSex(Sex),
    /// By [`Severity`]: whether the severest that counts may be that one.
    Severity([bool; 3]),
}

/// What stands for the name of a group whose tables give none, as those of 2.0 do.
pub const NO_NAME: &str = "无名称";

/// No list: fills up [`Test::DistinctProcedures`].
pub(crate) const NO_LIST: u16 = u16::MAX;

/// Bytes that are no scheme.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SchemeError {
    /// They begin otherwise than a compiled scheme of this version.
    #[error("these bytes are no compiled scheme of this version")]
    NoScheme,
    /// They have changed since they were written.
    #[error("the compiled scheme is damaged: its bytes do not give the hash written before them")]
    Damaged,
    /// They name a rule, group or list that the scheme does not have.
    #[error("the compiled scheme does not hold together: no compiler wrote it")]
    Unsound,
}

/// What a compiled scheme begins with; then the hash of the rest, then the rest.
const MAGIC: &[u8] = b"medfund-drg-5\n";

impl Scheme {
    /// Reads a compiled scheme.
    ///
    /// # Errors
    ///
    /// [`SchemeError`] if the bytes are no compiled scheme of this version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SchemeError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(SchemeError::NoScheme)?;
        let (hash, body) = rest.split_first_chunk::<32>().ok_or(SchemeError::NoScheme)?;
        if Sha256::digest(body)[..] != hash[..] {
            return Err(SchemeError::Damaged);
        }
        let scheme: Self = postcard::from_bytes(body).map_err(|_| SchemeError::NoScheme)?;
        if scheme.is_sound() { Ok(scheme) } else { Err(SchemeError::Unsound) }
    }

    /// Writes the compiled scheme; the same scheme gives the same bytes.
    ///
    /// # Panics
    ///
    /// Never: every part has a written form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = self.body();
        [MAGIC, &Sha256::digest(&body)[..], &body].concat()
    }

    /// The scheme's hash, by which it is known: lower-case hexadecimal SHA-256.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.body()))
    }

    fn body(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("every part of a scheme has a written form")
    }

    /// The bounds of what can be in a list.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.choices.limits
    }

    /// What is chosen where the published text is silent.
    #[must_use]
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// The scheme's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether its rules name categories (`I21`, `36.0`) instead of codes.
    #[must_use]
    pub fn is_by_category(&self) -> bool {
        self.diagnosis_codes.is_by_category()
    }

    /// Whether it groups by grey codes (灰码), so that a case in a group may have one.
    #[must_use]
    pub fn groups_by_grey(&self) -> bool {
        [self.choices.grey_diagnosis, self.choices.grey_procedure].contains(&Grey::Groups)
    }

    /// The principal diagnosis and the principal procedure of a case, where they are grey codes.
    pub(crate) fn grey_principals<'c>(&self, case: &Case<'c>) -> [Option<&'c str>; 2] {
        let grey_diagnosis = |code: &&str| {
            let id = self.diagnosis_codes.find(code);
            id.is_some_and(|id| self.diagnoses[id as usize].grey)
        };
        let grey_procedure = |code: &&str| {
            let id = self.procedure_codes.find(code);
            id.is_some_and(|id| self.procedures[id as usize].grey)
        };
        let principal = |codes: &'c [&'c str]| codes.first().copied();
        [principal(case.diagnoses).filter(grey_diagnosis), principal(case.procedures).filter(grey_procedure)]
    }

    /// What the code lists call a diagnosis; empty: they have no name of it.
    #[must_use]
    pub fn diagnosis_name(&self, code: &str) -> &str {
        self.diagnosis_codes.id(code).map_or("", |id| self.diagnosis_names.get(id))
    }

    /// What the code lists call a procedure; empty: they have no name of it.
    #[must_use]
    pub fn procedure_name(&self, code: &str) -> &str {
        self.procedure_codes.id(code).map_or("", |id| self.procedure_names.get(id))
    }

    /// How many MDCs, ADRGs and DRGs it has.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        [self.mdcs.len(), self.adrgs.len(), self.drgs.len()]
    }

    /// Whether a group of it asks for days of stay.
    #[must_use]
    pub fn asks_for_stay(&self) -> bool {
        let of_rules = self.rules.iter().flat_map(|rule| &rule.tests);
        let of_divisions = self.adrgs.iter().flat_map(|adrg| &adrg.divisions).flat_map(|d| &d.tests);
        of_rules.chain(of_divisions).any(|test| matches!(test, Test::StayDays(..)))
    }

    /// An MDC's code, e.g. `MDCB`.
    #[must_use]
    pub fn mdc_code(&self, mdc: u8) -> &str {
        &self.mdcs[usize::from(mdc)].code
    }

    /// An MDC's letter, e.g. `B`.
    #[must_use]
    pub fn mdc_letter(&self, mdc: u8) -> &str {
        &self.mdc_code(mdc)[3..]
    }

    /// An MDC's name.
    #[must_use]
    pub fn mdc_name(&self, mdc: u8) -> &str {
        &self.mdcs[usize::from(mdc)].name
    }

    /// An ADRG's code, e.g. `BB1`.
    #[must_use]
    pub fn adrg_code(&self, adrg: u16) -> &str {
        &self.adrgs[usize::from(adrg)].code
    }

    /// An ADRG's name.
    #[must_use]
    pub fn adrg_name(&self, adrg: u16) -> &str {
        &self.adrgs[usize::from(adrg)].name
    }

    /// A DRG's code, e.g. `BB11`.
    #[must_use]
    pub fn drg_code(&self, drg: u16) -> &str {
        &self.drgs[usize::from(drg)].code
    }

    /// A DRG's name.
    #[must_use]
    pub fn drg_name(&self, drg: u16) -> &str {
        &self.drgs[usize::from(drg)].name
    }
}
