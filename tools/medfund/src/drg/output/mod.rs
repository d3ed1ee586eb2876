//! What commands write: a table as CSV, Excel or Parquet, by the ending of the file's name.

mod excel;

pub(super) use crate::files::Output;

use std::io::Write;
use std::path::Path;

use anyhow::{Context, ensure};

use super::headings::Headings;
use crate::files::ParquetFile;
use excel::Excel;

/// A table that comes into its place when it is whole; every column is text.
pub(super) struct Table {
    kind: Kind,
    name: String,
}

enum Kind {
    Csv(Output),
    Excel(Box<Excel>),
    Parquet(Box<ParquetFile>),
}

impl Table {
    /// Begins a table with columns of these names, a line of CSV, before any work is done: a file that cannot be
    /// written is refused here.
    pub(super) fn create(path: &Path, names: &str) -> anyhow::Result<Self> {
        Self::headed(path, names, Headings::En)
    }

    /// The same with other headings.
    pub(super) fn headed(path: &Path, names: &str, headings: Headings) -> anyhow::Result<Self> {
        let mut output = Output::create(path)?;
        let names: Vec<&str> = names.trim_end().split(',').collect();
        let titles: Vec<&str> = names.iter().map(|name| headings.of(name)).collect();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        let kind = match ending.as_deref() {
            Some("xlsx") => Kind::Excel(Box::new(Excel::new(output, &names, &titles)?)),
            Some("parquet") => Kind::Parquet(Box::new(ParquetFile::new(output, &titles)?)),
            Some("csv" | "txt") | None => {
                writeln!(output, "{}", titles.join(","))?;
                Kind::Csv(output)
            }
            Some(other) => {
                let name = path.display();
                anyhow::bail!("cannot write {name}: no .{other}, but .csv, .xlsx and .parquet are written")
            }
        };
        Ok(Self { kind, name: format!("cannot write {}", path.display()) })
    }

    /// Appends rows, given as lines of CSV.
    pub(super) fn append(&mut self, lines: &str) -> anyhow::Result<()> {
        let appended = match &mut self.kind {
            Kind::Csv(output) => output.write_all(lines.as_bytes()).map_err(anyhow::Error::from),
            Kind::Excel(excel) => rows(lines, |row| excel.append(row)),
            Kind::Parquet(file) => rows(lines, |row| file.append(row)),
        };
        appended.with_context(|| self.name.clone())
    }

    /// Puts the table in its place.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let finished = match self.kind {
            Kind::Csv(output) => return output.finish(),
            Kind::Excel(excel) => excel.finish(),
            Kind::Parquet(file) => file.finish(),
        };
        finished.with_context(|| self.name)
    }
}

fn rows(lines: &str, mut append: impl FnMut(&csv::StringRecord) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(lines.as_bytes());
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row)? {
        append(&row)?;
    }
    Ok(())
}

/// A field of CSV, in quotation marks if it needs them.
pub(super) fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Refuses to write over what is being read: the cases would be lost.
pub(super) fn not_over_the_cases(cases: &Path, out: &Path) -> anyhow::Result<()> {
    let is_same = matches!((cases.canonicalize(), out.canonicalize()), (Ok(cases), Ok(out)) if cases == out);
    ensure!(!is_same, "{} is the case list itself: name another file with --out", out.display());
    Ok(())
}
