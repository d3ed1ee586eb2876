use std::fs::File;
use std::path::Path;

use anyhow::{Context, ensure};
use medfund_grouper::batch::{Columns, Encoding, KnownColumn};
use parquet::basic::Compression;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};

use super::chunk::Chunk;
use crate::drg::output::quoted;
use crate::tables::{self, Cell};

/// The rows of a workbook's first sheet or of a Parquet file, given as records of CSV.
pub(super) struct Rows {
    rows: Box<dyn Iterator<Item = anyhow::Result<(u64, Vec<Cell>)>> + Send>,
    /// Where the code columns stand, whose cells must be text.
    codes: Vec<(usize, String)>,
    pub(super) n_rows: u64,
}

/// Opens a file whose name ends as a workbook's or Parquet's do, with its heading as CSV.
///
/// A workbook is read whole; of a Parquet file, a batch of a row group at a time. Its rows are numbered as if its
/// heading were the first line.
pub(super) fn open(path: &Path, file: &File) -> anyhow::Result<Option<(Rows, String)>> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("xlsx" | "xls" | "xlsm" | "ods") => of_workbook(path).map(Some),
        Some("parquet") => of_parquet(file.try_clone()?).map(Some),
        Some(_) | None => Ok(None),
    }
}

fn of_workbook(path: &Path) -> anyhow::Result<(Rows, String)> {
    let lines = tables::rows(path)?;
    let n_rows = lines.len() as u64;
    let mut rows = lines.into_iter().map(|(line, cells)| Ok((line as u64, cells)));
    let (_, heading) =
        rows.next().context("the first sheet is empty: it wants a heading and a case a row")??;
    let names: Vec<String> = heading.iter().map(Cell::to_text).collect();
    Ok((Rows { rows: Box::new(rows), codes: codes(&names), n_rows }, record(&names)))
}

fn of_parquet(file: File) -> anyhow::Result<(Rows, String)> {
    let reader = SerializedFileReader::new(file).map_err(|_| damaged())?;
    for group in reader.metadata().row_groups() {
        for column in group.columns() {
            let (name, packed) = (column.column_path().string(), column.compression());
            ensure!(
                matches!(packed, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_)),
                "the column `{name}` of the Parquet file is packed by {packed}: write it uncompressed, or by Snappy or gzip"
            );
        }
    }
    let metadata = reader.metadata().file_metadata();
    let names: Vec<String> =
        metadata.schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    let n_rows = u64::try_from(metadata.num_rows())?;
    let rows = reader.into_iter();
    let numbered = (2..).zip(rows).map(|(line, row)| {
        let row = row.map_err(|_| damaged()).with_context(|| format!("line {line}"))?;
        Ok((line, cells(&row).with_context(|| format!("line {line}"))?))
    });
    Ok((Rows { rows: Box::new(numbered), codes: codes(&names), n_rows }, record(&names)))
}

fn damaged() -> anyhow::Error {
    anyhow::anyhow!("the Parquet file is damaged, or is none: write it anew")
}

fn codes(names: &[String]) -> Vec<(usize, String)> {
    let known: Vec<KnownColumn> = Columns::known()
        .into_iter()
        .filter(|column| ["diagnoses", "procedures"].contains(&column.name))
        .collect();
    let is_one = |(_, name): &(usize, String)| {
        known.iter().any(|column| column.name == name.trim() || column.terms.contains(&name.trim()))
    };
    names.iter().cloned().enumerate().filter(is_one).collect()
}

fn cells(row: &Row) -> anyhow::Result<Vec<Cell>> {
    row.get_column_iter()
        .map(|(name, field)| cell(field).with_context(|| format!("the column `{name}`")))
        .collect()
}

/// A field's cell; a list of texts, as data frames hold codes, has `|` between them.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other kinds are numbers, which are written as they are"
)]
fn cell(field: &Field) -> anyhow::Result<Cell> {
    Ok(match field {
        Field::Null => Cell::Empty,
        Field::Str(text) => Cell::text(text.as_str()),
        Field::ListInternal(list) => {
            let texts: anyhow::Result<Vec<String>> =
                list.elements().iter().map(|one| Ok(cell(one)?.to_text())).collect();
            Cell::text(texts?.join("|"))
        }
        Field::Group(_) | Field::MapInternal(_) | Field::Bytes(_) => {
            anyhow::bail!("holds neither text nor numbers: write it as text")
        }
        // A column of whole numbers with gaps is one of floating point in a data frame: `64.0`.
        Field::Float(_) | Field::Double(_) => {
            let text = field.to_string();
            Cell::Number(text.strip_suffix(".0").unwrap_or(&text).to_owned())
        }
        Field::Date(_) | Field::TimestampMillis(_) | Field::TimestampMicros(_) => {
            Cell::text(field.to_string().split(' ').next().unwrap_or_default())
        }
        number => Cell::Number(number.to_string()),
    })
}

impl Rows {
    /// Appends the next row as a record; `false`: there is none.
    pub(super) fn append_to(&mut self, chunk: &mut Chunk) -> anyhow::Result<bool> {
        let Some(row) = self.rows.next() else { return Ok(false) };
        let (line, cells) = row?;
        let number = self.codes.iter().find(|(place, _)| matches!(cells.get(*place), Some(Cell::Number(_))));
        let record = match number {
            Some((_, name)) => Err(format!(
                "the column `{name}` holds a number: make the column text, since digits of codes may be lost"
            )),
            None => {
                append(&cells, &mut chunk.bytes);
                Ok(chunk.bytes.len())
            }
        };
        chunk.encoding = Some(Encoding::Utf8);
        chunk.records.push((line, record));
        Ok(true)
    }
}

/// Appends a row of CSV; one of empty cells alone appends nothing.
fn append(cells: &[Cell], bytes: &mut Vec<u8>) {
    let texts: Vec<String> = cells.iter().map(Cell::to_text).collect();
    if texts.iter().all(String::is_empty) {
        return;
    }
    bytes.extend(record(&texts).bytes());
}

/// Texts as a record of CSV.
fn record(texts: &[String]) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(",")
}
