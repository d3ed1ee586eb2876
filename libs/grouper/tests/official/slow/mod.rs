//! A second grouper: slow, obvious, and sharing nothing with the library. It
//! reads the raw tables its own way and scans every rule for every case.

use std::collections::{HashMap, HashSet};

mod complications;
mod csv;
mod words;

use crate::tables::{folder, text};

type Codes = HashSet<String>;

/// A condition of a rule, in the words of the tables.
#[derive(Debug)]
enum Condition {
    PrincipalDiagnosis(Codes),
    AnyDiagnosis(Codes),
    OtherDiagnosis(Codes),
    PrincipalProcedure(Codes),
    /// Each list by a procedure of its own.
    Procedures(Vec<Codes>),
    OperationNotIn(Codes),
    Operation,
    NoOperation,
    Days(u32, u32),
    Grams(u32, u32),
}

pub(crate) struct SlowGrouper {
    version: String,
    /// In the order they are tried, over all MDCs: ADRG and conditions.
    rules: Vec<(String, Vec<Condition>)>,
    order: Vec<char>,
    /// Each MDC's lists; MDCZ has one for each body region.
    tables: HashMap<char, Vec<Codes>>,
    drgs: HashSet<String>,
    operations: Codes,
    mcc: HashMap<String, String>,
    cc: HashMap<String, String>,
    exclusions: HashMap<String, String>,
    grey: Codes,
    diagnoses: Codes,
}

pub(crate) struct SlowCase<'c> {
    pub(crate) sex: u8,
    pub(crate) days: u32,
    pub(crate) grams: Option<u32>,
    pub(crate) diagnoses: Vec<&'c str>,
    pub(crate) procedures: Vec<&'c str>,
}

impl SlowGrouper {
    pub(crate) fn read(version: &str) -> Self {
        let mut slow = Self {
            version: version.to_owned(),
            rules: Vec::new(),
            order: "APYZMNOBCDEFGHIJKLQRSTUVWX".chars().collect(),
            tables: HashMap::new(),
            drgs: HashSet::new(),
            operations: Codes::new(),
            mcc: HashMap::new(),
            cc: HashMap::new(),
            exclusions: HashMap::new(),
            grey: Codes::new(),
            diagnoses: Codes::new(),
        };
        for name in ["ICD10医保版v2.0灰码.dat", "ICD9CM3医保版v2.0灰码.dat"] {
            slow.grey
                .extend(text(&format!("icd/{name}")).trim_start_matches('\u{feff}').lines().map(first_word));
        }
        slow.diagnoses.extend(text("icd/ICD10医保版v2.0.dat").lines().map(first_word));
        if version == "2.0" {
            slow.read_csv();
        } else {
            slow.read_words();
        }
        slow
    }

    /// The group: a DRG, `?QY`, `0000`, or `needs birth weight`.
    pub(crate) fn group(&self, case: &SlowCase<'_>) -> String {
        let Some(principal) = case.diagnoses.first() else { return "0000".to_owned() };
        let known = self.diagnoses.contains(*principal) || self.knows(principal);
        if !known || self.grey.contains(*principal) {
            return "0000".to_owned();
        }
        if case.procedures.first().is_some_and(|code| self.grey.contains(*code)) {
            return "0000".to_owned();
        }
        for letter in &self.order {
            if !self.enters(*letter, case) {
                continue;
            }
            let surgical_only = case.procedures.first().is_some_and(|code| self.operations.contains(*code));
            for (adrg, conditions) in self.rules.iter().filter(|(adrg, _)| adrg.starts_with(*letter)) {
                let surgical = adrg.as_bytes()[1] < b'R';
                if surgical_only && !surgical || self.version == "2.0" && !self.newborn_surgery(adrg, case) {
                    continue;
                }
                let (weights, others): (Vec<_>, Vec<_>) =
                    conditions.iter().partition(|condition| matches!(condition, Condition::Grams(..)));
                if !others.iter().all(|condition| self.holds(condition, case)) {
                    continue;
                }
                if !weights.is_empty() && case.grams.is_none() {
                    return "needs birth weight".to_owned();
                }
                if weights.iter().all(|condition| self.holds(condition, case)) {
                    return self.divided(adrg, case);
                }
            }
            if *letter == 'A' {
                continue;
            }
            return if surgical_only { format!("{letter}QY") } else { "0000".to_owned() };
        }
        "0000".to_owned()
    }

    fn knows(&self, code: &str) -> bool {
        let of_rule = |condition: &Condition| match condition {
            Condition::PrincipalDiagnosis(codes)
            | Condition::AnyDiagnosis(codes)
            | Condition::OtherDiagnosis(codes) => codes.contains(code),
            Condition::PrincipalProcedure(_)
            | Condition::Procedures(_)
            | Condition::OperationNotIn(_)
            | Condition::Operation
            | Condition::NoOperation
            | Condition::Days(..)
            | Condition::Grams(..) => false,
        };
        [&self.mcc, &self.cc, &self.exclusions].iter().any(|table| table.contains_key(code))
            || self.tables.values().flatten().any(|codes| codes.contains(code))
            || self.rules.iter().flat_map(|(_, conditions)| conditions).any(of_rule)
    }

    /// In 2.0, which has no table of MDCP, surgery of newborns wants a diagnosis that MDCP's rules name.
    fn newborn_surgery(&self, adrg: &str, case: &SlowCase<'_>) -> bool {
        !adrg.starts_with('P') || adrg.as_bytes()[1] >= b'R' || self.of_newborns(case.diagnoses[0])
    }

    fn of_newborns(&self, code: &str) -> bool {
        self.rules
            .iter()
            .filter(|(adrg, _)| adrg.starts_with('P'))
            .flat_map(|(_, conditions)| conditions)
            .any(|condition| match condition {
                Condition::PrincipalDiagnosis(codes) | Condition::AnyDiagnosis(codes) => codes.contains(code),
                Condition::OtherDiagnosis(_)
                | Condition::PrincipalProcedure(_)
                | Condition::Procedures(_)
                | Condition::OperationNotIn(_)
                | Condition::Operation
                | Condition::NoOperation
                | Condition::Days(..)
                | Condition::Grams(..) => false,
            })
    }

    fn enters(&self, letter: char, case: &SlowCase<'_>) -> bool {
        let empty = Vec::new();
        let lists = self.tables.get(&letter).unwrap_or(&empty);
        let principal = case.diagnoses[0];
        let listed = |code: &str| lists.iter().any(|list| list.contains(code));
        match letter {
            'A' => !case.procedures.is_empty(),
            'P' if self.version == "2.0" => case.days <= 28 || case.days < 365 && self.of_newborns(principal),
            'P' => case.days < 365 && listed(principal),
            // 1.0 and 1.1 write 包含以下主要诊断 over the table of HIV, the others 包含以下诊断 or 诊断表.
            'Y' if !["1.0", "1.1"].contains(&self.version.as_str()) => {
                case.diagnoses.iter().any(|code| listed(code))
            }
            // Beijing writes 包含以下诊断 over each part of the body, the others 包含以下主要诊断.
            'Z' => {
                let hurt = |list: &&Codes| case.diagnoses.iter().any(|code| list.contains(*code));
                lists.iter().filter(hurt).count() >= 2 && (self.version == "1.1-beijing" || listed(principal))
            }
            'M' => listed(principal) && case.sex == 1,
            'N' | 'O' => listed(principal) && case.sex == 2,
            _ => listed(principal),
        }
    }

    fn holds(&self, condition: &Condition, case: &SlowCase<'_>) -> bool {
        let operation = |code: &&&str| self.operations.contains(**code);
        match condition {
            Condition::PrincipalDiagnosis(codes) => codes.contains(case.diagnoses[0]),
            Condition::AnyDiagnosis(codes) => case.diagnoses.iter().any(|code| codes.contains(*code)),
            Condition::OtherDiagnosis(codes) => case.diagnoses[1..].iter().any(|code| codes.contains(*code)),
            Condition::PrincipalProcedure(codes) => {
                case.procedures.first().is_some_and(|p| codes.contains(*p))
            }
            Condition::Procedures(lists) => each_its_own(lists, &case.procedures),
            Condition::OperationNotIn(codes) => {
                case.procedures.iter().filter(operation).any(|code| !codes.contains(*code))
            }
            Condition::Operation => case.procedures.iter().filter(operation).count() > 0,
            Condition::NoOperation => case.procedures.iter().filter(operation).count() == 0,
            Condition::Days(from, to) => (*from..=*to).contains(&case.days),
            Condition::Grams(from, to) => case.grams.is_some_and(|grams| (*from..=*to).contains(&grams)),
        }
    }

    fn divided(&self, adrg: &str, case: &SlowCase<'_>) -> String {
        let excluded_by = self.exclusions.get(case.diagnoses[0]);
        let counts = |table: &HashMap<String, String>| {
            case.diagnoses[1..].iter().any(|code| table.get(*code).is_some_and(|id| Some(id) != excluded_by))
        };
        let wanted = if counts(&self.mcc) {
            "1359"
        } else if counts(&self.cc) {
            "359"
        } else {
            "59"
        };
        let drg = wanted.chars().map(|digit| format!("{adrg}{digit}")).find(|drg| self.drgs.contains(drg));
        drg.unwrap_or_else(|| "0000".to_owned())
    }
}

/// Whether each list can be met by another one of the procedures: tries every order.
fn each_its_own(lists: &[Codes], procedures: &[&str]) -> bool {
    let Some((list, rest)) = lists.split_first() else { return true };
    (0..procedures.len()).any(|i| {
        let mut left = procedures.to_vec();
        list.contains(left.remove(i)) && each_its_own(rest, &left)
    })
}

fn first_word(line: &str) -> String {
    line.split_whitespace().next().unwrap_or_default().to_owned()
}

/// All codes that the tables know, for drawing cases.
pub(crate) fn code_lists() -> (Vec<String>, Vec<String>) {
    assert!(folder().is_dir());
    let read = |name: &str| text(&format!("icd/{name}")).lines().map(first_word).collect();
    (read("ICD10医保版v2.0.dat"), read("ICD9CM3医保版v2.0.dat"))
}
