//! Every amount of a year explains itself, and its explanation makes the same fen.

use std::collections::{BTreeMap, BTreeSet};

use medfund::explain;
use medfund::suite::{Service, Session};
use medfund_money::{Exact, Node, Operation};
use medfund_proto::derivation::v1 as pb;

use crate::world::{Plan, World};

/// A tree as it came over the wire, so that nothing but what the service told is evaluated.
fn tree(node: &pb::Node) -> Node {
    let operation = match node.operation() {
        pb::Operation::Given => Operation::Given,
        pb::Operation::Sum => Operation::Sum,
        pb::Operation::Difference => Operation::Difference,
        pb::Operation::Product => Operation::Product,
        pb::Operation::Quotient => Operation::Quotient,
        pb::Operation::Min => Operation::Min,
        pb::Operation::Max => Operation::Max,
        pb::Operation::Share => Operation::Share,
        pb::Operation::Unspecified => panic!("{} has no operation", node.name),
    };
    let digits = node.rounding.split_whitespace().find_map(|word| word.parse().ok());
    Node {
        name: node.name.clone(),
        term: node.term.clone(),
        value: node.value.parse().expect("a decimal"),
        unit: node.unit.clone(),
        operation,
        inputs: node.inputs.iter().map(tree).collect(),
        clause: node.clause.clone(),
        rounding: if node.rounding.is_empty() { None } else { Some(digits.unwrap_or(0)) },
    }
}

/// Where each service keeps what explains its amounts: queries for their names and stored values.
const NAMES: [(Service, &str); 4] = [
    (Service::Budget, "SELECT amount, NULL::text FROM derivations"),
    (
        Service::Settlement,
        "SELECT 'areas/' || area || '/statements/' || statement_id || '/' || amount,
             CASE amount WHEN 'payableFen' THEN payable_fen::text END
         FROM statements, jsonb_object_keys(derivations) AS amount",
    ),
    (
        Service::Settlement,
        "SELECT 'areas/' || area || '/prepayments/' || fund_year || '-' || kind || '-' || fund_line || '-'
             || institution_code || '/amountFen', amount_fen::text
         FROM prepayments",
    ),
    (
        Service::Settlement,
        "SELECT 'areas/' || area || '/clearings/' || fund_year || '-' || fund_line || '-' || district
             || '/institutions/' || institution_code || '/' || amount, NULL::text
         FROM cleared_institutions, jsonb_object_keys(derivations) AS amount",
    ),
];

async fn amounts(world: &World, plan: &Plan) -> BTreeMap<String, Option<String>> {
    let mut amounts = BTreeMap::new();
    for (service, query) in NAMES {
        let rows = world.superuser(service).await.query(query, &[]).await.unwrap();
        amounts.extend(rows.iter().map(|row| (row.get(0), row.get(1))));
    }
    let year = plan.region.fund_year;
    for history in &plan.region.histories {
        let deposit = format!("{year}-{}-{}", history.fund_line, history.institution);
        amounts.insert(format!("areas/{}/deposits/{deposit}/baseFen", plan.region.area), None);
    }
    amounts
}

async fn explained(session: &Session, name: &str) -> (Exact, pb::Derivation) {
    let told = explain::ask(session, name).await.unwrap_or_else(|failure| panic!("{name}: {failure:#}"));
    let root = tree(told.root.as_ref().expect("a root"));
    let made = root.re_evaluate().unwrap_or_else(|error| panic!("{name}: {error}"));
    (made, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_amount_of_a_year_is_explained_by_a_tree_that_makes_the_same_fen() {
    let world = World::start(false).await;
    let plan = Plan::usual();
    world.live(&plan).await;
    let session = world.session(&plan);
    let amounts = amounts(&world, &plan).await;
    let mut kinds = BTreeSet::new();
    for (name, stored) in &amounts {
        let (made, told) = explained(&session, name).await;
        assert_eq!(told.policy_hash, plan.pack.pack.hash().to_string(), "{name}");
        if let Some(stored) = stored {
            assert_eq!(made.to_string(), *stored, "{name}");
        }
        kinds.insert(name.split('/').nth(2).expect("a collection").to_owned());
    }
    let expected =
        ["clearings", "coefficients", "deposits", "prepayments", "quotas", "statements", "targets"];
    for kind in expected {
        assert!(kinds.contains(kind), "{kind} are not explained, only {kinds:?}");
    }
    println!("{} amounts of {kinds:?} were evaluated again", amounts.len());
    world.stop().await;
}
