use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{NOWHERE, elsewhere};
use crate::lived::Year;
use crate::support::{AREA, PACK, request_id, submit};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let (mut maker, mut checker) =
        (year.budget.policy(Role::PolicyMaker), year.budget.policy(Role::PolicyChecker));
    bad_requests!(table, maker.submit_pack(submit(PACK)), {
        "an area's name without its collection": |r| r.parent = AREA.to_owned() => ["parent"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "a request id that is no UUID": |r| r.request_id = "1".to_owned() => ["request_id"],
        "the nil UUID": |r| r.request_id = "0".repeat(8) + "-0000-0000-0000-000000000000" => ["request_id"],
        "no pack": |r| r.pack.clear() => ["pack"],
        "bytes that are no UTF-8": |r| r.pack = vec![0xff] => ["pack"],
        "more than a mebibyte": |r| r.pack = vec![b'#'; (1 << 20) + 1] => ["pack"],
        "a rate above one": |r|
            r.pack = PACK.replace("max_rate = { value = \"0.15\"", "max_rate = { value = \"1.15\"").into_bytes()
            => ["pack"],
        "everything bad": |r| *r = pb::SubmitPackRequest { pack: vec![0xff], ..Default::default() }
            => ["parent", "request_id", "pack"],
    });
    let publish = pb::PublishPackRequest {
        name: format!("areas/{AREA}/packs/{}", "a".repeat(64)),
        request_id: request_id(),
    };
    bad_requests!(table, checker.publish_pack(publish.clone()), {
        "a hash in capitals": |r| r.name = format!("areas/{AREA}/packs/{}", "A".repeat(64)) => ["name"],
        "a hash that is cut": |r| { r.name.pop(); } => ["name"],
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, checker.get_pack(pb::GetPackRequest { name: publish.name }), {
        "a name of nothing": |r| r.name = NOWHERE.to_owned() => ["name"],
        "a part too many": |r| r.name.push_str("/bytes") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    let good = pb::ListPacksRequest { parent: format!("areas/{AREA}"), ..Default::default() };
    bad_requests!(table, checker.list_packs(good), {
        "a negative page size": |r| r.page_size = -1 => ["page_size"],
        "a page token that nobody gave": |r| r.page_token = "00".to_owned() => ["page_token"],
        "a page token that is no hexadecimal": |r| r.page_token = "x".to_owned() => ["page_token"],
        "everything bad": |r| { r.parent.clear(); r.page_size = i32::MIN; r.page_token = "?".to_owned(); }
            => ["parent", "page_size", "page_token"],
    });
}
