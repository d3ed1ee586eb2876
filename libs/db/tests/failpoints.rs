//! What is left when the process fails at each point of the write path and of the jobs.
//!
//! Failpoints belong to the whole process: each test arms its own and holds the others off.

#[path = "it/common.rs"]
mod common;

use std::time::Duration;

use futures::future::BoxFuture;
use medfund_db::{Consumer, Database, DbError, EventHandler, Tx, arm_failpoints, feed, jobs};
use medfund_ledger::{Account, AccountKind, Transfer};
use medfund_money::PositiveFen;
use medfund_proto::budget::v1::PackPublished;
use medfund_proto::feed::v1::Event;
use medfund_testkit::TestDatabase;

use crate::common::{area, call, count, count_on, database, officer, write_note};

/// Writes a note, moves a fen and tells of it.
async fn effect(tx: &mut Tx<'_>) -> Result<String, DbError> {
    let [debit, credit] = ["a", "b"].map(|name| Account::new(AccountKind::Quota, [name]).unwrap());
    let amount = PositiveFen::try_from(1).unwrap();
    tx.transfer(&[Transfer::new(tx.id("t"), debit, credit, amount, "moved", "test").unwrap()]).await?;
    tx.emit(&PackPublished::default()).await?;
    write_note(tx, "a", "hello").await
}

async fn rows(db: &TestDatabase) -> Vec<i64> {
    let mut all = Vec::new();
    for table in ["notes", "requests", "outbox", "audit_rows", "transfers"] {
        all.push(count(db, table).await);
    }
    all
}

#[tokio::test]
async fn a_command_that_fails_anywhere_is_done_once_after_a_retry() {
    let armed = arm_failpoints();
    let points = [("after_claim", 0), ("before_commit", 0), ("after_commit", 1)];
    for (point, n_kept) in points {
        let db = database().await;
        let writer = db.connect().await.writer();
        let call = call();
        fail::cfg(format!("write::{point}"), "1*return").unwrap();

        let failed = writer.run(call.clone(), |tx| Box::pin(effect(tx))).await;
        assert!(matches!(failed, Err(DbError::Failpoint(_))), "{point}");
        assert_eq!(rows(&db).await, [n_kept; 5], "{point}");

        let answer = writer.run(call, |tx| Box::pin(effect(tx))).await.unwrap();
        assert_eq!(answer, "a: hello");
        assert_eq!(rows(&db).await, [1; 5], "{point}");
    }
    drop(armed);
}

#[tokio::test]
async fn jobs_that_fail_before_their_commit_do_the_same_again() {
    let armed = arm_failpoints();
    let db = database().await;
    let database = db.connect().await;
    database.writer().run(call(), |tx| Box::pin(effect(tx))).await.unwrap();

    for point in ["sequencer", "sealer", "rollup"] {
        fail::cfg(format!("{point}::before_commit"), "1*return").unwrap();
        assert!(matches!(jobs::drain(&database).await, Err(DbError::Failpoint(_))), "{point}");
    }
    jobs::drain(&database).await.unwrap();

    let events = feed::read(&database, 0, 10, Duration::ZERO).await.unwrap();
    assert_eq!(events.iter().map(|event| event.position).collect::<Vec<_>>(), [1]);
    assert_eq!(count(&db, "ledger_accounts WHERE debits_fen + credits_fen = 1").await, 2);
    let seen = database.reader().run(&officer(), &area(), |conn| {
        Box::pin(async move { Ok::<_, DbError>(count_on(conn, "audit_rows WHERE position = 1").await?) })
    });
    assert_eq!(seen.await.unwrap(), 1);
    drop(armed);
}

struct Effect;

impl EventHandler for Effect {
    type Error = DbError;

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, _: &'a Event) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move { effect(tx).await.map(drop) })
    }
}

#[tokio::test]
async fn an_event_whose_consumer_fails_anywhere_acts_once() {
    let armed = arm_failpoints();
    let producer = database().await;
    let source = producer.connect().await;
    source.writer().run(call(), |tx| Box::pin(effect(tx))).await.unwrap();
    jobs::drain(&source).await.unwrap();
    let event = feed::read(&source, 0, 1, Duration::ZERO).await.unwrap().remove(0);

    for (point, acts_again) in [("before_commit", true), ("after_commit", false)] {
        let db = database().await;
        let here: Database = db.connect().await;
        let consumer = Consumer::new(&here, "budget", Effect);
        fail::cfg(format!("consumer::{point}"), "1*return").unwrap();

        assert!(matches!(consumer.consume(&event).await, Err(DbError::Failpoint(_))), "{point}");
        assert_eq!(consumer.consume(&event).await.unwrap(), acts_again, "{point}");

        assert_eq!(rows(&db).await, [1, 0, 1, 1, 1], "{point}");
        assert_eq!(consumer.position().await.unwrap(), 1);
    }
    drop(armed);
}
