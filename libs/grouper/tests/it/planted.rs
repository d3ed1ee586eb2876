//! Each check of the compiler finds what is planted for it, by file and line.

use medfund_grouper::compile;
use medfund_grouper::read::{CodeLists, Files, WrongList, add_code_lists, read_scheme};
use medfund_grouper::source::Anomaly;

use crate::fuzzed::files;
use crate::small::TABLES;

/// What is told of the small tables when one line of a file is another.
fn told_with(file: &str, line: &str, other: &str) -> Vec<String> {
    let mut files = files(TABLES);
    let text = files.get_mut(file).expect("one of the small tables");
    assert_eq!(text.matches(line).count(), 1, "{line} stands once");
    *text = text.replace(line, other);
    told(&files)
}

fn told(files: &Files) -> Vec<String> {
    let (source, mut anomalies) = read_scheme("small", files);
    anomalies.extend(compile(&source).1);
    anomalies.iter().map(|a| format!("{}:{} {}", a.file, a.line, a.what)).collect()
}

#[test]
fn what_is_planted_is_found_where_it_stands() {
    const RULES: &str = "4_ADRG_DETAIL.txt";
    for (file, line, other, expected) in [
        ("1_MDC.txt", "MDCG 消化", "消化", "1_MDC.txt:3 no code and name: 消化"),
        ("1_MDC.txt", "MDCG 消化\n", "MDCG 消化\nMDCK 内分泌\n", "4_ADRG_DETAIL.txt:0 MDCK has no section"),
        ("1_MDC.txt", "MDCG 消化\n", "", "small:0 ADRG GB1 has no MDC"),
        ("2_ADRG.txt", "FC1 搭桥\n", "", "small:0 DRGs of FC1 stand without an ADRG"),
        ("2_ADRG.txt", "FC1 搭桥\n", "FC1 搭桥\nFC1 又\n", "2_ADRG.txt:4 FC1 stands twice"),
        ("2_ADRG.txt", "FC1 搭桥\n", "FC1 搭桥\nFC9 又\n", "small:0 ADRG FC9 has no DRG"),
        ("3_DRG.txt", "FC19 搭桥\n", "", "4_ADRG_DETAIL.txt:17 rule FC1 belongs to no ADRG with a DRG"),
        ("3_DRG.txt", "FC19 搭桥\n", "FC19 搭桥\nFS19 又\n", "small:0 ADRG FS1 has no rule"),
        ("3_DRG.txt", "FC19 搭桥\n", "FC19 搭桥\nfc1 又\n", "small:0 DRG `fc1` is left out"),
        (
            "3_DRG.txt",
            "FR13 心梗，一般",
            "FR1C 心梗，一般",
            "small:0 FR1C is divided off by more than MCC and CC; no table says how",
        ),
        (
            RULES,
            "FC1 搭桥\n包含以下主要诊断：\nI21.000 心梗",
            "FC1 搭桥\n包含以下主要诊断：\nI22.000 心梗",
            "4_ADRG_DETAIL.txt:19 FC1: I22.000 does not stand in the table of MDCF",
        ),
        (
            RULES,
            "35.1000 甲",
            "35.1000甲",
            "4_ADRG_DETAIL.txt:12 35.1000 has text glued to it, and is read without: 甲",
        ),
        (
            RULES,
            "35.1000 甲",
            "35.1000 甲\n35.1000 甲",
            "4_ADRG_DETAIL.txt:13 FB1: 35.1000 stands twice in one list",
        ),
        (
            RULES,
            "GB1 阑尾切除\n包含以下主要手术或操作：",
            "GB1 阑尾切除\n包含以下随便什么：",
            "4_ADRG_DETAIL.txt:29 GB1: a list under: 包含以下随便什么",
        ),
        (
            RULES,
            "GB1 阑尾切除\n包含以下主要手术或操作：",
            "GB1 阑尾切除\n入组条件一：手术表8\n手术表 1：",
            "4_ADRG_DETAIL.txt:29 GB1: no list is called 手术表8",
        ),
        (
            RULES,
            "FR1 心梗\n",
            "FR0 心梗\n包含以下主要诊断：\nI21.000 心梗\nFR1 心梗\n",
            "4_ADRG_DETAIL.txt:27 FR1: I21.000 never gets there, FR0 takes it before",
        ),
        (
            RULES,
            "FR1 心梗\n",
            "FR0 心梗\n包含以下主要诊断：\nI21.000 心梗\nFR1 心梗\n",
            "4_ADRG_DETAIL.txt:25 FR1 is never reached: all of its 1 codes are taken before (1)",
        ),
        (
            RULES,
            "MDCA 先期\n",
            "包含什么\nMDCA 先期\n",
            "4_ADRG_DETAIL.txt:1 before the first heading: 包含什么",
        ),
        (
            "5_MCC.txt",
            "I50.900 心衰 表 7-2",
            "I50.900 心衰",
            "5_MCC.txt:3 I50.900 has no exclusion table, and is left out",
        ),
        (
            "5_MCC.txt",
            "I50.900 心衰 表 7-2",
            "I50.900 心衰 表 7-2 表 7-3",
            "5_MCC.txt:3 an exclusion table for no code",
        ),
        (
            "7_CCE.txt",
            "表 7-2\nI21.000 心梗",
            "表 7-2\nJ96.000 呼衰",
            "7_CCE.txt:5 J96.000 stands in table 1 and 2",
        ),
        ("7_CCE.txt", "表 7-1\n", "I10.x00 高血压\n表 7-1\n", "7_CCE.txt:1 I10.x00 stands in no table"),
    ] {
        let told = told_with(file, line, other);
        let found = told.iter().any(|told| told.starts_with(expected));
        assert!(found, "{expected} is missing from:\n{}", told.join("\n"));
    }
}

#[test]
fn a_missing_file_and_an_unknown_choice_are_told() {
    let mut files = files(TABLES);
    files.remove("7_CCE.txt");
    files.insert(
        "CHOICES.txt".to_owned(),
        "# known\nhiv = any\nhiv = perhaps\ncolour\noperations = table\n".to_owned(),
    );
    let told = told(&files);
    for expected in [
        "7_CCE.txt:0 the file is missing",
        "CHOICES.txt:3 `hiv` cannot be `perhaps`",
        "CHOICES.txt:4 no `name = value`: colour",
        "small:0 operations are to be those of a table of valid procedures, but there is none",
    ] {
        assert!(told.iter().any(|told| told == expected), "{expected} is missing from:\n{}", told.join("\n"));
    }
}

#[test]
fn codes_of_no_code_list_and_grey_codes_without_one_are_told() {
    let (mut source, _) = read_scheme("small", &files(TABLES));
    let all = |codes: &[&str]| codes.iter().map(|code| format!("{code} 名\n")).collect::<String>();
    let diagnoses = all(&[
        "I21.000", "I10.x00", "K35.000", "N80.000", "P07.200", "P22.000", "J96.000", "I50.900", "E11.900",
    ]);
    let procedures = all(&["37.5100", "35.1000", "35.2000", "36.1000"]);
    let lists = CodeLists {
        diagnoses: &diagnoses.replace("E11.900", "E12.900"),
        procedures: &procedures,
        grey_diagnoses: Some("R99.x00 灰码\n什么\nI10.x00\n"),
        grey_procedures: None,
    };
    let mut told = add_code_lists(&mut source, lists).unwrap();
    told.extend(compile(&source).1);
    let told: Vec<String> = told.iter().map(|a| format!("{}:{} {}", a.file, a.line, a.what)).collect();
    for expected in [
        "grey diagnoses:1 R99.x00 is grey but stands in no code list",
        "grey diagnoses:2 no code: 什么",
        "6_CC.txt:2 6_CC.txt: diagnosis E11.900 stands in no code list",
        "4_ADRG_DETAIL.txt:31 GB1: procedure 47.0100 stands in no code list",
    ] {
        assert!(told.iter().any(|told| told == expected), "{expected} is missing from:\n{}", told.join("\n"));
    }
}

/// What is said of code lists that are none of the tables'.
fn refused(lists: CodeLists<'_>) -> Vec<String> {
    let mut source = read_scheme("small", &files(TABLES)).0;
    let wrong = add_code_lists(&mut source, lists).unwrap_err();
    assert!(source.diagnoses.is_empty() && source.procedures.is_empty(), "none is added");
    wrong.iter().map(ToString::to_string).collect()
}

#[test]
fn lists_that_hold_few_of_the_codes_that_the_tables_name_are_refused() {
    let diagnoses = "I21.000\nI10.x00\nK35.000\nN80.000\nP07.200\nP22.000\nJ96.000\nI50.900\nE11.900\n";
    let procedures = "37.5100\n35.1000\n35.2000\n36.1000\n47.0100\n";
    let right = CodeLists { diagnoses, procedures, grey_diagnoses: None, grey_procedures: None };
    assert!(add_code_lists(&mut read_scheme("small", &files(TABLES)).0, right).is_ok());

    let told = refused(CodeLists { diagnoses: procedures, procedures: diagnoses, ..right });
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].ends_with("do not stand in the list of diagnoses, which begins with 35.1000 (ICD-9-CM-3)"),
        "{told:?}"
    );
    assert!(
        told[1].ends_with("do not stand in the list of procedures, which begins with E11.900 (ICD-10)"),
        "{told:?}"
    );
    let few = refused(CodeLists { diagnoses: "I21.000\nA00.000\n", ..right });
    assert!(
        few[0].contains("of the") && few[0].contains("diagnoses that the tables name, E11.900 the first"),
        "{few:?}"
    );

    assert_eq!(
        refused(CodeLists { diagnoses: "霍乱\n", grey_procedures: Some("灰码\n"), ..right }),
        [
            "no line of the list of diagnoses begins with a code",
            "no line of the list of grey procedures begins with a code",
        ]
    );
    assert_eq!(
        refused(CodeLists { grey_diagnoses: Some("36.1000\n"), ..right }),
        ["1 of the 1 grey diagnoses, 36.1000 the first, do not stand in the list of all of them"]
    );
}

#[test]
fn a_list_of_grey_codes_that_is_empty_or_names_most_codes_is_refused() {
    let procedures = "37.5100\n35.1000\n35.2000\n36.1000\n47.0100\n";
    let lists = CodeLists {
        diagnoses: "I21.000\nI10.x00\nK35.000\nN80.000\nP07.200\nP22.000\nJ96.000\nI50.900\nE11.900\n",
        procedures,
        grey_diagnoses: None,
        grey_procedures: None,
    };
    assert_eq!(
        refused(CodeLists { grey_diagnoses: Some("\u{feff}\n"), grey_procedures: Some(procedures), ..lists }),
        [
            "no line of the list of grey diagnoses begins with a code",
            "5 grey procedures are more than half of all 5 codes: this is no list of grey codes (灰码)",
        ]
    );
    let source = &mut read_scheme("small", &files(TABLES)).0;
    let fewer = CodeLists { grey_procedures: Some("37.5100\n35.1000\n"), ..lists };
    assert!(add_code_lists(source, fewer).is_ok());
    let most = CodeLists { grey_procedures: Some("37.5100\n35.1000\n35.2000\n"), ..lists };
    assert_eq!(refused(most).len(), 1);
}

#[test]
fn a_crosswalk_is_no_list_of_codes() {
    let lists = CodeLists {
        diagnoses: "I21.000 I21.000\nI10.x00x002,I10.x00\nK35.000 名\n",
        procedures: "37.5100\n35.1000\n35.2000\n36.1000\n47.0100\n",
        grey_diagnoses: None,
        grey_procedures: None,
    };
    assert_eq!(
        refused(lists),
        [
            "the list of diagnoses is a crosswalk (编码对照表), two codes a line, I21.000 I21.000 the first; give it with \
          --crosswalk to what groups the cases"
        ]
    );
}

/// The tables and groups that are lost when a part of a file is another.
fn lost_with(file: &str, part: &str, other: &str) -> Vec<String> {
    let mut files = files(TABLES);
    let text = files.get_mut(file).expect("one of the small tables");
    assert_eq!(text.matches(part).count(), 1, "{part} stands once");
    *text = text.replace(part, other);
    let (source, mut anomalies) = read_scheme("small", &files);
    anomalies.extend(compile(&source).1);
    let losses = anomalies.iter().filter(|anomaly| anomaly.is_loss);
    losses.map(|loss| format!("{}: {}", loss.file, loss.what)).collect()
}

#[test]
fn a_table_or_group_that_is_lost_is_no_slip_of_a_line() {
    const RULES: &str = "4_ADRG_DETAIL.txt";
    let mut rules = files(TABLES).remove(RULES).expect("one of the small tables");
    let behind = rules.split_off(rules.find("MDCN").expect("a section in the middle"));
    for (file, part, other, expected) in [
        ("1_MDC.txt", "MDCG 消化\n", "", vec!["small: ADRG GB1 has no MDC"]),
        ("2_ADRG.txt", "FC1 搭桥\n", "", vec!["small: DRGs of FC1 stand without an ADRG"]),
        ("2_ADRG.txt", "FC1 搭桥\n", "FC1 搭桥\nFC9 又\n", vec!["small: ADRG FC9 has no DRG"]),
        (
            "3_DRG.txt",
            "FC19 搭桥\n",
            "FC19 搭桥\nFS19 又\n",
            vec!["small: ADRG FS1 has no rule", "small: DRGs of FS1 stand without an ADRG"],
        ),
        (
            RULES,
            behind.as_str(),
            "",
            vec![
                "4_ADRG_DETAIL.txt: MDCN has no section",
                "4_ADRG_DETAIL.txt: MDCP has no section",
                "small: ADRG NR1 has no MDC",
                "small: ADRG PS1 has no MDC",
                "small: ADRG PV1 has no MDC",
            ],
        ),
        ("6_CC.txt", "E11.900 糖尿病 表 7-3\n", "", vec!["6_CC.txt: the file holds no code"]),
        ("7_CCE.txt", "表 7-3\nE11.900 糖尿病\n", "", vec![]),
        (RULES, "35.1000 甲", "35.1000甲", vec![]),
    ] {
        assert_eq!(lost_with(file, part, other), expected, "{file} without {part}");
    }
}

/// What is left of a table that was cut off can be read, line by line; what other tables name shows that a part is lost.
#[test]
fn a_table_that_is_cut_off_is_told_by_what_others_name() {
    let complications = |n: usize| -> String { (0..n).map(|at| format!("E{at:02}.000,{at}\n")).collect() };
    let of_mdc = |letter: char| format!("MDC{letter},{letter}01.000\nMDC{letter},{letter}02.000\n");
    let whole = || -> Files {
        [
            ("ADRG_ORDER.txt", "BR1\t主诊断匹配\t1\tBR19\nCC1\t主手术匹配\t5\tCC19\n".to_owned()),
            (
                "ADRG_CODES.csv",
                "adrg,rule_variant,match_rule,list_no,code\nBR1,BR1,主诊断匹配,1,B01.000\n".to_owned()
                    + &(1..6).map(|at| format!("CC1,CC1,主手术匹配,1,0{at}.0000\n")).collect::<String>(),
            ),
            ("MDC_PDX.csv", format!("mdc,code\n{}{}", of_mdc('B'), of_mdc('C'))),
            ("MCC.csv", format!("code,table\n{}", complications(4))),
            ("CC.csv", format!("code,table\n{}", complications(8))),
            ("CCE.csv", format!("code,table\n{}", complications(8).replace('E', "I"))),
            (
                "SS_VALID.csv",
                "code\n".to_owned() + &(1..6).map(|at| format!("0{at}.0000\n")).collect::<String>(),
            ),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
    };
    let losses = |files: &Files| -> Vec<String> {
        let lost = |anomaly: &Anomaly| anomaly.is_loss.then(|| format!("{}: {}", anomaly.file, anomaly.what));
        read_scheme("small", files).1.iter().filter_map(lost).collect()
    };
    assert_eq!(losses(&whole()), [""; 0]);
    for (file, told) in [
        ("MDC_PDX.csv", "MDC_PDX.csv: MDCC has no principal diagnosis"),
        (
            "CC.csv",
            "CC.csv: exclusion table 4 is no complication's, here or in MCC.csv, and 3 more: a part of the table is lost",
        ),
        (
            "CCE.csv",
            "CCE.csv: exclusion table 4 is named by complications and holds no diagnosis, and 3 more: a part of the table is lost",
        ),
        ("SS_VALID.csv", "SS_VALID.csv: it holds 2 of the 5 procedures of rules: a part is lost"),
    ] {
        let mut cut = whole();
        let text = cut.get_mut(file).unwrap();
        let n_lines = text.lines().count();
        *text = text.lines().take(1 + (n_lines - 1) / 2).map(|line| format!("{line}\n")).collect();
        assert_eq!(losses(&cut), [told], "half of {file}");
    }
}

#[test]
fn half_of_the_codes_may_stand_in_no_list_and_not_one_more() {
    let tables = |n: usize| -> Files {
        let codes: String = (0..n).map(|code| format!("MDCF,I{code:02}.000\n")).collect();
        [
            ("ADRG_ORDER.txt", "FR1\t主诊断匹配\t1\tFR19\n".to_owned()),
            (
                "ADRG_CODES.csv",
                "adrg,rule_variant,match_rule,list_no,code\nFR1,FR1,主诊断匹配,1,I00.000\n".to_owned(),
            ),
            ("MDC_PDX.csv", format!("mdc,code\n{codes}")),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
    };
    let lists = CodeLists {
        diagnoses: "I00.000\nI01.000\n",
        procedures: "00.0100\n",
        grey_diagnoses: None,
        grey_procedures: None,
    };
    let added = |n: usize| add_code_lists(&mut read_scheme("made up", &tables(n)).0, lists);
    assert!(added(4).is_ok());
    assert!(matches!(added(5).unwrap_err()[..], [WrongList::OfOtherCodes { n_named: 5, n_lacking: 3, .. }]));
}

#[test]
fn rules_by_category_take_no_list_of_codes() {
    let files: Files =
        [("MDCF.txt".to_owned(), "MDCF 循环\n\nFR1 心梗 / 9\n主要诊断: I21\n".to_owned())].into();
    let mut source = read_scheme("by category", &files).0;
    let lists = CodeLists {
        diagnoses: "I21.000\n",
        procedures: "36.1000\n",
        grey_diagnoses: None,
        grey_procedures: None,
    };
    assert_eq!(add_code_lists(&mut source, lists).unwrap_err(), [WrongList::ByCategory]);
}
