use medfund_db::Call;
use uuid::Uuid;

use super::{App, Error};
use crate::domain::method::{self, Choice, InpatientMethod, MethodError};
use crate::domain::pack_rules::method_rules;
use crate::{events, store};

/// Sets how a district pays inpatient care.
pub(crate) struct SetInpatientMethod {
    pub(crate) call: Call,
    pub(crate) choice: Choice,
    pub(crate) decision: Uuid,
}

impl App {
    /// Sets and locks the method, and announces it.
    pub(crate) async fn set_inpatient_method(
        &self,
        command: SetInpatientMethod,
    ) -> Result<InpatientMethod, Error> {
        let SetInpatientMethod { call, choice, decision } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let year = packs.year(tx.conn(), area, choice.from_fund_year).await?;
                    if !year.districts.contains(&choice.district) {
                        return Err(MethodError::UnknownDistrict { district: choice.district }.into());
                    }
                    let decision = store::decisions::find(tx.conn(), area, decision).await?;
                    let decision = decision.ok_or(MethodError::DecisionUnknown)?;
                    store::fund_years::lock_all(tx.conn(), area).await?;
                    let before =
                        store::inpatient_methods::of_district(tx.conn(), area, &choice.district).await?;

                    let set = method::set(choice, before.last(), &decision, &method_rules(&year.pack))?;

                    store::inpatient_methods::insert(tx.conn(), &set).await?;
                    tx.emit(&events::inpatient_method_decided(&set)).await?;
                    Ok(set)
                })
            })
            .await
    }
}
