use std::io::Cursor;

use calamine::{Data, Reader};
use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{Cell, NotRows, Rows};

/// The rows of a workbook's first sheet.
pub(crate) fn first_sheet(bytes: &[u8]) -> Result<Rows, NotRows> {
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))?;
    let sheet = workbook.worksheet_range_at(0).ok_or(NotRows::NoSheet)??;
    let first = sheet.start().map_or(0, |(row, _)| usize::try_from(row).unwrap_or(usize::MAX));
    let numbered = sheet.rows().enumerate();
    Ok(numbered.map(|(i, cells)| (first + i + 1, cells.iter().map(cell).collect())).collect())
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DurationIso(text) => Cell::text(text.clone()),
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => Cell::Number(shortest(*number)),
        Data::Bool(yes) => Cell::Number(i32::from(*yes).to_string()),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
                .map_or_else(|| Cell::Number(moment.to_string()), Cell::Day)
        }
        Data::DateTimeIso(text) => Cell::text(text.split('T').next().unwrap_or_default()),
        Data::Error(error) => Cell::text(error.to_string()),
    }
}

/// The shortest decimal that stands for a workbook's number: `0.1`, not `0.1000000000000000055`.
fn shortest(number: f64) -> String {
    let text = number.to_string();
    text.parse::<Decimal>().map_or(text, |decimal| decimal.normalize().to_string())
}
