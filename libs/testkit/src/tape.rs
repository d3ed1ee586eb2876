use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http_body_util::BodyExt;
use medfund_dev::Principal;
use medfund_server::{AuthenticatedChannel, Bearer};
use tonic::body::Body;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tower::Service;

/// What callers asked of a service and were answered, in order.
#[derive(Clone, Default)]
pub(crate) struct Tape(Arc<Mutex<Vec<Call>>>);

/// One call, as it went over the wire.
#[derive(Clone)]
pub(crate) struct Call {
    /// `/package.Service/Rpc`.
    pub(crate) path: String,
    /// Who called; unknown when a test made the token itself.
    pub(crate) principal: Option<Principal>,
    channel: InterceptedService<Channel, Bearer>,
    request: Bytes,
    answer: Bytes,
    code: Arc<Mutex<Option<Code>>>,
}

type Bytes = Arc<Mutex<Vec<u8>>>;

impl Tape {
    /// The calls that were answered without an error.
    pub(crate) fn successes(&self) -> Vec<Call> {
        let calls = lock(&self.0);
        calls.iter().filter(|call| *lock(&call.code) == Some(Code::Ok)).cloned().collect()
    }
}

impl Call {
    /// The request's messages, each with the five bytes that gRPC puts before it.
    pub(crate) fn request(&self) -> Vec<u8> {
        lock(&self.request).clone()
    }

    /// The answer's messages in the same form.
    pub(crate) fn answer(&self) -> Vec<u8> {
        lock(&self.answer).clone()
    }

    /// Sends `request` as this call's caller.
    pub(crate) async fn again(&self, request: Vec<u8>) -> Result<Vec<u8>, Status> {
        ask(self.channel.clone(), &self.path, request).await
    }
}

/// A channel that carries its caller's token and puts every call on the service's tape.
#[derive(Clone)]
pub struct TestChannel {
    inner: AuthenticatedChannel,
    principal: Option<Principal>,
    tape: Tape,
}

impl TestChannel {
    pub(crate) fn new(connection: Channel, bearer: Bearer, principal: Option<Principal>, tape: Tape) -> Self {
        Self { inner: InterceptedService::new(connection, bearer), principal, tape }
    }

    /// Sends `request` to `path`, past the tape.
    pub(crate) async fn ask(self, path: &str, request: Vec<u8>) -> Result<Vec<u8>, Status> {
        ask(self.inner, path, request).await
    }
}

impl From<AuthenticatedChannel> for TestChannel {
    /// A channel whose calls stand on no service's tape.
    fn from(inner: AuthenticatedChannel) -> Self {
        Self { inner, principal: None, tape: Tape::default() }
    }
}

impl From<TestChannel> for AuthenticatedChannel {
    /// The same caller, past the tape.
    fn from(channel: TestChannel) -> Self {
        channel.inner
    }
}

impl Service<http::Request<Body>> for TestChannel {
    type Response = http::Response<Body>;
    type Error = tonic::transport::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let call = Call {
            path: request.uri().path().to_owned(),
            principal: self.principal.clone(),
            channel: self.inner.clone(),
            request: Bytes::default(),
            answer: Bytes::default(),
            code: Arc::default(),
        };
        lock(&self.tape.0).push(call.clone());
        let sent = self.inner.call(request.map(|body| copied(body, call.request, Arc::default())));
        Box::pin(async move {
            let response = sent.await?;
            *lock(&call.code) = Status::from_header_map(response.headers()).map(|status| status.code());
            Ok(response.map(|body| copied(body, call.answer, call.code)))
        })
    }
}

/// Passes a body on and keeps what it holds.
fn copied<B>(body: B, into: Bytes, code: Arc<Mutex<Option<Code>>>) -> Body
where
    B: http_body_util::BodyExt<Data = prost::bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    Body::new(body.map_frame(move |frame| {
        if let Some(data) = frame.data_ref() {
            lock(&into).extend_from_slice(data);
        }
        if let Some(status) = frame.trailers_ref().and_then(Status::from_header_map) {
            *lock(&code) = Some(status.code());
        }
        frame
    }))
}

async fn ask(mut channel: AuthenticatedChannel, path: &str, request: Vec<u8>) -> Result<Vec<u8>, Status> {
    let request = http::Request::post(path)
        .header(http::header::CONTENT_TYPE, "application/grpc")
        .header(http::header::TE, "trailers")
        .body(Body::new(http_body_util::Full::from(request)))
        .expect("a recorded path can be asked again");
    std::future::poll_fn(|cx| channel.poll_ready(cx)).await.map_err(lost)?;
    let response = channel.call(request).await.map_err(lost)?;
    let early = Status::from_header_map(response.headers());
    let body = response.into_body().collect().await?;
    let status = early.or_else(|| body.trailers().and_then(Status::from_header_map));
    match status.ok_or_else(|| Status::unknown("the answer has no status"))? {
        status if status.code() == Code::Ok => Ok(body.to_bytes().into()),
        refused => Err(refused),
    }
}

fn lost(error: impl std::error::Error) -> Status {
    Status::unavailable(error.to_string())
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
