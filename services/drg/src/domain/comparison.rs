use std::cmp::Reverse;
use std::collections::BTreeMap;

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
}
