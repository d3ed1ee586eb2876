//! Payment methods worked by hand, clause by clause.
//!
//! A comment quotes the clause, then the sum as a clerk would write it. Amounts are in fen unless yuan is said.

use medfund_money::Fen;
use medfund_policy::{KindOfCare, Pack};

use super::by_disease::tests::standard;
use super::case::tests::{after, case, volume};
use super::{Case, MethodRules, Paid, Volume, pay};
use crate::domain::rules::methods;
use crate::domain::terms::{
    AgeGroup, Assigned, BedDayStandard, ChronicStandard, DiseaseStandard, PaymentTerm, PeriodicStandard,
    ServiceUnit, Standards,
};

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

fn rules_of(pack: &[u8], line: &str, class: &str) -> MethodRules {
    let pack = Pack::parse(pack).unwrap();
    methods(pack.rules(&line.parse().unwrap()).unwrap(), class).unwrap()
}

fn panzhihua(class: &str) -> MethodRules {
    rules_of(include_bytes!("../../../../../policies/panzhihua-2018.toml"), "employee", class)
}

fn lincang(line: &str) -> MethodRules {
    rules_of(include_bytes!("../../../../../policies/lincang-2014.toml"), line, "general")
}

fn chuxiong() -> MethodRules {
    rules_of(include_bytes!("../../../../../policies/chuxiong-2022.toml"), "employee", "general")
}

fn jiangmen() -> MethodRules {
    rules_of(include_bytes!("../../../../../policies/jiangmen-2016.toml"), "employee", "general")
}

fn list(diseases: &[DiseaseStandard]) -> Standards {
    Standards::ByDisease { diseases: diseases.to_vec() }
}

fn pneumonia() -> Standards {
    list(&[standard("J18", 5_200)])
}

/// A case that cost `total` yuan, of which the patient paid `personal` and the fund was charged the rest.
fn case_of(disease: &str, days: i64, total: i64, personal: i64) -> Case {
    Case {
        total: Fen::from_yuan(total),
        personal: Fen::from_yuan(personal),
        ..case(disease, days, (total - personal) * 100)
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

/// JM 四(三)2 “应包括患者从诊断入院到按治疗标准出院所发生的各项费用支出”: J18 at 7,000.00 元 for all cost. One patient paid 1,800.00
/// of 6,500.00: 5,200.00 are the fund's. Another paid 7,400.00 of 9,000.00: nothing is left, and nothing is taken back.
/// Together 5,200.00 元.
///
/// “原则上不得在病种费用外另行收费”: what a patient paid for wholly self-paid items counts towards the standard.
#[test]
fn jm_4_3_2_a_standard_for_the_whole_stay() {
    let whole = DiseaseStandard { covers_whole_stay: true, ..standard("J18", 7_000) };
    let cases = [case_of("J18.900", 6, 6_500, 1_800), case_of("J18.900", 9, 9_000, 7_400)];
    let extra = Case { self_paid: Fen::from_yuan(300), ..cases[0].clone() };
    let of = |cases: Vec<Case>| {
        paid(&[list(std::slice::from_ref(&whole))], &Volume::of(cases), 1, &jiangmen()).node.amount()
    };
    assert_eq!(of(cases.to_vec()), Fen::from_yuan(5_200));
    assert_eq!(of(vec![extra]), Fen::from_yuan(5_200));
}

/// JM 四(三)2, a stay settled in two months: J18 at 7,000.00 元 for all cost. In January the patient paid 1,000.00:
/// 6,000.00; by February's bill of the same stay another 700.00: 700.00 less. Beside it a new case whose patient paid
/// 1,500.00: 5,500.00. February comes to 4,800.00 元.
#[test]
fn jm_4_3_2_a_stay_of_two_bills_gets_one_standard() {
    let whole = [list(&[DiseaseStandard { covers_whole_stay: true, ..standard("J18", 7_000) }])];
    let january = case_of("J18.900", 20, 5_000, 1_000);
    let february = after(&[&january], case_of("J18.900", 8, 3_000, 700));
    let other = case_of("J18.100", 7, 6_000, 1_500);
    let of = |cases| paid(&whole, &Volume::of(cases), 1, &jiangmen()).node.amount();
    assert_eq!(of(vec![january]), Fen::from_yuan(6_000));
    assert_eq!(of(vec![february, other]), Fen::from_yuan(4_800));
}

/// PZH 四(三)1, the pack's defaults for 变异退出, 50 % and 200 % of a standard of 5,200.00 元: 2,599.99 leave the list and are
/// paid as charged, 2,600.00 and 10,400.00 stay and get 5,200.00 each, 10,400.01 leave. A case of 5,000.00 that is
/// declared leaves. Together 2 × 5,200.00 + 2,599.99 + 10,400.01 + 5,000.00 = 28,400.00 元.
#[test]
fn pzh_4_3_1_variants_leave_the_list() {
    let fund = [259_999, 260_000, 1_040_000, 1_040_001, 500_000];
    let mut cases = fund.map(|fen| case("J18.900", 5, fen));
    cases[4].is_variant = true;
    let both = paid(&[pneumonia()], &Volume::of(cases.to_vec()), 1, &panzhihua("general"));
    assert_eq!(both.node.find("by_disease_fen").unwrap().amount(), Fen::from_yuan(10_400));
    assert_eq!(both.node.amount(), Fen::from_yuan(28_400));
}

/// PZH 四(三)1 “逐步将日间手术以及符合条件的中西医病种门诊治疗纳入按病种收付费范围”, CX 二(五) “对日间手术及符合条件的门诊特殊病种，推行按病种”:
/// cataract by day surgery at 4,000.00 元 for all cost, of which the patient paid 900.00; two treatments of N18 in a
/// special outpatient clinic at the fund's 450.00 元 each: 3,100.00 and 900.00 元. Each kind of care has its own list.
#[test]
fn cx_2_5_day_surgery_and_special_outpatient_diseases_by_disease() {
    let surgery = list(&[DiseaseStandard { covers_whole_stay: true, ..standard("H25", 4_000) }]);
    let day = Volume::of(vec![case_of("H25.900", 1, 4_100, 900)]);
    let clinic = volume(&[("N18.900", 0, 52_000), ("N18.900", 0, 38_000)]);
    for rules in [chuxiong(), panzhihua("general")] {
        let of = |standards: &Standards, volume: &Volume| {
            paid(std::slice::from_ref(standards), volume, 1, &rules).node.amount()
        };
        assert_eq!(of(&surgery, &day), Fen::from_yuan(3_100));
        assert_eq!(of(&list(&[standard("N18", 450)]), &clinic), Fen::from_yuan(900));
    }
}

/// CX 二(六) “探索遴选中医优势明显、诊疗路径清晰、费用明确的病种实行按病种付费”: M51 by TCM at 3,333.00 元, × the pack's 1.05 =
/// 3,499.65 元; J18 is none of these diseases and stays at 5,200.00. Together 8,699.65 元. Panzhihua has no such factor.
#[test]
fn cx_2_6_tcm_advantage_diseases() {
    let tcm = DiseaseStandard { tcm_advantage: true, ..standard("M51", 3_333) };
    let both = [list(&[tcm, standard("J18", 5_200)])];
    let month = volume(&[("M51.202", 9, 340_000), ("J18.900", 6, 500_000)]);
    let of = |rules| paid(&both, &month, 1, &rules).node.amount();
    assert_eq!([of(chuxiong()), of(panzhihua("general"))], [869_965, 853_300].map(fen));
}

/// JM 四(三)1 “特定人群疾病住院治疗费用按周期性标准结算方式进行结算”: F20 at 6,000.00 元 for each 30 days begun. Stays of 30 and
/// 31 days: 1 + 2 periods, 18,000.00 元; a stay that had 25 days in an earlier bill and has 36 more comes to 61 days,
/// three periods, of which one was paid: 12,000.00 元. The rest is paid by the district's average quota, one admission at
/// 6,500.00 元. Together 36,500.00 元.
#[test]
fn jm_4_3_1_periodic_standards() {
    let periods = Standards::Periodic {
        diseases: vec![PeriodicStandard {
            disease_code: "F20".to_owned(),
            period_days: 30,
            per_period: Fen::from_yuan(6_000),
        }],
    };
    let before = case("F20.900", 25, 1);
    let cases = vec![
        case("F20.900", 30, 1),
        case("F20.000", 31, 1),
        after(&[&before], case("F20.900", 36, 1)),
        case("J18.900", 7, 1),
    ];
    let quota = Standards::AverageQuota { per_admission: fen(650_000) };
    let both = paid(&[quota, periods], &Volume::of(cases), 1, &jiangmen());
    assert_eq!(both.node.find("periodic_fen").unwrap().amount(), Fen::from_yuan(30_000));
    assert_eq!(both.node.amount(), Fen::from_yuan(36_500));
}

/// JM 四(三)1 “按人头付费”: 1,000 人 × 365.00 元 = 365,000.00 元 a year; ÷ 12 = 30,416.666… a month. To the end of
/// January 30,416.67, of February 60,833.33, of March 91,250.00: so 30,416.67, 30,416.66, 30,416.67.
#[test]
fn jm_4_3_1_per_capita() {
    let capita = [capita(Assigned::Persons(1_000), Vec::new())];
    let month = |place| paid(&capita, &Volume::default(), place, &MethodRules::default()).node.amount();
    let months: Vec<Fen> = (1..=12).map(month).collect();
    assert_eq!(months[..3], [fen(3_041_667), fen(3_041_666), fen(3_041_667)]);
    assert_eq!(months.into_iter().sum::<Fen>(), Fen::from_yuan(365_000));
}

fn capita(assigned: Assigned, chronic: Vec<ChronicStandard>) -> Standards {
    Standards::PerCapita { per_person: fen(36_500), assigned, chronic }
}

/// CX 二(五) “将人头付费与慢病管理相结合”, LC 三(一) “年龄结构”: 601 persons under 60 count 0.85 each and 400 others 1.25, at
/// 365.00 元: 601 × 0.85 × 365.00 = 186,460.25 and 400 × 1.25 × 365.00 = 182,500.00; 50 diabetics in care at 1,200.00 元
/// beside them: 60,000.00. A year 428,960.25 元; ÷ 12 = 35,746.6875: January 35,746.69, to the end of February 71,493.375
/// → 71,493.38, so February 35,746.69 and, by the year's end, not a fen more than 428,960.25.
#[test]
fn cx_2_5_persons_by_age_and_chronic_patients_in_care() {
    let group =
        |from_age, persons, factor: &str| AgeGroup { from_age, persons, factor: factor.parse().unwrap() };
    let ages = Assigned::ByAge(vec![group(0, 601, "0.85"), group(60, 400, "1.25")]);
    let diabetes =
        ChronicStandard { disease_code: "E11".to_owned(), persons: 50, per_person: Fen::from_yuan(1_200) };
    let capita = [capita(ages, vec![diabetes])];
    let month = |place| paid(&capita, &Volume::default(), place, &chuxiong()).node;
    let months: Vec<Fen> = (1..=12).map(|place| month(place).amount()).collect();
    assert_eq!(months[..2], [fen(3_574_669), fen(3_574_669)]);
    assert_eq!(months.into_iter().sum::<Fen>(), fen(42_896_025));
    let standard = month(1).find("standard_per_person_fen").unwrap().clause.clone();
    assert_eq!(standard, "agreement; 慢病管理 (CX 二(五))");
}

/// PZH 四(三)2 “患者需向上级医院转诊的，由……家庭医生团队支付一定转诊费用”: of a month of 30,416.67 元 the team bears 10 % of the fund's
/// 12,345.65 元 for patients it referred: 1,234.565 → 1,234.57; it is paid 29,182.10 元. Jiangmen has teams bear nothing.
#[test]
fn pzh_4_3_2_the_team_bears_a_share_of_referrals() {
    let month = Volume { referred: fen(1_234_565), ..Volume::default() };
    let of = |rules| paid(&[capita(Assigned::Persons(1_000), Vec::new())], &month, 1, &rules);
    let panzhihua = of(panzhihua("general"));
    assert_eq!(panzhihua.referral.map(|taken| taken.amount()), Some(fen(123_457)));
    assert_eq!(panzhihua.node.amount(), fen(2_918_210));
    let jiangmen = of(jiangmen());
    assert_eq!((jiangmen.node.amount(), jiangmen.referral), (fen(3_041_667), None));
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
