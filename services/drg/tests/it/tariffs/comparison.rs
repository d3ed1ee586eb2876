use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_setting::Method;

use super::words::*;
use crate::support::*;

#[tokio::test]
async fn two_schemes_are_compared_with_what_each_pays_by_case_and_institution() {
    let drg = Drg::start().await;
    let small = drg.given_draft().await;
    let plain = drg.given_submitted(&PLAIN).await.name;
    let history = drg.given_history(&plain, &year()).await.name;
    let made = drg.tariffs(Role::PolicyMaker).draft_tariff(draft(&history)).await.unwrap().into_inner();
    // The diabetes counts as a complication by the one scheme alone.
    let cases = vec![man("1", &["I21.000", "E11.900"]), man("2", &["I21.000"]), man("3", &["Q00.000"])];
    let mut request = compare(&small.scheme, &plain, cases);
    request.setting = setting(&small.name, Method::RateFen(656_250));
    request.other_setting = setting(&made.tariff.unwrap().name, Method::RateFen(656_250));
    request.institution_codes = [HOSPITAL, CLINIC, CLINIC].map(str::to_owned).to_vec();

    let compared = drg.grouping(Role::AgencyOfficer).compare_schemes(request).await.unwrap().into_inner();

    let pays: Vec<_> = compared
        .compared_cases
        .iter()
        .map(|case| (case.pay_fen, case.other_pay_fen, case.difference_fen))
        .collect();
    assert_eq!(
        pays,
        [
            (Some(899_981), Some(299_972), Some(-600_009)),
            (Some(299_972), Some(299_972), Some(0)),
            (None, None, None)
        ]
    );
    let difference = |institution: &str, pay_fen, other_pay_fen: i64| pb::InstitutionDifference {
        institution_code: institution.to_owned(),
        n_cases: 1,
        n_other_cases: 1,
        pay_fen,
        other_pay_fen,
        difference_fen: other_pay_fen - pay_fen,
    };
    let expected = [difference(HOSPITAL, 899_981, 299_972), difference(CLINIC, 299_972, 299_972)];
    assert_eq!(compared.institution_differences, expected);
}

#[tokio::test]
async fn a_case_is_compared_by_the_coefficient_of_its_fund_line() {
    let drg = Drg::start().await;
    let draft = drg.given_draft().await;
    let cases = vec![man("1", &["I21.000", "E11.900"]), man("2", &["I21.000", "E11.900"])];
    let mut request = compare(&draft.scheme, &draft.scheme, cases);
    let residents = pb::TariffScope { fund_line: "resident".to_owned(), ..Default::default() };
    request.setting = setting(&draft.name, Method::RateFen(656_250));
    request.other_setting = request.setting.clone();
    request.other_setting.as_mut().unwrap().group_changes = of_fr13(vec![to_coefficient(residents, "0.5")]);
    request.institution_codes = [HOSPITAL, HOSPITAL].map(str::to_owned).to_vec();
    request.fund_lines = ["resident", ""].map(str::to_owned).to_vec();
    let compared = drg.grouping(Role::AgencyOfficer).compare_schemes(request).await.unwrap().into_inner();
    let pays: Vec<_> =
        compared.compared_cases.iter().map(|case| (case.pay_fen, case.other_pay_fen)).collect();
    // 899,981.25 fen a case, and half of that.
    assert_eq!(pays, [(Some(899_981), Some(449_991)), (Some(899_981), Some(899_981))]);
}
