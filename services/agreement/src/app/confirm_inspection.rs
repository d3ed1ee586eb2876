use super::{App, Confirm, Error, records};
use crate::domain::inspection::Inspection;
use crate::domain::pack_rules::inspection_rules;
use crate::{events, store};

impl App {
    /// Announces the refusal and lets the violating cases count as violations.
    pub(crate) async fn confirm_inspection(&self, command: Confirm) -> Result<Inspection, Error> {
        let Confirm { call, id } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let recorded: Inspection = records::locked(tx, id).await?;
                    let year = packs.year(tx.conn(), area, recorded.head.fund_year).await?;

                    let confirmed = records::confirmed(tx, recorded).await?;

                    store::records::update_checker(tx.conn(), &confirmed).await?;
                    let rules = inspection_rules(&year.pack, &confirmed.fund_line);
                    for violation in
                        confirmed.violations(&rules.expect("its fund line was known when it was recorded"))
                    {
                        records::keep(tx.conn(), &violation).await?;
                    }
                    tx.emit(&events::refusal_confirmed(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}
