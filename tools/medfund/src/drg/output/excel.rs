use std::io::Write;

use rust_xlsxwriter::{Format, FormatBorder, Workbook};

use crate::files::{Output, SheetRows};

/// A workbook of one sheet. Its rows do not stay in memory.
pub(super) struct Excel {
    workbook: Workbook,
    output: Output,
    text: Format,
    rows: SheetRows,
}

impl Excel {
    pub(super) fn new(output: Output, names: &[&str], titles: &[&str]) -> anyhow::Result<Self> {
        Self::with(output, (names, titles), SheetRows::default())
    }

    /// A workbook of one sheet with so many rows at the most.
    pub(super) fn with(
        output: Output,
        (names, titles): (&[&str], &[&str]),
        mut rows: SheetRows,
    ) -> anyhow::Result<Self> {
        let mut workbook = Workbook::new();
        let heading = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        let row = rows.next()?;
        for ((place, name), title) in (0..).zip(names).zip(titles) {
            sheet.set_column_width(place, width(name))?;
            sheet.write_string_with_format(row, place, *title, &heading)?;
        }
        // Text also where a code looks like a number: `0000`, `47.0100`.
        let text = Format::new().set_num_format("@");
        Ok(Self { workbook, output, text, rows })
    }

    pub(super) fn append(&mut self, row: &csv::StringRecord) -> anyhow::Result<()> {
        let number = self.rows.next()?;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (place, text) in (0..).zip(row) {
            if !text.is_empty() {
                sheet.write_string_with_format(number, place, text, &self.text)?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.output.write_all(&self.workbook.save_to_buffer()?)?;
        self.output.finish()
    }
}

/// A width in characters in which what usually stands in the column can be read.
fn width(name: &str) -> u16 {
    match name {
        "mcc_not_excluded" | "cc_not_excluded" | "translated" | "what" => 36,
        "id" | "status" | "code" | "value" | "translated_from" => 20,
        _ => 12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_a_sheet_cannot_hold_are_refused_and_no_file_appears() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.xlsx");
        let output = Output::create(&path).unwrap();
        let mut excel = Excel::with(output, (&["id", "drg"], &["id", "drg"]), SheetRows::at_most(2)).unwrap();
        let row = csv::StringRecord::from(vec!["1", "FR15"]);
        excel.append(&row).unwrap();
        let refused = excel.append(&row).unwrap_err().to_string();
        assert!(refused.starts_with("a sheet of Excel holds 2 rows with its heading"), "{refused}");
        drop(excel);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
