use diesel_async::SimpleAsyncConnection;
use medfund_db::{Call, Database, DbError, jobs, ledger};
use medfund_ledger::{Account, AccountKind, Balances, Transfer};
use medfund_money::{Fen, PositiveFen};
use medfund_testkit::TestDatabase;
use proptest::prelude::*;
use uuid::Uuid;

use crate::common::{area, call, count, database, officer};

fn account(n: u8) -> Account {
    Account::new(AccountKind::Quota, [format!("H{n}")]).unwrap()
}

fn transfer(id: u128, debit: u8, credit: u8, fen: i64) -> Transfer {
    let amount = PositiveFen::try_from(fen).unwrap();
    Transfer::new(Uuid::from_u128(id), account(debit), account(credit), amount, "moved", "test").unwrap()
}

async fn post(database: &Database, transfers: Vec<Transfer>) -> Result<(), DbError> {
    post_as(database, call(), transfers).await
}

async fn post_as(database: &Database, call: Call, transfers: Vec<Transfer>) -> Result<(), DbError> {
    let writer = database.writer();
    writer.run(call, |tx| Box::pin(async move { tx.transfer(&transfers).await })).await
}

async fn balances(database: &Database) -> Balances {
    let reading = database
        .reader()
        .run(&officer(), &area(), |conn| Box::pin(async move { ledger::balances(conn, &area()).await }));
    reading.await.unwrap()
}

async fn differences(database: &Database) -> usize {
    let reading = database
        .reader()
        .run(&officer(), &area(), |conn| Box::pin(async move { ledger::differences(conn, &area()).await }));
    reading.await.unwrap().len()
}

#[tokio::test]
async fn balances_are_the_same_before_and_after_the_roll_up() {
    let db = database().await;
    let database = db.connect().await;
    post(&database, vec![transfer(1, 1, 2, 100), transfer(2, 2, 3, 30)]).await.unwrap();

    let before = balances(&database).await;
    jobs::drain(&database).await.unwrap();
    let after = balances(&database).await;

    assert_eq!(before.get(&account(2)).net(), Fen::new(70));
    assert_eq!(after, before);
    assert_eq!(after.trial_balance(), Fen::ZERO);
    assert_eq!(count(&db, "ledger_accounts").await, 3);

    post(&database, vec![transfer(3, 1, 3, 5)]).await.unwrap();
    let reading = database.reader().run(&officer(), &area(), |conn| {
        Box::pin(async move { ledger::balance(conn, &area(), &account(3)).await })
    });
    assert_eq!(reading.await.unwrap().credits, Fen::new(35));
    jobs::drain(&database).await.unwrap();
    assert_eq!(differences(&database).await, 0);
}

#[tokio::test]
async fn a_transfer_is_made_once_by_its_id() {
    let db = database().await;
    let database = db.connect().await;
    post(&database, vec![transfer(1, 1, 2, 100)]).await.unwrap();
    post(&database, vec![transfer(1, 1, 2, 100), transfer(2, 1, 2, 1)]).await.unwrap();
    post(&database, vec![transfer(2, 1, 2, 1), transfer(2, 1, 2, 1)]).await.unwrap();

    assert_eq!(count(&db, "transfers").await, 2);
    assert_eq!(balances(&database).await.get(&account(1)).debits, Fen::new(101));

    let error = post(&database, vec![transfer(3, 1, 2, 1), transfer(1, 1, 2, 101)]).await.unwrap_err();
    assert!(matches!(error, DbError::TransferReused(id) if id == Uuid::from_u128(1)), "{error}");
    assert_eq!(count(&db, "transfers").await, 2);
    jobs::drain(&database).await.unwrap();
    assert_eq!(differences(&database).await, 0);
}

#[tokio::test]
async fn transfers_cannot_be_changed_or_removed() {
    let db = database().await;
    let database = db.connect().await;
    post(&database, vec![transfer(1, 1, 2, 100)]).await.unwrap();

    let changes = ["UPDATE transfers SET amount_fen = 1", "DELETE FROM transfers", "TRUNCATE transfers"];
    for change in changes {
        let sql = format!("SET medfund.area = '440700'; {change}");
        let as_service = db.raw().await.batch_execute(&sql).await.unwrap_err();
        assert!(as_service.to_string().contains("permission denied"), "{as_service}");
        let as_superuser = db.raw_admin().await.batch_execute(&sql).await.unwrap_err();
        assert!(as_superuser.to_string().contains("only takes new rows"), "{as_superuser}");
    }
    assert_eq!(count(&db, "transfers WHERE amount_fen = 100").await, 1);
}

#[tokio::test]
async fn a_balance_that_was_forged_and_a_transfer_that_was_lost_are_found() {
    for sql in [
        "UPDATE ledger_accounts SET debits_fen = debits_fen + 1 WHERE account = 'quota/H1'",
        "SET session_replication_role = replica; DELETE FROM transfers WHERE amount_fen = 30",
        "SET session_replication_role = replica; UPDATE transfers SET amount_fen = 31 WHERE amount_fen = 30",
    ] {
        let db = database().await;
        let database = db.connect().await;
        post(&database, vec![transfer(1, 1, 2, 100), transfer(2, 2, 3, 30)]).await.unwrap();
        jobs::drain(&database).await.unwrap();
        db.raw_admin().await.batch_execute(sql).await.unwrap();

        assert!(differences(&database).await > 0, "{sql}");
    }
}

#[tokio::test]
async fn transfers_are_read_back_as_they_were_made() {
    let db = database().await;
    let database = db.connect().await;
    let made: Vec<Transfer> = (1..=5).map(|n| transfer(n, 1, 2, 10)).collect();
    post(&database, made.clone()).await.unwrap();

    let reading = database.reader().run(&officer(), &area(), |conn| {
        Box::pin(async move {
            let mut all = ledger::transfers(conn, &area(), 0, 3).await?;
            let last = all.last().map_or(0, |(place, _)| *place);
            all.extend(ledger::transfers(conn, &area(), last, 3).await?);
            Ok::<_, DbError>(all)
        })
    });

    let read: Vec<Transfer> = reading.await.unwrap().into_iter().map(|(_, transfer)| transfer).collect();
    assert_eq!(read, made);
}

#[tokio::test]
async fn twenty_thousand_transfers_go_in_one_command() {
    let db = database().await;
    let database = db.connect().await;
    let many = (1..=20_001).map(|n| transfer(n, 1, 2, 1)).collect();

    post(&database, many).await.unwrap();
    jobs::drain(&database).await.unwrap();

    assert_eq!(balances(&database).await.get(&account(1)).debits, Fen::new(20_001));
    assert_eq!(count(&db, "transfer_batches WHERE position = 1").await, 1);
}

async fn agree(db: &TestDatabase, moves: &[(u8, u8, i64, bool)]) {
    let database = db.connect().await;
    let mut made = Vec::new();
    for (n, (debit, step, fen, rolls)) in moves.iter().enumerate() {
        let transfer = transfer(u128::try_from(n).unwrap(), *debit, debit + step, *fen);
        post(&database, vec![transfer.clone()]).await.unwrap();
        made.push(transfer);
        if *rolls {
            jobs::drain(&database).await.unwrap();
        }
        assert!(balances(&database).await.differences(&Balances::of(&made)).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn balances_are_what_the_transfers_say_whenever_they_are_rolled_up(
        moves in prop::collection::vec((0..4_u8, 1..4_u8, 1..1_000_000_i64, any::<bool>()), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { agree(&database().await, &moves).await });
    }
}
