use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Chain, Cursor, Read};
use std::path::Path;

use anyhow::Context;
use encoding_rs::GB18030;
use indicatif::{ProgressBar, ProgressStyle};
use medfund_grouper::batch::Columns;

/// The longest line that is read: longer ones are refused without being kept.
pub(super) const LONGEST_LINE: usize = 1 << 20;

/// The columns that a heading must have.
const REQUIRED: &str = "id,sex,age_years,diagnoses,procedures";

/// How many bad lines are told one by one.
pub(super) const N_TOLD: usize = 20;

/// How much of a file tells how its text is written.
const SAMPLE: u64 = 1 << 20;

/// How a case list's text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    Gb18030,
}

/// A case list, read a line at a time.
pub(super) struct CaseList {
    text: BufReader<Chain<Cursor<Vec<u8>>, File>>,
    name: String,
    /// `None` until a line tells.
    encoding: Option<Encoding>,
    pub(super) columns: Columns,
    buffer: Vec<u8>,
    n_read: u64,
    line: u64,
    n_bad: usize,
    progress: ProgressBar,
}

impl CaseList {
    /// Opens a case list; how it is written is told from its beginning unless `encoding` says so.
    pub(super) fn open(path: &Path, encoding: Option<Encoding>) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let mut file = File::open(path).with_context(|| name.clone())?;
        let progress = ProgressBar::new(file.metadata()?.len());
        progress.set_style(ProgressStyle::with_template("{bar:40} {percent}% {bytes_per_sec} {eta}")?);
        let mut sample = Vec::new();
        file.by_ref().take(SAMPLE).read_to_end(&mut sample).with_context(|| name.clone())?;
        let encoding = match encoding {
            None => told_by(&sample).with_context(|| name.clone())?,
            some => some,
        };
        let text = BufReader::with_capacity(1 << 16, Cursor::new(sample).chain(file));
        let mut list = Self {
            text,
            name,
            encoding,
            columns: Columns::of_heading(REQUIRED).expect("it has all columns"),
            buffer: Vec::new(),
            n_read: 0,
            line: 1,
            n_bad: 0,
            progress,
        };
        anyhow::ensure!(list.read_line()? != Line::TooLong, "{}: the heading is too long", list.name);
        let heading = decode(&list.buffer, &mut list.encoding).with_context(|| list.name.clone())?;
        list.columns = Columns::of_heading(&heading).with_context(|| list.name.clone())?;
        Ok(list)
    }

    fn read_line(&mut self) -> anyhow::Result<Line> {
        let (line, n_read) =
            read_line(&mut self.text, &mut self.buffer).with_context(|| self.name.clone())?;
        self.n_read += n_read;
        Ok(line)
    }

    /// Gives each line to `work`; a line that `work` refuses, or that cannot be read, is
    /// told on standard error, and the rest goes on. `work` says whether to go on.
    pub(super) fn each<E: std::fmt::Display>(
        &mut self,
        mut work: impl FnMut(&str) -> Result<bool, E>,
    ) -> anyhow::Result<()> {
        loop {
            self.buffer.clear();
            self.line += 1;
            let read = self.read_line()?;
            if self.line.is_multiple_of(4096) {
                self.progress.set_position(self.n_read);
            }
            let refused = match read {
                Line::End => break,
                Line::TooLong => Some(format!("the line is longer than {LONGEST_LINE} bytes")),
                Line::Whole if self.buffer.is_empty() => continue,
                Line::Whole => match decode(&self.buffer, &mut self.encoding) {
                    Err(error) => Some(error.to_string()),
                    Ok(text) => match work(&text) {
                        Ok(true) => None,
                        Ok(false) => break,
                        Err(error) => Some(error.to_string()),
                    },
                },
            };
            if let Some(refused) = refused {
                self.n_bad += 1;
                if self.n_bad <= N_TOLD {
                    self.progress.suspend(|| eprintln!("{}:{}: {refused}", self.name, self.line));
                }
            }
        }
        self.progress.finish_and_clear();
        if self.n_bad > N_TOLD {
            eprintln!("{}: {} more lines like these", self.name, self.n_bad - N_TOLD);
        }
        Ok(())
    }

    /// How many lines were refused.
    pub(super) fn n_bad(&self) -> usize {
        self.n_bad
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Whole,
    TooLong,
    End,
}

/// Reads a line without its end, and tells how many bytes that took; of one that is too long
/// only so much is ever held.
fn read_line(text: &mut impl BufRead, buffer: &mut Vec<u8>) -> std::io::Result<(Line, u64)> {
    let limit = u64::try_from(LONGEST_LINE + 1).expect("a small number");
    let n_read = text.by_ref().take(limit).read_until(b'\n', buffer)?;
    let n_bytes = u64::try_from(n_read).expect("a small number");
    if n_read == 0 {
        return Ok((Line::End, 0));
    }
    if buffer.last() != Some(&b'\n') && n_read > LONGEST_LINE {
        let n_skipped = u64::try_from(text.skip_until(b'\n')?).unwrap_or(u64::MAX);
        return Ok((Line::TooLong, n_bytes.saturating_add(n_skipped)));
    }
    while buffer.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        buffer.pop();
    }
    Ok((Line::Whole, n_bytes))
}

/// What the beginning of a file tells of how it is written; `None` if it has ASCII alone.
fn told_by(sample: &[u8]) -> anyhow::Result<Option<Encoding>> {
    anyhow::ensure!(
        !sample.starts_with(b"\xff\xfe") && !sample.starts_with(b"\xfe\xff"),
        "the text is UTF-16: save it as CSV in UTF-8 or GB18030"
    );
    anyhow::ensure!(
        !sample.starts_with(b"PK\x03\x04"),
        "this is no CSV but an Excel file or another archive"
    );
    Ok(match std::str::from_utf8(sample) {
        _ if sample.is_ascii() => None,
        Ok(_) => Some(Encoding::Utf8),
        // The sample may end inside a character.
        Err(error) if error.error_len().is_none() => Some(Encoding::Utf8),
        Err(_) => Some(Encoding::Gb18030),
    })
}

/// The text of a line; where nothing has told yet how the file is written, the line does.
fn decode<'b>(line: &'b [u8], encoding: &mut Option<Encoding>) -> anyhow::Result<Cow<'b, str>> {
    match encoding {
        None if line.is_ascii() => {}
        None => *encoding = told_by(line)?,
        Some(_) => {}
    }
    match encoding {
        Some(Encoding::Gb18030) => gb18030(line),
        Some(Encoding::Utf8) | None => std::str::from_utf8(line)
            .map(Cow::Borrowed)
            .context("the line is not UTF-8 as the lines before it (see --encoding)"),
    }
}

/// The text of a table's file.
pub(super) fn text(path: &Path) -> anyhow::Result<String> {
    let name = || path.display().to_string();
    let bytes = std::fs::read(path).with_context(name)?;
    decoded(&bytes).map(Cow::into_owned).with_context(name)
}

/// Text that is UTF-8, with or without its mark, or else GB18030.
fn decoded(bytes: &[u8]) -> anyhow::Result<Cow<'_, str>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    gb18030(bytes)
}

fn gb18030(bytes: &[u8]) -> anyhow::Result<Cow<'_, str>> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.context("the text is neither UTF-8 nor GB18030")
}
