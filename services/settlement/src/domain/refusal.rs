use medfund_money::{Fen, Node};

/// A refusal that waits to be taken from a month (拒付).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The inspection, by its resource name.
    pub inspection: String,
    /// The refused amount, enlarged by the sampling rate.
    pub refused: Fen,
}

/// What a month takes of refusals, and what it leaves to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Taken from this month, never more than the method gives.
    pub taken: Node,
    /// Carried to the next month.
    pub carried: Fen,
}

/// Takes refusals from what the method gives for a month.
///
/// - `method`: the month's amount by the method.
/// - `carried_in`: what the months before could not bear.
///
/// Source: JM 四(五).
pub fn refuse(method: &Node, refusals: &[Refusal], carried_in: Fen) -> Refused {
    let due = refusals_due("refusals_due_fen", "应拒付", refusals, carried_in);
    let total = due.amount();
    let taken = Node::min("refused_fen", "本月拒付", "fen", vec![due, method.clone()]);
    let carried = total - taken.amount();
    Refused { taken, carried }
}

/// All that waits to be taken.
pub(super) fn refusals_due(name: &str, term: &str, refusals: &[Refusal], carried_in: Fen) -> Node {
    let mut parts = vec![Node::fen("carried_in_fen", "上月结转拒付", carried_in)];
    let by_inspection = |one: &Refusal| {
        Node::fen("refused_by_inspection_fen", "稽核拒付", one.refused).clause(&one.inspection)
    };
    parts.extend(refusals.iter().map(by_inspection));
    Node::sum(name, term, "fen", parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(fen: i64) -> Refusal {
        Refusal { inspection: "areas/440700/inspections/x".to_owned(), refused: Fen::new(fen) }
    }

    #[test]
    fn what_exceeds_the_month_is_carried_to_the_next() {
        let month = Node::fen("method_fen", "", Fen::new(100));
        let refused = refuse(&month, &[refusal(80), refusal(30)], Fen::new(5));
        assert_eq!((refused.taken.amount(), refused.carried), (Fen::new(100), Fen::new(15)));
    }

    proptest! {
        #[test]
        fn nothing_refused_is_lost(method in 0..1_000_i64, due in prop::collection::vec(0..500_i64, 0..5), carried in 0..500_i64) {
            let month = Node::fen("method_fen", "", Fen::new(method));
            let refusals: Vec<Refusal> = due.iter().map(|&fen| refusal(fen)).collect();
            let refused = refuse(&month, &refusals, Fen::new(carried));
            prop_assert_eq!(refused.taken.amount() + refused.carried, Fen::new(due.iter().sum::<i64>() + carried));
            prop_assert!(refused.taken.amount() <= Fen::new(method) && refused.carried >= Fen::ZERO);
            prop_assert!(refused.taken.re_evaluate().is_ok());
        }
    }
}
