//! How great the amounts of a tariff may be: greater ones are slips.

use medfund_money::{Fen, OutOfRange, PositiveFen};
use medfund_server::FieldProblem;
use medfund_server::convert::fen_positive;
use medfund_tariff::{DEFAULTS, MOST_FEN};

use crate::domain::tariff::BasePoints;

pub(super) fn is_amount(amount: Fen) -> bool {
    amount.get() <= MOST_FEN
}

/// An amount for one case, or the value of a weight of 1, in fen.
pub(super) fn amount(fen: i64) -> Result<PositiveFen, FieldProblem> {
    let amount: PositiveFen = fen_positive(fen)?;
    let too_great = || FieldProblem::Malformed("must be at most 1,000,000,000,000".to_owned());
    if is_amount(amount.get()) { Ok(amount) } else { Err(too_great()) }
}

pub(super) fn base_points(text: &str) -> Result<BasePoints, OutOfRange> {
    if text.is_empty() {
        let base = &DEFAULTS.points.base;
        return Ok(BasePoints { points: base.value, default: Some(base.why.clone()) });
    }
    Ok(BasePoints { points: text.parse()?, default: None })
}
