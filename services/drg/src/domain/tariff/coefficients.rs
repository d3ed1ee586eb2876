use std::collections::BTreeMap;

use medfund_tariff::Level;
use medfund_tariff::coefficient::{Form, Parameters};
use medfund_tariff::history::Totals;
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What institutions' coefficients (医疗机构系数) were computed of: enough to compute each of them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoefficientBasis {
    /// The history.
    pub history: Uuid,
    /// SHA-256 over its cases.
    pub content_digest: [u8; 32],
    /// How they were made.
    pub parameters: Parameters,
    /// The institutions' levels.
    pub levels: BTreeMap<InstitutionCode, Level>,
}

/// How many coefficients a tariff may have: its bytes are sent in one message.
pub const MAX_COEFFICIENTS: usize = 200_000;

/// How many coefficients come of a form.
#[must_use]
pub fn n_coefficients(cases: &Totals, parameters: &Parameters) -> usize {
    let n_institutions = cases.institutions().len();
    match &parameters.form {
        Form::Level(_) => n_institutions * (1 + parameters.basic_groups.len()),
        Form::Hospital => cases.institutions().map(|(_, groups)| groups.len()).sum(),
        Form::Blended(_) => n_institutions * cases.groups().len(),
    }
}
