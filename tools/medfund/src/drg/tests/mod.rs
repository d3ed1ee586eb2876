mod bad_input;
mod first_minute;
mod formats;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::{Cli, run};
use medfund_grouper::batch::LONGEST_LINE;

/// A scheme of two groups in the text layout, and a case list.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in [
            ("1_MDC.txt", "MDCF 循环\n"),
            ("2_ADRG.txt", "FR1 心梗\n"),
            ("3_DRG.txt", "FR13 心梗，有\nFR15 心梗，无\n"),
            (
                "4_ADRG_DETAIL.txt",
                "MDCF 循环\nMDCF 主诊表\n包含以下主要诊断：\nI21.000 甲\nFR1 心梗\n包含以下主要诊断：\nI21.000 甲\n",
            ),
            ("5_MCC.txt", "疾病编码 疾病名称 排除内容\nJ96.000 呼衰 表 7-3\n"),
            ("6_CC.txt", "疾病编码 疾病名称 排除内容\nE11.900 糖尿病 表 7-3\n"),
            ("7_CCE.txt", "表 7-3\n包含以下主要诊断：\nE11.900 糖尿病\n"),
        ] {
            folder.write(&format!("small/{name}"), text.as_bytes());
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Runs `medfund drg …`, where `@name` is a file of the folder.
    fn drg(&self, line: &str) -> ExitCode {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name).display().to_string(),
            None => word.to_owned(),
        };
        run(Cli::parse_from(
            ["medfund".to_owned(), "drg".to_owned()].into_iter().chain(line.split(' ').map(word)),
        ))
    }

    fn compiled(self) -> Self {
        assert_eq!(self.drg("compile --from @small --out @scheme --report @report"), ExitCode::SUCCESS);
        assert_eq!(std::fs::read_to_string(self.path("report")).unwrap(), "");
        self
    }

    fn answers(&self) -> String {
        std::fs::read_to_string(self.path("answers")).unwrap()
    }
}

const HEADING: &str = "id,sex,age_years,department,diagnoses,procedures\n";
const GROUP: &str = "group --scheme @scheme --in @cases --out @answers";

#[test]
fn cases_are_grouped_from_utf_8_with_its_mark_and_from_gb18030() {
    let folder = Folder::new().compiled();
    let text = format!("{HEADING}1,1,50,心内科,I21.000|E11.900,\n2,2,60,心内科,I21.000,\n");
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&text);
    for bytes in [["\u{feff}", &text].concat().into_bytes(), gb18030.into_owned()] {
        folder.write("cases", &bytes);
        assert_eq!(folder.drg(GROUP), ExitCode::SUCCESS);
        let expected = "1,分组成功,MDCF,FR1,FR13,,E11.900\n2,分组成功,MDCF,FR1,FR15,,\n";
        assert_eq!(folder.answers().split_once('\n').unwrap().1, expected);
    }
}

#[test]
fn bad_lines_are_left_out_and_the_rest_is_grouped() {
    let folder = Folder::new().compiled();
    let long = "x".repeat(LONGEST_LINE + 1);
    folder.write("cases", format!("{HEADING}1,x,50,,I21.000,\n{long}\n\n3,1,50,,I21.000,\n").as_bytes());
    assert_eq!(folder.drg(GROUP), ExitCode::FAILURE);
    assert_eq!(folder.answers().lines().skip(1).collect::<Vec<_>>(), ["3,分组成功,MDCF,FR1,FR15,,"]);
}

#[test]
fn a_list_is_gb18030_throughout_although_a_word_of_it_could_be_utf_8() {
    let folder = Folder::new().compiled();
    let text = format!("{HEADING}1,女,50,,I21.000,\n2,1,60,心内科,I21.000,\n");
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&text);
    assert!(std::str::from_utf8(gb18030.split(|&byte| byte == b'\n').nth(1).unwrap()).is_ok());
    folder.write("cases", &gb18030);
    assert_eq!(folder.drg(GROUP), ExitCode::SUCCESS);
    let text = format!("{HEADING}1,女,50,,I21.000,\n");
    folder.write("cases", &encoding_rs::GB18030.encode(&text).0);
    assert_eq!(folder.drg(GROUP), ExitCode::FAILURE);
    assert_eq!(folder.drg(&format!("{GROUP} --encoding gb18030")), ExitCode::SUCCESS);
    folder.write("cases", b"\xff\xfei\0d\0");
    assert_eq!(folder.drg(GROUP), ExitCode::FAILURE);
}

#[test]
fn a_line_that_is_not_utf_8_as_the_others_are_is_left_out() {
    let folder = Folder::new().compiled();
    let mut bytes = format!("{HEADING}1,1,50,心内科,I21.000,\n").into_bytes();
    bytes.extend(b"2,1,50,\xc4\xda,I21.000,\n");
    folder.write("cases", &["\u{feff}".as_bytes(), &bytes].concat());
    assert_eq!(folder.drg(&format!("{GROUP} --encoding utf-8")), ExitCode::FAILURE);
    assert_eq!(folder.answers().lines().count(), 2);
}

#[test]
fn a_case_is_explained_and_an_unknown_one_refused() {
    let folder = Folder::new().compiled();
    folder.write("cases", format!("{HEADING}1,1,50,,I21.000|E11.900,\n").as_bytes());
    assert_eq!(folder.drg("explain --scheme @scheme --in @cases --id 1"), ExitCode::SUCCESS);
    assert_eq!(folder.drg("explain --scheme @scheme --in @cases --id 7"), ExitCode::FAILURE);
}

#[test]
fn two_schemes_that_group_a_case_differently_give_code_2_and_tell_which_cases_move() {
    let folder = Folder::new().compiled();
    folder.write("cases", format!("{HEADING}1,1,50,,I21.000|E11.900,\n2,1,50,,I21.000,\n").as_bytes());
    let compare = "compare --scheme @scheme --with @other --in @cases --out @answers";
    std::fs::copy(folder.path("scheme"), folder.path("other")).unwrap();
    assert_eq!(folder.drg(compare), ExitCode::SUCCESS);
    assert_eq!(folder.answers(), "id,from,to\n");
    folder.write("small/6_CC.txt", "疾病编码 疾病名称 排除内容\nE10.900 糖尿病 表 7-3\n".as_bytes());
    assert_eq!(folder.drg("compile --from @small --out @other"), ExitCode::SUCCESS);
    assert_eq!(folder.drg(compare), ExitCode::from(2));
    assert_eq!(folder.answers(), "id,from,to\n1,FR13,FR15\n");
}

#[test]
fn a_folder_without_tables_and_a_file_that_is_no_scheme_are_refused() {
    let folder = Folder::new().compiled();
    folder.write("empty/notes.txt", b"");
    assert_eq!(folder.drg("compile --from @empty --out @other"), ExitCode::FAILURE);
    folder.write("scheme", b"no scheme");
    folder.write("cases", HEADING.as_bytes());
    assert_eq!(folder.drg(GROUP), ExitCode::FAILURE);
}

#[test]
fn findings_are_written_and_keep_a_case_from_being_grouped() {
    let folder = Folder::new().compiled();
    let heading = "id,sex,age_years,diagnoses,procedures,admission_date,discharge_date\n";
    let good = "1,1,50,I21.000,,2024-03-01,20240302\n";
    folder.write("cases", format!("{heading}{good}").as_bytes());
    let check = "check --scheme @scheme --in @cases --out @answers";
    assert_eq!(folder.drg(check), ExitCode::SUCCESS);
    folder
        .write("cases", format!("{heading}{good}2,1,50,I21.000|I21.000,,2024-03-01,2024-02-01\n").as_bytes());
    assert_eq!(folder.drg(check), ExitCode::from(2));
    assert_eq!(
        folder.answers(),
        "id,level,code,field,value,what\n\
         2,提示,DUPLICATE_CODE,diagnoses[1],I21.000,编码重复\n\
         2,强制,DISCHARGED_BEFORE_ADMITTED,discharge_date,2024-02-01,出院日期早于入院日期\n"
    );
    assert_eq!(folder.drg(&format!("{GROUP} --check")), ExitCode::SUCCESS);
    assert_eq!(folder.answers().lines().nth(2), Some("2,质控不通过,0000,00,0000,,"));
    folder.write("cases", format!("{heading}3,1,50,I21.000,,2024-13-01,\n").as_bytes());
    assert_eq!(folder.drg(check), ExitCode::FAILURE);
}

#[test]
fn clinical_codes_are_translated_by_a_crosswalk_and_every_answer_says_so() {
    let folder = Folder::new().compiled();
    folder.write("cases", format!("{HEADING}1,1,50,,I21.000x009|E11.900|E11.900,\n").as_bytes());
    folder.write("diagnoses", b"I21.000x009 I21.000\nE11.900 E11.900\n");
    folder.write("procedures", b"36.1001 36.1000\nno code\n");
    let crosswalk = "--crosswalk @diagnoses --crosswalk @procedures";

    assert_eq!(folder.drg(&format!("{GROUP} {crosswalk}")), ExitCode::SUCCESS);
    assert_eq!(
        folder.answers(),
        "id,status,mdc,adrg,drg,mcc_not_excluded,cc_not_excluded,translated\n\
         1,分组成功,MDCF,FR1,FR13,,E11.900 E11.900,I21.000x009→I21.000\n"
    );
    let check = "check --scheme @scheme --in @cases --out @answers";
    assert_eq!(folder.drg(&format!("{check} {crosswalk}")), ExitCode::SUCCESS);
    assert_eq!(
        folder.answers(),
        "id,level,code,field,value,what,translated_from\n1,提示,DUPLICATE_CODE,diagnoses[2],E11.900,编码重复,\n"
    );
    let explain = "explain --scheme @scheme --in @cases --id 1";
    assert_eq!(folder.drg(&format!("{explain} {crosswalk}")), ExitCode::SUCCESS);
    let compare = "compare --scheme @scheme --with @scheme --in @cases";
    assert_eq!(folder.drg(&format!("{compare} {crosswalk}")), ExitCode::SUCCESS);

    assert_eq!(folder.drg(&format!("{GROUP} --crosswalk @cases")), ExitCode::FAILURE);
    assert_eq!(folder.drg(&format!("{GROUP} --crosswalk @nowhere")), ExitCode::FAILURE);
}

#[test]
fn a_region_s_additions_go_on_top_of_the_tables_and_are_told_of_by_line() {
    let folder = Folder::new();
    folder.write("region/ours.txt", "细分 FR1A 心梗，高龄\n年龄: 70-\n取消 FR99\n".as_bytes());
    assert_eq!(
        folder.drg("compile --from @small --with @region --out @scheme --report @report"),
        ExitCode::FAILURE
    );
    assert_eq!(
        std::fs::read_to_string(folder.path("report")).unwrap(),
        "ours.txt:3: FR99 is not there, and cannot be taken away\n"
    );
    folder.write("cases", b"id,sex,age_years,diagnoses,procedures\n1,1,69,I21.000,\n2,1,70,I21.000,\n");
    assert_eq!(folder.drg("group --scheme @scheme --in @cases --out @answers"), ExitCode::SUCCESS);
    let groups: Vec<String> =
        folder.answers().lines().skip(1).map(|line| line.split(',').nth(4).unwrap().to_owned()).collect();
    assert_eq!(groups, ["FR15", "FR1A"]);
}
