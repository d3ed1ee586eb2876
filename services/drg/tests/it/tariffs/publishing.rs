use medfund_db::feed;
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff::State;
use medfund_proto::drg::v1::tariff_origin::Origin;
use medfund_proto::drg::v1::tariff_service_client::TariffServiceClient;
use medfund_tariff::PublishedTariff;
use tonic::Code;

use super::words::*;
use crate::schemes::announced;
use crate::support::*;

#[tokio::test]
async fn a_service_of_the_suite_gets_a_published_tariffs_bytes_by_its_hash() {
    let drg = Drg::start().await;
    let tariff = drg.given_published_tariff().await;
    assert_eq!((tariff.state(), tariff.tariff_hash.len()), (State::Published, 64));
    assert_ne!(tariff.maker, tariff.checker);

    let mut settlement = TariffServiceClient::new(drg.0.as_service("settlement"));
    let by_hash = format!("{}/tariffs/{}", area(), tariff.tariff_hash);
    let found = settlement.get_tariff(get_tariff(&by_hash)).await.unwrap().into_inner();

    assert_eq!(found.tariff.as_ref(), Some(&tariff));
    assert_eq!(PublishedTariff::hash(&found.content), tariff.tariff_hash);
    let read = PublishedTariff::from_bytes(&found.content).unwrap();
    assert_eq!((read.fund_year.get(), read.base_points.to_string().as_str()), (2025, "100"));
    assert!(tariff.scheme.ends_with(&read.scheme_hash));
    let weight = read.groups.weight(&"FR13".parse().unwrap()).unwrap();
    assert_eq!((read.groups.groups().len(), weight.to_string().as_str()), (4, "1.3714"));
}

#[tokio::test]
async fn the_public_finds_no_tariff_that_is_not_published() {
    let drg = Drg::start().await;
    let tariff = drg.given_negotiated().await;
    let mut public = drg.tariffs(Role::Public);
    refused(public.get_tariff(get_tariff(&tariff.name)).await, Code::NotFound, "TARIFF_NOT_FOUND");
    drg.tariffs(Role::PolicyChecker).publish_tariff(publish_tariff(&tariff)).await.unwrap();
    assert!(!public.get_tariff(get_tariff(&tariff.name)).await.unwrap().into_inner().content.is_empty());
}

#[tokio::test]
async fn a_published_tariff_is_changed_by_a_new_one() {
    let drg = Drg::start().await;
    let old = drg.given_published_tariff().await;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let new = maker.revise_tariff(revise(&old.name)).await.unwrap().into_inner().tariff.unwrap();
    assert_eq!((new.state(), new.fund_year, new.round), (State::Draft, 2026, 0));
    assert_eq!(new.origin.clone().unwrap().origin, Some(Origin::RevisedTariff(old.name.clone())));
    assert_eq!(drg.weights(&new.name).await, drg.weights(&old.name).await);
    let why = maker.explain_weight(explain(&new.name, "FR13")).await.unwrap().into_inner();
    assert_eq!(why.derivation.unwrap().root.unwrap().value, "1.3714");

    let request = start_round(&old);
    refused(maker.start_round(request).await, Code::FailedPrecondition, "TARIFF_ALREADY_PUBLISHED");
}

#[tokio::test]
async fn a_tariff_is_in_force_from_its_day_and_what_happened_is_announced() {
    let drg = Drg::start().await;
    let tariff = drg.given_published_tariff().await;
    let scheme = pb::GetSchemeRequest { name: tariff.scheme.clone() };
    let scheme = drg.schemes(Role::Auditor).get_scheme(scheme).await.unwrap().into_inner().scheme.unwrap();
    drg.given_in_force(&scheme, day(2025, 1, 1)).await;
    let request = propose_tariff(&tariff.name, day(2025, 1, 1));
    let name = request.name.clone();
    drg.tariffs(Role::PolicyMaker).propose_tariff_adoption(request).await.unwrap();
    let mut public = drg.tariffs(Role::Public);
    let before = public.get_tariff_in_force(tariff_in_force_on(day(2025, 6, 1))).await;
    refused(before, Code::NotFound, "NO_TARIFF_IN_FORCE");

    let confirmed =
        drg.tariffs(Role::PolicyChecker).confirm_tariff_adoption(confirm_tariff(&name)).await.unwrap();

    let found = public.get_tariff_in_force(tariff_in_force_on(day(2025, 6, 1))).await.unwrap().into_inner();
    assert_eq!(found.tariff.as_ref(), Some(&tariff));
    assert_eq!(found.tariff_adoption, confirmed.into_inner().tariff_adoption);
    let early = public.get_tariff_in_force(tariff_in_force_on(day(2024, 12, 31))).await;
    refused(early, Code::NotFound, "NO_TARIFF_IN_FORCE");
    let list = pb::ListAdoptionsRequest { parent: area(), ..Default::default() };
    let schemes = drg.schemes(Role::Auditor).list_adoptions(list).await.unwrap().into_inner();
    assert_eq!(schemes.adoptions.len(), 1, "a tariff's adoption is none of a scheme");

    let events = announced(&drg.0).await;
    let published =
        events.iter().find_map(|event| feed::decode::<pb::TariffPublished>(event).unwrap()).unwrap();
    assert_eq!((published.tariff_hash.as_str(), published.fund_year), (tariff.tariff_hash.as_str(), 2025));
    let adopted = events.iter().find_map(|event| feed::decode::<pb::TariffAdopted>(event).unwrap()).unwrap();
    assert_eq!((adopted.tariff_adoption, adopted.tariff_hash), (name, tariff.tariff_hash));
    assert_eq!((adopted.effective_date, adopted.scheme_hash), (Some(day(2025, 1, 1)), scheme.scheme_hash));
}
