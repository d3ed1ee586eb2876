use std::sync::Arc;
use std::time::Duration;

use diesel::sql_types::Text;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use medfund_db::{Call, Caller, Database, DatabaseConfig, DbError, feed, jobs};
use medfund_proto::budget::v1::PackPublished;
use medfund_types::Area;
use tokio::sync::{Barrier, oneshot};

use crate::common::{call, count, database, officer, write_note};

#[tokio::test]
async fn a_command_is_done_once_and_answers_the_same_again() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let call = call();

    let first = writer.run(call.clone(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    let again = writer.run(call, |_| Box::pin(async { panic!("done twice") })).await;

    assert_eq!(first, "a: hello");
    assert_eq!(again.map_err(|e: DbError| e.to_string()), Ok(first));
    assert_eq!(count(&db, "notes").await, 1);
    assert_eq!(count(&db, "audit_rows").await, 1);
}

#[tokio::test]
async fn a_request_id_with_other_content_is_refused() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let first = call();
    writer.run(first.clone(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();

    let other = Call { digest: [8; 32], ..first };
    let error = writer.run(other, |tx| Box::pin(write_note(tx, "b", "other"))).await.unwrap_err();

    assert!(matches!(error, DbError::RequestIdReused), "{error}");
    assert_eq!(count(&db, "notes").await, 1);
}

#[tokio::test]
async fn two_at_once_with_one_request_id_do_it_once_and_answer_the_same() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let call = call();
    let together = Arc::new(Barrier::new(8));

    let tries = (0..8).map(|n| {
        let (writer, call, together) = (writer.clone(), call.clone(), Arc::clone(&together));
        tokio::spawn(async move {
            together.wait().await;
            writer
                .run(call, move |tx| Box::pin(async move { write_note(tx, "a", &format!("by {n}")).await }))
                .await
        })
    });
    let answers: Vec<Result<String, DbError>> =
        futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();

    let first = answers[0].as_ref().unwrap().clone();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap() == &first));
    assert_eq!(count(&db, "notes").await, 1);
    assert_eq!(count(&db, "requests").await, 1);
}

#[tokio::test]
async fn one_request_id_may_serve_two_callers_and_two_methods() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let first = call();
    let colleague = Caller { subject: "officer-2".to_owned(), ..officer() };
    let by_colleague = Call { caller: colleague, ..first.clone() };
    let other_method = Call { method: "medfund.test.v1.NoteService/EraseNote", ..first.clone() };

    for (note, call) in [("a", first), ("b", by_colleague), ("c", other_method)] {
        let event = PackPublished { pack_id: note.to_owned(), pack_hash: String::new() };
        let done = writer.run(call, move |tx| {
            Box::pin(async move {
                tx.emit(&event).await?;
                write_note(tx, note, "hello").await
            })
        });
        done.await.unwrap();
    }

    assert_eq!(count(&db, "notes").await, 3);
    assert_eq!(count(&db, "outbox").await, 3);
    assert_eq!(count(&db, "audit_rows").await, 3);
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let call = call();

    let failed = writer.run(call.clone(), |tx| {
        Box::pin(async move {
            write_note(tx, "a", "hello").await?;
            Err::<String, _>(DbError::Internal("the domain refused".to_owned()))
        })
    });
    assert!(failed.await.is_err());
    assert_eq!(count(&db, "requests").await, 0);
    assert_eq!(count(&db, "notes").await, 0);

    let answer = writer.run(call, |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    assert_eq!(answer, "a: hello");
}

#[tokio::test]
async fn a_dry_run_answers_and_leaves_nothing() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let dry = Call { dry_run: true, ..call() };

    let answer = writer.run(dry.clone(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();

    assert_eq!(answer, "a: hello");
    for table in ["notes", "requests", "outbox", "audit_rows"] {
        assert_eq!(count(&db, table).await, 0, "{table}");
    }
    let real = Call { dry_run: false, ..dry };
    writer.run(real, |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    assert_eq!(count(&db, "notes").await, 1);
}

#[tokio::test]
async fn a_dry_run_meets_every_constraint() {
    let db = database().await;
    let writer = db.connect().await.writer();
    writer.run(call(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();

    let dry = Call { dry_run: true, ..call() };
    let error = writer.run(dry, |tx| Box::pin(write_note(tx, "a", "again"))).await.unwrap_err();

    assert_eq!(error.constraint(), Some("notes_key"));
}

#[tokio::test]
async fn a_command_whose_caller_hung_up_runs_to_its_end() {
    let db = database().await;
    let database = db.connect().await;
    let (started, has_started) = oneshot::channel();
    let (go_on, may_go_on) = oneshot::channel::<()>();

    let writer = database.writer();
    let call = call();
    let hung_up = tokio::spawn({
        let call = call.clone();
        async move {
            let done = writer.run(call, |tx| {
                Box::pin(async move {
                    started.send(()).unwrap();
                    may_go_on.await.unwrap();
                    write_note(tx, "a", "hello").await
                })
            });
            done.await
        }
    });
    has_started.await.unwrap();
    hung_up.abort();
    assert!(hung_up.await.unwrap_err().is_cancelled());
    go_on.send(()).unwrap();

    // The same call again waits for the first one and is given its answer.
    let answer = database.writer().run(call, |_| Box::pin(async { panic!("done twice") })).await;
    assert_eq!(answer.map_err(|e: DbError| e.to_string()), Ok("a: hello".to_owned()));
}

#[tokio::test]
async fn a_panic_rolls_back_at_once_and_leaves_no_lock() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let call = call();

    let panicked = writer.run(call.clone(), |tx| {
        Box::pin(async move {
            write_note(tx, "a", "hello").await?;
            panic!("a bug");
            #[expect(unreachable_code, reason = "gives the block its type")]
            Ok::<String, DbError>(String::new())
        })
    });
    assert!(matches!(panicked.await, Err(DbError::Internal(_))));

    // The claim of the panicked call would block this until the lock timeout.
    writer.run(call, |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    assert_eq!(count(&db, "notes").await, 1);
}

#[tokio::test]
async fn a_lock_that_is_not_granted_in_time_is_told_apart() {
    let db = database().await;
    let config = DatabaseConfig { lock_timeout: Duration::from_millis(50), ..db.config() };
    let writer = Database::connect(&config).await.unwrap().writer();
    writer.run(call(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    let mut holder = db.raw_admin().await;
    holder.batch_execute("BEGIN; SELECT * FROM notes FOR UPDATE").await.unwrap();

    let waiting = writer.run(call(), |tx| {
        Box::pin(async move {
            diesel::sql_query("SELECT FROM notes FOR UPDATE").execute(tx.conn()).await?;
            Ok::<(), DbError>(())
        })
    });

    let error = waiting.await.unwrap_err();
    assert!(matches!(error, DbError::LockTimeout), "{error}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn of_two_that_wait_for_each_other_one_is_told_so() {
    let db = database().await;
    let config = DatabaseConfig { lock_timeout: Duration::from_secs(20), ..db.config() };
    let writer = Database::connect(&config).await.unwrap().writer();
    for note in ["a", "b"] {
        writer.run(call(), move |tx| Box::pin(write_note(tx, note, "hello"))).await.unwrap();
    }
    let both_hold_one = Arc::new(Barrier::new(2));

    let crossing = [("a", "b"), ("b", "a")].map(|(first, second)| {
        let both_hold_one = Arc::clone(&both_hold_one);
        writer.run(call(), move |tx| {
            Box::pin(async move {
                for (n, note) in [first, second].into_iter().enumerate() {
                    diesel::sql_query("SELECT FROM notes WHERE note_id = $1 FOR UPDATE")
                        .bind::<Text, _>(note)
                        .execute(tx.conn())
                        .await?;
                    if n == 0 {
                        both_hold_one.wait().await;
                    }
                }
                Ok::<(), DbError>(())
            })
        })
    });
    let results = futures::future::join_all(crossing).await;

    let errors: Vec<DbError> = results.into_iter().filter_map(Result::err).collect();
    assert!(matches!(errors.as_slice(), [DbError::Deadlock]), "{errors:?}");
}

#[tokio::test]
async fn a_statement_that_runs_too_long_and_a_check_are_told_apart() {
    let db = database().await;
    let config = DatabaseConfig { statement_timeout: Duration::from_millis(50), ..db.config() };
    let writer = Database::connect(&config).await.unwrap().writer();

    let slow = writer.run(call(), |tx| {
        Box::pin(async move {
            diesel::sql_query("SELECT pg_sleep(30)").execute(tx.conn()).await?;
            Ok::<(), DbError>(())
        })
    });
    assert!(matches!(slow.await, Err(DbError::StatementTimeout)));

    let empty = writer.run(call(), |tx| Box::pin(write_note(tx, "a", ""))).await.unwrap_err();
    assert_eq!(empty.constraint(), Some("notes_body_not_empty"));
}

#[tokio::test]
async fn a_pool_without_a_free_connection_is_told_apart() {
    let db = database().await;
    let short = Duration::from_millis(100);
    let config = DatabaseConfig { max_connections: 1, acquire_timeout: short, ..db.config() };
    let writer = Database::connect(&config).await.unwrap().writer();
    let (started, has_started) = oneshot::channel();
    let (go_on, may_go_on) = oneshot::channel::<()>();
    let holder = tokio::spawn({
        let writer = writer.clone();
        async move {
            let done = writer.run(call(), |_| {
                Box::pin(async move {
                    started.send(()).unwrap();
                    may_go_on.await.unwrap();
                    Ok::<(), DbError>(())
                })
            });
            done.await
        }
    });
    has_started.await.unwrap();

    let error = writer.run(call(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap_err();

    assert!(matches!(error, DbError::PoolExhausted), "{error}");
    go_on.send(()).unwrap();
    holder.await.unwrap().unwrap();
}

#[tokio::test]
async fn connections_that_the_server_ended_are_replaced() {
    let db = database().await;
    let writer = db.connect().await.writer();
    writer.run(call(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();

    let end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
    diesel::sql_query(end_all).execute(&mut db.raw_admin().await).await.unwrap();

    writer.run(call(), |tx| Box::pin(write_note(tx, "b", "hello"))).await.unwrap();
}

#[tokio::test]
async fn a_caller_of_another_area_is_refused_before_anything_is_done() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let elsewhere: Area = "510400".parse().unwrap();

    let of_another_area = Call { area: elsewhere, ..call() };
    let error = writer.run(of_another_area, |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap_err();
    assert!(matches!(error, DbError::OtherArea));

    let without_institution = Call { caller: Caller { roles: vec![7], ..officer() }, ..call() };
    let error = writer.run(without_institution, |tx| Box::pin(write_note(tx, "a", "x"))).await.unwrap_err();
    assert!(matches!(error, DbError::OtherArea));

    let without_area = Call { caller: Caller { area: None, ..officer() }, ..call() };
    let error = writer.run(without_area, |tx| Box::pin(write_note(tx, "a", "x"))).await.unwrap_err();
    assert!(matches!(error, DbError::OtherArea), "only a service is bound to no area");
}

#[tokio::test]
async fn a_text_that_the_database_does_not_take_is_no_internal_error() {
    let db = database().await;
    let writer = db.connect().await.writer();

    let refused = writer.run(call(), |tx| Box::pin(write_note(tx, "a", "nul \0")));

    assert!(matches!(refused.await, Err(DbError::NotText)));
}

#[tokio::test]
async fn an_event_that_no_reader_could_take_is_refused_with_its_command() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let large = PackPublished { pack_id: "x".repeat(2 << 20), pack_hash: String::new() };

    let refused = writer.run(call(), |tx| Box::pin(async move { tx.emit(&large).await }));

    assert!(matches!(refused.await, Err(DbError::Internal(_))));
    assert_eq!(count(&db, "outbox").await, 0);
}

#[tokio::test]
async fn an_event_leaves_with_its_commit_or_not_at_all() {
    let db = database().await;
    let database = db.connect().await;
    let event = |id: &str| PackPublished { pack_id: id.to_owned(), pack_hash: "00".to_owned() };

    let (kept, lost) = (event("kept"), event("lost"));
    let done = database.writer().run(call(), |tx| {
        Box::pin(async move {
            tx.emit(&kept).await?;
            Ok::<(), DbError>(())
        })
    });
    done.await.unwrap();
    let failed = database.writer().run(call(), |tx| {
        Box::pin(async move {
            tx.emit(&lost).await?;
            Err::<(), _>(DbError::NotFound)
        })
    });
    failed.await.unwrap_err();
    jobs::drain(&database).await.unwrap();

    let events = feed::read(&database, 0, 10, Duration::ZERO).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(feed::decode::<PackPublished>(&events[0]).unwrap(), Some(event("kept")));
    assert_eq!(events[0].area, "440700");
    assert_eq!(events[0].kind, "medfund.budget.v1.PackPublished");
}
