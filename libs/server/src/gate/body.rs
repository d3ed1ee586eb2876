use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::AbortHandle;
use tokio::time::Sleep;
use tonic::body::Body;
use tonic::{Code, Status};
use tracing::Span;

use super::{code_in, overdue, panicked};
use crate::error::with_domain_sync;
use crate::metrics::{Observation, code_name};

/// What a response holds until its end: its source, its count and the call's place.
struct Held {
    inner: Body,
    observation: Observation,
    _permit: OwnedSemaphorePermit,
}

/// A response that is watched to its end: it keeps the call's place until then, or until the deadline.
pub(super) struct Watched {
    held: Arc<Mutex<Option<Held>>>,
    deadline: Pin<Box<Sleep>>,
    cut: AbortHandle,
    ended: bool,
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
        let held = Arc::new(Mutex::new(Some(Held { inner, observation, _permit: permit })));
        // A caller who does not read is not polled for: what it holds must go at the deadline all the same.
        let late = Arc::clone(&held);
        let cut = tokio::spawn(async move {
            tokio::time::sleep_until(deadline.into()).await;
            drop(lock(&late).take());
        });
        Self {
            held,
            deadline: Box::pin(tokio::time::sleep_until(deadline.into())),
            cut: cut.abort_handle(),
            ended: false,
            domain,
            span: Span::current(),
        }
    }

    fn end(&mut self, code: Code) {
        self.ended = true;
        self.span.record("rpc.grpc.status", code_name(code));
        if let Some(mut held) = lock(&self.held).take() {
            held.observation.ended(code);
        }
    }

    /// Ends the response with a status in place of what its source would give.
    fn end_with(&mut self, status: impl FnOnce() -> Status) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let status = with_domain_sync(self.domain.clone(), status);
        self.end(status.code());
        let mut trailers = HeaderMap::new();
        status.add_header(&mut trailers)?;
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }
}

type Bytes = <Body as http_body::Body>::Data;

fn lock(held: &Mutex<Option<Held>>) -> MutexGuard<'_, Option<Held>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.cut.abort();
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        if this.ended {
            return Poll::Ready(None);
        }
        let polled = match &mut *lock(&this.held) {
            None => Ok(Poll::Pending),
            Some(held) => {
                let inner = Pin::new(&mut held.inner);
                let poll = || this.span.in_scope(|| inner.poll_frame(cx));
                catch_unwind(AssertUnwindSafe(|| with_domain_sync(this.domain.clone(), poll)))
            }
        };
        let Ok(polled) = polled else {
            return this.end_with(panicked);
        };
        if polled.is_pending() {
            ready!(this.deadline.as_mut().poll(cx));
            return this.end_with(overdue);
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
        self.ended
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.held).as_ref().map_or_else(SizeHint::default, |held| held.inner.size_hint())
    }
}
