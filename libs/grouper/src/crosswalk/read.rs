use std::collections::BTreeMap;

use super::{Crosswalk, Fault, Pairs, Problem, Side};
use crate::read::Files;
use crate::read::lines::{Kind, lines, split_code};

/// The longest code, in bytes.
const LONGEST_CODE: usize = 40;

/// How many codes one may become: an answer names them all.
const MOST_TARGETS: usize = 100;

impl Crosswalk {
    /// Reads the files of a crosswalk: the clinical code and the 医保 code a line, with blanks, tabs or
    /// a comma between them. Diagnoses and procedures may stand in one file or in several.
    ///
    /// Every line that cannot be read is left out and told, with file and line; so is one that stands
    /// twice, and one that makes a code ambiguous.
    #[must_use]
    pub fn read(files: &Files) -> (Self, Vec<Problem>) {
        let [mut diagnoses, mut procedures]: [Pairs; 2] = [BTreeMap::new(), BTreeMap::new()];
        let mut problems = Vec::new();
        for (file, text) in files {
            for (line, content) in lines(text) {
                let told = read_pair(content).and_then(|[from, to]| {
                    let pairs =
                        if Kind::of(from) == Kind::Diagnosis { &mut diagnoses } else { &mut procedures };
                    add(pairs, from, to)
                });
                if let Err(fault) = told {
                    problems.push(Problem { file: file.clone(), line, fault });
                }
            }
        }
        (Self { diagnoses: Side::of(diagnoses), procedures: Side::of(procedures) }, problems)
    }
}

/// The two codes of a line, if it holds them and no more.
pub(crate) fn pair(content: &str) -> Option<[&str; 2]> {
    read_pair(content).ok()
}

fn read_pair(content: &str) -> Result<[&str; 2], Fault> {
    let mut fields = content.split(|c: char| c.is_whitespace() || c == ',').filter(|field| !field.is_empty());
    let (Some(from), Some(to), None) = (fields.next(), fields.next(), fields.next()) else {
        return Err(Fault::NotTwoCodes(shown(content)));
    };
    if let Some(field) = [from, to].into_iter().find(|field| !is_code(field)) {
        return Err(Fault::NoCode(shown(field)));
    }
    if Kind::of(from) == Kind::of(to) {
        Ok([from, to])
    } else {
        Err(Fault::KindsDiffer { from: from.to_owned(), to: to.to_owned() })
    }
}

/// What stands there, cut to 40 characters.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

fn add(pairs: &mut Pairs, from: &str, to: &str) -> Result<(), Fault> {
    let several = pairs.entry(from.to_owned()).or_default();
    let (is_known, n_known) = (several.contains(to), several.len());
    if !is_known && n_known < MOST_TARGETS {
        several.insert(to.to_owned());
    }
    let (from, to) = (from.to_owned(), to.to_owned());
    match n_known {
        _ if is_known => Err(Fault::Twice { from, to }),
        0 => Ok(()),
        MOST_TARGETS.. => Err(Fault::TooMany { from, to }),
        _ => Err(Fault::Ambiguous { from, to }),
    }
}

/// Whether all of a field is a code. A clinical one may end in a tumour's morphology (`C34.900M81400/3`).
fn is_code(field: &str) -> bool {
    field.len() <= LONGEST_CODE
        && split_code(field).is_some_and(|(_, rest)| match rest.strip_prefix('/') {
            Some(behaviour) => matches!(behaviour.as_bytes(), [b'0'..=b'9']),
            None => rest.is_empty(),
        })
}
