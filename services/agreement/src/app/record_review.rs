use medfund_db::Call;

use super::facts::locked_institution;
use super::{App, Error, records};
use crate::domain::error::AssessmentError;
use crate::domain::pack_rules::has_grade;
use crate::domain::review::Review;

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
                    locked_institution(tx.conn(), area, &review.head.institution).await?;
                    let year = packs.year(tx.conn(), area, review.head.fund_year).await?;
                    if !has_grade(&year.pack, &review.grade) {
                        return Err(AssessmentError::UnknownGrade { grade: review.grade }.into());
                    }
                    records::check_open(tx.conn(), &review).await?;

                    records::keep(tx.conn(), &review).await?;
                    Ok(review)
                })
            })
            .await
    }
}
