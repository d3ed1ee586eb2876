use medfund_db::{Call, Tx};
use medfund_types::InstitutionCode;

use super::{BillError, Bills};
use crate::domain::upload::UploadError;
use crate::store::bill_months::{self, MonthState};
use crate::store::bills::{self, StoredBill};

/// Withdraws a bill whose month is not settled.
#[derive(Clone, Debug)]
pub struct WithdrawBill {
    /// The call.
    pub call: Call,
    /// The institution.
    pub institution: InstitutionCode,
    /// The bill's settlement id.
    pub setl_id: String,
    /// Why.
    pub reason: String,
}

impl Bills {
    /// Withdraws a bill whose month is not settled.
    ///
    /// # Errors
    ///
    /// [`UploadError::BillNotFound`], [`UploadError::MonthClosed`], then
    /// [`UploadError::BillAlreadyWithdrawn`].
    pub async fn withdraw_bill(&self, command: WithdrawBill) -> Result<StoredBill, BillError> {
        let call = command.call.clone();
        self.writer.run(call, move |tx| Box::pin(withdraw(tx, command))).await
    }
}

async fn withdraw(tx: &mut Tx<'_>, command: WithdrawBill) -> Result<StoredBill, BillError> {
    let WithdrawBill { call, institution, setl_id, reason } = command;
    let (area, instant) = (&call.area, tx.instant());
    let bill =
        bills::find(tx.conn(), area, &institution, &setl_id).await?.ok_or(UploadError::BillNotFound)?;
    if bill_months::lock_shared(tx.conn(), area, &institution, bill.month).await? == MonthState::Closed {
        return Err(UploadError::MonthClosed(bill.month).into());
    }
    let by = call.caller.subject.as_str();
    if !bills::withdraw(tx.conn(), area, &institution, &setl_id, by, &reason, instant).await? {
        return Err(UploadError::BillAlreadyWithdrawn.into());
    }
    Ok(StoredBill { withdrawn: Some((instant, reason)), ..bill })
}
