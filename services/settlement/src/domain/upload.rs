//! Uploads (结算清单上传): one institution's file of bills of one month, taken in chunk by chunk.

use chrono::{DateTime, NaiveDate, Utc};
use medfund_types::{Area, FundYear, InstitutionCode, Misplaced, SettlementMonth, n_known};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far an upload has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UploadState {
    /// Waits for its next line.
    Open,
    /// Every line was read.
    Finished,
    /// Given up; the same file may be taken up again.
    Abandoned,
}

/// One institution's file of bills of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The area.
    pub area: Area,
    /// The upload's id.
    pub upload_id: Uuid,
    /// The institution.
    pub institution: InstitutionCode,
    /// The month whose settlements the file holds.
    pub month: SettlementMonth,
    /// SHA-256 of the file.
    pub file_digest: [u8; 32],
    /// Lines in the file.
    pub n_lines: i64,
    /// How far it has come.
    pub state: UploadState,
    /// What its lines became.
    pub counts: Counts,
    /// When it was started.
    pub create_time: DateTime<Utc>,
    /// When it last changed.
    pub update_time: DateTime<Utc>,
}

/// What lines became.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Lines that became bills.
    pub n_accepted: i64,
    /// Lines whose bill was there already with the same content.
    pub n_already_there: i64,
    /// Lines refused.
    pub n_refused: i64,
    /// What was wrong with them.
    pub n_errors: i64,
    /// Fund share of the accepted lines, in fen.
    pub accepted_hifp_pay_fen: i64,
}

/// Why an upload does not do what was asked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UploadError {
    /// The caller has none of this name.
    #[error("the upload does not exist")]
    NotFound,
    /// Nobody was told of such an institution.
    #[error("{0} is no institution of the area")]
    InstitutionUnknown(InstitutionCode),
    /// Its request id names another file's upload.
    #[error("the request id names another upload")]
    Exists,
    /// It is finished or abandoned.
    #[error("the upload is not open")]
    NotOpen,
    /// The same file was announced with another number of lines.
    #[error("the file was announced with {n_lines} lines")]
    Differs {
        /// Lines announced first.
        n_lines: i64,
    },
    /// Lines before the chunk are missing.
    #[error("line {next_line} is next, the chunk begins with line {first_line}")]
    Gap {
        /// The first line that is not committed.
        next_line: i64,
        /// The chunk's first line.
        first_line: i64,
    },
    /// More lines than announced.
    #[error("the file was announced with {n_lines} lines")]
    TooLong {
        /// Lines announced.
        n_lines: i64,
    },
    /// The chunk is not the file's last and smaller than any may be.
    #[error("the chunk has less than {0} lines")]
    TooSmall(i64),
    /// It cannot be finished yet.
    #[error("line {next_line} of {n_lines} is next")]
    Incomplete {
        /// The first line that is not committed.
        next_line: i64,
        /// Lines announced.
        n_lines: i64,
    },
    /// The institution's month is settled.
    #[error("the month {0} is settled")]
    MonthClosed(SettlementMonth),
    /// The area's calendar has not reached the month.
    #[error("the month {month} lies after {business_date}")]
    MonthInFuture {
        /// The upload's month.
        month: SettlementMonth,
        /// The area's business date.
        business_date: NaiveDate,
    },
    /// The area has no fund calendar yet.
    #[error("the area's fund calendar is not open")]
    CalendarNotOpen,
    /// The month's fund year has no pack yet.
    #[error("the fund year {0} is not open")]
    FundYearNotOpen(FundYear),
    /// The caller has no such bill.
    #[error("the bill does not exist")]
    BillNotFound,
    /// The bill was withdrawn before.
    #[error("the bill was withdrawn before")]
    BillAlreadyWithdrawn,
}

impl Upload {
    /// The first line that is not committed yet.
    #[must_use]
    pub fn next_line(&self) -> i64 {
        1 + self.counts.n_accepted + self.counts.n_already_there + self.counts.n_refused
    }

    /// Takes up the upload of a file that is sent again with `n_lines`.
    ///
    /// # Errors
    ///
    /// [`UploadError::Differs`] if it had another number of lines.
    pub fn resume(mut self, n_lines: i64, instant: DateTime<Utc>) -> Result<Self, UploadError> {
        if n_lines != self.n_lines {
            return Err(UploadError::Differs { n_lines: self.n_lines });
        }
        if self.state == UploadState::Abandoned {
            self.state = UploadState::Open;
            self.update_time = instant;
        }
        Ok(self)
    }

    /// How many lines at the beginning of a chunk are committed already.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotOpen`], [`UploadError::Gap`], [`UploadError::TooLong`], then [`UploadError::TooSmall`].
    pub fn n_known(&self, first_line: i64, n_lines: usize) -> Result<usize, UploadError> {
        let next_line = self.next_line();
        if self.state != UploadState::Open {
            return Err(UploadError::NotOpen);
        }
        let whole = 1..self.n_lines + 1;
        n_known(whole, next_line, first_line, n_lines).map_err(|misplaced| match misplaced {
            Misplaced::Gap => UploadError::Gap { next_line, first_line },
            Misplaced::TooLong => UploadError::TooLong { n_lines: self.n_lines },
            Misplaced::TooSmall(least) => UploadError::TooSmall(least),
        })
    }

    /// Adds what a chunk's lines became.
    #[must_use]
    pub fn advance(mut self, chunk: Counts, instant: DateTime<Utc>) -> Self {
        self.counts.n_accepted += chunk.n_accepted;
        self.counts.n_already_there += chunk.n_already_there;
        self.counts.n_refused += chunk.n_refused;
        self.counts.n_errors += chunk.n_errors;
        self.counts.accepted_hifp_pay_fen += chunk.accepted_hifp_pay_fen;
        self.update_time = instant;
        assert!(self.next_line() <= self.n_lines + 1, "no line beyond the announced ones");
        self
    }

    /// Ends it after its last line.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotOpen`], then [`UploadError::Incomplete`].
    pub fn finish(mut self, instant: DateTime<Utc>) -> Result<Self, UploadError> {
        if self.state != UploadState::Open {
            return Err(UploadError::NotOpen);
        }
        if self.next_line() <= self.n_lines {
            return Err(UploadError::Incomplete { next_line: self.next_line(), n_lines: self.n_lines });
        }
        self.state = UploadState::Finished;
        self.update_time = instant;
        Ok(self)
    }

    /// Gives it up; what was accepted stays.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotOpen`].
    pub fn abandon(mut self, instant: DateTime<Utc>) -> Result<Self, UploadError> {
        if self.state != UploadState::Open {
            return Err(UploadError::NotOpen);
        }
        self.state = UploadState::Abandoned;
        self.update_time = instant;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_483_228_800 + second, 0).unwrap()
    }

    fn upload(n_lines: i64) -> Upload {
        Upload {
            area: "440700".parse().unwrap(),
            upload_id: Uuid::nil(),
            institution: "H44070300001".parse().unwrap(),
            month: "2017-01".parse().unwrap(),
            file_digest: [7; 32],
            n_lines,
            state: UploadState::Open,
            counts: Counts::default(),
            create_time: at(0),
            update_time: at(0),
        }
    }

    fn accepted(n: i64) -> Counts {
        Counts { n_accepted: n, accepted_hifp_pay_fen: n * 100, ..Counts::default() }
    }

    #[test]
    fn a_chunk_sent_again_is_known_and_one_that_overlaps_is_known_in_part() {
        let upload = upload(10).advance(accepted(4), at(1));
        assert_eq!(upload.n_known(1, 4), Ok(4));
        assert_eq!(upload.n_known(1, 2), Ok(2));
        assert_eq!(upload.n_known(3, 4), Ok(2));
        assert_eq!(upload.n_known(5, 6), Ok(0));
    }

    #[test]
    fn a_chunk_leaves_no_gap_and_ends_with_the_file() {
        let upload = upload(10).advance(accepted(4), at(1));
        assert_eq!(upload.n_known(6, 1), Err(UploadError::Gap { next_line: 5, first_line: 6 }));
        assert_eq!(upload.n_known(5, 7), Err(UploadError::TooLong { n_lines: 10 }));
    }

    #[test]
    fn it_is_finished_once_and_after_its_last_line() {
        let open = upload(10).advance(accepted(9), at(1));
        assert_eq!(open.clone().finish(at(2)), Err(UploadError::Incomplete { next_line: 10, n_lines: 10 }));
        let finished = open.advance(accepted(1), at(2)).finish(at(3)).unwrap();
        assert_eq!(finished.state, UploadState::Finished);
        assert_eq!(finished.n_known(1, 1), Err(UploadError::NotOpen));
        assert_eq!(finished.clone().finish(at(4)), Err(UploadError::NotOpen));
        assert_eq!(finished.abandon(at(4)), Err(UploadError::NotOpen));
    }

    #[test]
    fn a_file_sent_again_takes_up_its_upload_as_it_stands() {
        let finished = upload(1).advance(accepted(1), at(1)).finish(at(2)).unwrap();
        assert_eq!(finished.clone().resume(1, at(3)), Ok(finished.clone()));
        assert_eq!(finished.resume(2, at(3)), Err(UploadError::Differs { n_lines: 1 }));
        let abandoned = upload(2).advance(accepted(1), at(1)).abandon(at(2)).unwrap();
        let resumed = abandoned.resume(2, at(3)).unwrap();
        assert_eq!((resumed.state, resumed.next_line()), (UploadState::Open, 2));
    }

    proptest! {
        #[test]
        fn however_it_is_cut_and_repeated_every_line_is_taken_once(
            n_lines in 1..300_i64,
            cuts in prop::collection::vec((0..40_i64, 1..60_usize), 1..60),
        ) {
            let mut upload = upload(n_lines);
            let mut taken = Vec::new();
            for (back, length) in cuts {
                let first_line = (upload.next_line() - back).max(1);
                let length = length.min(usize::try_from(n_lines - first_line + 1).unwrap());
                if length == 0 {
                    continue;
                }
                let known = i64::try_from(upload.n_known(first_line, length).unwrap()).unwrap();
                let fresh = first_line + known..first_line + i64::try_from(length).unwrap();
                upload = upload.advance(accepted(i64::try_from(fresh.clone().count()).unwrap()), at(1));
                taken.extend(fresh);
            }
            let expected: Vec<i64> = (1..upload.next_line()).collect();
            prop_assert_eq!(taken, expected);
        }
    }
}
