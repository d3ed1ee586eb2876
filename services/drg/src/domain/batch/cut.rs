use medfund_grouper::batch::{LONGEST_LINE, MOST_BREAKS, Quotes};

/// A record of a file: a line, or several where quotes hold line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'b> {
    /// Its bytes without its end, and how many lines they are.
    Whole(&'b [u8], i64),
    /// Longer than any line that is read.
    TooLong,
}

impl Line<'_> {
    /// How many lines of the file it is.
    #[must_use]
    pub fn n_lines(&self) -> i64 {
        match self {
            Self::Whole(_, n_lines) => *n_lines,
            Self::TooLong => 1,
        }
    }
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

/// Cuts a file's bytes into records; one whose end has not come yet is left for the next cut.
///
/// A record goes on over line breaks that stand in quotes. Quotes that are not closed in time are a slip that costs their
/// own line alone, as `medfund drg group` has it.
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
        let mut taken = length;
        if !passing_over {
            let line = without_end(&rest[..length]);
            if line.len() > LONGEST_LINE {
                lines.push(Line::TooLong);
            } else {
                let Some((record, n_lines)) = record(rest, length, is_end) else { break };
                taken = record;
                lines.push(Line::Whole(without_end(&rest[..record]), n_lines));
            }
        }
        passing_over = end.is_none() && !is_end;
        n_bytes += taken;
    }
    Cut { lines, n_bytes, passing_over }
}

/// How long the record is that begins with a line of `length` bytes, and how many lines it has; `None`: that is not seen
/// yet.
fn record(rest: &[u8], length: usize, is_end: bool) -> Option<(usize, i64)> {
    let alone = Some((length, 1));
    let mut quotes = Quotes::default();
    quotes.follow(&rest[..length]);
    let mut taken = length;
    for n_breaks in 1..=MOST_BREAKS {
        if !quotes.are_open() || taken == rest.len() && is_end {
            break;
        }
        let more = &rest[taken..];
        let next = match more.iter().position(|&byte| byte == b'\n') {
            Some(end) => end + 1,
            None if is_end || rest.len() > LONGEST_LINE => more.len(),
            None => return None,
        };
        if taken + next > LONGEST_LINE {
            return alone;
        }
        quotes.follow(&more[..next]);
        taken += next;
        if quotes.are_closed() {
            return Some((taken, i64::try_from(n_breaks).expect("few") + 1));
        }
    }
    alone
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
        texts.iter().map(|text| Line::Whole(text.as_bytes(), 1)).collect()
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

    #[test]
    fn a_record_goes_on_over_line_breaks_in_quotes_and_an_open_mark_costs_its_own_line() {
        let bytes = b"a,\"b\r\nc,\"\"d\"\"\",e\r\nf\n\"x\ny";
        let expected = [
            Line::Whole(b"a,\"b\r\nc,\"\"d\"\"\",e", 2),
            Line::Whole(b"f", 1),
            Line::Whole(b"\"x", 1),
            Line::Whole(b"y", 1),
        ];
        assert_eq!(cut(bytes, false, true).lines, expected);
        assert_eq!(cut(bytes, false, false).lines, expected[..2], "what is open waits for more");
        let many = ["\"x\n", &"y\n".repeat(MOST_BREAKS), "z\""].concat();
        assert_eq!(cut(many.as_bytes(), false, true).lines.len(), MOST_BREAKS + 2);
        let long = ["\"x\n", &"y".repeat(LONGEST_LINE), "\n"].concat();
        assert_eq!(cut(long.as_bytes(), false, false).lines[0], Line::Whole(b"\"x", 1));
    }

    proptest! {
        #[test]
        fn wherever_a_file_is_cut_its_lines_are_the_same(
            text in "[a,\"\\r\\n]{0,60}",
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
