use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::pack::State;
use medfund_proto::budget::v1::policy_service_client::PolicyServiceClient;
use tonic::Code;
use tonic_types::StatusExt;

use super::support::{AREA, Budget, PACK, expect_refusal, request_id, submit};

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
async fn the_same_bytes_are_submitted_once() {
    let service = Budget::start().await;
    service.given_submitted(PACK).await;
    let again = service.policy(Role::PolicyMaker).submit_pack(submit(PACK)).await;
    expect_refusal(again, Code::AlreadyExists, "PACK_EXISTS");
}

#[tokio::test]
async fn a_repeated_submission_gets_the_first_answer_even_after_the_pack_was_published() {
    let service = Budget::start().await;
    let request = submit(PACK);
    let first = service.policy(Role::PolicyMaker).submit_pack(request.clone()).await.unwrap().into_inner();
    let pack = first.pack.clone().unwrap();
    service.policy(Role::PolicyChecker).publish_pack(publish(&pack)).await.unwrap();

    let again = service.policy(Role::PolicyMaker).submit_pack(request.clone()).await.unwrap().into_inner();
    assert_eq!(again, first);

    let reused = pb::SubmitPackRequest { pack: another_pack().into_bytes(), ..request };
    let refused = service.policy(Role::PolicyMaker).submit_pack(reused).await;
    expect_refusal(refused, Code::InvalidArgument, "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn a_repeated_publication_gets_the_first_answer_and_a_new_one_is_refused() {
    let service = Budget::start().await;
    let pack = service.given_submitted(PACK).await;
    let other = service.given_submitted(&another_pack()).await;
    let request = publish(&pack);
    let first = service.policy(Role::PolicyChecker).publish_pack(request.clone()).await.unwrap().into_inner();

    service.policy(Role::PolicyChecker).publish_pack(publish(&other)).await.unwrap();
    let again = service.policy(Role::PolicyChecker).publish_pack(request.clone()).await.unwrap().into_inner();
    assert_eq!(again, first);

    let reused = pb::PublishPackRequest { name: other.name, ..request };
    let refused = service.policy(Role::PolicyChecker).publish_pack(reused).await;
    expect_refusal(refused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    let twice = service.policy(Role::PolicyChecker).publish_pack(publish(&pack)).await;
    expect_refusal(twice, Code::FailedPrecondition, "PACK_ALREADY_PUBLISHED");
}

#[tokio::test]
async fn who_submitted_a_pack_cannot_publish_it() {
    let service = Budget::start().await;
    let mut maker = PolicyServiceClient::new(service.0.as_person("li", Role::PolicyMaker));
    let pack = maker.submit_pack(submit(PACK)).await.unwrap().into_inner().pack.unwrap();
    let mut same = PolicyServiceClient::new(service.0.as_person("li", Role::PolicyChecker));
    expect_refusal(same.publish_pack(publish(&pack)).await, Code::PermissionDenied, "SAME_PERSON");
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
    expect_refusal(client.list_packs(page("00".to_owned())).await, Code::InvalidArgument, "BAD_REQUEST");
}

#[tokio::test]
async fn another_areas_pack_is_not_found() {
    let service = Budget::start().await;
    let pack = service.given_published(PACK).await;
    let other = || PolicyServiceClient::new(service.0.as_role_in("440800", Role::PolicyChecker));
    let get = other().get_pack(pb::GetPackRequest { name: pack.name.clone() }).await;
    expect_refusal(get, Code::NotFound, "RESOURCE_NOT_FOUND");
    expect_refusal(other().publish_pack(publish(&pack)).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let own = pack.name.replace("440700", "440800");
    let get = other().get_pack(pb::GetPackRequest { name: own.clone() }).await;
    expect_refusal(get, Code::NotFound, "PACK_NOT_FOUND");
    let publish = pb::PublishPackRequest { name: own, request_id: request_id() };
    expect_refusal(other().publish_pack(publish).await, Code::NotFound, "PACK_NOT_FOUND");
    let mut maker = PolicyServiceClient::new(service.0.as_role_in("440800", Role::PolicyMaker));
    expect_refusal(maker.submit_pack(submit(PACK)).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let list =
        pb::ListPacksRequest { parent: "areas/440700".to_owned(), page_size: 0, page_token: String::new() };
    expect_refusal(maker.list_packs(list).await, Code::NotFound, "RESOURCE_NOT_FOUND");
}
