use medfund_grouper::batch::LONGEST_LINE;

/// A line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'b> {
    /// Its bytes without its end.
    Whole(&'b [u8]),
    /// Longer than any line that is read.
    TooLong,
}

/// What was cut off the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Cut<'b> {
    /// The lines that begin there, in order.
    pub lines: Vec<Line<'b>>,
    /// How many bytes that took.
    pub n_bytes: usize,
    /// Whether what follows is the rest of a line that is too long.
    pub passing_over: bool,
}

/// Cuts a file's bytes into lines; one whose end has not come yet is left for the next cut.
///
/// Always takes something of more bytes than a line may have with its end.
///
/// - `passing_over`: whether the bytes begin within a line that was told to be too long.
/// - `is_end`: whether the file ends with the bytes.
#[must_use]
pub fn cut(bytes: &[u8], mut passing_over: bool, is_end: bool) -> Cut<'_> {
    let mut lines = Vec::new();
    let mut n_bytes = 0;
    loop {
        let rest = &bytes[n_bytes..];
        let end = rest.iter().position(|&byte| byte == b'\n');
        let length = match end {
            Some(end) => end + 1,
            // A carriage return may stand before the end that has not come.
            None if is_end || passing_over || rest.len() > LONGEST_LINE + 1 => rest.len(),
            None => break,
        };
        if length == 0 {
            break;
        }
        if !passing_over {
            let line = without_end(&rest[..length]);
            lines.push(if line.len() > LONGEST_LINE { Line::TooLong } else { Line::Whole(line) });
        }
        passing_over = end.is_none() && !is_end;
        n_bytes += length;
    }
    Cut { lines, n_bytes, passing_over }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole<'b>(texts: &[&'b str]) -> Vec<Line<'b>> {
        texts.iter().map(|text| Line::Whole(text.as_bytes())).collect()
    }

    #[test]
    fn a_line_whose_end_has_not_come_waits_for_it_unless_the_file_ends() {
        let bytes = b"a\r\n\nbc";
        assert_eq!(
            cut(bytes, false, false),
            Cut { lines: whole(&["a", ""]), n_bytes: 4, passing_over: false }
        );
        let lines = whole(&["a", "", "bc"]);
        assert_eq!(cut(bytes, false, true), Cut { lines, n_bytes: 6, passing_over: false });
    }

    #[test]
    fn a_line_that_is_too_long_is_told_once_and_passed_over_to_its_end() {
        let long = vec![b'x'; LONGEST_LINE + 2];
        let first = cut(&long, false, false);
        assert_eq!(first, Cut { lines: vec![Line::TooLong], n_bytes: long.len(), passing_over: true });
        assert_eq!(
            cut(&long, true, false),
            Cut { lines: Vec::new(), n_bytes: long.len(), passing_over: true }
        );
        assert_eq!(
            cut(b"xx\nab\n", true, false),
            Cut { lines: whole(&["ab"]), n_bytes: 6, passing_over: false }
        );
        assert_eq!(cut(&long[1..], false, false).n_bytes, 0, "the end of a long line is waited for");
    }

    proptest! {
        #[test]
        fn wherever_a_file_is_cut_its_lines_are_the_same(
            text in "[a\\r\\n]{0,60}",
            steps in prop::collection::vec(1..9_usize, 60),
        ) {
            let bytes = text.as_bytes();
            let expected = cut(bytes, false, true).lines;
            let (mut lines, mut begin, mut end) = (Vec::new(), 0, 0);
            for step in steps {
                end = (end + step).min(bytes.len());
                let taken = cut(&bytes[begin..end], false, end == bytes.len());
                lines.extend(taken.lines);
                begin += taken.n_bytes;
            }
            prop_assert_eq!(begin, bytes.len());
            prop_assert_eq!(lines, expected);
        }
    }
}
