use medfund_proto::auth::v1::Role;
use medfund_proto::derivation::v1::{Node, Operation};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff::State;
use medfund_proto::drg::v1::tariff_group::Pricing;
use medfund_proto::drg::v1::tariff_origin::Origin;
use medfund_proto::drg::v1::weight_parameters::Fallback;

use super::words::*;
use crate::support::*;

fn pairs(weights: &[(String, String)]) -> Vec<(&str, &str)> {
    weights.iter().map(|(drg, weight)| (drg.as_str(), weight.as_str())).collect()
}

#[tokio::test]
async fn a_groups_weight_is_its_mean_cost_in_relation_to_that_of_all() {
    let drg = Drg::start().await;
    let tariff = drg.given_draft().await;
    assert_eq!((tariff.state(), tariff.n_groups, tariff.base_points.as_str()), (State::Draft, 4, "100"));

    // 9,000 / 6,562.50 = 1.37142… and 3,000 / 6,562.50 = 0.45714…; one case and none are too few.
    let weights = drg.weights(&tariff.name).await;
    assert_eq!(pairs(&weights), [("FC19", ""), ("FR13", "1.3714"), ("FR15", "0.4571"), ("NR19", "")]);
    let groups = drg.tariffs(Role::Auditor).list_tariff_groups(list_groups(&tariff.name)).await.unwrap();
    let groups = groups.into_inner().tariff_groups;
    assert_eq!((groups[0].pricing(), groups[1].pricing()), (Pricing::Review, Pricing::Weight));
    assert_eq!((groups[1].drg_points.as_str(), groups[1].drg_name.as_str()), ("137.14", "心梗，有"));
}

#[tokio::test]
async fn a_draft_tells_the_cases_and_the_parameters_it_was_made_of() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let history = drg.given_history(&scheme, &year()).await;
    let mut request = draft(&history.name);
    request.base_points = "1000".to_owned();
    request.parameters = Some(pb::WeightParameters {
        trimming: Some(pb::Trimming { rule: Some(pb::trimming::Rule::None(true)) }),
        minimum_cases: Some(6),
        fallbacks: vec![Fallback::OtherSeverities.into(), Fallback::Fixed.into()],
        fixed_weights: vec![pb::FixedWeight { drg: "FC19".to_owned(), drg_weight: "4.5".to_owned() }],
        earlier_tariff: String::new(),
        decimals: Some(2),
    });
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let tariff = maker.draft_tariff(request.clone()).await.unwrap().into_inner().tariff.unwrap();

    assert_eq!(tariff.defaults, [], "everything was said");
    let Some(Origin::History(origin)) = tariff.origin.unwrap().origin else { panic!("made of a history") };
    assert_eq!((origin.history, origin.content_digest), (history.name, history.content_digest));
    assert_eq!(origin.parameters, request.parameters);
    // Five cases of FR13 are fewer than six: it takes FR15's 3,000 / 6,562.50; FC19 the officer's.
    let weights = drg.weights(&tariff.name).await;
    assert_eq!(pairs(&weights), [("FC19", "4.5"), ("FR13", "0.46"), ("FR15", "0.46"), ("NR19", "")]);
}

#[tokio::test]
async fn a_group_without_cases_takes_its_weight_in_the_earlier_tariff_scaled() {
    let drg = Drg::start().await;
    let earlier = drg.given_published_tariff().await;
    let cases: Vec<_> = (0..5).map(|_| costed(HOSPITAL, "FR13", 9_000)).collect();
    let history = drg.given_history(&earlier.scheme, &cases).await;
    let mut request = draft(&history.name);
    request.parameters = Some(pb::WeightParameters {
        fallbacks: vec![Fallback::Earlier.into()],
        earlier_tariff: earlier.name.clone(),
        ..Default::default()
    });
    let made = drg.tariffs(Role::PolicyMaker).draft_tariff(request).await.unwrap().into_inner();
    // All cases are FR13's, whose earlier weight was 1.3714: FR15 weighs 0.4571 / 1.3714 = 0.33330…
    let weights = drg.weights(&made.tariff.unwrap().name).await;
    assert_eq!(pairs(&weights), [("FC19", ""), ("FR13", "1"), ("FR15", "0.3333"), ("NR19", "")]);
}

#[tokio::test]
async fn a_weight_is_explained_down_to_the_cases_and_their_cost() {
    let drg = Drg::start().await;
    let tariff = drg.given_draft().await;
    let mut hospital = drg.hospital(HOSPITAL);
    let why = hospital.explain_weight(explain(&tariff.name, "FR13")).await.unwrap().into_inner();
    assert_eq!((why.made.as_str(), why.tariff_group.unwrap().drg_weight.as_str()), ("本组病例", "1.3714"));
    let tree = why.derivation.unwrap();
    assert!(tariff.scheme.ends_with(&tree.policy_hash), "{tree:?}");
    let root = tree.root.unwrap();
    assert_eq!((root.operation(), root.rounding.as_str()), (Operation::Quotient, "half up to 4 decimals"));
    let value = |name: &str| find(&root, name).unwrap().value.clone();
    assert_eq!([value("group_cost_fen"), value("all_cost_fen")], ["4500000", "10500000"]);
    assert_eq!([value("group_cases"), value("all_cases")], ["5", "16"]);
}

fn find<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    if node.name == name { Some(node) } else { node.inputs.iter().find_map(|input| find(input, name)) }
}

#[tokio::test]
async fn groups_and_tariffs_are_listed_page_by_page() {
    let drg = Drg::start().await;
    let first = drg.given_published_tariff().await;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let second = maker.revise_tariff(revise(&first.name)).await.unwrap().into_inner().tariff.unwrap();
    let page = |page_token| pb::ListTariffsRequest { parent: area(), page_size: 1, page_token };
    let one = maker.list_tariffs(page(String::new())).await.unwrap().into_inner();
    let two = maker.list_tariffs(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!([one.tariffs, two.tariffs].concat(), [first, second.clone()]);

    let page =
        |page_token| pb::ListTariffGroupsRequest { page_size: 3, page_token, ..list_groups(&second.name) };
    let one = maker.list_tariff_groups(page(String::new())).await.unwrap().into_inner();
    let two = maker.list_tariff_groups(page(one.next_page_token)).await.unwrap().into_inner();
    let codes: Vec<_> =
        one.tariff_groups.iter().chain(&two.tariff_groups).map(|group| group.drg.as_str()).collect();
    assert_eq!((codes, two.next_page_token.as_str()), (vec!["FC19", "FR13", "FR15", "NR19"], ""));
}
