use medfund_money::{Exact, Fen, PositiveFen};

use crate::violations::FieldProblem;

/// The most that one amount of a request may be, in fen, either way: ten trillion yuan.
///
/// Thousands of such amounts can be added up within 64 bits, so no request makes a sum overflow.
pub const MAX_FEN: i64 = 1_000_000_000_000_000;

/// The most characters of a decimal.
const MAX_DECIMAL: usize = 30;

/// Reads an amount that may be negative.
///
/// # Errors
///
/// If it is more than [`MAX_FEN`] either way.
pub fn fen(fen: i64) -> Result<Fen, FieldProblem> {
    if (-MAX_FEN..=MAX_FEN).contains(&fen) {
        return Ok(Fen::new(fen));
    }
    Err(FieldProblem::Malformed(format!("must be at most {MAX_FEN} fen either way")))
}

/// Reads an amount that must not be negative.
///
/// # Errors
///
/// If it is negative, or more than [`MAX_FEN`].
pub fn fen_not_negative(amount: i64) -> Result<Fen, FieldProblem> {
    if amount < 0 {
        return Err(FieldProblem::Malformed("must not be negative".to_owned()));
    }
    fen(amount)
}

/// Reads an amount that must be more than zero.
///
/// # Errors
///
/// If it is zero or less, or more than [`MAX_FEN`].
pub fn fen_positive(amount: i64) -> Result<PositiveFen, FieldProblem> {
    let amount = PositiveFen::try_from(amount)?;
    fen(amount.get().get())?;
    Ok(amount)
}

/// Reads an exact decimal of sensible length.
///
/// # Errors
///
/// If it is no plain decimal number, or longer than 30 characters.
pub fn decimal(text: &str) -> Result<Exact, FieldProblem> {
    if text.len() > MAX_DECIMAL {
        return Err(FieldProblem::Malformed(format!("must be at most {MAX_DECIMAL} characters")));
    }
    Ok(text.parse::<Exact>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_bounded_either_way() {
        assert_eq!(fen(-MAX_FEN), Ok(Fen::new(-MAX_FEN)));
        assert_eq!(fen_not_negative(0), Ok(Fen::ZERO));
        assert!(fen_positive(MAX_FEN).is_ok());
        for over in [MAX_FEN + 1, i64::MAX] {
            assert!(fen(over).is_err() && fen_not_negative(over).is_err() && fen_positive(over).is_err());
        }
        assert!(fen(i64::MIN).is_err());
        assert!(fen_not_negative(-1).is_err());
        assert!(fen_positive(0).is_err());
    }

    #[test]
    fn a_decimal_is_plain_and_not_endless() {
        assert_eq!(decimal("1.05"), Ok("1.05".parse().unwrap()));
        assert!(decimal(&"1".repeat(30)).is_ok());
        for bad in ["", "1e3", "1,5", &"1".repeat(31)] {
            assert!(decimal(bad).is_err(), "{bad}");
        }
    }
}
