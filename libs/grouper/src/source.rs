//! A scheme as its tables say it, before codes are interned.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{Choices, Severity, Sex};

/// A list of codes.
pub type Codes = BTreeSet<String>;

/// A scheme's tables, read whole.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The scheme's name, e.g. `chs-drg-1.1`.
    pub name: String,
    /// What groupers do differently, chosen for this scheme.
    pub choices: Choices,
    /// Every MDC.
    pub mdcs: Vec<MdcSource>,
    /// Rules in the order they are tried inside their MDC.
    pub rules: Vec<RuleSource>,
    /// Every ADRG's name.
    pub adrg_names: BTreeMap<String, String>,
    /// Every DRG.
    pub drgs: Vec<DrgSource>,
    /// Sub-groups by conditions, in the order they are tried inside their ADRG.
    pub divisions: Vec<DivisionSource>,
    /// Other diagnoses that are major complications (MCC), with their exclusion table.
    pub mcc: BTreeMap<String, u16>,
    /// Other diagnoses that are complications (CC), with their exclusion table.
    pub cc: BTreeMap<String, u16>,
    /// Principal diagnoses, with the exclusion table (排除表) they stand in.
    pub excluded_by: BTreeMap<String, u16>,
    /// What exclusion tables are called beside their number.
    pub exclusion_names: BTreeMap<u16, String>,
    /// The published table of valid procedures, if there is one.
    pub valid_procedures: Codes,
    /// All diagnoses of the code list; empty: those the tables name.
    pub diagnoses: Codes,
    /// All procedures of the code list; empty: those the tables name.
    pub procedures: Codes,
    /// What the code lists call codes.
    pub code_names: BTreeMap<String, String>,
    /// Diagnoses that may not be a principal one (灰码).
    pub grey_diagnoses: Codes,
    /// Procedures that may not be a principal one (灰码).
    pub grey_procedures: Codes,
    /// The lists hold categories (`I21`, `36.0`) instead of codes; a code goes by the
    /// longest category that it begins with.
    pub by_category: bool,
    /// Where each code stands.
    pub places: Places,
}

/// The exclusion table of a complication that nothing excludes (排除内容：无).
pub const EXCLUDED_BY_NONE: u16 = u16::MAX;

/// A major diagnostic category (主要诊断大类).
#[derive(Clone, Debug)]
pub struct MdcSource {
    /// Its code, e.g. `MDCB`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How a case comes in.
    pub entry: EntrySource,
    /// What the body regions of [`EntrySource::Trauma`] are called.
    pub regions: Vec<String>,
}

/// How a case comes into an MDC.
#[derive(Clone, Debug)]
pub enum EntrySource {
    /// By a rule of the MDC, whatever the principal diagnosis (MDCA).
    AnyRule,
    /// By age and principal diagnosis (MDCP). No list: at most 28 days of age are
    /// enough, and from 29 days to under one year a diagnosis that a rule of the MDC names.
    Newborn(Codes),
    /// By HIV (MDCY).
    Hiv(Codes),
    /// By trauma in at least two body regions (MDCZ).
    Trauma(Vec<Codes>),
    /// By the principal diagnosis, whatever the sex.
    Principal(Codes),
    /// By the principal diagnosis of a man (MDCM).
    MalePrincipal(Codes),
    /// By the principal diagnosis of a woman (MDCN, MDCO).
    FemalePrincipal(Codes),
}

impl EntrySource {
    /// The entry of the MDC with this letter, by its lists.
    #[must_use]
    pub fn of_letter(letter: &str, lists: Vec<Codes>) -> Self {
        let all = || lists.iter().flatten().cloned().collect();
        match letter {
            "A" => Self::AnyRule,
            "P" => Self::Newborn(all()),
            "Y" => Self::Hiv(all()),
            "Z" => Self::Trauma(lists),
            "M" => Self::MalePrincipal(all()),
            "N" | "O" => Self::FemalePrincipal(all()),
            _ => Self::Principal(all()),
        }
    }

    /// Its lists.
    #[must_use]
    pub fn lists(&self) -> &[Codes] {
        match self {
            Self::AnyRule => &[],
            Self::Trauma(regions) => regions,
            Self::Newborn(codes)
            | Self::Hiv(codes)
            | Self::Principal(codes)
            | Self::MalePrincipal(codes)
            | Self::FemalePrincipal(codes) => std::slice::from_ref(codes),
        }
    }

    pub(crate) fn lists_mut(&mut self) -> &mut [Codes] {
        match self {
            Self::AnyRule => &mut [],
            Self::Trauma(regions) => regions,
            Self::Newborn(codes)
            | Self::Hiv(codes)
            | Self::Principal(codes)
            | Self::MalePrincipal(codes)
            | Self::FemalePrincipal(codes) => std::slice::from_mut(codes),
        }
    }
}

/// One way into an ADRG: all of its tests hold.
#[derive(Clone, Debug)]
pub struct RuleSource {
    /// The ADRG's code, e.g. `BB1`.
    pub adrg: String,
    /// Which way, where an ADRG has several, e.g. `JA1_2`.
    pub variant: String,
    /// What must hold.
    pub tests: Vec<TestSource>,
    /// By the place of a test, what its list is called where the ADRG and what is tested do not say.
    pub tables: BTreeMap<usize, TableSource>,
    /// The file it stands in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// What a rule's list is called, so that an explanation can name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSource {
    /// Its name in the tables, e.g. `JA1 手术表 4`; empty: it has none of its own.
    pub name: String,
    /// By category what took it into the list, e.g. `I21-I22 急性心肌梗死`.
    pub items: BTreeMap<String, String>,
}

/// A sub-group that conditions divide off from its ADRG before severity does (细分组).
#[derive(Clone, Debug)]
pub struct DivisionSource {
    /// The code of its DRG, whose first three characters are its ADRG's.
    pub drg: String,
    /// What must hold.
    pub tests: Vec<TestSource>,
    /// The file it stands in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// One test of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestSource {
    /// The principal diagnosis stands in the list (主诊断匹配).
    PrincipalDiagnosis(Codes),
    /// Any diagnosis does (某一诊断匹配).
    AnyDiagnosis(Codes),
    /// Any diagnosis but the principal does (其他诊断匹配).
    OtherDiagnosis(Codes),
    /// The principal procedure does (主手术匹配).
    PrincipalProcedure(Codes),
    /// Any procedure does (某一手术匹配).
    AnyProcedure(Codes),
    /// There is an operation that does not (除某表以外的手术).
    OperationOutside(Codes),
    /// There is an operation (存在手术).
    SomeOperation,
    /// There is none (无手术).
    NoOperation,
    /// At most 28 days old (新生儿).
    Newborn,
    /// From 29 days to under one year (非新生儿).
    Infant,
    /// Birth weight in grams, from..below.
    BirthWeight(u16, u16),
    /// Age in years, from..=to.
    AgeYears(u16, u16),
    /// Age in days, from..=to.
    AgeDays(u32, u32),
    /// Days of stay (住院天数), from..=to.
    StayDays(u16, u16),
    /// The sex.
    OfSex(Sex),
    /// The severest other diagnosis that counts is one of these (MCC, CC, neither).
    Severity(BTreeSet<Severity>),
}

impl TestSource {
    /// Its list of diagnoses.
    #[must_use]
    pub fn diagnoses(&self) -> Option<&Codes> {
        let of_diagnoses =
            matches!(self, Self::PrincipalDiagnosis(_) | Self::AnyDiagnosis(_) | Self::OtherDiagnosis(_));
        self.codes().filter(|_| of_diagnoses)
    }

    /// Its list of procedures.
    #[must_use]
    pub fn procedures(&self) -> Option<&Codes> {
        let of_procedures =
            matches!(self, Self::PrincipalProcedure(_) | Self::AnyProcedure(_) | Self::OperationOutside(_));
        self.codes().filter(|_| of_procedures)
    }

    /// Its list.
    #[must_use]
    pub fn codes(&self) -> Option<&Codes> {
        match self {
            Self::PrincipalDiagnosis(codes)
            | Self::AnyDiagnosis(codes)
            | Self::OtherDiagnosis(codes)
            | Self::PrincipalProcedure(codes)
            | Self::AnyProcedure(codes)
            | Self::OperationOutside(codes) => Some(codes),
            Self::SomeOperation
            | Self::NoOperation
            | Self::Newborn
            | Self::Infant
            | Self::BirthWeight(..)
            | Self::AgeYears(..)
            | Self::AgeDays(..)
            | Self::StayDays(..)
            | Self::OfSex(_)
            | Self::Severity(_) => None,
        }
    }

    pub(crate) fn codes_mut(&mut self) -> Option<&mut Codes> {
        match self {
            Self::PrincipalDiagnosis(codes)
            | Self::AnyDiagnosis(codes)
            | Self::OtherDiagnosis(codes)
            | Self::PrincipalProcedure(codes)
            | Self::AnyProcedure(codes)
            | Self::OperationOutside(codes) => Some(codes),
            Self::SomeOperation
            | Self::NoOperation
            | Self::Newborn
            | Self::Infant
            | Self::BirthWeight(..)
            | Self::AgeYears(..)
            | Self::AgeDays(..)
            | Self::StayDays(..)
            | Self::OfSex(_)
            | Self::Severity(_) => None,
        }
    }
}

/// A DRG.
#[derive(Clone, Debug)]
pub struct DrgSource {
    /// Its code, e.g. `BB11`.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Something in the tables that cannot be, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anomaly {
    /// The file, by its name below the scheme's folder.
    pub file: String,
    /// The line, from 1; 0 for the whole file.
    pub line: usize,
    /// What is wrong, in words.
    pub what: String,
    /// Whether a table or a group is lost, so that what is made without it groups otherwise; else it is a slip of a line.
    pub is_loss: bool,
}

impl Anomaly {
    /// A slip of a line.
    #[must_use]
    pub fn at(file: &str, line: usize, what: String) -> Self {
        Self { file: file.to_owned(), line, what, is_loss: false }
    }

    /// A table, or a group, that is lost.
    #[must_use]
    pub fn loss(file: &str, what: String) -> Self {
        Self { file: file.to_owned(), line: 0, what, is_loss: true }
    }
}

/// Where codes stand: by the MDC, ADRG rule or file that names them.
#[derive(Clone, Debug, Default)]
pub struct Places {
    files: Vec<String>,
    of_owner: HashMap<String, HashMap<String, (u16, u32)>>,
}

impl Places {
    /// Notes that `owner` names `code` in a line of a file; the first place stays.
    pub fn note(&mut self, owner: &str, code: &str, file: &str, line: usize) {
        let number = self.files.iter().position(|known| known == file).unwrap_or_else(|| {
            self.files.push(file.to_owned());
            self.files.len() - 1
        });
        let place = (u16::try_from(number).unwrap_or(u16::MAX), u32::try_from(line).unwrap_or(u32::MAX));
        if !self.of_owner.contains_key(owner) {
            self.of_owner.insert(owner.to_owned(), HashMap::new());
        }
        if let Some(codes) = self.of_owner.get_mut(owner) {
            codes.entry(code.to_owned()).or_insert(place);
        }
    }

    /// An anomaly at the place where `owner` names `code`.
    #[must_use]
    pub fn anomaly(&self, owner: &str, code: &str, what: String) -> Anomaly {
        let place = self.of_owner.get(owner).and_then(|codes| codes.get(code));
        match place {
            Some(&(file, line)) => Anomaly::at(&self.files[usize::from(file)], line as usize, what),
            None => Anomaly::at(owner, 0, what),
        }
    }

    /// Every owner that names `code`.
    pub fn owners<'p>(&'p self, code: &'p str) -> impl Iterator<Item = &'p str> {
        self.of_owner
            .iter()
            .filter(move |(_, codes)| codes.contains_key(code))
            .map(|(owner, _)| owner.as_str())
    }
}
