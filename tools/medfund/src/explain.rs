//! `medfund explain`: why an amount is what it is.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use console::style;
use medfund_money::Fen;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_proto::agreement::v1::{ExplainDeductionRequest, ExplainRefusalRequest};
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::derivation::v1::{Derivation, Node, Operation};
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::{budget, settlement};
use medfund_types::Area;

use crate::suite::{People, Session, SuiteFile, rpc};

/// The amounts that have a tree, by an example of each.
const NAMES: &str = "\
Amounts of the year 2017, the fund line `employee`, the district 440703 and the institution H44070300001:
  areas/440700/targets/2017-employee-440703
  areas/440700/coefficients/2017-employee-H44070300001
  areas/440700/quotas/2017-employee-H44070300001
  areas/440700/decompositions/2017-employee-440703/primaryFloor
  areas/440700/statements/2017-01-employee-H44070300001/payableFen
  areas/440700/prepayments/2017-working_capital-employee-H44070300001/amountFen
  areas/440700/clearings/2017-employee-440703/institutions/H44070300001/finalFen
  areas/440700/finalAccounts/2017-employee-440703";

/// What `medfund explain` is given.
#[derive(Debug, clap::Args)]
#[command(after_help = NAMES)]
pub struct ExplainArgs {
    /// The amount by its name, e.g. `areas/440700/quotas/2017-employee-H44070300001`.
    name: String,
    /// The file of the suite (`suite.json` of `medfund up`).
    #[arg(long, value_name = "FILE")]
    against: PathBuf,
}

/// Shows the tree of inputs, formula and clause that made an amount.
///
/// # Errors
///
/// If the name is no amount's, or the service that holds it has none of this name.
pub async fn run(args: ExplainArgs) -> anyhow::Result<ExitCode> {
    let session = Session::open(&SuiteFile::read(&args.against)?, "explain")?;
    let derivation = ask(&session, &args.name).await?;
    print!("{}", drawn(&derivation));
    Ok(ExitCode::SUCCESS)
}

/// Asks the service that holds an amount, which its name tells.
///
/// # Errors
///
/// If the name is no amount's, or the service that holds it has none of this name.
pub async fn ask(session: &Session, name: &str) -> anyhow::Result<Derivation> {
    let mut parts = name.split('/');
    let (Some("areas"), Some(area), Some(kind)) = (parts.next(), parts.next(), parts.next()) else {
        bail!("`{name}` is no amount's name; it begins with areas/…/");
    };
    let auditor = People::of(&area.parse::<Area>()?).auditor;
    let name = name.to_owned();
    let derivation = match kind {
        "inspections" => {
            let request = ExplainRefusalRequest { name };
            rpc!(session, &auditor, Agreement InspectionServiceClient explain_refusal, request)
                .await?
                .derivation
        }
        "indicatorAssessments" => {
            let request = ExplainDeductionRequest { name };
            rpc!(session, &auditor, Agreement AssessmentServiceClient explain_deduction, request)
                .await?
                .derivation
        }
        "targets"
        | "decompositions"
        | "quotas"
        | "coefficients"
        | "reserves"
        | "primaryCareAllotments"
        | "finalAccounts"
        | "budgets" => {
            let request = budget::v1::ExplainAmountRequest { name };
            rpc!(session, &auditor, Budget BudgetServiceClient explain_amount, request).await?.derivation
        }
        _ => {
            let request = settlement::v1::ExplainAmountRequest { name };
            rpc!(session, &auditor, Settlement SettlementServiceClient explain_amount, request)
                .await?
                .derivation
        }
    };
    derivation.context("the service answered without a derivation")
}

/// The tree as text, one value a line, the pack at its root.
#[must_use]
pub fn drawn(derivation: &Derivation) -> String {
    let hash = derivation.policy_hash.get(..12).unwrap_or(&derivation.policy_hash);
    let mut text = format!("{} {hash} · {}\n", derivation.policy_pack, derivation.calculator);
    if let Some(root) = &derivation.root {
        text.push_str(&drawn_node(root));
    }
    text
}

/// A tree without its pack, as text, one value a line.
#[must_use]
pub(crate) fn drawn_node(root: &Node) -> String {
    let mut text = String::new();
    draw(root, "", "", &mut text);
    text
}

fn draw(node: &Node, lead: &str, below: &str, text: &mut String) {
    let operation = match node.operation() {
        Operation::Unspecified | Operation::Given => "",
        Operation::Sum => " = Σ",
        Operation::Difference => " = −",
        Operation::Product => " = ×",
        Operation::Quotient => " = ÷",
        Operation::Min => " = min",
        Operation::Max => " = max",
        Operation::Share => " = share by largest remainder",
    };
    let mut notes = Vec::new();
    if !node.rounding.is_empty() {
        notes.push(format!("rounded {}", node.rounding));
    }
    if !node.clause.is_empty() {
        notes.push(node.clause.clone());
    }
    let notes = if notes.is_empty() { String::new() } else { format!("  [{}]", notes.join("; ")) };
    let name = style(&node.name).bold();
    text.push_str(&format!("{lead}{name} {} {}{operation}{}\n", node.term, shown(node), style(notes).dim()));
    for (i, input) in node.inputs.iter().enumerate() {
        let is_last = i + 1 == node.inputs.len();
        let (branch, stem) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        draw(input, &format!("{below}{branch}"), &format!("{below}{stem}"), text);
    }
}

/// A value with its unit; whole fen as yuan.
fn shown(node: &Node) -> String {
    match (node.unit.as_str(), node.value.parse::<i64>()) {
        ("fen", Ok(fen)) => format!("{} yuan", Fen::new(fen).to_yuan()),
        ("", _) => node.value.clone(),
        (unit, _) => format!("{} {unit}", node.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_drawn_with_values_operations_and_clauses() {
        console::set_colors_enabled(false);
        let leaf = |name: &str, value: &str, unit: &str, clause: &str| Node {
            name: name.to_owned(),
            term: "项".to_owned(),
            value: value.to_owned(),
            unit: unit.to_owned(),
            operation: Operation::Given.into(),
            clause: clause.to_owned(),
            ..Node::default()
        };
        let root = Node {
            operation: Operation::Product.into(),
            inputs: vec![leaf("quota_fen", "1006", "fen", ""), leaf("rate", "0.08", "rate", "JM 四(三)3")],
            rounding: "half up to a whole".to_owned(),
            ..leaf("working_capital_fen", "80", "fen", "")
        };
        let derivation = Derivation {
            policy_pack: "p".to_owned(),
            policy_hash: "ab12".to_owned(),
            calculator: "working_capital/1".to_owned(),
            root: Some(root),
        };
        assert_eq!(
            drawn(&derivation),
            "p ab12 · working_capital/1\n\
             working_capital_fen 项 0.80 yuan = ×  [rounded half up to a whole]\n\
             ├─ quota_fen 项 10.06 yuan\n\
             └─ rate 项 0.08 rate  [JM 四(三)3]\n"
        );
    }
}
