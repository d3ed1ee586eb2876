//! Payment methods worked by hand, clause by clause.
//!
//! A comment quotes the clause, then the sum as a clerk would write it. Amounts are in fen unless yuan is said.

use medfund_money::Fen;
use medfund_policy::{KindOfCare, Pack};

use super::case::tests::volume;
use super::{MethodRules, Paid, Volume, pay};
use crate::domain::rules::methods;
use crate::domain::terms::{BedDayStandard, DiseaseStandard, PaymentTerm, ServiceUnit, Standards};

fn fen(fen: i64) -> Fen {
    Fen::new(fen)
}

fn term(standards: Standards) -> PaymentTerm {
    PaymentTerm { fund_line: "employee".parse().unwrap(), kind_of_care: KindOfCare::Inpatient, standards }
}

fn paid(standards: &[Standards], volume: &Volume, place: u32, rules: &MethodRules) -> Paid {
    let terms: Vec<PaymentTerm> = standards.iter().cloned().map(term).collect();
    let paid = pay(&terms.iter().collect::<Vec<_>>(), volume, place, rules).unwrap();
    assert!(paid.node.re_evaluate().is_ok());
    paid
}

/// What one method gives that needs nothing of a pack.
fn amount(standards: Standards, volume: &Volume) -> Fen {
    paid(&[standards], volume, 1, &MethodRules::default()).node.amount()
}

fn panzhihua(class: &str) -> MethodRules {
    let pack = Pack::parse(include_bytes!("../../../../../policies/panzhihua-2018.toml")).unwrap();
    methods(pack.rules(pack.fund_lines().keys().next().unwrap()).unwrap(), class).unwrap()
}

fn lincang(line: &str) -> MethodRules {
    let pack = Pack::parse(include_bytes!("../../../../../policies/lincang-2014.toml")).unwrap();
    methods(pack.rules(&line.parse().unwrap()).unwrap(), "general").unwrap()
}

fn pneumonia() -> Standards {
    Standards::ByDisease {
        diseases: vec![DiseaseStandard { disease_code: "J18".to_owned(), standard: fen(520_000) }],
    }
}

/// JM 四(三)1 “平均定额付费”: 12 人次 × 6,500.00 元 = 78,000.00 元, whatever was charged.
#[test]
fn jm_4_3_1_average_quota() {
    let month = Volume { n_admissions: 12, cost: fen(9_999_999), ..Volume::default() };
    assert_eq!(
        amount(Standards::AverageQuota { per_admission: fen(650_000) }, &month),
        Fen::from_yuan(78_000)
    );
}

/// JM 四(三)2 “按病种付费”: three cases of J18 at 5,200.00 元 = 15,600.00 元; one case of K35, not on the list, as
/// charged 8,123.45 元; together 23,723.45 元.
#[test]
fn jm_4_3_2_by_disease() {
    let cases =
        [("J18.900", 6, 600_000), ("J18.100", 6, 600_000), ("J18.9", 6, 600_000), ("K35.800", 5, 812_345)];
    assert_eq!(amount(pneumonia(), &volume(&cases)), fen(2_372_345));
}

/// JM 四(三)1 “按人头付费”: 1,000 人 × 365.00 元 = 365,000.00 元 a year; ÷ 12 = 30,416.666… a month. To the end of
/// January 30,416.67, of February 60,833.33, of March 91,250.00: so 30,416.67, 30,416.66, 30,416.67.
#[test]
fn jm_4_3_1_per_capita() {
    let capita = [Standards::PerCapita { per_person: fen(36_500), persons: 1_000 }];
    let month = |place| paid(&capita, &Volume::default(), place, &MethodRules::default()).node.amount();
    let months: Vec<Fen> = (1..=12).map(month).collect();
    assert_eq!(months[..3], [fen(3_041_667), fen(3_041_666), fen(3_041_667)]);
    assert_eq!(months.into_iter().sum::<Fen>(), Fen::from_yuan(365_000));
}

/// JM 四(三)1 “按日限额付费”, 800.00 元 a day: 5 days charged 4,500.00 are cut to 4,000.00; 3 days charged 2,100.00
/// stay; together 6,100.00 元.
#[test]
fn jm_4_3_1_daily_cap() {
    let month = volume(&[("I10", 5, 450_000), ("I10", 3, 210_000)]);
    assert_eq!(amount(Standards::DailyCap { per_day: fen(80_000) }, &month), Fen::from_yuan(6_100));
}

/// LC 一 “按服务单元付费”: 1,240 床日 × 310.00 元 = 384,400.00 元; 96 人次 × 3,850.50 元 = 369,648.00 元.
#[test]
fn lc_1_service_unit() {
    let month = Volume { n_admissions: 96, days: 1_240, cost: fen(1), ..Volume::default() };
    let days = Standards::ServiceUnit { unit: ServiceUnit::Day, per_unit: fen(31_000) };
    let visits = Standards::ServiceUnit { unit: ServiceUnit::Visit, per_unit: fen(385_050) };
    assert_eq!([amount(days, &month), amount(visits, &month)], [384_400, 369_648].map(Fen::from_yuan));
}

/// LC 一 “门诊总额预付……按月预付”: 1,000,000.00 元 a year; to the end of January 83,333.33, of February 166,666.67: so
/// 83,333.33 and 83,333.34, whatever the visits cost. The clearing is told what they cost.
#[test]
fn lc_1_total_prepayment() {
    let month = Volume { n_admissions: 2_000, cost: fen(9_120_055), ..Volume::default() };
    let total = [Standards::TotalPrepayment { total: Fen::from_yuan(1_000_000) }];
    let [january, february] = [1, 2].map(|place| paid(&total, &month, place, &MethodRules::default()));
    assert_eq!([january.node.amount(), february.node.amount()], [fen(8_333_333), fen(8_333_334)]);
    assert_eq!((february.prepaid.total, february.prepaid.cost), (fen(8_333_334), fen(9_120_055)));
}

/// LC 一 “住院床日付费为主，单病种定额付费……相结合的复合支付方式”: two cases of J18 at 5,200.00 元 = 10,400.00 元; the other
/// stays have 9 + 14 = 23 床日 at 280.00 元 = 6,440.00 元, for no phases are given; together 16,840.00 元.
#[test]
fn lc_1_bed_days_beside_single_diseases() {
    let month = volume(&[("J18.900", 7, 1), ("J18.000", 8, 1), ("I10", 9, 1), ("I63.900", 14, 1)]);
    let bed_day = Standards::BedDay {
        services: vec![BedDayStandard {
            service: "inpatient".to_owned(),
            disease_code: None,
            per_day: fen(28_000),
        }],
    };
    let both = paid(&[bed_day, pneumonia()], &month, 1, &lincang("nrcms"));
    assert_eq!(both.node.amount(), Fen::from_yuan(16_840));
    assert_eq!(both.node.find("by_disease_fen").unwrap().amount(), Fen::from_yuan(10_400));
}

/// PZH 四(三)3 “治疗各阶段的费用特征及医疗机构的类别，制定差别化支付标准”: 240.00 元 a day in psychiatric care. Of a stay of 100
/// days, days 1 to 30 are worth 240 × 1.20 = 288.00, days 31 to 90 240.00, days 91 to 100 240 × 0.80 = 192.00:
/// 8,640 + 14,400 + 1,920 = 24,960.00 元. In a specialised hospital (× 1.05) 302.40, 252.00 and 201.60:
/// 9,072 + 15,120 + 2,016 = 26,208.00 元.
#[test]
fn pzh_4_3_3_bed_days_by_phase_and_class() {
    let bed_day = [Standards::BedDay {
        services: vec![BedDayStandard {
            service: "psychiatric".to_owned(),
            disease_code: Some("F20".to_owned()),
            per_day: fen(24_000),
        }],
    }];
    let month = volume(&[("F20.900", 100, 2_000_000)]);
    let of = |class| paid(&bed_day, &month, 1, &panzhihua(class)).node.amount();
    assert_eq!([of("general"), of("specialised")], [24_960, 26_208].map(Fen::from_yuan));
}

/// PZH 四(三)3 “加强对平均住院天数、日均费用以及治疗效果的考核评估”: 100 and 41 days of two stays, 70.50 days a stay; 20,000.00 +
/// 9,610.00 元 ÷ 141 days = 210.00 元 a day.
#[test]
fn pzh_4_3_3_what_is_assessed_of_bed_days() {
    let bed_day = [Standards::BedDay {
        services: vec![BedDayStandard {
            service: "hospice".to_owned(),
            disease_code: None,
            per_day: fen(24_000),
        }],
    }];
    let month = volume(&[("Z51.500", 100, 2_000_000), ("Z51.500", 41, 961_000)]);
    let assessed = paid(&bed_day, &month, 1, &panzhihua("general")).assessed;
    let told: Vec<(&str, String)> =
        assessed.iter().map(|one| (one.name.as_str(), one.value.to_string())).collect();
    assert_eq!(told, [("average_stay", "70.5".to_owned()), ("daily_cost_fen", "21000".to_owned())]);
}

/// PZH 四(三)4 “对不宜打包付费的医疗服务……可继续按项目付费”: what no method names is paid as charged, 812.34 元.
#[test]
fn pzh_4_3_4_the_rest_is_paid_as_charged() {
    let month = volume(&[("Z51.500", 2, 999), ("M54.500", 3, 81_234)]);
    let bed_day = [Standards::BedDay {
        services: vec![BedDayStandard {
            service: "hospice".to_owned(),
            disease_code: Some("Z51.5".to_owned()),
            per_day: fen(10_000),
        }],
    }];
    let paid = paid(&bed_day, &month, 1, &panzhihua("general"));
    assert_eq!(paid.node.find("fee_for_service_fen").unwrap().amount(), fen(81_234));
    assert_eq!(paid.node.amount(), fen(2 * 12_000 + 81_234));
}
