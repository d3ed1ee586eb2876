use medfund_db::feed;
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::scheme::State;
use medfund_proto::drg::v1::scheme_service_client::SchemeServiceClient;
use medfund_testkit::TestService;
use prost::Name;
use tonic::Code;

use crate::support::*;

#[tokio::test]
async fn a_scheme_is_submitted_by_one_person_and_published_by_another() {
    let drg = Drg::start().await;
    let submitted = drg.given_submitted(&SMALL).await;
    assert_eq!((submitted.scheme_id.as_str(), submitted.state()), ("small", State::Submitted));
    assert_eq!([submitted.n_mdcs, submitted.n_adrgs, submitted.n_drgs], [2, 3, 4]);
    let compiled = medfund_grouper::Scheme::from_bytes(&SMALL).unwrap();
    assert_eq!(submitted.scheme_hash, compiled.hash());

    let published = drg.schemes(Role::PolicyChecker).publish_scheme(publish(&submitted.name)).await.unwrap();

    let published = published.into_inner().scheme.unwrap();
    assert_eq!(published.state(), State::Published);
    assert_ne!(published.maker, published.checker);
    assert!(published.publish_time.is_some());
}

#[tokio::test]
async fn a_service_of_the_suite_gets_the_bytes_as_they_were_submitted() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await;
    let mut settlement = SchemeServiceClient::new(drg.0.as_service("settlement"));
    let request = pb::GetSchemeRequest { name: scheme.name.clone() };
    let found = settlement.get_scheme(request).await.unwrap().into_inner();
    assert_eq!((found.content.as_slice(), found.scheme), (SMALL.as_slice(), Some(scheme)));
}

#[tokio::test]
async fn the_public_finds_no_scheme_that_is_not_published() {
    let drg = Drg::start().await;
    let request = pb::GetSchemeRequest { name: drg.given_submitted(&SMALL).await.name };
    let mut public = drg.schemes(Role::Public);
    refused(public.get_scheme(request.clone()).await, Code::NotFound, "SCHEME_NOT_FOUND");
    assert!(drg.schemes(Role::Auditor).get_scheme(request.clone()).await.is_ok());
    drg.schemes(Role::PolicyChecker).publish_scheme(publish(&request.name)).await.unwrap();
    assert_eq!(public.get_scheme(request).await.unwrap().into_inner().content, *SMALL);
}

#[tokio::test]
async fn schemes_are_listed_page_by_page() {
    let drg = Drg::start().await;
    let first = drg.given_submitted(&SMALL).await;
    let second = drg.given_published(&PLAIN).await;
    let page = |page_token: String| pb::ListSchemesRequest { parent: area(), page_size: 1, page_token };
    let mut client = drg.schemes(Role::Auditor);
    let one = client.list_schemes(page(String::new())).await.unwrap().into_inner();
    let two = client.list_schemes(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!([one.schemes, two.schemes].concat(), [first, second]);
    assert_eq!(two.next_page_token, "");
}

#[tokio::test]
async fn what_was_published_and_adopted_is_announced_in_that_order() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await;
    let adoption = drg.given_in_force(&scheme, day(2025, 1, 1)).await;

    let events = announced(&drg.0).await;

    let (hash, adopted) = (scheme.scheme_hash, pb::SchemeAdopted::full_name());
    assert_eq!(
        events.iter().map(|event| event.kind.clone()).collect::<Vec<_>>(),
        [pb::SchemePublished::full_name(), adopted]
    );
    let published = feed::decode::<pb::SchemePublished>(&events[0]).unwrap().unwrap();
    assert_eq!((published.scheme_id.as_str(), &published.scheme_hash), ("small", &hash));
    let adopted = feed::decode::<pb::SchemeAdopted>(&events[1]).unwrap().unwrap();
    assert_eq!((adopted.adoption, adopted.scheme_hash), (adoption.name, hash));
    assert_eq!(adopted.effective_date, Some(day(2025, 1, 1)));
}

pub(crate) async fn announced(service: &TestService) -> Vec<medfund_proto::feed::v1::Event> {
    let database = service.database().connect().await;
    let all = async {
        while feed::status(&database).await.unwrap().unnumbered > 0 {
            tokio::task::yield_now().await;
        }
        feed::read(&database, 0, 100, std::time::Duration::ZERO).await.unwrap()
    };
    let patience = std::time::Duration::from_secs(30);
    tokio::time::timeout(patience, all).await.expect("the events are numbered in time")
}
