use std::collections::BTreeMap;
use std::ops::AddAssign;

use medfund_money::{Exact, Fen};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::CostedCase;
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

/// What the cases of each institution add up to, group by group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    by_institution: BTreeMap<InstitutionCode, BTreeMap<GroupCode, Sum>>,
    by_group: BTreeMap<GroupCode, Sum>,
}

impl Totals {
    /// Adds a case.
    pub fn add(&mut self, case: &CostedCase) {
        self.add_sum(&case.institution, &case.group, case.into());
    }

    /// Adds cases of one institution in one group that were added up before.
    pub fn add_sum(&mut self, institution: &InstitutionCode, group: &GroupCode, sum: Sum) {
        if !self.by_institution.contains_key(institution) {
            self.by_institution.insert(institution.clone(), BTreeMap::new());
        }
        let own = self.by_institution.get_mut(institution).expect("it was just put there");
        add_to(own, group, sum);
        add_to(&mut self.by_group, group, sum);
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

    /// The sum of all cases.
    #[must_use]
    pub fn all(&self) -> Sum {
        self.by_group.values().copied().sum()
    }
}

/// Most cases meet a group that is there, so its code is cloned only where it is not.
fn add_to(sums: &mut BTreeMap<GroupCode, Sum>, group: &GroupCode, sum: Sum) {
    match sums.get_mut(group) {
        Some(own) => *own += sum,
        None => {
            sums.insert(group.clone(), sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(institution: &str, group: &str, yuan: i64, has_died: bool) -> CostedCase {
        CostedCase {
            institution: institution.parse().unwrap(),
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
}
