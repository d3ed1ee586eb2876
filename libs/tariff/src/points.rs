//! A group's points (基准点数).

use medfund_money::{Coefficient, Node, Points};

use crate::Weight;

/// The points of a group: its weight × `base`, rounded once to 0.0001 point.
///
/// `base` is how many points a case of mean cost has: 100 in Jinhua, 1 where points are weights.
#[must_use]
pub fn group_points(weight: Weight, base: Coefficient) -> Points {
    Points::round_half_up(derive(weight, base).value)
}

/// As [`group_points`], with its tree, in points.
#[must_use]
pub fn derive(weight: Weight, base: Coefficient) -> Node {
    let inputs = vec![
        Node::coefficient("weight", "权重", weight.get()),
        Node::coefficient("base_points", "基准点数基数", base),
    ];
    Node::product("group_points", "病组基准点数", "points", inputs).rounded_to(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_weight_times_base_rounded_once() {
        let points = |weight: &str, base: &str| group_points(weight.parse().unwrap(), base.parse().unwrap());
        assert_eq!(points("1.2345", "100"), Points::new(1_234_500));
        assert_eq!(points("0.00012345", "100"), Points::new(123));
        assert_eq!(points("0.435617855", "1"), Points::new(4_356));
        let tree = derive("1.23456".parse().unwrap(), "1".parse().unwrap());
        assert_eq!(tree.re_evaluate().unwrap().to_string(), "1.2346");
    }
}
