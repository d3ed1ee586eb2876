//! Derivation trees on the wire.

use medfund_money::{Derivation, Node, Operation};

use crate::derivation::v1 as pb;

impl From<&Derivation> for pb::Derivation {
    fn from(tree: &Derivation) -> Self {
        Self {
            policy_pack: tree.policy_pack.clone(),
            policy_hash: tree.policy_hash.clone(),
            calculator: tree.calculator.clone(),
            root: Some((&tree.root).into()),
        }
    }
}

impl From<&Node> for pb::Node {
    fn from(node: &Node) -> Self {
        Self {
            name: node.name.clone(),
            term: node.term.clone(),
            value: node.value.to_string(),
            unit: node.unit.clone(),
            operation: pb::Operation::from(node.operation).into(),
            inputs: node.inputs.iter().map(Into::into).collect(),
            clause: node.clause.clone(),
            rounding: node.rounding_text(),
        }
    }
}

impl From<Operation> for pb::Operation {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Given => Self::Given,
            Operation::Sum => Self::Sum,
            Operation::Difference => Self::Difference,
            Operation::Product => Self::Product,
            Operation::Quotient => Self::Quotient,
            Operation::Min => Self::Min,
            Operation::Max => Self::Max,
            Operation::Share => Self::Share,
        }
    }
}

#[cfg(test)]
mod tests {
    use medfund_money::Fen;

    use super::*;

    #[test]
    fn a_tree_keeps_its_shape_on_the_wire() {
        let quota = Node::fen("quota_fen", "年度总额控制指标", Fen::new(1_006));
        let rate = Node::rate("opening_rate", "预拨比例", "0.08".parse().unwrap()).clause("四(三)3");
        let root = Node::product("working_capital_fen", "周转金", "fen", vec![quota, rate]).rounded_to_fen();
        let wire = pb::Derivation::from(&root.under("jiangmen-2016", "ab12", "working_capital/1"));
        let node = wire.root.unwrap();
        assert_eq!((node.value.as_str(), node.operation()), ("80", pb::Operation::Product));
        assert_eq!((node.inputs[1].clause.as_str(), node.inputs[1].value.as_str()), ("四(三)3", "0.08"));
        assert_eq!(node.rounding, "half up to a whole");
    }
}
