use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::pack::State;
use medfund_proto::budget::v1::policy_service_client::PolicyServiceClient;
use tonic::Code;
use tonic_types::StatusExt;

use super::support::{AREA, Budget, PACK, request_id, submit};

fn another_pack() -> String {
    format!("{PACK}\n# the same rules, other bytes\n")
}

fn publish(pack: &pb::Pack) -> pb::PublishPackRequest {
    pb::PublishPackRequest { name: pack.name.clone(), request_id: request_id() }
}

#[tokio::test]
async fn a_pack_is_submitted_by_one_person_and_published_by_another() {
    let service = Budget::start().await;
    let submitted = service.given_submitted(PACK).await;
    assert_eq!((submitted.pack_id.as_str(), submitted.state()), ("jiangmen-2016", State::Submitted));

    let published = service.policy(Role::PolicyChecker).publish_pack(publish(&submitted)).await.unwrap();

    let published = published.into_inner().pack.unwrap();
    assert_eq!(published.state(), State::Published);
    assert_ne!(published.maker, published.checker);
}

#[tokio::test]
async fn every_mistake_of_a_pack_is_a_violation_with_its_line_and_key() {
    let service = Budget::start().await;
    let broken = PACK
        .replace("max_rate = { value = \"0.15\"", "max_rate = { value = \"1.5\"")
        .replace("[budget.deficit]\nallowed", "[budget.deficit]\npermitted");

    let status = service.policy(Role::PolicyMaker).submit_pack(submit(&broken)).await.unwrap_err();

    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    let texts: Vec<&str> =
        details.bad_request().unwrap().field_violations.iter().map(|v| v.description.as_str()).collect();
    assert!(texts.len() >= 3, "{texts:?}");
    for key in ["budget.reserve.max_rate", "budget.deficit.permitted", "budget.deficit.allowed"] {
        assert!(texts.iter().any(|text| text.starts_with("line ") && text.contains(key)), "{key}: {texts:?}");
    }
}

#[tokio::test]
async fn a_service_of_the_suite_gets_the_bytes_by_their_hash() {
    let service = Budget::start().await;
    let pack = service.given_published(PACK).await;
    let mut settlement = PolicyServiceClient::new(service.0.as_service("settlement"));
    let found =
        settlement.get_pack(pb::GetPackRequest { name: pack.name.clone() }).await.unwrap().into_inner();
    assert_eq!((found.content.as_slice(), found.pack), (PACK.as_bytes(), Some(pack)));
}

#[tokio::test]
async fn packs_are_listed_page_by_page() {
    let service = Budget::start().await;
    let first = service.given_submitted(PACK).await;
    let second = service.given_submitted(&another_pack()).await;
    let page = |token: String| pb::ListPacksRequest {
        parent: format!("areas/{AREA}"),
        page_size: 1,
        page_token: token,
    };
    let mut client = service.policy(Role::Auditor);
    let one = client.list_packs(page(String::new())).await.unwrap().into_inner();
    let two = client.list_packs(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!([one.packs, two.packs].concat(), [first, second]);
    assert_eq!(two.next_page_token, "");
}
