//! Reads a table and checks it row by row.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use medfund_money::Fen;
use medfund_rows::{Limits, Rows};

use super::{Cell, Column, Content, Record, RowFault};

/// A table that was read: what is good, and what is not.
#[derive(Clone, Debug)]
pub struct Checked<R> {
    /// The good rows with their lines in the file.
    pub rows: Vec<(usize, R)>,
    /// What is wrong, in the order of the file.
    pub faults: Vec<RowFault>,
    /// The headings as they stand in the file.
    pub heading: Vec<String>,
}

impl<R> Checked<R> {
    /// Refuses a table that lacks columns.
    ///
    /// # Errors
    ///
    /// Naming every column that is missing.
    pub(crate) fn with_columns(self, path: &Path) -> anyhow::Result<Self> {
        let missing: Vec<&str> = self
            .faults
            .iter()
            .filter(|fault| fault.row.is_empty())
            .map(|fault| fault.reason.as_str())
            .collect();
        anyhow::ensure!(missing.is_empty(), "{}:1: {}", path.display(), missing.join("; "));
        Ok(self)
    }
}

/// A row that is being read.
pub struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
    wrong: Vec<(String, String)>,
}

/// Reads a table: the first sheet of a workbook, or CSV.
///
/// # Errors
///
/// If the file cannot be read or is no table at all; what is wrong with rows is returned.
pub fn read<R: Record>(path: &Path) -> anyhow::Result<Checked<R>> {
    Ok(check(rows(path)?))
}

/// The rows of a file, with their lines.
///
/// # Errors
///
/// If it cannot be read or is no table.
pub fn rows(path: &Path) -> anyhow::Result<Rows> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(
        !bytes.starts_with(b"PAR1"),
        "{}: Parquet is read of case lists alone: write it as .csv or .xlsx",
        path.display()
    );
    medfund_rows::rows(&bytes, Limits::OF_A_FILE).with_context(|| path.display().to_string())
}

fn check<R: Record>(lines: Rows) -> Checked<R> {
    let columns = R::columns();
    let mut lines = lines.into_iter();
    let heading: Vec<String> =
        lines.next().map(|(_, cells)| cells.iter().map(Cell::to_text).collect()).unwrap_or_default();
    let places: Vec<Option<usize>> =
        columns.iter().map(|column| heading.iter().position(|text| column.is_headed(text))).collect();
    let mut checked = Checked { rows: Vec::new(), faults: Vec::new(), heading };
    for (column, place) in columns.iter().zip(&places) {
        if column.is_required && place.is_none() {
            let reason = format!("no column is headed `{}` or `{}`", column.name, column.term);
            checked.faults.push(RowFault { line: 1, field: column.name.to_owned(), reason, row: Vec::new() });
        }
    }
    if !checked.faults.is_empty() {
        return checked;
    }
    for (line, cells) in lines {
        if cells.iter().all(|cell| cell.to_text().is_empty()) {
            continue;
        }
        let ordered: Vec<Cell> = places
            .iter()
            .map(|place| place.and_then(|i| cells.get(i)).cloned().unwrap_or_default())
            .collect();
        let mut row = Row { columns: &columns, cells: &ordered, wrong: Vec::new() };
        row.check_codes();
        let record = R::read(&mut row);
        match record {
            Some(record) if row.wrong.is_empty() => checked.rows.push((line, record)),
            _ => {
                let original: Vec<String> = cells.iter().map(Cell::to_text).collect();
                let fault = |(field, reason)| RowFault { line, field, reason, row: original.clone() };
                checked.faults.extend(row.wrong.into_iter().map(fault));
            }
        }
    }
    checked
}

impl Row<'_> {
    /// Notes what is wrong with a field.
    pub fn wrong(&mut self, field: &str, reason: impl Into<String>) {
        self.wrong.push((field.to_owned(), reason.into()));
    }

    /// The texts of the row, in the order of the columns.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.cells.iter().map(Cell::to_text).collect()
    }

    /// The text of a column; noted as missing if the column needs one.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let place = self.columns.iter().position(|column| column.name == name)?;
        let text = self.cells[place].to_text();
        if text.is_empty() && self.columns[place].is_required {
            self.wrong(name, "is missing");
            return None;
        }
        Some(text)
    }

    /// The text of a column as something checked.
    pub fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        text.parse().map_err(|error: T::Err| self.wrong(name, error.to_string())).ok()
    }

    /// An amount in fen; an empty cell is nothing.
    pub fn fen(&mut self, name: &str) -> Option<i64> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Some(0);
        }
        let amount = Fen::parse_yuan(&text).map(Fen::get);
        amount
            .map_err(|_| self.wrong(name, format!("`{text}` is no amount in yuan with at most two decimals")))
            .ok()
    }

    /// A whole number that fits, not negative; nothing of an empty cell.
    pub fn whole<N: TryFrom<u64>>(&mut self, name: &str) -> Option<Option<N>> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Some(None);
        }
        let number = text.parse::<u64>().ok().and_then(|number| N::try_from(number).ok());
        if number.is_none() {
            self.wrong(name, format!("`{text}` is no whole number, or too large"));
        }
        number.map(Some)
    }

    /// A whole number, not negative; an empty cell is nothing.
    pub fn count(&mut self, name: &str) -> Option<i64> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Some(0);
        }
        let number = text.parse().ok().filter(|number| *number >= 0);
        if number.is_none() {
            self.wrong(name, format!("`{text}` is no whole number"));
        }
        number
    }

    /// Yes or no: 1, 是, true, yes; 0, 否, false, no, nothing.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.text(name)?.to_ascii_lowercase().as_str() {
            "1" | "是" | "true" | "yes" => Some(true),
            "0" | "否" | "false" | "no" | "" => Some(false),
            other => {
                let reason = format!("`{other}` is neither 1 (是) nor 0 (否)");
                self.wrong(name, reason);
                None
            }
        }
    }

    /// A workbook that holds a code as a number may have lost its leading zeros or its last digits.
    fn check_codes(&mut self) {
        for (column, cell) in self.columns.iter().zip(self.cells) {
            if column.content == Content::Code && matches!(cell, Cell::Number(_)) {
                let reason = "is a number in the workbook; make the column text, since digits may be lost";
                self.wrong.push((column.name.to_owned(), reason.to_owned()));
            }
        }
    }
}
