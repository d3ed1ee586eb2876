use diesel_async::AsyncPgConnection;
use medfund_db::Call;

use super::{App, Error};
use crate::domain::decomposition::{Decomposition, DecompositionError};
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
                    let before = locked(tx.conn(), &key).await?;

                    let after = before.balance(note, &tx.caller().subject, version)?;

                    let instant = tx.instant();
                    store::decompositions::put(tx.conn(), &after, instant).await?;
                    Ok(after)
                })
            })
            .await
    }
}

/// A decomposition with its quotas, locked.
pub(super) async fn locked(conn: &mut AsyncPgConnection, key: &BudgetKey) -> Result<Decomposition, Error> {
    let found = store::decompositions::lock(conn, key).await?;
    let found = found.ok_or_else(|| DecompositionError::NotFound(key.clone()))?;
    let quotas = store::quotas::list_all(conn, key).await?;
    Ok(Decomposition { quotas, ..found })
}
