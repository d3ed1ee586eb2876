//! How great the amounts of a tariff may be: greater ones are slips, and what is computed of them would not fit.

use medfund_money::{Coefficient, Fen, OutOfRange, PositiveFen};
use medfund_server::FieldProblem;
use medfund_server::convert::fen_positive;

/// Points of a weight of 1 where nobody says otherwise: as in Jinhua, where the points method began.
const DEFAULT_BASE: &str = "100";

/// The most fen that one case costs or pays, or a weight of 1.
pub(in crate::grpc::convert) const MOST_FEN: i64 = 1_000_000_000_000;

pub(super) fn is_amount(amount: Fen) -> bool {
    amount.get() <= MOST_FEN
}

/// An amount for one case, or the value of a weight of 1, in fen.
pub(super) fn amount(fen: i64) -> Result<PositiveFen, FieldProblem> {
    let amount: PositiveFen = fen_positive(fen)?;
    let too_great = || FieldProblem::Malformed("must be at most 1,000,000,000,000".to_owned());
    if is_amount(amount.get()) { Ok(amount) } else { Err(too_great()) }
}

pub(super) fn base_points(text: &str) -> Result<Coefficient, OutOfRange> {
    if text.is_empty() { DEFAULT_BASE.parse() } else { text.parse() }
}
