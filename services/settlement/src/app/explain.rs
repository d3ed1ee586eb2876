use medfund_money::Derivation;
use medfund_types::FundYear;
use serde_json::Value;

use super::{Error, Read, Settlement, held};
use crate::domain::SettlementError;
use crate::domain::accounts::Pot;

/// An amount by its name.
#[derive(Clone, Debug)]
pub(crate) enum Amount {
    /// Of a statement.
    Statement { id: String, amount: String },
    /// A prepayment's.
    Prepayment { fund_year: FundYear, id: String },
    /// Of a deposit.
    Deposit { fund_year: FundYear, id: String, amount: String },
    /// Of an institution's clearing.
    Clearing { pot: Pot, institution: String, amount: String },
}

impl Settlement {
    /// Why an amount is what it is.
    pub(crate) async fn explain(&self, read: Read, amount: Amount) -> Result<Derivation, Error> {
        let found = match amount {
            Amount::Statement { id, amount } => {
                let row = self.statement(read, id).await;
                row.ok().and_then(|row| tree(&row.derivations, &amount))
            }
            Amount::Prepayment { fund_year, id } => {
                let rows = self.prepayments(read, fund_year).await?;
                rows.into_iter()
                    .find(|row| {
                        prepayment_id(row.fund_year, &row.kind, &row.fund_line, &row.institution_code) == id
                    })
                    .map(|row| held(serde_json::from_value(row.derivation)))
            }
            Amount::Deposit { fund_year, id, amount } => {
                let deposits = self.deposits(read, fund_year).await.unwrap_or_default();
                let own = deposits
                    .into_iter()
                    .find(|one| format!("{}-{}-{}", one.fund_year, one.fund_line, one.institution) == id);
                own.and_then(|deposit| deposit.explain(&amount))
            }
            Amount::Clearing { pot, institution, amount } => {
                let view = self.clearing(read, pot).await.ok();
                let rows = view.map(|view| view.institutions).unwrap_or_default();
                let own = rows.into_iter().find(|row| row.institution_code == institution);
                own.and_then(|row| tree(&row.derivations, &amount))
            }
        };
        Ok(found.ok_or(SettlementError::AmountNotFound)?)
    }
}

/// A prepayment's id: the last part of its name.
pub(crate) fn prepayment_id(fund_year: i32, kind: &str, fund_line: &str, institution: &str) -> String {
    format!("{fund_year}-{kind}-{fund_line}-{institution}")
}

fn tree(derivations: &Value, amount: &str) -> Option<Derivation> {
    derivations.get(amount).map(|tree| held(serde_json::from_value(tree.clone())))
}
