use encoding_rs::GB18030;

use crate::NotRows;

/// Reads UTF-8, with or without a byte-order mark, or else GB18030.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, NotRows> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(NotRows::Utf16);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or(NotRows::Encoding)?;
    Ok(text.into_owned())
}
