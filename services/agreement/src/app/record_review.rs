use medfund_db::Call;

use super::facts::locked_institution;
use super::{App, Error};
use crate::domain::error::{AssessmentError, Record};
use crate::domain::pack_rules::has_grade;
use crate::domain::review::Review;
use crate::store;

/// Records the result of a graded review.
pub(crate) struct RecordReview {
    pub(crate) call: Call,
    pub(crate) review: Review,
}

impl App {
    /// Keeps a review that another person is to confirm.
    pub(crate) async fn record_review(&self, command: RecordReview) -> Result<Review, Error> {
        let RecordReview { call, review } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &review.institution).await?;
                    let year = packs.year(tx.conn(), area, review.fund_year).await?;
                    if !has_grade(&year.pack, &review.grade) {
                        return Err(AssessmentError::UnknownGrade { grade: review.grade }.into());
                    }
                    if store::reviews::find_confirmed(tx.conn(), &review).await?.is_some() {
                        return Err(AssessmentError::AlreadyConfirmed(Record::Review).into());
                    }

                    if !store::reviews::insert(tx.conn(), &review).await? {
                        return Err(AssessmentError::Exists(Record::Review).into());
                    }
                    Ok(review)
                })
            })
            .await
    }
}
