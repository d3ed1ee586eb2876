use serde::{Deserialize, Serialize};

/// What a run or plan is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The policy pack's id.
    pub policy_pack: String,
    /// The policy pack's hash.
    pub policy_hash: String,
    /// How far `budget`'s feed had taken effect when it was started.
    pub budget_position: i64,
    /// How far `agreement`'s feed had taken effect when it was started.
    pub agreement_position: i64,
    /// The digest of the quotas.
    pub quota_digest: String,
    /// The digest of the agreements.
    pub agreement_digest: String,
}
