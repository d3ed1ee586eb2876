use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, ensure};
use medfund_grouper::batch::{self, Encoding, TextError, decoded};

/// What the beginning of a file tells of how it is written; `None` if it has ASCII alone.
///
/// - `is_cut`: whether more follows, so that it may end inside a character.
pub(super) fn told_by(sample: &[u8], is_cut: bool) -> anyhow::Result<Option<Encoding>> {
    ensure!(
        !sample.is_empty(),
        "the file is empty: it wants a heading ({}) and a case a line",
        super::REQUIRED
    );
    let n_nul = sample.iter().filter(|byte| **byte == 0).count();
    ensure!(n_nul * 4 <= sample.len(), TextError::Utf16);
    ensure!(!sample.starts_with(b"PAR1"), "this is no CSV but a Parquet file: let its name end in .parquet");
    match if is_cut { Encoding::told_by_beginning(sample) } else { Encoding::told_by(sample) } {
        Err(TextError::Archive) => {
            Err(TextError::Archive).context("let the name of an Excel file end in .xlsx")
        }
        told => Ok(told?),
    }
}

/// The text of a line.
pub(super) fn decode(line: &[u8], mut encoding: Option<Encoding>) -> anyhow::Result<Cow<'_, str>> {
    ensure!(!line.contains(&0), "the line has a NUL byte: the file is damaged there");
    match batch::decode(line, &mut encoding) {
        Err(TextError::NotUtf8) => Err(anyhow::anyhow!("{} (see --encoding)", TextError::NotUtf8)),
        text => Ok(text?),
    }
}

/// The text of a table's file: UTF-8, with or without its mark, or else GB18030.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
    let text = decoded(&bytes).map(Cow::into_owned);
    text.with_context(|| format!("{name}: save it as text in UTF-8 or GB18030"))
}
