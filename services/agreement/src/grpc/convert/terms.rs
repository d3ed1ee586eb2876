//! The terms of an agreement: each method with what it needs, and nothing of another's.

use std::collections::{HashMap, HashSet};

use medfund_money::{Coefficient, PositiveFen};
use medfund_policy::PaymentMethod;
use medfund_proto::agreement::v1 as pb;
use medfund_server::Violations;
use medfund_server::convert::kind_of_care;
use medfund_types::FundLine;

use super::{MAX_ID, method, text};
use crate::domain::terms::{
    AgeGroup, Assigned, BedDayStandard, ChronicStandard, DiseaseStandard, PeriodicStandard, ServiceUnit,
    Standards, Term,
};

const MAX_TERMS: usize = 100;
const MAX_DISEASES: usize = 5_000;
const MAX_AGE: i32 = 200;
const MAX_PERIOD_DAYS: i32 = 366;

pub(super) fn terms(bad: &mut Violations, terms: Vec<pb::PaymentTerm>) -> Option<Vec<Term>> {
    if terms.is_empty() || terms.len() > MAX_TERMS {
        bad.add("terms", format!("must be 1 to {MAX_TERMS} terms"));
        return None;
    }
    let mut seen = HashMap::new();
    bad.each("terms", terms, |bad, term| {
        let fund_line = bad.take("fund_line", term.fund_line.parse::<FundLine>());
        let care = bad.take("kind_of_care", kind_of_care(term.kind_of_care));
        let standards = standards(bad, term);
        let (fund_line, care, standards) = (fund_line?, care?, standards?);
        let method = standards.method();
        // One method of a fund line's care takes every case; of the others each stands once.
        let place = Some(method).filter(|method| method.takes_named_cases());
        if let Some(other) = seen.insert((fund_line.clone(), care, place), method) {
            bad.add("method", format!("the fund line's care is paid by {other} already"));
            return None;
        }
        Some(Term { fund_line, care, standards })
    })
}

/// Takes the method and what it needs; what belongs to another method must be unset.
fn standards(bad: &mut Violations, term: pb::PaymentTerm) -> Option<Standards> {
    let method = bad.take("method", method(term.method))?;
    let given = [
        ("standard_per_admission_fen", PaymentMethod::AverageQuota, term.standard_per_admission_fen != 0),
        ("standard_per_person_fen", PaymentMethod::PerCapita, term.standard_per_person_fen != 0),
        ("persons", PaymentMethod::PerCapita, term.persons != 0),
        ("age_groups", PaymentMethod::PerCapita, !term.age_groups.is_empty()),
        ("chronic_standards", PaymentMethod::PerCapita, !term.chronic_standards.is_empty()),
        ("cap_per_day_fen", PaymentMethod::DailyCap, term.cap_per_day_fen != 0),
        ("disease_standards", PaymentMethod::ByDisease, !term.disease_standards.is_empty()),
        ("service_unit", PaymentMethod::ServiceUnit, term.service_unit != 0),
        ("standard_per_unit_fen", PaymentMethod::ServiceUnit, term.standard_per_unit_fen != 0),
        ("total_fen", PaymentMethod::TotalPrepayment, term.total_fen != 0),
        ("bed_day_standards", PaymentMethod::BedDay, !term.bed_day_standards.is_empty()),
        ("periodic_standards", PaymentMethod::Periodic, !term.periodic_standards.is_empty()),
        ("rate_fen", PaymentMethod::DrgRate, term.rate_fen != 0),
    ];
    for (field, of_method, is_given) in given {
        if is_given && of_method != method {
            bad.add(field, format!("must be unset: the method is {method}"));
        }
    }
    let mut amount = |field: &str, fen: i64| bad.take(field, PositiveFen::try_from(fen));
    match method {
        PaymentMethod::AverageQuota => {
            let per_admission = amount("standard_per_admission_fen", term.standard_per_admission_fen)?;
            Some(Standards::AverageQuota { per_admission })
        }
        PaymentMethod::PerCapita => {
            let per_person = amount("standard_per_person_fen", term.standard_per_person_fen);
            let assigned = assigned(bad, term.persons, term.age_groups);
            let chronic = chronic(bad, term.chronic_standards);
            Some(Standards::PerCapita { per_person: per_person?, assigned: assigned?, chronic: chronic? })
        }
        PaymentMethod::DailyCap => {
            let per_day = amount("cap_per_day_fen", term.cap_per_day_fen)?;
            Some(Standards::DailyCap { per_day })
        }
        PaymentMethod::ByDisease => {
            let diseases = diseases(bad, term.disease_standards)?;
            Some(Standards::ByDisease { diseases })
        }
        PaymentMethod::ServiceUnit => {
            let per_unit = amount("standard_per_unit_fen", term.standard_per_unit_fen);
            let unit = bad.take("service_unit", service_unit(term.service_unit()));
            Some(Standards::ServiceUnit { unit: unit?, per_unit: per_unit? })
        }
        PaymentMethod::TotalPrepayment => {
            let total = amount("total_fen", term.total_fen)?;
            Some(Standards::TotalPrepayment { total })
        }
        PaymentMethod::BedDay => {
            let services = bed_days(bad, term.bed_day_standards)?;
            Some(Standards::BedDay { services })
        }
        PaymentMethod::Periodic => {
            let diseases = periodic(bad, term.periodic_standards)?;
            Some(Standards::Periodic { diseases })
        }
        PaymentMethod::DrgRate => {
            let rate = amount("rate_fen", term.rate_fen)?;
            Some(Standards::DrgRate { rate })
        }
        PaymentMethod::DrgPoints | PaymentMethod::FeeForService => Some(Standards::Elsewhere(method)),
    }
}

fn service_unit(unit: pb::ServiceUnit) -> Result<ServiceUnit, &'static str> {
    match unit {
        pb::ServiceUnit::Unspecified => Err("must be a service unit"),
        pb::ServiceUnit::Visit => Ok(ServiceUnit::Visit),
        pb::ServiceUnit::Day => Ok(ServiceUnit::Day),
    }
}

fn persons(bad: &mut Violations, persons: i64) -> Option<i64> {
    bad.take("persons", Some(persons).filter(|persons| *persons > 0).ok_or("must be more than zero"))
}

/// The persons assigned: how many they are, or how many of each age.
fn assigned(bad: &mut Violations, n_persons: i64, groups: Vec<pb::AgeGroup>) -> Option<Assigned> {
    if groups.is_empty() {
        return persons(bad, n_persons).map(Assigned::Persons);
    }
    if n_persons != 0 {
        bad.add("persons", "must be unset: age_groups count them");
    }
    let mut next = 0;
    bad.each("age_groups", groups, |bad, given| {
        if !(next..=MAX_AGE).contains(&given.from_age) {
            bad.add(
                "from_age",
                format!("must be {next} to {MAX_AGE}: each group begins above the one before"),
            );
            return None;
        }
        next = given.from_age + 1;
        let persons = persons(bad, given.persons);
        let factor = given.factor.parse::<Coefficient>();
        let factor = bad.take("factor", factor.map_err(|_| "must be an exact decimal above zero"));
        Some(AgeGroup { from_age: given.from_age, persons: persons?, factor: factor? })
    })
    .map(Assigned::ByAge)
}

fn chronic(bad: &mut Violations, standards: Vec<pb::ChronicStandard>) -> Option<Vec<ChronicStandard>> {
    if standards.len() > MAX_DISEASES {
        bad.add("chronic_standards", format!("must be at most {MAX_DISEASES} standards"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("chronic_standards", standards, |bad, given| {
        let disease_code = disease(bad, given.disease_code, &mut seen);
        let persons = persons(bad, given.persons);
        let per_person =
            bad.take("standard_per_person_fen", PositiveFen::try_from(given.standard_per_person_fen));
        Some(ChronicStandard { disease_code: disease_code?, persons: persons?, per_person: per_person? })
    })
}

fn periodic(bad: &mut Violations, standards: Vec<pb::PeriodicStandard>) -> Option<Vec<PeriodicStandard>> {
    if standards.is_empty() || standards.len() > MAX_DISEASES {
        bad.add("periodic_standards", format!("must be 1 to {MAX_DISEASES} standards"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("periodic_standards", standards, |bad, given| {
        let disease_code = disease(bad, given.disease_code, &mut seen);
        let days = Some(given.period_days).filter(|days| (1..=MAX_PERIOD_DAYS).contains(days));
        let period_days =
            bad.take("period_days", days.ok_or_else(|| format!("must be 1 to {MAX_PERIOD_DAYS} days")));
        let per_period =
            bad.take("standard_per_period_fen", PositiveFen::try_from(given.standard_per_period_fen));
        Some(PeriodicStandard {
            disease_code: disease_code?,
            period_days: period_days?,
            per_period: per_period?,
        })
    })
}

/// A disease's code, each once.
fn disease(bad: &mut Violations, code: String, seen: &mut HashSet<String>) -> Option<String> {
    let code = bad.take("disease_code", diagnosis(code))?;
    if !seen.insert(code.clone()) {
        bad.add("disease_code", "must not be given twice");
        return None;
    }
    Some(code)
}

fn bed_days(bad: &mut Violations, standards: Vec<pb::BedDayStandard>) -> Option<Vec<BedDayStandard>> {
    if standards.is_empty() || standards.len() > MAX_DISEASES {
        bad.add("bed_day_standards", format!("must be 1 to {MAX_DISEASES} standards"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("bed_day_standards", standards, |bad, given| {
        let service = bad.take("service", text(given.service, MAX_ID));
        let code = given.disease_code;
        let disease_code =
            if code.is_empty() { Some(None) } else { bad.take("disease_code", diagnosis(code)).map(Some) };
        let per_day = bad.take("standard_per_day_fen", PositiveFen::try_from(given.standard_per_day_fen));
        let disease_code = disease_code?;
        if !seen.insert(disease_code.clone()) {
            bad.add("disease_code", "must not be given twice");
            return None;
        }
        Some(BedDayStandard { service: service?, disease_code, per_day: per_day? })
    })
}

fn diseases(bad: &mut Violations, standards: Vec<pb::DiseaseStandard>) -> Option<Vec<DiseaseStandard>> {
    if standards.is_empty() || standards.len() > MAX_DISEASES {
        bad.add("disease_standards", format!("must be 1 to {MAX_DISEASES} standards"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("disease_standards", standards, |bad, given| {
        let disease_code = disease(bad, given.disease_code, &mut seen);
        let standard = bad.take("standard_fen", PositiveFen::try_from(given.standard_fen));
        Some(DiseaseStandard {
            disease_code: disease_code?,
            standard: standard?,
            covers_whole_stay: given.covers_whole_stay,
            tcm_advantage: given.tcm_advantage,
        })
    })
}

/// Reads a diagnosis' code as bills write it; another one would never meet a bill.
fn diagnosis(code: String) -> Result<String, &'static str> {
    let bytes = code.as_bytes();
    let well_formed = (3..=20).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().all(u8::is_ascii_digit)
        && bytes[3..].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'*'));
    if well_formed { Ok(code) } else { Err("must be a code of the national list of diseases, e.g. I10.x00") }
}
