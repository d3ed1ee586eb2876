use std::ops::Deref;
use std::sync::Arc;

use medfund_money::Fen;

use super::drg_rate::RatedCase;

/// A case as payment methods look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The settlement id of its bill.
    pub setl_id: Box<str>,
    /// The principal diagnosis, ICD-10 医保版.
    pub disease: Arc<str>,
    /// Days of stay.
    pub days: i64,
    /// The fund's share charged.
    pub cost: Fen,
    /// The total cost.
    pub total: Fen,
    /// What the patient and other payers than the fund and the institution paid.
    pub personal: Fen,
    /// Of it, for what is wholly self-paid (全自费).
    pub self_paid: Fen,
    /// Whether the institution declares that it left its pathway (变异退出).
    pub is_variant: bool,
    /// What earlier bills of the same admission had, in their order: of a stay settled more than once.
    pub earlier: Earlier,
}

/// The bills of a stay that come before one of them. All of its bills share them, so that an admission of many bills
/// takes no more memory than they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    stay: Arc<[Case]>,
    n_before: usize,
}

impl Earlier {
    /// The first of a stay's bills.
    #[must_use]
    pub fn first_of(stay: &Arc<[Case]>, n_before: usize) -> Self {
        Self { stay: Arc::clone(stay), n_before }
    }
}

impl Deref for Earlier {
    type Target = [Case];

    fn deref(&self) -> &[Case] {
        &self.stay[..self.n_before]
    }
}

impl Case {
    /// Days that earlier bills of the stay had.
    #[must_use]
    pub fn days_before(&self) -> i64 {
        self.earlier.iter().map(|bill| bill.days).sum()
    }
}

/// What payment methods look at in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Admissions of inpatients, visits of others (人次).
    pub n_admissions: i64,
    /// Different persons (人头).
    pub n_persons: i64,
    /// Days of stay.
    pub days: i64,
    /// The fund's share charged.
    pub cost: Fen,
    /// The fund's share of what others charged for patients whom the institution referred to them (转诊).
    pub referred: Fen,
    /// The cases; only for a method that looks at each.
    pub cases: Vec<Case>,
    /// The cases that a rate pays; only where one does.
    pub rated: Vec<RatedCase>,
}

impl Volume {
    /// What cases add up to, but for their persons.
    pub(super) fn of(cases: Vec<Case>) -> Self {
        Self {
            n_admissions: i64::try_from(cases.len()).expect("a month's cases can be counted"),
            n_persons: 0,
            days: cases.iter().map(|case| case.days).sum(),
            cost: cases.iter().map(|case| case.cost).sum(),
            referred: Fen::ZERO,
            cases,
            rated: Vec::new(),
        }
    }

    /// Takes the cases out that `wanted` gives something for; returns them with it.
    pub(super) fn take<T>(&mut self, wanted: impl Fn(&Case) -> Option<T>) -> Vec<(Case, T)> {
        let mut taken = Vec::new();
        for case in std::mem::take(&mut self.cases) {
            match wanted(&case) {
                Some(of) => {
                    self.n_admissions -= 1;
                    self.days -= case.days;
                    self.cost -= case.cost;
                    taken.push((case, of));
                }
                None => self.cases.push(case),
            }
        }
        taken
    }
}

/// Whether a listed code covers a diagnosis: itself and every code below it.
///
/// `J18` covers `J18.9`; `J1` is no category and covers nothing of it.
pub(super) fn covers(listed: &str, diagnosis: &str) -> bool {
    diagnosis
        .strip_prefix(listed)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || listed.contains('.'))
}

/// The place of the listed code that covers a diagnosis most narrowly; an empty code covers every diagnosis.
pub(super) fn covering<'l>(diagnosis: &str, listed: impl Iterator<Item = &'l str>) -> Option<usize> {
    let holds = |(_, code): &(usize, &str)| code.is_empty() || covers(code, diagnosis);
    listed.enumerate().filter(holds).max_by_key(|(_, code)| code.len()).map(|(place, _)| place)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A case that cost the fund `fen` and nobody else anything.
    pub(in crate::domain) fn case(disease: &str, days: i64, fen: i64) -> Case {
        Case {
            setl_id: "".into(),
            disease: disease.into(),
            days,
            cost: Fen::new(fen),
            total: Fen::new(fen),
            personal: Fen::ZERO,
            self_paid: Fen::ZERO,
            is_variant: false,
            earlier: Earlier::default(),
        }
    }

    /// A case that goes on where these bills of its stay ended.
    pub(in crate::domain) fn after(earlier: &[&Case], case: Case) -> Case {
        let stay: Arc<[Case]> = earlier.iter().map(|bill| (*bill).clone()).collect();
        Case { earlier: Earlier::first_of(&stay, stay.len()), ..case }
    }

    /// Cases as (diagnosis, days, fund's share in fen).
    pub(in crate::domain) fn volume(cases: &[(&str, i64, i64)]) -> Volume {
        let volume = Volume::of(cases.iter().map(|&(disease, days, fen)| case(disease, days, fen)).collect());
        Volume { n_persons: volume.n_admissions, ..volume }
    }

    #[test]
    fn the_narrowest_of_the_listed_codes_covers_a_diagnosis() {
        let found = |diagnosis| covering(diagnosis, ["", "J18", "J18.9"].into_iter());
        assert_eq!([found("J18.900"), found("J18.100"), found("J180")], [Some(2), Some(1), Some(0)]);
        assert_eq!(covering("I10", ["J18"].into_iter()), None);
    }

    #[test]
    fn what_is_taken_no_longer_counts() {
        let mut rest = volume(&[("J18.9", 5, 100), ("I10", 7, 30)]);
        let taken = rest.take(|case| covers("J18", &case.disease).then_some(()));
        assert_eq!(taken.len(), 1);
        assert_eq!((rest.n_admissions, rest.days, rest.cost), (1, 7, Fen::new(30)));
    }
}
