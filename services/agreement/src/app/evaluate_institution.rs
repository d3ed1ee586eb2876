use medfund_db::Call;
use medfund_types::InstitutionCode;

use super::facts::locked_institution;
use super::{App, Error};
use crate::domain::institution::{Evaluation, Institution};
use crate::store;

/// Records the result of an evaluation.
pub(crate) struct EvaluateInstitution {
    pub(crate) call: Call,
    pub(crate) code: InstitutionCode,
    pub(crate) passed: bool,
    pub(crate) reference: String,
}

impl App {
    /// Lets an applicant pass or not.
    pub(crate) async fn evaluate_institution(
        &self,
        command: EvaluateInstitution,
    ) -> Result<Institution, Error> {
        let EvaluateInstitution { call, code, passed, reference } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let applicant = locked_institution(tx.conn(), area, &code).await?;

                    let evaluator = tx.caller().subject.clone();
                    let evaluated = applicant.evaluate(passed, Evaluation { evaluator, reference })?;

                    store::institutions::update(tx.conn(), &evaluated).await?;
                    Ok(evaluated)
                })
            })
            .await
    }
}
