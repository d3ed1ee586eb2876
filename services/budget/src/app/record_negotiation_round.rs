use medfund_db::Call;

use super::lookups::known;
use super::record_coefficient::put_factors;
use super::year::{Year, business_date, quotas_decided};
use super::{App, Error};
use crate::domain::negotiation::{NegotiationRound, RoundKey, Talks};
use crate::domain::quota::QuotaError;
use crate::store;

/// Records a round of negotiation.
pub(crate) struct RecordNegotiationRound {
    pub(crate) call: Call,
    pub(crate) key: RoundKey,
    pub(crate) talks: Talks,
}

impl App {
    /// Keeps a round and records the coefficients it agreed.
    pub(crate) async fn record_negotiation_round(
        &self,
        command: RecordNegotiationRound,
    ) -> Result<NegotiationRound, Error> {
        let RecordNegotiationRound { call, key, talks } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let budget = key.budget.clone();
                    let year = Year::of(tx.conn(), &packs, &budget).await?;
                    if quotas_decided(tx.conn(), &budget).await? {
                        return Err(QuotaError::Decided(budget).into());
                    }
                    let last = store::negotiation_rounds::last_number(tx.conn(), &key).await?;
                    if key.number <= last {
                        return Err(QuotaError::RoundExists.into());
                    }
                    if key.number > last + 1 {
                        return Err(QuotaError::RoundOutOfOrder(last + 1).into());
                    }
                    for code in &talks.institutions {
                        known(tx.conn(), &budget.institution(code), Some(&budget.district)).await?;
                    }
                    for agreed in &talks.coefficients {
                        let key = budget.institution(&agreed.institution);
                        if !talks.institutions.contains(&agreed.institution) {
                            return Err(QuotaError::UnknownInstitution(key.institution).into());
                        }
                        let institution = known(tx.conn(), &key, Some(&budget.district)).await?;
                        put_factors(tx, &year, key, &institution, agreed.factors.clone()).await?;
                    }
                    let hold_date = business_date(tx.conn(), area).await?;
                    let round = NegotiationRound::held(key, talks, hold_date);
                    store::negotiation_rounds::insert(tx.conn(), &round).await?;
                    Ok(round)
                })
            })
            .await
    }
}
