use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::institution_change::Kind;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::move_away;
use crate::institutions::{change, confirm};
use crate::support::*;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    admission(suite, table).await;
    profiles(suite, table).await;
    changes(suite, table).await;
    reading(suite, table).await;
}

async fn admission(suite: &Suite, table: &mut BadRequests) {
    let mut officer = suite.institutions(OFFICER);
    bad_requests!(table, officer.create_institution(create(HOSPITAL)), {
        "no area": |r| r.parent.clear() => ["parent"],
        "an area of four digits": |r| r.parent = "areas/4407".into() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a code in small letters": |r| r.institution_code = "h44070300001".into() => ["institution_code"],
        "a code too short": |r| r.institution_code = "H1".into() => ["institution_code"],
        "no code": |r| r.institution_code.clear() => ["institution_code"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "a request id that is no UUID": |r| r.request_id = "1".into() => ["request_id"],
        "nothing at all": |r| *r = pb::CreateInstitutionRequest::default()
            => ["parent", "institution_code", "profile", "request_id"],
    });
    bad_requests!(table, officer.evaluate_institution(evaluate(HOSPITAL)), {
        "a name without a code": |r| r.name = institution("") => ["name"],
        "a name with no institution's code": |r| r.name = institution("x") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no reference": |r| r.reference.clear() => ["reference"],
        "a reference of blanks": |r| r.reference = "  ".into() => ["reference"],
        "a reference too long": |r| r.reference = "评".repeat(201) => ["reference"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default() => ["name", "reference", "request_id"],
    });
    let mut checker = suite.institutions(CHECKER);
    bad_requests!(table, checker.admit_institution(admit(HOSPITAL)), {
        "the name of another collection": |r| r.name = name("agreements") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
}

async fn profiles(suite: &Suite, table: &mut BadRequests) {
    fn of(request: &mut pb::CreateInstitutionRequest) -> &mut pb::InstitutionProfile {
        request.profile.as_mut().expect("the good request has a profile")
    }
    let mut officer = suite.institutions(OFFICER);
    bad_requests!(table, officer.create_institution(create(HOSPITAL)), {
        "no profile": |r| r.profile = None => ["profile"],
        "a blank name": |r| of(r).display_name = " ".into() => ["profile.display_name"],
        "a name too long": |r| of(r).display_name = "长".repeat(201) => ["profile.display_name"],
        "a district of four digits": |r| of(r).district = "4407".into() => ["profile.district"],
        "a level above 3": |r| of(r).level = 4 => ["profile.level"],
        "a level below 0": |r| of(r).level = -1 => ["profile.level"],
        "a level that no column holds": |r| of(r).level = 70_000 => ["profile.level"],
        "no class": |r| of(r).institution_class.clear() => ["profile.institution_class"],
        "a class too long": |r| of(r).institution_class = "x".repeat(65) => ["profile.institution_class"],
        "a member without a code": |r| of(r).members[0].member_code.clear() => ["profile.members[0].member_code"],
        "a member without a name": |r| of(r).members[0].display_name.clear() => ["profile.members[0].display_name"],
        "a member in no district": |r| of(r).members[0].district = "x".into() => ["profile.members[0].district"],
        "a member twice": |r| { let one = of(r).members[0].clone(); of(r).members.push(one) }
            => ["profile.members[1].member_code"],
        "too many members": |r| of(r).members = vec![Default::default(); 201] => ["profile.members"],
        "an empty signer": |r| of(r).authorised_signers = vec![String::new()] => ["profile.authorised_signers[0]"],
        "too many signers": |r| of(r).authorised_signers = vec!["a".into(); 21] => ["profile.authorised_signers"],
    });
}

async fn changes(suite: &Suite, table: &mut BadRequests) {
    let mut officer = suite.institutions(OFFICER);
    bad_requests!(table, officer.propose_institution_change(change(Kind::Exit)), {
        "the institution's own name": |r| r.name = institution(HOSPITAL) => ["name"],
        "an id that is no UUID": |r| r.name = format!("{}/changes/1", institution(HOSPITAL)) => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no kind": |r| r.kind = 0 => ["kind"],
        "a kind that is none": |r| r.kind = 99 => ["kind"],
        "a suspension without an end": |r| r.kind = Kind::Suspend.into() => ["suspended_through_date"],
        "a suspension until no day": |r| {
            r.kind = Kind::Suspend.into();
            r.suspended_through_date = Some(Date { year: 2017, month: 2, day: 30 });
        } => ["suspended_through_date"],
        "an end of no suspension": |r| r.suspended_through_date = Some(Date { year: 2017, month: 2, day: 1 })
            => ["suspended_through_date"],
        "a change of profile without one": |r| r.kind = Kind::Profile.into() => ["profile"],
        "a profile that does not change": |r| r.profile = Some(profile()) => ["profile"],
        "a new profile with a bad level": |r| {
            r.kind = Kind::Profile.into();
            r.profile = Some(pb::InstitutionProfile { level: 9, ..profile() });
        } => ["profile.level"],
        "no reason": |r| r.reason.clear() => ["reason"],
        "a reason too long": |r| r.reason = "x".repeat(201) => ["reason"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut checker = suite.institutions(CHECKER);
    bad_requests!(table, checker.confirm_institution_change(confirm(&change(Kind::Exit).name)), {
        "a name without its id": |r| r.name = format!("{}/changes/", institution(HOSPITAL)) => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default() => ["name", "request_id"],
    });
}

async fn reading(suite: &Suite, table: &mut BadRequests) {
    let mut officer = suite.institutions(OFFICER);
    bad_requests!(table, officer.get_institution(pb::GetInstitutionRequest { name: institution(HOSPITAL) }), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    let list = pb::ListInstitutionsRequest { parent: area(), ..Default::default() };
    bad_requests!(table, officer.list_institutions(list), {
        "no area": |r| r.parent.clear() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no district's code": |r| r.district = "x".into() => ["district"],
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "zz".into() => ["page_token"],
        "all bad at once": |r| (r.parent, r.district, r.page_size, r.page_token) =
            ("x".into(), "x".into(), -1, "x".into()) => ["parent", "district", "page_size", "page_token"],
    });
    let list = pb::ListInstitutionChangesRequest { parent: institution(HOSPITAL), ..Default::default() };
    bad_requests!(table, officer.list_institution_changes(list), {
        "an area for an institution": |r| r.parent = area() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "00".into() => ["page_token"],
    });
}
