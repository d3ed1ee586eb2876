use diesel_async::AsyncPgConnection;
use medfund_db::Call;
use medfund_proto::budget::v1::HistoryRecorded;
use medfund_types::District;

use super::year::{Year, outdate_quotas};
use super::{App, Error};
use crate::domain::decomposition::DecompositionError;
use crate::domain::key::InstitutionKey;
use crate::domain::quota::{History, Institution, QuotaError};
use crate::store;

/// Records an institution's last years.
pub(crate) struct RecordHistory {
    pub(crate) call: Call,
    /// Its district is read from what `agreement` told.
    pub(crate) history: History,
}

impl App {
    /// Keeps a history and announces it.
    pub(crate) async fn record_history(&self, command: RecordHistory) -> Result<History, Error> {
        let RecordHistory { call, history } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let institution = known(tx.conn(), &history.key, None).await?;
                    let history = History { district: institution.district, ..history };
                    let key = history.key.in_district(&history.district);
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    outdate_quotas(tx, &key).await?;
                    let quota = year.rules(&key).quota.as_ref();
                    let quota = quota.ok_or_else(|| DecompositionError::WrongRegime(key.clone()))?;
                    history.check(quota.year_weights.far_to_near().len())?;
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

/// An institution that `agreement` has told of, in `district` if one is named.
pub(super) async fn known(
    conn: &mut AsyncPgConnection,
    key: &InstitutionKey,
    district: Option<&District>,
) -> Result<Institution, Error> {
    let found = store::institutions::find(conn, &key.area, &key.institution).await?;
    let found = found.filter(|one| district.is_none_or(|district| one.district == *district));
    Ok(found.ok_or_else(|| QuotaError::UnknownInstitution(key.institution.clone()))?)
}
