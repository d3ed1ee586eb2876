//! The terms of an agreement: each method with what it needs, and nothing of another's.

use std::collections::{HashMap, HashSet};

use medfund_money::PositiveFen;
use medfund_policy::PaymentMethod;
use medfund_proto::agreement::v1 as pb;
use medfund_server::Violations;
use medfund_server::convert::kind_of_care;
use medfund_types::FundLine;

use super::{MAX_ID, method, text};
use crate::domain::terms::{BedDayStandard, DiseaseStandard, ServiceUnit, Standards, Term};

const MAX_TERMS: usize = 100;
const MAX_DISEASES: usize = 5_000;

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
        ("cap_per_day_fen", PaymentMethod::DailyCap, term.cap_per_day_fen != 0),
        ("disease_standards", PaymentMethod::ByDisease, !term.disease_standards.is_empty()),
        ("service_unit", PaymentMethod::ServiceUnit, term.service_unit != 0),
        ("standard_per_unit_fen", PaymentMethod::ServiceUnit, term.standard_per_unit_fen != 0),
        ("total_fen", PaymentMethod::TotalPrepayment, term.total_fen != 0),
        ("bed_day_standards", PaymentMethod::BedDay, !term.bed_day_standards.is_empty()),
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
            let persons = Some(term.persons).filter(|persons| *persons > 0);
            let persons = bad.take("persons", persons.ok_or("must be more than zero"));
            Some(Standards::PerCapita { per_person: per_person?, persons: persons? })
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
        let disease_code = bad.take("disease_code", diagnosis(given.disease_code));
        let standard = bad.take("standard_fen", PositiveFen::try_from(given.standard_fen));
        let disease_code = disease_code?;
        if !seen.insert(disease_code.clone()) {
            bad.add("disease_code", "must not be given twice");
            return None;
        }
        Some(DiseaseStandard { disease_code, standard: standard? })
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
