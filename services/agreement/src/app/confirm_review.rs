use super::facts::business_date;
use super::{App, Confirm, Error, records};
use crate::domain::review::Review;
use crate::{events, store};

impl App {
    /// Announces the grade, dated today.
    pub(crate) async fn confirm_review(&self, command: Confirm) -> Result<Review, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let recorded: Review = records::locked(tx, id).await?;
                    let today = business_date(tx.conn(), area).await?;

                    let confirmed = records::confirmed(tx, recorded).await?;
                    let confirmed = Review { confirm_date: Some(today), ..confirmed };

                    store::records::update_checker(tx.conn(), &confirmed).await?;
                    tx.emit(&events::review_confirmed(&confirmed, today)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}
