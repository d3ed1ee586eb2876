use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{TOO_MUCH, elsewhere, long};
use crate::lived::Year;
use crate::requests::{HOSPITAL, KEY, adjust_quota, decision_name};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let mut officer = year.officer();
    bad_requests!(table, officer.adjust_quota(adjust_quota(KEY, HOSPITAL, 1, &decision_name())), {
        "an id that is no UUID": |r| r.name = "areas/440700/quotaAdjustments/1".to_owned() => ["name"],
        "a name in another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "a target for a decomposition": |r| r.decomposition = KEY.name("targets") => ["decomposition"],
        "a decomposition of another area": |r| r.decomposition = elsewhere(&r.decomposition)
            => Refused::not_found(),
        "an institution without a code": |r| r.institution_code.clear() => ["institution_code"],
        "a code of seven characters": |r| r.institution_code = "H440703".to_owned() => ["institution_code"],
        "a code of 21 characters": |r| r.institution_code = "H".to_owned() + &"1".repeat(20)
            => ["institution_code"],
        "no reason": |r| r.reason.clear() => ["reason"],
        "a reason of 41 characters": |r| r.reason = long(41) => ["reason"],
        "no change": |r| r.change_fen = 0 => ["change_fen"],
        "a rise that cannot be counted": |r| r.change_fen = TOO_MUCH => ["change_fen"],
        "a cut that cannot be counted": |r| r.change_fen = i64::MIN => ["change_fen"],
        "no decision": |r| r.decision.clear() => ["decision"],
        "a decision of another area": |r| r.decision = elsewhere(&r.decision) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "everything bad": |r| *r = pb::AdjustQuotaRequest::default()
            => [
                "name", "decomposition", "request_id", "institution_code", "reason", "change_fen",
                "decision",
            ],
    });
    let parent = || KEY.name("decompositions");
    let good = pb::ListQuotaAdjustmentsRequest { parent: parent(), ..Default::default() };
    bad_requests!(table, officer.list_quota_adjustments(good), {
        "a year for a decomposition": |r| r.parent = "areas/440700/fundYears/2017".to_owned() => ["parent"],
        "a negative page size": |r| r.page_size = -5 => ["page_size"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
    bad_requests!(table, officer.get_reserve(pb::GetReserveRequest { name: KEY.name("reserves") }), {
        "no key": |r| r.name = "areas/440700/reserves/".to_owned() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, officer.get_execution(pb::GetExecutionRequest { name: KEY.name("executions") }), {
        "a name that begins with a slash": |r| r.name.insert(0, '/') => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
}
