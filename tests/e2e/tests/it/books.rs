//! The ledgers against everything else that tells of the same money.

use medfund::ledger::{self, Finding};
use medfund::suite::{Service, Session};

use crate::world::{Plan, World};

async fn findings(session: &Session, plan: &Plan) -> Vec<Finding> {
    let people = plan.people();
    let (area, year) = (&plan.region.area, plan.region.fund_year.get());
    ledger::check(&ledger::fetch(session, &people, area, year).await.expect("the services tell"))
}

/// A transfer that the superuser may tamper with.
struct Chosen {
    client: tokio_postgres::Client,
    id: String,
    reference: String,
}

impl Chosen {
    /// A transfer of a service that enters an account for a cause, both told by parts of their names; the
    /// guards of its table are off.
    async fn of(world: &World, service: Service, account: &str, cause: &str) -> Self {
        let client = world.superuser(service).await;
        client.batch_execute("SET session_replication_role = replica").await.unwrap();
        let query = "SELECT transfer_id::text, reference FROM transfers
            WHERE credit_account LIKE $1 || '%' AND reference LIKE '%' || $2 || '%'
            ORDER BY insert_order LIMIT 1";
        let row = client.query_one(query, &[&account, &cause]).await.expect("the year has such a transfer");
        Self { client, id: row.get(0), reference: row.get(1) }
    }

    async fn change(&self, statements: &str) {
        self.client.batch_execute(&statements.replace("$ID", &self.id)).await.unwrap();
    }

    async fn lose(&self) {
        self.change(
            "CREATE TEMP TABLE lost AS SELECT * FROM transfers WHERE transfer_id = '$ID';
             DELETE FROM transfers WHERE transfer_id = '$ID'",
        )
        .await;
    }

    async fn put_back(&self) {
        self.change("INSERT INTO transfers OVERRIDING SYSTEM VALUE SELECT * FROM lost; DROP TABLE lost")
            .await;
    }

    async fn double(&self) {
        self.change(
            "INSERT INTO transfers (area, transfer_id, batch_id, debit_account, credit_account, amount_fen,
                 code, reference, create_time)
             SELECT area, gen_random_uuid(), batch_id, debit_account, credit_account, amount_fen,
                 code, reference, create_time
             FROM transfers WHERE transfer_id = '$ID'",
        )
        .await;
    }
}

fn names(findings: &[Finding], what: &str, place: &str) -> bool {
    findings.iter().any(|finding| finding.what == what && finding.place == place)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_of_a_year_agree_and_a_lost_or_doubled_transfer_is_found_by_name() {
    let world = World::start(false).await;
    let plan = Plan::usual();
    world.live(&plan).await;
    let session = world.session(&plan);
    assert_eq!(findings(&session, &plan).await, []);

    let statement = Chosen::of(&world, Service::Settlement, "payable/", "/statements/").await;
    statement.lose().await;
    let found = findings(&session, &plan).await;
    assert!(names(&found, "statement and transfers differ", &statement.reference), "{found:?}");
    statement.put_back().await;
    assert_eq!(findings(&session, &plan).await, []);

    let handover = Chosen::of(&world, Service::Budget, "transit/", "").await;
    handover.lose().await;
    let found = findings(&session, &plan).await;
    assert!(names(&found, "handover missing on the other side", &handover.reference), "{found:?}");
    handover.put_back().await;

    let ahead = Chosen::of(&world, Service::Settlement, "payable/", "/prepayments/2017-clean_record-").await;
    ahead.lose().await;
    let found = findings(&session, &plan).await;
    assert!(names(&found, "prepayment and transfers differ", &ahead.reference), "{found:?}");
    let institution = ahead.reference.rsplit('-').next().expect("it ends in the institution");
    assert!(
        found
            .iter()
            .any(|finding| finding.detail.starts_with(&format!("clean record of {institution} from "))),
        "{found:?}"
    );
    ahead.put_back().await;
    assert_eq!(findings(&session, &plan).await, []);

    let paid = Chosen::of(&world, Service::Settlement, "bank/", "/paymentOrders/").await;
    paid.double().await;
    let found = findings(&session, &plan).await;
    assert!(names(&found, "transfer doubled", &paid.reference), "{}: {found:?}", paid.reference);
    assert!(names(&found, "payment order and transfers differ", &paid.reference), "{found:?}");
    world.stop().await;
}
