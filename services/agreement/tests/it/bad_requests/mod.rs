//! Requests with something malformed, or of another area: each gets its code, its reason and the paths of its fields.

mod agreements;
mod assessments;
mod disclosures;
mod inspections;
mod institutions;

use medfund_testkit::{AREA, BadRequests};

use crate::support::{OTHER_AREA, PACKAGE, Suite};

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_request_is_told_each_of_its_bad_fields() {
    let suite = Suite::deaf().await;
    let mut table = BadRequests::default();

    institutions::refuse(&suite, &mut table).await;
    agreements::refuse(&suite, &mut table).await;
    inspections::refuse(&suite, &mut table).await;
    assessments::refuse(&suite, &mut table).await;
    disclosures::refuse(&suite, &mut table).await;

    assert!(table.all_refused(PACKAGE) >= 150);
}

/// Gives a name to the other area.
fn move_away(name: &mut String) {
    *name = name.replace(AREA, OTHER_AREA);
}
