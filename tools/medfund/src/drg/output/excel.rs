use std::io::Write;

use anyhow::ensure;
use rust_xlsxwriter::{Format, FormatBorder, Workbook};

use super::Output;

/// The rows of an Excel sheet, with its heading.
const MOST_ROWS: u32 = 1_048_576;

/// A workbook of one sheet. Its rows do not stay in memory.
pub(super) struct Excel {
    workbook: Workbook,
    output: Output,
    text: Format,
    next_row: u32,
}

impl Excel {
    pub(super) fn new(output: Output, names: &[&str]) -> anyhow::Result<Self> {
        let mut workbook = Workbook::new();
        let heading = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for (place, name) in (0..).zip(names) {
            sheet.set_column_width(place, width(name))?;
            sheet.write_string_with_format(0, place, *name, &heading)?;
        }
        // Text also where a code looks like a number: `0000`, `47.0100`.
        let text = Format::new().set_num_format("@");
        Ok(Self { workbook, output, text, next_row: 1 })
    }

    pub(super) fn append(&mut self, row: &csv::StringRecord) -> anyhow::Result<()> {
        ensure!(
            self.next_row < MOST_ROWS,
            "a sheet of Excel holds 1,048,576 rows with its heading: let the file's name end in .csv or .parquet"
        );
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (place, text) in (0..).zip(row) {
            if !text.is_empty() {
                sheet.write_string_with_format(self.next_row, place, text, &self.text)?;
            }
        }
        self.next_row += 1;
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
