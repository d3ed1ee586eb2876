//! Prepayments, and how far the bank has come with them.

use std::collections::{BTreeMap, HashMap};

use medfund_db::Tx;
use medfund_money::Fen;
use medfund_types::FundYear;

use super::Error;
use super::post::Posts;
use crate::domain::accounts::{self, Pot};
use crate::domain::{Grant, OrderState, PaidAhead, Party, PrepaymentKind, SettlementError, paid_ahead};
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;
use crate::store::prepayments::PrepaymentRow;

/// A prepayment and the order that pays it.
#[derive(Clone, Debug)]
pub(super) struct Prepaid {
    pub(super) row: PrepaymentRow,
    pub(super) order: Option<PaymentOrderRow>,
}

impl Prepaid {
    pub(super) fn party(&self) -> Party {
        Party::new(&self.row.fund_line, &self.row.institution_code)
    }

    fn pot(&self) -> Pot {
        Pot::new(self.row.fund_year, &self.row.fund_line, &self.row.district)
    }

    pub(super) fn is_of(&self, pot: &Pot) -> bool {
        self.pot() == *pot
    }

    /// What the bank completed of it.
    fn completed(&self) -> Fen {
        let completed = self.order.as_ref().is_some_and(|order| order.state == OrderState::Completed);
        if completed { self.row.amount_fen - self.row.counted_fen } else { Fen::ZERO }
    }

    fn grant(&self) -> Grant {
        Grant {
            kind: self.row.kind,
            amount: self.row.amount_fen,
            counted: self.row.counted_fen,
            kept_back: self.row.kept_back_fen,
            order: self.order.as_ref().map(|order| order.state),
        }
    }
}

/// Reads a fund year's prepayments with their orders; neither changes until the transaction ends.
pub(super) async fn lock(tx: &mut Tx<'_>, fund_year: FundYear) -> Result<Vec<Prepaid>, Error> {
    let area = tx.area().clone();
    let rows = store::prepayments::lock(tx.conn(), &area, fund_year).await?;
    let orders = store::payment_orders::lock_prepayments(tx.conn(), &area, fund_year).await?;
    let mut by_id: HashMap<String, PaymentOrderRow> =
        orders.into_iter().map(|order| (order.payment_order.clone(), order)).collect();
    let with_order = |row: PrepaymentRow| {
        let order = row.payment_order.as_ref().and_then(|id| by_id.remove(id));
        Prepaid { row, order }
    };
    Ok(rows.into_iter().map(with_order).collect())
}

/// What each institution was really paid ahead, by fund line.
pub(super) fn paid<'a>(rows: impl IntoIterator<Item = &'a Prepaid>) -> BTreeMap<Party, PaidAhead> {
    let mut grants: BTreeMap<Party, Vec<Grant>> = BTreeMap::new();
    for row in rows {
        grants.entry(row.party()).or_default().push(row.grant());
    }
    grants.into_iter().map(|(party, grants)| (party, paid_ahead(&grants))).collect()
}

/// What a month keeps back of what was paid ahead, grant by grant: an advance first, then the months in order.
///
/// - `up_to`: the place of the month; what is paid ahead for later months is left to them.
pub(super) fn kept_back<'a>(
    rows: &'a [Prepaid],
    party: &Party,
    up_to: i32,
    total: Fen,
) -> Vec<(&'a Prepaid, Fen)> {
    let own = || rows.iter().filter(|one| one.party() == *party);
    let of = |kind| own().filter(move |one| one.row.kind == kind && one.row.from_place <= up_to);
    let advance_left = paid(own()).get(party).map(|paid| paid.advance_left).unwrap_or_default();
    let advances = of(PrepaymentKind::Advance).map(|one| (one, advance_left));
    let left = |one: &'a Prepaid| (one, one.completed() - one.row.kept_back_fen);
    let mut rest = total;
    let take = |(one, left): (&'a Prepaid, Fen)| {
        let part = rest.min(left);
        rest -= part;
        (one, part)
    };
    let all = advances.chain(of(PrepaymentKind::Monthly).map(left)).map(take);
    all.filter(|(_, part)| *part > Fen::ZERO).collect()
}

/// Refuses as long as the bank has an order and has not told what became of it.
pub(super) fn check_none_under_way<'a>(
    rows: impl IntoIterator<Item = &'a Prepaid>,
) -> Result<(), SettlementError> {
    let mut orders = rows.into_iter().filter_map(|row| row.order.as_ref());
    match orders.find(|order| order.state == OrderState::Exported) {
        Some(order) => Err(SettlementError::PrepaymentUnderWay(order.payment_order.clone())),
        None => Ok(()),
    }
}

/// Calls off the orders that the bank has not completed: what they would have paid is owed no more.
pub(super) async fn call_off(
    tx: &mut Tx<'_>,
    rows: impl IntoIterator<Item = &mut Prepaid>,
    posts: &mut Posts,
) -> Result<(), Error> {
    for Prepaid { row, order } in rows {
        let Some(order) = order else { continue };
        match order.state {
            OrderState::Created | OrderState::Approved | OrderState::Failed => {}
            OrderState::Exported | OrderState::Completed | OrderState::Cancelled => continue,
        }
        order.state = OrderState::Cancelled;
        order.version += 1;
        store::payment_orders::update(tx.conn(), order).await?;
        let owed = accounts::payable(&row.fund_line, &row.institution_code);
        let pot = Pot::new(row.fund_year, &row.fund_line, &row.district);
        let ahead = pot.prepaid(row.kind, &row.institution_code);
        let reference = format!("areas/{}/paymentOrders/{}", order.area, order.payment_order);
        posts.add(tx, (owed, ahead), order.amount_fen, "prepayment_called_off", &reference);
    }
    Ok(())
}
