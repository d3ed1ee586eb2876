use medfund_proto::auth::v1::Role;
use medfund_proto::feed::v1::Cursor;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::echo::{call, start};

#[tokio::test]
async fn the_metrics_count_calls_by_their_code() {
    let service = start().await;
    for _ in 0..3 {
        call(service.as_role(Role::AgencyOfficer), "Echo", Cursor::default()).await.unwrap();
    }
    call(service.as_role(Role::Auditor), "Echo", Cursor::default()).await.unwrap_err();

    let (status, text) = service.get("/metrics").await;

    assert_eq!(status, 200);
    let of = |code: &str| {
        format!(
            "grpc_server_handled_total{{grpc_code=\"{code}\",grpc_method=\"Echo\",\
             grpc_service=\"medfund.echo.v1.EchoService\",grpc_type=\"unary\"}}"
        )
    };
    assert!(text.contains(&format!("{} 3\n", of("OK"))), "{text}");
    assert!(text.contains(&format!("{} 1\n", of("PermissionDenied"))), "{text}");
    assert!(text.contains("grpc_server_handling_seconds_count{"), "{text}");
    assert!(text.contains("medfund_calls_in_flight 0"), "{text}");
}

#[tokio::test]
async fn probes_are_answered_without_tls() {
    let service = start().await;
    assert_eq!(service.get("/healthz").await, (200, "alive\n".to_owned()));
    assert_eq!(service.get("/readyz").await, (200, "ready\n".to_owned()));
    assert_eq!(service.get("/else").await.0, 404);

    let address = format!("http://{}", service.config().health_listen.address());
    let endpoint = tonic::transport::Endpoint::from_shared(address).unwrap();
    let mut client = HealthClient::new(endpoint.connect_lazy());
    for name in ["", "medfund.echo.v1.EchoService"] {
        let request = HealthCheckRequest { service: name.to_owned() };
        assert_eq!(client.check(request).await.unwrap().into_inner().status(), ServingStatus::Serving);
    }
}

#[tokio::test]
async fn reflection_lists_the_services_to_whoever_has_a_token() {
    let service = start().await;
    let ask = || {
        let request = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        futures::stream::iter([request])
    };

    let mut client = ServerReflectionClient::new(service.as_role(Role::Auditor));
    let mut answers = client.server_reflection_info(ask()).await.unwrap().into_inner();
    let Some(MessageResponse::ListServicesResponse(list)) =
        answers.message().await.unwrap().unwrap().message_response
    else {
        panic!("it lists the services");
    };
    assert!(list.service.iter().any(|one| one.name == "medfund.echo.v1.EchoService"));

    let refused = ServerReflectionClient::new(service.connection()).server_reflection_info(ask()).await;
    assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
}
