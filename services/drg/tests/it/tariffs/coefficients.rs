use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::coefficient_parameters::Form;
use medfund_proto::drg::v1::tariff_service_client::TariffServiceClient;
use medfund_tariff::PublishedTariff;
use tonic::Code;

use super::words::*;
use crate::support::*;

/// A draft of [`two_institutions`].
async fn given_tariff_of_two(drg: &Drg) -> pb::Tariff {
    let scheme = drg.given_published(&SMALL).await.name;
    let history = drg.given_history(&scheme, &two_institutions()).await.name;
    let made = drg.tariffs(Role::PolicyMaker).draft_tariff(draft(&history)).await.unwrap();
    made.into_inner().tariff.unwrap()
}

async fn coefficients(drg: &Drg, tariff: &str) -> Vec<[String; 3]> {
    let list = drg.tariffs(Role::Auditor).list_coefficients(list_coefficients(tariff)).await.unwrap();
    let all = list.into_inner().coefficients.into_iter();
    all.map(|one| [one.institution_code, one.drg, one.coefficient]).collect()
}

#[tokio::test]
async fn a_hospital_counts_by_its_mean_cost_in_relation_to_the_regions() {
    let drg = Drg::start().await;
    let tariff = given_tariff_of_two(&drg).await;
    let history = history_of(&tariff);
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let answer = maker.compute_coefficients(compute(&tariff, &history)).await.unwrap().into_inner();

    let basis = answer.tariff.unwrap().coefficient_basis.unwrap();
    assert_eq!((basis.history, basis.levels), (history, vec![at_level(HOSPITAL, 3)]));
    // 120 / 90 and 80 / 90.
    let expected = [[HOSPITAL, "FR15", "1.3333"], [CLINIC, "FR15", "0.8889"]];
    assert_eq!(coefficients(&drg, &tariff.name).await, expected);
    let why =
        maker.explain_coefficient(explain_coefficient(&tariff.name, "FR15")).await.unwrap().into_inner();
    let tree = why.derivation.unwrap();
    assert_eq!((why.made.as_str(), tree.policy_hash), ("本院病例", basis.content_digest));
    assert_eq!(why.coefficient.unwrap().coefficient, "1.3333");
    assert_eq!(tree.root.unwrap().inputs[0].inputs[0].value, "120000");
}

#[tokio::test]
async fn an_institution_is_told_what_the_agency_is_and_of_no_other_institution() {
    let drg = Drg::start().await;
    let tariff = given_tariff_of_two(&drg).await;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let computed = maker.compute_coefficients(compute(&tariff, &history_of(&tariff))).await.unwrap();
    assert_ne!(computed.into_inner().tariff.unwrap().coefficients_maker, "");
    let request = explain_coefficient(&tariff.name, "FR15");
    let to_agency = maker.explain_coefficient(request.clone()).await.unwrap().into_inner();
    let to_hospital = drg.hospital(HOSPITAL).explain_coefficient(request.clone()).await.unwrap().into_inner();
    assert_eq!(to_hospital, to_agency);
    assert_eq!(to_hospital.coefficient.unwrap().coefficient, "1.3333");
    let others = drg.hospital(CLINIC).explain_coefficient(request).await;
    refused(others, Code::NotFound, "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn an_institution_without_level_is_told_its_coefficient_also_in_a_group_it_has_no_case_of() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    // FR15 at 120 and 80 as ever, a mean of 90; the third hospital has cases in another group alone.
    let mut cases = two_institutions();
    cases.extend((0..6).map(|_| costed(OTHER_HOSPITAL, "FR13", 100)));
    let history = drg.given_history(&scheme, &cases).await.name;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let mut tariff = maker.draft_tariff(draft(&history)).await.unwrap().into_inner().tariff.unwrap();
    let row = |level, coefficient: &str| pb::LevelCoefficient { level, coefficient: coefficient.to_owned() };
    let table = pb::LevelTable { levels: vec![row(3, "1.2"), row(2, "1"), row(0, "0.8")] };
    for (form, how, expected) in [
        // The level above none that has cases is the clinic's: 80 / 90.
        (Form::Blended(pb::BlendedForm::default()), "二级病例", "0.8889"),
        (Form::LevelTable(table), "级别系数", "0.8"),
    ] {
        let mut request = compute(&tariff, &history);
        request.parameters = Some(pb::CoefficientParameters { form: Some(form), ..Default::default() });
        request.levels = vec![at_level(HOSPITAL, 3), at_level(CLINIC, 2)];
        tariff = maker.compute_coefficients(request).await.unwrap().into_inner().tariff.unwrap();
        let request = pb::ExplainCoefficientRequest {
            institution_code: OTHER_HOSPITAL.to_owned(),
            ..explain_coefficient(&tariff.name, "FR15")
        };
        let why = drg.hospital(OTHER_HOSPITAL).explain_coefficient(request).await.unwrap().into_inner();
        assert_eq!((why.coefficient.unwrap().coefficient.as_str(), why.made.as_str()), (expected, how));
    }
}

#[tokio::test]
async fn whoever_computed_coefficients_does_not_publish_them() {
    let drg = Drg::start().await;
    let tariff = given_tariff_of_two(&drg).await;
    let wang = |role| TariffServiceClient::new(drg.0.as_person("wang", role));
    let request = compute(&tariff, &history_of(&tariff));
    let computed = wang(Role::PolicyMaker).compute_coefficients(request).await.unwrap().into_inner();
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let round = maker.start_round(start_round(&computed.tariff.unwrap())).await.unwrap().into_inner();
    let publish = publish_tariff(&round.tariff.unwrap());
    let same = wang(Role::PolicyChecker).publish_tariff(publish.clone()).await;
    refused(same, Code::PermissionDenied, "SAME_PERSON");
    drg.tariffs(Role::PolicyChecker).publish_tariff(publish).await.unwrap();
}

#[tokio::test]
async fn the_last_computed_coefficients_count_and_are_part_of_what_is_published() {
    let drg = Drg::start().await;
    let tariff = given_tariff_of_two(&drg).await;
    let history = history_of(&tariff);
    let (mut maker, mut checker) = (drg.tariffs(Role::PolicyMaker), drg.tariffs(Role::PolicyChecker));
    let first =
        maker.compute_coefficients(compute(&tariff, &history)).await.unwrap().into_inner().tariff.unwrap();
    let row = |level, coefficient: &str| pb::LevelCoefficient { level, coefficient: coefficient.to_owned() };
    let table = pb::LevelTable { levels: vec![row(3, "1.2"), row(2, "1.02"), row(0, "0.8")] };
    let mut request = compute(&first, &history);
    request.parameters = Some(pb::CoefficientParameters {
        form: Some(Form::LevelTable(table)),
        basic_drgs: vec!["FR13".to_owned()],
        decimals: None,
    });
    let second = maker.compute_coefficients(request).await.unwrap().into_inner().tariff.unwrap();

    // Nobody told the clinic's level: it has none.
    let expected =
        [[HOSPITAL, "", "1.2"], [HOSPITAL, "FR13", "1"], [CLINIC, "", "0.8"], [CLINIC, "FR13", "1"]];
    assert_eq!(coefficients(&drg, &tariff.name).await, expected);
    let round = maker.start_round(start_round(&second)).await.unwrap().into_inner().tariff.unwrap();
    checker.publish_tariff(publish_tariff(&round)).await.unwrap();
    let found = maker.get_tariff(get_tariff(&tariff.name)).await.unwrap().into_inner();
    let read = PublishedTariff::from_bytes(&found.content).unwrap();
    let of = |drg: &str| read.coefficients.get(&HOSPITAL.parse().unwrap(), &drg.parse().unwrap()).to_string();
    assert_eq!([of("FR15"), of("FR13")], ["1.2", "1"]);
    assert_eq!(read.levels[&HOSPITAL.parse().unwrap()].get(), 3);

    let revised = maker.revise_tariff(revise(&tariff.name)).await.unwrap().into_inner().tariff.unwrap();
    assert_eq!(revised.coefficient_basis, second.coefficient_basis);
    assert_eq!(coefficients(&drg, &revised.name).await, expected);
}

#[tokio::test]
async fn level_and_hospital_count_together_within_bounds_and_a_level_stands_in_for_few_cases() {
    let drg = Drg::start().await;
    let tariff = given_tariff_of_two(&drg).await;
    let mut request = compute(&tariff, &history_of(&tariff));
    let blended = pb::BlendedForm { low_coefficient: "0.95".to_owned(), ..Default::default() };
    request.parameters =
        Some(pb::CoefficientParameters { form: Some(Form::Blended(blended)), ..Default::default() });
    request.levels = vec![at_level(HOSPITAL, 3), at_level(CLINIC, 2)];
    let computed = drg.tariffs(Role::PolicyMaker).compute_coefficients(request).await.unwrap().into_inner();
    let told: Vec<(String, String)> =
        computed.tariff.unwrap().defaults.into_iter().map(|one| (one.field, one.reason)).collect();
    let of = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    assert!(told.contains(&of("base_points", "as in Jinhua, where the points method began")), "{told:?}");
    let blended = |field| of(&format!("coefficient_basis.parameters.blended.{field}"), "Shaoxing 2020");
    assert!(told.contains(&blended("level_rate")) && told.contains(&blended("high_coefficient")), "{told:?}");
    assert!(!told.contains(&blended("low_coefficient")), "{told:?}");
    let request = explain_coefficient(&tariff.name, "FR15");
    let explained = drg.tariffs(Role::Auditor).explain_coefficient(request).await.unwrap().into_inner();
    let root = explained.derivation.unwrap().root.unwrap();
    // The least of the greater of ratio and low, and high.
    let clauses: Vec<&str> = root.inputs.iter().map(|input| input.clause.as_str()).collect();
    assert_eq!(clauses, ["", "default: Shaoxing 2020"]);
    // Alone in its level each counts by its own mean, 1.3333 and 0.8889; not less than 0.95.
    let expected = [[HOSPITAL, "FR15", "1.3333"], [CLINIC, "FR15", "0.95"]];
    assert_eq!(coefficients(&drg, &tariff.name).await, expected);

    let page = |page_token| pb::ListCoefficientsRequest {
        page_size: 1,
        page_token,
        ..list_coefficients(&tariff.name)
    };
    let mut auditor = drg.tariffs(Role::Auditor);
    let one = auditor.list_coefficients(page(String::new())).await.unwrap().into_inner();
    let two = auditor.list_coefficients(page(one.next_page_token)).await.unwrap().into_inner();
    assert_eq!((one.coefficients.len(), two.coefficients[0].institution_code.as_str()), (1, CLINIC));
    assert_eq!(two.next_page_token, "");
}
