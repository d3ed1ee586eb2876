use super::add_additions;
use crate::read::{Files, read_scheme};
use crate::source::{Anomaly, EXCLUDED_BY_NONE, Source, TestSource};
use crate::{Case, Grouper, Scheme, Sex, compile};

const DETAIL: &str = "\
MDCA 先期\nAA1 移植\n包含以下主要手术或操作：\n37.5100 心脏移植\n\
MDCF 循环\nMDCF 主诊表\n包含以下主要诊断：\nI10.x00 高血压\nI21.000 心梗\n\
FB1 双手术\n同时包含以下手术：\n35.1000 甲\n和\n36.1000 丙\n\
FM1 支架\n包含以下主要手术或操作：\n36.0700 支架\n\
FR1 心梗\n包含以下主要诊断：\nI21.000 心梗\n\
MDCZ 创伤\n头部创伤\nMDCZ 主诊表\n包含以下主要诊断：\nS06.000 头\n胸部创伤\nMDCZ 主诊表\n包含以下主要诊断：\nS22.000 胸\n\
ZZ1 创伤\n符合MDCZ 主诊表，且无手术\n";

fn tables() -> Source {
    let files: Files = [
        ("1_MDC.txt", "MDCA 先期\nMDCF 循环\nMDCZ 创伤\n"),
        ("2_ADRG.txt", "AA1 移植\nFB1 双手术\nFM1 支架\nFR1 心梗\nZZ1 创伤\n"),
        ("3_DRG.txt", "AA19 移植\nFB19 双手术\nFM11 支架，重\nFM15 支架，无\nFR19 心梗\nFR12 心梗，小于等于6岁\nZZ19 创伤\n"),
        ("4_ADRG_DETAIL.txt", DETAIL),
        ("5_MCC.txt", "疾病编码 疾病名称 排除内容\nJ96.000 呼衰 表 7-1\n"),
        ("6_CC.txt", "疾病编码 疾病名称 排除内容\nE11.900 糖尿病 表 7-2\n"),
        ("7_CCE.txt", "表 7-1\n包含以下主要诊断：\nJ96.000 呼衰\n"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let (source, told) = read_scheme("small", &files);
    assert_eq!(told, []);
    source
}

fn with(text: &str) -> (Source, Vec<Anomaly>) {
    let mut source = tables();
    let told = add_additions(&mut source, &[("region.txt".to_owned(), text.to_owned())].into());
    (source, told)
}

fn scheme(text: &str) -> Scheme {
    let (source, told) = with(text);
    assert_eq!(told, []);
    let (scheme, told) = compile(&source);
    assert_eq!(told.iter().filter(|a| a.file == "region.txt").collect::<Vec<_>>(), Vec::<&Anomaly>::new());
    scheme
}

fn group(scheme: &Scheme, case: &Case<'_>) -> String {
    let mut grouper = Grouper::new(scheme);
    let answer = grouper.group(case);
    if let crate::Outcome::NeedsData(field) = answer.outcome {
        return format!("needs {field:?}");
    }
    answer.code(scheme).into_owned()
}

const ADULT: Case<'_> = Case {
    sex: Some(Sex::Male),
    age_years: Some(50),
    age_days: None,
    birth_weight_g: None,
    stay_days: None,
    diagnoses: &["I21.000"],
    procedures: &[],
};

#[test]
fn a_new_adrg_takes_its_place_and_is_divided_by_severity() {
    let scheme = scheme(
        "新增 FM9 机器人辅助支架 / 1 5\n先于 FM1   # before the plain one\n主要手术: 36.0700 支架\n任一手术: 17.4100 机器人辅助;\n  17.4200 开放机器人辅助\n",
    );
    let robot = Case { procedures: &["36.0700", "17.4200"], ..ADULT };
    assert_eq!(group(&scheme, &robot), "FM95");
    assert_eq!(group(&scheme, &Case { diagnoses: &["I21.000", "J96.000"], ..robot }), "FM91");
    assert_eq!(group(&scheme, &Case { procedures: &["36.0700"], ..ADULT }), "FM15");
    assert_eq!(scheme.drg_name(3 + 4), "机器人辅助支架，伴严重并发症或合并症");
}

#[test]
fn a_rule_of_a_new_adrg_that_no_case_can_come_to_is_told() {
    let (source, told) = with("新增 AX1 移植术后 / 9\n主要诊断: I21.000\n");
    assert_eq!(told, []);
    let (scheme, told) = compile(&source);
    assert_eq!(group(&scheme, &ADULT), "FR19");
    let what: Vec<&str> = told.iter().map(|anomaly| anomaly.what.as_str()).collect();
    assert!(what.contains(&"AX1: takes no case without a procedure, though it asks for none"), "{what:?}");
}

#[test]
fn what_nothing_excludes_has_no_principal_diagnoses() {
    let (_, told) = with("列入 排除表 无\nI21.000\n");
    assert_eq!(told[0].what, "not understood: 列入 排除表 无");
}

#[test]
fn a_new_adrg_without_a_place_stands_behind_the_last_of_its_kind() {
    let order = |text: &str| -> Vec<String> {
        with(text).0.rules.into_iter().map(|rule| rule.variant).filter(|v| v.starts_with('F')).collect()
    };
    assert_eq!(order("新增 FC1 甲 / 9\n有手术\n"), ["FB1", "FC1", "FM1", "FR1"]);
    assert_eq!(order("新增 FN1 甲 / 9\n有手术\n"), ["FB1", "FM1", "FN1", "FR1"]);
    assert_eq!(order("新增 FS1 甲 / 9\n女性\n或\n年龄: 80-\n"), ["FB1", "FM1", "FR1", "FS1_1", "FS1_2"]);
}

#[test]
fn sub_groups_are_divided_off_by_age_days_of_stay_severity_sex_and_lists() {
    let scheme = scheme(
        "细分 FR12\n年龄: -6\n\
         细分 FR1C 心梗，小于等于18岁，伴并发症或合并症\n年龄: 7-18\n并发症: MCC; CC\n\
         细分 FR10 心梗，机器人辅助\n任一手术: 17.4100\n\
         细分 FR1E 心梗，女性或70岁及以上\n年龄: 70-\n或\n女性\n\
         细分 FR14 心梗，7至14天\n住院天数: 7-14\n",
    );
    let sub = |case: Case<'_>| group(&scheme, &case);
    assert_eq!(sub(Case { age_years: Some(6), ..ADULT }), "FR12");
    let child = Case { age_years: Some(7), stay_days: Some(1), ..ADULT };
    assert_eq!(sub(Case { diagnoses: &["I21.000", "E11.900"], ..child }), "FR1C");
    assert_eq!(sub(child), "FR19");
    assert_eq!(sub(Case { procedures: &["17.4100"], ..ADULT }), "FR10");
    assert_eq!(sub(Case { age_years: Some(70), ..ADULT }), "FR1E");
    assert_eq!(sub(Case { sex: Some(Sex::Female), ..ADULT }), "FR1E");
    assert_eq!(sub(Case { stay_days: Some(14), ..ADULT }), "FR14");
    assert_eq!(sub(Case { stay_days: Some(15), ..ADULT }), "FR19");
    assert_eq!(sub(ADULT), "needs StayDays");
    assert_eq!(sub(Case { age_years: None, ..ADULT }), "needs Age");
    assert_eq!(sub(Case { age_years: None, age_days: Some(40), ..ADULT }), "FR12");
}

#[test]
fn the_explanation_names_the_sub_groups_that_were_tried() {
    let scheme = scheme("细分 FR12\n年龄: -6\n细分 FR14 心梗，7至14天\n住院天数: 7-14\n并发症: 无\n");
    let mut grouper = Grouper::new(&scheme);
    let text = grouper.explain(&Case { stay_days: Some(9), ..ADULT }).to_string();
    for line in [
        "细分 FR12 心梗，小于等于6岁：不符合，要求：年龄不超过 6 岁；本例年龄 50 岁",
        "细分 FR14 心梗，7至14天：符合，住院 7 至 14 天；无 MCC 和 CC",
    ] {
        assert!(text.contains(line), "{line} is missing from:\n{text}");
    }
    let text = grouper.explain(&ADULT).to_string();
    assert!(text.contains("需要补充数据：住院天数"), "{text}");
    assert!(text.contains("缺数据，不知是否住院 7 至 14 天"), "{text}");
}

#[test]
fn lists_names_and_groups_change() {
    let (source, told) = with(
        "列入 FM1 主要手术: 36.0600 球囊\n列入 FB1 任一手术 2: 36.2000; 36.3000\n移出 FB1 任一手术 2: 36.1000\n\
         列入 MDCF 主要诊断: I50.900 心衰\n列入 MDCZ 部位 2: S27.000\n列入 MCC 2: I50.900\n移出 CC: E11.900\n\
         列入 CC 无: R57.000\n列入 排除表 2: I21.000\n移出 排除表 1: J96.000\n列入 有效手术: 36.0600\n\
         改名 MDCF 循环系统\n改名 FM1 冠脉支架\n改名 FM11 冠脉支架，重\n取消 FM15\n新增 FM13 冠脉支架，一般\n取消 AA1\n",
    );
    assert_eq!(told, []);
    let rule = |variant: &str| source.rules.iter().find(|rule| rule.variant == variant);
    let listed = |variant: &str, test: usize| -> Vec<&str> {
        rule(variant).unwrap().tests[test].codes().unwrap().iter().map(String::as_str).collect()
    };
    assert_eq!(listed("FM1", 0), ["36.0600", "36.0700"]);
    assert_eq!(listed("FB1", 1), ["36.2000", "36.3000"]);
    assert!(rule("AA1").is_none() && !source.adrg_names.contains_key("AA1"));
    let mdc = |code: &str| source.mdcs.iter().find(|mdc| mdc.code == code).unwrap();
    assert!(mdc("MDCF").entry.lists()[0].contains("I50.900"));
    assert!(mdc("MDCZ").entry.lists()[1].contains("S27.000"));
    assert_eq!((mdc("MDCF").name.as_str(), source.adrg_names["FM1"].as_str()), ("循环系统", "冠脉支架"));
    assert_eq!((source.mcc.get("I50.900"), source.cc.get("E11.900")), (Some(&2), None));
    assert_eq!(source.cc.get("R57.000"), Some(&EXCLUDED_BY_NONE));
    assert_eq!((source.excluded_by.get("I21.000"), source.excluded_by.get("J96.000")), (Some(&2), None));
    let drgs: Vec<String> = source.drgs.iter().map(|drg| format!("{} {}", drg.code, drg.name)).collect();
    assert_eq!(
        drgs,
        [
            "FB19 双手术",
            "FM11 冠脉支架，重",
            "FR12 心梗，小于等于6岁",
            "FR19 心梗",
            "ZZ19 创伤",
            "FM13 冠脉支架，一般"
        ]
    );
}

#[test]
fn every_unreadable_or_contradictory_line_is_told_by_file_and_line() {
    let text = "\
什么
年龄: 70-
新增 FM1 支架 / 9
新增 FX 甲 / 9
新增 QA1 甲 / 9
新增 FC1 无末位
新增 FM17 甲
新增 FQ13 甲
新增 FM11 甲
细分 FR19 甲
细分 FR1A
细分 FR1A 高龄
年龄: 七十
次要诊断: I10.x00
主要手术: I10.x00; 36.0700 支架 36.0600
细分 FR1B 高龄
细分 FR1C 高龄
年龄: 70-
细分 FR1D 高龄女性
女性
年龄: 70-
细分 FR1C 又一次
新增 FC2 甲 / 9
先于 GB1
有手术
列入 FM1 主要诊断: I10.x00
列入 FB1 任一手术: 36.2000
列入 FM1 主要手术: 36.0700; 36.0700; Z99
移出 FM1 主要手术: 36.0700
列入 MDCA 主要诊断: I10.x00
列入 MDCZ 部位 3: S30.000
列入 MCC: I10.x00
列入 MCC 甲: I10.x00
移出 CC 7: E11.900
列入 甲 乙 丙 丁: I10.x00
改名 FX9 甲
改名 FM1
取消 FX99
列入 FM1 主要手术: 36.0700
";
    let (source, told) = with(text);
    let told: Vec<String> = told.iter().map(|a| format!("{}:{} {}", a.file, a.line, a.what)).collect();
    for expected in [
        "1 not understood: 什么",
        "2 `年龄` stands under no new group",
        "3 FM1 is there already",
        "4 `FX` is no code of an ADRG or DRG",
        "5 QA1 has no MDC",
        "6 FC1 wants its name and, after `/`, the last characters of its DRGs",
        "7 FM17 is divided off by conditions: say them under 细分 FM17",
        "8 FQ13 is no DRG of an ADRG: there is no FQ1",
        "9 FM11 is there already",
        "10 FR19 is divided off by severity, not by conditions",
        "11 FR1A is new in FR1 and wants a name",
        "13 `七十` is no band of years such as 70-",
        "12 FR1A is left out: not all of it was understood",
        "14 no condition is called `次要诊断`",
        "15 `I10.x00` is no code of ICD-9-CM-3",
        "15 `36.0600` stands behind a name; `;` begins a new item",
        "16 FR1B has a way without conditions",
        "19 FR1D is never reached: FR1C takes it before",
        "22 FR1C is divided off already",
        "23 FC2 cannot stand before GB1, which its MDC does not have",
        "26 FM1 has no list `主要诊断`",
        "27 FB1 has several lists `任一手术`: name the way, as FB1_1, or the list, as `任一手术 2`",
        "28 36.0700 stands twice",
        "28 `Z99` is no code of ICD-9-CM-3",
        "28 36.0700 stands in the list already",
        "29 nothing is left in the list",
        "30 MDCA has no list `主要诊断`",
        "31 MDCZ has no list `部位 3`",
        "32 I10.x00 wants the number of its exclusion table",
        "33 `甲` is no number of an exclusion table",
        "34 E11.900 does not stand there",
        "35 no list is called `甲 乙 丙 丁`",
        "36 FX9 is not there, and cannot be renamed",
        "37 FM1 wants its new name",
        "38 FX99 is not there, and cannot be taken away",
    ] {
        let expected = format!("region.txt:{expected}");
        assert!(told.contains(&expected), "{expected} is missing from:\n{}", told.join("\n"));
    }
    assert_eq!(source.divisions.iter().map(|d| d.drg.as_str()).collect::<Vec<_>>(), ["FR1C"]);
    assert!(told.iter().all(|told| !told.starts_with("region.txt:39 ")), "{told:?}");
}

#[test]
fn a_group_of_which_a_condition_is_not_understood_takes_no_case() {
    for text in [
        "新增 FR2 高龄心梗 / 9\n先于 FR1\n主要诊断: I21.000\n年龄: 七十-\n",
        "新增 FR2 高龄心梗 / 9\n先于 FR1\n主要诊断: I21.000\n年岁: 70-\n",
        "新增 FR2 高龄心梗 / 9\n先于 FR1\n主要诊断: I21.000\n女姓\n",
        "新增 FR2 高龄心梗 / 9\n先于 FR1\n女性 以及\n主要诊断: I21.000\n",
        "新增 FR2 高龄心梗 / 9\n先于 FR1\n先于 FM1\n主要诊断: I21.000\n",
        "新增 FR2 心梗伴手术 / 9\n先于 FR1\n主要诊断: I21.000\n表外手术: 36.0700; 36.x\n",
        "细分 FR1A 高龄心梗\n主要诊断: I21.000\n年龄: 七十-\n",
    ] {
        let (source, told) = with(text);
        assert!(
            told.iter().any(|told| told.line == 1 && told.what.contains("is left out")),
            "{text}{told:?}"
        );
        let (with, without) = (compile(&source).0, compile(&tables()).0);
        for procedures in [&[][..], &["35.1000"]] {
            let case = Case { sex: Some(Sex::Female), procedures, ..ADULT };
            assert_eq!(group(&with, &case), group(&without, &case), "{text}");
        }
    }
}

#[test]
fn codes_that_no_list_knows_and_what_no_table_divides_are_told_by_the_compiler() {
    let (mut source, told) =
        with("列入 FM1 主要手术: 36.9900\n新增 FS1 甲 / 7\n年龄: 80-\n主要诊断: I99.x00\n");
    assert_eq!(told, []);
    source.procedures = ["36.0700", "37.5100", "35.1000", "36.1000"].map(str::to_owned).into();
    let told: Vec<String> =
        compile(&source).1.iter().map(|a| format!("{}:{} {}", a.file, a.line, a.what)).collect();
    for expected in [
        "region.txt:1 FM1: procedure 36.9900 stands in no code list",
        "region.txt:4 FS1: I99.x00 does not stand in the table of MDCF",
        "small:0 FS17 is divided off by more than MCC and CC; no table says how",
    ] {
        assert!(told.iter().any(|told| told == expected), "{expected} is missing from:\n{}", told.join("\n"));
    }
}

#[test]
fn a_scheme_of_categories_takes_additions_by_the_categories_it_tells_apart() {
    let files: Files =
        [("MDCF.txt", "MDCF 循环\nFR1 心梗 / 9\n主要诊断: I21 心梗; I22\n"), ("COMPLICATIONS.txt", "")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
    let (mut source, told) = read_scheme("small", &files);
    assert_eq!(told, []);
    let text = "新增 FR2 再梗 / 9\n先于 FR1\n主要诊断: I22\n细分 FR1A 心梗，高龄\n年龄: 70-\n列入 FR1 主要诊断: I23\n";
    let told = add_additions(&mut source, &[("region.txt".to_owned(), text.to_owned())].into());
    let told: Vec<String> = told.iter().map(|a| format!("{} {}", a.line, a.what)).collect();
    assert_eq!(told, ["6 the scheme tells no category `I23` of ICD-10 apart", "6 no code is named"]);
    let scheme = compile(&source).0;
    assert_eq!(group(&scheme, &Case { diagnoses: &["I22.000"], ..ADULT }), "FR29");
    assert_eq!(group(&scheme, &Case { age_years: Some(80), diagnoses: &["I21.000x001"], ..ADULT }), "FR1A");
    let TestSource::PrincipalDiagnosis(codes) = &source.rules[0].tests[0] else { panic!("no list") };
    assert_eq!(codes.len(), 1);
}
