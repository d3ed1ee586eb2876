mod fault;

pub use fault::{Fault, FieldFault, LineFault};

use chrono::{DateTime, Utc};
use medfund_money::Fen;
use medfund_types::{Area, Misplaced, n_known};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::scheme::SchemeHash;

/// A file of past cases with their costs (历史数据), taken in chunk by chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The area whose cases they are.
    pub area: Area,
    /// Its id.
    pub id: Uuid,
    /// The scheme of the cases' groups.
    pub scheme: SchemeHash,
    /// SHA-256 of the file, as the uploader took it.
    pub file_digest: [u8; 32],
    /// Lines in the file.
    pub n_lines: i64,
    /// Whether every line was read; its cases never change then.
    pub finished: bool,
    /// Whether it was given up; it has no cases then.
    #[serde(default)]
    pub cancelled: bool,
    /// What its lines became.
    pub counts: Counts,
    /// SHA-256 over the accepted lines so far, each hashed after the digest of those before it.
    pub content_digest: [u8; 32],
    /// When it was started.
    pub create_time: DateTime<Utc>,
    /// When its last chunk was taken in or it was finished.
    pub update_time: DateTime<Utc>,
}

/// What the lines of a history became.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Lines that became cases.
    pub n_accepted: i64,
    /// Lines refused.
    pub n_refused: i64,
    /// What is wrong with them; a line can have several errors.
    pub n_errors: i64,
    /// Cost of the accepted lines.
    pub total_cost: Fen,
}

/// Why a history does not do what was asked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HistoryError {
    /// No such history in the area.
    #[error("the area has no such history")]
    NotFound,
    /// The id is another file's.
    #[error("the request id names another file's history")]
    Exists,
    /// The file was announced with another number of lines.
    #[error("the file was announced with {n_lines} lines")]
    Differs {
        /// As it was announced first.
        n_lines: i64,
    },
    /// It is finished or cancelled.
    #[error("the history is finished or cancelled")]
    NotOpen,
    /// It is not finished.
    #[error("lines of the history are still to come")]
    NotFinished,
    /// Lines before the chunk are missing.
    #[error("line {next_line} is due, and the chunk begins at {first_line}")]
    Gap {
        /// The first line that is missing.
        next_line: i64,
        /// The chunk's first line.
        first_line: i64,
    },
    /// The chunk goes beyond the announced lines.
    #[error("the file was announced with {n_lines} lines")]
    TooLong {
        /// The announced lines.
        n_lines: i64,
    },
    /// The chunk is not the file's last and smaller than any may be.
    #[error("the chunk has less than {0} lines")]
    TooSmall(i64),
    /// Lines are missing at the end.
    #[error("line {next_line} of {n_lines} is due")]
    Incomplete {
        /// The first line that is missing.
        next_line: i64,
        /// The announced lines.
        n_lines: i64,
    },
    /// It has no case in a group, so that nothing can be made of it.
    #[error("the history has no case in a group")]
    WithoutCases,
}

impl History {
    /// The first line that is not taken in yet.
    #[must_use]
    pub fn next_line(&self) -> i64 {
        1 + self.counts.n_accepted + self.counts.n_refused
    }

    /// Takes up the history of a file that is sent again with `n_lines`.
    ///
    /// # Errors
    ///
    /// [`HistoryError::Differs`].
    pub fn resume(self, n_lines: i64) -> Result<Self, HistoryError> {
        if n_lines == self.n_lines { Ok(self) } else { Err(HistoryError::Differs { n_lines: self.n_lines }) }
    }

    /// How many lines at the beginning of a chunk are taken in already.
    ///
    /// # Errors
    ///
    /// [`HistoryError::NotOpen`], [`HistoryError::Gap`], [`HistoryError::TooLong`], then [`HistoryError::TooSmall`].
    pub fn n_known(&self, first_line: i64, n_lines: usize) -> Result<usize, HistoryError> {
        let next_line = self.next_line();
        self.if_open()?;
        let whole = 1..self.n_lines + 1;
        n_known(whole, next_line, first_line, n_lines).map_err(|misplaced| match misplaced {
            Misplaced::Gap => HistoryError::Gap { next_line, first_line },
            Misplaced::TooLong => HistoryError::TooLong { n_lines: self.n_lines },
            Misplaced::TooSmall(least) => HistoryError::TooSmall(least),
        })
    }

    /// Adds what a chunk's lines became.
    ///
    /// - `content_digest`: that of all accepted lines, the chunk's among them.
    #[must_use]
    pub fn advance(self, chunk: Counts, content_digest: [u8; 32], instant: DateTime<Utc>) -> Self {
        let counts = Counts {
            n_accepted: self.counts.n_accepted + chunk.n_accepted,
            n_refused: self.counts.n_refused + chunk.n_refused,
            n_errors: self.counts.n_errors + chunk.n_errors,
            total_cost: self.counts.total_cost + chunk.total_cost,
        };
        Self { counts, content_digest, update_time: instant, ..self }
    }

    /// Ends it after its last line.
    ///
    /// # Errors
    ///
    /// [`HistoryError::NotOpen`], then [`HistoryError::Incomplete`].
    pub fn finish(self, instant: DateTime<Utc>) -> Result<Self, HistoryError> {
        self.if_open()?;
        if self.next_line() <= self.n_lines {
            return Err(HistoryError::Incomplete { next_line: self.next_line(), n_lines: self.n_lines });
        }
        Ok(Self { finished: true, update_time: instant, ..self })
    }

    /// Gives it up.
    ///
    /// # Errors
    ///
    /// [`HistoryError::NotOpen`].
    pub fn cancel(self, instant: DateTime<Utc>) -> Result<Self, HistoryError> {
        self.if_open()?;
        Ok(Self { cancelled: true, update_time: instant, ..self })
    }

    fn if_open(&self) -> Result<(), HistoryError> {
        if self.finished || self.cancelled { Err(HistoryError::NotOpen) } else { Ok(()) }
    }

    /// Passes on a history that is finished.
    ///
    /// # Errors
    ///
    /// [`HistoryError::NotFinished`].
    pub fn if_finished(self) -> Result<Self, HistoryError> {
        if self.finished { Ok(self) } else { Err(HistoryError::NotFinished) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(n_accepted: i64, n_refused: i64) -> History {
        History {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(1),
            scheme: "ab".repeat(32).parse().unwrap(),
            file_digest: [7; 32],
            n_lines: 10,
            finished: false,
            cancelled: false,
            counts: Counts { n_accepted, n_refused, ..Counts::default() },
            content_digest: [0; 32],
            create_time: DateTime::UNIX_EPOCH,
            update_time: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_chunk_sent_again_is_known_in_part_and_leaves_no_gap() {
        let taken = history(3, 1);
        assert_eq!([taken.n_known(1, 2), taken.n_known(3, 4), taken.n_known(5, 6)], [Ok(2), Ok(2), Ok(0)]);
        assert_eq!(taken.n_known(6, 1), Err(HistoryError::Gap { next_line: 5, first_line: 6 }));
        assert_eq!(taken.n_known(5, 7), Err(HistoryError::TooLong { n_lines: 10 }));
    }

    #[test]
    fn it_is_finished_once_after_its_last_line() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(history(8, 1).finish(now), Err(HistoryError::Incomplete { next_line: 10, n_lines: 10 }));
        let finished = history(8, 2).finish(now).unwrap();
        assert_eq!(finished.n_known(1, 1), Err(HistoryError::NotOpen));
        assert_eq!(finished.clone().finish(now), Err(HistoryError::NotOpen));
        assert_eq!(finished.clone().if_finished(), Ok(finished));
        assert_eq!(history(8, 2).if_finished(), Err(HistoryError::NotFinished));
    }

    #[test]
    fn it_is_given_up_once_and_not_when_it_is_finished() {
        let now = DateTime::UNIX_EPOCH;
        let cancelled = history(8, 1).cancel(now).unwrap();
        assert_eq!(cancelled.n_known(10, 1), Err(HistoryError::NotOpen));
        assert_eq!(cancelled.cancel(now), Err(HistoryError::NotOpen));
        assert_eq!(history(8, 2).finish(now).unwrap().cancel(now), Err(HistoryError::NotOpen));
    }
}
