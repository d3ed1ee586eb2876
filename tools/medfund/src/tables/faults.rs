//! What is wrong with a table, as a table that goes back to its sender.

use std::path::Path;

use anyhow::Context;
use rust_xlsxwriter::{Format, Workbook};

/// One thing that is wrong with one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The line in the file, from 1.
    pub line: usize,
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// The row as it stands in the file.
    pub row: Vec<String>,
}

/// Writes faults with line, field, reason and the original row: to a workbook or CSV by the file's name.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_faults(path: &Path, heading: &[String], faults: &[RowFault]) -> anyhow::Result<()> {
    let own = ["line", "field", "reason"].map(str::to_owned);
    let mut lines: Vec<Vec<String>> = vec![own.iter().chain(heading).cloned().collect()];
    for fault in faults {
        let own = [fault.line.to_string(), fault.field.clone(), fault.reason.clone()];
        lines.push(own.iter().chain(&fault.row).cloned().collect());
    }
    let is_workbook = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    let written = if is_workbook { workbook(path, &lines) } else { csv_file(path, &lines) };
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn csv_file(path: &Path, lines: &[Vec<String>]) -> anyhow::Result<()> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(path)?;
    for line in lines {
        writer.write_record(line)?;
    }
    Ok(writer.flush()?)
}

fn workbook(path: &Path, lines: &[Vec<String>]) -> anyhow::Result<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let (text, bold) = (Format::new().set_num_format("@"), Format::new().set_bold());
    for (row, line) in (0..).zip(lines) {
        for (place, cell) in (0..).zip(line) {
            sheet.write_string_with_format(row, place, cell, if row == 0 { &bold } else { &text })?;
        }
    }
    sheet.set_freeze_panes(1, 3)?;
    sheet.autofit();
    workbook.save(path)?;
    Ok(())
}
