//! Why an amount is what it is: values computed together with the tree they came from.
//!
//! A calculator builds its result from [`Node`]s; each constructor computes the
//! node's value, so that value and tree cannot disagree. The tree mirrors
//! `medfund.derivation.v1`.

use serde::{Deserialize, Serialize};

use crate::{Coefficient, Exact, Fen, Rate};

/// The tree that a computed amount came from, with the pack at its root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivation {
    /// The policy pack's id.
    pub policy_pack: String,
    /// The policy pack's hash, lower-case hexadecimal SHA-256.
    pub policy_hash: String,
    /// The calculator with its version, e.g. `average_quota/1`.
    pub calculator: String,
    /// The computed value.
    pub root: Node,
}

/// How inputs make a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A fact, or a parameter of the pack.
    Given,
    /// The sum of all inputs.
    Sum,
    /// The first input minus all others.
    Difference,
    /// The product of all inputs.
    Product,
    /// The first input divided by the second.
    Quotient,
    /// The smallest input.
    Min,
    /// The largest input.
    Max,
    /// A share by largest remainder: total, own weight, sum of weights, and
    /// the fen the remainder gave.
    Share,
}

/// One named value of a derivation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The value's name in the field's standard term, snake case.
    pub name: String,
    /// The Chinese term.
    pub term: String,
    /// The value, in `unit`s.
    pub value: Exact,
    /// `fen`, `rate`, `persons`, …; empty: dimensionless.
    pub unit: String,
    /// How `inputs` make the value.
    pub operation: Operation,
    /// The inputs, in the order the operation takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Node>,
    /// The notice's clause, or the pack's marked default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub clause: String,
    /// Digits after the point that the value was rounded to, half up. `None`: exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<u32>,
}

/// A tree that does not hold together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DerivationError {
    /// A node's value is not what its inputs make.
    #[error("`{name}` is stated as {stated}, its inputs make {computed}")]
    Mismatch {
        /// The node.
        name: String,
        /// Its value.
        stated: Exact,
        /// What its inputs make.
        computed: Exact,
    },
    /// A node's inputs do not suit its operation.
    #[error("the inputs of `{name}` do not suit its operation")]
    Malformed {
        /// The node.
        name: String,
    },
}

impl Node {
    /// A fact or a parameter.
    pub fn given(name: &str, term: &str, unit: &str, value: impl Into<Exact>) -> Self {
        Self {
            name: name.to_owned(),
            term: term.to_owned(),
            value: value.into(),
            unit: unit.to_owned(),
            operation: Operation::Given,
            inputs: Vec::new(),
            clause: String::new(),
            rounding: None,
        }
    }

    /// An amount that is a fact or a parameter.
    pub fn fen(name: &str, term: &str, amount: Fen) -> Self {
        Self::given(name, term, "fen", amount)
    }

    /// A rate of the pack.
    pub fn rate(name: &str, term: &str, rate: Rate) -> Self {
        Self::given(name, term, "rate", rate)
    }

    /// A coefficient of the pack.
    pub fn coefficient(name: &str, term: &str, coefficient: Coefficient) -> Self {
        Self::given(name, term, "", coefficient)
    }

    /// The sum of all inputs; nothing when there are none.
    pub fn sum(name: &str, term: &str, unit: &str, inputs: Vec<Node>) -> Self {
        Self::computed(name, term, unit, Operation::Sum, inputs, None)
    }

    /// The first input minus all others.
    pub fn difference(name: &str, term: &str, unit: &str, inputs: Vec<Node>) -> Self {
        Self::computed(name, term, unit, Operation::Difference, inputs, None)
    }

    /// The product of all inputs, exact.
    pub fn product(name: &str, term: &str, unit: &str, inputs: Vec<Node>) -> Self {
        Self::computed(name, term, unit, Operation::Product, inputs, None)
    }

    /// `dividend` ÷ `divisor`, rounded once to `decimals`, half up.
    ///
    /// # Panics
    ///
    /// If the divisor is zero.
    pub fn quotient(
        name: &str,
        term: &str,
        unit: &str,
        dividend: Node,
        divisor: Node,
        decimals: u32,
    ) -> Self {
        Self::computed(name, term, unit, Operation::Quotient, vec![dividend, divisor], Some(decimals))
    }

    /// The smallest input.
    pub fn min(name: &str, term: &str, unit: &str, inputs: Vec<Node>) -> Self {
        Self::computed(name, term, unit, Operation::Min, inputs, None)
    }

    /// The largest input.
    pub fn max(name: &str, term: &str, unit: &str, inputs: Vec<Node>) -> Self {
        Self::computed(name, term, unit, Operation::Max, inputs, None)
    }

    /// The share that an allocation gave: `share` of `total`, by `weight` in `weights`.
    ///
    /// # Panics
    ///
    /// If `weights` is zero.
    pub fn share(name: &str, term: &str, total: Node, weight: Node, weights: Node, share: Fen) -> Self {
        let whole = whole_share(&total.value, &weight.value, &weights.value);
        let remainder = Node::given("remainder_fen", "余数分配", "fen", &Exact::from(share) - &whole);
        let inputs = vec![total, weight, weights, remainder];
        Self::computed(name, term, "fen", Operation::Share, inputs, None)
    }

    /// Rounds the value to whole units (fen), half up.
    #[must_use]
    pub fn rounded_to_fen(self) -> Self {
        self.rounded_to(0)
    }

    /// Rounds the value to `decimals` digits after the point, half up.
    ///
    /// # Panics
    ///
    /// If it was rounded before: a value is rounded once.
    #[must_use]
    pub fn rounded_to(mut self, decimals: u32) -> Self {
        assert!(self.rounding.is_none(), "a value is rounded once");
        self.value = self.value.half_up(decimals);
        self.rounding = Some(decimals);
        self
    }

    /// Names the clause, or the pack's marked default.
    #[must_use]
    pub fn clause(mut self, clause: &str) -> Self {
        clause.clone_into(&mut self.clause);
        self
    }

    /// Gives the value another name where it enters another formula.
    #[must_use]
    pub fn named(mut self, name: &str, term: &str) -> Self {
        name.clone_into(&mut self.name);
        term.clone_into(&mut self.term);
        self
    }

    /// The value as an amount.
    ///
    /// # Panics
    ///
    /// If it is no whole number of fen: a calculator rounds before it reads.
    #[must_use]
    pub fn amount(&self) -> Fen {
        Fen::new(self.value.to_i64().expect("a derived amount is a whole number of fen"))
    }

    /// Puts the pack above the tree.
    #[must_use]
    pub fn under(self, policy_pack: &str, policy_hash: &str, calculator: &str) -> Derivation {
        Derivation {
            policy_pack: policy_pack.to_owned(),
            policy_hash: policy_hash.to_owned(),
            calculator: calculator.to_owned(),
            root: self,
        }
    }

    /// Finds the first node of that name, outermost first.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Node> {
        if self.name == name { Some(self) } else { self.inputs.iter().find_map(|input| input.find(name)) }
    }

    /// How the value was rounded, in words; empty when it is exact.
    #[must_use]
    pub fn rounding_text(&self) -> String {
        self.rounding.map_or_else(String::new, |decimals| match decimals {
            0 => "half up to a whole".to_owned(),
            n => format!("half up to {n} decimals"),
        })
    }

    /// Computes the value again, from the leaves up.
    ///
    /// # Errors
    ///
    /// [`DerivationError::Mismatch`] or [`DerivationError::Malformed`] for the
    /// first node, innermost first, that does not hold.
    pub fn re_evaluate(&self) -> Result<Exact, DerivationError> {
        let inputs: Vec<Exact> = self.inputs.iter().map(Self::re_evaluate).collect::<Result<_, _>>()?;
        if self.operation == Operation::Given {
            return Ok(self.value.clone());
        }
        let refs: Vec<&Exact> = inputs.iter().collect();
        let computed = apply(self.operation, &refs, self.rounding)
            .ok_or_else(|| DerivationError::Malformed { name: self.name.clone() })?;
        if computed == self.value {
            Ok(computed)
        } else {
            Err(DerivationError::Mismatch { name: self.name.clone(), stated: self.value.clone(), computed })
        }
    }

    fn computed(
        name: &str,
        term: &str,
        unit: &str,
        operation: Operation,
        inputs: Vec<Node>,
        rounding: Option<u32>,
    ) -> Self {
        let values: Vec<&Exact> = inputs.iter().map(|input| &input.value).collect();
        let value = apply(operation, &values, rounding).expect("the inputs suit the operation");
        Self { operation, inputs, rounding, ..Self::given(name, term, unit, value) }
    }
}

impl Derivation {
    /// Computes the root's value again, from the leaves up.
    ///
    /// # Errors
    ///
    /// As [`Node::re_evaluate`].
    pub fn re_evaluate(&self) -> Result<Exact, DerivationError> {
        self.root.re_evaluate()
    }
}

/// Applies an operation; `None` if the inputs do not suit it.
fn apply(operation: Operation, inputs: &[&Exact], rounding: Option<u32>) -> Option<Exact> {
    let exact = match (operation, inputs) {
        (Operation::Sum, all) => all.iter().copied().sum(),
        (Operation::Product, all) => all.iter().copied().product(),
        (Operation::Difference, [first, others @ ..]) => *first - &others.iter().copied().sum::<Exact>(),
        (Operation::Quotient, [dividend, divisor]) if !divisor.is_zero() => {
            return Some(dividend.div_half_up(divisor, rounding?));
        }
        (Operation::Min, all) => (*all.iter().min()?).clone(),
        (Operation::Max, all) => (*all.iter().max()?).clone(),
        (Operation::Share, [total, weight, weights, remainder]) if !weights.is_zero() => {
            &whole_share(total, weight, weights) + remainder
        }
        (Operation::Given | Operation::Difference | Operation::Quotient | Operation::Share, _) => {
            return None;
        }
    };
    Some(match rounding {
        Some(decimals) => exact.half_up(decimals),
        None => exact,
    })
}

fn whole_share(total: &Exact, weight: &Exact, weights: &Exact) -> Exact {
    (total * weight).div_down(weights)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn working_capital(quota: i64, rate: &str) -> Node {
        let quota = Node::fen("quota_fen", "年度总额控制指标", Fen::new(quota));
        let rate = Node::rate("opening_rate", "预拨比例", rate.parse().unwrap()).clause("四(三)3");
        Node::product("working_capital_fen", "周转金", "fen", vec![quota, rate]).rounded_to_fen()
    }

    #[test]
    fn value_and_tree_are_made_in_one_go() {
        let node = working_capital(1_006, "0.08");
        assert_eq!(node.amount(), Fen::new(80));
        assert_eq!(node.find("opening_rate").unwrap().clause, "四(三)3");
        assert_eq!(node.rounding_text(), "half up to a whole");
        assert_eq!(node.re_evaluate(), Ok(Exact::from(80_i64)));
    }

    #[test]
    fn every_operation_computes() {
        let n = |value: i64| Node::given("x", "", "fen", value);
        assert_eq!(Node::sum("s", "", "", vec![n(1), n(2)]).value, Exact::from(3_i64));
        assert_eq!(Node::difference("d", "", "", vec![n(9), n(2), n(3)]).value, Exact::from(4_i64));
        assert_eq!(Node::quotient("q", "", "", n(2), n(3), 2).value.to_string(), "0.67");
        assert_eq!(Node::min("m", "", "", vec![n(3), n(2)]).value, Exact::from(2_i64));
        assert_eq!(Node::max("m", "", "", vec![n(3), n(2)]).value, Exact::from(3_i64));
        let share = Node::share("q", "", n(100), n(1), n(3), Fen::new(34));
        assert_eq!((share.amount(), share.inputs[3].amount()), (Fen::new(34), Fen::new(1)));
        assert!(share.re_evaluate().is_ok());
    }

    #[test]
    fn a_planted_mistake_is_found_where_it_is() {
        let mut node = working_capital(1_006, "0.08");
        node.inputs[0].value = Exact::from(2_006_i64);
        let (stated, computed) = (Exact::from(80_i64), Exact::from(160_i64));
        let name = "working_capital_fen".to_owned();
        assert_eq!(
            node.re_evaluate(),
            Err(DerivationError::Mismatch { name: name.clone(), stated, computed })
        );
        node.operation = Operation::Share;
        assert_eq!(node.re_evaluate(), Err(DerivationError::Malformed { name }));
    }

    #[test]
    fn a_tree_survives_json() {
        let tree = working_capital(1_006, "0.08").under("jiangmen-2016", "ab12", "working_capital/1");
        let json = serde_json::to_string(&tree).unwrap();
        let back: Derivation = serde_json::from_str(&json).unwrap();
        assert_eq!(back, tree);
        assert_eq!(back.re_evaluate(), tree.re_evaluate());
    }

    proptest! {
        #[test]
        fn re_evaluation_gives_the_same_value(quota in 0..1_000_000_000_000_i64, rate in 0..=10_000_i64) {
            let rate = rust_decimal::Decimal::new(rate, 4).to_string();
            let node = working_capital(quota, &rate);
            prop_assert_eq!(node.re_evaluate(), Ok(node.value.clone()));
        }
    }
}
