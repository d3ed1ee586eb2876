//! An explanation reads as a coder (编码员) asks: which rule, which table, what would have changed the group.

use std::sync::LazyLock;

use medfund_grouper::read::{CodeLists, Files, add_code_lists, read_scheme};
use medfund_grouper::{Case, Grouper, Invalid, Scheme, Sex, compile};

use crate::fuzzed;
use crate::reference_scheme::scheme as reference;
use crate::small::{TABLES, scheme};

fn adult<'c>(diagnoses: &'c [&'c str], procedures: &'c [&'c str]) -> Case<'c> {
    Case { sex: Some(Sex::Male), age_years: Some(50), diagnoses, procedures, ..Case::default() }
}

fn explained(scheme: &Scheme, case: Case<'_>) -> String {
    Grouper::new(scheme).explain(&case).to_string()
}

/// Asserts that the text has each of the lines.
fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line} is missing from:\n{text}");
    }
}

#[test]
fn rules_tables_complications_and_changes_are_told() {
    let text = explained(scheme(), adult(&["I21.000", "I50.900", "E11.900", "X99.999", "K35.000"], &[]));
    let expected = "\
分组成功：FR13 心梗，一般
不认识的编码，未参与分组：X99.999
进入 MDCF 循环：主要诊断 I21.000 在 MDCF 主诊表（2 个编码）中
  FC1 搭桥：不符合，要求：主要手术在 FC1 主要手术表（1 个编码）中；本例没有手术
  FR1 心梗：符合，主要诊断 I21.000 在 FR1 主要诊断表（1 个编码）中
  FB1：不符合，所要求的手术本例一个也没有
其他诊断 I50.900：在 MCC 表（2 个编码）中，但主要诊断在其排除表 2（1 个编码）中，不计入
其他诊断 E11.900：在 CC 表（1 个编码）中，主要诊断不在其排除表 3（1 个编码）中，计为 CC
不在 MCC 表和 CC 表中的其他诊断：K35.000
FR1 细分为 FR11（有 MCC）、FR13（有 CC）、FR15（都没有）；本例有计入的 CC，没有计入的 MCC，入 FR13
如果以 I50.900 为主要诊断：0000 无法入组
如果以 E11.900 为主要诊断：0000 无法入组
如果以 X99.999 为主要诊断：0000 无法入组（编码无效或为灰码）
如果以 K35.000 为主要诊断：0000 无法入组
如果没有计入的 MCC 和 CC（E11.900）：FR15 心梗，无
如果另有一个计入的 MCC：FR11 心梗，重
";
    assert_eq!(text, expected);
}

#[test]
fn several_lists_of_a_rule_are_told_apart_by_their_numbers() {
    let text = explained(scheme(), adult(&["I21.000"], &["35.1000", "47.0100"]));
    has(
        &text,
        &[
            "FB1 双手术：不符合，要求：FB1 手术表 1（2 个编码）、FB1 手术表 2（2 个编码）各有一个手术；本例 FB1 手术表 1 有 \
             35.1000，FB1 手术表 2 没有",
            "FC1 搭桥：不符合，要求：主要手术在 FC1 主要手术表（1 个编码）中；本例主要手术为 35.1000",
        ],
    );
    let text = explained(scheme(), adult(&["I10.x00"], &["35.2000"]));
    has(&text, &["本例 FB1 手术表 1 有 35.2000，FB1 手术表 2 有 35.2000，但同一手术不算两次"]);
    let text = explained(scheme(), adult(&["I10.x00"], &["36.1000", "35.2000"]));
    has(&text, &["手术 35.2000 在 FB1 手术表 1（2 个编码）中，手术 36.1000 在 FB1 手术表 2（2 个编码）中"]);
    let text = explained(scheme(), adult(&["I10.x00"], &["37.5100"]));
    has(&text, &["AA1 移植：符合，主要手术 37.5100 在 AA1 主要手术表（1 个编码）中"]);
}

#[test]
fn an_operation_that_does_not_fit_is_told_with_the_groups_that_it_belongs_to() {
    let text = explained(scheme(), adult(&["I21.000"], &["47.0100"]));
    has(
        &text,
        &[
            "歧义病案：FQY",
            "主要手术 47.0100 是分组方案中的手术，故不进内科组，而 MDCF 的手术和操作组都不收它，与主要诊断不符；它属于 GB1 阑尾切除",
            "如果没有手术和操作：FR15 心梗，无",
        ],
    );
}

#[test]
fn a_group_that_only_one_sex_or_age_enters_is_told() {
    let text = explained(scheme(), adult(&["N80.000"], &[]));
    has(
        &text,
        &[
            "没有一个 MDC 收主要诊断 N80.000",
            "未进入 MDCN 女性：主要诊断 N80.000 在 MDCN 主诊表（1 个编码）中，但限女性；本例男性",
        ],
    );
    let text = explained(scheme(), Case { sex: None, ..adult(&["N80.000"], &[]) });
    has(&text, &["需要补充数据：性别", "而性别不详", "如果为男性：0000 无法入组", "如果为女性：NR19 妇科"]);
    let text = explained(scheme(), adult(&["P22.000"], &[]));
    has(
        &text,
        &[
            "未进入 MDCP 新生儿：主要诊断 P22.000 在 MDCP 主诊表（2 个编码）中，但限不足 1 周岁；本例年龄 50 岁",
        ],
    );
}

#[test]
fn what_a_missing_field_would_decide_is_told() {
    let newborn = Case { age_years: Some(0), age_days: Some(3), ..adult(&["P07.200"], &[]) };
    let text = explained(scheme(), newborn);
    has(
        &text,
        &[
            "需要补充数据：新生儿出生体重",
            "PS1 极低：缺数据，不知是否出生体重小于 1500 克",
            "如果出生体重不足 1500 克：PS19 极低",
            "如果出生体重 1500 克及以上：0000 无法入组",
        ],
    );
    let text = explained(scheme(), Case { age_days: None, ..adult(&["P22.000"], &[]) });
    has(&text, &["本例年龄 50 岁"]);
    let text = explained(scheme(), Case { age_years: None, ..adult(&["P22.000"], &[]) });
    has(
        &text,
        &[
            "需要补充数据：年龄",
            "不知是否进入 MDCP 新生儿：主要诊断 P22.000 在 MDCP 主诊表（2 个编码）中，但限不足 1 周岁，而年龄不详",
            "如果年龄小于 29 天：0000 无法入组",
            "如果年龄 29 天至不足 1 周岁：PV19 婴儿",
            "如果年龄 1 岁及以上：0000 无法入组",
        ],
    );
}

/// A scheme with numbered lists, a list of another ADRG and code lists, all made up.
fn numbered() -> &'static Scheme {
    static SCHEME: LazyLock<Scheme> = LazyLock::new(|| numbered_of(&numbered_files()));
    &SCHEME
}

fn numbered_files() -> Files {
    [
            ("1_MDC.txt", "MDCJ 乳腺\nMDCZ 多发创伤\n"),
            ("2_ADRG.txt", "JA1 重建\nJB1 切除\nJJ1 其他手术\nJR1 内科\nZZ1 创伤\n"),
            ("3_DRG.txt", "JA19 重建\nJB19 切除\nJJ19 其他手术\nJR19 内科\nZZ19 创伤\n"),
            (
                "4_ADRG_DETAIL.txt",
                "MDCJ 乳腺\nMDCJ 主诊表\n包含以下主要诊断：\nC50.000 甲\nC50.100 乙\nC50.900 丙\n\
                 JA1 重建\n包含以下主要诊断+手术表 1+手术表 3\n主要诊断：\nC50.000 甲\nC50.100 乙\n手术表 1：\n\
                 85.4500 切除\n手术表 2：\n85.4700 切除\n手术表 3：\n85.7000 重建\n\
                 JB1 切除\n包含以下主要诊断：\nC50.000 甲\n包含以下主要手术或操作：\n85.2100 切除\n85.4500 切除\nJJ1 其他手术 见 JB1 手术表\n\
                 JR1 内科\n包含以下主要诊断：\nC50.000 甲\nC50.100 乙\n\
                 MDCZ 多发创伤\nMDCZ 主诊表\n头颈部创伤\n包含以下主要诊断：\nS06.000 脑\n胸部创伤\n包含以下主要诊断：\n\
                 S27.000 肺\nZZ1 创伤\n包含以下主要诊断：\nS06.000 脑\n",
            ),
            ("5_MCC.txt", "疾病编码 疾病名称 排除内容\n"),
            ("6_CC.txt", "疾病编码 疾病名称 排除内容\nS27.000 肺 无\n"),
            ("7_CCE.txt", ""),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into()
}

fn numbered_of(files: &Files) -> Scheme {
    let (mut source, _) = read_scheme("numbered", files);
    let lists = CodeLists {
        diagnoses: "C50.000\nC50.100\nC50.900\nS06.000\nS27.000\n",
        procedures: "85.2100\n85.4500\n85.4700\n85.7000\n",
        grey_diagnoses: Some("C50.900\n"),
        grey_procedures: Some("85.4700\n"),
    };
    assert_eq!(add_code_lists(&mut source, lists), Ok(Vec::new()));
    compile(&source).0
}

#[test]
fn tables_are_called_as_the_published_text_calls_them() {
    let text = explained(numbered(), adult(&["C50.000"], &["85.4500", "85.7000"]));
    has(
        &text,
        &[
            "JA1 重建：符合，主要诊断 C50.000 在 JA1 主要诊断表（2 个编码）中；手术 85.4500 在 JA1 手术表 1（1 个编码）中，\
             手术 85.7000 在 JA1 手术表 3（1 个编码）中",
            "JA1 不按并发症或合并症细分，只有 JA19",
        ],
    );
    let text = explained(numbered(), adult(&["C50.100"], &["85.2100"]));
    has(&text, &["：符合，主要手术 85.2100 在 JB1 手术表（2 个编码）中"]);
}

#[test]
fn body_regions_and_complications_that_nothing_excludes_are_named() {
    let text = explained(numbered(), adult(&["S06.000", "S27.000"], &[]));
    has(
        &text,
        &[
            "进入 MDCZ 多发创伤：至少两个身体部位有创伤：头颈部创伤 S06.000，胸部创伤 S27.000",
            "S27.000：在 CC 表（1 个编码）中，没有排除它的主要诊断，计为 CC",
        ],
    );
    let text = explained(numbered(), adult(&["S06.000"], &[]));
    has(&text, &["未进入 MDCZ 多发创伤：只有一个身体部位有创伤（头颈部创伤 S06.000），要求至少两个"]);
}

#[test]
fn a_code_that_cannot_be_a_principal_one_is_told_with_those_that_can() {
    let text = explained(numbered(), adult(&["C50.900"], &[]));
    has(&text, &["主要诊断 C50.900 为灰码，不能作为主要诊断", "C50 下可作主要诊断的编码：C50.000、C50.100"]);
    let text = explained(numbered(), adult(&["C50.100x001"], &[]));
    has(&text, &["主要诊断 C50.100x001 不在编码库中", "C50.1 下可作主要诊断的编码：C50.100"]);
    let text = explained(numbered(), adult(&["C50.100"], &["85.4700"]));
    has(&text, &["主要手术 85.4700 为灰码，不能作为主要手术", "85.4 下可作主要手术的编码：85.4500"]);
    let both = Grouper::new(numbered()).explain(&adult(&["C50.900"], &["85.4700"]));
    assert_eq!(both.invalid, Some(Invalid::Grey("C50.900".to_owned())));
    assert_eq!(both.grey, ["C50.900", "85.4700"]);
    has(&both.to_string(), &["主要诊断 C50.900 为灰码", "主要手术 85.4700 为灰码"]);
    let unknown = Grouper::new(numbered()).explain(&adult(&["C50.100x001", "C50.900"], &[]));
    assert_eq!(unknown.invalid, Some(Invalid::Unknown("C50.100x001".to_owned())));
    assert_eq!(
        Grouper::new(numbered()).explain(&adult(&["", "C50.100"], &[])).invalid,
        Some(Invalid::Missing)
    );
    has(&explained(numbered(), adult(&[], &[])), &["没有主要诊断"]);
    has(&explained(reference(), adult(&["X59.900"], &[])), &["主要诊断 X59.900 不属于分组方案的任何类目"]);
}

#[test]
fn a_grey_code_that_the_scheme_groups_by_is_told_too() {
    let mut files = numbered_files();
    files.insert("CHOICES.txt".to_owned(), "grey_diagnosis = groups\n".to_owned());
    let scheme = numbered_of(&files);
    assert!(scheme.groups_by_grey() && !numbered().groups_by_grey());
    let explanation = Grouper::new(&scheme).explain(&adult(&["C50.900"], &[]));
    assert_eq!((explanation.invalid.as_ref(), &explanation.grey[..]), (None, &["C50.900".to_owned()][..]));
    has(&explanation.to_string(), &["主要诊断 C50.900 为灰码，不应作为主要诊断，本方案仍按它分组"]);
}

#[test]
fn by_a_scheme_of_categories_the_pattern_that_took_the_code_in_is_named() {
    let case = adult(&["I63.900x007", "J96.000x001", "I66.900", "X59.900"], &[]);
    let explanation = Grouper::new(reference()).explain(&case);
    assert_eq!(explanation.unknown, ["X59.900"]);
    let text = explanation.to_string();
    has(
        &text,
        &[
            "分组成功：BR21 脑缺血性疾患，伴严重并发症或合并症\n",
            "进入 MDCB 神经系统疾病及功能障碍：主要诊断 I63.900x007 在 MDCB 主诊表（",
            "BR2 脑缺血性疾患：符合，主要诊断 I63.900x007（属“I63 脑梗死”）在 BR2 主要诊断表（",
            "其他诊断 J96.000x001：在 MCC 表（",
            "主要诊断不在其排除表 51“呼吸衰竭和肺水肿”（",
            "但主要诊断在其排除表 45“脑血管病”（",
            "如果没有计入的 MCC（J96.000x001）：BR25 脑缺血性疾患，不伴并发症或合并症",
        ],
    );
    let text = explained(reference(), adult(&["C50.900"], &["85.4300", "85.7200"]));
    has(&text, &["手术 85.7200（属“乳房重建：85.7 乳房重建”）在 JA1_1 手术表 2（"]);
    let text = explained(reference(), adult(&["S36.000", "S72.300", "I10.x00"], &[]));
    has(&text, &["至少两个身体部位有创伤：腹部 S36.000，"]);
    let text = explained(reference(), adult(&["J18.900", "B20.600"], &[]));
    has(&text, &["未进入 MDCY HIV 感染疾病及相关操作：HIV 相关诊断 B20.600 不是主要诊断"]);
}

#[test]
fn where_no_adrg_fits_it_is_told_what_those_of_the_mdc_take() {
    let text = explained(scheme(), adult(&["K35.000"], &[]));
    has(&text, &["  MDCG 中没有符合的 ADRG\n  另有手术可入：GB1 阑尾切除（47.0100）\n"]);
    let text = explained(scheme(), adult(&["I10.x00"], &[]));
    has(
        &text,
        &[
            "  另有手术可入：FB1 双手术（35.1000 等 2 个编码，并有 35.2000 等 2 个编码）\n",
            "  换主要诊断可入：FR1 心梗（I21.000）\n",
        ],
    );
    assert!(!explained(scheme(), adult(&["I21.000"], &[])).contains("可入"));
}

#[test]
fn codes_stand_with_the_names_of_the_code_lists() {
    let (mut source, _) = read_scheme("named", &fuzzed::files(TABLES));
    let lists = CodeLists {
        diagnoses: "I21.000 急性前壁心梗\nI10.x00,高血压\nK35.000\nN80.000\nP07.200\nP22.000\nJ96.000\nI50.900\nE11.900\t糖尿病\n",
        procedures: "37.5100 心脏移植\n35.1000\n35.2000\n36.1000\n47.0100\n",
        grey_diagnoses: None,
        grey_procedures: None,
    };
    add_code_lists(&mut source, lists).unwrap();
    let named = Scheme::from_bytes(&compile(&source).0.to_bytes()).unwrap();
    assert_eq!([named.diagnosis_name("I10.x00"), named.diagnosis_name("K35.000")], ["高血压", ""]);
    let text = explained(&named, adult(&["I21.000", "E11.900", "K35.000"], &["37.5100"]));
    has(
        &text,
        &["\n主要诊断 I21.000 急性前壁心梗\n其他诊断 E11.900 糖尿病、K35.000\n主要手术 37.5100 心脏移植\n"],
    );
    assert!(!explained(scheme(), adult(&["I21.000"], &[])).contains("\n主要诊断 I21.000\n"));
}
