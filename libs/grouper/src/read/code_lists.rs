use super::Tables;
use super::tables;
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

/// Adds the code lists to a scheme. What is no code is told.
pub fn add_code_lists(source: &mut Source, texts: CodeLists<'_>) -> Vec<Anomaly> {
    let files: Files = [
        (DIAGNOSES, texts.diagnoses),
        (PROCEDURES, texts.procedures),
        (GREY_DIAGNOSES, texts.grey_diagnoses),
        (GREY_PROCEDURES, texts.grey_procedures),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let mut tables = tables::Tables::new(&files);
    source.diagnoses = tables.codes(DIAGNOSES, 0);
    source.procedures = tables.codes(PROCEDURES, 0);
    source.grey_diagnoses = grey(&mut tables, GREY_DIAGNOSES, &source.diagnoses);
    source.grey_procedures = grey(&mut tables, GREY_PROCEDURES, &source.procedures);
    tables.anomalies
}

fn grey(tables: &mut Tables<'_>, file: &'static str, all: &Codes) -> Codes {
    let codes = tables.codes(file, 0);
    for code in codes.difference(all) {
        let what = format!("{code} is grey but stands in no code list");
        let anomaly = tables.places.anomaly(file, code, what);
        tables.anomalies.push(anomaly);
    }
    codes
}
