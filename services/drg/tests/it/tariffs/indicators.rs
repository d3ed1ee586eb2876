use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;

use super::words::*;
use crate::support::*;

/// The year's cases; the clinic's stay 4 days each, and one of its patients died.
fn year_with_stays() -> Vec<pb::HistoricalCase> {
    let mut cases = year();
    for case in cases.iter_mut().filter(|case| case.institution_code == CLINIC) {
        case.stay_days = 4;
    }
    cases[9].died = true;
    cases
}

async fn asked(drg: &Drg, change: impl Fn(&mut pb::GetIndicatorsRequest)) -> pb::GetIndicatorsResponse {
    let scheme = drg.given_published(&SMALL).await.name;
    let history = drg.given_history(&scheme, &year_with_stays()).await.name;
    let made = drg.tariffs(Role::PolicyMaker).draft_tariff(draft(&history)).await.unwrap().into_inner();
    let mut request = indicators(&history, &made.tariff.unwrap().name);
    change(&mut request);
    drg.tariffs(Role::CityAgency).get_indicators(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn the_cases_of_each_institution_are_told_beside_the_regions() {
    let drg = Drg::start().await;
    let [low_rate, middle_low_rate, middle_high_rate] = ["0.1", "0.2", "0.5"].map(str::to_owned);
    let bounds = pb::RiskBounds { low_rate, middle_low_rate, middle_high_rate };
    let told = asked(&drg, |request| request.risk_bounds = Some(bounds.clone())).await;

    let region = told.region.unwrap();
    assert_eq!((region.n_cases, region.n_grouped, region.n_groups), (17, 16, 3));
    // 16 / 17; (5 × 1.3714 + 10 × 0.4571) / 15.
    assert_eq!([&region.entry_rate, &region.cmi, &region.time_index], ["0.9412", "0.7619", "1"]);
    let [hospital, clinic] = &told.institutions[..] else { panic!("two institutions") };
    assert_eq!([&hospital.institution_code, &clinic.institution_code], [HOSPITAL, CLINIC]);
    // (5 × 1.3714 + 4 × 0.4571) / 9: a case without a weight does not count.
    assert_eq!([&hospital.cmi, &clinic.cmi], ["0.965", "0.4571"]);
    // FR15's mean stay is 5.6 days: (5 + 4 × 8 / 5.6 + 1) / 10, and 4 / 5.6.
    assert_eq!([&hospital.time_index, &clinic.time_index], ["1.1714", "0.7143"]);
    assert_eq!([&hospital.cost_index, &clinic.cost_index], ["1", "1"]);
    // One of FR15's ten died: of low risk here.
    assert_eq!((clinic.n_low_risk, clinic.low_risk_mortality_rate.as_str()), (6, "0.1667"));
    assert_eq!(told.institution_coverage, None);
}

#[tokio::test]
async fn coverage_by_institution_disease_and_fund_is_held_against_its_targets() {
    let drg = Drg::start().await;
    let targets = pb::CoverageTargets {
        eligible_institutions: vec![HOSPITAL.to_owned(), CLINIC.to_owned(), "H44070300003".to_owned()],
        drg_institutions: vec![HOSPITAL.to_owned(), CLINIC.to_owned()],
        inpatient_fund_fen: 10_500_000,
        institution_rate: "0.4".to_owned(),
        disease_rate: "0.7".to_owned(),
        fund_rate: "0.3".to_owned(),
    };
    let told = asked(&drg, |request| request.coverage_targets = Some(targets.clone())).await;
    let coverage = |coverage: Option<pb::Coverage>| {
        let coverage = coverage.unwrap();
        (coverage.part, coverage.whole, coverage.covered_rate, coverage.reached)
    };
    let expected = |part: &str, whole: &str, rate: &str, reached| {
        (part.to_owned(), whole.to_owned(), rate.to_owned(), reached)
    };
    assert_eq!(coverage(told.institution_coverage), expected("2", "3", "0.6667", true));
    // Of FC19, FR13 and FR15 two have a weight.
    assert_eq!(coverage(told.disease_coverage), expected("2", "3", "0.6667", false));
    // 70 % of 75,000 yuan.
    assert_eq!(coverage(told.fund_coverage), expected("5250000", "10500000", "0.5", true));
}
