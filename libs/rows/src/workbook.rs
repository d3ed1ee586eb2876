use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, DataRef, OdsError, Reader, XlsError, Xlsx, XlsxError};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use zip::ZipArchive;

use crate::{Cell, Limits, NotRows, Rows};

/// The part of a workbook that only `xlsx` has.
const XLSX: &str = "xl/workbook.xml";

/// The rows of a workbook's first sheet that have a cell with something in it.
pub(crate) fn first_sheet(bytes: &[u8], limits: Limits) -> Result<Rows, NotRows> {
    match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) if archive.index_for_name(XLSX).is_some() => {
            if_it_inflates(archive, limits.n_bytes)?;
            xlsx(bytes, limits).map_err(|error| error.0)
        }
        _ if limits.of_others => other(bytes),
        _ => Err(NotRows::OtherWorkbook),
    }
}

/// Inflates all parts without keeping them: what their headings say of their sizes binds nobody.
fn if_it_inflates(mut archive: ZipArchive<Cursor<&[u8]>>, most: u64) -> Result<(), NotRows> {
    let mut n_left = most;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| NotRows::Damaged)?;
        let n_bytes = std::io::copy(&mut part.take(n_left + 1), &mut std::io::sink());
        let n_bytes = n_bytes.map_err(|_| NotRows::Damaged)?;
        n_left = n_left.checked_sub(n_bytes).ok_or(NotRows::TooLarge)?;
    }
    Ok(())
}

struct Wrong(NotRows);

impl From<XlsxError> for Wrong {
    fn from(error: XlsxError) -> Self {
        Self(if matches!(error, XlsxError::Password) { NotRows::Protected } else { NotRows::Damaged })
    }
}

/// Cell by cell: the corners of a sheet may lie seventeen thousand million cells apart.
fn xlsx(bytes: &[u8], limits: Limits) -> Result<Rows, Wrong> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let name = workbook.sheet_names().first().cloned().ok_or(Wrong(NotRows::NoSheet))?;
    let mut cells = workbook.worksheet_cells_reader(&name)?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
    let (mut first, mut last, mut n_cells) = (u32::MAX, 0, 0);
    while let Some(found) = cells.next_cell()? {
        let (row, column) = found.get_position();
        if *found.get_value() == DataRef::Empty {
            continue;
        }
        (first, last, n_cells) = (first.min(column), last.max(column), n_cells + 1);
        if n_cells > limits.n_cells {
            return Err(Wrong(NotRows::TooLarge));
        }
        rows.entry(row).or_default().insert(column, cell(&Data::from(found.get_value().clone())));
    }
    let width = rows.len().min(1) * (last.saturating_sub(first) as usize + 1);
    if width.saturating_mul(rows.len()) > limits.n_cells {
        return Err(Wrong(NotRows::TooLarge));
    }
    let row = |(row, mut cells): (u32, BTreeMap<u32, Cell>)| {
        let cells = (first..=last).map(|column| cells.remove(&column).unwrap_or_default());
        (row as usize + 1, cells.collect())
    };
    Ok(rows.into_iter().map(row).collect())
}

/// `xls`, `xlsb`, `ods`.
fn other(bytes: &[u8]) -> Result<Rows, NotRows> {
    let mut workbook =
        calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let sheet = workbook.worksheet_range_at(0).ok_or(NotRows::NoSheet)?.map_err(|error| wrong(&error))?;
    let first = sheet.start().map_or(0, |(row, _)| usize::try_from(row).unwrap_or(usize::MAX));
    let numbered = sheet.rows().enumerate();
    Ok(numbered.map(|(i, cells)| (first + i + 1, cells.iter().map(cell).collect())).collect())
}

fn wrong(error: &calamine::Error) -> NotRows {
    let is_protected = matches!(
        error,
        calamine::Error::Xlsx(XlsxError::Password)
            | calamine::Error::Xls(XlsError::Password)
            | calamine::Error::Ods(OdsError::Password)
    );
    if is_protected { NotRows::Protected } else { NotRows::Damaged }
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
