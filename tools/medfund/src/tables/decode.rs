//! Text of files that people's programs write.

use anyhow::{Context, bail};
use encoding_rs::GB18030;

/// Reads UTF-8, with or without a byte-order mark, or else GB18030.
///
/// # Errors
///
/// If the bytes are neither.
pub(super) fn decode(bytes: &[u8]) -> anyhow::Result<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        bail!("the file is UTF-16; save it as UTF-8 or GB18030");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, had_errors) = GB18030.decode_without_bom_handling(bytes);
    let text = (!had_errors).then_some(text).context("the file is neither UTF-8 nor GB18030")?;
    Ok(text.into_owned())
}
