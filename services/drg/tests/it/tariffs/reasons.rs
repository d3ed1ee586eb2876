use diesel_async::SimpleAsyncConnection;
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::history_service_client::HistoryServiceClient;
use medfund_proto::drg::v1::proposed_change::Change;
use medfund_proto::drg::v1::tariff_service_client::TariffServiceClient;
use medfund_testkit::{Refusals, TestChannel};
use tonic::Code;

use super::words::*;
use crate::support::*;

const PRECONDITION: Code = Code::FailedPrecondition;

pub(crate) async fn histories(drg: &Drg, refusals: &mut Refusals, scheme: &str) {
    let mut officer = drg.histories(Role::AgencyOfficer);
    let unknown = officer.start_history(start_history(&no_scheme(), 2)).await;
    refusals.expect("start_history", unknown, Code::NotFound, "SCHEME_NOT_FOUND");
    let request = start_history(scheme, 2);
    let name = officer.start_history(request.clone()).await.unwrap().into_inner().history.unwrap().name;
    let longer = pb::StartHistoryRequest { n_lines: 3, request_id: id(), ..request.clone() };
    refusals.expect("start_history", officer.start_history(longer).await, PRECONDITION, "HISTORY_DIFFERS");
    let other = start_history(scheme, 2);
    let other = pb::StartHistoryRequest { request_id: request.request_id, ..other };
    let mut li = HistoryServiceClient::new(drg.0.as_person("li", Role::AgencyOfficer));
    refusals.expect("start_history", li.start_history(other).await, Code::AlreadyExists, "HISTORY_EXISTS");

    let cases = [(); 3].map(|()| costed(HOSPITAL, "FR13", 1));
    let long_file = officer.start_history(start_history(scheme, 10_001)).await.unwrap().into_inner();
    let long_file = long_file.history.unwrap().name;
    for (request, code, reason) in [
        (chunk(&long_file, 1, &cases[..1]), PRECONDITION, "HISTORY_PART_TOO_SMALL"),
        (chunk(&no_history(), 1, &cases[..1]), Code::NotFound, "HISTORY_NOT_FOUND"),
        (chunk(&name, 2, &cases[..1]), PRECONDITION, "HISTORY_GAP"),
        (chunk(&name, 1, &cases), PRECONDITION, "HISTORY_TOO_LONG"),
        (chunk(&name, 1, &[]), Code::InvalidArgument, "BAD_REQUEST"),
    ] {
        let answer = upload(officer.clone(), vec![request]).await;
        if reason == "BAD_REQUEST" {
            refused(answer, code, reason);
        } else {
            refusals.expect("upload_history", answer, code, reason);
        }
    }
    let unknown = officer.finish_history(finish(&no_history())).await;
    refusals.expect("finish_history", unknown, Code::NotFound, "HISTORY_NOT_FOUND");
    let early = officer.finish_history(finish(&name)).await;
    refusals.expect("finish_history", early, PRECONDITION, "HISTORY_INCOMPLETE");
    upload(officer.clone(), vec![chunk(&name, 1, &cases[..2])]).await.unwrap();
    officer.finish_history(finish(&name)).await.unwrap();
    let twice = officer.finish_history(finish(&name)).await;
    refusals.expect("finish_history", twice, PRECONDITION, "HISTORY_NOT_OPEN");
    let late = upload(officer.clone(), vec![chunk(&name, 1, &cases[..1])]).await;
    refusals.expect("upload_history", late, PRECONDITION, "HISTORY_NOT_OPEN");
    let unknown = officer.cancel_history(cancel_history(&no_history())).await;
    refusals.expect("cancel_history", unknown, Code::NotFound, "HISTORY_NOT_FOUND");
    let late = officer.cancel_history(cancel_history(&name)).await;
    refusals.expect("cancel_history", late, PRECONDITION, "HISTORY_NOT_OPEN");
    let unknown = officer.get_history(pb::GetHistoryRequest { name: no_history() }).await;
    refusals.expect("get_history", unknown, Code::NotFound, "HISTORY_NOT_FOUND");
    let errors = pb::ListHistoryErrorsRequest { parent: no_history(), ..Default::default() };
    let unknown = officer.list_history_errors(errors).await;
    refusals.expect("list_history_errors", unknown, Code::NotFound, "HISTORY_NOT_FOUND");
}

/// - `scheme`: one that is in force from 2025-01-01 on, of the groups of `small`.
/// - `other`: one that is not.
pub(crate) async fn tariffs(drg: &Drg, refusals: &mut Refusals, scheme: &str, other: &str) {
    let history = drg.given_history(scheme, &year()).await.name;
    let made = making(drg, refusals, scheme, &history).await;
    let published = negotiation(drg, refusals, made).await;
    let revised = reading(drg, refusals, &published).await;
    publishing(drg, refusals, revised).await;
    let history = drg.given_history(other, &year()).await.name;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let of_other = maker.draft_tariff(draft(&history)).await.unwrap().into_inner().tariff.unwrap();
    let of_other = publish(drg, of_other).await;
    adoptions(drg, refusals, &published.name, &of_other.name).await;
}

fn li(drg: &Drg, role: Role) -> TariffServiceClient<TestChannel> {
    TariffServiceClient::new(drg.0.as_person("li", role))
}

async fn publish(drg: &Drg, tariff: pb::Tariff) -> pb::Tariff {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let tariff = maker.start_round(start_round(&tariff)).await.unwrap().into_inner().tariff.unwrap();
    let published = drg.tariffs(Role::PolicyChecker).publish_tariff(publish_tariff(&tariff)).await.unwrap();
    published.into_inner().tariff.unwrap()
}

async fn making(drg: &Drg, refusals: &mut Refusals, scheme: &str, history: &str) -> pb::Tariff {
    let mut maker = li(drg, Role::PolicyMaker);
    let unknown = maker.draft_tariff(draft(&no_history())).await;
    refusals.expect("draft_tariff", unknown, Code::NotFound, "HISTORY_NOT_FOUND");
    let mut officer = drg.histories(Role::AgencyOfficer);
    let open = officer.start_history(start_history(scheme, 1)).await.unwrap().into_inner().history.unwrap();
    let open = maker.draft_tariff(draft(&open.name)).await;
    refusals.expect("draft_tariff", open, PRECONDITION, "HISTORY_NOT_FINISHED");
    let outside = drg.given_history(scheme, &[costed(HOSPITAL, "0000", 1)]).await.name;
    let outside = maker.draft_tariff(draft(&outside)).await;
    refusals.expect("draft_tariff", outside, PRECONDITION, "HISTORY_WITHOUT_CASES");
    let request = draft(history);
    let made = maker.draft_tariff(request.clone()).await.unwrap().into_inner().tariff.unwrap();
    let taken = pb::DraftTariffRequest { request_id: id(), ..request };
    let taken = maker.draft_tariff(taken).await;
    refusals.expect("draft_tariff", taken, Code::AlreadyExists, "TARIFF_EXISTS");
    for (earlier, code, reason) in [
        (new_tariff(), Code::NotFound, "TARIFF_NOT_FOUND"),
        (made.name.clone(), PRECONDITION, "TARIFF_NOT_PUBLISHED"),
    ] {
        let parameters = pb::WeightParameters { earlier_tariff: earlier, ..Default::default() };
        let request = pb::DraftTariffRequest { parameters: Some(parameters), ..draft(history) };
        refusals.expect("draft_tariff", maker.draft_tariff(request).await, code, reason);
    }
    let fixed = pb::FixedWeight { drg: "ZZ99".to_owned(), drg_weight: "1".to_owned() };
    let parameters = pb::WeightParameters { fixed_weights: vec![fixed], ..Default::default() };
    let request = pb::DraftTariffRequest { parameters: Some(parameters), ..draft(history) };
    let unknown = maker.draft_tariff(request).await;
    refusals.expect("draft_tariff", unknown, PRECONDITION, "GROUP_NOT_IN_SCHEME");
    let unknown = maker.revise_tariff(revise(&new_tariff())).await;
    refusals.expect("revise_tariff", unknown, Code::NotFound, "TARIFF_NOT_FOUND");
    let early = maker.revise_tariff(revise(&made.name)).await;
    refusals.expect("revise_tariff", early, PRECONDITION, "TARIFF_NOT_PUBLISHED");
    made
}

async fn negotiation(drg: &Drg, refusals: &mut Refusals, made: pb::Tariff) -> pb::Tariff {
    let (mut maker, mut checker) = (li(drg, Role::PolicyMaker), drg.tariffs(Role::PolicyChecker));
    let unknown = pb::Tariff { name: new_tariff(), ..made.clone() };
    let early = maker.propose_change(propose_change(&made.name, to_weight("2"))).await;
    refusals.expect("propose_change", early, PRECONDITION, "TARIFF_NOT_IN_NEGOTIATION");
    let early = checker.publish_tariff(publish_tariff(&made)).await;
    refusals.expect("publish_tariff", early, PRECONDITION, "TARIFF_NOT_IN_NEGOTIATION");
    let answer = maker.start_round(start_round(&unknown)).await;
    refusals.expect("start_round", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    let answer = checker.publish_tariff(publish_tariff(&unknown)).await;
    refusals.expect("publish_tariff", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    let early = maker.close_round(close_round(&made)).await;
    refusals.expect("close_round", early, PRECONDITION, "TARIFF_NOT_IN_NEGOTIATION");
    let answer = maker.close_round(close_round(&unknown)).await;
    refusals.expect("close_round", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    let answer = maker.list_proposals(list_proposals(&unknown.name)).await;
    refusals.expect("list_proposals", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    let round = maker.start_round(start_round(&made)).await.unwrap().into_inner().tariff.unwrap();
    let stale = maker.close_round(close_round(&made)).await;
    refusals.expect("close_round", stale, Code::Aborted, "ETAG_MISMATCH");
    let stale = maker.start_round(start_round(&made)).await;
    refusals.expect("start_round", stale, Code::Aborted, "ETAG_MISMATCH");
    let stale = checker.publish_tariff(publish_tariff(&made)).await;
    refusals.expect("publish_tariff", stale, Code::Aborted, "ETAG_MISMATCH");

    let answer = maker.propose_change(propose_change(&unknown.name, to_weight("2"))).await;
    refusals.expect("propose_change", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    let mut request = propose_change(&made.name, to_weight("2"));
    request.drg = "ZZ99".to_owned();
    let answer = maker.propose_change(request).await;
    refusals.expect("propose_change", answer, Code::NotFound, "TARIFF_GROUP_NOT_FOUND");
    let request = propose_change(&made.name, to_weight("2"));
    let first = request.name.clone();
    maker.propose_change(request.clone()).await.unwrap();
    let taken = maker.propose_change(pb::ProposeChangeRequest { request_id: id(), ..request }).await;
    refusals.expect("propose_change", taken, Code::AlreadyExists, "PROPOSAL_EXISTS");
    let open = maker.start_round(start_round(&round)).await;
    refusals.expect("start_round", open, PRECONDITION, "PROPOSALS_OPEN");
    let open = checker.publish_tariff(publish_tariff(&round)).await;
    refusals.expect("publish_tariff", open, PRECONDITION, "PROPOSALS_OPEN");
    too_many(drg, refusals, &made.name).await;
    deciding(drg, refusals, &made.name, &first).await;

    let now = maker.get_tariff(get_tariff(&made.name)).await.unwrap().into_inner().tariff.unwrap();
    let same = li(drg, Role::PolicyChecker).publish_tariff(publish_tariff(&now)).await;
    refusals.expect("publish_tariff", same, Code::PermissionDenied, "SAME_PERSON");
    checker.publish_tariff(publish_tariff(&now)).await.unwrap().into_inner().tariff.unwrap()
}

/// A thousand proposals of a hospital, all but the first copied in the table.
async fn too_many(drg: &Drg, refusals: &mut Refusals, tariff: &str) {
    let mut hospital = drg.hospital(HOSPITAL);
    let own = || {
        let request = propose_change(tariff, to_weight("2"));
        pb::ProposeChangeRequest { institution_code: HOSPITAL.to_owned(), ..request }
    };
    hospital.propose_change(own()).await.unwrap();
    let copy = format!(
        "INSERT INTO tariff_proposals SELECT area, tariff_id, gen_random_uuid(), round, institution_code, drg, change, \
         before, reason, proposer, create_time, false, 'wang', '', now() \
         FROM tariff_proposals, generate_series(2, 1000) WHERE institution_code = '{HOSPITAL}'"
    );
    let mut raw = drg.0.database().raw_admin().await;
    raw.batch_execute(&copy).await.unwrap();
    let refused = hospital.propose_change(own()).await;
    refusals.expect("propose_change", refused, Code::ResourceExhausted, "TOO_MANY_PROPOSALS");
    raw.batch_execute(&format!("DELETE FROM tariff_proposals WHERE institution_code = '{HOSPITAL}'"))
        .await
        .unwrap();
}

async fn deciding(drg: &Drg, refusals: &mut Refusals, tariff: &str, first: &str) {
    let mut city = drg.tariffs(Role::CityAgency);
    let request = propose_change(tariff, to_weight("3"));
    let second = request.name.clone();
    li(drg, Role::PolicyMaker).propose_change(request).await.unwrap();
    let unknown = city.decide_proposal(decide(&format!("{tariff}/proposals/{}", id()), true)).await;
    refusals.expect("decide_proposal", unknown, Code::NotFound, "PROPOSAL_NOT_FOUND");
    let same = li(drg, Role::CityAgency).decide_proposal(decide(first, true)).await;
    refusals.expect("decide_proposal", same, Code::PermissionDenied, "SAME_PERSON");
    city.decide_proposal(decide(first, true)).await.unwrap();
    let twice = city.decide_proposal(decide(first, true)).await;
    refusals.expect("decide_proposal", twice, PRECONDITION, "PROPOSAL_ALREADY_DECIDED");
    let changed = city.decide_proposal(decide(&second, true)).await;
    refusals.expect("decide_proposal", changed, PRECONDITION, "GROUP_CHANGED");
    city.decide_proposal(decide(&second, false)).await.unwrap();

    let named = |names: &[&str]| {
        let institutions = names.iter().map(|name| (*name).to_owned()).collect();
        let scope = Some(pb::TariffScope { institutions, ..Default::default() });
        let standard = pb::TariffStandard { scope, standard_fen: 5 };
        propose_change(tariff, Some(pb::ProposedChange { change: Some(Change::Standard(standard)) }))
    };
    let mut maker = li(drg, Role::PolicyMaker);
    let one = named(&["甲", "乙"]);
    maker.propose_change(one.clone()).await.unwrap();
    city.decide_proposal(decide(&one.name, true)).await.unwrap();
    let overlapping = maker.propose_change(named(&["乙", "丙"])).await;
    refusals.expect("propose_change", overlapping, PRECONDITION, "STANDARD_OVERLAPS");
}

async fn reading(drg: &Drg, refusals: &mut Refusals, published: &pb::Tariff) -> pb::Tariff {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let answer = maker.get_tariff(get_tariff(&new_tariff())).await;
    refusals.expect("get_tariff", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    let answer = maker.list_tariff_groups(list_groups(&new_tariff())).await;
    refusals.expect("list_tariff_groups", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    for (tariff, drg, code, reason) in [
        (&new_tariff(), "FR13", Code::NotFound, "TARIFF_NOT_FOUND"),
        (&published.name, "ZZ99", Code::NotFound, "TARIFF_GROUP_NOT_FOUND"),
        (&published.name, "NR19", PRECONDITION, "WEIGHT_NOT_DERIVED"),
    ] {
        refusals.expect("explain_weight", maker.explain_weight(explain(tariff, drg)).await, code, reason);
    }
    let none = maker.get_tariff_in_force(tariff_in_force_on(day(2025, 1, 1))).await;
    refusals.expect("get_tariff_in_force", none, Code::NotFound, "NO_TARIFF_IN_FORCE");
    let request = pb::ReviseTariffRequest { fund_year: 2025, ..revise(&published.name) };
    let taken = pb::ReviseTariffRequest { request_id: id(), ..request.clone() };
    let revised = maker.revise_tariff(request).await.unwrap().into_inner().tariff.unwrap();
    let taken = maker.revise_tariff(taken).await;
    refusals.expect("revise_tariff", taken, Code::AlreadyExists, "TARIFF_EXISTS");
    revised
}

/// - `revised`: a copy of a published tariff.
async fn publishing(drg: &Drg, refusals: &mut Refusals, revised: pb::Tariff) {
    let (mut maker, mut checker) = (drg.tariffs(Role::PolicyMaker), drg.tariffs(Role::PolicyChecker));
    let round = maker.start_round(start_round(&revised)).await.unwrap().into_inner().tariff.unwrap();
    let known = checker.publish_tariff(publish_tariff(&round)).await;
    refusals.expect("publish_tariff", known, Code::AlreadyExists, "TARIFF_ALREADY_KNOWN");
    let request = propose_change(&revised.name, to_weight("5"));
    let name = request.name.clone();
    maker.propose_change(request).await.unwrap();
    checker.decide_proposal(decide(&name, true)).await.unwrap();
    let now = maker.get_tariff(get_tariff(&revised.name)).await.unwrap().into_inner().tariff.unwrap();
    let mut raw = drg.0.database().raw_admin().await;
    let tariff_id = now.name.rsplit('/').next().unwrap();
    let named = |name: &str| {
        format!(
            "UPDATE tariff_groups SET entry = jsonb_set(entry, '{{name}}', to_jsonb({name}::text)) \
             WHERE drg = 'FR13' AND tariff_id = '{tariff_id}'"
        )
    };
    raw.batch_execute(&named("repeat('x', 3 << 20)")).await.unwrap();
    let large = checker.publish_tariff(publish_tariff(&now)).await;
    refusals.expect("publish_tariff", large, PRECONDITION, "TARIFF_TOO_LARGE");
    raw.batch_execute(&named("''")).await.unwrap();
    let published = checker.publish_tariff(publish_tariff(&now)).await.unwrap().into_inner().tariff.unwrap();
    let twice = checker.publish_tariff(publish_tariff(&published)).await;
    refusals.expect("publish_tariff", twice, PRECONDITION, "TARIFF_ALREADY_PUBLISHED");
    let late = maker.start_round(start_round(&published)).await;
    refusals.expect("start_round", late, PRECONDITION, "TARIFF_ALREADY_PUBLISHED");
    let late = maker.close_round(close_round(&published)).await;
    refusals.expect("close_round", late, PRECONDITION, "TARIFF_ALREADY_PUBLISHED");
}

async fn adoptions(drg: &Drg, refusals: &mut Refusals, tariff: &str, of_other: &str) {
    let (mut maker, mut checker) = (drg.tariffs(Role::PolicyMaker), drg.tariffs(Role::PolicyChecker));
    let draft = maker.revise_tariff(revise(tariff)).await.unwrap().into_inner().tariff.unwrap().name;
    for (name, code, reason) in
        [(&new_tariff(), Code::NotFound, "TARIFF_NOT_FOUND"), (&draft, PRECONDITION, "TARIFF_NOT_PUBLISHED")]
    {
        let answer = maker.propose_tariff_adoption(propose_tariff(name, day(2025, 1, 1))).await;
        refusals.expect("propose_tariff_adoption", answer, code, reason);
    }
    let request = propose_tariff(tariff, day(2025, 3, 1));
    li(drg, Role::PolicyMaker).propose_tariff_adoption(request.clone()).await.unwrap();
    let taken = pb::ProposeTariffAdoptionRequest { request_id: id(), ..request.clone() };
    let taken = maker.propose_tariff_adoption(taken).await;
    refusals.expect("propose_tariff_adoption", taken, Code::AlreadyExists, "ADOPTION_EXISTS");

    let unfit = propose_tariff(of_other, day(2025, 2, 1));
    maker.propose_tariff_adoption(unfit.clone()).await.unwrap();
    let [late, past] = [day(2025, 1, 1), day(2025, 6, 1)].map(|first| propose_tariff(tariff, first));
    maker.propose_tariff_adoption(late.clone()).await.unwrap();
    maker.propose_tariff_adoption(past.clone()).await.unwrap();
    let other_year = maker.propose_tariff_adoption(propose_tariff(tariff, day(2026, 1, 1))).await;
    refusals.expect("propose_tariff_adoption", other_year, PRECONDITION, "OTHER_FUND_YEAR");
    let unknown = new_tariff_adoption();
    for (name, code, reason) in
        [(&unknown, Code::NotFound, "ADOPTION_NOT_FOUND"), (&unfit.name, PRECONDITION, "SCHEME_NOT_IN_FORCE")]
    {
        let answer = checker.confirm_tariff_adoption(confirm_tariff(name)).await;
        refusals.expect("confirm_tariff_adoption", answer, code, reason);
    }
    let same = li(drg, Role::PolicyChecker).confirm_tariff_adoption(confirm_tariff(&request.name)).await;
    refusals.expect("confirm_tariff_adoption", same, Code::PermissionDenied, "SAME_PERSON");
    checker.confirm_tariff_adoption(confirm_tariff(&request.name)).await.unwrap();
    for (name, reason) in [
        (&request.name, "ADOPTION_ALREADY_CONFIRMED"),
        (&late.name, "ADOPTION_NOT_LATER"),
        (&past.name, "ADOPTION_IN_THE_PAST"),
    ] {
        let answer = checker.confirm_tariff_adoption(confirm_tariff(name)).await;
        refusals.expect("confirm_tariff_adoption", answer, PRECONDITION, reason);
    }
    let past = maker.propose_tariff_adoption(propose_tariff(tariff, day(2025, 6, 1))).await;
    refusals.expect("propose_tariff_adoption", past, PRECONDITION, "ADOPTION_IN_THE_PAST");
    let same_day = maker.propose_tariff_adoption(propose_tariff(tariff, day(2025, 3, 1))).await;
    refusals.expect("propose_tariff_adoption", same_day, PRECONDITION, "ADOPTION_NOT_LATER");
}

/// - `scheme`: the one in force, with a tariff.
pub(crate) async fn another_scheme(drg: &Drg, refusals: &mut Refusals, scheme: &str) {
    let (mut maker, mut checker) = (drg.tariffs(Role::PolicyMaker), drg.tariffs(Role::PolicyChecker));
    let history = drg.given_history(scheme, &year()).await.name;
    let request = pb::DraftTariffRequest { fund_year: 2098, ..draft(&history) };
    let tariff = maker.draft_tariff(request).await.unwrap().into_inner().tariff.unwrap();
    let tariff = publish(drg, tariff).await;
    let request = propose_tariff(&tariff.name, day(2098, 6, 1));
    maker.propose_tariff_adoption(request.clone()).await.unwrap();
    checker.confirm_tariff_adoption(confirm_tariff(&request.name)).await.unwrap();

    let plain = name_of(&PLAIN);
    let mut schemes = drg.schemes(Role::PolicyChecker);
    schemes.publish_scheme(crate::support::publish(&plain)).await.unwrap();
    let [early, later] = [day(2098, 5, 1), day(2098, 7, 1)].map(|first| propose(&plain, first));
    for request in [&early, &later] {
        drg.schemes(Role::PolicyMaker).propose_adoption(request.clone()).await.unwrap();
    }
    let early = schemes.confirm_adoption(confirm(&early.name)).await;
    refusals.expect("confirm_adoption", early, PRECONDITION, "TARIFF_OF_OTHER_SCHEME");
    schemes.confirm_adoption(confirm(&later.name)).await.unwrap();
    let before = maker.get_tariff_in_force(tariff_in_force_on(day(2098, 6, 30))).await.unwrap().into_inner();
    assert_eq!(before.tariff, Some(tariff));
    let after = maker.get_tariff_in_force(tariff_in_force_on(day(2098, 7, 1))).await;
    refusals.expect("get_tariff_in_force", after, PRECONDITION, "SCHEME_NOT_IN_FORCE");
}
