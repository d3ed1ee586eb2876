use medfund_db::Call;

use super::facts::{locked_institution, not_in_future};
use super::{App, Error, records};
use crate::domain::error::AssessmentError;
use crate::domain::indicators::Measured;
use crate::domain::pack_rules::indicator_rules;
use crate::domain::report::Disclosure;

/// Records the figures of a quarter.
pub(crate) struct RecordDisclosure {
    pub(crate) call: Call,
    pub(crate) disclosure: Disclosure,
}

impl App {
    /// Keeps figures that another person is to publish.
    pub(crate) async fn record_disclosure(&self, command: RecordDisclosure) -> Result<Disclosure, Error> {
        let RecordDisclosure { call, disclosure } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &disclosure.head.institution).await?;
                    let year = packs.year(tx.conn(), area, disclosure.head.fund_year).await?;
                    not_in_future(tx.conn(), area, disclosure.quarter.last_day(year.span)).await?;
                    let rules = indicator_rules(&year.pack);
                    let disclosed =
                        |m: &&Measured| rules.indicators.get(&m.indicator).is_some_and(|r| r.disclosed);
                    if let Some(other) = disclosure.measured.iter().find(|m| !disclosed(m)) {
                        let indicator = other.indicator.clone();
                        return Err(AssessmentError::UnknownIndicator { indicator }.into());
                    }

                    records::keep(tx.conn(), &disclosure).await?;
                    Ok(disclosure)
                })
            })
            .await
    }
}
