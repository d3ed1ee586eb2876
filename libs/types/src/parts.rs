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
    /// The part is not the last one, and smaller than this.
    #[error("the part is smaller than {0}")]
    TooSmall(i64),
}

/// In at most so many parts something is sent: each is a transaction.
const MOST_PARTS: i64 = 10_000;

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
/// - `whole`: the places (bytes, lines) of all of it.
/// - `next`: the first one that is missing.
/// - `first`, `n`: where the part begins, and how long it is: unless it is the last one, a ten-thousandth of the whole at least.
///
/// # Errors
///
/// [`Misplaced::Gap`], [`Misplaced::TooLong`], then [`Misplaced::TooSmall`].
///
/// # Panics
///
/// If the part is longer than an `i64` tells.
pub fn n_known(whole: Range<i64>, next: i64, first: i64, n: usize) -> Result<usize, Misplaced> {
    let n = i64::try_from(n).expect("a part is bounded");
    if first > next {
        return Err(Misplaced::Gap);
    }
    let end = first.checked_add(n).filter(|end| *end <= whole.end).ok_or(Misplaced::TooLong)?;
    let least = (whole.end - whole.start - 1) / MOST_PARTS + 1;
    if n < least && end < whole.end {
        return Err(Misplaced::TooSmall(least));
    }
    Ok(usize::try_from((next - first).min(n)).expect("not before the part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_things_of_a_line_are_numbered_from_one() {
        assert_eq!(ordinals([3, 3, 5, 6, 6, 6]), [1, 2, 1, 1, 2, 3]);
        assert!(ordinals([]).is_empty());
    }

    #[test]
    fn all_parts_but_the_last_are_a_ten_thousandth_of_the_whole_at_least() {
        let part = |n_bytes: i64, first, n| n_known(0..n_bytes, 0, first, n);
        assert_eq!(part(10_000, 0, 1), Ok(0));
        assert_eq!(part(10_001, 0, 1), Err(Misplaced::TooSmall(2)));
        assert_eq!(part(10_001, 0, 2), Ok(0));
        let lines = |first, n| n_known(1..30_001, 29_999, first, n);
        assert_eq!((lines(29_998, 3), lines(29_999, 2)), (Ok(1), Ok(0)));
        assert_eq!(lines(29_999, 1), Err(Misplaced::TooSmall(3)));
    }

    #[test]
    fn a_part_of_the_most_bytes_of_a_request_is_never_too_small() {
        let eight_gib = 8 << 30;
        assert_eq!(n_known(0..eight_gib, 0, 0, 1 << 20), Ok(0));
    }
}
