use diesel::result::Error;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use medfund_db::{Call, Caller, DbError, jobs};
use medfund_ledger::{Account, AccountKind, Transfer};
use medfund_money::PositiveFen;
use medfund_proto::budget::v1::PackPublished;
use medfund_testkit::TestDatabase;
use medfund_types::Area;

use crate::common::{area, call, count_on, database, officer, write_note};

const TABLES: [&str; 10] = [
    "notes",
    "requests",
    "outbox",
    "audit_rows",
    "heads",
    "feed_cursors",
    "consumed_events",
    "ledger_accounts",
    "transfers",
    "transfer_batches",
];

fn other_area() -> Area {
    "510400".parse().unwrap()
}

fn other_officer() -> Caller {
    Caller { subject: "officer-9".to_owned(), area: Some(other_area()), ..officer() }
}

async fn set(conn: &mut AsyncPgConnection, area: &str, institution: &str) {
    let settings = format!(
        "SELECT set_config('medfund.area', '{area}', true), set_config('medfund.institution', '{institution}', true)"
    );
    diesel::sql_query(settings).execute(conn).await.unwrap();
}

/// Puts at least one row into every table: a policy is asked about rows, not about nothing.
async fn fill(db: &TestDatabase) {
    let database = db.connect().await;
    let filling = database.writer().run(call(), |tx| {
        Box::pin(async move {
            let [debit, credit] = ["a", "b"].map(|name| Account::new(AccountKind::Quota, [name]).unwrap());
            let amount = PositiveFen::try_from(1).unwrap();
            tx.transfer(&[Transfer::new(tx.id("t"), debit, credit, amount, "moved", "test").unwrap()])
                .await?;
            tx.emit(&PackPublished::default()).await?;
            write_note(tx, "a", "hello").await
        })
    });
    filling.await.unwrap();
    jobs::drain(&database).await.unwrap();
    let consumed = "INSERT INTO feed_cursors VALUES ('budget', 1); \
                    INSERT INTO consumed_events VALUES ('budget', 1, gen_random_uuid())";
    db.raw_admin().await.batch_execute(consumed).await.unwrap();
}

#[tokio::test]
async fn raw_sql_without_a_caller_fails_on_every_table() {
    let db = database().await;
    fill(&db).await;
    let mut raw = db.raw().await;

    for table in TABLES {
        let unset = count_on(&mut raw, table).await;
        // A setting that was local to a transaction is empty afterwards, not unset.
        raw.batch_execute("BEGIN").await.unwrap();
        set(&mut raw, "440700", "*").await;
        raw.batch_execute("COMMIT").await.unwrap();
        let emptied = count_on(&mut raw, table).await;

        for result in [unset, emptied] {
            match result {
                Err(Error::DatabaseError(_, info)) => {
                    assert!(info.message().starts_with("no caller is set"), "{table}: {}", info.message());
                }
                other => panic!("{table}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn raw_sql_sees_and_writes_its_own_area_only() {
    let db = database().await;
    let writer = db.connect().await.writer();
    writer.run(call(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    let elsewhere = Call { caller: other_officer(), area: other_area(), ..call() };
    writer.run(elsewhere, |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    let mut raw = db.raw().await;

    for area in ["440700", "510400"] {
        raw.batch_execute("BEGIN").await.unwrap();
        set(&mut raw, area, "*").await;
        for table in ["notes", "requests", "audit_rows"] {
            assert_eq!(count_on(&mut raw, table).await.unwrap(), 1, "{table}");
            assert_eq!(count_on(&mut raw, &format!("{table} WHERE area <> '{area}'")).await.unwrap(), 0);
        }
        let foreign = "INSERT INTO notes VALUES ('530900', 'x', 'H44070300001', 'hello')";
        let refused = diesel::sql_query(foreign).execute(&mut raw).await.unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{refused}");
        raw.batch_execute("ROLLBACK").await.unwrap();
    }
    raw.batch_execute("BEGIN").await.unwrap();
    set(&mut raw, "440700", "*").await;
    let changed =
        diesel::sql_query("UPDATE notes SET body = 'x' WHERE area = '510400'").execute(&mut raw).await;
    assert_eq!(changed, Ok(0));
}

#[tokio::test]
async fn an_area_is_not_enough_for_the_tables_of_the_whole_service() {
    let db = database().await;
    let mut raw = db.raw().await;
    raw.batch_execute("BEGIN").await.unwrap();
    set(&mut raw, "440700", "*").await;

    for table in ["heads", "feed_cursors", "consumed_events"] {
        assert_eq!(count_on(&mut raw, table).await.unwrap(), 0, "{table}");
    }
    set(&mut raw, "*", "*").await;
    assert_eq!(count_on(&mut raw, "heads").await.unwrap(), 3);
}

#[tokio::test]
async fn an_institution_sees_its_own_rows_only() {
    let db = database().await;
    let database = db.connect().await;
    database.writer().run(call(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();
    let institution =
        |code: &str| Caller { roles: vec![7], institution: Some(code.parse().unwrap()), ..officer() };

    for (code, n_seen) in [("H44070300001", 1), ("H44070300002", 0)] {
        let seen = database.reader().run(&institution(code), &area(), |conn| {
            Box::pin(async move { Ok::<_, DbError>(count_on(conn, "notes").await?) })
        });
        assert_eq!(seen.await.unwrap(), n_seen, "{code}");
    }
    let foreign = Call { caller: institution("H44070300002"), ..call() };
    let error = database.writer().run(foreign, |tx| Box::pin(write_note(tx, "b", "x"))).await.unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
}

#[tokio::test]
async fn an_institution_sees_nothing_of_what_others_asked_did_and_caused() {
    let db = database().await;
    fill(&db).await;
    let database = db.connect().await;
    let hospital = Caller {
        roles: vec![7],
        institution: Some("H44070300001".parse().unwrap()),
        subject: "clerk".to_owned(),
        ..officer()
    };
    let own = Call { caller: hospital.clone(), ..call() };
    let done = database.writer().run(own.clone(), |tx| {
        Box::pin(async move {
            tx.emit(&PackPublished::default()).await?;
            write_note(tx, "b", "hello").await
        })
    });
    assert_eq!(done.await.unwrap(), "b: hello");
    let again = database.writer().run(own.clone(), |_| Box::pin(async { Err(DbError::NotFound) }));
    assert_eq!(again.await.map(|answer: String| answer).unwrap(), "b: hello", "a retry is answered");

    for (table, n_seen) in [("requests", 1), ("audit_rows", 1), ("outbox", 0)] {
        assert_eq!(crate::common::count(&db, table).await, 2, "{table}");
        let seen = database.reader().run(&hospital, &area(), move |conn| {
            Box::pin(async move { Ok::<_, DbError>(count_on(conn, table).await?) })
        });
        assert_eq!(seen.await.unwrap(), n_seen, "{table}");
    }

    let moved = Caller { institution: Some("H44070300002".parse().unwrap()), ..hospital };
    let moved = Call { caller: moved, ..own };
    let refused = database.writer().run(moved, |_| Box::pin(async { Ok::<_, DbError>(String::new()) }));
    assert!(matches!(refused.await, Err(DbError::RequestIdReused)), "another institution gets no old answer");
}

#[tokio::test]
async fn a_row_cannot_be_handed_to_another_area_or_institution() {
    let db = database().await;
    fill(&db).await;
    let mut raw = db.raw().await;
    for (institution, change) in [
        ("*", "UPDATE notes SET area = '510400'"),
        ("*", "UPDATE requests SET area = '510400'"),
        ("H44070300001", "UPDATE notes SET institution = 'H44070300002'"),
        ("H44070300001", "INSERT INTO outbox VALUES ('510400', gen_random_uuid(), 'k', '', now())"),
    ] {
        raw.batch_execute("BEGIN").await.unwrap();
        set(&mut raw, "440700", institution).await;
        let refused = diesel::sql_query(change).execute(&mut raw).await.unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{change}: {refused}");
        raw.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn a_reader_of_another_area_is_refused_and_none_can_write() {
    let db = database().await;
    let reader = db.connect().await.reader();

    let refused = reader.run(&other_officer(), &area(), |_| Box::pin(async { Ok::<(), DbError>(()) }));
    assert!(matches!(refused.await, Err(DbError::OtherArea)));

    let writes = reader.run(&officer(), &area(), |conn| {
        Box::pin(async move {
            diesel::sql_query("INSERT INTO notes VALUES ('440700', 'x', 'H44070300001', 'hello')")
                .execute(conn)
                .await?;
            Ok::<(), DbError>(())
        })
    });
    assert!(writes.await.unwrap_err().to_string().contains("read-only"));
}

#[tokio::test]
async fn the_owner_of_the_tables_is_bound_as_well() {
    let db = database().await;
    let writer = db.connect().await.writer();
    writer.run(call(), |tx| Box::pin(write_note(tx, "a", "hello"))).await.unwrap();

    use diesel_async::AsyncConnection;
    let mut owner = AsyncPgConnection::establish(&db.owner_url()).await.unwrap();

    assert!(count_on(&mut owner, "notes").await.is_err());
}
