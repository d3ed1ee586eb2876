//! Writes a table.

use std::path::Path;

use anyhow::Context;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatBorder, Workbook, Worksheet};

use super::{Cell, Column, Content, Record};

/// Writes rows to a workbook if the file's name ends in `xlsx`, else to CSV in UTF-8.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write<R: Record>(path: &Path, rows: impl IntoIterator<Item = R>) -> anyhow::Result<usize> {
    write_cells(path, &R::columns(), rows.into_iter().map(|row| row.cells()))
}

/// Writes rows of cells that stand in the order of `columns`, as [`write`] does.
pub(crate) fn write_cells(
    path: &Path,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> anyhow::Result<usize> {
    let is_workbook = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    let written = if is_workbook { workbook(path, columns, rows) } else { csv_file(path, columns, rows) };
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn csv_file(path: &Path, columns: &[Column], rows: impl Iterator<Item = Vec<Cell>>) -> anyhow::Result<usize> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(columns.iter().map(|column| column.name))?;
    let mut n_rows = 0;
    for row in rows {
        writer.write_record(row.iter().map(Cell::to_text))?;
        n_rows += 1;
    }
    writer.flush()?;
    Ok(n_rows)
}

fn workbook(path: &Path, columns: &[Column], rows: impl Iterator<Item = Vec<Cell>>) -> anyhow::Result<usize> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    for (place, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, place, column.name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut n_rows = 0;
    for row in rows {
        n_rows += 1;
        for ((place, column), cell) in (0..).zip(columns).zip(&row) {
            write_cell(sheet, (u32::try_from(n_rows)?, place), column.content, cell)?;
        }
    }
    sheet.autofit();
    workbook.save(path)?;
    Ok(n_rows)
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    content: Content,
    cell: &Cell,
) -> anyhow::Result<()> {
    match (content, cell) {
        (_, Cell::Empty) => {}
        (Content::Amount, Cell::Number(text)) => {
            // Written as the workbook's own number, so that people can add it up; no arithmetic is done here.
            let format = Format::new().set_num_format("#,##0.00");
            sheet.write_number_with_format(row, place, text.parse::<f64>()?, &format)?;
        }
        (Content::Count, Cell::Number(text)) => {
            sheet.write_number(row, place, text.parse::<f64>()?)?;
        }
        (_, Cell::Day(day)) => {
            let format = Format::new().set_num_format("yyyy-mm-dd");
            let date = ExcelDateTime::parse_from_str(&day.to_string())?;
            sheet.write_datetime_with_format(row, place, &date, &format)?;
        }
        (_, Cell::Text(text) | Cell::Number(text)) => {
            sheet.write_string_with_format(row, place, text.as_str(), &Format::new().set_num_format("@"))?;
        }
    }
    Ok(())
}
