use medfund_db::Call;
use medfund_proto::budget::v1::HistoryRecorded;

use super::lookups::known;
use super::year::{Year, outdate_quotas};
use super::{App, Error};
use crate::domain::key::InstitutionKey;
use crate::domain::quota::{History, RecordedYears};
use crate::store;

/// Records an institution's last years.
pub(crate) struct RecordHistory {
    pub(crate) call: Call,
    pub(crate) key: InstitutionKey,
    pub(crate) years: RecordedYears,
}

impl App {
    /// Keeps a history and announces it.
    pub(crate) async fn record_history(&self, command: RecordHistory) -> Result<History, Error> {
        let RecordHistory { call, key: own, years } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let district = known(tx.conn(), &own, None).await?.district;
                    let key = own.in_district(&district);
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    outdate_quotas(tx, &key).await?;
                    let n_weights = year.quota(&key)?.year_weights.far_to_near().len();
                    let history = History::record(own, district, years, n_weights)?;
                    let instant = tx.instant();
                    store::histories::put(tx.conn(), &history, instant).await?;
                    tx.emit(&HistoryRecorded {
                        fund_year: history.key.fund_year.get(),
                        fund_line: history.key.fund_line.to_string(),
                        institution_code: history.key.institution.to_string(),
                        history_fen: history.history.iter().map(|cost| cost.get()).collect(),
                        last_year_settled_fen: history.last_year_settled.get(),
                    })
                    .await?;
                    Ok(history)
                })
            })
            .await
    }
}
