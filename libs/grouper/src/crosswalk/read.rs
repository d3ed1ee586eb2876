use std::collections::BTreeMap;

use super::{Crosswalk, Pairs, Side};
use crate::read::Files;
use crate::read::lines::{Kind, lines, split_code};
use crate::source::Anomaly;

impl Crosswalk {
    /// Reads the files of a crosswalk: the clinical code and the 医保 code a line, with blanks, tabs or
    /// a comma between them. Diagnoses and procedures may stand in one file or in several.
    ///
    /// Every line that cannot be read is left out and told, with file and line; so is one that stands
    /// twice, and one that makes a code ambiguous.
    #[must_use]
    pub fn read(files: &Files) -> (Self, Vec<Anomaly>) {
        let [mut diagnoses, mut procedures]: [Pairs; 2] = [BTreeMap::new(), BTreeMap::new()];
        let mut anomalies = Vec::new();
        for (file, text) in files {
            for (line, content) in lines(text) {
                let told = pair(content).and_then(|[from, to]| {
                    let pairs =
                        if Kind::of(from) == Kind::Diagnosis { &mut diagnoses } else { &mut procedures };
                    add(pairs, from, to)
                });
                if let Err(what) = told {
                    anomalies.push(Anomaly { file: file.clone(), line, what });
                }
            }
        }
        (Self { diagnoses: Side::of(diagnoses), procedures: Side::of(procedures) }, anomalies)
    }
}

fn pair(content: &str) -> Result<[&str; 2], String> {
    let mut fields = content.split(|c: char| c.is_whitespace() || c == ',').filter(|field| !field.is_empty());
    let (Some(from), Some(to), None) = (fields.next(), fields.next(), fields.next()) else {
        return Err(format!("not two codes: {content}"));
    };
    for field in [from, to] {
        if !is_code(field) {
            return Err(format!("{field} is no code"));
        }
    }
    if Kind::of(from) == Kind::of(to) {
        Ok([from, to])
    } else {
        Err(format!("{from} cannot become {to}: one is a diagnosis, the other a procedure"))
    }
}

fn add(pairs: &mut Pairs, from: &str, to: &str) -> Result<(), String> {
    let several = pairs.entry(from.to_owned()).or_default();
    if !several.insert(to.to_owned()) {
        return Err(format!("{from} {to} stands twice"));
    }
    if several.len() > 1 {
        let names: Vec<&str> = several.iter().map(String::as_str).collect();
        return Err(format!("{from} is ambiguous and will stay as it is: {}", names.join(", ")));
    }
    Ok(())
}

/// Whether all of a field is a code. A clinical one may end in a tumour's morphology (`C34.900M81400/3`).
fn is_code(field: &str) -> bool {
    split_code(field).is_some_and(|(_, rest)| match rest.strip_prefix('/') {
        Some(behaviour) => matches!(behaviour.as_bytes(), [b'0'..=b'9']),
        None => rest.is_empty(),
    })
}
