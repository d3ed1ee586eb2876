use medfund_db::Call;
use medfund_types::InstitutionCode;

use crate::app::{Error, Settlement};
use crate::domain::special_case::SpecialCaseError;
use crate::store;
use crate::store::experts::ExpertRow;

/// Takes an expert into the pool.
pub(crate) struct RegisterExpert {
    pub(crate) call: Call,
    pub(crate) expert: String,
    pub(crate) institution: Option<InstitutionCode>,
    pub(crate) specialty: String,
}

/// Lets an expert leave it.
pub(crate) struct RetireExpert {
    pub(crate) call: Call,
    pub(crate) expert: String,
}

impl Settlement {
    /// Registers an expert, who may be drawn from then on.
    pub(crate) async fn register_expert(&self, command: RegisterExpert) -> Result<ExpertRow, Error> {
        let RegisterExpert { call, expert, institution, specialty } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let row = ExpertRow {
                        area: tx.area().clone(),
                        expert,
                        institution_code: institution,
                        specialty,
                        registered_by: tx.caller().subject.clone(),
                        create_time: tx.instant(),
                        retire_time: None,
                    };
                    store::experts::insert(tx.conn(), &row).await?;
                    Ok(row)
                })
            })
            .await
    }

    /// Retires an expert; what the expert hears already goes on.
    pub(crate) async fn retire_expert(&self, command: RetireExpert) -> Result<ExpertRow, Error> {
        let RetireExpert { call, expert } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area().clone();
                    let row = store::experts::lock(tx.conn(), &area, &expert).await?;
                    let row = row.ok_or_else(|| SpecialCaseError::ExpertNotFound(expert.clone()))?;
                    if row.retire_time.is_some() {
                        return Err(SpecialCaseError::ExpertRetired(expert).into());
                    }
                    let row = ExpertRow { retire_time: Some(tx.instant()), ..row };
                    store::experts::update(tx.conn(), &row).await?;
                    Ok(row)
                })
            })
            .await
    }
}
