use std::time::Duration;

use medfund_db::{Call, Database, DbError, feed, jobs};
use medfund_proto::budget::v1::PackPublished;
use medfund_proto::feed::v1::Event;
use proptest::prelude::*;
use tokio::sync::oneshot;

use crate::common::{call, database};

async fn publish(database: &Database, id: &str) {
    publish_as(database, call(), id, None).await;
}

/// Emits an event; with a gate, holds the transaction open until the gate is opened.
async fn publish_as(
    database: &Database,
    call: Call,
    id: &str,
    gate: Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>,
) {
    let event = PackPublished { pack_id: id.to_owned(), pack_hash: String::new() };
    let done = database.writer().run(call, |tx| {
        Box::pin(async move {
            tx.emit(&event).await?;
            if let Some((inside, go_on)) = gate {
                inside.send(()).unwrap();
                go_on.await.unwrap();
            }
            Ok::<(), DbError>(())
        })
    });
    done.await.unwrap();
}

fn ids(events: &[Event]) -> Vec<String> {
    events.iter().map(|event| feed::decode::<PackPublished>(event).unwrap().unwrap().pack_id).collect()
}

async fn read(database: &Database, after: i64) -> Vec<Event> {
    feed::read(database, after, 100, Duration::ZERO).await.unwrap()
}

#[tokio::test]
async fn an_event_that_commits_late_comes_later_and_is_never_skipped() {
    let db = database().await;
    let database = db.connect().await;
    let (inside, is_inside) = oneshot::channel();
    let (open, opened) = oneshot::channel();
    let late = tokio::spawn({
        let database = database.clone();
        async move { publish_as(&database, call(), "late", Some((inside, opened))).await }
    });
    is_inside.await.unwrap();
    publish(&database, "early").await;
    jobs::drain(&database).await.unwrap();

    let first_page = read(&database, 0).await;
    assert_eq!(ids(&first_page), ["early"]);
    open.send(()).unwrap();
    late.await.unwrap();
    jobs::drain(&database).await.unwrap();

    let next_page = read(&database, first_page[0].position).await;
    assert_eq!(ids(&next_page), ["late"]);
    assert_eq!(next_page[0].position, 2);
}

#[tokio::test]
async fn pages_are_in_order_without_gaps_and_can_be_read_again() {
    let db = database().await;
    let database = db.connect().await;
    for n in 0..7 {
        publish(&database, &n.to_string()).await;
    }
    jobs::drain(&database).await.unwrap();

    let mut after = 0;
    let mut seen = Vec::new();
    loop {
        let page = feed::read(&database, after, 3, Duration::ZERO).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.position;
        seen.extend(page);
    }

    assert_eq!(seen.iter().map(|event| event.position).collect::<Vec<_>>(), (1..=7).collect::<Vec<_>>());
    assert_eq!(ids(&seen), ["0", "1", "2", "3", "4", "5", "6"]);
    assert_eq!(read(&database, 0).await, seen);
}

#[tokio::test]
async fn a_waiting_reader_hears_at_once_and_an_idle_one_returns_in_time() {
    let db = database().await;
    let database = db.connect().await;
    let running = jobs::spawn(&database);
    let waiting = tokio::spawn({
        let database = database.clone();
        async move { feed::read(&database, 0, 10, Duration::from_secs(20)).await.unwrap() }
    });

    publish(&database, "news").await;

    assert_eq!(ids(&waiting.await.unwrap()), ["news"]);
    assert!(feed::read(&database, 1, 10, Duration::from_millis(10)).await.unwrap().is_empty());
    running.stop().await;
}

#[tokio::test]
async fn the_status_counts_what_has_no_number_yet() {
    let db = database().await;
    let database = db.connect().await;
    publish(&database, "a").await;
    publish(&database, "b").await;

    let before = feed::status(&database).await.unwrap();
    assert_eq!((before.head_position, before.unnumbered), (0, 2));
    jobs::drain(&database).await.unwrap();
    let after = feed::status(&database).await.unwrap();
    assert_eq!((after.head_position, after.unnumbered), (2, 0));
}

#[tokio::test]
async fn two_sequencers_at_once_number_each_event_once() {
    let db = database().await;
    let databases = [db.connect().await, db.connect().await];
    let running = databases.each_ref().map(jobs::spawn);

    let writing = (0..40).map(|n| {
        let database = databases[n % 2].clone();
        async move { publish(&database, &n.to_string()).await }
    });
    futures::future::join_all(writing).await;
    for running in running {
        running.stop().await;
    }
    jobs::drain(&databases[0]).await.unwrap();

    let events = read(&databases[1], 0).await;
    assert_eq!(events.iter().map(|event| event.position).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    let mut all = ids(&events);
    all.sort_by_key(|id| id.parse::<usize>().unwrap());
    assert_eq!(all, (0..40).map(|n| n.to_string()).collect::<Vec<_>>());
}

/// One transaction's life: it begins, and commits or rolls back, in any order among others.
async fn interleave(ends: Vec<(usize, bool)>, n: usize) {
    let db = database().await;
    let database = db.connect().await;
    let mut open: Vec<Option<(oneshot::Sender<bool>, tokio::task::JoinHandle<()>)>> = Vec::new();
    for i in 0..n {
        let (inside, is_inside) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let writer = database.writer();
        let task = tokio::spawn(async move {
            let event = PackPublished { pack_id: i.to_string(), pack_hash: String::new() };
            let done = writer.run(call(), move |tx| {
                Box::pin(async move {
                    tx.emit(&event).await?;
                    inside.send(()).unwrap();
                    if ended.await.unwrap() { Ok(()) } else { Err(DbError::NotFound) }
                })
            });
            let _ = done.await;
        });
        is_inside.await.unwrap();
        open.push(Some((end, task)));
    }
    let (mut after, mut seen, mut committed) = (0, Vec::new(), Vec::new());
    for (which, commits) in ends {
        let Some((end, task)) = open[which % n].take() else { continue };
        end.send(commits).unwrap();
        task.await.unwrap();
        if commits {
            committed.push((which % n).to_string());
        }
        jobs::drain(&database).await.unwrap();
        let page = read(&database, after).await;
        after = page.last().map_or(after, |event| event.position);
        seen.extend(page);
    }
    assert_eq!(ids(&seen), committed);
    assert!(seen.iter().zip(1..).all(|(event, position)| event.position == position));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn a_reader_sees_every_commit_in_whatever_order_they_come(
        ends in prop::collection::vec((0..6_usize, prop::bool::weighted(0.8)), 6..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(interleave(ends, 6));
    }
}
