use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_proto::budget::v1::PoolApproved;
use medfund_server::convert::kind_of_care_to_pb;
use uuid::Uuid;

use super::year::Year;
use crate::domain::key::BudgetKey;
use crate::domain::structure::Pool;

/// What `settlement` hears of a decision on a pool.
///
/// - `change`: what the decision adds to the pool.
pub(super) fn pool_approved(
    year: &Year,
    key: &BudgetKey,
    care: KindOfCare,
    pool: Pool,
    change: Fen,
    decision: Uuid,
) -> PoolApproved {
    PoolApproved {
        fund_year: key.fund_year.get(),
        fund_line: key.fund_line.to_string(),
        district: key.district.to_string(),
        kind_of_care: kind_of_care_to_pb(care).into(),
        decision: format!("areas/{}/decisions/{decision}", key.area),
        pack_hash: year.opening.pack_hash.as_str().to_owned(),
        revision: i32::try_from(pool.revision).expect("a pool is decided on a few times"),
        amount_fen: pool.amount.get(),
        change_fen: change.get(),
        adjustment_fen: pool.adjustment.get(),
    }
}
