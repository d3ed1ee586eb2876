use std::collections::BTreeMap;

use medfund_money::{Coefficient, Exact, Fen, PositiveFen};
use medfund_types::{Area, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::case_points::Standard;
use crate::coefficient::Coefficients;
use crate::points::group_points;
use crate::{Group, GroupCode, Level, Payee, Tariff};

/// A tariff as it is published (发布的支付标准): whose it is, for when, and all that it pays by.
///
/// Its bytes are JSON whose parts stand in one order, so that the same tariff has the same hash wherever it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedTariff {
    /// The area.
    pub area: Area,
    /// The fund year it was made for.
    pub fund_year: FundYear,
    /// The hash of the grouping scheme of its groups: lower-case hexadecimal SHA-256.
    pub scheme_hash: String,
    /// Points of a weight of 1 (基准点数).
    pub base_points: Coefficient,
    /// Its groups.
    pub groups: Tariff,
    /// The institutions' levels, for standards and coefficients that are given by level.
    pub levels: BTreeMap<InstitutionCode, Level>,
    /// The institutions' coefficients.
    pub coefficients: Coefficients,
    /// The mean cost of the cases that its weights were made of (全部病例次均费用), of which a group's mean is the weight.
    /// `None`: its maker told no cost, and no case is measured by its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_cost: Option<PositiveFen>,
}

/// Why bytes are no published tariff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableTariff {
    /// They are no such JSON.
    #[error("no published tariff: {0}")]
    Malformed(String),
    /// They are not as [`PublishedTariff::to_bytes`] writes them, so that their hash would not be the tariff's.
    #[error("the tariff is not as its publisher writes it")]
    NotCanonical,
}

impl PublishedTariff {
    /// The tariff's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a tariff can be written as JSON")
    }

    /// Whether it has standards or coefficients by level and no institution's level, so that they pay nobody's case.
    #[must_use]
    pub fn lacks_levels(&self) -> bool {
        self.levels.is_empty() && self.groups.is_by_level()
    }

    /// Reads a tariff from its bytes.
    ///
    /// # Errors
    ///
    /// [`UnreadableTariff`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, UnreadableTariff> {
        let read = serde_json::from_slice::<Self>(bytes);
        let tariff = read.map_err(|error| UnreadableTariff::Malformed(error.to_string()))?;
        if tariff.to_bytes() == bytes { Ok(tariff) } else { Err(UnreadableTariff::NotCanonical) }
    }

    /// What a group's cases are measured by, points of a weight of 1 being `base`; `None` where it has no weight.
    ///
    /// - `cost`: stands for the mean cost where the tariff tells none.
    #[must_use]
    pub fn standard(&self, group: &GroupCode, base: Coefficient, cost: PositiveFen) -> Option<Standard> {
        let weight = self.groups.weight(group)?;
        let of_mean = |mean: PositiveFen| Fen::round_half_up(Exact::from(weight) * mean.get().into());
        let mean = self.mean_cost.map(|mean| of_mean(mean).max(Fen::new(1)));
        let mean = mean.map_or(cost, |mean| mean.try_into().expect("it is at least a fen"));
        Some(Standard { points: group_points(weight, base), weight, mean })
    }

    /// What a case of an institution and a fund line in a group is multiplied by.
    #[must_use]
    pub fn factor(&self, institution: &InstitutionCode, fund_line: &FundLine, group: &Group) -> Coefficient {
        let payee = Payee::of(institution, Some(fund_line), &self.levels);
        group.factor(payee, self.coefficients.get(institution, &group.code))
    }

    /// What bytes of a tariff are known by: lower-case hexadecimal SHA-256.
    #[must_use]
    pub fn hash(bytes: &[u8]) -> String {
        hex::encode(Sha256::digest(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pricing, Scope};

    fn published() -> PublishedTariff {
        let group = |code: &str, pricing| Group::new(code.parse().unwrap(), "心梗", pricing);
        let groups = [group("FR15", Pricing::Review), group("FR13", Pricing::Weight("1.2".parse().unwrap()))];
        let hospital: InstitutionCode = "H44070300001".parse().unwrap();
        let mut coefficients = Coefficients::default();
        coefficients.set(hospital.clone(), "FR13".parse().unwrap(), "1.02".parse().unwrap());
        PublishedTariff {
            area: "440700".parse().unwrap(),
            fund_year: FundYear::try_from(2025).unwrap(),
            scheme_hash: "ab".repeat(32),
            base_points: "100".parse().unwrap(),
            groups: Tariff::new(groups).unwrap(),
            levels: [(hospital, Level::try_from(3).unwrap())].into(),
            coefficients,
            mean_cost: None,
        }
    }

    #[test]
    fn a_group_s_mean_is_its_weight_of_the_mean_of_all() {
        let group: GroupCode = "FR13".parse().unwrap();
        let base = "100".parse().unwrap();
        let cost = Fen::from_yuan(777).try_into().unwrap();
        let mut tariff = published();
        let mean = |tariff: &PublishedTariff| tariff.standard(&group, base, cost).unwrap().mean.get();
        assert_eq!(mean(&tariff), Fen::from_yuan(777));
        tariff.mean_cost = Some(Fen::from_yuan(5_000).try_into().unwrap());
        assert_eq!(mean(&tariff), Fen::from_yuan(6_000));
        assert_eq!(tariff.standard(&"FR15".parse().unwrap(), base, cost), None);
        assert_eq!(PublishedTariff::from_bytes(&tariff.to_bytes()), Ok(tariff));
    }

    #[test]
    fn a_named_institution_is_paid_by_its_own_coefficient_and_a_fund_line_by_that_of_its_line() {
        let mut tariff = published();
        let [hospital, clinic]: [InstitutionCode; 2] =
            ["H44070300001", "H44070300002"].map(|code| code.parse().unwrap());
        let [employee, resident]: [FundLine; 2] = ["employee", "resident"].map(|line| line.parse().unwrap());
        let named = Scope { institutions: [hospital.to_string()].into(), ..Scope::default() };
        let of_line = Scope { fund_line: Some(resident.clone()), ..Scope::default() };
        let mut groups = Vec::from(tariff.groups);
        groups[0].coefficients = vec![(named, "1.3".parse().unwrap()), (of_line, "0.9".parse().unwrap())];
        tariff.groups = Tariff::new(groups).unwrap();
        let fr13 = tariff.groups.group(&"FR13".parse().unwrap()).unwrap();
        let factor = |who: &InstitutionCode, line: &FundLine| tariff.factor(who, line, fr13).to_string();
        assert_eq!([factor(&hospital, &employee), factor(&hospital, &resident)], ["1.3", "1.3"]);
        assert_eq!([factor(&clinic, &employee), factor(&clinic, &resident)], ["1", "0.9"]);
    }

    #[test]
    fn a_published_tariff_is_read_back_from_its_bytes() {
        let bytes = published().to_bytes();
        assert_eq!(PublishedTariff::from_bytes(&bytes), Ok(published()));
        assert_eq!(PublishedTariff::hash(&bytes).len(), 64);
    }

    #[test]
    fn bytes_that_mean_the_same_and_are_written_otherwise_are_refused() {
        let mut bytes = published().to_bytes();
        bytes.push(b'\n');
        assert_eq!(PublishedTariff::from_bytes(&bytes), Err(UnreadableTariff::NotCanonical));
        assert!(matches!(PublishedTariff::from_bytes(b"{}"), Err(UnreadableTariff::Malformed(_))));
    }
}
