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
