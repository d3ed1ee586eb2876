use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::grouped_case::{Outcome, Severity};
use medfund_proto::drg::v1::what_if::Change;

use crate::support::*;

async fn grouped(drg: &Drg, request: pb::GroupRequest) -> pb::GroupResponse {
    drg.grouping(Role::AgencyOfficer).group(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_case_is_told_its_group_and_why() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await;
    let mut request = group(&scheme.name, man("7", &["I21.000", "E11.900", "X99.999"]));
    request.explain = true;

    let answer = grouped(&drg, request).await;

    let case = answer.grouped_case.unwrap();
    assert_eq!((case.id.as_str(), case.outcome()), ("7", Outcome::Grouped));
    assert_eq!([&case.mdc, &case.adrg, &case.drg], ["MDCF", "FR1", "FR13"]);
    assert_eq!((case.severity(), case.cc_codes.as_slice()), (Severity::Cc, &["E11.900".to_owned()][..]));
    assert_eq!(answer.scheme, scheme.name);
    let why = answer.explanation.unwrap();
    let tried: Vec<_> = why.tried.iter().map(|rule| (rule.variant.as_str(), rule.failed)).collect();
    assert_eq!(tried, [("FC1", Some(1)), ("FR1", None)]);
    assert_eq!(why.unknown_codes, ["X99.999"]);
    assert_eq!(why.complications[0].counted(), Severity::Cc);
    let without = why.what_ifs.iter().find(|one| one.change() == Change::WithoutMccAndCc).unwrap();
    assert_eq!(without.drg, "FR15");
    assert!(why.text_zh.starts_with("分组成功：FR13"), "{}", why.text_zh);
}

#[tokio::test]
async fn what_is_not_grouped_is_told_apart() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut woman = man("1", &["N80.000"]);
    woman.sex = pb::Sex::Unspecified.into();
    let mut operated = man("1", &["I10.x00"]);
    operated.procedures = vec!["36.1000".to_owned()];
    for (case, outcome, drg_code, missing) in [
        (woman, Outcome::NeedsData, "0000", "sex"),
        (operated, Outcome::Ambiguous, "FQY", ""),
        (man("1", &["I10.x00"]), Outcome::NotGrouped, "0000", ""),
        (man("1", &["Q00.000"]), Outcome::InvalidCode, "0000", ""),
        (man("1", &[]), Outcome::InvalidCode, "0000", ""),
    ] {
        let case = grouped(&drg, group(&scheme, case)).await.grouped_case.unwrap();
        assert_eq!(
            (case.outcome(), case.drg.as_str(), case.missing_field.as_str()),
            (outcome, drg_code, missing)
        );
    }
}

#[tokio::test]
async fn a_finding_of_list_quality_keeps_a_case_from_being_grouped_only_if_that_is_asked_for() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let mut case = man("1", &["I21.000", "I21.000"]);
    case.details = Some(pb::ListDetails {
        admission_date: Some(day(2024, 3, 2)),
        discharge_date: Some(day(2024, 3, 1)),
        dscg_way: 1,
        procedure_dates: Vec::new(),
        total_cost_fen: Some(300),
        part_fen: vec![100, 200],
    });
    let mut request = group(&scheme, case);
    let unchecked = grouped(&drg, request.clone()).await.grouped_case.unwrap();
    assert_eq!((unchecked.outcome(), unchecked.findings.len()), (Outcome::Grouped, 0));

    request.check_quality = true;
    request.explain = true;
    let answer = grouped(&drg, request.clone()).await;

    assert_eq!(answer.explanation, None);
    let case = answer.grouped_case.unwrap();
    assert_eq!((case.outcome(), case.drg.as_str()), (Outcome::Blocked, "0000"));
    let found: Vec<_> = case
        .findings
        .iter()
        .map(|one| (one.code.as_str(), one.blocking, one.field.as_str(), one.index))
        .collect();
    assert_eq!(
        found,
        [
            ("DUPLICATE_CODE", false, "diagnoses", Some(1)),
            ("DISCHARGED_BEFORE_ADMITTED", true, "discharge_date", None)
        ]
    );
    let details = request.drg_case.as_mut().unwrap().details.as_mut().unwrap();
    details.discharge_date = Some(day(2024, 3, 3));
    let case = grouped(&drg, request).await.grouped_case.unwrap();
    assert_eq!((case.outcome(), case.findings.len()), (Outcome::Grouped, 1));
}

#[tokio::test]
async fn cases_of_a_day_are_grouped_by_the_scheme_that_was_in_force() {
    let drg = Drg::start().await;
    let small = drg.given_published(&SMALL).await;
    let plain = drg.given_published(&PLAIN).await;
    drg.given_in_force(&small, day(2024, 1, 1)).await;
    drg.given_in_force(&plain, day(2025, 1, 1)).await;
    for (date, scheme, group_code) in [(day(2024, 6, 1), &small, "FR13"), (day(2025, 6, 1), &plain, "FR15")] {
        let request =
            pb::GroupRequest { scheme_choice: on(date), ..group("", man("1", &["I21.000", "E11.900"])) };
        let answer = grouped(&drg, request).await;
        assert_eq!(
            (answer.scheme.as_str(), answer.grouped_case.unwrap().drg.as_str()),
            (scheme.name.as_str(), group_code)
        );
    }
}

#[tokio::test]
async fn two_schemes_are_compared_before_the_second_is_published() {
    let drg = Drg::start().await;
    let small = drg.given_published(&SMALL).await;
    let plain = drg.given_submitted(&PLAIN).await;
    let cases =
        vec![man("1", &["I21.000"]), man("2", &["I21.000", "E11.900"]), man("3", &["I21.000", "E11.900"])];

    let request = compare(&small.name, &plain.name, cases);
    let answer = drg.grouping(Role::PolicyChecker).compare_schemes(request).await.unwrap().into_inner();

    let same: Vec<bool> = answer.compared_cases.iter().map(|case| case.same).collect();
    assert_eq!((same.as_slice(), answer.n_same), (&[true, false, false][..], 1));
    let moved = pb::GroupMove { drg: "FR13".into(), other_drg: "FR15".into(), n_cases: 2 };
    assert_eq!(answer.moves, [moved]);
    let second = &answer.compared_cases[1];
    assert_eq!(second.grouped_case.as_ref().unwrap().drg, "FR13");
    assert_eq!(second.other_grouped_case.as_ref().unwrap().drg, "FR15");
}
