use std::time::Duration;

use futures::future::BoxFuture;
use medfund_db::EventSource;
use medfund_proto::feed::v1::feed_service_client::FeedServiceClient;
use medfund_proto::feed::v1::{Event, ReadEventsRequest};
use tonic::Request;

use crate::client::AuthenticatedChannel;
use crate::config::Config;

/// How long the other service waits for an event before it answers with none.
const WAIT_MS: i32 = 15_000;

/// How long an answer may take: the wait and the work.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Room for what a message holds beside its events' bytes.
const FRAME_BYTES: usize = 64 << 10;

/// Another service's feed, read over gRPC.
///
/// A [`medfund_db::Consumer`] keeps the position, and pauses and tries again
/// after a failure.
#[derive(Clone)]
pub struct RemoteFeed(FeedServiceClient<AuthenticatedChannel>);

impl RemoteFeed {
    /// The feed at the other end of `channel`.
    ///
    /// - `max_message_bytes`: the most that the other service puts into an answer.
    #[must_use]
    pub fn new(channel: AuthenticatedChannel, max_message_bytes: usize) -> Self {
        let client = FeedServiceClient::new(channel);
        Self(client.max_decoding_message_size(max_message_bytes.saturating_add(FRAME_BYTES)))
    }
}

impl EventSource for RemoteFeed {
    fn read_events(&self, position: i64) -> BoxFuture<'_, Result<Vec<Event>, String>> {
        let mut client = self.0.clone();
        Box::pin(async move {
            let page = ReadEventsRequest { after_position: position, page_size: 0, wait_ms: WAIT_MS };
            let mut request = Request::new(page);
            request.set_timeout(TIMEOUT);
            let answer = client.read_events(request).await;
            answer
                .map(|answer| answer.into_inner().events)
                .map_err(|status| format!("{:?}: {}", status.code(), status.message()))
        })
    }
}

impl Config {
    /// The feed of another service, as this service.
    ///
    /// # Panics
    ///
    /// If `peer` is none of those that the configuration was loaded for.
    ///
    /// # Errors
    ///
    /// If the certificates cannot be used.
    pub fn feed_of(&self, peer: &str) -> Result<RemoteFeed, tonic::transport::Error> {
        Ok(RemoteFeed::new(self.channel_to(peer)?, self.limits.max_message_bytes))
    }
}
