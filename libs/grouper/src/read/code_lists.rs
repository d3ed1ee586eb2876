use std::collections::BTreeSet;

use super::lines::{Kind, lines, split_code, unwrapped};
use super::tables::Tables;
use crate::compile::{named_diagnoses, named_procedures};
use crate::crosswalk::pair;
use crate::read::Files;
use crate::source::{Anomaly, Codes, Source};

/// The code lists of 医保版 ICD-10 and ICD-9-CM-3 as texts, a code a line with the code first.
#[derive(Clone, Copy, Debug)]
pub struct CodeLists<'t> {
    /// All diagnoses.
    pub diagnoses: &'t str,
    /// All procedures.
    pub procedures: &'t str,
    /// Diagnoses that may not be a principal one (灰码), if anybody named such a list.
    pub grey_diagnoses: Option<&'t str>,
    /// Procedures that may not be a principal one (灰码), if anybody named such a list.
    pub grey_procedures: Option<&'t str>,
}

const DIAGNOSES: &str = "diagnoses";
const PROCEDURES: &str = "procedures";
const GREY_DIAGNOSES: &str = "grey diagnoses";
const GREY_PROCEDURES: &str = "grey procedures";

/// One in so many of the codes that the tables name may stand in no list. A list of another edition lacks few (those
/// of 医保版 2.0 lack two in a hundred of the codes of the tables of 1.0), a list of something else nearly all.
const ONE_IN_UNLISTED: usize = 2;

/// One in so many of all codes may be grey. Of 医保版 2.0 one diagnosis in twelve and one procedure in seven is; a list
/// that names most of them is that of all codes, and no case would be grouped.
const ONE_IN_GREY: usize = 2;

/// One in so many lines of a list may be two codes and no more. A list of codes has none, a crosswalk no other.
const ONE_IN_PAIRS: usize = 2;

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
    /// It is a crosswalk (编码对照表): two codes a line.
    #[error(
        "the list of {list} is a crosswalk (编码对照表), two codes a line, {from} {to} the first; \
         give it with --crosswalk to what groups the cases"
    )]
    Crosswalk {
        /// Which list.
        list: &'static str,
        /// The first line's first code.
        from: String,
        /// The first line's second code.
        to: String,
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
    /// It is a list of grey codes (灰码) that leaves few codes for a principal place.
    #[error(
        "{n_grey} {list} are more than half of all {n_codes} codes: this is no list of grey codes (灰码)"
    )]
    GreyIsMost {
        /// Which list.
        list: &'static str,
        /// How many of all codes it names.
        n_grey: usize,
        /// How many codes there are.
        n_codes: usize,
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
    let named = [
        (DIAGNOSES, Some(texts.diagnoses)),
        (PROCEDURES, Some(texts.procedures)),
        (GREY_DIAGNOSES, texts.grey_diagnoses),
        (GREY_PROCEDURES, texts.grey_procedures),
    ];
    let files: Files =
        named.iter().filter_map(|(name, text)| Some(((*name).to_owned(), (*text)?.to_owned()))).collect();
    let crosswalks: Vec<WrongList> =
        named.iter().filter_map(|(list, text)| crosswalk(list, (*text)?)).collect();
    if !crosswalks.is_empty() {
        return Err(crosswalks);
    }
    let mut tables = Tables::new(&files);
    let [diagnoses, procedures, grey_diagnoses, grey_procedures] =
        named.map(|(list, text)| text.map(|_| tables.codes(list, 0)));
    let (diagnoses, procedures) = (diagnoses.unwrap_or_default(), procedures.unwrap_or_default());
    let wrong = [
        wrong_list(DIAGNOSES, &diagnoses, &named_diagnoses(source)),
        wrong_list(PROCEDURES, &procedures, &named_procedures(source)),
        grey_diagnoses.as_ref().and_then(|grey| wrong_grey(GREY_DIAGNOSES, grey, &diagnoses)),
        grey_procedures.as_ref().and_then(|grey| wrong_grey(GREY_PROCEDURES, grey, &procedures)),
    ];
    let wrong: Vec<WrongList> = wrong.into_iter().flatten().collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let (grey_diagnoses, grey_procedures) =
        (grey_diagnoses.unwrap_or_default(), grey_procedures.unwrap_or_default());
    tell_unlisted(&mut tables, GREY_DIAGNOSES, &grey_diagnoses, &diagnoses);
    tell_unlisted(&mut tables, GREY_PROCEDURES, &grey_procedures, &procedures);
    source.code_names = names(texts.diagnoses).chain(names(texts.procedures)).collect();
    source.diagnoses = diagnoses;
    source.procedures = procedures;
    source.grey_diagnoses = grey_diagnoses;
    source.grey_procedures = grey_procedures;
    Ok(tables.anomalies)
}

/// The codes of a list that it gives a name.
fn names(text: &str) -> impl Iterator<Item = (String, String)> {
    lines(text).filter_map(|(_, content)| {
        let (code, rest) = split_code(content)?;
        let name = unwrapped(rest.trim_start_matches([',', ' ', '\t']));
        (!name.is_empty()).then(|| (code.to_owned(), name))
    })
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

fn wrong_grey(list: &'static str, grey: &Codes, all: &Codes) -> Option<WrongList> {
    if grey.is_empty() {
        return Some(WrongList::NoCode { list });
    }
    let unknown: Vec<&String> = grey.difference(all).collect();
    if is_most(unknown.len(), grey.len()) {
        let (n_grey, n_unknown, unknown) = (grey.len(), unknown.len(), unknown[0].clone());
        return Some(WrongList::GreyOfNoList { list, n_grey, n_unknown, unknown });
    }
    let n_grey = grey.len() - unknown.len();
    (n_grey * ONE_IN_GREY > all.len()).then_some(WrongList::GreyIsMost { list, n_grey, n_codes: all.len() })
}

/// The crosswalk that a text is instead of a list.
fn crosswalk(list: &'static str, text: &str) -> Option<WrongList> {
    let mut pairs = lines(text).filter_map(|(_, content)| pair(content));
    let [from, to] = pairs.next()?;
    let n_pairs = 1 + pairs.count();
    (n_pairs * ONE_IN_PAIRS > lines(text).count()).then(|| WrongList::Crosswalk {
        list,
        from: from.to_owned(),
        to: to.to_owned(),
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
