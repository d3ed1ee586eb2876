use medfund_money::{Derivation, Node, Operation};
use medfund_proto::derivation::v1 as pb;

pub(in crate::grpc) fn derivation_to_pb(derivation: &Derivation) -> pb::Derivation {
    pb::Derivation {
        policy_pack: derivation.policy_pack.clone(),
        policy_hash: derivation.policy_hash.clone(),
        calculator: derivation.calculator.clone(),
        root: Some(node(&derivation.root)),
    }
}

fn node(node: &Node) -> pb::Node {
    pb::Node {
        name: node.name.clone(),
        term: node.term.clone(),
        value: node.value.to_string(),
        unit: node.unit.clone(),
        operation: operation(node.operation).into(),
        inputs: node.inputs.iter().map(self::node).collect(),
        clause: node.clause.clone(),
        rounding: node.rounding_text(),
    }
}

fn operation(operation: Operation) -> pb::Operation {
    match operation {
        Operation::Given => pb::Operation::Given,
        Operation::Sum => pb::Operation::Sum,
        Operation::Difference => pb::Operation::Difference,
        Operation::Product => pb::Operation::Product,
        Operation::Quotient => pb::Operation::Quotient,
        Operation::Min => pb::Operation::Min,
        Operation::Max => pb::Operation::Max,
        Operation::Share => pb::Operation::Share,
    }
}
