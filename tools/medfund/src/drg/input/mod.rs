//! Case lists: CSV, Excel, Parquet, by the ending of the file's name.

mod chunk;
mod encoding;
mod records;
mod rows;

pub(super) use chunk::Chunk;
pub(super) use encoding::text;

use std::fs::File;
use std::io::{BufReader, Chain, Cursor, Read};
use std::path::Path;

use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use medfund_grouper::batch::{Columns, Encoding};

use records::{Next, Records};
use rows::Rows;

/// The columns that a heading must have.
const REQUIRED: &str = "id,sex,age_years,diagnoses,procedures";

/// How much of a file tells how its text is written.
const SAMPLE: u64 = 1 << 20;

/// How many records, and bytes of them, are worked on at once.
const MOST_OF_A_CHUNK: (usize, usize) = (4096, 1 << 20);

/// A case list, read a chunk at a time.
pub(super) struct CaseList {
    source: Source,
    pub(super) name: String,
    pub(super) columns: Columns,
    progress: ProgressBar,
}

enum Source {
    /// `None` until a line tells how the text is written.
    Text(Records<BufReader<Chain<Cursor<Vec<u8>>, File>>>, Option<Encoding>),
    Rows(Rows),
}

/// What is to be said of columns that nothing is read from: a name with a slip of the pen is one.
pub(super) fn ignored(name: &str, columns: &Columns) -> Option<String> {
    let named: Vec<&str> =
        columns.ignored().iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    (!named.is_empty()).then(|| format!("{name}: ignored columns: {}", named.join(", ")))
}

/// A bar that shows how much of a length is done.
pub(super) fn progress(length: u64) -> anyhow::Result<ProgressBar> {
    let bar = ProgressBar::new(length);
    bar.set_style(ProgressStyle::with_template("{bar:40} {percent}% {elapsed} {eta}")?);
    Ok(bar)
}

impl CaseList {
    /// Opens a case list; how text is written is told from its beginning unless `encoding` says so.
    pub(super) fn open(path: &Path, encoding: Option<Encoding>) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let opened = Self::open_named(path, &name, encoding);
        opened.with_context(|| format!("cannot read the cases of {name}"))
    }

    fn open_named(path: &Path, name: &str, encoding: Option<Encoding>) -> anyhow::Result<Self> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        ensure!(!metadata.is_dir(), "it is a folder: name a file (.csv, .xlsx, .parquet)");
        let (source, heading, length) = if let Some((rows, heading)) = rows::open(path, &file)? {
            let length = rows.n_rows;
            (Source::Rows(rows), heading, length)
        } else {
            let mut sample = Vec::new();
            file.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
            let told = encoding::told_by(&sample, metadata.len() > SAMPLE)?;
            let encoding = encoding.or(told);
            let text = BufReader::with_capacity(1 << 16, Cursor::new(sample).chain(file));
            let (mut records, mut heading) = (Records::new(text), Vec::new());
            if let Next::Bad(_, reason) = records.next(&mut heading)? {
                anyhow::bail!("the heading: {reason}");
            }
            let heading = encoding::decode(&heading, encoding)?.into_owned();
            (Source::Text(records, encoding), heading, metadata.len())
        };
        let (columns, progress) = (Columns::of_heading(&heading)?, progress(length)?);
        if let Some(told) = ignored(name, &columns) {
            eprintln!("{told}");
        }
        Ok(Self { source, name: name.to_owned(), columns, progress })
    }

    /// The bar that shows how much has been read.
    pub(super) fn progress(&self) -> ProgressBar {
        self.progress.clone()
    }

    /// The next records; none: that was all.
    pub(super) fn next_chunk(&mut self) -> anyhow::Result<Option<Chunk>> {
        let mut chunk = Chunk::default();
        let (most_records, most_bytes) = MOST_OF_A_CHUNK;
        match &mut self.source {
            Source::Text(records, encoding) => {
                while chunk.records.len() < most_records && chunk.bytes.len() < most_bytes {
                    let start = chunk.bytes.len();
                    let (line, record) = match records.next(&mut chunk.bytes)? {
                        Next::End => break,
                        Next::Bad(line, reason) => (line, Err(reason.to_owned())),
                        Next::Record(line) => (line, Ok(chunk.bytes.len())),
                    };
                    if encoding.is_none() {
                        // A line that is no text is told when it is decoded.
                        *encoding = Encoding::told_by(&chunk.bytes[start..]).unwrap_or_default();
                    }
                    chunk.records.push((line, record));
                }
                chunk.encoding = *encoding;
                self.progress.set_position(records.n_read());
            }
            Source::Rows(rows) => {
                while chunk.records.len() < most_records && rows.append_to(&mut chunk)? {}
                self.progress.inc(chunk.records.len() as u64);
            }
        }
        Ok(Some(chunk).filter(|chunk| !chunk.records.is_empty()))
    }
}
