use medfund_proto::auth::v1::Role;
use medfund_proto::derivation::v1::Operation;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff::State;
use medfund_proto::drg::v1::tariff_proposal::State as ProposalState;
use tonic::Code;

use super::words::*;
use crate::support::*;

async fn proposed(drg: &Drg, tariff: &str, change: Option<pb::ProposedChange>) -> String {
    let request = propose_change(tariff, change);
    let name = request.name.clone();
    drg.tariffs(Role::AgencyOfficer).propose_change(request).await.unwrap();
    name
}

#[tokio::test]
async fn an_accepted_proposal_changes_the_tariff_and_its_weights_tree() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    assert_eq!((tariff.state(), tariff.round), (State::InNegotiation, 1));
    let mut request = propose_change(&tariff.name, to_weight("1.5"));
    request.institution_code = HOSPITAL.to_owned();
    let made = drg.hospital(HOSPITAL).propose_change(request).await.unwrap().into_inner();
    let made = made.tariff_proposal.unwrap();
    assert_eq!((made.before.clone(), made.round), (to_weight("1.3714"), 1));

    let mut city = drg.tariffs(Role::CityAgency);
    let decided = city.decide_proposal(decide(&made.name, true)).await.unwrap().into_inner();

    assert_eq!(decided.tariff_proposal.unwrap().state(), ProposalState::Accepted);
    let why = city.explain_weight(explain(&tariff.name, "FR13")).await.unwrap().into_inner();
    assert_eq!(why.tariff_group.unwrap().drg_points, "150");
    let root = why.derivation.unwrap().root.unwrap();
    assert_eq!((root.operation(), root.value.as_str()), (Operation::Sum, "1.5"));
    assert_eq!([&root.inputs[0].value, &root.inputs[1].value], ["1.3714", "0.1286"]);
    assert_eq!(root.inputs[1].clause, made.name);
}

#[tokio::test]
async fn a_rejected_proposal_changes_nothing_and_a_standard_may_be_negotiated_too() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let rejected = proposed(&drg, &tariff.name, to_weight("9")).await;
    let accepted = proposed(&drg, &tariff.name, to_standard(1_250_000)).await;
    let mut checker = drg.tariffs(Role::AgencyChecker);
    checker.decide_proposal(decide(&rejected, false)).await.unwrap();
    checker.decide_proposal(decide(&accepted, true)).await.unwrap();

    let groups = checker.list_tariff_groups(list_groups(&tariff.name)).await.unwrap().into_inner();
    let fr13 = &groups.tariff_groups[1];
    assert_eq!((fr13.drg_weight.as_str(), fr13.standards.len()), ("1.3714", 1));
    assert_eq!(fr13.standards[0].standard_fen, 1_250_000);
}

#[tokio::test]
async fn an_institution_sees_its_own_proposals_and_the_agency_all() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    for code in [HOSPITAL, CLINIC] {
        let mut request = propose_change(&tariff.name, to_weight("1.4"));
        request.institution_code = code.to_owned();
        drg.hospital(code).propose_change(request).await.unwrap();
    }
    proposed(&drg, &tariff.name, to_weight("1.3")).await;
    let seen = drg.hospital(CLINIC).list_proposals(list_proposals(&tariff.name)).await.unwrap().into_inner();
    let of: Vec<_> = seen.tariff_proposals.iter().map(|one| one.institution_code.as_str()).collect();
    assert_eq!(of, [CLINIC]);
    let mut auditor = drg.tariffs(Role::Auditor);
    let page =
        |page_token| pb::ListProposalsRequest { page_size: 2, page_token, ..list_proposals(&tariff.name) };
    let one = auditor.list_proposals(page(String::new())).await.unwrap().into_inner();
    let two = auditor.list_proposals(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!((one.tariff_proposals.len(), two.tariff_proposals.len()), (2, 1));
}

#[tokio::test]
async fn rounds_are_kept_and_the_next_one_begins_when_the_last_is_decided() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let first = proposed(&drg, &tariff.name, to_weight("1.4")).await;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let early = maker.start_round(start_round(&tariff)).await;
    refused(early, Code::FailedPrecondition, "PROPOSALS_OPEN");
    drg.tariffs(Role::CityAgency).decide_proposal(decide(&first, true)).await.unwrap();

    let now = maker.get_tariff(get_tariff(&tariff.name)).await.unwrap().into_inner().tariff.unwrap();
    let second = maker.start_round(start_round(&now)).await.unwrap().into_inner().tariff.unwrap();

    assert_eq!(second.round, 2);
    proposed(&drg, &tariff.name, to_weight("1.45")).await;
    let all = maker.list_proposals(list_proposals(&tariff.name)).await.unwrap().into_inner().tariff_proposals;
    assert_eq!(all.iter().map(|one| one.round).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(all[1].before, to_weight("1.4"));
}

#[tokio::test]
async fn of_two_decisions_at_once_one_counts() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let proposal = proposed(&drg, &tariff.name, to_weight("1.4")).await;
    let (mut one, mut two) = (drg.tariffs(Role::CityAgency), drg.tariffs(Role::AgencyChecker));
    let (accepted, rejected) = tokio::join!(
        one.decide_proposal(decide(&proposal, true)),
        two.decide_proposal(decide(&proposal, false))
    );
    let expected = if accepted.is_ok() { "1.4" } else { "1.3714" };
    let lost = if accepted.is_ok() { rejected } else { accepted };
    refused(lost, Code::FailedPrecondition, "PROPOSAL_ALREADY_DECIDED");
    assert_eq!(drg.weights(&tariff.name).await[1], ("FR13".to_owned(), expected.to_owned()));
}

#[tokio::test]
async fn in_a_closed_round_nothing_is_proposed_and_what_is_open_is_decided() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let open = proposed(&drg, &tariff.name, to_weight("1.5")).await;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    assert!(tariff.round_open);
    let closed = maker.close_round(close_round(&tariff)).await.unwrap().into_inner().tariff.unwrap();
    assert_eq!((closed.round_open, closed.round), (false, 1));
    let late =
        drg.tariffs(Role::AgencyOfficer).propose_change(propose_change(&tariff.name, to_weight("2"))).await;
    refused(late, Code::FailedPrecondition, "TARIFF_NOT_IN_NEGOTIATION");
    drg.tariffs(Role::CityAgency).decide_proposal(decide(&open, true)).await.unwrap();
    let now = maker.get_tariff(get_tariff(&tariff.name)).await.unwrap().into_inner().tariff.unwrap();
    drg.tariffs(Role::PolicyChecker).publish_tariff(publish_tariff(&now)).await.unwrap();
}
