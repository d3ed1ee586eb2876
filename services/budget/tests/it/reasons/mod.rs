//! Every refusal that the protos promise, RPC by RPC.

mod budgets;
mod calendar;
mod decision;
mod decomposition;
mod disclosure;
mod policy;
mod quota;
mod structure;
mod tasks;
mod year_end;

use std::collections::BTreeSet;

use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::rpcs;
use tonic::Code;

use super::lived::Year;
use super::requests::{KEY, Key};
use super::support::{PACK, PACKAGE, YEAR, request_id};

const PRECONDITION: Code = Code::FailedPrecondition;
const BAD: (Code, &str) = (Code::InvalidArgument, "BAD_REQUEST");

/// Which test provokes what which RPCs promise.
const GROUPS: [&[&str]; 10] = [
    &policy::RPCS,
    &calendar::RPCS,
    &decision::RPCS,
    &budgets::RPCS,
    &structure::RPCS,
    &decomposition::RPCS,
    &quota::RPCS,
    &year_end::RPCS,
    &disclosure::RPCS,
    &tasks::RPCS,
];

#[test]
fn every_rpc_has_a_test_of_its_refusals() {
    let tested: Vec<String> = GROUPS.concat().into_iter().map(str::to_owned).collect();
    let once: BTreeSet<String> = tested.iter().cloned().collect();
    assert_eq!((once.len(), once), (tested.len(), rpcs(PACKAGE)));
}

/// A pack that allows deficits by decision and changes of quotas up to a tenth.
fn lenient() -> String {
    let deficit = PACK
        .replace("[budget.deficit]\nallowed = { value = false", "[budget.deficit]\nallowed = { value = true");
    let most = "[adjustment]\nmax_change_rate = { value = \"0.10\", default = \"a limit to run into\" }";
    changed(&deficit.replace("[adjustment]", most))
}

/// A pack that pays all care beside quotas.
fn without_quotas() -> String {
    let (before, rest) = PACK.split_once("[quota]").expect("the pack has quotas");
    let (_, after) = rest.split_once("[adjustment]").expect("adjustments follow the quotas");
    let without = format!("{before}[adjustment]{after}");
    changed(&without.replace("regime = { value = \"quota\"", "regime = { value = \"outside\""))
}

fn changed(pack: &str) -> String {
    assert_ne!(pack, PACK, "the pack is changed");
    pack.to_owned()
}

/// Opens the fund year 2018 under a changed pack, with the same district, and tells its key.
async fn open_next_year(year: &Year, pack: &str) -> Key {
    let pack = year.budget.given_published(pack).await;
    let request = pb::OpenFundYearRequest {
        name: YEAR.replace("2017", "2018"),
        pack_hash: pack.pack_hash,
        districts: vec![KEY.district.to_owned()],
        request_id: request_id(),
    };
    year.budget.calendar(Role::CalendarKeeper).open_fund_year(request).await.unwrap();
    Key { year: 2018, ..KEY }
}
