use medfund_db::Call;
use medfund_money::PositiveFen;

use super::lookups::known;
use super::year::{Year, business_date, outdate_quotas};
use super::{App, Error};
use crate::domain::key::InstitutionKey;
use crate::domain::quota::Application;
use crate::store;

/// Files an institution's annual application.
pub(crate) struct SubmitApplication {
    pub(crate) call: Call,
    pub(crate) key: InstitutionKey,
    pub(crate) applied: PositiveFen,
    pub(crate) reason: String,
}

impl App {
    /// Files an application in the place of the one before.
    pub(crate) async fn submit_application(&self, command: SubmitApplication) -> Result<Application, Error> {
        let SubmitApplication { call, key, applied, reason } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let district = known(tx.conn(), &key, None).await?.district;
                    let budget = key.in_district(&district);
                    Year::of(tx.conn(), &packs, &budget).await?;
                    outdate_quotas(tx, &budget).await?;
                    let area = tx.area();
                    let file_date = business_date(tx.conn(), area).await?;
                    let application =
                        Application { key, district, applied: applied.get(), reason, file_date };
                    store::applications::put(tx.conn(), &application).await?;
                    Ok(application)
                })
            })
            .await
    }
}
