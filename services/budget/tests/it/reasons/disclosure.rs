use medfund_proto::budget::v1 as pb;
use medfund_testkit::Refusals;
use tonic::Code;

use super::{BAD, PRECONDITION};
use crate::lived::Year;
use crate::requests::{KEY, propose_budget, propose_decomposition, propose_target, publish};
use crate::support::{AREA, PACKAGE, YEAR, request_id};

pub(super) const RPCS: [&str; 5] =
    ["PublishDisclosure", "ListDisclosures", "ExplainAmount", "ListLedgerAccounts", "ListLedgerTransfers"];

#[tokio::test]
async fn what_is_published_and_explained_is_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let year = Box::pin(Year::open()).await;
    let mut officer = year.officer();
    let missing = [
        ("budgets", "BUDGET_NOT_FOUND"),
        ("targets", "TARGET_NOT_FOUND"),
        ("structures", "STRUCTURE_NOT_FOUND"),
        ("decompositions", "DECOMPOSITION_NOT_FOUND"),
        ("finalAccounts", "FINAL_ACCOUNT_NOT_FOUND"),
    ];
    for (subject, reason) in missing {
        let answer = officer.publish_disclosure(publish(KEY.name(subject))).await;
        refusals.expect("publish_disclosure", answer, Code::NotFound, reason);
    }
    Box::pin(only_what_is_in_force(&year, &mut refusals)).await;

    let unknown = pb::ExplainAmountRequest { name: KEY.name("weather") };
    let answer = officer.explain_amount(unknown).await;
    refusals.expect("explain_amount", answer, Code::NotFound, "AMOUNT_NOT_FOUND");
    let list = pb::ListDisclosuresRequest { parent: YEAR.to_owned(), page_size: -1, ..Default::default() };
    refusals.expect("list_disclosures", officer.list_disclosures(list).await, BAD.0, BAD.1);
    let list = pb::ListLedgerAccountsRequest { parent: "areas/x".to_owned() };
    refusals.expect("list_ledger_accounts", officer.list_ledger_accounts(list).await, BAD.0, BAD.1);
    let list = pb::ListLedgerTransfersRequest {
        parent: format!("areas/{AREA}"),
        page_size: -1,
        ..Default::default()
    };
    refusals.expect("list_ledger_transfers", officer.list_ledger_transfers(list).await, BAD.0, BAD.1);
    refusals.all_provoked();
}

async fn only_what_is_in_force(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    officer.propose_budget(propose_budget(KEY)).await.unwrap();
    let early = publish(KEY.name("budgets"));
    let answer = officer.publish_disclosure(early.clone()).await;
    refusals.expect("publish_disclosure", answer, PRECONDITION, "WRONG_STATE");
    year.decide_target(KEY).await;
    officer.publish_disclosure(early.clone()).await.unwrap();
    let twice = publish(KEY.name("budgets"));
    let same_name =
        pb::PublishDisclosureRequest { subject: KEY.name("targets"), request_id: request_id(), ..early };
    for request in [twice, same_name] {
        let answer = officer.publish_disclosure(request).await;
        refusals.expect("publish_disclosure", answer, Code::AlreadyExists, "DISCLOSURE_EXISTS");
    }
    year.record_histories(KEY).await;
    officer.propose_decomposition(propose_decomposition(KEY)).await.unwrap();
    let resident = crate::requests::Key { line: "resident", ..KEY };
    year.approve_budget(resident).await;
    officer.propose_target(propose_target(resident)).await.unwrap();
    for subject in [KEY.name("decompositions"), resident.name("targets")] {
        let answer = officer.publish_disclosure(publish(subject)).await;
        refusals.expect("publish_disclosure", answer, PRECONDITION, "WRONG_STATE");
    }
}
