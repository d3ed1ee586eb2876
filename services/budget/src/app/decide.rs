use medfund_db::Call;
use uuid::Uuid;

use crate::domain::key::BudgetKey;

/// Puts a body's decision on a budget, a target or a decomposition into force.
pub(crate) struct Decide {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) decision: Uuid,
    pub(crate) version: i64,
}
