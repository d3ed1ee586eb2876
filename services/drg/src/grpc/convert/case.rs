use chrono::NaiveDate;
use medfund_grouper::Sex;
use medfund_grouper::batch::{LONGEST_ID, MOST_VALUES};
use medfund_grouper::quality::Discharge;
use medfund_money::Fen;
use medfund_proto::drg::v1 as pb;
use medfund_proto::google::r#type::Date;
use medfund_server::convert::{date, optional_date};
use medfund_server::{FieldProblem, Violations};

use crate::domain::grouping::{Details, ListedCase};

const MAX_CODE: usize = 40;

/// Takes a case, noting everything that is malformed.
pub(super) fn case<'r>(bad: &mut Violations, case: &'r pb::Case) -> Option<ListedCase<'r>> {
    if case.id.is_empty() || case.id.len() > LONGEST_ID {
        bad.add("id", format!("must have 1 to {LONGEST_ID} bytes"));
    }
    let sex = bad.take("sex", sex(case.sex));
    let age_years = bad.take("age_years", short(case.age_years));
    let birth_weight_g = bad.take("birth_weight_g", short(case.birth_weight_g));
    let diagnoses = codes(bad, "diagnoses", &case.diagnoses, MOST_VALUES);
    let procedures = codes(bad, "procedures", &case.procedures, MOST_VALUES);
    let details = match &case.details {
        Some(given) => bad.within("details", |bad| details(bad, given)).map(Some),
        None => Some(None),
    };
    Some(ListedCase {
        id: &case.id,
        sex: sex?,
        age_years: age_years?,
        age_days: case.age_days,
        birth_weight_g: birth_weight_g?,
        diagnoses: diagnoses?,
        procedures: procedures?,
        details: details?,
    })
}

fn sex(number: i32) -> Result<Option<Sex>, &'static str> {
    match pb::Sex::try_from(number) {
        Ok(pb::Sex::Unspecified) => Ok(None),
        Ok(pb::Sex::Male) => Ok(Some(Sex::Male)),
        Ok(pb::Sex::Female) => Ok(Some(Sex::Female)),
        Err(_) => Err("must be a known sex"),
    }
}

fn short(number: Option<u32>) -> Result<Option<u16>, &'static str> {
    number.map(u16::try_from).transpose().map_err(|_| "must be at most 65535")
}

pub(super) fn codes<'r>(
    bad: &mut Violations,
    field: &str,
    codes: &'r [String],
    n_most: usize,
) -> Option<Vec<&'r str>> {
    if codes.len() > n_most {
        bad.add(field, format!("must be at most {n_most} codes"));
        return None;
    }
    let wrong = |code: &String| code.is_empty() || code.len() > MAX_CODE;
    if let Some(at) = codes.iter().position(wrong) {
        bad.add(&format!("{field}[{at}]"), format!("must have 1 to {MAX_CODE} bytes"));
        return None;
    }
    Some(codes.iter().map(String::as_str).collect())
}

fn details(bad: &mut Violations, given: &pb::ListDetails) -> Option<Details> {
    let admission_date = bad.take("admission_date", optional_date(given.admission_date));
    let discharge_date = bad.take("discharge_date", optional_date(given.discharge_date));
    let discharge = bad.take("dscg_way", discharge(given.dscg_way));
    let parts = bad.take("part_fen", at_most_100(&given.part_fen));
    let days = bad.take("procedure_dates", at_most_100(&given.procedure_dates));
    let procedure_dates =
        days.and_then(|days| bad.each("procedure_dates", days, |bad, day| bad.take("", day_if_given(*day))));
    Some(Details {
        admission_date: admission_date?,
        discharge_date: discharge_date?,
        discharge: discharge?,
        procedure_dates: procedure_dates?,
        total_cost: given.total_cost_fen.map(Fen::new),
        parts: parts?.iter().copied().map(Fen::new).collect(),
    })
}

fn at_most_100<T>(values: &[T]) -> Result<&[T], &'static str> {
    if values.len() > MOST_VALUES { Err("must be at most 100") } else { Ok(values) }
}

/// A day, or none where its year is missing.
fn day_if_given(day: Date) -> Result<Option<NaiveDate>, FieldProblem> {
    if day.year == 0 { Ok(None) } else { date(Some(day)).map(Some) }
}

fn discharge(number: i32) -> Result<Option<Discharge>, &'static str> {
    Ok(Some(match number {
        0 => return Ok(None),
        1 => Discharge::ByOrder,
        2 => Discharge::Transferred,
        3 => Discharge::TransferredToPrimaryCare,
        4 => Discharge::AgainstAdvice,
        5 => Discharge::Died,
        9 => Discharge::Other,
        _ => return Err("must be 1 to 5 or 9, or 0 if it is missing"),
    }))
}
