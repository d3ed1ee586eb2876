use medfund_proto::budget::v1 as pb;
use medfund_testkit::Refusals;
use tonic::Code;

use super::{PRECONDITION, lenient, open_next_year};
use crate::lived::Year;
use crate::pooled::{self, POOLED};
use crate::requests::{KEY, Key, OTHER, allot_primary_care, close_accounts, decision_name, open_clearing};
use crate::support::PACKAGE;

pub(super) const RPCS: [&str; 5] =
    ["OpenClearing", "AllotPrimaryCare", "GetPrimaryCareAllotment", "CloseAccounts", "GetFinalAccount"];

#[tokio::test]
async fn the_year_s_end_is_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let year = Box::pin(Year::open()).await;
    let mut officer = year.officer();
    let closed = "FUND_YEAR_NOT_OPEN";
    let answer = officer.open_clearing(open_clearing(OTHER)).await;
    refusals.expect("open_clearing", answer, PRECONDITION, closed);
    let answer = officer.allot_primary_care(allot_primary_care(Key { year: 2018, ..KEY }, &[], "")).await;
    refusals.expect("allot_primary_care", answer, PRECONDITION, closed);
    let answer = officer.close_accounts(close_accounts(OTHER, "")).await;
    refusals.expect("close_accounts", answer, PRECONDITION, closed);
    let answer = officer.open_clearing(open_clearing(KEY)).await;
    refusals.expect("open_clearing", answer, Code::NotFound, "DECOMPOSITION_NOT_FOUND");
    let pooled = Key { year: 2019, ..POOLED };
    pooled::open(&year.budget, pooled).await;
    let answer = officer.open_clearing(open_clearing(pooled)).await;
    refusals.expect("open_clearing", answer, PRECONDITION, "STRUCTURE_NOT_DECIDED");

    Box::pin(year.decide_quotas(KEY)).await;
    let answer = officer.open_clearing(open_clearing(KEY)).await;
    refusals.expect("open_clearing", answer, PRECONDITION, "YEAR_NOT_OVER");
    let answer = officer.allot_primary_care(allot_primary_care(KEY, &[], "")).await;
    refusals.expect("allot_primary_care", answer, PRECONDITION, "CLEARING_NOT_APPROVED");
    let answer = officer.close_accounts(close_accounts(KEY, "")).await;
    refusals.expect("close_accounts", answer, PRECONDITION, "CLEARING_NOT_APPROVED");

    year.budget.given_date(2018, 1, 2).await;
    Box::pin(year.clear(KEY)).await;
    let answer = officer.open_clearing(open_clearing(KEY)).await;
    refusals.expect("open_clearing", answer, PRECONDITION, "CLEARING_OPEN");
    let answer = officer.close_accounts(close_accounts(KEY, "")).await;
    refusals.expect("close_accounts", answer, PRECONDITION, "PRIMARY_CARE_NOT_ALLOTTED");
    let next = open_next_year(&year, &lenient()).await;
    let answer = officer.allot_primary_care(allot_primary_care(next, &[], "")).await;
    refusals.expect("allot_primary_care", answer, PRECONDITION, "ALLOTMENT_OUT_OF_ORDER");
    Box::pin(allotments(&year, &mut refusals)).await;
    Box::pin(final_accounts(&year, &mut refusals)).await;
    refusals.all_provoked();
}

async fn allotments(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let get = pb::GetPrimaryCareAllotmentRequest { name: KEY.allotment() };
    let answer = officer.get_primary_care_allotment(get).await;
    refusals.expect("get_primary_care_allotment", answer, Code::NotFound, "ALLOTMENT_NOT_FOUND");
    let allot = |decision: &str| allot_primary_care(KEY, &[(KEY.district, 5)], decision);
    let other_matter = year.decided(KEY, "target").await;
    let cases = [
        (allot_primary_care(KEY, &[(OTHER.district, 5)], ""), "UNKNOWN_DISTRICT"),
        (allot(""), "DECISION_REQUIRED"),
        (allot(&decision_name()), "DECISION_UNKNOWN"),
        (allot(&other_matter), "DECISION_MISMATCH"),
    ];
    for (request, reason) in cases {
        let answer = officer.allot_primary_care(request).await;
        refusals.expect("allot_primary_care", answer, PRECONDITION, reason);
    }
    let decision = year.decided(KEY, "primary_care_allotment").await;
    officer.allot_primary_care(allot(&decision)).await.unwrap();
    let answer = officer.allot_primary_care(allot(&decision)).await;
    refusals.expect("allot_primary_care", answer, Code::AlreadyExists, "ALLOTMENT_EXISTS");
}

async fn final_accounts(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let get = pb::GetFinalAccountRequest { name: KEY.name("finalAccounts") };
    let answer = officer.get_final_account(get).await;
    refusals.expect("get_final_account", answer, Code::NotFound, "FINAL_ACCOUNT_NOT_FOUND");
    let decision = year.decided(KEY, "final_accounts").await;
    let weather = pb::CloseAccountsRequest {
        deductions: vec![pb::Deduction { id: "weather".to_owned(), amount_fen: 1 }],
        ..close_accounts(KEY, &decision)
    };
    let other_matter = year.decided(KEY, "target").await;
    let cases = [
        (weather, "UNKNOWN_DEDUCTION"),
        (close_accounts(KEY, ""), "DECISION_REQUIRED"),
        (close_accounts(KEY, &decision_name()), "DECISION_UNKNOWN"),
        (close_accounts(KEY, &other_matter), "DECISION_MISMATCH"),
    ];
    for (request, reason) in cases {
        refusals.expect("close_accounts", officer.close_accounts(request).await, PRECONDITION, reason);
    }
    officer.close_accounts(close_accounts(KEY, &decision)).await.unwrap();
    let answer = officer.close_accounts(close_accounts(KEY, &decision)).await;
    refusals.expect("close_accounts", answer, Code::AlreadyExists, "FINAL_ACCOUNT_EXISTS");
}
