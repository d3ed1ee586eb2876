use diesel_async::SimpleAsyncConnection;
use medfund_db::audit::{Verdict, verify};
use medfund_db::{Database, jobs};
use medfund_testkit::TestDatabase;

use crate::common::{call, count, database, write_note};

async fn sealed(n: usize) -> (TestDatabase, Database) {
    let db = database().await;
    let database = db.connect().await;
    for i in 0..n {
        let note = format!("note-{i}");
        let done = database
            .writer()
            .run(call(), move |tx| Box::pin(async move { write_note(tx, &note, "hello").await }));
        done.await.unwrap();
    }
    jobs::drain(&database).await.unwrap();
    (db, database)
}

/// Changes rows behind the service's back, as only a superuser can.
async fn tamper(db: &TestDatabase, sql: &str) {
    let sql = format!("SET session_replication_role = replica; {sql}");
    db.raw_admin().await.batch_execute(&sql).await.unwrap();
}

async fn first_broken(database: &Database) -> (i64, &'static str) {
    match verify(database).await.unwrap() {
        Verdict::Broken(broken) => (broken.position, broken.why),
        Verdict::Whole { .. } => panic!("nothing was found"),
    }
}

#[tokio::test]
async fn an_untouched_chain_is_whole_and_grows() {
    let (_db, database) = sealed(5).await;
    let Verdict::Whole { n_sealed: 5, head } = verify(&database).await.unwrap() else { panic!("not whole") };
    assert_eq!(head.len(), 64);

    database.writer().run(call(), |tx| Box::pin(write_note(tx, "more", "hello"))).await.unwrap();
    jobs::drain(&database).await.unwrap();

    let Verdict::Whole { n_sealed: 6, head: later } = verify(&database).await.unwrap() else {
        panic!("not whole")
    };
    assert_ne!(head, later);
}

#[tokio::test]
async fn a_changed_row_is_named() {
    for change in [
        "caller = 'somebody-else'",
        "roles = '{4}'",
        "institution = 'H44070300001'",
        "method = 'other'",
        "digest = ''",
        "answer_digest = ''",
        "create_time = create_time + interval '1 microsecond'",
        "area = '510400'",
        "hash = decode(repeat('00', 32), 'hex')",
    ] {
        let (db, database) = sealed(4).await;
        tamper(&db, &format!("UPDATE audit_rows SET {change} WHERE position = 3")).await;

        let (position, why) = first_broken(&database).await;

        assert_eq!(position, 3, "{change}");
        assert!(why.contains("was changed"), "{why}");
    }
}

#[tokio::test]
async fn a_row_that_is_gone_is_named_also_at_the_end() {
    for position in [1, 3, 5] {
        let (db, database) = sealed(5).await;
        tamper(&db, &format!("DELETE FROM audit_rows WHERE position = {position}")).await;
        assert_eq!(first_broken(&database).await, (position, "the row is missing"));
    }
}

#[tokio::test]
async fn a_forged_last_row_does_not_fit_the_head() {
    let (db, database) = sealed(3).await;
    tamper(&db, "UPDATE heads SET hash = decode(repeat('11', 32), 'hex') WHERE chain = 'audit'").await;

    assert_eq!(first_broken(&database).await, (3, "the chain's head has another hash"));
}

#[tokio::test]
async fn the_service_itself_cannot_change_or_remove_a_row() {
    let (db, _) = sealed(2).await;
    let mut raw = db.raw().await;
    for (sql, expected) in [
        ("UPDATE audit_rows SET caller = 'x'", "permission denied"),
        ("UPDATE audit_rows SET position = 9", "sealed once"),
        ("DELETE FROM audit_rows", "permission denied"),
        ("TRUNCATE audit_rows", "permission denied"),
    ] {
        let sql = format!("SET medfund.area = '*'; SET medfund.institution = '*'; {sql}");
        let error = raw.batch_execute(&sql).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{sql}: {error}");
    }
    assert_eq!(count(&db, "audit_rows").await, 2);
}
