use medfund_db::{DbError, Tx};
use medfund_ledger::{Account, Transfer};
use medfund_money::Fen;

/// The transfers of one transaction, posted together.
#[derive(Debug, Default)]
pub(crate) struct Posts(Vec<Transfer>);

impl Posts {
    /// Moves `amount` from `debit` to `credit`, the other way when it is negative, not at all when it is nothing.
    pub(crate) fn add(
        &mut self,
        tx: &Tx<'_>,
        (debit, credit): (Account, Account),
        amount: Fen,
        code: &str,
        reference: &str,
    ) {
        let id = tx.id(&format!("transfer/{code}/{reference}/{debit}/{credit}"));
        let transfer = Transfer::signed(id, debit, credit, amount, code, reference)
            .expect("two accounts, a code and a reference make a transfer");
        self.0.extend(transfer);
    }

    /// Appends them to the ledger.
    pub(crate) async fn post(self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        tx.transfer(&self.0).await
    }
}
