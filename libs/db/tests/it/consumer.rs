use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures::future::BoxFuture;
use medfund_db::{Consumer, Database, DbError, EventHandler, EventSource, Tx, feed};
use medfund_proto::budget::v1::{PackPublished, QuotaDecided};
use medfund_proto::feed::v1::Event;
use medfund_testkit::TestDatabase;
use prost::{Message, Name};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::common::{count, count_on, database, write_note};

/// Writes a note for each pack; fails as often as it is told.
#[derive(Default)]
struct Notes {
    n_failures: AtomicUsize,
    n_before: AtomicUsize,
}

impl EventHandler for Notes {
    type Error = DbError;

    fn before<'a>(&'a self, _: &'a Event) -> BoxFuture<'a, Result<(), DbError>> {
        self.n_before.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    }

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move {
            let Some(pack) = feed::decode::<PackPublished>(event)? else { return Ok(()) };
            write_note(tx, &pack.pack_id, "heard").await?;
            tx.emit(&pack).await?;
            let fails =
                self.n_failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
            if fails.is_ok() { Err(DbError::NotFound) } else { Ok(()) }
        })
    }
}

fn event(position: i64) -> Event {
    let pack = PackPublished { pack_id: format!("pack-{position}"), pack_hash: String::new() };
    Event {
        position,
        event_id: Uuid::from_u128(u128::try_from(position).unwrap()).to_string(),
        area: "440700".to_owned(),
        kind: PackPublished::full_name(),
        payload: pack.encode_to_vec().into(),
        create_time: Some(prost_types::Timestamp { seconds: 1_483_228_800 + position, nanos: 0 }),
    }
}

async fn consumer(db: &TestDatabase) -> (Database, Consumer<Notes>) {
    let database = db.connect().await;
    let consumer = Consumer::new(&database, "budget", Notes::default());
    (database, consumer)
}

#[tokio::test]
async fn an_event_acts_once_however_often_it_is_read() {
    let db = database().await;
    let (_, consumer) = consumer(&db).await;

    for position in [1, 2, 1, 2, 2, 3, 1, 3] {
        consumer.consume(&event(position)).await.unwrap();
    }

    assert_eq!(count(&db, "notes").await, 3);
    assert_eq!(count(&db, "outbox").await, 3);
    assert_eq!(count(&db, "audit_rows WHERE caller = 'feed:budget'").await, 3);
    assert_eq!(consumer.position().await.unwrap(), 3);
}

#[tokio::test]
async fn a_cursor_that_was_set_back_moves_on_without_effect() {
    let db = database().await;
    let (_, consumer) = consumer(&db).await;
    for position in 1..=3 {
        assert!(consumer.consume(&event(position)).await.unwrap());
    }
    db.raw_admin().await.batch_execute("UPDATE feed_cursors SET position = 0").await.unwrap();

    for position in 1..=3 {
        assert!(!consumer.consume(&event(position)).await.unwrap());
    }

    assert!(consumer.consume(&event(4)).await.unwrap());
    assert_eq!(count(&db, "notes").await, 4);
}

#[tokio::test]
async fn effect_and_cursor_are_kept_together_or_not_at_all() {
    let db = database().await;
    let database = db.connect().await;
    let failing = Notes { n_failures: AtomicUsize::new(1), ..Notes::default() };
    let consumer = Consumer::new(&database, "budget", failing);

    consumer.consume(&event(1)).await.unwrap_err();
    assert_eq!((count(&db, "notes").await, count(&db, "outbox").await), (0, 0));
    assert_eq!(consumer.position().await.unwrap(), 0);

    assert!(consumer.consume(&event(1)).await.unwrap());
    assert_eq!((count(&db, "notes").await, count(&db, "outbox").await), (1, 1));
    assert_eq!(consumer.position().await.unwrap(), 1);
}

#[tokio::test]
async fn a_gap_and_another_event_at_a_known_position_are_refused() {
    let db = database().await;
    let (_, consumer) = consumer(&db).await;
    consumer.consume(&event(1)).await.unwrap();

    let gap = consumer.consume(&event(3)).await.unwrap_err();
    assert!(gap.to_string().contains("the event after 1 was expected"), "{gap}");

    let other = Event { event_id: Uuid::max().to_string(), ..event(1) };
    let diverged = consumer.consume(&other).await.unwrap_err();
    assert!(diverged.to_string().contains("stood here before"), "{diverged}");

    for bad in [
        Event { event_id: "x".to_owned(), ..event(2) },
        Event { area: "Jiangmen".to_owned(), ..event(2) },
        Event { create_time: None, ..event(2) },
        Event { payload: vec![0xff].into(), ..event(2) },
    ] {
        assert!(matches!(consumer.consume(&bad).await, Err(DbError::Feed { position: 2, .. })));
    }
    assert_eq!(consumer.position().await.unwrap(), 1);
}

#[tokio::test]
async fn an_event_of_no_interest_only_moves_the_cursor() {
    let db = database().await;
    let (_, consumer) = consumer(&db).await;

    let other_kind = Event { kind: QuotaDecided::full_name(), ..event(1) };
    assert!(consumer.consume(&other_kind).await.unwrap());

    assert_eq!(count(&db, "notes").await, 0);
    assert_eq!(consumer.position().await.unwrap(), 1);
}

#[tokio::test]
async fn two_replicas_that_consume_at_once_act_once() {
    let db = database().await;
    let database = db.connect().await;
    let replicas = [(); 4].map(|()| Consumer::new(&database, "budget", Notes::default()));
    replicas[0].position().await.unwrap();

    for position in 1..=5 {
        let event = event(position);
        let acted = futures::future::join_all(replicas.iter().map(|replica| replica.consume(&event))).await;
        assert_eq!(acted.into_iter().filter(|did| matches!(did, Ok(true))).count(), 1);
    }

    assert_eq!(count(&db, "notes").await, 5);
}

/// Gives pages that begin anywhere up to the wanted position, as a reader of old cursors would see.
struct Replaying(Arc<AtomicUsize>);

impl EventSource for Replaying {
    fn read_events(&self, position: i64) -> BoxFuture<'_, Result<Vec<Event>, String>> {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            match n % 3 {
                0 => Err("the producer is away".to_owned()),
                1 => Ok((1..=(position + 2).min(6)).map(event).collect()),
                _ => Ok((position + 1..=(position + 1).min(6)).map(event).collect()),
            }
        })
    }
}

#[tokio::test]
async fn a_running_consumer_gets_through_failures_and_rereads() {
    let db = database().await;
    let database = db.connect().await;
    let failing = Notes { n_failures: AtomicUsize::new(2), ..Notes::default() };
    let consumer = Consumer::new(&database, "budget", failing);
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (consumer, stop) = (consumer.clone(), stop.clone());
        async move { consumer.run(Replaying(Arc::default()), stop).await }
    });

    let all = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        while consumer.position().await.unwrap() < 6 {
            tokio::task::yield_now().await;
        }
    });
    all.await.unwrap();
    stop.cancel();
    running.await.unwrap();

    assert_eq!(count(&db, "notes").await, 6);
}

#[tokio::test]
async fn the_effect_sees_the_area_of_the_event_only() {
    struct Looks;
    impl EventHandler for Looks {
        type Error = DbError;

        fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, _: &'a Event) -> BoxFuture<'a, Result<(), DbError>> {
            Box::pin(async move {
                assert_eq!(count_on(tx.conn(), "heads").await?, 0);
                diesel::sql_query("INSERT INTO notes VALUES ('510400', 'x', 'H1234567', 'x')")
                    .execute(tx.conn())
                    .await?;
                Ok(())
            })
        }
    }
    let db = database().await;
    let consumer = Consumer::new(&db.connect().await, "budget", Looks);

    let refused = consumer.consume(&event(1)).await.unwrap_err();

    assert!(refused.to_string().contains("row-level security"), "{refused}");
}
