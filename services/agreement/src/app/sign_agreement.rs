use medfund_db::Call;
use uuid::Uuid;

use super::draft_agreement::check;
use super::{App, Error};
use crate::domain::agreement::{self, Agreement, AgreementError, Side, Signature};
use crate::{events, store};

/// Signs a draft for one side.
pub(crate) struct SignAgreement {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) side: Side,
}

impl App {
    /// Signs, and announces an agreement that both have signed.
    pub(crate) async fn sign_agreement(&self, command: SignAgreement) -> Result<Agreement, Error> {
        let SignAgreement { call, id, side } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let drafted = store::agreements::find(tx.conn(), area, id).await?;
                    let code = drafted.ok_or(AgreementError::NotFound)?.institution;
                    let institution = store::institutions::lock(tx.conn(), area, &code).await?;
                    let institution = institution.ok_or(AgreementError::NotFound)?;
                    let draft = store::agreements::lock(tx.conn(), area, id).await?;
                    let draft = draft.ok_or(AgreementError::NotFound)?;
                    let n_signed = match draft.is_signed() {
                        true => 0,
                        false => check(tx.conn(), area, &packs, &draft, &institution).await?,
                    };

                    let signature = Signature { signer: tx.caller().subject.clone(), time: tx.instant() };
                    let signed = agreement::sign(draft, side, signature, &institution, n_signed)?;

                    store::agreements::update(tx.conn(), &signed).await?;
                    if signed.is_signed() {
                        tx.emit(&events::agreement_signed(&signed)).await?;
                    }
                    Ok(signed)
                })
            })
            .await
    }
}
