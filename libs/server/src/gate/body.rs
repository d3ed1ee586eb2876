use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;
use tonic::body::Body;
use tonic::{Code, Status};
use tracing::Span;

use super::{code_in, overdue};
use crate::error::with_domain_sync;
use crate::metrics::{Observation, code_name};

/// A response that is watched to its end: it keeps the call's place and deadline until then.
pub(super) struct Watched {
    inner: Body,
    deadline: Pin<Box<Sleep>>,
    observation: Option<Observation>,
    permit: Option<OwnedSemaphorePermit>,
    domain: Cow<'static, str>,
    span: Span,
}

impl Watched {
    pub(super) fn new(
        inner: Body,
        deadline: Instant,
        observation: Observation,
        permit: OwnedSemaphorePermit,
        domain: Cow<'static, str>,
    ) -> Self {
        Self {
            inner,
            deadline: Box::pin(tokio::time::sleep_until(deadline.into())),
            observation: Some(observation),
            permit: Some(permit),
            domain,
            span: Span::current(),
        }
    }

    fn end(&mut self, code: Code) {
        self.span.record("rpc.grpc.status", code_name(code));
        if let Some(mut observation) = self.observation.take() {
            observation.ended(code);
        }
        self.permit = None;
    }
}

impl http_body::Body for Watched {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let this = &mut *self;
        if this.observation.is_none() {
            return Poll::Ready(None);
        }
        let inner = &mut this.inner;
        let polled =
            this.span.in_scope(|| with_domain_sync(this.domain.clone(), || Pin::new(inner).poll_frame(cx)));
        if polled.is_pending() {
            ready!(this.deadline.as_mut().poll(cx));
            this.end(Code::DeadlineExceeded);
            let mut trailers = HeaderMap::new();
            let status = with_domain_sync(this.domain.clone(), overdue);
            status.add_header(&mut trailers)?;
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        let frame = ready!(polled);
        match &frame {
            Some(Ok(frame)) => {
                if let Some(code) = frame.trailers_ref().and_then(code_in) {
                    this.end(code);
                }
            }
            Some(Err(status)) => this.end(status.code()),
            None => this.end(Code::Unknown),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.observation.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
