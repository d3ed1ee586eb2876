use std::time::Duration;

use medfund_db::{Database, feed};
use medfund_proto::feed::v1::feed_service_server::{FeedService, FeedServiceServer};
use medfund_proto::feed::v1::{
    Event, GetFeedStatusRequest, GetFeedStatusResponse, ReadEventsRequest, ReadEventsResponse,
};
use prost::Message;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use crate::{Limits, Violations, accept, database_status, limited};

const USUAL_PAGE: i64 = 500;
const LARGEST_PAGE: i64 = 2_000;
const LONGEST_WAIT: Duration = Duration::from_millis(20_000);

/// Room that an event needs in a page beside its own bytes.
const EVENT_FRAME: usize = 16;

/// The feed of a service, out of its database's outbox.
#[derive(Clone)]
pub(crate) struct Feed {
    database: Database,
    max_bytes: usize,
    stop: CancellationToken,
}

impl Feed {
    /// - `stop`: when the server stops, so that a reader who waits does not hold it up.
    pub(crate) fn service(
        database: &Database,
        limits: &Limits,
        stop: CancellationToken,
    ) -> FeedServiceServer<Self> {
        let feed = Self { database: database.clone(), max_bytes: limits.max_message_bytes, stop };
        limited!(FeedServiceServer::new(feed), limits)
    }
}

#[tonic::async_trait]
impl FeedService for Feed {
    async fn read_events(
        &self,
        request: Request<ReadEventsRequest>,
    ) -> Result<Response<ReadEventsResponse>, Status> {
        let (_, request) = accept(request)?;
        let wanted = Wanted::read(&request)?;
        let events = tokio::select! {
            events = feed::read(&self.database, wanted.after, wanted.page, wanted.wait) => events,
            // One last look, without waiting.
            () = self.stop.cancelled() => feed::read(&self.database, wanted.after, wanted.page, Duration::ZERO).await,
        };
        let events = events.map_err(|error| database_status(&error))?;
        Ok(Response::new(ReadEventsResponse { events: fitting(events, self.max_bytes) }))
    }

    async fn get_feed_status(
        &self,
        request: Request<GetFeedStatusRequest>,
    ) -> Result<Response<GetFeedStatusResponse>, Status> {
        accept(request)?;
        let status = feed::status(&self.database).await;
        status.map(Response::new).map_err(|error| database_status(&error))
    }
}

struct Wanted {
    after: i64,
    page: i64,
    wait: Duration,
}

impl Wanted {
    fn read(request: &ReadEventsRequest) -> Result<Self, Violations> {
        const NEGATIVE: &str = "must not be negative";
        let mut bad = Violations::default();
        let after = Some(request.after_position).filter(|&position| position >= 0).ok_or(NEGATIVE);
        let after = bad.take("after_position", after);
        let page = bad.take("page_size", u32::try_from(request.page_size).map_err(|_| NEGATIVE));
        let wait = bad.take("wait_ms", u64::try_from(request.wait_ms).map_err(|_| NEGATIVE));
        bad.finish(|| {
            let page = match i64::from(page?) {
                0 => USUAL_PAGE,
                page => page.min(LARGEST_PAGE),
            };
            Some(Self { after: after?, page, wait: Duration::from_millis(wait?).min(LONGEST_WAIT) })
        })
    }
}

/// The first events that fit into one message together; at least one, if there is one.
fn fitting(mut events: Vec<Event>, max_bytes: usize) -> Vec<Event> {
    let mut bytes = 0;
    let fits = events.iter().take_while(|event| {
        bytes += event.encoded_len() + EVENT_FRAME;
        bytes <= max_bytes
    });
    let n_fit = fits.count();
    events.truncate(n_fit.max(1));
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stays_within_a_message() {
        let event = Event { payload: vec![0; 1_000].into(), ..Event::default() };
        let n_fit = |n, max_bytes| fitting(vec![event.clone(); n], max_bytes).len();
        assert_eq!(n_fit(10, 5_500), 5);
        assert_eq!(n_fit(3, 5_500), 3);
        assert_eq!(n_fit(3, 10), 1, "an event too large for a page is still tried, so that its size is told");
        assert_eq!(n_fit(0, 10), 0);
    }

    #[test]
    fn every_bad_argument_is_told() {
        let request = ReadEventsRequest { after_position: -1, page_size: -1, wait_ms: -1 };
        let bad = Wanted::read(&request).err().unwrap();
        assert_eq!(bad.fields(), ["after_position", "page_size", "wait_ms"]);
    }
}
