use medfund_types::InstitutionCode;

use super::error::SpecialCaseError;

/// An expert of the pool from which those are drawn who hear a case (评审专家).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expert {
    /// An opaque id.
    pub id: String,
    /// The institution that the expert works for; `None`: for none of the area's.
    pub institution: Option<InstitutionCode>,
}

/// Draws the experts who hear a case of `institution`, none of its own among them (随机抽取, 回避).
///
/// Each number in turn picks one of those that are left, in the order of their ids: the one at the remainder of the
/// number by how many are left. The same numbers draw the same experts.
///
/// - `experts`: those in the pool, in any order.
/// - `numbers`: at least `n`, each as likely as any other.
/// - Returns ids, `[n]`, in the order in which they were drawn.
///
/// # Errors
///
/// [`SpecialCaseError::TooFewExperts`].
pub fn draw(
    experts: &[Expert],
    institution: &InstitutionCode,
    n: usize,
    numbers: impl IntoIterator<Item = u64>,
) -> Result<Vec<String>, SpecialCaseError> {
    let others = experts.iter().filter(|one| one.institution.as_ref() != Some(institution));
    let mut left: Vec<&str> = others.map(|one| one.id.as_str()).collect();
    if left.len() < n {
        return Err(SpecialCaseError::TooFewExperts { n_available: left.len(), n_needed: n });
    }
    left.sort_unstable();
    let pick = |number: u64| {
        let n_left = u64::try_from(left.len()).expect("a pool can be counted");
        left.remove(usize::try_from(number % n_left).expect("less than how many are left")).to_owned()
    };
    Ok(numbers.into_iter().take(n).map(pick).collect())
}
