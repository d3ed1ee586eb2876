use std::time::Duration;

use medfund_proto::auth::v1::Role;
use medfund_proto::feed::v1::Cursor;
use medfund_server::Limits;
use medfund_testkit::TestService;
use tokio::net::TcpStream;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::echo::{begin, call, start, start_within, stream_of, upload, watch};

const SHORT: Duration = Duration::from_millis(50);

fn reason_of(status: &tonic::Status) -> String {
    status.get_error_details().error_info().expect("it has its reason").reason.clone()
}

/// Waits until the metrics show `line`.
async fn until_counted(service: &TestService, line: &str) {
    let counted = async {
        while !service.get("/metrics").await.1.contains(line) {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(10), counted).await;
    if in_time.is_err() {
        panic!("the metrics do not show {line}:\n{}", service.get("/metrics").await.1);
    }
}

#[tokio::test]
async fn a_call_whose_caller_gives_no_time_ends_too() {
    let service = start_within(Limits { default_deadline: SHORT, ..Limits::default() }).await;
    let refused = call(service.as_role(Role::AgencyOfficer), "Wait", Cursor::default()).await.unwrap_err();
    assert_eq!((refused.code(), reason_of(&refused).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
    until_counted(&service, r#"grpc_code="DeadlineExceeded""#).await;
}

#[tokio::test]
async fn no_caller_gets_more_time_than_the_most() {
    let limits = Limits { default_deadline: SHORT, max_deadline: SHORT, ..Limits::default() };
    let service = start_within(limits).await;
    let mut request = Request::new(Cursor::default());
    request.set_timeout(Duration::from_secs(3_600));
    let refused = call(service.as_role(Role::AgencyOfficer), "Wait", request).await.unwrap_err();
    assert_eq!(refused.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_call_ends_when_the_time_its_caller_gave_is_over() {
    let service = start().await;
    let mut request = Request::new(Cursor::default());
    request.set_timeout(Duration::from_secs(1));
    let mut answers = watch(service.as_role(Role::AgencyOfficer), request).await.unwrap();
    assert!(answers.message().await.unwrap().is_some());
    let refused = answers.message().await.unwrap_err();
    assert_eq!((refused.code(), reason_of(&refused).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
}

#[tokio::test]
async fn more_calls_than_the_most_are_refused_and_told_when_to_come_back() {
    let service = start_within(Limits { max_concurrent_calls: 1, ..Limits::default() }).await;
    let officer = || service.as_role(Role::AgencyOfficer);
    let mut held = watch(officer(), Cursor::default()).await.unwrap();
    held.message().await.unwrap();

    let refused = call(officer(), "Echo", Cursor::default()).await.unwrap_err();
    assert_eq!((refused.code(), reason_of(&refused).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    assert!(refused.get_error_details().retry_info().unwrap().retry_delay.is_some());

    drop(held);
    until_counted(&service, r#"grpc_code="Canceled",grpc_method="Watch""#).await;
    assert!(call(officer(), "Echo", Cursor::default()).await.is_ok());
}

#[tokio::test]
async fn a_connection_more_than_the_most_waits_until_another_is_closed() {
    let service = start_within(Limits { max_connections: 1, ..Limits::default() }).await;
    let first = TcpStream::connect(service.config().listen.address()).await.unwrap();

    let waiting = tokio::spawn(call(service.as_role(Role::AgencyOfficer), "Echo", Cursor::default()));
    tokio::time::sleep(SHORT).await;
    assert!(!waiting.is_finished());

    drop(first);
    let answered = tokio::time::timeout(Duration::from_secs(8), waiting).await;
    assert!(answered.expect("in less time than a handshake has").unwrap().is_ok());
}

#[tokio::test]
async fn a_caller_that_hangs_up_gives_its_place_back() {
    let service = start_within(Limits { max_concurrent_calls: 1, ..Limits::default() }).await;
    let officer = || service.as_role(Role::AgencyOfficer);
    let hanging = tokio::spawn(call(officer(), "Wait", Cursor::default()));
    until_counted(&service, "medfund_calls_in_flight 1").await;

    hanging.abort();

    until_counted(&service, r#"grpc_code="Canceled",grpc_method="Wait""#).await;
    assert!(call(officer(), "Echo", Cursor::default()).await.is_ok());
}

#[tokio::test]
async fn a_caller_that_stops_reading_loses_its_place_at_the_deadline() {
    let service = start_within(Limits { max_concurrent_calls: 1, ..Limits::default() }).await;
    let officer = || service.as_role(Role::AgencyOfficer);
    let mut request = Request::new(Cursor::default());
    request.set_timeout(Duration::from_millis(500));
    let unread = stream_of(officer(), "Flood", request).await.unwrap();

    until_counted(&service, r#"grpc_code="DeadlineExceeded",grpc_method="Flood""#).await;

    assert!(call(officer(), "Echo", Cursor::default()).await.is_ok());
    drop(unread);
}

#[tokio::test]
async fn a_request_that_never_ends_loses_its_place_whatever_time_its_caller_gave() {
    let default_deadline = Duration::from_secs(1);
    let service =
        start_within(Limits { max_concurrent_calls: 1, default_deadline, ..Limits::default() }).await;
    let officer = || service.as_role(Role::AgencyOfficer);
    let hour = Duration::from_secs(3_600);

    let begun = tokio::time::timeout(Duration::from_secs(10), begin(officer(), hour));

    assert_eq!(begun.await.unwrap().unwrap_err().code(), Code::DeadlineExceeded);
    assert!(call(officer(), "Echo", Cursor::default()).await.is_ok());
}

#[tokio::test]
async fn a_panic_ends_its_own_call_and_no_other_on_the_connection() {
    let service = start().await;
    let officer = || service.as_role(Role::AgencyOfficer);
    let mut watched = watch(officer(), Cursor::default()).await.unwrap();
    watched.message().await.unwrap();
    let mut late = stream_of(officer(), "PanicLate", Cursor::default()).await.unwrap();
    late.message().await.unwrap();

    let unary = call(officer(), "Panic", Cursor::default()).await.unwrap_err();
    let streamed = late.message().await.unwrap_err();

    for refused in [unary, streamed] {
        assert_eq!((refused.code(), reason_of(&refused).as_str()), (Code::Internal, "INTERNAL"));
        assert!(!refused.message().contains("as a test wants it"));
    }
    let still_open = tokio::time::timeout(SHORT, watched.message()).await;
    assert!(still_open.is_err(), "the other call goes on: {still_open:?}");
}

#[tokio::test]
async fn a_message_larger_than_the_most_is_refused() {
    let service = start_within(Limits { max_message_bytes: 1_000, ..Limits::default() }).await;
    let of_size = |n| Cursor { source: "x".repeat(n), position: 0 };
    assert!(call(service.as_role(Role::AgencyOfficer), "Echo", of_size(900)).await.is_ok());
    let refused = call(service.as_role(Role::AgencyOfficer), "Echo", of_size(1_100)).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason_of(&refused).as_str()),
        (Code::ResourceExhausted, "MESSAGE_TOO_LARGE")
    );
}

#[tokio::test]
async fn requests_that_do_not_fit_into_memory_together_are_refused_until_there_is_room() {
    let service = start_within(Limits { max_buffered_bytes: 2_000, ..Limits::default() }).await;
    let officer = || service.as_role(Role::AgencyOfficer);
    let large = Cursor { source: "x".repeat(1_500), position: 0 };
    let hold = || tokio::spawn(call(officer(), "Wait", large.clone()));
    let mut holding = hold();
    // Which of the two has the room is open until one has waited for the other.
    let refused = loop {
        if holding.is_finished() {
            holding = hold();
        }
        if let Err(status) = call(officer(), "Echo", large.clone()).await {
            break status;
        }
    };
    assert_eq!((refused.code(), reason_of(&refused).as_str()), (Code::ResourceExhausted, "OVERLOADED"));

    holding.abort();

    until_counted(&service, r#"grpc_code="Canceled",grpc_method="Wait""#).await;
    assert!(call(officer(), "Echo", large).await.is_ok());
}

#[tokio::test]
async fn headers_larger_than_the_most_are_refused() {
    let service = start_within(Limits { max_header_bytes: 4_096, ..Limits::default() }).await;
    let mut request = Request::new(Cursor::default());
    request.metadata_mut().insert("x-large", "x".repeat(8_192).parse().unwrap());
    assert!(call(service.as_role(Role::AgencyOfficer), "Echo", request).await.is_err());
    assert!(call(service.as_role(Role::AgencyOfficer), "Echo", Cursor::default()).await.is_ok());
}

#[tokio::test]
async fn a_stream_of_requests_may_be_longer_than_one_message() {
    let service = start_within(Limits { max_message_bytes: 1_000, ..Limits::default() }).await;
    let messages = vec![Cursor { source: "x".repeat(500), position: 0 }; 100];
    let counted = upload(service.as_role(Role::AgencyOfficer), messages).await.unwrap();
    assert_eq!((counted.position, counted.source.as_str()), (100, "medfund.echo.v1.EchoService/Upload"));
}
