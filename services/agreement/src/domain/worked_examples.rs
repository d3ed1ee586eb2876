//! What a fund clerk can check by hand: the tables of `testdata/`, each by its clause.

use std::collections::BTreeMap;

use medfund_money::Fen;
use medfund_policy::Pack;
use serde::Deserialize;

use super::agreement::IndicatorLimit;
use super::indicators::{Measured, assess, total};
use super::inspection::{Sample, ViolatingCase, extrapolate};
use super::pack_rules::{indicator_rules, inspection_rules};

#[derive(Deserialize)]
struct Table<E> {
    clause: String,
    example: Vec<E>,
}

fn jiangmen() -> Pack {
    Pack::parse(include_bytes!("../../../../policies/jiangmen-2016.toml")).unwrap()
}

#[derive(Deserialize)]
struct Refusal {
    what: String,
    n_population: i64,
    n_sample: i64,
    violating_fen: Vec<i64>,
    sampling_rate: String,
    refused_fen: i64,
}

#[test]
fn findings_are_enlarged_as_the_clause_says() {
    let text = include_str!("../../testdata/jm_4_5_extrapolated_refusal.toml");
    let table: Table<Refusal> = toml::from_str(text).unwrap();
    let rules = inspection_rules(&jiangmen(), &"employee".parse().unwrap()).unwrap();
    assert!(rules.cite.contains(&table.clause), "{}", rules.cite);
    for example in table.example {
        let kind = rules.kinds.keys().next().unwrap();
        let case = |(i, fen): (usize, &i64)| ViolatingCase {
            case_id: format!("S{i}"),
            kind: kind.clone(),
            amount: (*fen).try_into().unwrap(),
            physician_code: None,
        };
        let sample = Sample {
            n_population: example.n_population,
            n_sample: example.n_sample,
            violating_cases: example.violating_fen.iter().enumerate().map(case).collect(),
        };
        let refusal = extrapolate(&sample, &rules).unwrap();
        assert_eq!(refusal.refused, Fen::new(example.refused_fen), "{}", example.what);
        assert_eq!(refusal.sampling_rate.to_string(), example.sampling_rate, "{}", example.what);
    }
}

#[derive(Deserialize)]
struct Deductions {
    what: String,
    agreed: BTreeMap<String, String>,
    measured: BTreeMap<String, String>,
    missed: Vec<String>,
    deduction_rate: String,
}

#[test]
fn missed_indicators_cost_what_the_clause_and_the_pack_say() {
    let text = include_str!("../../testdata/jm_4_4_indicator_deductions.toml");
    let table: Table<Deductions> = toml::from_str(text).unwrap();
    let rules = indicator_rules(&jiangmen());
    assert!(rules.indicators["visits_per_head"].term == "人次人头比" && table.clause == "JM 四(四)");
    for example in table.example {
        let agreed = example.agreed.into_iter();
        let agreed: Vec<_> =
            agreed.map(|(indicator, l)| IndicatorLimit { indicator, limit: l.parse().unwrap() }).collect();
        let measured = example.measured.into_iter();
        let measured: Vec<_> =
            measured.map(|(indicator, v)| Measured { indicator, value: v.parse().unwrap() }).collect();
        let deductions = assess(&measured, &agreed, &rules).unwrap();
        let missed: Vec<&str> = deductions.iter().map(|deduction| deduction.indicator.as_str()).collect();
        assert_eq!(missed, example.missed, "{}", example.what);
        assert_eq!(total(&deductions).to_string(), example.deduction_rate, "{}", example.what);
    }
}
