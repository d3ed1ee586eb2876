use medfund_money::Fen;

use super::order::OrderState;
use super::words::words;

words! {
    /// What is paid ahead of the months (预付).
    pub enum PrepaymentKind {
        /// Months of last year's mean, before the quota is known (预支).
        Advance = "advance",
        /// A share of the opening quota at the year's start (周转金).
        WorkingCapital = "working_capital",
        /// The further share for institutions that kept the rules (加拨周转金).
        CleanRecord = "clean_record",
        /// A share of the historic monthly mean, ahead of its month (按月预付).
        Monthly = "monthly",
        /// A share of a pool by the budget's progress, at the year's start or middle (预拨).
        Instalment = "instalment",
    }
}

/// A grant of one institution and fund line, and how far the bank has come with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What it is.
    pub kind: PrepaymentKind,
    /// What was granted.
    pub amount: Fen,
    /// Of it, what an advance had paid before.
    pub counted: Fen,
    /// Of an advance or a month paid ahead, what months kept back.
    pub kept_back: Fen,
    /// How far its order is; `None` if nothing was left to order.
    pub order: Option<OrderState>,
}

/// What an institution was really paid ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaidAhead {
    /// Of an advance, what neither working capital absorbed nor a month kept back.
    pub advance_left: Fen,
    /// Working capital.
    pub working_capital: Fen,
    /// More of it for a clean record.
    pub clean_record: Fen,
    /// Of months paid ahead, what no month kept back.
    pub monthly_left: Fen,
    /// Instalments by the budget's progress.
    pub instalments: Fen,
}

/// Adds up what the bank completed of an institution's grants for a fund line.
///
/// A grant whose order the bank has not completed was not paid. What working
/// capital counted of an advance was: only a completed advance is counted.
///
/// Source: JM 四(三)3; LC 三(二).
#[must_use]
pub fn paid_ahead(grants: &[Grant]) -> PaidAhead {
    let mut paid = PaidAhead::default();
    for grant in grants {
        let completed = grant.order == Some(OrderState::Completed);
        let ordered = if completed { grant.amount - grant.counted } else { Fen::ZERO };
        let own = match grant.kind {
            PrepaymentKind::Advance => {
                paid.advance_left += ordered - grant.kept_back;
                continue;
            }
            PrepaymentKind::Monthly => {
                paid.monthly_left += ordered - grant.kept_back;
                continue;
            }
            PrepaymentKind::WorkingCapital => &mut paid.working_capital,
            PrepaymentKind::CleanRecord => &mut paid.clean_record,
            PrepaymentKind::Instalment => {
                paid.instalments += ordered;
                continue;
            }
        };
        *own += grant.counted + ordered;
        paid.advance_left -= grant.counted;
    }
    paid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(kind: PrepaymentKind, yuan: i64, counted: i64, order: Option<OrderState>) -> Grant {
        let (amount, counted) = (Fen::from_yuan(yuan), Fen::from_yuan(counted));
        Grant { kind, amount, counted, kept_back: Fen::ZERO, order }
    }

    #[test]
    fn an_advance_counts_towards_working_capital_and_the_rest_is_left() {
        let completed = Some(OrderState::Completed);
        let paid = paid_ahead(&[
            grant(PrepaymentKind::Advance, 1_000, 0, completed),
            grant(PrepaymentKind::WorkingCapital, 800, 800, None),
            grant(PrepaymentKind::CleanRecord, 800, 150, completed),
        ]);
        assert_eq!(paid.advance_left, Fen::from_yuan(50));
        assert_eq!((paid.working_capital, paid.clean_record), (Fen::from_yuan(800), Fen::from_yuan(800)));
    }

    #[test]
    fn months_paid_ahead_stand_beside_an_advance() {
        let completed = Some(OrderState::Completed);
        let set_off =
            Grant { kept_back: Fen::from_yuan(600), ..grant(PrepaymentKind::Monthly, 800, 0, completed) };
        let paid = paid_ahead(&[
            set_off,
            grant(PrepaymentKind::Monthly, 800, 0, completed),
            grant(PrepaymentKind::Monthly, 800, 0, Some(OrderState::Exported)),
        ]);
        assert_eq!((paid.monthly_left, paid.advance_left), (Fen::from_yuan(1_000), Fen::ZERO));
    }

    #[test]
    fn what_the_bank_never_completed_was_not_paid() {
        let paid = paid_ahead(&[
            grant(PrepaymentKind::Advance, 1_000, 0, Some(OrderState::Cancelled)),
            grant(PrepaymentKind::WorkingCapital, 800, 0, Some(OrderState::Failed)),
        ]);
        assert_eq!(paid, PaidAhead::default());
    }
}
