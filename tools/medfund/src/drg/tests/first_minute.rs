//! What a newcomer types, in the order of the help.

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use serde_json::Value;

use super::Folder;
use crate::Cli;
use crate::drg::input::CaseList;

#[test]
fn made_up_cases_are_grouped_checked_and_compared_without_naming_a_scheme() {
    let folder = Folder::new().compiled();
    assert_eq!(folder.drg("sample --out @cases.csv --cases 10000"), ExitCode::SUCCESS);
    assert_eq!(folder.drg("group --in @cases.csv --out @answers"), ExitCode::SUCCESS);
    let answers = folder.answers();
    let n_grouped = answers.lines().filter(|line| line.contains(",分组成功,")).count();
    assert_eq!(answers.lines().count(), 10_001);
    assert!((9_000..10_000).contains(&n_grouped), "{n_grouped}");
    let ids = answers.lines().skip(1).map(|line| line.split(',').next().unwrap().parse::<u64>().unwrap());
    assert!(ids.eq(1..=10_000), "the answers stand in the order of the cases");
    assert_eq!(folder.drg("group --in @cases.csv --out @again"), ExitCode::SUCCESS);
    assert_eq!(std::fs::read_to_string(folder.path("again")).unwrap(), answers);
    assert_eq!(folder.drg("check --in @cases.csv --out @findings"), ExitCode::from(2));
    assert_eq!(folder.drg("compare --with @scheme --in @cases.csv"), ExitCode::from(2));
    assert_eq!(folder.drg("explain --in @cases.csv --id 1"), ExitCode::SUCCESS);
}

#[test]
fn a_command_without_arguments_shows_what_to_type() {
    for command in ["group", "explain", "sample"] {
        let shown = Cli::try_parse_from(["medfund", "drg", command]).unwrap_err();
        assert_eq!(shown.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, "{command}");
    }
    let shown = Cli::try_parse_from(["medfund", "drg", "group"]).unwrap_err().to_string();
    assert!(shown.contains("medfund drg group --in cases.csv --out answers.csv"), "{shown}");
}

#[test]
fn a_case_is_explained_by_hand_given_codes_and_as_json() {
    let folder = Folder::new().compiled();
    let by_hand = "explain --scheme @scheme --diagnoses I21.000|E11.900 --sex 男 --age 61";
    assert_eq!(folder.drg(by_hand), ExitCode::SUCCESS);
    assert_eq!(folder.drg(&format!("{by_hand} --json")), ExitCode::SUCCESS);
    assert_eq!(folder.drg("explain --scheme @scheme --diagnoses I21.000 --sex m"), ExitCode::FAILURE);
    for wrong in ["--id 1", "--in x", "--age 3", "--in x --id 1 --diagnoses I21.000"] {
        let words = format!("medfund drg explain --scheme s {wrong}");
        assert!(Cli::try_parse_from(words.split(' ')).is_err(), "{wrong}");
    }
}

#[test]
fn an_explanation_in_json_names_rules_complications_and_changes() {
    use medfund_grouper::batch::{Batch, Columns};

    let folder = Folder::new().compiled();
    let scheme = crate::schemes::load(&folder.path("scheme")).unwrap();
    let columns = Columns::of_heading("id,sex,age_years,diagnoses,procedures").unwrap();
    let explained = Batch::new(&scheme, columns).explain_line("7,1,61,I21.000|E11.900,").unwrap();
    let json: Value = crate::drg::explain::json::of(&explained, &scheme);
    assert_eq!(
        (&json["id"], &json["status"], &json["group"]["code"], &json["severity"]),
        (&"7".into(), &"分组成功".into(), &"FR13".into(), &"CC".into())
    );
    assert_eq!(json["complications"][0]["code"], "E11.900");
    assert_eq!(json["tried"][0]["rule"], "FR1");
    assert!(
        json["what_if"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["change"] == "without_mcc_and_cc" && one["group"] == "FR15")
    );
}

#[test]
fn the_case_list_of_the_sample_has_what_list_quality_looks_at() {
    let folder = Folder::new();
    assert_eq!(folder.drg("sample --out @cases.parquet --cases 10"), ExitCode::SUCCESS);
    let list = CaseList::open(&folder.path("cases.parquet"), None).unwrap();
    assert_eq!(list.columns.absent(), ["procedure_dates", "costs_yuan"]);
}

#[test]
fn a_published_tariff_gives_the_case_mix_and_what_two_schemes_pay() {
    let folder = Folder::new().compiled();
    folder
        .write("cases", format!("{}1,1,50,,I21.000|E11.900,\n2,1,50,,I21.000,\n", super::HEADING).as_bytes());
    folder.write("tariff.csv", "DRG编码,DRG名称,RW\nFR13,心梗，有,1.5\nFR15,心梗，无,0.8\n".as_bytes());
    assert_eq!(folder.drg(&format!("{} --tariff @tariff.csv", super::GROUP)), ExitCode::SUCCESS);
    let compare = "compare --scheme @scheme --with @scheme --in @cases --tariff @tariff.csv --rate 8000 --with-rate 9000";
    assert_eq!(folder.drg(compare), ExitCode::SUCCESS);
    folder.write("tariff.csv", "DRG编码,DRG名称,RW\nFR13,心梗，有,heavy\n".as_bytes());
    assert_eq!(folder.drg(&format!("{} --tariff @tariff.csv", super::GROUP)), ExitCode::FAILURE);
}

/// The names and Chinese terms of the table that `schemes/README.md` has behind these words.
fn documented(words: &str) -> Vec<(String, String)> {
    let text = include_str!("../../../../../schemes/README.md");
    let (_, table) = text.split_once(words).unwrap();
    let rows = table.lines().skip(4).take_while(|line| line.starts_with('|'));
    let cell = |row: &str, n: usize| row.split('|').nth(n).unwrap().trim().trim_matches('`').to_owned();
    rows.map(|row| (cell(row, 1), cell(row, 2))).collect()
}

#[test]
fn the_columns_of_answers_findings_and_moves_are_those_that_the_document_names() {
    let folder = Folder::new().compiled();
    folder.write("cases", format!("{}1,1,50,,I21.000|E11.900,\n", super::HEADING).as_bytes());
    folder.write("crosswalk", b"E11.900 E11.900\n");
    std::fs::write(folder.path("small/6_CC.txt"), "疾病编码 疾病名称 排除内容\nE10.900 糖尿病 表 7-3\n")
        .unwrap();
    assert_eq!(folder.drg("compile --from @small --out @other"), ExitCode::SUCCESS);
    for (command, words, translated) in [
        ("group --scheme @scheme", "`group` writes a line for each case:", Some("translated")),
        ("check --scheme @scheme", "`check` writes a line for each finding;", Some("translated_from")),
        ("compare --scheme @scheme --with @other", "`compare` writes a line for each case that moves:", None),
    ] {
        let columns = documented(words);
        for (options, is_translated, is_zh) in [
            ("", false, false),
            (" --headings zh", false, true),
            (" --crosswalk @crosswalk", true, false),
            (" --crosswalk @crosswalk --headings zh", true, true),
        ] {
            let _ = folder.drg(&format!("{command}{options} --in @cases --out @answers"));
            let expected: Vec<&str> = columns
                .iter()
                .filter(|(name, _)| is_translated || translated != Some(name.as_str()))
                .map(|(name, term)| if is_zh { term.as_str() } else { name.as_str() })
                .collect();
            let answers = folder.answers();
            assert_eq!(answers.lines().next().unwrap(), expected.join(","), "{command}{options}");
        }
    }
}
