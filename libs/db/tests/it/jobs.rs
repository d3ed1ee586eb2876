use std::time::Duration;

use medfund_db::audit::{Verdict, verify};
use medfund_db::{DbError, feed, jobs};
use medfund_proto::budget::v1::PackPublished;

use crate::common::{call, count, database};

#[tokio::test]
async fn running_jobs_number_seal_and_roll_up_what_is_committed() {
    let db = database().await;
    let database = db.connect().await;
    let running = jobs::spawn(&database);

    let event = PackPublished { pack_id: "p".to_owned(), pack_hash: String::new() };
    let done = database.writer().run(call(), |tx| {
        Box::pin(async move {
            tx.emit(&event).await?;
            Ok::<(), DbError>(())
        })
    });
    done.await.unwrap();

    let all = tokio::time::timeout(Duration::from_secs(60), async {
        let numbered = feed::read(&database, 0, 1, Duration::from_secs(60)).await.unwrap();
        assert_eq!(numbered.len(), 1);
        while count(&db, "audit_rows WHERE position IS NULL").await > 0 {}
    });
    all.await.unwrap();
    running.stop().await;
    assert!(matches!(verify(&database).await.unwrap(), Verdict::Whole { n_sealed: 1, .. }));
}
