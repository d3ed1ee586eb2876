use chrono::{DateTime, Days, Utc};
use medfund_grouper::batch::Encoding;
use medfund_types::{Area, InstitutionCode, Misplaced, n_known};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::BatchError;
use crate::domain::digest::Digest;

/// How many errors of one batch are kept; more are only counted.
const N_ERRORS_KEPT: i64 = 20_000;

/// How many batches of an institution, or of the agency, are not finished at a time.
const MOST_OPEN: i64 = 100;

/// How many bytes of files and answers an institution, or the agency, has here at a time.
const MOST_KEPT: i64 = 64 << 30;

/// How often a slice may fail for no reason of its file's until its batch is given up.
pub const MOST_FAILURES: i32 = 3;

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BatchState {
    /// Waits for the rest of its file.
    Uploading,
    /// Its file is whole and being grouped.
    Grouping,
    /// Every line is answered.
    Finished,
    /// Its file is no case list, or grouping it failed again and again.
    Failed,
    /// Given up; nothing but its head is left.
    Cancelled,
    /// Its time is over; nothing but its head is left.
    Expired,
}

/// A case file (病例文件) that is grouped as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its area.
    pub area: Area,
    /// Its id, which whoever started it chose.
    pub batch_id: Uuid,
    /// Whose file it is; `None`: the agency's.
    pub institution: Option<InstitutionCode>,
    /// What it is grouped by.
    pub scheme: Digest,
    /// What its codes are translated by before; `None`: they are not.
    pub crosswalk: Option<Digest>,
    /// Whether quality is checked first.
    pub check_quality: bool,
    /// The file's digest, as announced.
    pub file_digest: Digest,
    /// The file's length in bytes, as announced.
    pub n_bytes: i64,
    /// For how many days after its last change it is kept.
    pub keep_days: i32,
    /// Where it stands.
    pub state: BatchState,
    /// The first byte of the file that is missing.
    pub next_offset: i64,
    /// How far it is grouped.
    pub progress: Progress,
    /// What its lines became.
    pub counts: Counts,
    /// Bytes of its answers.
    pub n_answer_bytes: i64,
    /// The answers' digest, once it is finished.
    pub answers_digest: Option<Digest>,
    /// Why its file is no case list or is grouped no further, in Chinese.
    pub failure: Option<String>,
    /// Who started it.
    pub maker: String,
    /// When it was started.
    pub create_time: DateTime<Utc>,
    /// When it last changed.
    pub update_time: DateTime<Utc>,
}

/// What an institution, or the agency, has here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Batches that are not finished.
    pub n_open: i64,
    /// Bytes of files that are announced and not answered, and of answers.
    pub n_bytes: i64,
}

impl Usage {
    /// Checks that there is room for one more file.
    ///
    /// # Errors
    ///
    /// [`BatchError::TooMany`], then [`BatchError::TooMuchKept`].
    pub fn if_room(self, n_bytes: i64) -> Result<(), BatchError> {
        if self.n_open >= MOST_OPEN {
            return Err(BatchError::TooMany(self.n_open));
        }
        if self.n_bytes + n_bytes > MOST_KEPT {
            return Err(BatchError::TooMuchKept(self.n_bytes));
        }
        Ok(())
    }
}

/// How far a file is grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The first byte that is not answered: a line's first, unless a line is passed over.
    pub offset: i64,
    /// Lines read so far, which is the number of the last one.
    pub n_lines: i64,
    /// Whether the rest of a line that is too long is being passed over.
    pub passing_over: bool,
    /// How the text is written, once a line told: the encoding's name.
    #[serde(with = "encoding")]
    pub encoding: Option<Encoding>,
    /// The heading, once it was read.
    pub heading: Option<String>,
}

mod encoding {
    use medfund_grouper::batch::Encoding;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(given: &Option<Encoding>, to: S) -> Result<S::Ok, S::Error> {
        given.map(Encoding::name).serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Encoding>, D::Error> {
        let name = Option::<String>::deserialize(from)?;
        name.map(|name| name.parse().map_err(D::Error::custom)).transpose()
    }
}

/// What lines became.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Lines that are a case.
    pub n_cases: i64,
    /// Cases in a group.
    pub n_grouped: i64,
    /// Cases that a finding kept from being grouped.
    pub n_blocked: i64,
    /// Lines that are no case.
    pub n_refused: i64,
    /// What was found in all lines.
    pub n_errors: i64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            n_cases: self.n_cases + more.n_cases,
            n_grouped: self.n_grouped + more.n_grouped,
            n_blocked: self.n_blocked + more.n_blocked,
            n_refused: self.n_refused + more.n_refused,
            n_errors: self.n_errors + more.n_errors,
        }
    }
}

impl Batch {
    /// How many errors more are kept.
    #[must_use]
    pub fn room_for_errors(&self) -> usize {
        usize::try_from(N_ERRORS_KEPT - self.counts.n_errors).unwrap_or(0)
    }

    /// Why it is grouped no further when that failed again and again, in Chinese.
    #[must_use]
    pub fn no_further(&self) -> String {
        format!("第 {} 行起的内容多次处理失败，请联系系统管理员", self.progress.n_lines + 1)
    }

    /// When its file, answers and errors are deleted.
    #[must_use]
    pub fn expire_time(&self) -> DateTime<Utc> {
        self.update_time + Days::new(u64::try_from(self.keep_days).expect("days are positive"))
    }

    /// How many bytes at the beginning of a part are there already.
    ///
    /// # Errors
    ///
    /// [`BatchError::NotUploading`], [`BatchError::Gap`], [`BatchError::TooLong`], then [`BatchError::TooSmall`].
    pub fn n_known(&self, offset: i64, n_bytes: usize) -> Result<usize, BatchError> {
        self.if_uploading()?;
        n_known(0..self.n_bytes, self.next_offset, offset, n_bytes).map_err(|misplaced| match misplaced {
            Misplaced::Gap => BatchError::Gap { next_offset: self.next_offset, offset },
            Misplaced::TooLong => BatchError::TooLong { n_bytes: self.n_bytes },
            Misplaced::TooSmall(least) => BatchError::TooSmall(least),
        })
    }

    /// Ends the upload.
    ///
    /// - `digest`: of the bytes that came.
    ///
    /// # Errors
    ///
    /// [`BatchError::NotUploading`], [`BatchError::Incomplete`], then [`BatchError::FileDiffers`].
    pub fn finish_upload(self, digest: &Digest, instant: DateTime<Utc>) -> Result<Self, BatchError> {
        self.if_uploading()?;
        if self.next_offset < self.n_bytes {
            return Err(BatchError::Incomplete { next_offset: self.next_offset, n_bytes: self.n_bytes });
        }
        if *digest != self.file_digest {
            return Err(BatchError::FileDiffers);
        }
        Ok(Self { state: BatchState::Grouping, update_time: instant, ..self })
    }

    /// Gives it up.
    ///
    /// # Errors
    ///
    /// [`BatchError::Deleted`].
    pub fn cancel(self, instant: DateTime<Utc>) -> Result<Self, BatchError> {
        self.if_kept()?;
        Ok(Self { state: BatchState::Cancelled, update_time: instant, ..self })
    }

    /// Checks that it still has what belongs to it.
    ///
    /// # Errors
    ///
    /// [`BatchError::Deleted`].
    pub fn if_kept(&self) -> Result<(), BatchError> {
        match self.state {
            BatchState::Cancelled | BatchState::Expired => Err(BatchError::Deleted),
            BatchState::Uploading | BatchState::Grouping | BatchState::Finished | BatchState::Failed => {
                Ok(())
            }
        }
    }

    /// Whether its time is over; while it is grouped it is not.
    #[must_use]
    pub fn is_over(&self, instant: DateTime<Utc>) -> bool {
        let rests = matches!(self.state, BatchState::Uploading | BatchState::Finished | BatchState::Failed);
        rests && self.expire_time() <= instant
    }

    fn if_uploading(&self) -> Result<(), BatchError> {
        if self.state == BatchState::Uploading { Ok(()) } else { Err(BatchError::NotUploading) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(digit: &str) -> Digest {
        digit.repeat(64).parse().unwrap()
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    fn batch() -> Batch {
        Batch {
            area: "440700".parse().unwrap(),
            batch_id: Uuid::nil(),
            institution: None,
            scheme: digest("a"),
            crosswalk: None,
            check_quality: false,
            file_digest: digest("b"),
            n_bytes: 10,
            keep_days: 30,
            state: BatchState::Uploading,
            next_offset: 4,
            progress: Progress::default(),
            counts: Counts::default(),
            n_answer_bytes: 0,
            answers_digest: None,
            failure: None,
            maker: "li".to_owned(),
            create_time: at(0),
            update_time: at(0),
        }
    }

    #[test]
    fn a_part_sent_again_is_known_and_one_that_leaves_a_gap_or_goes_on_too_far_is_refused() {
        assert_eq!(batch().n_known(0, 4), Ok(4));
        assert_eq!(batch().n_known(2, 8), Ok(2));
        assert_eq!(batch().n_known(4, 6), Ok(0));
        assert_eq!(batch().n_known(5, 1), Err(BatchError::Gap { next_offset: 4, offset: 5 }));
        assert_eq!(batch().n_known(4, 7), Err(BatchError::TooLong { n_bytes: 10 }));
    }

    #[test]
    fn there_is_room_for_so_many_files_and_bytes() {
        let of = |n_open, n_bytes| Usage { n_open, n_bytes }.if_room(10);
        assert_eq!(of(MOST_OPEN - 1, MOST_KEPT - 10), Ok(()));
        assert_eq!(of(MOST_OPEN, 0), Err(BatchError::TooMany(MOST_OPEN)));
        assert_eq!(of(0, MOST_KEPT - 9), Err(BatchError::TooMuchKept(MOST_KEPT - 9)));
    }

    #[test]
    fn an_upload_ends_once_with_the_whole_of_the_announced_file() {
        let incomplete = BatchError::Incomplete { next_offset: 4, n_bytes: 10 };
        assert_eq!(batch().finish_upload(&digest("b"), at(1)), Err(incomplete));
        let whole = Batch { next_offset: 10, ..batch() };
        assert_eq!(whole.clone().finish_upload(&digest("c"), at(1)), Err(BatchError::FileDiffers));
        let grouping = whole.finish_upload(&digest("b"), at(1)).unwrap();
        assert_eq!((grouping.state, grouping.update_time), (BatchState::Grouping, at(1)));
        assert_eq!(grouping.n_known(0, 1), Err(BatchError::NotUploading));
        assert_eq!(grouping.finish_upload(&digest("b"), at(2)), Err(BatchError::NotUploading));
    }

    #[test]
    fn it_is_cancelled_once_in_any_state_and_expires_so_many_days_after_its_last_change() {
        assert_eq!(batch().expire_time(), at(30 * 86_400));
        for state in [BatchState::Uploading, BatchState::Grouping, BatchState::Finished, BatchState::Failed] {
            let cancelled = Batch { state, ..batch() }.cancel(at(1)).unwrap();
            assert_eq!(cancelled.cancel(at(2)), Err(BatchError::Deleted));
        }
        assert_eq!(Batch { state: BatchState::Expired, ..batch() }.cancel(at(1)), Err(BatchError::Deleted));
    }
}
