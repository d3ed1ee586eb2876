//! Requests that are refused for what they say, whatever the state: one table of all RPCs.

mod budgets;
mod calendar;
mod decision;
mod decomposition;
mod policy;
mod quota;
mod reading;
mod structure;
mod tasks;
mod year_end;

use medfund_testkit::BadRequests;

use super::lived::Year;
use super::support::PACKAGE;

/// A name that lies in no area.
const NOWHERE: &str = "areas/4407/x";
/// More than any amount may be.
const TOO_MUCH: i64 = 1_000_000_000_000_001;

#[tokio::test]
async fn every_bad_request_is_refused_with_the_fields_that_are_bad() {
    let year = Box::pin(Year::unopened()).await;
    let mut table = BadRequests::default();
    Box::pin(policy::fill(&year, &mut table)).await;
    Box::pin(calendar::fill(&year, &mut table)).await;
    Box::pin(decision::fill(&year, &mut table)).await;
    Box::pin(budgets::fill(&year, &mut table)).await;
    Box::pin(structure::fill(&year, &mut table)).await;
    Box::pin(decomposition::fill(&year, &mut table)).await;
    Box::pin(quota::fill(&year, &mut table)).await;
    Box::pin(year_end::fill(&year, &mut table)).await;
    Box::pin(reading::fill(&year, &mut table)).await;
    Box::pin(tasks::fill(&year, &mut table)).await;
    assert!(table.all_refused(PACKAGE) >= 60);
}

/// A text of as many characters.
fn long(characters: usize) -> String {
    "长".repeat(characters)
}

/// The same resource of another area.
fn elsewhere(name: &str) -> String {
    name.replace("areas/440700", "areas/440800")
}
