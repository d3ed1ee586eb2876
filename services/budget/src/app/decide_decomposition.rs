use medfund_db::{DbError, Tx};
use medfund_ledger::{AccountKind, Handed};
use medfund_policy::Matter;
use medfund_proto::budget::v1::{InstitutionQuota, QuotaDecided};
use uuid::Uuid;

use super::decide::Decide;
use super::lookups::locked_decomposition;
use super::posting::Posting;
use super::year::require_decision;
use super::{App, Error};
use crate::domain::decomposition::Decomposition;
use crate::store;

impl App {
    /// Puts quotas into force: they leave through the transit account, with the event.
    pub(crate) async fn decide_decomposition(&self, command: Decide) -> Result<Decomposition, Error> {
        let Decide { call, key, decision, version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let before = locked_decomposition(tx.conn(), &key).await?;

                    let after = before.decide(decision, &tx.caller().subject, version)?;

                    let subject = key.name("decompositions");
                    require_decision(tx.conn(), decision, Matter::Decomposition, &key, &subject).await?;
                    let instant = tx.instant();
                    store::decompositions::put(tx.conn(), &after, instant).await?;
                    post(tx, &after).await?;
                    tx.emit(&event(&after, decision)).await?;
                    Ok(after)
                })
            })
            .await
    }
}

async fn post(tx: &mut Tx<'_>, decomposition: &Decomposition) -> Result<(), DbError> {
    let mut posting = Posting::on(&decomposition.key);
    for quota in &decomposition.quotas {
        let handed = Handed::Quota(&quota.key.institution);
        posting = posting.hand_over(tx, AccountKind::Target, quota.quota, handed);
    }
    posting.post(tx).await
}

fn event(decomposition: &Decomposition, decision: Uuid) -> QuotaDecided {
    let key = &decomposition.key;
    let quotas = decomposition.quotas.iter().map(|quota| InstitutionQuota {
        institution_code: quota.key.institution.to_string(),
        quota_fen: quota.quota.get(),
    });
    QuotaDecided {
        fund_year: key.fund_year.get(),
        fund_line: key.fund_line.to_string(),
        district: key.district.to_string(),
        decision: format!("areas/{}/decisions/{decision}", key.area),
        target_fen: decomposition.target.get(),
        quotas: quotas.collect(),
    }
}
