use std::cmp::Reverse;
use std::collections::BTreeMap;

use medfund_money::Fen;
use medfund_types::InstitutionCode;

/// How many cases went from one group to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The group's code by the one scheme.
    pub from: String,
    /// The group's code by the other.
    pub to: String,
    /// How many cases.
    pub n_cases: usize,
}

/// The moves between different groups, the most first, then by codes.
#[must_use]
pub fn moves<'g>(pairs: impl IntoIterator<Item = [&'g str; 2]>) -> Vec<Move> {
    let mut counted: BTreeMap<[&str; 2], usize> = BTreeMap::new();
    for pair in pairs.into_iter().filter(|[from, to]| from != to) {
        *counted.entry(pair).or_default() += 1;
    }
    let moved = |([from, to], n_cases): ([&str; 2], usize)| Move {
        from: from.to_owned(),
        to: to.to_owned(),
        n_cases,
    };
    let mut moves: Vec<Move> = counted.into_iter().map(moved).collect();
    moves.sort_by_key(|one| Reverse(one.n_cases));
    moves
}

/// What one case pays by two tariffs; `None`: the tariff does not price its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasePay {
    /// By the one.
    pub one: Option<Fen>,
    /// By the other.
    pub other: Option<Fen>,
}

/// What the cases of one institution pay by two tariffs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstitutionPay {
    /// The cases that each prices.
    pub n_cases: [i64; 2],
    /// What they pay by each.
    pub pay: [Fen; 2],
}

impl CasePay {
    /// How much more the case pays by the other; `None` unless both price it.
    #[must_use]
    pub fn difference(self) -> Option<Fen> {
        Some(self.other? - self.one?)
    }
}

/// Adds up what cases pay, institution by institution; `None` where a sum is beyond all measure.
#[must_use]
pub fn by_institution<'i>(
    cases: impl IntoIterator<Item = (&'i InstitutionCode, CasePay)>,
) -> Option<BTreeMap<&'i InstitutionCode, InstitutionPay>> {
    let mut sums: BTreeMap<&InstitutionCode, InstitutionPay> = BTreeMap::new();
    for (institution, case) in cases {
        let sum = sums.entry(institution).or_default();
        for (side, pay) in [case.one, case.other].into_iter().enumerate() {
            if let Some(pay) = pay {
                sum.n_cases[side] += 1;
                sum.pay[side] = sum.pay[side].checked_add(pay)?;
            }
        }
    }
    Some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_move_stands_first_and_none_is_told_of_cases_that_stay() {
        let moved = |from: &str, to: &str, n_cases| Move { from: from.into(), to: to.into(), n_cases };
        assert_eq!(
            moves([["A", "B"], ["C", "C"], ["B", "C"], ["B", "C"], ["A", "C"]]),
            [moved("B", "C", 2), moved("A", "B", 1), moved("A", "C", 1)]
        );
    }

    #[test]
    fn a_case_that_one_tariff_does_not_price_counts_for_the_other_alone() {
        let [first, second]: [InstitutionCode; 2] =
            ["H0000001", "H0000002"].map(|code| code.parse().unwrap());
        let pay = |one: Option<i64>, other: Option<i64>| CasePay {
            one: one.map(Fen::new),
            other: other.map(Fen::new),
        };
        let cases = [
            (&first, pay(Some(100), Some(90))),
            (&second, pay(Some(50), None)),
            (&first, pay(None, Some(30))),
        ];
        let sums = by_institution(cases).unwrap();
        let own = |n_cases, pay: [i64; 2]| InstitutionPay { n_cases, pay: pay.map(Fen::new) };
        assert_eq!(sums, [(&first, own([1, 2], [100, 120])), (&second, own([1, 0], [50, 0]))].into());
        assert_eq!(
            [pay(Some(100), Some(90)), pay(Some(50), None)].map(CasePay::difference),
            [Some(Fen::new(-10)), None]
        );
        let greatest = (&first, pay(None, Some(i64::MAX)));
        assert_eq!(
            [by_institution([greatest]).is_some(), by_institution([greatest; 2]).is_some()],
            [true, false]
        );
    }
}
