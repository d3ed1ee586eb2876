use chrono::NaiveDate;
use medfund_money::{Fen, Node};

use super::prepaid::PrepaymentKind;
use super::words::words;

words! {
    /// What a payment order pays.
    pub enum OrderKind {
        /// An advance.
        Advance = "advance",
        /// Working capital.
        WorkingCapital = "working_capital",
        /// Working capital for a clean record.
        CleanRecord = "clean_record",
        /// A share of the historic monthly mean, ahead of its month.
        Monthly = "monthly",
        /// A share of a pool by the budget's progress.
        Instalment = "instalment",
        /// A month.
        Month = "month",
        /// The rest of a cleared year, or its recovery.
        Clearing = "clearing",
    }
}

impl OrderKind {
    /// Whether it pays something ahead.
    #[must_use]
    pub fn is_prepayment(self) -> bool {
        match self {
            Self::Advance | Self::WorkingCapital | Self::CleanRecord | Self::Monthly | Self::Instalment => {
                true
            }
            Self::Month | Self::Clearing => false,
        }
    }
}

impl From<PrepaymentKind> for OrderKind {
    fn from(kind: PrepaymentKind) -> Self {
        match kind {
            PrepaymentKind::Advance => Self::Advance,
            PrepaymentKind::WorkingCapital => Self::WorkingCapital,
            PrepaymentKind::CleanRecord => Self::CleanRecord,
            PrepaymentKind::Monthly => Self::Monthly,
            PrepaymentKind::Instalment => Self::Instalment,
        }
    }
}

words! {
    /// Where a payment order stands.
    pub enum OrderState {
        /// Made; waits for another person.
        Created = "created",
        /// Approved; waits for the bank.
        Approved = "approved",
        /// Sent to the bank.
        Exported = "exported",
        /// Paid, or recovered.
        Completed = "completed",
        /// The bank could not pay; it goes out again.
        Failed = "failed",
        /// Called off before the bank had it, or after it could not pay.
        Cancelled = "cancelled",
    }
}

/// What the bank did with an order (拨付结果).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankResult {
    /// The bank's own reference.
    pub bank_reference: String,
    /// The value date if it was paid, else the bank's words.
    pub outcome: Result<NaiveDate, String>,
}

/// What a result is to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It is new: the order has another state.
    As(OrderState),
    /// It was recorded before.
    Before,
    /// The order completed by something else.
    Differs,
    /// The order is not with the bank.
    NotExported,
}

/// Takes a bank's result into account.
///
/// - `state`, `last`: where the order stands, and the last result recorded for it.
///
/// A failure that is told again does not fail an order that has gone out again
/// since; a success that comes after a failure stands, for the money has left.
#[must_use]
pub fn note_result(state: OrderState, last: Option<&BankResult>, result: &BankResult) -> Noted {
    let same = |last: &BankResult| last.bank_reference == result.bank_reference;
    let repeated = last.is_some_and(|last| same(last) && last.outcome.is_ok() == result.outcome.is_ok());
    match (state, &result.outcome) {
        (OrderState::Completed, Ok(_)) if last == Some(result) => Noted::Before,
        (OrderState::Completed, _) => Noted::Differs,
        (OrderState::Exported | OrderState::Failed, Err(_)) if repeated => Noted::Before,
        (OrderState::Exported | OrderState::Failed, Ok(_)) => Noted::As(OrderState::Completed),
        (OrderState::Exported, Err(_)) => Noted::As(OrderState::Failed),
        (OrderState::Failed, Err(_))
        | (OrderState::Created | OrderState::Approved | OrderState::Cancelled, _) => Noted::NotExported,
    }
}

/// What a month's payment order pays and what it holds back for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthOrder {
    /// What is ordered to be paid, never less than nothing.
    pub amount: Node,
    /// Of the forfeited deposit, taken here.
    pub deposit_taken: Fen,
    /// Of what was paid ahead and is set off by month, kept back here.
    pub kept_back: Fen,
}

/// Makes a month's order: what is paid, what pools pay and what is beside both, less a
/// forfeited deposit, less what was paid ahead and is set off by month.
///
/// What a month cannot bear is left to the next.
///
/// - `ahead`: an advance that no working capital absorbed, or months paid ahead.
///
/// Source: JM 四(三)3; LC 三(二).
pub fn month_order(paid: Fen, pool: Fen, outside_quota: Fen, deposit_due: Fen, ahead: Fen) -> MonthOrder {
    let pooled = (pool > Fen::ZERO).then(|| Node::fen("pool_fen", "点数法拨付", pool));
    let parts = std::iter::once(Node::fen("paid_fen", "月度结算拨付", paid)).chain(pooled);
    let parts = parts.chain([Node::fen("outside_quota_fen", "指标外据实拨付", outside_quota)]);
    let gross = Node::sum("month_fen", "本月应拨", "fen", parts.collect());
    let deposit_taken = deposit_due.min(gross.amount());
    let kept_back = ahead.min(gross.amount() - deposit_taken);
    let amount = Node::difference(
        "order_fen",
        "本月拨付",
        "fen",
        vec![
            gross,
            Node::fen("deposit_forfeited_fen", "扣除责任保证金", deposit_taken),
            Node::fen("kept_back_fen", "抵扣预付", kept_back),
        ],
    );
    MonthOrder { amount, deposit_taken, kept_back }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(reference: &str, day: u32) -> BankResult {
        let outcome = Ok(NaiveDate::from_ymd_opt(2018, 1, day).unwrap());
        BankResult { bank_reference: reference.to_owned(), outcome }
    }

    fn returned(reference: &str) -> BankResult {
        BankResult { bank_reference: reference.to_owned(), outcome: Err("户名不符".to_owned()) }
    }

    #[test]
    fn a_result_is_recorded_once() {
        let note = |state, last: &BankResult, result: &BankResult| note_result(state, Some(last), result);
        assert_eq!(note_result(OrderState::Exported, None, &paid("B", 8)), Noted::As(OrderState::Completed));
        assert_eq!(note(OrderState::Completed, &paid("B", 8), &paid("B", 8)), Noted::Before);
        assert_eq!(note(OrderState::Completed, &paid("B", 8), &paid("B", 9)), Noted::Differs);
        assert_eq!(note(OrderState::Completed, &paid("B", 8), &paid("C", 8)), Noted::Differs);
        assert_eq!(note(OrderState::Completed, &paid("B", 8), &returned("B")), Noted::Differs);
        assert_eq!(note_result(OrderState::Approved, None, &paid("B", 8)), Noted::NotExported);
        assert_eq!(note_result(OrderState::Cancelled, None, &paid("B", 8)), Noted::NotExported);
    }

    #[test]
    fn a_stale_failure_does_not_fail_the_second_attempt_and_a_late_success_stands() {
        let first = returned("R");
        assert_eq!(note_result(OrderState::Failed, Some(&first), &first), Noted::Before);
        assert_eq!(note_result(OrderState::Exported, Some(&first), &first), Noted::Before);
        let again = note_result(OrderState::Exported, Some(&first), &returned("R2"));
        assert_eq!(again, Noted::As(OrderState::Failed));
        for state in [OrderState::Failed, OrderState::Exported] {
            assert_eq!(note_result(state, Some(&first), &paid("B", 8)), Noted::As(OrderState::Completed));
        }
    }

    #[test]
    fn a_month_bears_what_it_can_and_leaves_the_rest() {
        let fen = Fen::new;
        let order = month_order(fen(100), fen(0), fen(20), fen(30), fen(500));
        assert_eq!((order.deposit_taken, order.kept_back, order.amount.amount()), (fen(30), fen(90), fen(0)));
        let order = month_order(fen(100), fen(0), fen(20), fen(0), fen(0));
        assert_eq!(order.amount.amount(), fen(120));
        assert!(order.amount.re_evaluate().is_ok());
        assert_eq!(month_order(fen(0), fen(70), fen(20), fen(10), fen(0)).amount.amount(), fen(80));
    }
}
