//! Rows of cells out of files that people's programs write: CSV in UTF-8 or GB18030, and workbooks.
//!
//! Bytes come in and rows go out; nothing is opened here.

mod cell;
mod decode;
mod workbook;

pub use cell::Cell;

/// Rows of cells with their lines in the file, from 1.
pub type Rows = Vec<(usize, Vec<Cell>)>;

/// Why bytes are no rows.
#[derive(Debug, thiserror::Error)]
pub enum NotRows {
    /// UTF-16, which nobody is asked to send.
    #[error("the file is UTF-16; save it as UTF-8 or GB18030")]
    Utf16,
    /// Another encoding.
    #[error("the file is neither UTF-8 nor GB18030")]
    Encoding,
    /// A workbook that cannot be read.
    #[error("the workbook is damaged, or is none: open it and save it anew as .xlsx or CSV")]
    Damaged,
    /// A workbook that asks for a password.
    #[error("the workbook is protected by a password: save it without one")]
    Protected,
    /// A workbook without a sheet.
    #[error("the workbook has no sheet")]
    NoSheet,
    /// More cells, or more bytes once inflated, than its [`Limits`].
    #[error("the workbook is too large: leave only the table in it, or save it as CSV")]
    TooLarge,
    /// A workbook that could not be kept within its [`Limits`].
    #[error("save the workbook as .xlsx or CSV")]
    OtherWorkbook,
}

/// What a workbook may come to.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Cells of its first sheet, counting what is empty between the first and the last column.
    pub n_cells: usize,
    /// Bytes of all of its parts once they are inflated.
    pub n_bytes: u64,
    /// Whether it may be another than `xlsx`, which nothing limits but its own size.
    pub of_others: bool,
}

impl Limits {
    /// Of a file that somebody else has sent.
    pub const OF_A_REQUEST: Self = Self { n_cells: 200_000, n_bytes: 32 << 20, of_others: false };
    /// Of one's own file.
    pub const OF_A_FILE: Self = Self { n_cells: 1 << 26, n_bytes: 4 << 30, of_others: true };
}

/// The rows of a file: a workbook's first sheet if its first bytes are a workbook's, else CSV.
///
/// # Errors
///
/// [`NotRows`].
pub fn rows(bytes: &[u8], limits: Limits) -> Result<Rows, NotRows> {
    let is_workbook = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"].iter().any(|start| bytes.starts_with(*start));
    if is_workbook { workbook::first_sheet(bytes, limits) } else { csv_rows(bytes) }
}

/// The same rows as text, without blanks around it.
#[must_use]
pub fn texts(rows: &Rows) -> Vec<(usize, Vec<String>)> {
    rows.iter().map(|(line, cells)| (*line, cells.iter().map(Cell::to_text).collect())).collect()
}

fn csv_rows(bytes: &[u8]) -> Result<Rows, NotRows> {
    let text = decode::decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.expect("lines in memory, of any number of cells, are CSV");
        let line = record.position().map_or(0, |position| line_of(&text, position));
        rows.push((line, record.iter().map(Cell::text).collect()));
    }
    Ok(rows)
}

/// The line where a record begins; the reader tells where the empty lines before it begin.
fn line_of(text: &str, position: &csv::Position) -> usize {
    let [byte, line] = [position.byte(), position.line()].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    let before = text.as_bytes().get(byte..).unwrap_or_default().iter();
    line + before.take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        super::texts(&rows(bytes, Limits::OF_A_REQUEST).unwrap())
    }

    #[test]
    fn csv_is_read_in_both_encodings_and_with_a_mark() {
        let text = "编码,名称\nFR13,\"心梗,\n伴CC\"\n\nFR15,心梗\n";
        let expected: Vec<(usize, Vec<String>)> =
            [(1, ["编码", "名称"]), (2, ["FR13", "心梗,\n伴CC"]), (5, ["FR15", "心梗"])]
                .into_iter()
                .map(|(line, cells)| (line, cells.map(str::to_owned).to_vec()))
                .collect();
        let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
        for bytes in [text.as_bytes(), ["\u{feff}", text].concat().as_bytes(), &gb18030] {
            assert_eq!(texts(bytes), expected);
        }
    }

    #[test]
    fn a_workbook_keeps_codes_as_text_and_numbers_in_their_shortest_form() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write_string(1, 0, "0000").unwrap();
        sheet.write_number(1, 1, 0.1).unwrap();
        sheet.write_boolean(2, 0, true).unwrap();
        let bytes = workbook.save_to_buffer().unwrap();
        let cells =
            vec![(2, vec!["0000".to_owned(), "0.1".to_owned()]), (3, vec!["1".to_owned(), String::new()])];
        assert_eq!(texts(&bytes), cells);
        assert_eq!(rows(&bytes, Limits::OF_A_REQUEST).unwrap()[0].1[1], Cell::Number("0.1".to_owned()));
    }

    #[test]
    fn what_is_no_table_says_what_it_is() {
        assert!(matches!(rows(b"\xff\xfea\0", Limits::OF_A_FILE), Err(NotRows::Utf16)));
        assert!(matches!(rows(b"a,\xff\xff\n", Limits::OF_A_FILE), Err(NotRows::Encoding)));
        assert!(matches!(rows(b"PK\x03\x04nothing", Limits::OF_A_FILE), Err(NotRows::Damaged)));
        assert!(matches!(rows(b"PK\x03\x04nothing", Limits::OF_A_REQUEST), Err(NotRows::OtherWorkbook)));
    }

    #[test]
    fn a_small_workbook_whose_cells_lie_far_apart_or_that_inflates_is_refused() {
        let written = |cells: &[(u32, u16, String)]| {
            let mut workbook = rust_xlsxwriter::Workbook::new();
            let sheet = workbook.add_worksheet();
            for (row, column, text) in cells {
                sheet.write_string(*row, *column, text).unwrap();
            }
            workbook.save_to_buffer().unwrap()
        };
        let corners = written(&[(0, 0, "编码".to_owned()), (1_048_575, 16_383, "x".to_owned())]);
        let sparse = rows(&corners, Limits::OF_A_REQUEST).unwrap();
        assert_eq!(sparse.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 1_048_576]);

        let far: Vec<_> = (0..20_u16).map(|n| (n.into(), n % 2 * 16_383, "x".to_owned())).collect();
        assert!(matches!(rows(&written(&far), Limits::OF_A_REQUEST), Err(NotRows::TooLarge)));

        let long = written(&[(0, 0, "x".repeat(30_000)), (1, 0, "y".repeat(30_000))]);
        assert!(long.len() < 20_000, "{} bytes", long.len());
        let few = Limits { n_bytes: 60_000, ..Limits::OF_A_REQUEST };
        assert!(matches!(rows(&long, few), Err(NotRows::TooLarge)));
        assert_eq!(rows(&long, Limits::OF_A_REQUEST).unwrap().len(), 2);
    }
}
