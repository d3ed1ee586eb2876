use std::io::{BufRead, Read};

use medfund_grouper::batch::{LONGEST_LINE, MOST_BREAKS, Quotes};

/// The records of CSV text. A record goes on over line breaks that stand in quotes.
///
/// A field is quoted when it begins with a quotation mark; anywhere else a mark is one like any other character.
pub(super) struct Records<R> {
    text: R,
    /// Lines that were looked at and have to be read again, and how much of them was.
    ahead: (Vec<u8>, usize),
    /// The line that comes next, from 1.
    line: u64,
    n_read: u64,
}

/// What stands next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A record, which begins in this line.
    Record(u64),
    /// A line that is no record, and why.
    Bad(u64, &'static str),
    End,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(text: R) -> Self {
        Self { text, ahead: (Vec::new(), 0), line: 1, n_read: 0 }
    }

    /// How many bytes have been read.
    pub(super) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Appends the next record, without its end, to `bytes`. Of one that is refused nothing is appended.
    pub(super) fn next(&mut self, bytes: &mut Vec<u8>) -> std::io::Result<Next> {
        let (start, line) = (bytes.len(), self.line);
        let end_of_first = match self.append_line(bytes)? {
            None => return Ok(Next::End),
            Some(false) => {
                bytes.truncate(start);
                return Ok(Next::Bad(line, "the line is longer than 1,048,576 bytes"));
            }
            Some(true) => bytes.len(),
        };
        let mut quotes = Quotes::default();
        quotes.follow(&bytes[start..]);
        while quotes.are_open() && self.line - line <= MOST_BREAKS as u64 {
            let from = bytes.len();
            if self.append_line(bytes)? != Some(true) || bytes.len() - start > LONGEST_LINE {
                break;
            }
            quotes.follow(&bytes[from..]);
        }
        if !quotes.are_closed() {
            self.read_again(&bytes[end_of_first..], line + 1);
            bytes.truncate(start);
            return Ok(Next::Bad(
                line,
                "a quotation mark is not closed, or something follows the closing one",
            ));
        }
        while bytes.len() > start && matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        Ok(Next::Record(line))
    }

    /// Appends a line with its end. Of one that is too long (`false`) only the beginning is kept.
    fn append_line(&mut self, bytes: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
        let (ahead, done) = &mut self.ahead;
        if *done < ahead.len() {
            let rest = &ahead[*done..];
            let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
            bytes.extend(&rest[..length]);
            *done += length;
            self.line += 1;
            return Ok(Some(true));
        }
        let n_read = self.text.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', bytes)?;
        self.n_read += n_read as u64;
        if n_read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if bytes.last() != Some(&b'\n') && n_read > LONGEST_LINE {
            self.n_read += self.text.skip_until(b'\n')? as u64;
            return Ok(Some(false));
        }
        Ok(Some(true))
    }

    /// Puts back lines, of which the first is that `line`.
    fn read_again(&mut self, lines: &[u8], line: u64) {
        let (ahead, done) = &self.ahead;
        self.ahead = ([lines, &ahead[*done..]].concat(), 0);
        self.line = line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<Result<(u64, String), u64>> {
        let mut records = Records::new(text);
        let mut all = Vec::new();
        loop {
            let mut bytes = Vec::new();
            match records.next(&mut bytes).unwrap() {
                Next::End => return all,
                Next::Bad(line, _) => all.push(Err(line)),
                Next::Record(line) => all.push(Ok((line, String::from_utf8(bytes).unwrap()))),
            }
        }
    }

    fn ok(line: u64, text: &str) -> Result<(u64, String), u64> {
        Ok((line, text.to_owned()))
    }

    #[test]
    fn a_record_goes_on_over_line_breaks_in_quotes() {
        assert_eq!(
            read(b"a,\"b\r\nc,\"\"d\"\"\",e\r\nf\n\ng"),
            [ok(1, "a,\"b\r\nc,\"\"d\"\"\",e"), ok(3, "f"), ok(4, ""), ok(5, "g")]
        );
        assert_eq!(read(b"5\" wound,x\ny\n"), [ok(1, "5\" wound,x"), ok(2, "y")]);
    }

    #[test]
    fn an_open_quotation_mark_costs_its_own_line_alone() {
        assert_eq!(read(b"1,\"x\n2,y\n3,z\n"), [Err(1), ok(2, "2,y"), ok(3, "3,z")]);
        assert_eq!(read(b"1,\"x\n2,y\n3,\"z\"\n"), [Err(1), ok(2, "2,y"), ok(3, "3,\"z\"")]);
        let many = "2,y\n".repeat(MOST_BREAKS + 5);
        let read = read(format!("1,\"x\n{many}3,\"\n").as_bytes());
        assert_eq!((read.len(), &read[0], &read[1]), (MOST_BREAKS + 7, &Err(1), &ok(2, "2,y")));
        assert_eq!(read.last(), Some(&Err(MOST_BREAKS as u64 + 7)));
    }

    #[test]
    fn a_line_that_is_too_long_is_not_kept() {
        let text = [vec![b'x'; LONGEST_LINE + 1], b"\nnext\n".to_vec()].concat();
        assert_eq!(read(&text), [Err(1), ok(2, "next")]);
        assert_eq!(read(&[vec![b'x'; LONGEST_LINE - 1], b"\n".to_vec()].concat()).len(), 1);
    }
}
