use std::time::Duration;

use medfund_proto::auth::v1::Role;
use medfund_proto::feed::v1::Cursor;
use medfund_server::{CancellationToken, Listen, Server, ServerError};

use crate::echo::{call, serve, serve_undeclared, start, watch};

#[tokio::test]
async fn a_server_with_an_rpc_that_names_no_roles_or_tenancy_does_not_start() {
    let config = start().await.config().clone();
    let error = serve_undeclared(config, CancellationToken::new()).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("medfund.echo.v1.OpenService/Forgotten declares no access"), "{text}");
    assert!(text.contains("medfund.echo.v1.OpenService/Nobodys names no roles"), "{text}");
    assert!(text.contains("medfund.echo.v1.OpenService/Nowhere names no tenancy"), "{text}");
}

#[tokio::test]
async fn a_port_in_use_is_told() {
    let service = start().await;
    let mut config = service.config().clone();
    config.health_listen = Listen::on_free_port().unwrap();
    let error = serve(config, CancellationToken::new()).await.unwrap_err();
    assert!(
        matches!(error, ServerError::Listen { address, .. } if address == service.config().listen.address())
    );
}

#[tokio::test]
async fn a_server_whose_work_beside_the_calls_panics_stops() {
    let mut config = start().await.config().clone();
    config.listen = Listen::on_free_port().unwrap();
    config.health_listen = Listen::on_free_port().unwrap();
    let server = Server::builder(config)
        .background(|_| async {})
        .background(|_| async { panic!("as the test wants it") });

    let ended = tokio::time::timeout(Duration::from_secs(30), server.run(CancellationToken::new()));

    assert!(matches!(ended.await.unwrap(), Err(ServerError::Background)));
}

#[tokio::test]
async fn a_server_that_stops_lets_its_calls_end_and_takes_no_more() {
    let mut service = start().await;
    let mut request = tonic::Request::new(Cursor::default());
    request.set_timeout(Duration::from_secs(1));
    let mut answers = watch(service.as_role(Role::AgencyOfficer), request).await.unwrap();
    answers.message().await.unwrap();

    service.stop().await;

    // It was told that its time is over, not cut off.
    assert_eq!(answers.message().await.unwrap_err().code(), tonic::Code::DeadlineExceeded);
    assert!(call(service.as_role(Role::AgencyOfficer), "Echo", Cursor::default()).await.is_err());
}

#[tokio::test]
async fn a_server_that_was_killed_starts_again_on_its_ports() {
    let mut service = start().await;
    service.kill().await;
    service.restart(serve).await;
    assert!(call(service.as_role(Role::AgencyOfficer), "Echo", Cursor::default()).await.is_ok());
}
