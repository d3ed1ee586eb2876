use medfund_db::{Call, DbError};

use crate::common::{call, count, database, write_note};

#[tokio::test]
async fn a_command_is_done_once_and_answers_the_same_again() {
    let db = database().await;
    let writer = db.connect().await.writer();
    let call = call();

    let first = writer.run(call.clone(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    let again: String = writer
        .run(call, |_| Box::pin(async { panic!("done twice") }))
        .await
        .unwrap_or_else(|e: DbError| panic!("{e}"));

    assert_eq!(first, "a: hello");
    assert_eq!(again, first);
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
