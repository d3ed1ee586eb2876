use medfund_db::Call;

use super::facts::locked_institution;
use super::{App, Error};
use crate::domain::conduct::Conduct;
use crate::domain::error::AssessmentError;
use crate::store;

/// Records conduct in a year before this service knew the fund.
pub(crate) struct RecordConduct {
    pub(crate) call: Call,
    pub(crate) conduct: Conduct,
}

impl App {
    /// Keeps what other files say of a year.
    pub(crate) async fn record_conduct(&self, command: RecordConduct) -> Result<Conduct, Error> {
        let RecordConduct { call, conduct } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let fund_year = conduct.fund_year;
                    locked_institution(tx.conn(), area, &conduct.institution).await?;
                    if store::fund_years::find(tx.conn(), area, fund_year).await?.is_some() {
                        return Err(AssessmentError::YearKnown { fund_year }.into());
                    }
                    if !store::conducts::insert(tx.conn(), &conduct).await? {
                        return Err(AssessmentError::ConductExists.into());
                    }
                    Ok(conduct)
                })
            })
            .await
    }
}
