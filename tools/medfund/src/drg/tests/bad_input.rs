//! Each way in which a list or a path can be wrong, and what is said of it.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use super::{Folder, GROUP, HEADING};
use crate::Cli;
use crate::drg::input::{CaseList, Chunk};
use crate::drg::output::{Output, Table, not_over_the_cases};

/// What is said of a case list that cannot be opened.
fn refused(folder: &Folder, name: &str, bytes: &[u8]) -> String {
    folder.write(name, bytes);
    match CaseList::open(&folder.path(name), None) {
        Ok(_) => panic!("{name} is opened"),
        Err(error) => format!("{error:#}"),
    }
}

/// The lines of a list that cannot be read, and why; those that can are taken.
fn bad_lines(folder: &Folder, bytes: &[u8]) -> Vec<(u64, String)> {
    folder.write("cases", bytes);
    let mut list = CaseList::open(&folder.path("cases"), None).unwrap();
    let mut bad = Vec::new();
    while let Some(chunk) = list.next_chunk().unwrap() {
        bad.extend(Chunk::each(&chunk, |_, _| Ok::<(), String>(())));
    }
    bad
}

#[test]
fn a_file_that_is_no_case_list_says_what_it_is_and_what_to_do() {
    let folder = Folder::new();
    let utf_16: Vec<u8> = HEADING.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, told) in [
        (
            b"".as_slice(),
            "the file is empty: it wants a heading (id,sex,age_years,diagnoses,procedures) and a case a line",
        ),
        (
            &[b"\xff\xfe".as_slice(), &utf_16].concat(),
            "the text is UTF-16: save it as CSV in UTF-8 or GB18030",
        ),
        (&utf_16, "the text is UTF-16: save it as CSV in UTF-8 or GB18030"),
        (
            b"PK\x03\x04zip",
            "let the name of an Excel file end in .xlsx: this is no CSV but an Excel file or another archive",
        ),
        (b"PAR1zip", "this is no CSV but a Parquet file: let its name end in .parquet"),
        (b"id,sex\n1,1\n", "the heading has no column age_years, diagnoses, procedures"),
        (b"id,id,sex,age_years,diagnoses,procedures\n", "the heading has the column id twice"),
        (b"\"id\n1,1\n", "the heading: a quotation mark is not closed"),
    ] {
        let said = refused(&folder, "cases", bytes);
        assert!(said.ends_with(told) || said.contains(told) && told.starts_with("the heading:"), "{said}");
        assert!(said.starts_with("cannot read the cases of "), "{said}");
    }
    let said = format!("{:#}", CaseList::open(folder.0.path(), None).err().unwrap());
    assert!(said.ends_with("it is a folder: name a file (.csv, .xlsx, .parquet)"), "{said}");
}

#[test]
fn a_line_that_cannot_be_read_is_told_by_its_number_and_costs_no_other() {
    let folder = Folder::new();
    let text = format!(
        "\u{feff}{HEADING}1,1,50,心内科,I21.000,\r\n2,1,50,\0,I21.000,\r\n\r\n3,1,50,\"open,I21.000,\r\n4,1,50,\"two\r\nlines, \"\"quoted\"\"\",I21.000,\r\n5,1,50,5\" cut,I21.000,"
    );
    let bad = bad_lines(&folder, text.as_bytes());
    let told: Vec<(u64, &str)> = bad.iter().map(|(line, reason)| (*line, reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (3, "the line has a NUL byte: the file is damaged there"),
            (5, "a quotation mark is not closed, or something follows the closing one"),
        ]
    );
}

#[test]
fn quotes_line_breaks_and_carriage_returns_of_a_list_are_read_as_they_are_meant() {
    let folder = Folder::new().compiled();
    let text =
        format!("{HEADING}\"a,\"\"1\"\"\",1,50,\"two\r\nlines\",I21.000|E11.900,\r\nb,女,50,,I21.000,\r\n");
    folder.write("cases", text.as_bytes());
    assert_eq!(folder.drg(GROUP), ExitCode::SUCCESS);
    let expected = "\"a,\"\"1\"\"\",分组成功,MDCF,FR1,FR13,,E11.900\nb,分组成功,MDCF,FR1,FR15,,\n";
    assert_eq!(folder.answers().split_once('\n').unwrap().1, expected);
}

#[test]
fn a_heading_alone_is_a_list_of_no_case() {
    let folder = Folder::new().compiled();
    folder.write("cases", HEADING.as_bytes());
    assert_eq!(folder.drg(GROUP), ExitCode::SUCCESS);
    assert_eq!(folder.answers().lines().count(), 1);
}

#[test]
fn a_list_in_which_no_line_is_a_case_gives_no_answer_and_code_1() {
    let folder = Folder::new().compiled();
    folder.write("cases", format!("{HEADING}1,x,50,,I21.000,\n2,1,old,,I21.000,\n").as_bytes());
    for (command, heading) in [
        (GROUP, "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded\n"),
        ("check --scheme @scheme --in @cases --out @answers", "id,level,code,field,value,what\n"),
        ("compare --scheme @scheme --with @scheme --in @cases --out @answers", "id,from,to\n"),
    ] {
        assert_eq!(folder.drg(command), ExitCode::FAILURE, "{command}");
        assert_eq!(folder.answers(), heading, "{command}");
    }
}

#[test]
fn files_that_no_library_can_read_are_refused_in_our_own_words() {
    let folder = Folder::new();
    let parquet = "the Parquet file is damaged, or is none: write it anew";
    let workbook = "the workbook is damaged, or is none: open it and save it anew as .xlsx or CSV";
    for (name, bytes, told) in [
        ("cases.parquet", b"PAR1 and no more".as_slice(), parquet),
        ("empty.parquet", b"", parquet),
        ("cases.xlsx", b"PK\x03\x04 and no more", workbook),
        ("cases.xls", b"\xd0\xcf\x11\xe0 and no more", workbook),
    ] {
        let said = refused(&folder, name, bytes);
        assert!(said.ends_with(&format!(": {told}")), "{said}");
    }
    for (words, told) in [
        ("sample --out x --cases many", "`many` is no whole number in its bounds, like 1000"),
        ("sample --out x --cases -1", "unexpected argument"),
        ("adopt --against x --area 440700 --from today", "`today` is no day like 2025-01-31"),
        (
            "group --in x --out y --against s --area 440700 --discharged 2025",
            "`2025` is no day like 2025-01-31",
        ),
    ] {
        let line = ["medfund", "drg"].into_iter().chain(words.split(' '));
        let said = Cli::try_parse_from(line).unwrap_err().to_string();
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn a_suite_takes_the_place_of_a_scheme_and_wants_an_area() {
    for (options, is_understood) in [
        ("--against s --area 440700", true),
        ("--against s --area 440700 --check --headings zh --discharged 2024-05-01", true),
        ("--against s", false),
        ("--area 440700", false),
        ("--against s --area 440700 --scheme x", false),
        ("--against s --area 440700 --tariff x", false),
        ("--against s --area 440700 --encoding utf-8", false),
    ] {
        let words = format!("medfund drg group --in x --out y {options}");
        assert_eq!(Cli::try_parse_from(words.split(' ')).is_ok(), is_understood, "{options}");
    }
}

#[test]
fn a_path_that_cannot_be_written_is_refused_before_the_work_and_says_what_to_do() {
    let folder = Folder::new();
    let said = |path: &Path| format!("{:#}", Output::create(path).err().unwrap());
    assert!(said(folder.0.path()).ends_with("it is a folder; name a file"));
    assert!(said(&folder.path("nowhere/answers.csv")).ends_with("make its folder first"));
    assert!(
        Table::create(&folder.path("answers.xls"), "id")
            .is_err_and(|e| e.to_string().ends_with("no .xls, but .csv, .xlsx and .parquet are written"))
    );
    folder.write("cases", b"");
    let said = not_over_the_cases(&folder.path("cases"), &folder.path("./cases")).unwrap_err().to_string();
    assert!(said.ends_with("is the case list itself: name another file with --out"), "{said}");
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 2, "nothing is left beside");
}

#[test]
fn what_stood_there_stays_until_the_new_table_is_whole() {
    let folder = Folder::new();
    folder.write("answers", b"earlier\n");
    let mut table = Table::create(&folder.path("answers"), "id,drg").unwrap();
    table.append("1,FR11\n").unwrap();
    drop(table);
    assert_eq!(folder.answers(), "earlier\n");
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 2, "nothing is left beside");
    let mut table = Table::create(&folder.path("answers"), "id,drg").unwrap();
    table.append("1,FR11\n").unwrap();
    table.finish().unwrap();
    assert_eq!(folder.answers(), "id,drg\n1,FR11\n");
}

#[test]
fn a_full_disk_is_told() {
    let folder = Folder::new().compiled();
    folder.write("cases", format!("{HEADING}1,1,50,,I21.000,\n").as_bytes());
    assert_eq!(folder.drg("group --scheme @scheme --in @cases --out /dev/full"), ExitCode::FAILURE);
    let said = format!("{:#}", Table::create(Path::new("/dev/full"), "id").unwrap().finish().unwrap_err());
    assert!(said.starts_with("cannot write /dev/full: No space left on device"), "{said}");
}

#[test]
fn ids_that_stand_twice_and_unknown_codes_are_grouped_and_counted() {
    let folder = Folder::new().compiled();
    folder.write(
        "cases",
        format!("{HEADING}1,1,50,,I21.000,\n1,1,50,,I21.000|X99.999,\n2,1,50,,X99.999,\n").as_bytes(),
    );
    assert_eq!(folder.drg(GROUP), ExitCode::SUCCESS);
    assert_eq!(
        folder.answers().split_once('\n').unwrap().1,
        "1,分组成功,MDCF,FR1,FR15,,\n1,分组成功,MDCF,FR1,FR15,,\n2,编码无效,0000,00,0000,,\n"
    );
}

#[test]
fn code_lists_that_are_none_of_the_tables_are_refused_and_nothing_is_compiled() {
    let folder = Folder::new();
    folder.write("icd10", "I21.000 甲\nE11.900 糖尿病\n".as_bytes());
    folder.write("icd9", "36.0700 支架\n".as_bytes());
    folder.write("notes", "会议纪要\n".as_bytes());
    let compile = "compile --from @small --out @scheme --report @report";
    for lists in [
        "--diagnoses @icd9 --procedures @icd10",
        "--diagnoses @notes --procedures @icd9",
        "--diagnoses @icd10 --procedures @notes",
        "--diagnoses @icd10 --procedures @icd9 --grey-diagnoses @icd9",
    ] {
        assert_eq!(folder.drg(&format!("{compile} {lists}")), ExitCode::FAILURE, "{lists}");
        assert!(!folder.path("scheme").exists(), "{lists}");
    }
    assert_eq!(folder.drg(&format!("{compile} --diagnoses @icd10 --procedures @icd9")), ExitCode::SUCCESS);
    folder.write("rules/MDCF.txt", "MDCF 循环\n\nFR1 心梗 / 9\n主要诊断: I21\n".as_bytes());
    let by_category = "compile --from @rules --out @scheme --diagnoses @icd10 --procedures @icd9";
    assert_eq!(folder.drg(by_category), ExitCode::FAILURE);
}

#[test]
fn a_region_is_told_by_the_exit_code_that_a_line_of_its_additions_was_not_understood() {
    let folder = Folder::new();
    let compile = "compile --from @small --with @region --out @scheme --report @report";
    for (text, code, report) in [
        ("细分 FR1A 心梗，高龄\n年龄: 70-\n", ExitCode::SUCCESS, ""),
        (
            "细分 FR1A 心梗，高龄\n年龄: 七十-\n",
            ExitCode::FAILURE,
            "a.txt:2: `七十-` is no band of years such as 70-\na.txt:1: FR1A is left out: not all of it was understood\n",
        ),
    ] {
        folder.write("region/a.txt", text.as_bytes());
        assert_eq!(folder.drg(compile), code, "{text}");
        assert_eq!(std::fs::read_to_string(folder.path("report")).unwrap(), report);
    }
}

#[test]
fn tables_of_which_one_is_missing_or_empty_are_refused_and_nothing_is_compiled() {
    let compile = "compile --from @small --out @scheme --report @report";
    for missing in ["1_MDC.txt", "4_ADRG_DETAIL.txt", "6_CC.txt", "7_CCE.txt"] {
        let folder = Folder::new();
        std::fs::remove_file(folder.path(&format!("small/{missing}"))).unwrap();
        assert_eq!(folder.drg(compile), ExitCode::FAILURE, "{missing}");
        assert!(!folder.path("scheme").exists(), "{missing}");
    }
    let folder = Folder::new();
    folder.write("small/effective/CC.dat", b"");
    assert_eq!(folder.drg(compile), ExitCode::FAILURE);
    assert!(!folder.path("scheme").exists());
    // The tables in effect stand for the published ones all together.
    folder.write("small/effective/CC.dat", b"E11.900,3\n");
    folder.write("small/effective/MCC.dat", b"I50.000,4\n");
    assert_eq!(folder.drg(compile), ExitCode::FAILURE);
    folder.write("small/effective/CCE.dat", b"I21.000,3\nI22.000,4\n");
    assert_eq!(folder.drg(compile), ExitCode::SUCCESS);
}

#[test]
fn rules_that_are_cut_off_in_the_middle_are_refused_and_the_report_names_the_groups() {
    let folder = Folder::new();
    let rules = std::fs::read_to_string(folder.path("small/4_ADRG_DETAIL.txt")).unwrap();
    let rules = rules.replace("甲\nFR1", "甲\nI20.000 乙\nFR1");
    let whole = format!("{rules}FS1 心绞痛\n包含以下主要诊断：\nI20.000 乙\n");
    folder.write("small/2_ADRG.txt", "FR1 心梗\nFS1 心绞痛\n".as_bytes());
    folder.write("small/3_DRG.txt", "FR13 心梗，有\nFR15 心梗，无\nFS19 心绞痛\n".as_bytes());
    folder.write("small/4_ADRG_DETAIL.txt", whole.as_bytes());
    let folder = folder.compiled();
    let compiled = std::fs::read(folder.path("scheme")).unwrap();

    folder.write("small/4_ADRG_DETAIL.txt", rules.as_bytes());
    assert_eq!(folder.drg("compile --from @small --out @scheme --report @report"), ExitCode::FAILURE);
    let report = std::fs::read_to_string(folder.path("report")).unwrap();
    assert_eq!(report, "small: ADRG FS1 has no rule\n");
    assert_eq!(std::fs::read(folder.path("scheme")).unwrap(), compiled, "the old one stays");
}

#[test]
fn a_report_without_a_folder_is_refused_before_the_scheme_is_written() {
    let folder = Folder::new();
    assert_eq!(folder.drg("compile --from @small --out @scheme --report @nowhere/report"), ExitCode::FAILURE);
    assert!(!folder.path("scheme").exists());
}

#[test]
fn lists_of_grey_codes_that_are_empty_or_name_most_codes_and_crosswalks_are_no_code_lists() {
    let folder = Folder::new();
    folder.write("icd10", "I21.000 甲\nE11.900 糖尿病\nJ96.000 呼衰\n".as_bytes());
    folder.write("icd9", "36.0700 支架\n".as_bytes());
    folder.write("empty", b"");
    folder.write("crosswalk", b"I21.000 I21.000\nE11.900x001 E11.900\n");
    let compile = "compile --from @small --out @scheme --report @report --procedures @icd9 --diagnoses";
    for lists in ["@icd10 --grey-diagnoses @empty", "@icd10 --grey-diagnoses @icd10", "@crosswalk"] {
        assert_eq!(folder.drg(&format!("{compile} {lists}")), ExitCode::FAILURE, "{lists}");
        assert!(!folder.path("scheme").exists(), "{lists}");
    }
    assert_eq!(folder.drg(&format!("{compile} @icd10")), ExitCode::SUCCESS);
}

#[test]
fn a_crosswalk_with_the_insurance_s_code_in_front_is_refused() {
    let folder = Folder::new().compiled();
    folder.write("cases", format!("{HEADING}1,1,50,,I21.000x009,\n").as_bytes());
    folder.write("swapped", b"I21.000 I21.000x009\nE11.900 E11.900x001\nZ00.000x001 Z00.000\n");
    for command in [
        GROUP,
        "check --scheme @scheme --in @cases --out @answers",
        "explain --scheme @scheme --in @cases --id 1",
        "compare --scheme @scheme --with @scheme --in @cases",
    ] {
        assert_eq!(folder.drg(&format!("{command} --crosswalk @swapped")), ExitCode::FAILURE, "{command}");
    }
    assert!(!folder.path("answers").exists());
}
