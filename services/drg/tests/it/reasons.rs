use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::crosswalk_service_client::CrosswalkServiceClient;
use medfund_proto::drg::v1::scheme_service_client::SchemeServiceClient;
use medfund_testkit::{Refusals, rpcs};
use tonic::Code;

use crate::support::*;
use crate::tariffs;

#[tokio::test]
async fn every_refusal_that_the_protos_promise_is_given() {
    let drg = Drg::start().await;
    let all = rpcs(PACKAGE);
    let mut refusals = Refusals::of(PACKAGE, &all.iter().map(String::as_str).collect::<Vec<_>>());
    schemes(&drg, &mut refusals).await;
    adoptions(&drg, &mut refusals).await;
    crosswalks(&drg, &mut refusals).await;
    grouping(&drg, &mut refusals).await;
    unusable_crosswalks(&drg, &mut refusals).await;
    let [small, plain] = [&SMALL, &PLAIN].map(|content| name_of(content));
    tariffs::history_reasons(&drg, &mut refusals, &small).await;
    tariffs::tariff_reasons(&drg, &mut refusals, &small, &plain).await;
    tariffs::computing_reasons(&drg, &mut refusals, &small, &plain).await;
    batches(&drg, &mut refusals).await;
    too_many_batches(&drg, &mut refusals).await;
    tariffs::reasons_of_another_scheme(&drg, &mut refusals, &small).await;
    assert_eq!(refusals.all_provoked(), 176);
}

fn li(drg: &Drg, role: Role) -> SchemeServiceClient<medfund_testkit::TestChannel> {
    SchemeServiceClient::new(drg.0.as_person("li", role))
}

async fn schemes(drg: &Drg, refusals: &mut Refusals) {
    let mut maker = drg.schemes(Role::PolicyMaker);
    let mut checker = drg.schemes(Role::PolicyChecker);
    let nothing = maker.submit_scheme(submit(b"")).await;
    refusals.expect("submit_scheme", nothing, Code::InvalidArgument, "BAD_REQUEST");
    let small = li(drg, Role::PolicyMaker).submit_scheme(submit(&SMALL)).await.unwrap().into_inner();
    let small = small.scheme.unwrap().name;
    let again = maker.submit_scheme(submit(&SMALL)).await;
    refusals.expect("submit_scheme", again, Code::AlreadyExists, "SCHEME_EXISTS");
    let unknown = checker.publish_scheme(publish(&no_scheme())).await;
    refusals.expect("publish_scheme", unknown, Code::NotFound, "SCHEME_NOT_FOUND");
    let same = li(drg, Role::PolicyChecker).publish_scheme(publish(&small)).await;
    refusals.expect("publish_scheme", same, Code::PermissionDenied, "SAME_PERSON");
    checker.publish_scheme(publish(&small)).await.unwrap();
    let twice = checker.publish_scheme(publish(&small)).await;
    refusals.expect("publish_scheme", twice, Code::FailedPrecondition, "SCHEME_ALREADY_PUBLISHED");
    let unknown = maker.get_scheme(pb::GetSchemeRequest { name: no_scheme() }).await;
    refusals.expect("get_scheme", unknown, Code::NotFound, "SCHEME_NOT_FOUND");
}

async fn adoptions(drg: &Drg, refusals: &mut Refusals) {
    let mut maker = drg.schemes(Role::PolicyMaker);
    let mut checker = drg.schemes(Role::PolicyChecker);
    let list = pb::ListSchemesRequest { parent: area(), ..Default::default() };
    let small = maker.list_schemes(list).await.unwrap().into_inner().schemes.remove(0).name;
    let plain = drg.given_submitted(&PLAIN).await.name;
    let precondition = Code::FailedPrecondition;

    let unknown = maker.propose_adoption(propose(&no_scheme(), day(2025, 1, 1))).await;
    refusals.expect("propose_adoption", unknown, Code::NotFound, "SCHEME_NOT_FOUND");
    let unpublished = maker.propose_adoption(propose(&plain, day(2025, 1, 1))).await;
    refusals.expect("propose_adoption", unpublished, precondition, "SCHEME_NOT_PUBLISHED");
    let request = propose(&small, day(2025, 1, 1));
    li(drg, Role::PolicyMaker).propose_adoption(request.clone()).await.unwrap();
    let taken = pb::ProposeAdoptionRequest { request_id: id(), ..request.clone() };
    let taken = maker.propose_adoption(taken).await;
    refusals.expect("propose_adoption", taken, Code::AlreadyExists, "ADOPTION_EXISTS");

    let [late, past] = [day(2024, 6, 1), day(2025, 6, 1)].map(|first| propose(&small, first));
    maker.propose_adoption(late.clone()).await.unwrap();
    maker.propose_adoption(past.clone()).await.unwrap();
    let unknown = checker.confirm_adoption(confirm(&new_adoption())).await;
    refusals.expect("confirm_adoption", unknown, Code::NotFound, "ADOPTION_NOT_FOUND");
    let same = li(drg, Role::PolicyChecker).confirm_adoption(confirm(&request.name)).await;
    refusals.expect("confirm_adoption", same, Code::PermissionDenied, "SAME_PERSON");
    let none = maker.get_scheme_in_force(in_force_on(day(2025, 1, 1))).await;
    refusals.expect("get_scheme_in_force", none, Code::NotFound, "NO_SCHEME_IN_FORCE");
    checker.confirm_adoption(confirm(&request.name)).await.unwrap();
    let twice = checker.confirm_adoption(confirm(&request.name)).await;
    refusals.expect("confirm_adoption", twice, precondition, "ADOPTION_ALREADY_CONFIRMED");
    let late = checker.confirm_adoption(confirm(&late.name)).await;
    refusals.expect("confirm_adoption", late, precondition, "ADOPTION_NOT_LATER");
    let past = checker.confirm_adoption(confirm(&past.name)).await;
    refusals.expect("confirm_adoption", past, precondition, "ADOPTION_IN_THE_PAST");
    let past = maker.propose_adoption(propose(&small, day(2025, 6, 1))).await;
    refusals.expect("propose_adoption", past, precondition, "ADOPTION_IN_THE_PAST");
    let same_day = maker.propose_adoption(propose(&small, day(2025, 1, 1))).await;
    refusals.expect("propose_adoption", same_day, precondition, "ADOPTION_NOT_LATER");
}

async fn crosswalks(drg: &Drg, refusals: &mut Refusals) {
    let mut maker = drg.crosswalks(Role::PolicyMaker);
    let mut checker = drg.crosswalks(Role::PolicyChecker);
    let precondition = Code::FailedPrecondition;
    let nothing = maker.submit_crosswalk(submit_pairs("")).await;
    refusals.expect("submit_crosswalk", nothing, Code::InvalidArgument, "BAD_REQUEST");
    let li = |role| CrosswalkServiceClient::new(drg.0.as_person("li", role));
    let pairs = li(Role::PolicyMaker).submit_crosswalk(submit_pairs(PAIRS)).await.unwrap().into_inner();
    let name = pairs.crosswalk.unwrap().name;
    let again = maker.submit_crosswalk(submit_pairs(PAIRS)).await;
    refusals.expect("submit_crosswalk", again, Code::AlreadyExists, "CROSSWALK_EXISTS");
    let unpublished = maker.translate_codes(translate(&name, &name_of(&SMALL), &[])).await;
    refusals.expect("translate_codes", unpublished, precondition, "CROSSWALK_NOT_PUBLISHED");
    let unknown = checker.publish_crosswalk(publish_crosswalk(&no_crosswalk())).await;
    refusals.expect("publish_crosswalk", unknown, Code::NotFound, "CROSSWALK_NOT_FOUND");
    let same = li(Role::PolicyChecker).publish_crosswalk(publish_crosswalk(&name)).await;
    refusals.expect("publish_crosswalk", same, Code::PermissionDenied, "SAME_PERSON");
    checker.publish_crosswalk(publish_crosswalk(&name)).await.unwrap();
    let twice = checker.publish_crosswalk(publish_crosswalk(&name)).await;
    refusals.expect("publish_crosswalk", twice, precondition, "CROSSWALK_ALREADY_PUBLISHED");
    let unknown = maker.get_crosswalk(pb::GetCrosswalkRequest { name: no_crosswalk() }).await;
    refusals.expect("get_crosswalk", unknown, Code::NotFound, "CROSSWALK_NOT_FOUND");
    let unknown = maker.translate_codes(translate(&no_crosswalk(), &name_of(&SMALL), &[])).await;
    refusals.expect("translate_codes", unknown, Code::NotFound, "CROSSWALK_NOT_FOUND");
    for (choice, code, reason) in unusable_schemes() {
        let request = pb::TranslateCodesRequest { scheme_choice: choice, ..translate(&name, "", &[]) };
        refusals.expect("translate_codes", maker.translate_codes(request).await, code, reason);
    }
}

/// Schemes by which nothing is grouped, and why.
fn unusable_schemes() -> [(Option<pb::SchemeChoice>, Code, &'static str); 3] {
    [
        (by(&no_scheme()), Code::NotFound, "SCHEME_NOT_FOUND"),
        (on(day(2024, 12, 31)), Code::NotFound, "NO_SCHEME_IN_FORCE"),
        (by(&name_of(&PLAIN)), Code::FailedPrecondition, "SCHEME_NOT_PUBLISHED"),
    ]
}

async fn grouping(drg: &Drg, refusals: &mut Refusals) {
    let mut officer = drg.grouping(Role::AgencyOfficer);
    let plain = name_of(&PLAIN);
    for (choice, code, reason) in unusable_schemes() {
        let request = pb::GroupRequest { scheme_choice: choice.clone(), ..group("", man("1", &["I21.000"])) };
        refusals.expect("group", officer.group(request).await, code, reason);
        let answer = stream(drg.grouping(Role::AgencyOfficer), vec![opening(choice.clone())]).await;
        refusals.expect("group_stream", answer, code, reason);
        let request =
            pb::CheckCasesRequest { scheme_choice: choice.clone(), ..check("", vec![man("1", &[])]) };
        refusals.expect("check_cases", officer.check_cases(request).await, code, reason);
        let mut request = compare(&plain, &plain, vec![man("1", &["I21.000"])]);
        request.other_scheme_choice = choice;
        let answer = officer.compare_schemes(request).await;
        if code == Code::FailedPrecondition {
            answer.expect("schemes are compared before they are published");
        } else {
            refusals.expect("compare_schemes", answer, code, reason);
        }
    }
}

/// What is grouped through a crosswalk is refused without one that is published.
async fn unusable_crosswalks(drg: &Drg, refusals: &mut Refusals) {
    let mut officer = drg.grouping(Role::AgencyOfficer);
    let unpublished = drg.given_pairs("A01.000 A01.001").await.name;
    let (scheme, cases) = (name_of(&SMALL), vec![man("1", &["I21.000"])]);
    for (crosswalk, code, reason) in [
        (no_crosswalk(), Code::NotFound, "CROSSWALK_NOT_FOUND"),
        (unpublished, Code::FailedPrecondition, "CROSSWALK_NOT_PUBLISHED"),
    ] {
        let crosswalk = || crosswalk.clone();
        let request = pb::GroupRequest { crosswalk: crosswalk(), ..group(&scheme, cases[0].clone()) };
        refusals.expect("group", officer.group(request).await, code, reason);
        let mut first = opening(by(&scheme));
        first.opening.as_mut().unwrap().crosswalk = crosswalk();
        let answer = stream(drg.grouping(Role::AgencyOfficer), vec![first]).await;
        refusals.expect("group_stream", answer, code, reason);
        let request = pb::CheckCasesRequest { crosswalk: crosswalk(), ..check(&scheme, cases.clone()) };
        refusals.expect("check_cases", officer.check_cases(request).await, code, reason);
        let request = pb::StartBatchRequest { crosswalk: crosswalk(), ..start_batch(&scheme, b"1") };
        let answer = drg.batches(Role::AgencyOfficer).start_batch(request).await;
        refusals.expect("start_batch", answer, code, reason);
        let compared = compare(&scheme, &scheme, cases.clone());
        let request = pb::CompareSchemesRequest { crosswalk: crosswalk(), ..compared };
        let answer = officer.compare_schemes(request).await;
        if code == Code::NotFound {
            refusals.expect("compare_schemes", answer, code, reason);
        } else {
            answer.expect("schemes are compared through what is not published");
        }
    }
}

async fn batches(drg: &Drg, refusals: &mut Refusals) {
    let mut officer = drg.batches(Role::AgencyOfficer);
    let precondition = Code::FailedPrecondition;
    for (choice, code, reason) in unusable_schemes() {
        let request = pb::StartBatchRequest { scheme_choice: choice, ..start_batch("", b"12345") };
        refusals.expect("start_batch", officer.start_batch(request).await, code, reason);
    }
    let request = start_batch(&name_of(&SMALL), b"12345");
    let name = officer.start_batch(request.clone()).await.unwrap().into_inner().batch.unwrap().name;
    let others = drg.batches(Role::CityAgency).start_batch(request).await;
    refusals.expect("start_batch", others, Code::AlreadyExists, "BATCH_EXISTS");

    let malformed = drg.upload(vec![part(&name, 0, b"")]).await;
    refusals.expect("upload_cases", malformed, Code::InvalidArgument, "BAD_REQUEST");
    let unknown = drg.upload(vec![part(&new_batch(), 0, b"1")]).await;
    refusals.expect("upload_cases", unknown, Code::NotFound, "BATCH_NOT_FOUND");
    let gap = drg.upload(vec![part(&name, 1, b"2")]).await;
    refusals.expect("upload_cases", gap, precondition, "UPLOAD_GAP");
    let long = drg.upload(vec![part(&name, 0, b"123456")]).await;
    refusals.expect("upload_cases", long, precondition, "UPLOAD_TOO_LONG");
    let long_file = pb::StartBatchRequest { n_bytes: 10_001, ..start_batch(&name_of(&SMALL), b"long") };
    let long_file = officer.start_batch(long_file).await.unwrap().into_inner().batch.unwrap().name;
    let small = drg.upload(vec![part(&long_file, 0, b"1")]).await;
    refusals.expect("upload_cases", small, precondition, "UPLOAD_PART_TOO_SMALL");

    let unknown = officer.finish_upload(finish_batch(&new_batch())).await;
    refusals.expect("finish_upload", unknown, Code::NotFound, "BATCH_NOT_FOUND");
    let incomplete = officer.finish_upload(finish_batch(&name)).await;
    refusals.expect("finish_upload", incomplete, precondition, "UPLOAD_INCOMPLETE");
    drg.upload(vec![part(&name, 0, b"54321")]).await.unwrap();
    let differs = officer.finish_upload(finish_batch(&name)).await;
    refusals.expect("finish_upload", differs, precondition, "FILE_DIFFERS");

    let unknown = officer.cancel_batch(cancel(&new_batch())).await;
    refusals.expect("cancel_batch", unknown, Code::NotFound, "BATCH_NOT_FOUND");
    officer.cancel_batch(cancel(&name)).await.unwrap();
    let twice = officer.cancel_batch(cancel(&name)).await;
    refusals.expect("cancel_batch", twice, precondition, "BATCH_DELETED");
    let over = officer.finish_upload(finish_batch(&name)).await;
    refusals.expect("finish_upload", over, precondition, "BATCH_NOT_UPLOADING");
    let over = drg.upload(vec![part(&name, 4, b"1")]).await;
    refusals.expect("upload_cases", over, precondition, "BATCH_NOT_UPLOADING");

    let unknown = officer.get_batch(pb::GetBatchRequest { name: new_batch() }).await;
    refusals.expect("get_batch", unknown, Code::NotFound, "BATCH_NOT_FOUND");
    let errors = pb::ListBatchErrorsRequest { parent: new_batch(), ..Default::default() };
    let unknown = officer.list_batch_errors(errors).await;
    refusals.expect("list_batch_errors", unknown, Code::NotFound, "BATCH_NOT_FOUND");
    let answers = |name: String| pb::GetBatchAnswersRequest { name, offset: 0 };
    let unknown = officer.get_batch_answers(answers(new_batch())).await;
    refusals.expect("get_batch_answers", unknown, Code::NotFound, "BATCH_NOT_FOUND");
    let deleted_name = name.clone();
    let deleted = officer.get_batch_answers(answers(name)).await;
    refusals.expect("get_batch_answers", deleted, precondition, "BATCH_DELETED");
    let errors = pb::ListBatchErrorsRequest { parent: deleted_name, ..Default::default() };
    let deleted = officer.list_batch_errors(errors).await;
    refusals.expect("list_batch_errors", deleted, precondition, "BATCH_DELETED");
}

async fn too_many_batches(drg: &Drg, refusals: &mut Refusals) {
    let scheme = name_of(&SMALL);
    let of = |code: &str, n_bytes| pb::StartBatchRequest {
        institution_code: code.to_owned(),
        n_bytes,
        ..start_batch(&scheme, b"1")
    };
    for (code, n_good, n_bytes, reason) in
        [(HOSPITAL, 100, 1, "TOO_MANY_BATCHES"), (OTHER_HOSPITAL, 8, 8 << 30, "TOO_MUCH_KEPT")]
    {
        let mut hospital = drg.batches_of(code);
        for _ in 0..n_good {
            hospital.start_batch(of(code, n_bytes)).await.unwrap();
        }
        let refused = hospital.start_batch(of(code, n_bytes)).await;
        refusals.expect("start_batch", refused, Code::ResourceExhausted, reason);
    }
}
