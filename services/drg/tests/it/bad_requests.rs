use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use crate::support::*;
use crate::tariffs;

#[tokio::test]
async fn every_bad_field_is_told_by_its_path() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    drg.given_in_force(&drg.given_published(&PLAIN).await, day(2024, 1, 1)).await;
    let mut table = BadRequests::default();
    schemes(&drg, &mut table, &scheme).await;
    adoptions(&drg, &mut table, &scheme).await;
    crosswalks(&drg, &mut table, &scheme).await;
    cases(&drg, &mut table, &scheme).await;
    streams(&drg, &mut table, &scheme).await;
    tariffs::bad_histories(&drg, &mut table, &scheme).await;
    tariffs::bad_tariffs(&drg, &mut table, &scheme).await;
    tariffs::bad_computing(&drg, &mut table, &scheme).await;
    batches(&drg, &mut table, &scheme).await;
    table.all_refused(PACKAGE);
}

async fn schemes(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let mut maker = drg.schemes(Role::PolicyMaker);
    let mut damaged = SMALL.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let mut longer = SMALL.clone();
    longer.push(0);
    bad_requests!(table, maker.submit_scheme(submit(&SMALL)), {
        "no area": |r| r.parent.clear() => ["parent"],
        "another area": |r| r.parent = format!("areas/{OTHER_AREA}") => Refused::not_found(),
        "nothing": |r| r.content.clear() => ["content"],
        "no scheme": |r| r.content = b"scheme".to_vec() => ["content"],
        "a damaged one": |r| r.content = damaged => ["content"],
        "one with more bytes": |r| r.content = longer => ["content"],
        "everything": |r| *r = pb::SubmitSchemeRequest::default() => ["parent", "request_id", "content"],
    });
    let mut checker = drg.schemes(Role::PolicyChecker);
    bad_requests!(table, checker.publish_scheme(publish(scheme)), {
        "no hash": |r| r.name = format!("{}/schemes/x", area()) => ["name"],
        "another area's": |r| r.name = r.name.replace("440700", OTHER_AREA) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut auditor = drg.schemes(Role::Auditor);
    bad_requests!(table, auditor.get_scheme(pb::GetSchemeRequest { name: scheme.to_owned() }), {
        "an area": |r| r.name = area() => ["name"],
    });
    let list = pb::ListSchemesRequest { parent: area(), ..Default::default() };
    bad_requests!(table, auditor.list_schemes(list), {
        "a negative size": |r| r.page_size = -1 => ["page_size"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
        "no area": |r| r.parent = "areas/x".to_owned() => ["parent"],
    });
}

async fn adoptions(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let mut maker = drg.schemes(Role::PolicyMaker);
    bad_requests!(table, maker.propose_adoption(propose(scheme, day(2025, 1, 1))), {
        "no UUID": |r| r.name = format!("{}/adoptions/1", area()) => ["name"],
        "no scheme": |r| r.scheme.clear() => ["scheme"],
        "another area's scheme": |r| r.scheme = r.scheme.replace("440700", OTHER_AREA) => Refused::not_found(),
        "no day": |r| r.effective_date = None => ["effective_date"],
        "a month": |r| r.effective_date = Some(day(2025, 1, 0)) => ["effective_date"],
        "no request id": |r| r.request_id = "1".to_owned() => ["request_id"],
    });
    let mut checker = drg.schemes(Role::PolicyChecker);
    bad_requests!(table, checker.confirm_adoption(confirm(&new_adoption())), {
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut auditor = drg.schemes(Role::Auditor);
    let list = pb::ListAdoptionsRequest { parent: area(), ..Default::default() };
    bad_requests!(table, auditor.list_adoptions(list), {
        "a negative size": |r| r.page_size = -1 => ["page_size"],
        "another's token": |r| r.page_token = "zz".to_owned() => ["page_token"],
    });
    bad_requests!(table, auditor.get_scheme_in_force(in_force_on(day(2025, 1, 1))), {
        "no day": |r| r.date = None => ["date"],
        "no area": |r| r.parent.clear() => ["parent"],
    });
}

async fn crosswalks(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let mut maker = drg.crosswalks(Role::PolicyMaker);
    let name = drg.given_pairs(PAIRS).await.name;
    bad_requests!(table, maker.submit_crosswalk(submit_pairs("A01.000 A01.001")), {
        "no area": |r| r.parent.clear() => ["parent"],
        "another area": |r| r.parent = format!("areas/{OTHER_AREA}") => Refused::not_found(),
        "no title": |r| r.title = " ".to_owned() => ["title"],
        "a long title": |r| r.title = "表".repeat(101) => ["title"],
        "no pair": |r| r.content = b"\n\n".to_vec() => ["content"],
        "no text": |r| r.content = b"\xff\xff".to_vec() => ["content"],
        "a long file": |r| r.content = vec![b'\n'; (3 << 20) + 1] => ["content"],
        "everything": |r| *r = pb::SubmitCrosswalkRequest::default()
            => ["parent", "title", "content", "request_id"],
    });
    let mut checker = drg.crosswalks(Role::PolicyChecker);
    bad_requests!(table, checker.publish_crosswalk(publish_crosswalk(&name)), {
        "no hash": |r| r.name = format!("{}/crosswalks/x", area()) => ["name"],
        "another area's": |r| r.name = r.name.replace("440700", OTHER_AREA) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut auditor = drg.crosswalks(Role::Auditor);
    bad_requests!(table, auditor.get_crosswalk(pb::GetCrosswalkRequest { name: name.clone() }), {
        "an area": |r| r.name = area() => ["name"],
    });
    let list = pb::ListCrosswalksRequest { parent: area(), ..Default::default() };
    bad_requests!(table, auditor.list_crosswalks(list), {
        "a negative size": |r| r.page_size = -1 => ["page_size"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
        "no area": |r| r.parent = "areas/x".to_owned() => ["parent"],
    });
    bad_requests!(table, auditor.translate_codes(translate(&name, scheme, &["I21.000"])), {
        "no crosswalk": |r| r.name = area() => ["name"],
        "another area's": |r| r.name = r.name.replace("440700", OTHER_AREA) => Refused::not_found(),
        "no choice": |r| r.scheme_choice = None => ["scheme_choice"],
        "many codes": |r| r.diagnoses = vec!["I10".to_owned(); 1_001] => ["diagnoses"],
        "a long code": |r| r.procedures = vec!["1".repeat(41)] => ["procedures[0]"],
    });
}

async fn cases(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let mut officer = drg.grouping(Role::AgencyOfficer);
    let mut good = group(scheme, man("1", &["I21.000"]));
    good.drg_case.as_mut().unwrap().details = Some(pb::ListDetails::default());
    bad_requests!(table, officer.group(good), {
        "no case": |r| r.drg_case = None => ["drg_case"],
        "no choice": |r| r.scheme_choice = None => ["scheme_choice"],
        "an empty choice": |r| r.scheme_choice = Some(Default::default()) => ["scheme_choice.choice"],
        "no scheme": |r| r.scheme_choice = by("x") => ["scheme_choice.scheme"],
        "another area's scheme": |r| r.scheme_choice = by(&no_scheme().replace("440700", OTHER_AREA))
            => Refused::not_found(),
        "no day": |r| r.scheme_choice = on(day(2025, 2, 30)) => ["scheme_choice.date"],
        "no crosswalk": |r| r.crosswalk = area() => ["crosswalk"],
        "another area's crosswalk": |r| r.crosswalk = no_crosswalk().replace("440700", OTHER_AREA)
            => Refused::not_found(),
        "no id": |r| case(r).id.clear() => ["drg_case.id"],
        "a long id": |r| case(r).id = "1".repeat(65) => ["drg_case.id"],
        "another sex": |r| case(r).sex = 9 => ["drg_case.sex"],
        "an old patient": |r| case(r).age_years = Some(65_536) => ["drg_case.age_years"],
        "a heavy newborn": |r| case(r).birth_weight_g = Some(65_536) => ["drg_case.birth_weight_g"],
        "many codes": |r| case(r).diagnoses = vec!["I10".to_owned(); 101] => ["drg_case.diagnoses"],
        "a long code": |r| case(r).procedures = vec!["1".repeat(41)] => ["drg_case.procedures[0]"],
        "an empty code": |r| case(r).diagnoses.push(String::new()) => ["drg_case.diagnoses[1]"],
        "a way out that is none": |r| details(r).dscg_way = 6 => ["drg_case.details.dscg_way"],
        "no day of a procedure": |r| details(r).procedure_dates = vec![day(0, 0, 0), day(2024, 13, 1)]
            => ["drg_case.details.procedure_dates[1]"],
        "many parts": |r| details(r).part_fen = vec![1; 101] => ["drg_case.details.part_fen"],
        "everything": |r| *r = pb::GroupRequest::default() => ["parent", "scheme_choice", "drg_case"],
    });
    bad_requests!(table, officer.check_cases(check(scheme, vec![man("1", &["I21.000"])])), {
        "no area": |r| r.parent.clear() => ["parent"],
        "no choice": |r| r.scheme_choice = None => ["scheme_choice"],
        "no crosswalk": |r| r.crosswalk = "x".to_owned() => ["crosswalk"],
        "no cases": |r| r.cases.clear() => ["cases"],
        "too many cases": |r| r.cases = vec![man("1", &[]); 2_001] => ["cases"],
        "a malformed case": |r| r.cases.push(pb::Case::default()) => ["cases[1].id"],
    });
    let good = compare(scheme, scheme, vec![man("1", &["I21.000"])]);
    bad_requests!(table, officer.compare_schemes(good), {
        "no cases": |r| r.cases.clear() => ["cases"],
        "too many cases": |r| r.cases = vec![man("1", &[]); 2_001] => ["cases"],
        "a malformed case": |r| r.cases.push(pb::Case::default()) => ["cases[1].id"],
        "no crosswalk": |r| r.crosswalk = "x".to_owned() => ["crosswalk"],
        "one scheme": |r| r.other_scheme_choice = None => ["other_scheme_choice"],
        "one tariff": |r| r.setting = tariffs::by_rate() => ["other_setting", "institution_codes"],
        "no institution": |r| {
            (r.setting, r.other_setting) = (tariffs::by_rate(), tariffs::by_rate());
            r.institution_codes = vec!["1".to_owned()];
        } => ["institution_codes[0]"],
        "no fund line": |r| {
            (r.setting, r.other_setting) = (tariffs::by_rate(), tariffs::by_rate());
            r.institution_codes = vec!["H44070300001".to_owned()];
            r.fund_lines = vec!["职工".to_owned()];
        } => ["fund_lines[0]"],
        "more fund lines than cases": |r| {
            (r.setting, r.other_setting) = (tariffs::by_rate(), tariffs::by_rate());
            r.institution_codes = vec!["H44070300001".to_owned()];
            r.fund_lines = vec![String::new(); 2];
        } => ["fund_lines"],
        "a budget": |r| {
            (r.setting, r.other_setting) = (tariffs::by_rate(), tariffs::by_budget());
            r.institution_codes = vec!["H44070300001".to_owned()];
        } => ["other_setting.method"],
    });
}

fn case(request: &mut pb::GroupRequest) -> &mut pb::Case {
    request.drg_case.as_mut().unwrap()
}

fn details(request: &mut pb::GroupRequest) -> &mut pb::ListDetails {
    case(request).details.as_mut().unwrap()
}

async fn streams(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let open = || opening(by(scheme));
    let cases = || batch(vec![man("1", &["I21.000"])]);
    let both = pb::GroupStreamRequest { opening: open().opening, ..cases() };
    let client = || drg.grouping(Role::AgencyOfficer);
    table.good("group_stream", &stream(client(), vec![open(), cases()]).await);
    for (what, messages, fields) in [
        ("no opening", vec![cases()], vec!["cases", "opening"]),
        ("nothing", vec![], vec!["opening"]),
        ("cases with the opening", vec![both.clone()], vec!["cases"]),
        ("a second opening", vec![open(), both], vec!["opening"]),
        ("no cases", vec![open(), batch(vec![])], vec!["cases"]),
        ("an opening without a choice", vec![opening(None)], vec!["opening.scheme_choice"]),
    ] {
        let answer = stream(client(), messages).await;
        match fields[..] {
            [one] => table.bad("group_stream", what, answer, [one]),
            [one, two] => table.bad("group_stream", what, answer, [one, two]),
            _ => unreachable!("one or two fields are bad"),
        }
    }
}

async fn batches(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let mut officer = drg.batches(Role::AgencyOfficer);
    bad_requests!(table, officer.start_batch(start_batch(scheme, b"1")), {
        "no area": |r| r.parent.clear() => ["parent"],
        "another area": |r| r.parent = format!("areas/{OTHER_AREA}") => Refused::not_found(),
        "no institution": |r| r.institution_code = "H1".to_owned() => ["institution_code"],
        "no choice": |r| r.scheme_choice = None => ["scheme_choice"],
        "no crosswalk": |r| r.crosswalk = "x".to_owned() => ["crosswalk"],
        "no digest": |r| r.file_digest = "ab".to_owned() => ["file_digest"],
        "no bytes": |r| r.n_bytes = 0 => ["n_bytes"],
        "too many bytes": |r| r.n_bytes = (8 << 30) + 1 => ["n_bytes"],
        "days before now": |r| r.keep_days = -1 => ["keep_days"],
        "more than a year": |r| r.keep_days = 367 => ["keep_days"],
        "everything": |r| *r = pb::StartBatchRequest { keep_days: -1, ..Default::default() }
            => ["parent", "scheme_choice", "file_digest", "n_bytes", "keep_days", "request_id"],
    });
    let mut hospital = drg.batches_of(HOSPITAL);
    let own = pb::StartBatchRequest { institution_code: HOSPITAL.to_owned(), ..start_batch(scheme, b"1") };
    bad_requests!(table, hospital.start_batch(own), {
        "an agency's": |r| r.institution_code.clear() => ["institution_code"],
        "another's": |r| r.institution_code = "H44070300002".to_owned() => Refused::not_found(),
    });
    let name = drg.given_uploaded(start_batch(scheme, b"1"), b"1", 1).await;
    let good = part(&name, 0, b"1");
    table.good("upload_cases", &drg.upload(vec![good.clone()]).await);
    for (what, parts, fields) in [
        ("nothing", vec![], vec!["batch"]),
        ("no batch", vec![part("", 0, b"1")], vec!["batch"]),
        ("two batches", vec![good.clone(), part(&new_batch(), 0, b"1")], vec!["batch"]),
        (
            "an offset before the first",
            vec![pb::UploadCasesRequest { offset: -1, ..good.clone() }],
            vec!["offset"],
        ),
        ("nothing in a part", vec![part(&name, 0, b"")], vec!["content"]),
        ("too much in a part", vec![part(&name, 0, &[0; (1 << 20) + 1])], vec!["content"]),
    ] {
        let answer = drg.upload(parts).await;
        table.bad("upload_cases", what, answer, [fields[0]]);
    }
    bad_requests!(table, officer.finish_upload(finish_batch(&name)), {
        "no name": |r| r.name.clear() => ["name"],
        "another area's": |r| r.name = r.name.replace("440700", OTHER_AREA) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    drg.settled(&name).await;
    bad_requests!(table, officer.get_batch(pb::GetBatchRequest { name: name.clone() }), {
        "no UUID": |r| r.name = format!("{}/batches/1", area()) => ["name"],
    });
    bad_requests!(table, officer.list_batches(pb::ListBatchesRequest { parent: area(), ..Default::default() }), {
        "no area": |r| r.parent.clear() => ["parent"],
        "a negative size": |r| r.page_size = -1 => ["page_size"],
        "another's token": |r| r.page_token = "zz".to_owned() => ["page_token"],
    });
    let errors = pb::ListBatchErrorsRequest { parent: name.clone(), ..Default::default() };
    bad_requests!(table, officer.list_batch_errors(errors), {
        "no batch": |r| r.parent = area() => ["parent"],
        "a negative size": |r| r.page_size = -1 => ["page_size"],
        "another's token": |r| r.page_token = "zz".to_owned() => ["page_token"],
    });
    let good = pb::GetBatchAnswersRequest { name: name.clone(), offset: 0 };
    table.good("get_batch_answers", &officer.get_batch_answers(good.clone()).await);
    let bad = pb::GetBatchAnswersRequest { offset: -1, ..good.clone() };
    let answer = officer.get_batch_answers(bad).await;
    table.bad("get_batch_answers", "an offset before the first", answer, ["offset"]);
    let bad = pb::GetBatchAnswersRequest { name: area(), ..good };
    let answer = officer.get_batch_answers(bad).await;
    table.bad("get_batch_answers", "an area", answer, ["name"]);
    bad_requests!(table, officer.cancel_batch(cancel(&name)), {
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id = "1".to_owned() => ["request_id"],
    });
}
