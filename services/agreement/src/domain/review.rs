use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::record::{Head, Record, RecordKind};

/// The result of an institution's graded review (分级评审).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// What every record has; the fund year is the one reviewed.
    pub head: Head,
    /// The grade's id in the pack.
    pub grade: String,
    /// Where the review is filed.
    pub reference: String,
    /// The business date of its confirmation.
    pub confirm_date: Option<NaiveDate>,
}

impl Record for Review {
    const KIND: RecordKind = RecordKind::Review;
    const COLLECTION: &'static str = "reviews";
    type Period = ();

    fn head(&self) -> &Head {
        &self.head
    }

    fn with_head(self, head: Head) -> Self {
        Self { head, ..self }
    }

    fn period(&self) -> Option<()> {
        Some(())
    }
}
