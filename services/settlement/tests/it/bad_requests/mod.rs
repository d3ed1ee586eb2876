//! Requests with something malformed, or of another area or institution: each gets its code, its reason and the paths
//! of its fields.

mod bills;
mod months;
mod orders;
mod prepayments;
mod special_cases;

use medfund_testkit::{AREA, BadRequests};

use crate::year::support::{PACKAGE, Suite};

const OTHER_AREA: &str = "440800";

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_request_is_told_each_of_its_bad_fields() {
    let suite = Suite::with_quotas().await;
    let mut table = BadRequests::default();

    bills::refuse(&suite, &mut table).await;
    prepayments::refuse(&suite, &mut table).await;
    months::refuse(&suite, &mut table).await;
    orders::refuse(&suite, &mut table).await;
    special_cases::refuse(&suite, &mut table).await;

    assert!(table.all_refused(PACKAGE) >= 100);
}

/// Gives a name to the other area.
fn move_away(name: &mut String) {
    *name = name.replace(AREA, OTHER_AREA);
}
