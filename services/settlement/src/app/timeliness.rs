//! When payments were due, when they were made, and why not in time.

use chrono::NaiveDate;
use medfund_db::Call;
use medfund_types::{FundYear, SettlementMonth};
use serde::{Deserialize, Serialize};

use super::orders::locked;
use super::{Error, Read, Settlement, Year};
use crate::domain::SettlementError;
use crate::domain::timeliness::{Appropriations, Punctuality, days_late};
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;

/// A payment and how it stands to the day it was due.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Timely {
    pub(crate) order: PaymentOrderRow,
    pub(crate) due: NaiveDate,
    pub(crate) punctuality: Punctuality,
    pub(crate) days_late: usize,
}

impl Timely {
    /// `None` for an order that nobody can be late with.
    fn of(order: PaymentOrderRow, year: &Year, today: NaiveDate) -> Option<Self> {
        let due = order.due_date?;
        let punctuality = Punctuality::of(due, order.value_date, today);
        let days_late = days_late(&year.pack, due, order.value_date, today);
        Some(Self { due, punctuality, days_late, order })
    }
}

/// Notes why a payment is or was late.
pub(crate) struct ExplainLatePayment {
    pub(crate) call: Call,
    pub(crate) order: String,
    pub(crate) reason: String,
}

impl Settlement {
    /// A fund year's payments with their days, by name.
    pub(crate) async fn timeliness(&self, read: Read, fund_year: FundYear) -> Result<Vec<Timely>, Error> {
        let (this, area) = (self.clone(), read.area.clone());
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let year = this.packs.year(conn, &area, fund_year).await?;
                    let today = store::calendars::find(conn, &area).await?;
                    let today = today.ok_or(SettlementError::CalendarNotOpen)?;
                    let orders = store::payment_orders::list_due(conn, &area, fund_year).await?;
                    Ok(orders.into_iter().filter_map(|order| Timely::of(order, &year, today)).collect())
                })
            })
            .await
    }

    /// Adds up the payments of a fund year that were due in a month.
    pub(crate) async fn appropriations(
        &self,
        read: Read,
        fund_year: FundYear,
        month: SettlementMonth,
    ) -> Result<Appropriations, Error> {
        let mut report = Appropriations::default();
        for one in self.timeliness(read, fund_year).await? {
            if SettlementMonth::of(one.due) == month {
                let is_explained = !one.order.late_reason.is_empty();
                report.add(one.order.amount_fen, one.punctuality, is_explained);
            }
        }
        Ok(report)
    }

    /// Keeps the reason of a late payment, in place of one given before.
    pub(crate) async fn explain_late_payment(&self, command: ExplainLatePayment) -> Result<Timely, Error> {
        let this = self.clone();
        let ExplainLatePayment { call, order, reason } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area().clone();
                    let mut row = locked(tx, std::slice::from_ref(&order)).await?.remove(0);
                    let year = this.packs.year(tx.conn(), &area, row.fund_year).await?;
                    let today = store::calendars::find(tx.conn(), &area).await?;
                    let today = today.ok_or(SettlementError::CalendarNotOpen)?;
                    row.late_reason = reason;
                    row.version += 1;
                    let late = Timely::of(row, &year, today).filter(|one| one.punctuality.needs_reason());
                    let late = late.ok_or(SettlementError::NotLate(order))?;
                    store::payment_orders::update(tx.conn(), &late.order).await?;
                    Ok(late)
                })
            })
            .await
    }
}
