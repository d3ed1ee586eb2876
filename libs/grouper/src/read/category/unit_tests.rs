use crate::read::{Files, read_scheme};
use crate::source::{Anomaly, EntrySource, Source, TestSource};
use crate::{Case, Grouper, compile};

fn read(files: &[(&str, &str)]) -> (Source, Vec<Anomaly>) {
    let files: Files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    read_scheme("small", &files)
}

const CIRCULATION: &str = "\
# a comment
MDCF 循环系统疾病
诊断表 心梗: I21-I22 急性心肌梗死
FB1 瓣膜伴冠脉手术 / 1 3 5
任一手术: 35.2 瓣膜置换; 36.1 搭桥 除 36.15
任一手术: 36.1 搭桥
FM1 支架 / 9
主要诊断: @心梗; I20
主要手术: 36.06-36.07
或
主要手术: 36.0
FR1 心梗 / 9
主要诊断: @心梗
FZ1 其他 / 3 5
主要诊断: I00-I99 循环系统疾病
  G45 短暂性脑缺血
";

const NERVES: &str = "MDCB 神经系统\nBR1 缺血 / 9\n主要诊断: G45-G46 脑缺血; I60-I69 脑血管病; G46*\n";

#[test]
fn rules_stand_as_they_are_written() {
    let (source, wrong) = read(&[("MDCF.txt", CIRCULATION), ("COMPLICATIONS.txt", "")]);
    assert_eq!(wrong, []);
    assert!(source.by_category);
    let variants: Vec<&str> = source.rules.iter().map(|rule| rule.variant.as_str()).collect();
    assert_eq!(variants, ["FB1", "FM1_1", "FM1_2", "FR1", "FZ1"]);
    let drgs: Vec<String> = source.drgs.iter().map(|drg| format!("{} {}", drg.code, drg.name)).collect();
    assert_eq!(drgs[1], "FB13 瓣膜伴冠脉手术，伴并发症或合并症");
    assert_eq!(drgs[3], "FM19 支架");
    let TestSource::AnyProcedure(valves) = &source.rules[0].tests[0] else { panic!("not its list") };
    assert_eq!(valves.iter().collect::<Vec<_>>(), ["35.2", "36.1"]);
    assert_eq!(source.rules[1].line, 8);
}

#[test]
fn the_narrowest_pattern_wins_inside_an_mdc_and_among_mdcs() {
    let (source, wrong) = read(&[("MDCF.txt", CIRCULATION), ("MDCB.txt", NERVES), ("COMPLICATIONS.txt", "")]);
    assert_eq!(wrong, []);
    let scheme = compile(&source).0;
    let mut grouper = Grouper::new(&scheme);
    let mut group = |diagnosis: &str| {
        let case = Case { age_years: Some(50), diagnoses: &[diagnosis], ..Case::default() };
        grouper.group(&case).code(&scheme).into_owned()
    };
    for (diagnosis, expected) in [
        ("I21.000x001", "FR19"),
        ("I25.900", "FZ15"),
        ("I63.900", "BR19"),
        ("G45.900", "FZ15"),
        ("G46.000", "BR19"),
        ("I66.000+G46.0*", "BR19"),
        ("J18.900", "0000"),
    ] {
        assert_eq!(group(diagnosis), expected, "{diagnosis}");
    }
    let EntrySource::Principal(codes) = &source.mdcs[0].entry else { panic!("no list of principals") };
    assert!(codes.contains("I60") && codes.contains("+G46") && !codes.contains("G45"));
}

#[test]
fn complications_go_by_the_narrowest_pattern_and_name_their_table() {
    let complications = "\
排除表 7 缺血性心脏病
主要诊断: I20-I25
MCC: I21 心肌梗死
CC: I20-I25 缺血性心脏病 除 I24
排除表 无
CC: I10 高血压
";
    let (source, wrong) = read(&[("MDCF.txt", CIRCULATION), ("COMPLICATIONS.txt", complications)]);
    assert_eq!(wrong, []);
    assert_eq!(source.mcc.get("I21"), Some(&7));
    assert_eq!(source.cc.get("I22"), Some(&7));
    assert_eq!((source.cc.get("I21"), source.cc.get("I24")), (None, None));
    assert_eq!(source.cc.get("I10"), Some(&crate::source::EXCLUDED_BY_NONE));
    assert_eq!(source.excluded_by.get("I24"), Some(&7));
}

#[test]
fn a_way_of_which_a_condition_is_not_understood_takes_no_case() {
    for way in [
        "主要诊断: I21\n年龄: 七十-\n",
        "主要诊断: I21\n年岁: 70-\n",
        "主要诊断: I21\n女姓\n",
        "女性 以及\n主要诊断: I21\n",
        "主要诊断: I21\n表外手术: 36.1; 3x\n",
        "主要诊断: I21\n表外手术: @搭桥\n",
    ] {
        let text = format!(
            "MDCF 循环\n手术表 搭桥: 36.1 除 3x\nFR1 高龄 / 9\n{way}FZ1 其他 / 9\n主要诊断: I21; @别的\n"
        );
        let (source, wrong) = read(&[("MDCF.txt", &text), ("COMPLICATIONS.txt", "")]);
        let what = "FR1: this way is left out, not all of it was understood";
        assert!(wrong.iter().any(|told| told.line > 3 && told.what == what), "{way}{wrong:?}");
        let variants: Vec<&str> = source.rules.iter().map(|rule| rule.variant.as_str()).collect();
        assert_eq!(variants, ["FZ1"], "{way}");
    }
}

#[test]
fn what_cannot_be_read_is_told_by_file_and_line() {
    let (_, wrong) = read(&[
        (
            "MDCF.txt",
            "MDCF 循环\n主要手术: 36.1\n手术表 甲: 36.1\n诊断表 乙: I20\nFB1 手术\n主要诊断: I2x; @甲; @丙\n\
             次要诊断: I10\nGB1 别的 / 9\n主要手术: 36.1 搭桥 36.2\nFR1 心梗 / 9\nFB1 又一次 / 9\n出生体重: 大\n什么",
        ),
        ("COMPLICATIONS.txt", "MCC: I21\n排除表 甲\n排除表 1\n主要诊断: I20-I19\n其他: I10"),
    ]);
    let told: Vec<String> = wrong.iter().map(|a| format!("{}:{} {}", a.file, a.line, a.what)).collect();
    for expected in [
        "MDCF.txt:2 `主要手术` stands before any ADRG",
        "MDCF.txt:5 FB1 wants its name and, after `/`, the last digits of its DRGs: 1 3 5 9",
        "MDCF.txt:6 `I2x` is no category or range of ICD-10",
        "MDCF.txt:6 the list `甲` is none of ICD-10",
        "MDCF.txt:6 no list is called `丙`",
        "MDCF.txt:7 no condition is called `次要诊断`",
        "MDCF.txt:8 GB1 is no ADRG of MDCF",
        "MDCF.txt:9 `36.2` stands behind a name; `;` begins a new item",
        "MDCF.txt:10 FR1 has no rule",
        "MDCF.txt:11 FB1 stands twice",
        "MDCF.txt:12 `大` is no band of grams such as 1500-1999",
        "MDCF.txt:13 not understood: 什么",
        "MDCF.txt:0 nothing uses the list `乙`",
        "COMPLICATIONS.txt:1 not understood: MCC: I21",
        "COMPLICATIONS.txt:2 `甲` is no number of a new exclusion table",
        "COMPLICATIONS.txt:4 `I20-I19` is no category or range of ICD-10",
        "COMPLICATIONS.txt:5 no list is called `其他`",
    ] {
        assert!(told.iter().any(|told| told == expected), "{expected} is missing from:\n{}", told.join("\n"));
    }
}
