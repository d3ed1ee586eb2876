use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use encoding_rs::GB18030;

/// How a case list's text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    Gb18030,
}

/// What the beginning of a file tells of how it is written; `None` if it has ASCII alone.
pub(super) fn told_by(sample: &[u8]) -> anyhow::Result<Option<Encoding>> {
    ensure!(
        !sample.is_empty(),
        "the file is empty: it wants a heading ({}) and a case a line",
        super::REQUIRED
    );
    let n_nul = sample.iter().filter(|byte| **byte == 0).count();
    if sample.starts_with(b"\xff\xfe") || sample.starts_with(b"\xfe\xff") || n_nul * 4 > sample.len() {
        bail!("the text is UTF-16: save it as CSV in UTF-8 or GB18030");
    }
    for (start, kind) in
        [("PK\x03\x04", "an Excel file (.xlsx) or another archive"), ("PAR1", "a Parquet file (.parquet)")]
    {
        ensure!(!sample.starts_with(start.as_bytes()), "this is no CSV but {kind}: let its name end so");
    }
    Ok(match std::str::from_utf8(sample) {
        _ if sample.is_ascii() => None,
        Ok(_) => Some(Encoding::Utf8),
        // The sample may end inside a character.
        Err(error) if error.error_len().is_none() => Some(Encoding::Utf8),
        Err(_) => Some(Encoding::Gb18030),
    })
}

/// What a line tells of how a file is written that has had ASCII alone until there.
pub(super) fn told_by_line(line: &[u8]) -> Option<Encoding> {
    if line.is_ascii() {
        return None;
    }
    Some(if std::str::from_utf8(line).is_ok() { Encoding::Utf8 } else { Encoding::Gb18030 })
}

/// The text of a line.
pub(super) fn decode(line: &[u8], encoding: Option<Encoding>) -> anyhow::Result<Cow<'_, str>> {
    ensure!(!line.contains(&0), "the line has a NUL byte: the file is damaged there");
    match encoding {
        Some(Encoding::Gb18030) => gb18030(line),
        Some(Encoding::Utf8) | None => std::str::from_utf8(line)
            .map(Cow::Borrowed)
            .context("the line is not UTF-8 as the lines before it (see --encoding)"),
    }
}

/// The text of a table's file: UTF-8, with or without its mark, or else GB18030.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    let name = || path.display().to_string();
    let bytes = std::fs::read(path).with_context(name)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => gb18030(bytes).map(Cow::into_owned).with_context(name),
    }
}

fn gb18030(bytes: &[u8]) -> anyhow::Result<Cow<'_, str>> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.context("the text is neither UTF-8 nor GB18030")
}
