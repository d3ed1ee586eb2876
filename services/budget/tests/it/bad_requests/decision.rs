use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{elsewhere, long};
use crate::lived::Year;
use crate::requests::decision_name;
use crate::support::{YEAR, date, record, request_id};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let mut secretary = year.budget.decision(Role::MeetingSecretary);
    bad_requests!(table, secretary.record_decision(record()), {
        "an id that is no UUID": |r| r.name = "areas/440700/decisions/7".to_owned() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "no body": |r| r.body.clear() => ["body"],
        "a body of 201 characters": |r| r.body = long(201) => ["body"],
        "a matter of blanks": |r| r.matter = "  ".to_owned() => ["matter"],
        "a district of four digits": |r| r.district = "4407".to_owned() => ["district"],
        "a year of two digits": |r| r.fund_year = 17 => ["fund_year"],
        "a subject in another area": |r| r.subject = "areas/440800/targets/x".to_owned() => ["subject"],
        "a subject that is no name": |r| r.subject = "the target".to_owned() => ["subject"],
        "a subject of 201 characters": |r| r.subject = "areas/440700/".to_owned() + &long(188) => ["subject"],
        "no meeting date": |r| r.meeting_date = None => ["meeting_date"],
        "a meeting on no day": |r| r.meeting_date = date(2016, 11, 31) => ["meeting_date"],
        "nobody present": |r| r.members_present.clear() => ["members_present"],
        "a member without a name": |r| r.members_present[1].clear() => ["members_present[1]"],
        "a member of 201 characters": |r| r.members_present[2] = long(201) => ["members_present[2]"],
        "more than a hundred members": |r| r.members_present = vec![long(3); 101] => ["members_present"],
        "fewer than no votes for": |r| r.n_votes_for = -1 => ["n_votes_for"],
        "fewer than no votes against": |r| r.n_votes_against = -1 => ["n_votes_against"],
        "fewer than no abstentions": |r| r.n_abstentions = -1 => ["n_abstentions"],
        "no minutes": |r| r.minutes_reference.clear() => ["minutes_reference"],
        "minutes of 201 characters": |r| r.minutes_reference = long(201) => ["minutes_reference"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "everything bad": |r| *r = pb::RecordDecisionRequest { n_votes_for: -1, ..Default::default() }
            => [
                "name", "request_id", "body", "matter", "fund_year", "meeting_date", "members_present",
                "n_votes_for", "minutes_reference",
            ],
    });
    let name = decision_name();
    let good = pb::ConfirmDecisionRequest { name: name.clone(), request_id: request_id() };
    bad_requests!(table, secretary.confirm_decision(good), {
        "an id without hyphens": |r| r.name = r.name.replace('-', "") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::ConfirmDecisionRequest::default() => ["name", "request_id"],
    });
    bad_requests!(table, secretary.get_decision(pb::GetDecisionRequest { name }), {
        "another collection": |r| r.name = r.name.replace("decisions", "decision") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    let good = pb::ListDecisionsRequest { parent: YEAR.to_owned(), ..Default::default() };
    bad_requests!(table, secretary.list_decisions(good), {
        "an area for a year": |r| r.parent = "areas/440700".to_owned() => ["parent"],
        "a negative page size": |r| r.page_size = -1 => ["page_size"],
        "a page token that nobody gave": |r| r.page_token = "7b7d".to_owned() => ["page_token"],
        "another area": |r| r.parent = elsewhere(&r.parent) => Refused::not_found(),
    });
}
