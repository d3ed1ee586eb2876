use std::collections::BTreeSet;

use super::lines::Kind;
use super::tables::Tables;
use crate::compile::{named_diagnoses, named_procedures};
use crate::read::Files;
use crate::source::{Anomaly, Codes, Source};

/// The code lists of 医保版 ICD-10 and ICD-9-CM-3 as texts, a code a line with the code first.
#[derive(Clone, Copy, Debug)]
pub struct CodeLists<'t> {
    /// All diagnoses.
    pub diagnoses: &'t str,
    /// All procedures.
    pub procedures: &'t str,
    /// Diagnoses that may not be a principal one (灰码).
    pub grey_diagnoses: &'t str,
    /// Procedures that may not be a principal one (灰码).
    pub grey_procedures: &'t str,
}

const DIAGNOSES: &str = "diagnoses";
const PROCEDURES: &str = "procedures";
const GREY_DIAGNOSES: &str = "grey diagnoses";
const GREY_PROCEDURES: &str = "grey procedures";

/// One in so many of the codes that the tables name may stand in no list. A list of another edition lacks few (those
/// of 医保版 2.0 lack two in a hundred of the codes of the tables of 1.0), a list of something else nearly all.
const ONE_IN_UNLISTED: usize = 2;

/// A code list that is none of the tables' codes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongList {
    /// The tables hold categories, which no list of codes has.
    #[error("the tables are rules by category: a list of codes has none of their categories")]
    ByCategory,
    /// It is something else.
    #[error("no line of the list of {list} begins with a code")]
    NoCode {
        /// Which list: `diagnoses`, `procedures`, `grey diagnoses`, `grey procedures`.
        list: &'static str,
    },
    /// It is a list of other codes.
    #[error(
        "{n_lacking} of the {n_named} {list} that the tables name, {lacking} the first, do not stand in the list of {list}, which begins with {first} ({kind})"
    )]
    OfOtherCodes {
        /// Which list.
        list: &'static str,
        /// How many codes the tables name.
        n_named: usize,
        /// How many of these it lacks.
        n_lacking: usize,
        /// The first of these.
        lacking: String,
        /// The first code of the list.
        first: String,
        /// What that is shaped like: `ICD-10`, `ICD-9-CM-3`.
        kind: &'static str,
    },
    /// It is a list of grey codes (灰码) that are codes of no list.
    #[error(
        "{n_unknown} of the {n_grey} {list}, {unknown} the first, do not stand in the list of all of them"
    )]
    GreyOfNoList {
        /// Which list.
        list: &'static str,
        /// How many codes it has.
        n_grey: usize,
        /// How many of these stand in no list of all codes.
        n_unknown: usize,
        /// The first of these.
        unknown: String,
    },
}

/// Adds the code lists to a scheme, whose tables and additions are read already. What is no code is told.
///
/// # Errors
///
/// Each list that is none of the tables' codes; then none is added.
pub fn add_code_lists(source: &mut Source, texts: CodeLists<'_>) -> Result<Vec<Anomaly>, Vec<WrongList>> {
    if source.by_category {
        return Err(vec![WrongList::ByCategory]);
    }
    let files: Files = [
        (DIAGNOSES, texts.diagnoses),
        (PROCEDURES, texts.procedures),
        (GREY_DIAGNOSES, texts.grey_diagnoses),
        (GREY_PROCEDURES, texts.grey_procedures),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let mut tables = Tables::new(&files);
    let [diagnoses, procedures, grey_diagnoses, grey_procedures] =
        [DIAGNOSES, PROCEDURES, GREY_DIAGNOSES, GREY_PROCEDURES].map(|list| tables.codes(list, 0));
    let wrong = [
        wrong_list(DIAGNOSES, &diagnoses, &named_diagnoses(source)),
        wrong_list(PROCEDURES, &procedures, &named_procedures(source)),
        wrong_grey(GREY_DIAGNOSES, texts.grey_diagnoses, &grey_diagnoses, &diagnoses),
        wrong_grey(GREY_PROCEDURES, texts.grey_procedures, &grey_procedures, &procedures),
    ];
    let wrong: Vec<WrongList> = wrong.into_iter().flatten().collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    tell_unlisted(&mut tables, GREY_DIAGNOSES, &grey_diagnoses, &diagnoses);
    tell_unlisted(&mut tables, GREY_PROCEDURES, &grey_procedures, &procedures);
    source.diagnoses = diagnoses;
    source.procedures = procedures;
    source.grey_diagnoses = grey_diagnoses;
    source.grey_procedures = grey_procedures;
    Ok(tables.anomalies)
}

fn wrong_list(list: &'static str, codes: &Codes, named: &BTreeSet<&str>) -> Option<WrongList> {
    let Some(first) = codes.first() else { return Some(WrongList::NoCode { list }) };
    let lacking: Vec<&&str> = named.iter().filter(|code| !codes.contains(**code)).collect();
    is_most(lacking.len(), named.len()).then(|| WrongList::OfOtherCodes {
        list,
        n_named: named.len(),
        n_lacking: lacking.len(),
        lacking: (*lacking[0]).to_owned(),
        first: first.clone(),
        kind: Kind::of(first).name(),
    })
}

/// A list of grey codes may be left out.
fn wrong_grey(list: &'static str, text: &str, grey: &Codes, all: &Codes) -> Option<WrongList> {
    if grey.is_empty() {
        return (!text.trim().is_empty()).then_some(WrongList::NoCode { list });
    }
    let unknown: Vec<&String> = grey.difference(all).collect();
    is_most(unknown.len(), grey.len()).then(|| WrongList::GreyOfNoList {
        list,
        n_grey: grey.len(),
        n_unknown: unknown.len(),
        unknown: unknown[0].clone(),
    })
}

/// Whether the part is more than may stand in no list.
fn is_most(part: usize, whole: usize) -> bool {
    part * ONE_IN_UNLISTED > whole
}

fn tell_unlisted(tables: &mut Tables<'_>, file: &'static str, grey: &Codes, all: &Codes) {
    for code in grey.difference(all) {
        let what = format!("{code} is grey but stands in no code list");
        let anomaly = tables.places.anomaly(file, code, what);
        tables.anomalies.push(anomaly);
    }
}
