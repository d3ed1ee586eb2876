//! Sharing a total by largest remainder (最大余数法).

use std::cmp::Reverse;

use num_bigint::BigUint;

use crate::{Exact, Fen};

/// Why a total cannot be shared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// The total is less than nothing.
    #[error("{total} cannot be shared")]
    NegativeTotal {
        /// The total.
        total: Fen,
    },
    /// A weight is less than nothing.
    #[error("the weight {weight} of part {index} is negative")]
    NegativeWeight {
        /// The part's index.
        index: usize,
        /// Its weight.
        weight: Exact,
    },
    /// A cap or a floor is less than nothing.
    #[error("a bound of {bound} is negative")]
    NegativeBound {
        /// The cap or floor.
        bound: Fen,
    },
    /// There is something to share and nobody with a weight to take it.
    #[error("{total} is to be shared and no part has a weight")]
    NoWeights {
        /// The amount nobody takes.
        total: Fen,
    },
    /// The floors add up to more than there is.
    #[error("floors of {floors} exceed the total of {total}")]
    FloorsExceedTotal {
        /// The sum of the floors.
        floors: Fen,
        /// The total.
        total: Fen,
    },
    /// A group's caps, or its lack of weights, keep it below its floor.
    #[error("group {group} can take {takes}, less than its floor of {floor}")]
    FloorAboveCaps {
        /// The group.
        group: usize,
        /// Its floor.
        floor: Fen,
        /// What its parts can take in all.
        takes: Fen,
    },
}

/// Shares `total` in proportion to `weights`.
///
/// Each share is first cut down to whole fen. The fen left over, fewer than
/// there are parts, go one each to the largest remainders, earlier parts first
/// on a tie: give the parts in the order of their codes. The shares add up to
/// `total` exactly, and a heavier part never gets less than a lighter one.
///
/// - `total`: fen, not negative.
/// - `weights`: `[n_parts]`, not negative, of any length.
/// - Returns fen, `[n_parts]`, in the order of `weights`.
///
/// # Errors
///
/// [`AllocationError::NegativeTotal`], [`AllocationError::NegativeWeight`] or,
/// if the total is not zero, [`AllocationError::NoWeights`]; in this order.
pub fn allocate(total: Fen, weights: &[Exact]) -> Result<Vec<Fen>, AllocationError> {
    if total.is_negative() {
        return Err(AllocationError::NegativeTotal { total });
    }
    if let Some(index) = weights.iter().position(Exact::is_negative) {
        return Err(AllocationError::NegativeWeight { index, weight: weights[index].clone() });
    }
    if total == Fen::ZERO {
        return Ok(vec![Fen::ZERO; weights.len()]);
    }
    // Integers, not decimals: a quotient and its remainder lose nothing.
    let scale = weights.iter().map(Exact::scale).max().unwrap_or(0);
    let weights: Vec<BigUint> = weights.iter().map(|weight| weight.unsigned_at(scale)).collect();
    let sum: BigUint = weights.iter().sum();
    if sum == BigUint::ZERO {
        return Err(AllocationError::NoWeights { total });
    }

    let total_fen = BigUint::from(total.get().unsigned_abs());
    let products: Vec<BigUint> = weights.iter().map(|weight| weight * &total_fen).collect();
    let mut shares: Vec<Fen> = products.iter().map(|product| fen(&(product / &sum))).collect();

    let left = (total - shares.iter().sum::<Fen>()).get();
    let n_left = usize::try_from(left).expect("0 <= left < n_parts");
    let remainders: Vec<BigUint> = products.iter().map(|product| product % &sum).collect();
    let mut by_remainder: Vec<usize> = (0..products.len()).collect();
    by_remainder.sort_by_key(|&index| Reverse(&remainders[index]));
    for &index in &by_remainder[..n_left] {
        shares[index] += Fen::new(1);
    }
    Ok(shares)
}

fn fen(amount: &BigUint) -> Fen {
    Fen::new(i64::try_from(amount).expect("a share is at most the total"))
}

/// A part of what is shared within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What its share is in proportion to; not negative.
    pub weight: Exact,
    /// The group whose floor it helps to reach.
    pub group: usize,
    /// The most it takes. `None`: any amount.
    pub cap: Option<Fen>,
}

/// The least that the parts of a group get together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// The group.
    pub group: usize,
    /// Its least total, in fen.
    pub least: Fen,
}

/// A total shared within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// The shares, in the order of the parts.
    pub shares: Vec<Fen>,
    /// What no part could take: all are at their caps, or have no weight.
    pub left: Fen,
}

/// Shares `total` by weight, within caps of parts and floors of groups.
///
/// A group whose parts would get less than its floor shares exactly its floor
/// by weight, the others share what then remains by weight. A part that would
/// get more than its cap gets its cap, and the others of its set share what it
/// leaves. The shares and `left` add up to `total` exactly.
///
/// It serves a decomposition with a floor for primary care (groups, no caps),
/// and overspend shared within a reserve (caps, no groups).
///
/// # Errors
///
/// Those of [`allocate`]; [`AllocationError::NegativeBound`],
/// [`AllocationError::FloorsExceedTotal`], [`AllocationError::FloorAboveCaps`],
/// but never [`AllocationError::NoWeights`]: what nobody can take is left.
pub fn allocate_within(total: Fen, parts: &[Part], floors: &[Floor]) -> Result<Allocated, AllocationError> {
    let bounds = parts.iter().filter_map(|part| part.cap).chain(floors.iter().map(|floor| floor.least));
    if let Some(bound) = bounds.into_iter().find(|bound| bound.is_negative()) {
        return Err(AllocationError::NegativeBound { bound });
    }
    let sum_of_floors: Fen = floors.iter().map(|floor| floor.least).sum();
    if sum_of_floors > total && !total.is_negative() {
        return Err(AllocationError::FloorsExceedTotal { floors: sum_of_floors, total });
    }

    // A group held at its floor leaves less for the others, so another may
    // fall below its own: repeat until none does.
    let mut held: Vec<Floor> = Vec::new();
    loop {
        let mut shares = vec![Fen::ZERO; parts.len()];
        let is_held = |group: usize| held.iter().any(|floor| floor.group == group);
        for floor in &held {
            let left = fill(floor.least, parts, &mut shares, |part| part.group == floor.group)?;
            if left > Fen::ZERO {
                let (group, floor, takes) = (floor.group, floor.least, floor.least - left);
                return Err(AllocationError::FloorAboveCaps { group, floor, takes });
            }
        }
        let rest = total - held.iter().map(|floor| floor.least).sum::<Fen>();
        let left = fill(rest, parts, &mut shares, |part| !is_held(part.group))?;

        let sum_of = |group: usize| -> Fen {
            parts.iter().zip(&shares).filter(|(part, _)| part.group == group).map(|(_, share)| *share).sum()
        };
        let below: Vec<Floor> = floors
            .iter()
            .filter(|floor| !is_held(floor.group) && sum_of(floor.group) < floor.least)
            .copied()
            .collect();
        if below.is_empty() {
            return Ok(Allocated { shares, left });
        }
        held.extend(below);
    }
}

/// Shares `total` among the parts that `takes` names, up to their caps; returns what is left.
fn fill(
    total: Fen,
    parts: &[Part],
    shares: &mut [Fen],
    takes: impl Fn(&Part) -> bool,
) -> Result<Fen, AllocationError> {
    let mut open: Vec<usize> = (0..parts.len()).filter(|&index| takes(&parts[index])).collect();
    let mut rest = total;
    loop {
        let weights: Vec<Exact> = open.iter().map(|&index| parts[index].weight.clone()).collect();
        let given = match allocate(rest, &weights) {
            Err(AllocationError::NoWeights { .. }) => return Ok(rest),
            other => other?,
        };
        let (over, within): (Vec<_>, Vec<_>) = open
            .iter()
            .copied()
            .zip(given)
            .partition(|&(index, share)| parts[index].cap.is_some_and(|cap| share > cap));
        if over.is_empty() {
            within.into_iter().for_each(|(index, share)| shares[index] = share);
            return Ok(Fen::ZERO);
        }
        for (index, _) in over {
            shares[index] = parts[index].cap.expect("only a capped part can be over its cap");
            rest -= shares[index];
        }
        open = within.into_iter().map(|(index, _)| index).collect();
    }
}

#[cfg(test)]
#[path = "allocation_tests.rs"]
mod tests;
