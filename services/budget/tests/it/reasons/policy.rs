use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::Refusals;
use tonic::Code;

use super::{BAD, PRECONDITION};
use crate::support::{AREA, Budget, PACK, PACKAGE, request_id, submit};

pub(super) const RPCS: [&str; 4] = ["SubmitPack", "PublishPack", "GetPack", "ListPacks"];

#[tokio::test]
async fn packs_are_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let service = Budget::start().await;
    let (mut maker, mut checker) = (service.policy(Role::PolicyMaker), service.policy(Role::PolicyChecker));
    let broken = submit(&PACK.replace("max_rate", "maximum_rate"));
    refusals.expect("submit_pack", maker.submit_pack(broken).await, BAD.0, BAD.1);
    let submitted = service.given_submitted(PACK).await;
    let again = maker.submit_pack(submit(PACK)).await;
    refusals.expect("submit_pack", again, Code::AlreadyExists, "PACK_EXISTS");

    let publish = |name: &str| pb::PublishPackRequest { name: name.to_owned(), request_id: request_id() };
    let unknown = format!("areas/{AREA}/packs/{}", "0".repeat(64));
    let answer = checker.publish_pack(publish(&unknown)).await;
    refusals.expect("publish_pack", answer, Code::NotFound, "PACK_NOT_FOUND");
    let own = service.0.as_person(Role::PolicyMaker.as_str_name(), Role::PolicyChecker);
    let mut own = pb::policy_service_client::PolicyServiceClient::new(own);
    let answer = own.publish_pack(publish(&submitted.name)).await;
    refusals.expect("publish_pack", answer, Code::PermissionDenied, "SAME_PERSON");
    checker.publish_pack(publish(&submitted.name)).await.unwrap();
    let answer = checker.publish_pack(publish(&submitted.name)).await;
    refusals.expect("publish_pack", answer, PRECONDITION, "PACK_ALREADY_PUBLISHED");

    let answer = checker.get_pack(pb::GetPackRequest { name: unknown }).await;
    refusals.expect("get_pack", answer, Code::NotFound, "PACK_NOT_FOUND");
    let list = pb::ListPacksRequest { parent: format!("areas/{AREA}"), page_size: -1, ..Default::default() };
    refusals.expect("list_packs", checker.list_packs(list).await, BAD.0, BAD.1);
    refusals.all_provoked();
}
