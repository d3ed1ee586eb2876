//! Waiting until every service has heard what the others said.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::bail;
use medfund_proto::feed::v1::feed_service_client::FeedServiceClient;
use medfund_proto::feed::v1::{GetFeedStatusRequest, GetFeedStatusResponse};

use super::{Person, Service, Session};

/// How long services may take to hear of one another.
const PATIENCE: Duration = Duration::from_secs(90);

type Statuses = BTreeMap<&'static str, GetFeedStatusResponse>;

impl Session {
    /// Waits until every event that was committed has taken effect wherever it is read.
    ///
    /// # Errors
    ///
    /// If a service does not catch up in time, telling which; or if one refuses to tell.
    pub async fn heard(&self, reader: &Person) -> anyhow::Result<()> {
        let begun = Instant::now();
        let mut before: Option<Statuses> = None;
        loop {
            let now = self.feed_statuses(reader).await?;
            let behind = behind(&now);
            // Hearing makes services speak: all is heard when a second look finds nothing new.
            if behind.is_none() && before.as_ref().is_some_and(|before| heads(before) == heads(&now)) {
                return Ok(());
            }
            if let Some(behind) = &behind
                && begun.elapsed() > PATIENCE
            {
                bail!("{behind} for {} s", PATIENCE.as_secs());
            }
            if behind.is_some() {
                tokio::time::sleep(Duration::from_millis(15)).await;
            }
            before = behind.is_none().then_some(now);
        }
    }

    /// Whether every service answers at once.
    pub(crate) async fn answers(&self, reader: &Person) -> bool {
        for service in Service::ALL {
            let Ok(request) = self.signed(reader, GetFeedStatusRequest {}) else { return false };
            let asked = FeedServiceClient::new(self.channel(service)).get_feed_status(request).await;
            if asked.is_err() {
                return false;
            }
        }
        true
    }

    async fn feed_statuses(&self, reader: &Person) -> anyhow::Result<Statuses> {
        let mut statuses = Statuses::new();
        for service in Service::ALL {
            let status = self.send(service, reader, GetFeedStatusRequest {}, |channel, request| async move {
                FeedServiceClient::new(channel).get_feed_status(request).await
            });
            statuses.insert(service.name(), status.await?);
        }
        Ok(statuses)
    }
}

fn heads(statuses: &Statuses) -> Vec<i64> {
    statuses.values().map(|status| status.head_position).collect()
}

/// Who has not heard everything, if somebody has not.
fn behind(statuses: &Statuses) -> Option<String> {
    for (reader, status) in statuses {
        if status.unnumbered > 0 {
            return Some(format!("{reader} has {} events without a position", status.unnumbered));
        }
        for cursor in &status.cursors {
            let head = statuses.get(cursor.source.as_str()).map_or(0, |source| source.head_position);
            if cursor.position < head {
                return Some(format!(
                    "{reader} has read {} of {head} events of {}",
                    cursor.position, cursor.source
                ));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use medfund_proto::feed::v1::Cursor;

    use super::*;

    #[test]
    fn a_reader_is_behind_while_an_event_is_unnumbered_or_unread() {
        let status = |head_position, unnumbered, position| GetFeedStatusResponse {
            head_position,
            unnumbered,
            cursors: vec![Cursor { source: "budget".to_owned(), position }],
        };
        let statuses = |unnumbered, position| {
            Statuses::from([("budget", status(7, unnumbered, 7)), ("settlement", status(0, 0, position))])
        };
        assert_eq!(behind(&statuses(0, 7)), None);
        assert!(behind(&statuses(1, 7)).unwrap().contains("without a position"));
        assert!(behind(&statuses(0, 6)).unwrap().contains("6 of 7"));
    }
}
