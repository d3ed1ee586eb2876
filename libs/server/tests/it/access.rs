use std::time::Duration;

use medfund_dev::{Claims, Principal};
use medfund_proto::auth::v1::Role;
use medfund_proto::feed::v1::Cursor;
use medfund_server::{Bearer, Tls, channel};
use medfund_testkit::{AREA, TestService};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::echo::{call, start};

const HOSPITAL: &str = "H44070300001";
const HOUR: Duration = Duration::from_secs(3_600);

fn reason(status: &Status) -> (Code, String) {
    let details = status.get_error_details();
    let info = details.error_info().expect("every refusal has its reason");
    assert_eq!(info.domain, "echo.medfund");
    assert_eq!(details.localized_message().unwrap().locale, "zh-CN");
    (status.code(), info.reason.clone())
}

fn is(code: Code, reason: &str) -> (Code, String) {
    (code, reason.to_owned())
}

fn officer() -> Claims {
    Claims::of(&Principal::of("officer", Role::AgencyOfficer, AREA.parse().unwrap()), HOUR)
}

async fn refusal_of(service: &TestService, claims: &Claims) -> (Code, String) {
    let token = service.authority().sign(claims).unwrap();
    reason(&call(service.with_token(&token), "Echo", Cursor::default()).await.unwrap_err())
}

#[tokio::test]
async fn a_handler_is_told_the_caller_the_method_the_digest_and_the_instant() {
    let service = start().await;
    let request = Cursor { source: "x".to_owned(), position: 7 };

    let first = call(service.as_person("li", Role::AgencyOfficer), "Echo", request.clone()).await.unwrap();
    let again = call(service.as_person("li", Role::AgencyOfficer), "Echo", request).await.unwrap();
    let other = call(service.as_person("li", Role::AgencyOfficer), "Echo", Cursor::default()).await.unwrap();

    let told: Vec<_> = first.source.split(' ').collect();
    assert_eq!(told[..3], ["li", AREA, "medfund.echo.v1.EchoService/Echo"]);
    // SHA-256 of the message's bytes: field 1 "x", field 2 7.
    assert_eq!(told[3], hex::encode(<sha2::Sha256 as sha2::Digest>::digest([0x0a, 1, b'x', 0x10, 7])));
    assert_eq!(first.source, again.source);
    assert!(other.source != first.source && again.position >= first.position);
}

#[tokio::test]
async fn a_caller_without_a_certificate_is_not_let_in() {
    let service = start().await;
    let ca = std::fs::read(service.authority().ca_path()).unwrap();
    let tls =
        tonic::transport::ClientTlsConfig::new().ca_certificate(tonic::transport::Certificate::from_pem(ca));
    let address = format!("https://{}", service.config().listen.address());
    let endpoint = tonic::transport::Endpoint::from_shared(address).unwrap().tls_config(tls).unwrap();
    let token = service.authority().sign(&officer()).unwrap();
    let bearer = Bearer::token(&token).unwrap();
    let channel = tonic::service::interceptor::InterceptedService::new(endpoint.connect_lazy(), bearer);

    assert!(call(channel, "Echo", Cursor::default()).await.is_err());
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_not_let_in() {
    let service = start().await;
    let folder = tempfile::tempdir().unwrap();
    let stranger = medfund_dev::Authority::open(folder.path()).unwrap();
    let (cert, key) = stranger.certificate("tester").unwrap();
    let read = |path| std::fs::read(path).unwrap();
    let tls = Tls::from_pem(read(cert), read(key), read(service.authority().ca_path()));
    let address = format!("https://{}", service.config().listen.address()).parse().unwrap();
    let bearer = Bearer::token(&service.authority().sign(&officer()).unwrap()).unwrap();
    let channel =
        tonic::service::interceptor::InterceptedService::new(channel(address, &tls).unwrap(), bearer);

    assert!(call(channel, "Echo", Cursor::default()).await.is_err());
}

#[tokio::test]
async fn a_token_that_is_not_good_here_is_refused() {
    let service = start().await;
    let past = officer().nbf - 3_600;
    let wrong = |claims: Claims| claims;

    assert_eq!(
        refusal_of(&service, &wrong(Claims { exp: past, ..officer() })).await,
        is(Code::Unauthenticated, "TOKEN_EXPIRED")
    );
    for claims in
        [Claims { aud: "bank".to_owned(), ..officer() }, Claims { iss: "https://x".to_owned(), ..officer() }]
    {
        assert_eq!(refusal_of(&service, &claims).await, is(Code::Unauthenticated, "TOKEN_INVALID"));
    }
    let refused = call(service.with_token("x.y.z"), "Echo", Cursor::default()).await.unwrap_err();
    assert_eq!(reason(&refused), is(Code::Unauthenticated, "TOKEN_INVALID"));
}

#[tokio::test]
async fn a_role_that_the_rpc_does_not_name_may_not_call_it() {
    let service = start().await;
    let refused = call(service.as_role(Role::Auditor), "Echo", Cursor::default()).await.unwrap_err();
    assert_eq!(reason(&refused), is(Code::PermissionDenied, "ROLE_MISSING"));
}

#[tokio::test]
async fn a_caller_of_no_area_may_not_call_what_belongs_to_one() {
    let service = start().await;
    let refused = refusal_of(&service, &Claims { area: None, ..officer() }).await;
    assert_eq!(refused, is(Code::PermissionDenied, "TENANCY_MISSING"));
}

#[tokio::test]
async fn an_institutions_officer_needs_an_institution_and_an_agencys_does_not() {
    let service = start().await;
    assert!(call(service.as_institution(HOSPITAL), "Own", Cursor::default()).await.is_ok());
    assert!(call(service.as_role(Role::CityAgency), "Own", Cursor::default()).await.is_ok());
    let unbound = Principal::of("clerk", Role::Institution, AREA.parse().unwrap());
    let refused = call(service.as_principal(&unbound), "Own", Cursor::default()).await.unwrap_err();
    assert_eq!(reason(&refused), is(Code::Unauthenticated, "TOKEN_INVALID"));
}

#[tokio::test]
async fn a_service_needs_its_own_certificate_beside_its_token() {
    let service = start().await;
    assert!(call(service.as_service("settlement"), "Serve", Cursor::default()).await.is_ok());

    let stolen = service.as_principal(&Principal::service("settlement"));
    let refused = call(stolen, "Serve", Cursor::default()).await.unwrap_err();
    assert_eq!(reason(&refused), is(Code::PermissionDenied, "CERTIFICATE_MISMATCH"));
}

#[tokio::test]
async fn an_rpc_that_nobody_offers_is_unimplemented() {
    let service = start().await;
    let refused = call(service.as_role(Role::Auditor), "Nothing", Cursor::default()).await.unwrap_err();
    assert_eq!(reason(&refused), is(Code::Unimplemented, "UNKNOWN_METHOD"));
}
