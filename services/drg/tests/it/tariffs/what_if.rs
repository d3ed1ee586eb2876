use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_setting::Method;

use super::words::*;
use crate::support::*;

async fn compared(drg: &Drg, request: pb::CompareTariffsRequest) -> pb::CompareTariffsResponse {
    drg.tariffs(Role::AgencyOfficer).compare_tariffs(request).await.unwrap().into_inner()
}

fn pays(compared: &pb::CompareTariffsResponse) -> Vec<(&str, i64, i64, i64)> {
    let all = compared.institution_differences.iter();
    all.map(|one| (one.institution_code.as_str(), one.pay_fen, one.other_pay_fen, one.difference_fen))
        .collect()
}

#[tokio::test]
async fn by_points_the_budget_is_shared_to_the_fen_whatever_the_weights() {
    let drg = Drg::start().await;
    let tariff = drg.given_draft().await;
    // The hospital: 5 × 137.14 + 4 × 45.71 = 868.54 points; the clinic: 6 × 45.71 = 274.26. A point is 10 yuan.
    let one = setting(&tariff.name, by_points(1_142_800));
    let mut other = one.clone();
    let heavier = pb::FixedWeight { drg: "FR15".to_owned(), drg_weight: "0.9142".to_owned() };
    other.as_mut().unwrap().weight_changes = vec![heavier];
    let mut request = compare_tariffs(&history_of(&tariff), one, other);
    request.institution_code = CLINIC.to_owned();

    let compared = compared(&drg, request).await;

    // Then 1,051.38 points of 1,599.90: 750,995.19… fen, and 391,804.81… for the clinic.
    let expected = [(HOSPITAL, 868_540, 750_995, -117_545), (CLINIC, 274_260, 391_805, 117_545)];
    assert_eq!(pays(&compared), expected);
    let (outcome, other) = (compared.outcome.unwrap(), compared.other_outcome.unwrap());
    assert_eq!((outcome.pay_fen, other.pay_fen), (1_142_800, 1_142_800));
    assert_eq!(outcome.point_value.unwrap().root.unwrap().value, "1000");
    let [fr1] = &compared.adrg_differences[..] else { panic!("one core group") };
    assert_eq!((fr1.adrg.as_str(), fr1.pay_fen, fr1.other_pay_fen), ("FR1", 274_260, 391_805));
    let cases: Vec<i64> = compared.institution_differences.iter().map(|one| one.n_cases).collect();
    assert_eq!(cases, [9, 6], "a group without a weight is paid beside it");
}

#[tokio::test]
async fn by_a_rate_each_case_pays_weight_times_coefficient_times_rate() {
    let drg = Drg::start().await;
    let tariff = drg.given_draft().await;
    let one = setting(&tariff.name, Method::RateFen(656_250));
    let mut other = one.clone();
    other.as_mut().unwrap().coefficient_changes = vec![pb::InstitutionCoefficient {
        institution_code: CLINIC.to_owned(),
        drg: String::new(),
        coefficient: "1.1".to_owned(),
    }];
    let compared = compared(&drg, compare_tariffs(&history_of(&tariff), one, other)).await;
    // FR13: 899,981.25, FR15: 299,971.875 fen a case, each rounded once; with 1.1 FR15 pays 329,969.06….
    let hospital = 5 * 899_981 + 4 * 299_972;
    let clinic = [6 * 299_972, 6 * 329_969];
    let expected = [(HOSPITAL, hospital, hospital, 0), (CLINIC, clinic[0], clinic[1], clinic[1] - clinic[0])];
    assert_eq!(pays(&compared), expected);
    assert_eq!(compared.outcome.unwrap().point_value, None);
}

/// Cases of FR13 at the hospital, of two employees and a resident, and at the clinic, of two residents; and a tariff with a
/// standard of its own for the hospital and for residents.
async fn of_fund_lines(drg: &Drg) -> (String, String) {
    let scheme = drg.given_published(&SMALL).await.name;
    let of_line = |(institution, line): (&str, &str)| pb::HistoricalCase {
        fund_line: line.to_owned(),
        ..costed(institution, "FR13", 9_000)
    };
    let whose = [(HOSPITAL, "employee"), (HOSPITAL, "employee"), (HOSPITAL, "resident")];
    let cases = whose.into_iter().chain([(CLINIC, "resident"); 2]).map(of_line).collect::<Vec<_>>();
    let history = drg.given_history(&scheme, &cases).await.name;
    let table =
        "DRG编码,DRG名称,RW,支付标准（市立）,支付标准（居民）,支付标准\nFR13,心梗，有,1.5,12000,8000,9000\n";
    let request = pb::ImportTariffRequest {
        institution_words: vec![pb::InstitutionWord {
            word: "市立".to_owned(),
            institution_code: HOSPITAL.to_owned(),
        }],
        fund_line_words: vec![pb::FundLineWord {
            word: "居民".to_owned(), fund_line: "resident".to_owned()
        }],
        ..import(&scheme, table.as_bytes())
    };
    let imported = drg.tariffs(Role::PolicyMaker).import_tariff(request).await.unwrap().into_inner();
    (history, imported.tariff.unwrap().name)
}

#[tokio::test]
async fn a_named_hospital_and_a_fund_line_are_paid_by_their_own_standards_which_can_be_changed() {
    let drg = Drg::start().await;
    let (history, tariff) = of_fund_lines(&drg).await;
    let one = setting(&tariff, Method::Standards(true));
    let mut other = one.clone();
    // In place of the hospital's, and one for the clinic beside it.
    let changes = vec![to_standard_of(HOSPITAL, 1_300_000), to_standard_of(CLINIC, 700_000)];
    other.as_mut().unwrap().group_changes = of_fr13(changes);
    let compared = compared(&drg, compare_tariffs(&history, one, other)).await;
    let expected =
        [(HOSPITAL, 3 * 1_200_000, 3 * 1_300_000, 300_000), (CLINIC, 2 * 800_000, 2 * 700_000, -200_000)];
    assert_eq!(pays(&compared), expected);
}

#[tokio::test]
async fn a_fund_lines_coefficient_is_tried_in_place_of_its_institutions() {
    let drg = Drg::start().await;
    let (history, tariff) = of_fund_lines(&drg).await;
    let mut one = setting(&tariff, Method::RateFen(1_000));
    one.as_mut().unwrap().coefficient_changes = vec![pb::InstitutionCoefficient {
        institution_code: HOSPITAL.to_owned(),
        drg: String::new(),
        coefficient: "1.2".to_owned(),
    }];
    let mut other = one.clone();
    let residents = pb::TariffScope { fund_line: "resident".to_owned(), ..Default::default() };
    other.as_mut().unwrap().group_changes = of_fr13(vec![to_coefficient(residents, "0.5")]);
    let compared = compared(&drg, compare_tariffs(&history, one, other)).await;
    let expected = [(HOSPITAL, 5_400, 4_350, -1_050), (CLINIC, 3_000, 1_500, -1_500)];
    assert_eq!(pays(&compared), expected);
}

#[tokio::test]
async fn by_standards_each_case_pays_what_its_institutions_level_is_given() {
    let drg = Drg::start().await;
    let scheme = drg.given_published(&SMALL).await.name;
    let history = drg.given_history(&scheme, &year()).await.name;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let tariff = maker.import_tariff(import(&scheme, TABLE.as_bytes())).await.unwrap().into_inner();
    let mut one = setting(&tariff.tariff.unwrap().name, Method::Standards(true));
    one.as_mut().unwrap().level_changes = vec![at_level(HOSPITAL, 3), at_level(CLINIC, 2)];
    let mut other = one.clone();
    other.as_mut().unwrap().level_changes = vec![at_level(HOSPITAL, 2), at_level(CLINIC, 2)];
    let compared = compared(&drg, compare_tariffs(&history, one, other)).await;
    // 5 × 10,000 + 4 × 3,000 yuan at the third level, 5 × 9,000 + 4 × 2,500.50 at the second; 6 × 2,500.50.
    let expected = [(HOSPITAL, 6_200_000, 5_500_200, -699_800), (CLINIC, 1_500_300, 1_500_300, 0)];
    assert_eq!(pays(&compared), expected);
}
