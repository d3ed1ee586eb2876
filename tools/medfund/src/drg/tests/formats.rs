//! Excel and Parquet: the same rows as CSV.

use std::process::ExitCode;

use rust_xlsxwriter::Workbook;

use super::{Folder, HEADING};
use crate::drg::input::CaseList;
use crate::drg::output::Table;
use crate::tables::{self, Cell};

/// The records of a case list, as CSV, and what is said of those that cannot be read.
fn records(folder: &Folder, name: &str) -> Vec<(u64, Result<String, String>)> {
    let mut list = CaseList::open(&folder.path(name), None).unwrap();
    let mut all = Vec::new();
    while let Some(chunk) = list.next_chunk().unwrap() {
        let bad = chunk.each(|line, text| {
            all.push((line, Ok(text.to_owned())));
            Ok::<(), String>(())
        });
        all.extend(bad.into_iter().map(|(line, reason)| (line, Err(reason))));
    }
    all
}

#[test]
fn a_list_is_the_same_from_csv_excel_and_parquet_and_so_are_its_answers() {
    let folder = Folder::new().compiled();
    let lines = "0001,1,50,\"心,内\",I21.000|E11.900,\n2,女,60,,I21.000,47.0100\n";
    let expected = [
        (2, Ok(lines.lines().next().unwrap().to_owned())),
        (3, Ok(lines.lines().nth(1).unwrap().to_owned())),
    ];
    let mut answers = Vec::new();
    for ending in ["csv", "xlsx", "parquet"] {
        let name = format!("cases.{ending}");
        let mut table = Table::create(&folder.path(&name), HEADING).unwrap();
        table.append(lines).unwrap();
        table.finish().unwrap();
        assert_eq!(records(&folder, &name), expected, "{ending}");
        for out in ["csv", "xlsx", "parquet"] {
            let group = format!("group --scheme @scheme --in @{name} --out @{ending}-answers.{out}");
            assert_eq!(folder.drg(&group), ExitCode::SUCCESS);
        }
        answers.push(std::fs::read_to_string(folder.path(&format!("{ending}-answers.csv"))).unwrap());
    }
    assert!(
        answers.iter().all(|text| *text == answers[0])
            && answers[0].contains("0001,分组成功,MDCF,FR1,FR13,,E11.900\n")
    );
}

#[test]
fn codes_that_look_like_numbers_are_text_in_excel() {
    let folder = Folder::new();
    let mut table = Table::create(&folder.path("answers.xlsx"), "id,status,drg").unwrap();
    table.append("007,无法入组,0000\n").unwrap();
    table.finish().unwrap();
    let rows = tables::rows(&folder.path("answers.xlsx")).unwrap();
    assert_eq!(rows[1], (2, ["007", "无法入组", "0000"].map(Cell::text).to_vec()));
}

#[test]
fn a_code_that_a_workbook_made_a_number_is_refused_and_other_numbers_are_read() {
    for heading in [
        ["id", "sex", "age_years", "diagnoses", "procedures"],
        ["病例号", "性别", "年龄", "诊断编码", "手术操作编码"],
    ] {
        let folder = Folder::new();
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (place, name) in (0..).zip(heading) {
            sheet.write_string(0, place, name).unwrap();
        }
        for row in [1, 2] {
            sheet.write_number(row, 0, row).unwrap();
            sheet.write_number(row, 1, 2).unwrap();
            sheet.write_number(row, 2, 64.0).unwrap();
            sheet.write_string(row, 3, "I21.000").unwrap();
        }
        sheet.write_number(2, 4, 47.01).unwrap();
        workbook.save(folder.path("cases.xlsx")).unwrap();
        let told = format!(
            "the column `{}` holds a number: make the column text, since digits of codes may be lost",
            heading[4]
        );
        let expected = [(2, Ok("1,2,64,I21.000,".to_owned())), (3, Err(told))];
        assert_eq!(records(&folder, "cases.xlsx"), expected);
    }
}

#[test]
fn a_heading_with_a_comma_or_a_quotation_mark_moves_no_column() {
    let folder = Folder::new().compiled();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let heading = ["费用,元", "\"床\"", "id", "sex", "age_years", "diagnoses", "procedures", "科室"];
    let row = ["1,5", "\"7\"", "0001", "1", "50", "I21.000|E11.900", "", "心内"];
    for (number, texts) in (0..).zip([heading, row]) {
        for (place, text) in (0..).zip(texts) {
            sheet.write_string(number, place, text).unwrap();
        }
    }
    workbook.save(folder.path("cases.xlsx")).unwrap();
    let group = "group --scheme @scheme --in @cases.xlsx --out @answers.csv";
    assert_eq!(folder.drg(group), ExitCode::SUCCESS);
    let answers = std::fs::read_to_string(folder.path("answers.csv")).unwrap();
    assert!(answers.contains("0001,分组成功,MDCF,FR1,FR13,,E11.900\n"), "{answers}");
}
