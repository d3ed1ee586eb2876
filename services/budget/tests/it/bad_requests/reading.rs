use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::elsewhere;
use crate::lived::Year;
use crate::requests::KEY;
use crate::support::{AREA, YEAR};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let mut officer = year.officer();
    let parent = || KEY.name("decompositions");
    bad_requests!(table, officer.get_decomposition(pb::GetDecompositionRequest { name: parent() }), {
        "a key in another order": |r| r.name = "areas/440700/decompositions/employee-2017-440703".to_owned()
            => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    let good = pb::ListHistoriesRequest { parent: parent(), ..Default::default() };
    bad_requests!(table, officer.list_histories(good), {
        "no parent": |r| r.parent.clear() => ["parent"],
        "a page token of half a byte": |r| r.page_token = "0".to_owned() => ["page_token"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
    let good = pb::ListApplicationsRequest { parent: parent(), ..Default::default() };
    bad_requests!(table, officer.list_applications(good), {
        "an area for a decomposition": |r| r.parent = format!("areas/{AREA}") => ["parent"],
        "a negative page size": |r| r.page_size = -1 => ["page_size"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
    let good = pb::ListNegotiationRoundsRequest { parent: parent(), ..Default::default() };
    bad_requests!(table, officer.list_negotiation_rounds(good), {
        "a target for a decomposition": |r| r.parent = KEY.name("targets") => ["parent"],
        "a page token that nobody gave": |r| r.page_token = "ff".repeat(20) => ["page_token"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
    let good = pb::ListDisclosuresRequest { parent: YEAR.to_owned(), ..Default::default() };
    bad_requests!(table, officer.list_disclosures(good), {
        "a year without its collection": |r| r.parent = "areas/440700/2017".to_owned() => ["parent"],
        "everything bad": |r|
            *r = pb::ListDisclosuresRequest { page_size: -1, page_token: "x".to_owned(), ..Default::default() }
            => ["parent", "page_size", "page_token"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
    bad_requests!(table, officer.explain_amount(pb::ExplainAmountRequest { name: KEY.name("targets") }), {
        "no name": |r| r.name.clear() => ["name"],
        "a name that is no resource's": |r| r.name = "the target".to_owned() => ["name"],
        "an area that is none": |r| r.name = "areas/4407/targets/x".to_owned() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    let good = pb::ListLedgerAccountsRequest { parent: format!("areas/{AREA}") };
    bad_requests!(table, officer.list_ledger_accounts(good), {
        "a year for an area": |r| r.parent = YEAR.to_owned() => ["parent"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
    let good = pb::ListLedgerTransfersRequest { parent: format!("areas/{AREA}"), ..Default::default() };
    bad_requests!(table, officer.list_ledger_transfers(good), {
        "no parent": |r| r.parent.clear() => ["parent"],
        "a negative page size": |r| r.page_size = -1 => ["page_size"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
}
