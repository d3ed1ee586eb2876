/// A line of a table that holds something, with its number from 1.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())).filter(|(_, line)| !line.is_empty())
}

/// The code that a line begins with, if it begins with one, and what stands after it:
/// `A01.000x005+J17.0* 伤寒并发肺炎`, `37.5200x001`.
pub(crate) fn split_code(line: &str) -> Option<(&str, &str)> {
    let of_a_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || ".x+*†".contains(c);
    let (code, rest) = line.split_at(line.find(|c| !of_a_code(c)).unwrap_or(line.len()));
    let bytes = code.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let diagnosis = bytes.first().is_some_and(u8::is_ascii_uppercase)
        && digit(1)
        && bytes.get(2).is_some_and(u8::is_ascii_alphanumeric)
        && bytes.get(3) == Some(&b'.');
    let procedure = digit(0) && digit(1) && bytes.get(2) == Some(&b'.') && digit(3);
    (diagnosis || procedure).then_some((code, rest))
}

/// Which codes a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// ICD-10.
    Diagnosis,
    /// ICD-9-CM-3.
    Procedure,
}

impl Kind {
    /// What the code is shaped like.
    pub(crate) fn of(code: &str) -> Self {
        let letter = code.trim_start_matches('+').as_bytes().first().is_some_and(u8::is_ascii_uppercase);
        if letter { Self::Diagnosis } else { Self::Procedure }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Diagnosis => "ICD-10",
            Self::Procedure => "ICD-9-CM-3",
        }
    }
}

/// A name without the marks that a table leaves where it wrapped a line.
pub(crate) fn unwrapped(name: &str) -> String {
    name.replace("~~", "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_told_from_a_title() {
        for (line, code) in [
            ("A01.000x005+J17.0* 伤寒并发肺炎", Some("A01.000x005+J17.0*")),
            ("37.5200x001 全人工心脏移植术", Some("37.5200x001")),
            ("R75.x00x001 人类免疫缺陷病毒阳性", Some("R75.x00x001")),
            ("18.2900x018耳后瘘管切除术", Some("18.2900x018")),
            ("AA1 心脏移植", None),
            ("MDCB 神经系统", None),
            ("表 7-1", None),
            ("1 某某", None),
            ("1568", None),
        ] {
            assert_eq!(split_code(line).map(|(code, _)| code), code, "{line}");
        }
    }
}
