//! How great the numbers of a tariff may be: greater ones are slips, and what is computed of them would not fit.

use medfund_money::{Coefficient, Fen, PositiveFen};
use medfund_server::FieldProblem;
use medfund_server::convert::fen_positive;
use rust_decimal::Decimal;

/// Points of a weight of 1 where nobody says otherwise: as in Jinhua, where the points method began.
const DEFAULT_BASE: &str = "100";

const MOST_BASE: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);
const MOST_FACTOR: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);
const MOST_FEN: i64 = 1_000_000_000_000;

pub(super) fn is_coefficient(coefficient: Coefficient) -> bool {
    coefficient.get() <= MOST_FACTOR
}

pub(super) fn is_amount(amount: Fen) -> bool {
    amount.get() <= MOST_FEN
}

pub(super) fn coefficient(text: &str) -> Result<Coefficient, FieldProblem> {
    let coefficient: Coefficient = text.parse()?;
    if is_coefficient(coefficient) { Ok(coefficient) } else { Err(too_great("1,000")) }
}

/// An amount for one case, or the value of a weight of 1, in fen.
pub(super) fn amount(fen: i64) -> Result<PositiveFen, FieldProblem> {
    let amount: PositiveFen = fen_positive(fen)?;
    if is_amount(amount.get()) { Ok(amount) } else { Err(too_great("1,000,000,000,000")) }
}

pub(super) fn base_points(text: &str) -> Result<Coefficient, FieldProblem> {
    let base: Coefficient = if text.is_empty() { DEFAULT_BASE.parse()? } else { text.parse()? };
    if base.get() <= MOST_BASE { Ok(base) } else { Err(too_great("100,000")) }
}

fn too_great(most: &str) -> FieldProblem {
    FieldProblem::Malformed(format!("must be at most {most}"))
}
