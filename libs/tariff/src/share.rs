//! A budget shared by points (点数法): each member's points × the exact value of a point, to the fen.

use medfund_money::{AllocationError, Exact, Fen, Node, Points, allocate};
use serde::{Deserialize, Serialize};

/// Whether a standard holds the personal part of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// The fund's part alone.
    FundPart,
    /// All of the cost: the personal parts are shared with the budget, and each institution's are taken off its share.
    ///
    /// Source: PZH 四(二)1: 付费标准包括医保基金和个人付费在内的全部医疗费用.
    AllCost,
}

/// Who shares a budget, and by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Points of its cases.
    pub points: Points,
    /// What its patients paid for them.
    pub personal: Fen,
}

/// A budget as it is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The value of a point in fen, rounded to six decimals for reading: shares are made of the exact ratio of its two
    /// inputs. `None`: nobody has a point.
    pub value: Option<Node>,
    /// What each member is paid by the fund, in the order of the members; may be less than nothing where standards
    /// cover all cost and its patients' own parts are more than its share.
    pub pays: Vec<Fen>,
}

/// Shares `budget` by points: a point is worth the budget and, where standards cover all cost, the personal parts,
/// divided by all points.
///
/// By largest remainder: what all are paid is the budget to the fen. Give the members in the order of their codes.
///
/// # Errors
///
/// [`AllocationError`]: the budget is less than nothing, or there is something to share and no point.
///
/// Source: PZH 四(二)2 (计算出每个点的实际价值，按照各定点医疗机构…所获得的实际点数付费).
pub fn share(budget: &Node, members: &[Member], covers: Covers) -> Result<Shared, AllocationError> {
    let weights: Vec<Exact> = members.iter().map(|one| one.points.get().into()).collect();
    let personal = |one: &Member| match covers {
        Covers::FundPart => Fen::ZERO,
        Covers::AllCost => one.personal,
    };
    let personal_of_all: Fen = members.iter().map(personal).sum();
    let shares = allocate(budget.amount() + personal_of_all, &weights)?;
    let pays = members.iter().zip(shares).map(|(one, share)| share - personal(one)).collect();
    let points = members.iter().map(|one| one.points).sum();
    Ok(Shared { value: point_value(budget, personal_of_all, covers, points), pays })
}

/// Digits that the value of a point is shown with.
const SHOWN_DECIMALS: u32 = 6;

fn point_value(budget: &Node, personal: Fen, covers: Covers, points: Points) -> Option<Node> {
    let shared = match covers {
        Covers::FundPart => budget.clone(),
        Covers::AllCost => {
            let inputs = vec![budget.clone(), Node::fen("personal_fen", "个人负担", personal)];
            Node::sum("shared_fen", "参与分配总额", "fen", inputs)
        }
    };
    let points = Node::given("all_points", "总点数", "points", points);
    (!points.value.is_zero())
        .then(|| Node::quotient("point_value_fen", "每点价值", "fen", shared, points, SHOWN_DECIMALS))
}

/// Why a member is paid what it is: its share of what is shared, less its patients' own parts where standards cover all
/// cost.
///
/// - `value`, `pay`: of [`Shared`].
///
/// # Panics
///
/// If `value` is no point's value.
#[must_use]
pub fn derive(value: &Node, member: &Member, covers: Covers, pay: Fen) -> Node {
    let [shared, all_points] = &value.inputs[..] else { panic!("a point's value is a quotient") };
    let points = Node::given("points", "点数", "points", member.points);
    let share =
        |share| Node::share("share_fen", "按点数分配", shared.clone(), points, all_points.clone(), share);
    match covers {
        Covers::FundPart => share(pay).named("pay_fen", "支付额"),
        Covers::AllCost => {
            let personal = Node::fen("personal_fen", "个人负担", member.personal);
            Node::difference("pay_fen", "支付额", "fen", vec![share(pay + member.personal), personal])
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn budget(fen: i64) -> Node {
        Node::fen("budget_fen", "住院统筹基金预算", Fen::new(fen))
    }

    fn member(points: i64, personal: i64) -> Member {
        Member { points: Points::new(points), personal: Fen::new(personal) }
    }

    #[test]
    fn a_standard_of_all_cost_shares_the_personal_parts_with_the_budget() {
        let members = [member(3_000_000, 30_000), member(1_000_000, 10_000)];
        let shared = share(&budget(60_000), &members, Covers::AllCost).unwrap();
        assert_eq!(shared.pays, [75_000 - 30_000, 25_000 - 10_000].map(Fen::new));
        assert_eq!(shared.value.unwrap().value.to_string(), "250");
        let shared = share(&budget(60_000), &members, Covers::FundPart).unwrap();
        assert_eq!(shared.pays, [45_000, 15_000].map(Fen::new));
    }

    proptest! {
        #[test]
        fn what_all_are_paid_is_the_budget_and_more_points_are_paid_no_less(
            fen in 0..1_000_000_000_000_i64,
            drawn in prop::collection::vec((1..1_000_000_000_i64, 0..1_000_000_000_i64), 1..30),
            more in 0..1_000_000_i64,
            covers in prop::sample::select(vec![Covers::FundPart, Covers::AllCost]),
        ) {
            let mut members: Vec<Member> = drawn.iter().map(|&(points, personal)| member(points, personal)).collect();
            let before = share(&budget(fen), &members, covers).unwrap();
            prop_assert_eq!(before.pays.iter().copied().sum::<Fen>(), Fen::new(fen));
            let value = before.value.unwrap();
            for (one, pay) in members.iter().zip(&before.pays) {
                let tree = derive(&value, one, covers, *pay);
                prop_assert_eq!(tree.amount(), *pay);
                prop_assert!(tree.re_evaluate().is_ok());
            }
            members[0].points = Points::new(members[0].points.get() + more);
            let after = share(&budget(fen), &members, covers).unwrap();
            // The largest remainder may take one fen.
            prop_assert!(after.pays[0] + Fen::new(1) >= before.pays[0]);
        }
    }
}
