use std::borrow::Cow;
use std::str::FromStr;

use encoding_rs::GB18030;

/// The longest line of a case list, in bytes: longer ones are refused without being kept.
pub const LONGEST_LINE: usize = 1 << 20;

/// How a case list's text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
}

/// Bytes that are no text of a case list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// UTF-16, by its mark.
    #[error("the text is UTF-16: save it as CSV in UTF-8 or GB18030")]
    Utf16,
    /// A file of Excel, or another archive.
    #[error("this is no CSV but an Excel file or another archive")]
    Archive,
    /// The lines before it are UTF-8.
    #[error("the line is not UTF-8 as the lines before it")]
    NotUtf8,
    /// Neither is it GB18030.
    #[error("the text is neither UTF-8 nor GB18030")]
    Neither,
}

impl Encoding {
    /// The encoding's name, as [`Encoding::from_str`] reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
        }
    }

    /// What a file, or a line of it, tells of how it is written; `None` if it has ASCII alone.
    ///
    /// # Errors
    ///
    /// [`TextError::Utf16`] or [`TextError::Archive`].
    pub fn told_by(text: &[u8]) -> Result<Option<Self>, TextError> {
        Self::told(text, false)
    }

    /// The same of a file's beginning, which may end inside a character.
    ///
    /// # Errors
    ///
    /// [`TextError::Utf16`] or [`TextError::Archive`].
    pub fn told_by_beginning(sample: &[u8]) -> Result<Option<Self>, TextError> {
        Self::told(sample, true)
    }

    fn told(sample: &[u8], is_cut: bool) -> Result<Option<Self>, TextError> {
        if sample.starts_with(b"\xff\xfe") || sample.starts_with(b"\xfe\xff") {
            return Err(TextError::Utf16);
        }
        if sample.starts_with(b"PK\x03\x04") {
            return Err(TextError::Archive);
        }
        Ok(match std::str::from_utf8(sample) {
            _ if sample.is_ascii() => None,
            Ok(_) => Some(Self::Utf8),
            Err(error) if is_cut && error.error_len().is_none() => Some(Self::Utf8),
            Err(_) => Some(Self::Gb18030),
        })
    }
}

impl FromStr for Encoding {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Utf8, Self::Gb18030]
            .into_iter()
            .find(|one| one.name() == name)
            .ok_or("must be utf-8 or gb18030")
    }
}

/// The text of a line; where nothing has told yet how the file is written, the line does.
///
/// # Errors
///
/// [`TextError`] if the line is written otherwise.
pub fn decode<'b>(line: &'b [u8], encoding: &mut Option<Encoding>) -> Result<Cow<'b, str>, TextError> {
    if encoding.is_none() {
        *encoding = Encoding::told_by(line)?;
    }
    match encoding {
        Some(Encoding::Gb18030) => gb18030(line),
        Some(Encoding::Utf8) | None => {
            std::str::from_utf8(line).map(Cow::Borrowed).map_err(|_| TextError::NotUtf8)
        }
    }
}

/// Text that is UTF-8, with or without its mark, or else GB18030.
///
/// # Errors
///
/// [`TextError::Neither`].
pub fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_or_else(|_| gb18030(bytes), |text| Ok(Cow::Borrowed(text)))
}

fn gb18030(bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
    GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or(TextError::Neither)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_is_not_ascii_tells_how_the_rest_is_written() {
        let (utf8, gbk) = ("男".as_bytes(), b"\xc4\xd0");
        let mut encoding = None;
        assert_eq!(decode(b"1,1", &mut encoding).unwrap(), "1,1");
        assert_eq!(encoding, None);
        assert_eq!(decode(gbk, &mut encoding).unwrap(), "男");
        assert_eq!(encoding, Some(Encoding::Gb18030));
        let mut encoding = None;
        assert_eq!(decode(utf8, &mut encoding).unwrap(), "男");
        assert_eq!(decode(gbk, &mut encoding), Err(TextError::NotUtf8));
    }

    #[test]
    fn only_a_beginning_that_was_cut_may_end_inside_a_character_of_utf_8() {
        // 浣 in GB18030, and the first two of the three bytes of 你 in UTF-8.
        let bytes = b"\xe4\xbd";
        let mut encoding = None;
        assert_eq!(decode(bytes, &mut encoding).unwrap(), "浣");
        assert_eq!(encoding, Some(Encoding::Gb18030));
        assert_eq!(Encoding::told_by_beginning(bytes), Ok(Some(Encoding::Utf8)));
    }

    #[test]
    fn what_is_no_csv_is_told_by_its_beginning() {
        assert_eq!(Encoding::told_by(b"\xff\xfei\0d\0"), Err(TextError::Utf16));
        assert_eq!(Encoding::told_by(b"PK\x03\x04"), Err(TextError::Archive));
        assert_eq!(decoded(b"\xff\xff"), Err(TextError::Neither));
        assert_eq!(decoded(b"\xef\xbb\xbfid").unwrap(), "id");
    }
}
