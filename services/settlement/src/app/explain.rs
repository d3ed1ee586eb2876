use medfund_money::Derivation;
use medfund_types::{FundLine, FundYear, InstitutionCode};

use super::{Deposit, Error, Read, Settlement};
use crate::domain::accounts::Pot;
use crate::domain::{PrepaymentKind, SettlementError};
use crate::store::prepayments::PrepaymentRow;

/// An amount by its name.
#[derive(Clone, Debug)]
pub(crate) enum Amount {
    /// Of a statement.
    Statement { id: String, amount: String },
    /// A prepayment's.
    Prepayment { fund_year: FundYear, id: String },
    /// Of a deposit.
    Deposit { fund_year: FundYear, id: String, amount: String },
    /// The points of a case.
    Case { institution: InstitutionCode, setl_id: String },
    /// Of an institution's clearing.
    Clearing { pot: Pot, institution: InstitutionCode, amount: String },
}

impl Settlement {
    /// Why an amount is what it is.
    pub(crate) async fn explain(&self, read: Read, amount: Amount) -> Result<Derivation, Error> {
        let tree = match amount {
            Amount::Statement { id, amount } => {
                let row = found(self.statement(read, id).await)?;
                row.and_then(|mut row| row.derivations.0.remove(&amount))
            }
            Amount::Prepayment { fund_year, id } => {
                let rows = self.prepayments(read, fund_year).await?;
                rows.into_iter().find(|row| row.id() == id).map(|row| row.derivation.0)
            }
            Amount::Deposit { fund_year, id, amount } => {
                let deposits = found(self.deposits(read, fund_year).await)?.unwrap_or_default();
                let own = deposits.into_iter().find(|one| deposit_id(one) == id);
                own.and_then(|deposit| deposit.explain(&amount))
            }
            Amount::Case { institution, setl_id } => {
                found(self.explain_case(read, institution, setl_id).await)?.flatten()
            }
            Amount::Clearing { pot, institution, amount } => {
                let view = found(self.clearing(read, pot).await)?;
                let rows = view.map(|view| view.institutions).unwrap_or_default();
                let own = rows.into_iter().find(|row| row.institution_code == institution);
                own.and_then(|mut row| row.derivations.0.remove(&amount))
            }
        };
        Ok(tree.ok_or(SettlementError::AmountNotFound)?)
    }
}

/// What was read, or nothing where there is nothing to read.
fn found<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    use SettlementError::{ClearingNotFound, FundYearNotOpen, StatementNotFound};
    match read {
        Ok(found) => Ok(Some(found)),
        Err(Error::Settlement(StatementNotFound | ClearingNotFound | FundYearNotOpen(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A prepayment's id, the last part of its name: with the place of its month, if it is paid for one month.
pub(super) fn prepayment_id(
    (fund_year, kind, from_place): (FundYear, PrepaymentKind, i32),
    fund_line: &FundLine,
    institution: &InstitutionCode,
) -> String {
    let of_year = format!("{fund_year}-{kind}-{fund_line}-{institution}");
    let is_one_of_many = matches!(kind, PrepaymentKind::Monthly | PrepaymentKind::Instalment);
    if is_one_of_many { format!("{of_year}-{from_place:02}") } else { of_year }
}

impl PrepaymentRow {
    /// The last part of its name.
    pub(crate) fn id(&self) -> String {
        let paid = (self.fund_year, self.kind, self.from_place);
        prepayment_id(paid, &self.fund_line, &self.institution_code)
    }
}

/// A deposit's id: the last part of its name.
pub(crate) fn deposit_id(deposit: &Deposit) -> String {
    format!("{}-{}-{}", deposit.fund_year, deposit.party.fund_line, deposit.party.institution)
}
