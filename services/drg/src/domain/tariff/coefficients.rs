use std::collections::BTreeMap;

use medfund_tariff::Level;
use medfund_tariff::coefficient::Parameters;
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
