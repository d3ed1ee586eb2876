//! Agreement with the answers of one public peer over 2,000 synthetic cases.

use std::collections::BTreeMap;

use medfund_grouper::{Answer, Case, Grouper, Scheme, Sex, compile};

use crate::tables::{official, text};

/// A sample case, as its line gives it.
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) id: String,
    pub(crate) sex: Option<Sex>,
    pub(crate) age_years: Option<u16>,
    pub(crate) age_days: Option<u32>,
    pub(crate) birth_weight_g: Option<u16>,
    pub(crate) diagnoses: Vec<String>,
    pub(crate) procedures: Vec<String>,
}

pub(crate) fn samples() -> Vec<Sample> {
    let split = |codes: &str| codes.split('|').filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let parse = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        Sample {
            id: fields[0].to_owned(),
            sex: match fields[1] {
                "1" => Some(Sex::Male),
                "2" => Some(Sex::Female),
                _ => None,
            },
            age_years: fields[2].parse().ok(),
            age_days: fields[3].parse().ok(),
            birth_weight_g: fields[4].parse().ok(),
            diagnoses: split(fields[8]),
            procedures: split(fields[9]),
        }
    };
    text("samples/cases_2k.csv").lines().skip(1).map(parse).collect()
}

impl Sample {
    pub(crate) fn answer(&self, grouper: &mut Grouper<'_>) -> Answer {
        let diagnoses: Vec<&str> = self.diagnoses.iter().map(String::as_str).collect();
        let procedures: Vec<&str> = self.procedures.iter().map(String::as_str).collect();
        grouper.group(&Case {
            sex: self.sex,
            age_years: self.age_years,
            age_days: self.age_days,
            birth_weight_g: self.birth_weight_g,
            stay_days: None,
            diagnoses: &diagnoses,
            procedures: &procedures,
        })
    }

    pub(crate) fn code(&self, grouper: &mut Grouper<'_>) -> String {
        self.answer(grouper).code(grouper.scheme()).into_owned()
    }
}

/// The cases in which the scheme and the peer differ: id, ours, the peer's.
fn disagreements(scheme: &Scheme, answers: &str) -> Vec<(String, String, String)> {
    let peer: BTreeMap<String, String> = text(answers)
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|fields| (fields[0].to_owned(), fields[4].to_owned()))
        .collect();
    let mut grouper = Grouper::new(scheme);
    let mut differing = Vec::new();
    let samples = samples();
    assert_eq!(samples.len(), 2000);
    for sample in &samples {
        let ours = sample.code(&mut grouper);
        let theirs = match peer[&sample.id].as_str() {
            code if code.ends_with("QY") || code == "0000" || code.len() == 4 => code,
            code => panic!("the peer answered {code}"),
        };
        if ours != theirs {
            println!(
                "{} {:?} {:?}: ours {ours}, peer {theirs}",
                sample.id, sample.diagnoses, sample.procedures
            );
            differing.push((sample.id.clone(), ours, theirs.to_owned()));
        }
    }
    println!("{}: {} of {} agree", scheme.name(), samples.len() - differing.len(), samples.len());
    differing
}

#[test]
fn version_1_1_agrees_but_for_the_four_cases_of_the_document() {
    assert_eq!(disagreements(&official("1.1").scheme, "samples/peer_answers_11.csv").len(), 4);
}

#[test]
fn version_2_0_agrees_in_every_case() {
    assert_eq!(disagreements(&official("2.0").scheme, "samples/peer_answers_20.csv"), []);
}

/// How many cases would differ by the other choices, as DISAGREEMENTS.md has it.
#[test]
fn the_other_choices_differ_in_as_many_cases_as_the_document_says() {
    for (version, answers, name, value, n_differing) in [
        ("1.1", "samples/peer_answers_11.csv", "operations", "table", 35),
        ("1.1", "samples/peer_answers_11.csv", "hiv", "any", 19),
        ("1.1", "samples/peer_answers_11.csv", "trauma", "any", 35),
        ("1.1", "samples/peer_answers_11.csv", "grey_diagnosis", "groups", 4),
        ("1.1", "samples/peer_answers_11.csv", "grey_procedure", "groups", 4),
        ("1.1", "samples/peer_answers_11.csv", "same_procedure", "twice", 4),
        ("2.0", "samples/peer_answers_20.csv", "operations", "rules", 3),
        ("2.0", "samples/peer_answers_20.csv", "hiv", "principal", 15),
        ("2.0", "samples/peer_answers_20.csv", "trauma", "any", 29),
        ("2.0", "samples/peer_answers_20.csv", "newborn_surgery", "age", 18),
        ("2.0", "samples/peer_answers_20.csv", "grey_diagnosis", "groups", 0),
        ("2.0", "samples/peer_answers_20.csv", "grey_procedure", "groups", 0),
        ("2.0", "samples/peer_answers_20.csv", "same_procedure", "twice", 0),
    ] {
        let mut source = official(version).source.clone();
        source.choices.set(name, value).unwrap();
        let differing = disagreements(&compile(&source).0, answers);
        assert_eq!(differing.len(), n_differing, "{version} with {name} = {value}");
    }
}
