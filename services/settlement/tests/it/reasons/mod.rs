//! Every reason that a proto's comment promises for an RPC, provoked on that RPC.

use std::collections::BTreeSet;

use medfund_testkit::rpcs;

use crate::year::support::PACKAGE;

/// Provokes a refusal that the RPC's comment promises.
macro_rules! refuse {
    ($refusals:ident, $client:ident.$rpc:ident($request:expr), $code:ident / $reason:literal) => {
        $refusals.expect(stringify!($rpc), $client.$rpc($request).await, tonic::Code::$code, $reason)
    };
}

mod bills;
mod clearings;
mod months;
mod orders;
mod prepayments;
mod special_cases;

/// What has no reason of its own: it lists, or adds up.
const WITHOUT_REASONS: [&str; 10] = [
    "ListBills",
    "ExportBills",
    "ListPrepayments",
    "ListStatements",
    "ListPaymentOrders",
    "ListLedgerAccounts",
    "ListLedgerTransfers",
    "GetTrialBalance",
    "ListExperts",
    "ListSpecialCases",
];

#[test]
fn every_rpc_is_among_those_whose_reasons_are_provoked() {
    let provoked = [
        bills::RPCS.as_slice(),
        &prepayments::RPCS,
        &months::RPCS,
        &orders::RPCS,
        &clearings::RPCS,
        &special_cases::RPCS,
        &WITHOUT_REASONS,
    ];
    let provoked: BTreeSet<String> = provoked.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(provoked, rpcs(PACKAGE));
}
