//! Every reason that a proto's comment promises for an RPC, provoked on that RPC.

use std::collections::BTreeSet;

use medfund_testkit::rpcs;

use crate::support::PACKAGE;

/// Provokes a refusal that the RPC's comment promises.
macro_rules! refuse {
    ($refusals:ident, $client:ident.$rpc:ident($request:expr), $code:ident / $reason:literal) => {
        $refusals.expect(stringify!($rpc), $client.$rpc($request).await, tonic::Code::$code, $reason)
    };
}

mod agreements;
mod assessments;
mod disclosures;
mod inspections;
mod institutions;
mod signatures;

#[test]
fn every_rpc_is_among_those_whose_reasons_are_provoked() {
    let provoked = [
        institutions::RPCS.as_slice(),
        &agreements::RPCS,
        &signatures::RPCS,
        &inspections::RPCS,
        &assessments::RPCS,
        &disclosures::RPCS,
    ];
    let provoked: BTreeSet<String> = provoked.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(provoked, rpcs(PACKAGE));
}
