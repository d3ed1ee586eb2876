use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel_migrations::EmbeddedMigrations;
use futures::future::BoxFuture;
use medfund_db::{Call, Caller, Consumer, Database, DbError, EventHandler, Tx, feed};
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1::BusinessDateAdvanced;
use medfund_proto::feed::v1::feed_service_client::FeedServiceClient;
use medfund_proto::feed::v1::{Event, GetFeedStatusRequest, ReadEventsRequest};
use medfund_server::{CancellationToken, Config, RemoteFeed, Server};
use medfund_testkit::{AREA, TestDatabase, TestPeer, TestService};
use tonic::Code;
use tonic_types::StatusExt;

async fn serve(
    config: Config,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let database = Database::connect(&config.database()?).await?;
    Server::builder(config).database(&database).run(stop).await?;
    Ok(())
}

async fn start() -> TestService {
    TestService::builder("source", EmbeddedMigrations::new(&[])).start(serve).await
}

/// Commits `n` events, as the service itself would.
async fn announce(database: &Database, n: usize) {
    for _ in 0..n {
        let call = Call {
            caller: Caller {
                subject: "keeper".to_owned(),
                roles: vec![10],
                area: Some(area()),
                institution: None,
            },
            area: area(),
            method: "medfund.budget.v1.CalendarService/AdvanceBusinessDate",
            request_id: uuid::Uuid::now_v7(),
            digest: [0; 32],
            instant: "2017-01-01T00:00:00Z".parse().unwrap(),
            dry_run: false,
        };
        let writer = database.writer();
        let written =
            writer.run(call, |tx| Box::pin(async move { tx.emit(&BusinessDateAdvanced::default()).await }));
        written.await.unwrap();
    }
}

fn area() -> medfund_types::Area {
    AREA.parse().unwrap()
}

fn page(after_position: i64, wait_ms: i32) -> ReadEventsRequest {
    ReadEventsRequest { after_position, page_size: 0, wait_ms }
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<i64>>>);

impl EventHandler for Heard {
    type Error = DbError;

    fn on_event<'a>(&'a self, _: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async {
            if feed::decode::<BusinessDateAdvanced>(event)?.is_some() {
                self.0.lock().unwrap().push(event.position);
            }
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_service_reads_events_in_order_and_waits_for_the_next() {
    let service = start().await;
    let database = service.database().connect().await;
    announce(&database, 3).await;
    let mut client = FeedServiceClient::new(service.as_service("settlement"));

    let mut events = Vec::new();
    while events.len() < 3 {
        let after = events.last().map_or(0, |event: &Event| event.position);
        events.extend(client.read_events(page(after, 5_000)).await.unwrap().into_inner().events);
    }
    let positions: Vec<_> = events.iter().map(|event| event.position).collect();
    assert_eq!(positions, [1, 2, 3]);

    let mut waiting = client.clone();
    let next = tokio::spawn(async move { waiting.read_events(page(3, 20_000)).await });
    announce(&database, 1).await;
    assert_eq!(next.await.unwrap().unwrap().into_inner().events[0].position, 4);
    assert!(client.read_events(page(4, 0)).await.unwrap().into_inner().events.is_empty());
}

#[tokio::test]
async fn only_services_read_events_and_a_calendar_keeper_sees_how_far_they_are() {
    let service = start().await;
    let keeper = service.as_role(Role::CalendarKeeper);
    let status =
        FeedServiceClient::new(keeper.clone()).get_feed_status(GetFeedStatusRequest {}).await.unwrap();
    assert_eq!(status.into_inner().head_position, 0);
    let refused = FeedServiceClient::new(keeper).read_events(page(0, 0)).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn malformed_positions_are_told() {
    let service = start().await;
    let mut client = FeedServiceClient::new(service.as_service("settlement"));
    let refused = client.read_events(page(-1, -1)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let details = refused.get_error_details();
    assert_eq!(details.error_info().unwrap().domain, "source.medfund");
    let fields: Vec<_> =
        details.bad_request().unwrap().field_violations.iter().map(|bad| bad.field.as_str()).collect();
    assert_eq!(fields, ["after_position", "wait_ms"]);
}

#[tokio::test]
async fn a_consumer_goes_on_where_it_was_when_the_other_service_was_killed() {
    let mut service = start().await;
    let producer = service.database().connect().await;
    let reader_database = TestDatabase::create("reader", EmbeddedMigrations::new(&[])).await;
    let reader = reader_database.connect().await;
    let heard = Heard::default();
    let stop = CancellationToken::new();
    let remote =
        RemoteFeed::new(service.as_service("reader").into(), service.config().limits.max_message_bytes);
    let consumer = Consumer::new(&reader, "source", heard.clone());
    let running = tokio::spawn({
        let (consumer, stop) = (consumer.clone(), stop.clone());
        async move { consumer.run(remote, stop).await }
    });
    announce(&producer, 2).await;
    until(&consumer, 2).await;

    service.kill().await;
    announce(&producer, 2).await;
    service.restart(serve).await;

    until(&consumer, 4).await;
    assert_eq!(*heard.0.lock().unwrap(), [1, 2, 3, 4]);
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_reader_who_waits_does_not_hold_up_the_stop() {
    let mut service = start().await;
    let mut client = FeedServiceClient::new(service.as_service("settlement"));
    let waiting = tokio::spawn(async move { client.read_events(page(0, 20_000)).await });
    while !service.get("/metrics").await.1.contains("medfund_calls_in_flight 1") {
        tokio::task::yield_now().await;
    }
    let began = std::time::Instant::now();
    service.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(waiting.await.unwrap().unwrap().into_inner().events.is_empty());
}

/// Waits until the consumer has heard of `position`.
async fn until(consumer: &Consumer<Heard>, position: i64) {
    let heard = async {
        while consumer.position().await.unwrap() < position {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("the events are heard in time");
}

#[tokio::test]
async fn a_service_catches_up_with_its_peer() {
    let peer = TestPeer::start("budget").await;
    for _ in 0..3 {
        peer.emit(AREA, &BusinessDateAdvanced::default()).await;
    }
    let heard = Heard::default();
    let handler = heard.clone();
    let serve = async move |config: Config, stop| -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let database = Database::connect(&config.database()?).await?;
        let (consumer, feed) = (Consumer::new(&database, "budget", handler), config.feed_of("budget")?);
        Server::builder(config).database(&database).consume(consumer, feed).run(stop).await?;
        Ok(())
    };
    let builder = TestService::builder("reader", EmbeddedMigrations::new(&[])).peer("budget", peer.service());
    let service = builder.start(serve).await;

    service.until_caught_up_with(peer.service()).await;

    assert_eq!(*heard.0.lock().unwrap(), [1, 2, 3]);
}
