//! A small service to try the server with: it answers what the gate told it.

use std::convert::Infallible;
use std::sync::LazyLock;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use diesel_migrations::EmbeddedMigrations;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};
use medfund_proto::feed::v1::Cursor;
use medfund_server::{CancellationToken, Config, Limits, Server, ServerError, accept};
use medfund_testkit::{TestChannel, TestService};
use tonic::body::Body;
use tonic::server::{Grpc, NamedService};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

const PROTO: &str = r#"
syntax = "proto3";
package medfund.echo.v1;
import "medfund/auth/v1/access.proto";
import "medfund/feed/v1/feed_service.proto";
service EchoService {
  rpc Echo(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AGENCY_OFFICER] tenancy: TENANCY_AREA};
  }
  rpc Own(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_INSTITUTION, ROLE_CITY_AGENCY] tenancy: TENANCY_INSTITUTION};
  }
  rpc Serve(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_SERVICE] tenancy: TENANCY_SUITE};
  }
  // Never answers.
  rpc Wait(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AGENCY_OFFICER] tenancy: TENANCY_AREA};
  }
  // Answers once and then never again.
  rpc Watch(medfund.feed.v1.Cursor) returns (stream medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AGENCY_OFFICER] tenancy: TENANCY_AREA};
  }
  // Answers without an end.
  rpc Flood(medfund.feed.v1.Cursor) returns (stream medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AGENCY_OFFICER] tenancy: TENANCY_AREA};
  }
  // Panics; the stream after its first answer.
  rpc Panic(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AGENCY_OFFICER] tenancy: TENANCY_AREA};
  }
  rpc PanicLate(medfund.feed.v1.Cursor) returns (stream medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AGENCY_OFFICER] tenancy: TENANCY_AREA};
  }
  // Counts what is sent.
  rpc Upload(stream medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AGENCY_OFFICER] tenancy: TENANCY_AREA};
  }
}
service OpenService {
  rpc Forgotten(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {}
  rpc Nobodys(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {tenancy: TENANCY_AREA};
  }
  rpc Nowhere(medfund.feed.v1.Cursor) returns (medfund.feed.v1.Cursor) {
    option (medfund.auth.v1.access) = {roles: [ROLE_AUDITOR]};
  }
}
"#;

static DESCRIPTORS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("echo.proto"), PROTO).unwrap();
    let suite = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let mut compiler = protox::Compiler::new([folder.path(), &suite]).unwrap();
    compiler.include_imports(true).open_file("echo.proto").unwrap();
    compiler.encode_file_descriptor_set()
});

/// The suite's descriptors and those of the service here.
pub(crate) fn descriptors() -> &'static [u8] {
    &DESCRIPTORS
}

/// No tables of its own.
fn no_migrations() -> EmbeddedMigrations {
    EmbeddedMigrations::new(&[])
}

/// The service's configuration only names it; nothing is read from its database.
pub(crate) async fn start() -> TestService {
    start_within(Limits::default()).await
}

pub(crate) async fn start_within(limits: Limits) -> TestService {
    let limits = Limits { stop_grace: Duration::from_secs(5), ..limits };
    TestService::builder("echo", no_migrations()).limits(limits).start(serve).await
}

pub(crate) async fn serve(config: Config, stop: CancellationToken) -> Result<(), ServerError> {
    Server::builder(config).descriptors(&DESCRIPTORS).add_service(Echo).run(stop).await
}

pub(crate) async fn serve_undeclared(config: Config, stop: CancellationToken) -> Result<(), ServerError> {
    Server::builder(config).descriptors(&DESCRIPTORS).add_service(Undeclared).run(stop).await
}

/// Calls an RPC of the service that has one request and one answer.
pub(crate) async fn call(
    channel: impl Into<TestChannel>,
    rpc: &str,
    request: impl tonic::IntoRequest<Cursor>,
) -> Result<Cursor, Status> {
    let mut client = tonic::client::Grpc::new(channel.into()).max_encoding_message_size(64 << 20);
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let codec = ProstCodec::<Cursor, Cursor>::default();
    client.unary(request.into_request(), path(rpc), codec).await.map(Response::into_inner)
}

pub(crate) async fn watch(
    channel: TestChannel,
    request: impl tonic::IntoRequest<Cursor>,
) -> Result<Streaming<Cursor>, Status> {
    stream_of(channel, "Watch", request).await
}

/// Calls an RPC of the service that answers with a stream.
pub(crate) async fn stream_of(
    channel: TestChannel,
    rpc: &str,
    request: impl tonic::IntoRequest<Cursor>,
) -> Result<Streaming<Cursor>, Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let codec = ProstCodec::<Cursor, Cursor>::default();
    client.server_streaming(request.into_request(), path(rpc), codec).await.map(Response::into_inner)
}

pub(crate) async fn upload(channel: TestChannel, messages: Vec<Cursor>) -> Result<Cursor, Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let codec = ProstCodec::<Cursor, Cursor>::default();
    let request = Request::new(stream::iter(messages));
    client.client_streaming(request, path("Upload"), codec).await.map(Response::into_inner)
}

/// Begins to send a request of one message, and never ends it.
pub(crate) async fn begin(channel: TestChannel, time: Duration) -> Result<Cursor, Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let codec = ProstCodec::<Cursor, Cursor>::default();
    let mut request = Request::new(stream::iter([Cursor::default()]).chain(stream::pending()));
    request.set_timeout(time);
    client.client_streaming(request, path("Echo"), codec).await.map(Response::into_inner)
}

fn path(rpc: &str) -> http::uri::PathAndQuery {
    format!("/medfund.echo.v1.EchoService/{rpc}").parse().unwrap()
}

/// What the service answers: what the gate told it.
fn told<T>(request: Request<T>) -> Result<Cursor, Status> {
    let (context, _) = accept(request)?;
    let caller = context.caller();
    let area = caller.area.as_ref().map_or("-", |area| area.as_str());
    let digest = context.call("440700".parse().unwrap(), uuid::Uuid::max(), false).digest;
    Ok(Cursor {
        source: format!("{} {area} {} {}", caller.subject, context.method(), hex::encode(digest)),
        position: context.instant().timestamp_micros(),
    })
}

/// The service with another handler for its unary RPCs.
#[derive(Clone)]
pub(crate) struct Routed<U>(pub(crate) U);

#[derive(Clone)]
struct Echo;

#[derive(Clone)]
struct Undeclared;

impl NamedService for Echo {
    const NAME: &'static str = "medfund.echo.v1.EchoService";
}

impl NamedService for Undeclared {
    const NAME: &'static str = "medfund.echo.v1.OpenService";
}

type Answer<T> = BoxFuture<'static, Result<Response<T>, Status>>;

struct Tell;
struct Wait;
struct Watch;
struct Flood;
struct Panic;
struct Upload;

impl tonic::server::UnaryService<Cursor> for Tell {
    type Response = Cursor;
    type Future = Answer<Cursor>;

    fn call(&mut self, request: Request<Cursor>) -> Answer<Cursor> {
        Box::pin(async { told(request).map(Response::new) })
    }
}

impl tonic::server::UnaryService<Cursor> for Wait {
    type Response = Cursor;
    type Future = Answer<Cursor>;

    fn call(&mut self, _: Request<Cursor>) -> Answer<Cursor> {
        Box::pin(std::future::pending())
    }
}

impl tonic::server::ServerStreamingService<Cursor> for Watch {
    type Response = Cursor;
    type ResponseStream = BoxStream<'static, Result<Cursor, Status>>;
    type Future = Answer<Self::ResponseStream>;

    fn call(&mut self, request: Request<Cursor>) -> Self::Future {
        Box::pin(async {
            let first = stream::iter([told(request)]);
            Ok(Response::new(first.chain(stream::pending()).boxed()))
        })
    }
}

impl tonic::server::ServerStreamingService<Cursor> for Flood {
    type Response = Cursor;
    type ResponseStream = BoxStream<'static, Result<Cursor, Status>>;
    type Future = Answer<Self::ResponseStream>;

    fn call(&mut self, _: Request<Cursor>) -> Self::Future {
        let drop = Cursor { source: "x".repeat(100_000), position: 0 };
        Box::pin(async { Ok(Response::new(stream::repeat_with(move || Ok(drop.clone())).boxed())) })
    }
}

impl tonic::server::UnaryService<Cursor> for Panic {
    type Response = Cursor;
    type Future = Answer<Cursor>;

    fn call(&mut self, _: Request<Cursor>) -> Answer<Cursor> {
        Box::pin(async { panic!("as a test wants it") })
    }
}

impl tonic::server::ServerStreamingService<Cursor> for Panic {
    type Response = Cursor;
    type ResponseStream = BoxStream<'static, Result<Cursor, Status>>;
    type Future = Answer<Self::ResponseStream>;

    fn call(&mut self, _: Request<Cursor>) -> Self::Future {
        let late = stream::once(async {
            // What was said before leaves first.
            tokio::task::yield_now().await;
            panic!("as a test wants it")
        });
        Box::pin(async { Ok(Response::new(stream::iter([Ok(Cursor::default())]).chain(late).boxed())) })
    }
}

impl tonic::server::ClientStreamingService<Cursor> for Upload {
    type Response = Cursor;
    type Future = Answer<Cursor>;

    fn call(&mut self, request: Request<Streaming<Cursor>>) -> Answer<Cursor> {
        Box::pin(async {
            let (context, mut messages) = accept(request)?;
            let mut position = 0;
            while messages.message().await?.is_some() {
                position += 1;
            }
            Ok(Response::new(Cursor { source: context.method().to_owned(), position }))
        })
    }
}

impl tower::Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let mut grpc = Grpc::new(ProstCodec::<Cursor, Cursor>::default());
        Box::pin(async move {
            let rpc = request.uri().path().rsplit('/').next().unwrap_or_default().to_owned();
            Ok(match rpc.as_str() {
                "Wait" => grpc.unary(Wait, request).await,
                "Watch" => grpc.server_streaming(Watch, request).await,
                "Flood" => grpc.server_streaming(Flood, request).await,
                "Panic" => grpc.unary(Panic, request).await,
                "PanicLate" => grpc.server_streaming(Panic, request).await,
                "Upload" => grpc.client_streaming(Upload, request).await,
                _ => grpc.unary(Tell, request).await,
            })
        })
    }
}

impl<U> NamedService for Routed<U> {
    const NAME: &'static str = Echo::NAME;
}

impl<U> tower::Service<http::Request<Body>> for Routed<U>
where
    U: tonic::server::UnaryService<Cursor, Response = Cursor, Future: Send> + Clone + Send + 'static,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let mut grpc = Grpc::new(ProstCodec::<Cursor, Cursor>::default());
        let handler = self.0.clone();
        Box::pin(async move { Ok(grpc.unary(handler, request).await) })
    }
}

impl tower::Service<http::Request<Body>> for Undeclared {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        Box::pin(async { Ok(Status::ok("").into_http()) })
    }
}
