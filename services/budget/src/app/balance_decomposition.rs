use medfund_db::Call;

use super::lookups::locked_decomposition;
use super::{App, Error};
use crate::domain::decomposition::Decomposition;
use crate::domain::key::BudgetKey;
use crate::store;

/// Balances a decomposition for the whole area.
pub(crate) struct BalanceDecomposition {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) note: String,
    pub(crate) version: i64,
}

impl App {
    /// Writes that the city agency balanced a decomposition.
    pub(crate) async fn balance_decomposition(
        &self,
        command: BalanceDecomposition,
    ) -> Result<Decomposition, Error> {
        let BalanceDecomposition { call, key, note, version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let before = locked_decomposition(tx.conn(), &key).await?;

                    let after = before.balance(note, &tx.caller().subject, version)?;

                    let instant = tx.instant();
                    store::decompositions::put(tx.conn(), &after, instant).await?;
                    Ok(after)
                })
            })
            .await
    }
}
