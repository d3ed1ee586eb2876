use chrono::NaiveDate;
use medfund_money::Fen;

use super::columns::{Column, Columns};
use super::{LineError, Texts, if_few, unreadable};
use crate::quality::{self, Discharge, Finding, FrontPage, Given};
use crate::{Case, Scheme};

/// Checks the list of a line's case.
pub(super) fn check(
    columns: &Columns,
    texts: &Texts<'_>,
    id: &str,
    case: &Case<'_>,
    scheme: &Scheme,
) -> Result<Vec<Finding>, LineError> {
    let given = |column| Field { columns, texts, column };
    let procedure_dates = given(Column::ProcedureDates).read(|text| parts(text, optional_date))?;
    let costs = given(Column::Costs).read(|text| parts(text, yuan))?;
    let page = FrontPage {
        id,
        case: *case,
        admission_date: given(Column::AdmissionDate).read(date)?,
        discharge_date: given(Column::DischargeDate).read(date)?,
        discharge: given(Column::Discharge).read(discharge)?,
        procedure_dates: as_slice(&procedure_dates),
        total_cost: given(Column::TotalCost).read(yuan)?,
        costs: as_slice(&costs),
    };
    Ok(quality::check(&page, scheme))
}

/// The days of stay by the days of admission and discharge, where both are given.
pub(super) fn stay_days(columns: &Columns, texts: &Texts<'_>) -> Result<Option<u16>, LineError> {
    let given = |column| Field { columns, texts, column }.read(date);
    Ok(match (given(Column::AdmissionDate)?, given(Column::DischargeDate)?) {
        (Given::Is(admission), Given::Is(discharge)) => crate::stay_days(admission, discharge),
        (Given::Is(_) | Given::Empty | Given::NotAsked, _) => None,
    })
}

/// What stands in one column.
struct Field<'l> {
    columns: &'l Columns,
    texts: &'l Texts<'l>,
    column: Column,
}

impl Field<'_> {
    fn read<T>(&self, parse: impl FnOnce(&str) -> Option<T>) -> Result<Given<T>, LineError> {
        if self.columns.places[self.column as usize].is_none() {
            return Ok(Given::NotAsked);
        }
        let text = self.texts[self.column as usize].map_or("", str::trim);
        if text.is_empty() {
            return Ok(Given::Empty);
        }
        let text = if_few(self.column, text)?;
        parse(text).map(Given::Is).ok_or_else(|| unreadable(self.column, text))
    }
}

fn as_slice<T>(given: &Given<Vec<T>>) -> Given<&[T]> {
    match given {
        Given::NotAsked => Given::NotAsked,
        Given::Empty => Given::Empty,
        Given::Is(values) => Given::Is(values),
    }
}

fn parts<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split('|').map(|part| parse(part.trim())).collect()
}

/// A day as `2024-03-01` or `20240301`.
fn date(text: &str) -> Option<NaiveDate> {
    let format = if text.contains('-') { "%Y-%m-%d" } else { "%Y%m%d" };
    NaiveDate::parse_from_str(text, format).ok()
}

fn optional_date(text: &str) -> Option<Option<NaiveDate>> {
    if text.is_empty() { Some(None) } else { date(text).map(Some) }
}

fn yuan(text: &str) -> Option<Fen> {
    Fen::parse_yuan(text).ok()
}

fn discharge(text: &str) -> Option<Discharge> {
    Some(match text {
        "1" => Discharge::ByOrder,
        "2" => Discharge::Transferred,
        "3" => Discharge::TransferredToPrimaryCare,
        "4" => Discharge::AgainstAdvice,
        "5" => Discharge::Died,
        "9" => Discharge::Other,
        _ => return None,
    })
}
