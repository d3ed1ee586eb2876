use crate::{GroupCode, Tariff, Weight};

/// A severer group of an ADRG that weighs less than a milder one (权重倒置): a sign of thin or mixed cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inversion {
    /// The severer group, e.g. `FR11`.
    pub severer: GroupCode,
    /// Its weight.
    pub weight: Weight,
    /// The milder group that weighs more, e.g. `FR15`.
    pub milder: GroupCode,
    /// Its weight.
    pub milder_weight: Weight,
}

/// Every inversion between neighbours, in the order of codes.
///
/// Groups of an ADRG are compared by the national severity digits alone, 1 (with MCC), 3 (with CC) and 5 (without):
/// what regional ones like `0` or `C` weigh in relation to them is the region's.
#[must_use]
pub fn inversions(tariff: &Tariff) -> Vec<Inversion> {
    let national = |code: &GroupCode| code.as_str().len() == 4 && code.as_str().ends_with(['1', '3', '5']);
    let weighed: Vec<(&GroupCode, Weight)> = tariff
        .groups()
        .filter(|group| group.code.is_grouped() && national(&group.code))
        .filter_map(|group| Some((&group.code, group.weight()?)))
        .collect();
    let pairs = weighed.windows(2).map(|pair| (pair[0], pair[1]));
    pairs
        .filter(|((severer, weight), (milder, milder_weight))| {
            severer.adrg() == milder.adrg() && weight < milder_weight
        })
        .map(|((severer, weight), (milder, milder_weight))| Inversion {
            severer: severer.clone(),
            weight,
            milder: milder.clone(),
            milder_weight,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Group, Pricing};

    #[test]
    fn a_severer_group_that_weighs_less_is_told() {
        let group = |(code, weight): (&str, &str)| {
            Group::new(code.parse().unwrap(), "", Pricing::Weight(weight.parse().unwrap()))
        };
        let weights =
            [("FR11", "2"), ("FR13", "0.9"), ("FR15", "1"), ("FR1C", "7"), ("GZ11", "0.5"), ("GZ15", "0.5")];
        let found = inversions(&Tariff::new(weights.map(group)).unwrap());
        let pairs: Vec<[&str; 2]> = found.iter().map(|i| [i.severer.as_str(), i.milder.as_str()]).collect();
        assert_eq!(pairs, [["FR13", "FR15"]]);
    }
}
