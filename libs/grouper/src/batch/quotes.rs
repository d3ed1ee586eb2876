/// How many line breaks a record's quotes may hold. A quotation mark that is not closed by then is
/// taken to be a slip, so that it costs its own line and not the rest of the list.
pub const MOST_BREAKS: usize = 100;

/// Where in a record's quotes its text has come to.
///
/// A field is quoted when it begins with a quotation mark; anywhere else a mark is one like any other character.
#[derive(Debug, Default)]
pub struct Quotes {
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    FieldBegins,
    Plain,
    Quoted,
    /// After a quotation mark in a quoted field: the closing one, or the first of two.
    MaybeClosed,
    Broken,
}

impl Quotes {
    /// Follows more of the record's bytes.
    pub fn follow(&mut self, bytes: &[u8]) {
        if self.state != State::Quoted && !bytes.contains(&b'"') {
            return;
        }
        for byte in bytes {
            self.state = match (self.state, byte) {
                (State::Broken, _) => return,
                (State::Quoted, b'"') => State::MaybeClosed,
                (State::Quoted, _) => State::Quoted,
                (State::MaybeClosed, b'"') => State::Quoted,
                (State::MaybeClosed, b' ' | b'\r' | b'\n') => State::MaybeClosed,
                (State::FieldBegins | State::Plain | State::MaybeClosed, b',') => State::FieldBegins,
                (State::MaybeClosed, _) => State::Broken,
                (State::FieldBegins, b'"') => State::Quoted,
                (State::FieldBegins, b' ') => State::FieldBegins,
                (State::FieldBegins | State::Plain, _) => State::Plain,
            };
        }
    }

    /// Whether a record may end here.
    #[must_use]
    pub fn are_closed(&self) -> bool {
        !matches!(self.state, State::Quoted | State::Broken)
    }

    /// Whether a closing mark may yet come.
    #[must_use]
    pub fn are_open(&self) -> bool {
        self.state == State::Quoted
    }
}
