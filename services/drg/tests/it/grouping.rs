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
async fn a_case_in_clinical_codes_is_grouped_through_a_crosswalk_and_what_was_mapped_is_told() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let crosswalk = drg.given_crosswalk(PAIRS).await.name;
    let mut case = man("1", &["I21.000x009", "E11.900", "J96.900"]);
    case.procedures = vec!["36.1001".to_owned()];
    let mut request = pb::GroupRequest { explain: true, ..group(&scheme, case) };
    let untranslated = grouped(&drg, request.clone()).await.grouped_case.unwrap();
    assert_eq!((untranslated.outcome(), untranslated.translated_codes.len()), (Outcome::InvalidCode, 0));

    request.crosswalk = crosswalk;
    let answer = grouped(&drg, request).await;

    let case = answer.grouped_case.unwrap();
    assert_eq!((case.outcome(), case.drg.as_str()), (Outcome::Grouped, "FC19"));
    assert_eq!(case.cc_codes, ["E11.900"]);
    assert_eq!(
        translated(&case.translated_codes),
        ["I21.000x009→I21.000", "J96.900→J96.000|J96.100", "36.1001→36.1000"]
    );
    let told = answer.explanation.unwrap().text_zh;
    assert!(told.starts_with("编码对照 I21.000x009：对照为 I21.000\n"), "{told}");
    assert!(told.contains("\n分组成功：FC19"), "{told}");
}

#[tokio::test]
async fn schemes_are_compared_through_a_crosswalk_before_it_is_published() {
    let drg = Drg::start().await;
    let [small, plain] = [drg.given_submitted(&SMALL).await, drg.given_submitted(&PLAIN).await];
    let crosswalk = drg.given_pairs(PAIRS).await.name;
    let cases = vec![man("1", &["I21.000x009", "E11.900"])];
    let request = pb::CompareSchemesRequest { crosswalk, ..compare(&small.name, &plain.name, cases) };

    let answer = drg.grouping(Role::PolicyChecker).compare_schemes(request).await.unwrap().into_inner();

    let compared = &answer.compared_cases[0];
    for (side, drg_code) in [(&compared.grouped_case, "FR13"), (&compared.other_grouped_case, "FR15")] {
        let side = side.as_ref().unwrap();
        assert_eq!(side.drg, drg_code);
        assert_eq!(translated(&side.translated_codes), ["I21.000x009→I21.000"]);
    }
}

#[tokio::test]
async fn lists_are_checked_without_being_grouped() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let crosswalk = drg.given_crosswalk(PAIRS).await.name;
    let mut discharged = man("2", &["I21.000x009", "I21.000"]);
    discharged.details = Some(pb::ListDetails {
        admission_date: Some(day(2024, 3, 2)),
        discharge_date: Some(day(2024, 3, 1)),
        dscg_way: 1,
        total_cost_fen: Some(100),
        ..pb::ListDetails::default()
    });
    let cases = vec![man("1", &["I21.000"]), discharged, man("3", &["N80.000"])];
    let request = pb::CheckCasesRequest { crosswalk, ..check(&scheme, cases) };

    let answer = drg.grouping(Role::AgencyOfficer).check_cases(request.clone()).await.unwrap().into_inner();

    assert_eq!((answer.n_blocked, answer.scheme.as_str()), (2, scheme.as_str()));
    let limits = answer.limits.unwrap();
    assert_eq!(
        (limits.oldest_years, limits.youngest_mother_years, limits.greatest_birth_weight_g),
        (124, 9, 9_999)
    );
    let told = |checked: &pb::CheckedCase| -> Vec<(String, bool, String, Option<i32>)> {
        let found = checked.findings.iter();
        found.map(|one| (one.code.clone(), one.blocking, one.field.clone(), one.index)).collect()
    };
    let checked = answer.checked_cases;
    let of = |code: &str, blocking, field: &str, index| (code.to_owned(), blocking, field.to_owned(), index);
    assert_eq!(
        checked.iter().map(|one| (one.id.as_str(), one.blocked)).collect::<Vec<_>>(),
        [("1", false), ("2", true), ("3", true)]
    );
    assert_eq!(told(&checked[0]), []);
    assert_eq!(
        told(&checked[1]),
        [
            of("DUPLICATE_CODE", false, "diagnoses", Some(1)),
            of("DISCHARGED_BEFORE_ADMITTED", true, "discharge_date", None)
        ]
    );
    assert_eq!(checked[1].findings[0].value, "I21.000");
    assert_eq!(translated(&checked[1].translated_codes), ["I21.000x009→I21.000"]);
    assert_eq!(told(&checked[2]), [of("SEX_CONFLICT", true, "diagnoses", Some(0))]);

    let request = pb::CheckCasesRequest { crosswalk: String::new(), ..request };
    let checked = drg.grouping(Role::AgencyOfficer).check_cases(request).await.unwrap().into_inner();
    let untranslated = &checked.checked_cases[1].findings[0];
    assert_eq!((untranslated.code.as_str(), untranslated.value.as_str()), ("UNKNOWN_CODE", "I21.000x009"));
}

#[tokio::test]
async fn cases_of_a_day_are_grouped_by_the_scheme_that_was_in_force() {
    let drg = Drg::start().await;
    let small = drg.given_published(&SMALL).await;
    let plain = drg.given_published(&PLAIN).await;
    drg.given_in_force(&small, day(2024, 1, 1)).await;
    drg.given_in_force(&plain, day(2098, 1, 1)).await;
    for (date, scheme, group_code) in [(day(2024, 6, 1), &small, "FR13"), (day(2098, 6, 1), &plain, "FR15")] {
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
