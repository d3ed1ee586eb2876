use medfund_proto::budget::v1 as pb;
use medfund_proto::types::v1::KindOfCare;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{TOO_MUCH, elsewhere, long};
use crate::lived::Year;
use crate::pooled::{POOLED, adjust_pool, decide_structure, propose_structure, share};
use crate::requests::decision_name;

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let (mut officer, mut checker) = (year.officer(), year.checker());
    bad_requests!(table, officer.propose_structure(propose_structure(POOLED)), {
        "a target for a structure": |r| r.name = POOLED.name("targets") => ["name"],
        "a kind of care that is not known": |r| r.shares[1].kind_of_care = 99 => ["shares[1].kind_of_care"],
        "a share in percent": |r| r.shares[0].share_rate = "80%".to_owned() => ["shares[0].share_rate"],
        "a share below zero": |r| r.shares[0].share_rate = "-0.1".to_owned() => ["shares[0].share_rate"],
        "more than the whole": |r| r.shares[2].share_rate = "1.01".to_owned() => ["shares[2].share_rate"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r|
            *r = pb::ProposeStructureRequest { shares: vec![share(KindOfCare::Unspecified, "")], ..Default::default() }
            => ["name", "request_id", "shares[0].kind_of_care", "shares[0].share_rate"],
    });
    bad_requests!(table, checker.decide_structure(decide_structure(POOLED, &decision_name(), "\"1\"")), {
        "a decision without an id": |r| r.decision = "areas/440700/decisions/".to_owned() => ["decision"],
        "an etag without quotes": |r| r.etag = "1".to_owned() => ["etag"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::DecideStructureRequest::default()
            => ["name", "request_id", "decision", "etag"],
    });
    let get = pb::GetStructureRequest { name: POOLED.name("structures") };
    bad_requests!(table, officer.get_structure(get), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, officer.adjust_pool(adjust_pool(POOLED, 1, &decision_name(), "\"1\"")), {
        "no change": |r| r.change_fen = 0 => ["change_fen"],
        "a change that cannot be counted": |r| r.change_fen = TOO_MUCH => ["change_fen"],
        "a reason of 41 characters": |r| r.reason = long(41) => ["reason"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::AdjustPoolRequest::default()
            => ["name", "request_id", "kind_of_care", "reason", "change_fen", "decision", "etag"],
    });
}
