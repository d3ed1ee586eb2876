use std::ops::Range;

/// A part that does not fit what is sent in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    /// Something before the part is missing.
    #[error("something before the part is missing")]
    Gap,
    /// The part goes on beyond the announced end.
    #[error("the part goes on beyond the announced end")]
    TooLong,
}

/// Tells the things of one line apart: each one's number within its line, from 1.
///
/// - `lines`: the lines of the things, in their order.
///
/// # Panics
///
/// If a line has more things than an `i16` counts.
pub fn ordinals(lines: impl IntoIterator<Item = i64>) -> Vec<i16> {
    let mut last = None;
    let ordinal = |line| {
        let nth: i16 = match last {
            Some((before, nth)) if before == line => i16::checked_add(nth, 1).expect("a line has few things"),
            Some(_) | None => 1,
        };
        last = Some((line, nth));
        nth
    };
    lines.into_iter().map(ordinal).collect()
}

/// How much at the beginning of a part is known already, of something that is sent part by part, each perhaps again.
///
/// - `missing`: the places (bytes, lines) that are missing.
/// - `first`, `n`: where the part begins, and how long it is.
///
/// # Errors
///
/// [`Misplaced::Gap`], then [`Misplaced::TooLong`].
///
/// # Panics
///
/// If the part is longer than an `i64` tells.
pub fn n_known(missing: Range<i64>, first: i64, n: usize) -> Result<usize, Misplaced> {
    let n = i64::try_from(n).expect("a part is bounded");
    if first > missing.start {
        return Err(Misplaced::Gap);
    }
    if first.checked_add(n).is_none_or(|end| end > missing.end) {
        return Err(Misplaced::TooLong);
    }
    Ok(usize::try_from((missing.start - first).min(n)).expect("not before the part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_things_of_a_line_are_numbered_from_one() {
        assert_eq!(ordinals([3, 3, 5, 6, 6, 6]), [1, 2, 1, 1, 2, 3]);
        assert!(ordinals([]).is_empty());
    }
}
