use std::collections::BTreeMap;
use std::ops::AddAssign;

use medfund_money::{Exact, Fen};
use medfund_types::{FundLine, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::{ByFundLine, CostedCase, Whose};
use crate::GroupCode;

/// What a set of cases adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// The number of cases.
    pub n_cases: u64,
    /// All of their cost, in fen.
    pub cost: Fen,
    /// What the fund paid of it, in fen.
    pub fund_paid: Fen,
    /// Their days of stay.
    pub n_days: u64,
    /// How many died.
    pub n_died: u64,
}

impl Sum {
    /// The mean cost of a case in fen, rounded once to whole fen; nothing where there is no case.
    #[must_use]
    pub fn mean_cost(&self) -> Option<Fen> {
        mean(self.cost, self.n_cases)
    }
}

/// The mean of a cost over cases, rounded once to whole fen; nothing where there is no case.
pub(crate) fn mean(cost: Fen, n_cases: u64) -> Option<Fen> {
    (n_cases > 0).then(|| Fen::round_half_up(Exact::from(cost).div_half_up(&count(n_cases), 0)))
}

/// A number of cases or days as an exact number.
pub(crate) fn count(number: u64) -> Exact {
    i64::try_from(number).expect("a count of cases fits 63 bits").into()
}

impl From<&CostedCase> for Sum {
    fn from(case: &CostedCase) -> Self {
        Self {
            n_cases: 1,
            cost: case.cost.get(),
            fund_paid: case.fund_paid,
            n_days: case.n_days.into(),
            n_died: case.has_died.into(),
        }
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.n_cases += other.n_cases;
        self.cost += other.cost;
        self.fund_paid += other.fund_paid;
        self.n_days += other.n_days;
        self.n_died += other.n_died;
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |mut sum, part| {
            sum += part;
            sum
        })
    }
}

/// What the cases of each institution add up to, group by group and fund line by fund line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    by_institution: BTreeMap<InstitutionCode, BTreeMap<GroupCode, Sum>>,
    by_group: BTreeMap<GroupCode, Sum>,
    by_fund_line: BTreeMap<InstitutionCode, BTreeMap<GroupCode, ByFundLine<Sum>>>,
}

impl Totals {
    /// Adds a case.
    pub fn add(&mut self, case: &CostedCase) {
        self.add_sum((&case.institution, case.fund_line.as_ref()), &case.group, case.into());
    }

    /// Adds cases of one institution and fund line in one group that were added up before.
    pub fn add_sum(&mut self, (institution, fund_line): Whose<'_>, group: &GroupCode, sum: Sum) {
        *entry(entry(&mut self.by_institution, institution), group) += sum;
        *entry(&mut self.by_group, group) += sum;
        let lines = entry(entry(&mut self.by_fund_line, institution), group);
        *lines.entry(fund_line.cloned()).or_default() += sum;
    }

    /// Each institution's sums by group, in the order of their codes.
    pub fn institutions(
        &self,
    ) -> impl ExactSizeIterator<Item = (&InstitutionCode, &BTreeMap<GroupCode, Sum>)> {
        self.by_institution.iter()
    }

    /// The groups that an institution has cases of, in the order of their codes.
    pub(crate) fn groups_of(
        &self,
        institution: &InstitutionCode,
    ) -> impl ExactSizeIterator<Item = &GroupCode> {
        const NONE: &BTreeMap<GroupCode, Sum> = &BTreeMap::new();
        self.by_institution.get(institution).unwrap_or(NONE).keys()
    }

    /// The region's sums by group, in the order of their codes.
    #[must_use]
    pub fn groups(&self) -> &BTreeMap<GroupCode, Sum> {
        &self.by_group
    }

    /// The region's sum of a group; nothing where it has no case.
    #[must_use]
    pub fn of_group(&self, group: &GroupCode) -> Sum {
        self.by_group.get(group).copied().unwrap_or_default()
    }

    /// The sum of an institution in a group; nothing where it has no case.
    #[must_use]
    pub fn of(&self, institution: &InstitutionCode, group: &GroupCode) -> Sum {
        self.by_institution.get(institution).and_then(|own| own.get(group)).copied().unwrap_or_default()
    }

    /// The sums of an institution in a group by fund line, those of an unknown one first.
    pub fn fund_lines_of(
        &self,
        institution: &InstitutionCode,
        group: &GroupCode,
    ) -> impl Iterator<Item = (Option<&FundLine>, Sum)> {
        let own = self.by_fund_line.get(institution).and_then(|own| own.get(group));
        own.into_iter().flatten().map(|(fund_line, sum)| (fund_line.as_ref(), *sum))
    }

    /// The sum of all cases.
    #[must_use]
    pub fn all(&self) -> Sum {
        self.by_group.values().copied().sum()
    }
}

/// Most cases meet a key that is there, so it is cloned only where it is not.
fn entry<'m, K: Clone + Ord, V: Default>(map: &'m mut BTreeMap<K, V>, key: &K) -> &'m mut V {
    if !map.contains_key(key) {
        map.insert(key.clone(), V::default());
    }
    map.get_mut(key).expect("it was just put there")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(institution: &str, group: &str, yuan: i64, has_died: bool) -> CostedCase {
        CostedCase {
            institution: institution.parse().unwrap(),
            fund_line: (yuan > 300).then(|| "employee".parse().unwrap()),
            group: group.parse().unwrap(),
            cost: Fen::from_yuan(yuan).try_into().unwrap(),
            fund_paid: Fen::from_yuan(yuan / 2),
            n_days: 7,
            has_died,
        }
    }

    #[test]
    fn cases_add_up_by_institution_by_group_and_in_all() {
        let mut totals = Totals::default();
        for (institution, group, yuan) in [
            ("H0000001", "FR15", 100),
            ("H0000001", "FR15", 300),
            ("H0000002", "FR15", 500),
            ("H0000002", "GZ13", 10),
        ] {
            totals.add(&case(institution, group, yuan, group == "GZ13"));
        }
        let [one, fr15] = ["H0000001".parse().unwrap(), "H0000002".parse().unwrap()]
            .map(|institution: InstitutionCode| totals.of(&institution, &"FR15".parse().unwrap()));
        assert_eq!(
            (one.n_cases, one.cost, one.mean_cost()),
            (2, Fen::from_yuan(400), Some(Fen::from_yuan(200)))
        );
        assert_eq!((fr15.n_cases, fr15.n_days), (1, 7));
        assert_eq!(totals.of_group(&"FR15".parse().unwrap()).cost, Fen::from_yuan(900));
        assert_eq!(
            (totals.all().n_cases, totals.all().n_died, totals.all().fund_paid),
            (4, 1, Fen::from_yuan(455))
        );
        assert_eq!(Sum::default().mean_cost(), None);
    }

    #[test]
    fn cases_add_up_by_fund_line_those_of_an_unknown_one_apart() {
        let mut totals = Totals::default();
        [100, 300, 500, 700].iter().for_each(|&yuan| totals.add(&case("H0000001", "FR15", yuan, false)));
        let (hospital, group) = ("H0000001".parse().unwrap(), "FR15".parse().unwrap());
        let employee: FundLine = "employee".parse().unwrap();
        let lines: Vec<(Option<&FundLine>, Fen)> =
            totals.fund_lines_of(&hospital, &group).map(|(line, sum)| (line, sum.cost)).collect();
        assert_eq!(lines, [(None, Fen::from_yuan(400)), (Some(&employee), Fen::from_yuan(1_200))]);
    }
}
