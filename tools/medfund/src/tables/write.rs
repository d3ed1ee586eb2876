//! Writes a table.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatBorder, Workbook, Worksheet};

use super::{Cell, Column, Content, Record};
use crate::files::{Output, ParquetFile, SheetRows};

/// Digits of a decimal that a workbook's number surely keeps.
const N_SURE_DIGITS: usize = 15;

/// Writes rows to a workbook if the file's name ends in `xlsx`, to Parquet if in `parquet`, else to CSV in UTF-8.
///
/// The file comes into its place when it is whole.
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
    let output = Output::create(path)?;
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let written = match ending.as_deref() {
        Some("xlsx") => workbook(output, columns, rows, SheetRows::default()),
        Some("parquet") => parquet(output, columns, rows),
        Some("csv" | "txt") | None => csv_file(output, columns, rows),
        Some(other) => Err(anyhow::anyhow!("no .{other}, but .csv, .xlsx and .parquet are written")),
    };
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn csv_file(
    output: Output,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> anyhow::Result<usize> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(columns.iter().map(|column| column.name))?;
    let mut n_rows = 0;
    for row in rows {
        writer.write_record(row.iter().map(Cell::to_text))?;
        n_rows += 1;
    }
    let output = writer.into_inner().map_err(|error| anyhow::anyhow!("{}", error.error()))?;
    output.finish()?;
    Ok(n_rows)
}

/// Every column is text, so that codes and exact numbers stay as they are.
fn parquet(
    output: Output,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> anyhow::Result<usize> {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let mut file = ParquetFile::new(output, &names)?;
    let mut n_rows = 0;
    for row in rows {
        file.append(&row.iter().map(Cell::to_text).collect())?;
        n_rows += 1;
    }
    file.finish()?;
    Ok(n_rows)
}

fn workbook(
    mut output: Output,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
    mut numbers: SheetRows,
) -> anyhow::Result<usize> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    let heading = numbers.next()?;
    for (place, column) in (0..).zip(columns) {
        sheet.write_string_with_format(heading, place, column.name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut n_rows = 0;
    for row in rows {
        let number = numbers.next()?;
        n_rows += 1;
        for ((place, column), cell) in (0..).zip(columns).zip(&row) {
            write_cell(sheet, (number, place), column.content, cell)?;
        }
    }
    sheet.autofit();
    output.write_all(&workbook.save_to_buffer()?)?;
    output.finish()?;
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
        // So many digits are read back from a workbook as they were; more stay text.
        (Content::Decimal, Cell::Number(text)) if text.len() <= N_SURE_DIGITS => {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::rows;

    fn columns() -> [Column; 3] {
        [("编码", Content::Code), ("费用", Content::Amount), ("RW", Content::Decimal)]
            .map(|(name, content)| Column::required(name, name, content))
    }

    fn row(code: &str, weight: &str) -> Vec<Cell> {
        vec![Cell::text(code), Cell::yuan(1_250), Cell::Number(weight.to_owned())]
    }

    #[test]
    fn what_stood_there_stays_until_the_table_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        for ending in ["csv", "xlsx", "parquet"] {
            let path = folder.path().join(format!("table.{ending}"));
            std::fs::write(&path, "before").unwrap();
            let looking = [row("0000", "1.01"), row("FR15", "0.9")].into_iter().inspect(|_| {
                assert_eq!(std::fs::read(&path).unwrap(), b"before", "{ending}");
            });
            assert_eq!(write_cells(&path, &columns(), looking).unwrap(), 2, "{ending}");
            assert_ne!(std::fs::read(&path).unwrap(), b"before", "{ending}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is left beside");
    }

    #[test]
    fn decimals_are_numbers_in_a_workbook_where_it_keeps_their_digits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.xlsx");
        let exact = "0.12345678901234567";
        write_cells(&path, &columns(), [row("0000", "1.0105"), row("FR15", exact)].into_iter()).unwrap();
        let read = rows(&path).unwrap();
        assert_eq!(
            read[1].1,
            [Cell::text("0000"), Cell::Number("12.5".into()), Cell::Number("1.0105".into())]
        );
        assert_eq!(read[2].1[2], Cell::text(exact));
    }

    #[test]
    fn more_rows_than_a_sheet_holds_are_refused_and_what_stood_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.xlsx");
        std::fs::write(&path, "before").unwrap();
        let rows = (0..3).map(|_| row("FR15", "1"));
        let refused = workbook(Output::create(&path).unwrap(), &columns(), rows, SheetRows::at_most(3));
        assert!(refused.unwrap_err().to_string().starts_with("a sheet of Excel holds 3 rows"));
        assert_eq!(std::fs::read(&path).unwrap(), b"before");
        let named = write_cells(&folder.path().join("table.xls"), &columns(), std::iter::empty());
        assert!(
            format!("{:#}", named.unwrap_err())
                .ends_with("no .xls, but .csv, .xlsx and .parquet are written")
        );
    }
}
