use medfund_db::{DbError, Tx};
use medfund_ledger::{Account, AccountKind, Handed, Handover, Transfer};
use medfund_money::Fen;
use medfund_policy::KindOfCare;

use crate::domain::key::BudgetKey;

/// Transfers of one command on the accounts of one budget.
pub(crate) struct Posting<'k> {
    key: &'k BudgetKey,
    transfers: Vec<Transfer>,
}

impl<'k> Posting<'k> {
    pub(crate) fn on(key: &'k BudgetKey) -> Self {
        Self { key, transfers: Vec::new() }
    }

    fn handover(&self) -> Handover<'k> {
        let key = self.key;
        Handover { fund_year: key.fund_year, fund_line: &key.fund_line, district: &key.district }
    }

    /// The budget's account of a kind.
    pub(crate) fn account(&self, kind: AccountKind) -> Account {
        self.handover().account_of(kind)
    }

    /// The account of one of the budget's deductions.
    pub(crate) fn deduction(&self, id: &str) -> Account {
        let key = self.key;
        let parts =
            [key.fund_year.to_string(), key.fund_line.to_string(), key.district.to_string(), id.to_owned()];
        Account::new(AccountKind::Deduction, parts).expect("a pack's ids are words")
    }

    /// The account of what is kept to adjust the pool of a kind of care.
    pub(crate) fn pool_adjustment(&self, care: KindOfCare) -> Account {
        let key = self.key;
        let parts = [
            key.fund_year.to_string(),
            key.fund_line.to_string(),
            key.district.to_string(),
            care.to_string(),
        ];
        Account::new(AccountKind::PoolAdjustment, parts).expect("kinds of care are words")
    }

    /// Moves an amount; a negative one goes the other way, nothing moves nothing.
    pub(crate) fn transfer(
        mut self,
        tx: &Tx<'_>,
        (debit, credit): (Account, Account),
        amount: Fen,
        code: &str,
        reference: &str,
    ) -> Self {
        // Named by its place, so that a repeated event or call makes the same transfers.
        let id = tx.id(&format!("transfer/{}/{code}/{}", self.key, self.transfers.len()));
        let transfer = Transfer::signed(id, debit, credit, amount, code, reference);
        self.transfers.extend(transfer.expect("two accounts of the chart, a code and a reference"));
        self
    }

    /// Hands an amount to `settlement` out of an account of the budget; a negative one comes back.
    pub(crate) fn hand_over(self, tx: &Tx<'_>, from: AccountKind, amount: Fen, handed: Handed<'_>) -> Self {
        let from = self.account(from);
        self.hand_over_from(tx, from, amount, handed)
    }

    /// As [`Posting::hand_over`], out of an account of its own.
    pub(crate) fn hand_over_from(self, tx: &Tx<'_>, from: Account, amount: Fen, handed: Handed<'_>) -> Self {
        let handover = self.handover();
        let accounts = (from, handover.account());
        let code = match handed {
            Handed::Quota(_) => "quota_decided",
            Handed::Adjustment(..) => "quota_adjusted",
            Handed::Pool(..) => "pool_approved",
            Handed::Reserve => "reserve_released",
            Handed::PoolAdjustment(_) => "pool_adjustment_released",
            Handed::ReserveReturned => "reserve_returned",
            Handed::QuotaReturned => "quota_returned",
            Handed::PoolReturned => "pool_returned",
            Handed::PoolAdjustmentReturned => "pool_adjustment_returned",
            Handed::Settled => "year_settled",
        };
        self.transfer(tx, accounts, amount, code, &handover.reference(handed))
    }

    /// Posts the transfers.
    pub(crate) async fn post(self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        if self.transfers.is_empty() { Ok(()) } else { tx.transfer(&self.transfers).await }
    }
}
