use diesel_async::AsyncPgConnection;
use medfund_db::Call;
use uuid::Uuid;

use super::year::business_date;
use super::{App, Error};
use crate::domain::budget::{BudgetError, BudgetState};
use crate::domain::decomposition::{DecompositionError, DecompositionState};
use crate::domain::disclosure::{Disclosure, DisclosureKind, DisclosureLine};
use crate::domain::final_account::FinalAccountError;
use crate::domain::key::BudgetKey;
use crate::domain::structure::{StructureError, StructureState};
use crate::domain::target::{TargetError, TargetState};
use crate::store;

/// Publishes something that is in force.
pub(crate) struct PublishDisclosure {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) kind: DisclosureKind,
    pub(crate) key: BudgetKey,
    pub(crate) subject: String,
}

impl App {
    /// Writes what everybody may read from now on.
    pub(crate) async fn publish_disclosure(&self, command: PublishDisclosure) -> Result<Disclosure, Error> {
        let PublishDisclosure { call, id, kind, key, subject } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let disclosure = Disclosure {
                        area: area.clone(),
                        id,
                        subject,
                        kind,
                        fund_year: key.fund_year,
                        lines: lines(tx.conn(), kind, &key).await?,
                        publish_date: business_date(tx.conn(), area).await?,
                        create_time: tx.instant(),
                    };
                    store::disclosures::insert(tx.conn(), &disclosure).await?;
                    Ok(disclosure)
                })
            })
            .await
    }
}

async fn lines(
    conn: &mut AsyncPgConnection,
    kind: DisclosureKind,
    key: &BudgetKey,
) -> Result<Vec<DisclosureLine>, Error> {
    let missing = || key.clone();
    Ok(match kind {
        DisclosureKind::Budget => {
            let budget =
                store::budgets::lock(conn, key).await?.ok_or_else(|| BudgetError::NotFound(missing()))?;
            if budget.state != BudgetState::Approved {
                return Err(BudgetError::WrongState(budget.state).into());
            }
            budget.disclosed()
        }
        DisclosureKind::Target => {
            let target =
                store::targets::lock(conn, key).await?.ok_or_else(|| TargetError::NotFound(missing()))?;
            if target.state != TargetState::Decided {
                return Err(TargetError::WrongState(target.state).into());
            }
            target.disclosed()
        }
        DisclosureKind::Structure => {
            let found = store::structures::lock(conn, key).await?;
            let found = found.ok_or_else(|| StructureError::NotFound(missing()))?;
            if found.state != StructureState::Decided {
                return Err(StructureError::WrongState(found.state).into());
            }
            found.disclosed()
        }
        DisclosureKind::Decomposition => {
            let found = super::lookups::locked_decomposition(conn, key).await?;
            if found.state != DecompositionState::Decided {
                return Err(DecompositionError::WrongState(found.state).into());
            }
            found.disclosed()
        }
        DisclosureKind::FinalAccount => {
            let found = store::final_accounts::lock(conn, key).await?;
            found.ok_or_else(|| FinalAccountError::NotFound(missing()))?.disclosed()
        }
    })
}
