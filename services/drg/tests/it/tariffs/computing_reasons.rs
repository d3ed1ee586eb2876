use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::coefficient_parameters::Form;
use medfund_proto::drg::v1::tariff_setting::Method;
use medfund_testkit::Refusals;
use tonic::Code;

use super::words::*;
use crate::support::*;

const PRECONDITION: Code = Code::FailedPrecondition;

/// Names that are refused wherever past cases meet a tariff.
struct Names {
    /// A finished history of the one scheme, and one that is not finished.
    history: String,
    open: String,
    /// A draft of the one scheme, and one of the other.
    tariff: pb::Tariff,
    of_other: pb::Tariff,
}

/// - `scheme`, `other`: schemes of the groups of `small`.
pub(crate) async fn computing(drg: &Drg, refusals: &mut Refusals, scheme: &str, other: &str) {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let history = drg.given_history(scheme, &year()).await.name;
    let of_other = drg.given_history(other, &year()).await.name;
    let mut officer = drg.histories(Role::AgencyOfficer);
    let open = officer.start_history(start_history(scheme, 1)).await.unwrap().into_inner().history.unwrap();
    let tariff = maker.draft_tariff(draft(&history)).await.unwrap().into_inner().tariff.unwrap();
    let of_other = maker.draft_tariff(draft(&of_other)).await.unwrap().into_inner().tariff.unwrap();
    let names = Names { history, open: open.name, tariff, of_other };
    importing(drg, refusals, scheme).await;
    coefficients(drg, refusals, &names).await;
    too_many(drg, refusals, scheme).await;
    what_if(drg, refusals, &names, scheme).await;
    schemes(drg, refusals, &names, (scheme, other)).await;
}

async fn importing(drg: &Drg, refusals: &mut Refusals, scheme: &str) {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let unknown = maker.import_tariff(import(&no_scheme(), TABLE.as_bytes())).await;
    refusals.expect("import_tariff", unknown, Code::NotFound, "SCHEME_NOT_FOUND");
    let request = import(scheme, TABLE.as_bytes());
    let imported = maker.import_tariff(request.clone()).await.unwrap().into_inner().tariff.unwrap();
    let round = maker.start_round(start_round(&imported)).await.unwrap().into_inner().tariff.unwrap();
    let without_levels = drg.tariffs(Role::PolicyChecker).publish_tariff(publish_tariff(&round)).await;
    refusals.expect("publish_tariff", without_levels, PRECONDITION, "LEVELS_MISSING");
    let taken = maker.import_tariff(pb::ImportTariffRequest { request_id: id(), ..request }).await;
    refusals.expect("import_tariff", taken, Code::AlreadyExists, "TARIFF_EXISTS");
}

async fn coefficients(drg: &Drg, refusals: &mut Refusals, names: &Names) {
    let Names { history, open, tariff, of_other } = names;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let unknown = pb::Tariff { name: new_tariff(), ..tariff.clone() };
    let stale = pb::Tariff { etag: "\"9\"".to_owned(), ..tariff.clone() };
    for (tariff, history, code, reason) in [
        (tariff, &no_history(), Code::NotFound, "HISTORY_NOT_FOUND"),
        (tariff, open, PRECONDITION, "HISTORY_NOT_FINISHED"),
        (&unknown, history, Code::NotFound, "TARIFF_NOT_FOUND"),
        (of_other, history, PRECONDITION, "SCHEMES_DIFFER"),
        (&stale, history, Code::Aborted, "ETAG_MISMATCH"),
    ] {
        let answer = maker.compute_coefficients(compute(tariff, history)).await;
        refusals.expect("compute_coefficients", answer, code, reason);
    }
    let cheap = [costed(HOSPITAL, "FR15", 1), costed(CLINIC, "FR15", 100)];
    let mut request = compute(tariff, &drg.given_history(&tariff.scheme, &cheap).await.name);
    request.parameters = Some(pb::CoefficientParameters {
        form: Some(Form::Hospital(true)),
        decimals: Some(0),
        ..Default::default()
    });
    let answer = maker.compute_coefficients(request).await;
    refusals.expect("compute_coefficients", answer, PRECONDITION, "COEFFICIENT_OUT_OF_RANGE");
    // The clinic has no level, and so 0.
    let third = pb::LevelCoefficient { level: 3, coefficient: "1.2".to_owned() };
    let mut request = compute(tariff, history);
    request.parameters = Some(pb::CoefficientParameters {
        form: Some(Form::LevelTable(pb::LevelTable { levels: vec![third] })),
        ..Default::default()
    });
    let answer = maker.compute_coefficients(request).await;
    refusals.expect("compute_coefficients", answer, PRECONDITION, "LEVEL_LEFT_OUT");
    for (tariff, drg, code, reason) in [
        (&unknown.name, "FR13", Code::NotFound, "TARIFF_NOT_FOUND"),
        (&tariff.name, "ZZ99", Code::NotFound, "TARIFF_GROUP_NOT_FOUND"),
        (&tariff.name, "FR13", PRECONDITION, "COEFFICIENTS_NOT_COMPUTED"),
    ] {
        let answer = maker.explain_coefficient(explain_coefficient(tariff, drg)).await;
        refusals.expect("explain_coefficient", answer, code, reason);
    }
    let answer = maker.list_coefficients(list_coefficients(&unknown.name)).await;
    refusals.expect("list_coefficients", answer, Code::NotFound, "TARIFF_NOT_FOUND");
    let mut published = maker.start_round(start_round(of_other)).await.unwrap().into_inner().tariff.unwrap();
    let name = format!("{}/proposals/{}", published.name, id());
    let change = pb::ProposeChangeRequest { name: name.clone(), ..propose_change("", to_weight("7")) };
    maker.propose_change(change).await.unwrap();
    let mut checker = drg.tariffs(Role::PolicyChecker);
    checker.decide_proposal(decide(&name, true)).await.unwrap();
    published = maker.get_tariff(get_tariff(&published.name)).await.unwrap().into_inner().tariff.unwrap();
    published =
        checker.publish_tariff(publish_tariff(&published)).await.unwrap().into_inner().tariff.unwrap();
    let other_history = history_of(&published);
    let late = maker.compute_coefficients(compute(&published, &other_history)).await;
    refusals.expect("compute_coefficients", late, PRECONDITION, "TARIFF_ALREADY_PUBLISHED");
}

/// 28,600 institutions and seven codes: 200,200 coefficients.
async fn too_many(drg: &Drg, refusals: &mut Refusals, scheme: &str) {
    let codes = ["FC19", "FR13", "FR15", "NR19", "FQY", "NQY", "0000"];
    let case = |n: usize| costed(&format!("H4407{n:07}"), codes[n % codes.len()], 1);
    let cases: Vec<pb::HistoricalCase> = (0..28_600).map(case).collect();
    let mut officer = drg.histories(Role::AgencyOfficer);
    let started = officer.start_history(start_history(scheme, cases.len())).await.unwrap().into_inner();
    let name = started.history.unwrap().name;
    let chunks = cases.chunks(2_000).zip(0..).map(|(part, n)| chunk(&name, 1 + n * 2_000, part)).collect();
    upload(officer.clone(), chunks).await.unwrap();
    officer.finish_history(finish(&name)).await.unwrap();
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let tariff = maker.draft_tariff(draft(&name)).await.unwrap().into_inner().tariff.unwrap();
    let mut request = compute(&tariff, &name);
    request.parameters = Some(pb::CoefficientParameters {
        form: Some(Form::Blended(pb::BlendedForm::default())),
        ..Default::default()
    });
    let answer = maker.compute_coefficients(request).await;
    refusals.expect("compute_coefficients", answer, PRECONDITION, "TOO_MANY_COEFFICIENTS");
}

async fn what_if(drg: &Drg, refusals: &mut Refusals, names: &Names, scheme: &str) {
    let Names { history, open, tariff, of_other } = names;
    let mut officer = drg.tariffs(Role::AgencyOfficer);
    let outside = drg.given_history(scheme, &[costed(HOSPITAL, "0000", 1)]).await.name;
    let unknown = new_tariff();
    for (history, name, code, reason) in [
        (&no_history(), &tariff.name, Code::NotFound, "HISTORY_NOT_FOUND"),
        (open, &tariff.name, PRECONDITION, "HISTORY_NOT_FINISHED"),
        (history, &unknown, Code::NotFound, "TARIFF_NOT_FOUND"),
        (history, &of_other.name, PRECONDITION, "SCHEMES_DIFFER"),
    ] {
        let setting = setting(name, by_points(1));
        let answer = officer.compare_tariffs(compare_tariffs(history, setting.clone(), setting)).await;
        refusals.expect("compare_tariffs", answer, code, reason);
        let answer = officer.get_indicators(indicators(history, name)).await;
        refusals.expect("get_indicators", answer, code, reason);
    }
    let points = setting(&tariff.name, by_points(1));
    let nothing = officer.compare_tariffs(compare_tariffs(&outside, points.clone(), points.clone())).await;
    refusals.expect("compare_tariffs", nothing, PRECONDITION, "NOTHING_TO_SHARE_BY");
    for coefficient in ["100000", "1000"] {
        let greatest = with_greatest_changes(&tariff.name, coefficient);
        let answer = officer.compare_tariffs(compare_tariffs(history, points.clone(), greatest)).await;
        refusals.expect("compare_tariffs", answer, PRECONDITION, "BEYOND_MEASURE");
    }
    let mut other = points.clone();
    other.as_mut().unwrap().group_changes = overlapping();
    let answer = officer.compare_tariffs(compare_tariffs(history, points.clone(), other)).await;
    refusals.expect("compare_tariffs", answer, PRECONDITION, "STANDARD_OVERLAPS");
    let other = with_unknown_group(&tariff.name);
    let answer = officer.compare_tariffs(compare_tariffs(history, points, other)).await;
    refusals.expect("compare_tariffs", answer, Code::NotFound, "TARIFF_GROUP_NOT_FOUND");
}

/// Each of its numbers may be. With the greatest coefficient, 100,000, one case is more than 63 bits; with 1,000 ten are.
fn with_greatest_changes(tariff: &str, coefficient: &str) -> Option<pb::TariffSetting> {
    let mut setting = setting(tariff, Method::RateFen(1_000_000_000_000)).unwrap();
    let heaviest = |drg: &str| pb::FixedWeight { drg: drg.to_owned(), drg_weight: "1000".to_owned() };
    setting.weight_changes = ["FR13", "FR15"].map(heaviest).to_vec();
    let greatest = |institution: &str| pb::InstitutionCoefficient {
        institution_code: institution.to_owned(),
        coefficient: coefficient.to_owned(),
        ..Default::default()
    };
    setting.coefficient_changes = [HOSPITAL, CLINIC].map(greatest).to_vec();
    Some(setting)
}

fn with_unknown_group(tariff: &str) -> Option<pb::TariffSetting> {
    let mut setting = setting(tariff, Method::RateFen(1)).unwrap();
    let unknown = pb::FixedWeight { drg: "ZZ99".to_owned(), drg_weight: "1".to_owned() };
    setting.weight_changes = vec![unknown];
    Some(setting)
}

async fn schemes(drg: &Drg, refusals: &mut Refusals, names: &Names, (scheme, other): (&str, &str)) {
    let Names { tariff, of_other, .. } = names;
    let rate = |name: &str| setting(name, Method::RateFen(1));
    let mut overlaps = rate(&tariff.name);
    overlaps.as_mut().unwrap().group_changes = overlapping();
    for (one, two, code, reason) in [
        (rate(&new_tariff()), rate(&of_other.name), Code::NotFound, "TARIFF_NOT_FOUND"),
        (with_unknown_group(&tariff.name), rate(&of_other.name), Code::NotFound, "TARIFF_GROUP_NOT_FOUND"),
        (overlaps, rate(&of_other.name), PRECONDITION, "STANDARD_OVERLAPS"),
        (rate(&tariff.name), rate(&tariff.name), PRECONDITION, "SCHEMES_DIFFER"),
    ] {
        let mut request = compare(scheme, other, vec![man("1", &["I21.000"])]);
        (request.setting, request.other_setting) = (one, two);
        request.institution_codes = vec![HOSPITAL.to_owned()];
        let answer = drg.grouping(Role::AgencyOfficer).compare_schemes(request).await;
        refusals.expect("compare_schemes", answer, code, reason);
    }
    for (coefficient, n_cases) in [("100000", 1), ("1000", 10)] {
        let cases = (0..n_cases).map(|n| man(&n.to_string(), &["I21.000"])).collect();
        let mut request = compare(scheme, other, cases);
        request.setting = with_greatest_changes(&tariff.name, coefficient);
        request.other_setting = rate(&of_other.name);
        request.institution_codes = vec![HOSPITAL.to_owned(); n_cases];
        let answer = drg.grouping(Role::AgencyOfficer).compare_schemes(request).await;
        refusals.expect("compare_schemes", answer, PRECONDITION, "BEYOND_MEASURE");
    }
}
