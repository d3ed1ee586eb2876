use medfund_grouper::batch::{Batch, Columns, HeaderError, LineError};
use proptest::prelude::*;

use crate::small::scheme;

const HEADING: &str = "\u{feff}id,sex,age_years,age_days,birth_weight_g,department,diagnoses,procedures\r\n";

fn group(line: &str) -> Result<String, LineError> {
    let mut answers = String::new();
    Batch::new(scheme(), Columns::of_heading(HEADING).unwrap()).group_line(line, &mut answers)?;
    Ok(answers)
}

#[test]
fn a_line_gives_the_line_of_its_answer() {
    for (line, answer) in [
        ("1,1,50,18250,,,I21.000|E11.900|J96.000,", "1,分组成功,MDCF,FR1,FR11,J96.000,E11.900\n"),
        ("2,1,50,,,,I21.000,47.0100", "2,歧义病案,MDCF,QY,FQY,,\n"),
        ("3,1,50,,,,K35.000,", "3,无法入组,MDCG,00,0000,,\n"),
        ("4,1,50,,,,Q99.999,", "4,编码无效,0000,00,0000,,\n"),
        ("4,1,50,,,,|I21.000,", "4,编码无效,0000,00,0000,,\n"),
        ("4,1,50,,,,I21.000||E11.900,", "4,分组成功,MDCF,FR1,FR13,,E11.900\n"),
        ("5,2,0,3,,,P07.200,", "5,缺少新生儿出生体重,MDCP,00,0000,,\n"),
        ("\"a,\"\"b\",1,50,,,\"x,y\",I21.000,", "\"a,\"\"b\",分组成功,MDCF,FR1,FR15,,\n"),
    ] {
        assert_eq!(group(line).as_deref(), Ok(answer), "{line}");
    }
}

#[test]
fn days_of_stay_are_a_column_or_counted_from_the_two_days_where_a_group_asks_for_them() {
    let (mut source, _) =
        medfund_grouper::read::read_scheme("small", &crate::fuzzed::files(crate::small::TABLES));
    let additions =
        "细分 FR14 心梗，4至7天\n住院天数: 4-7\n细分 FR12 心梗，3天以内\n住院天数: -3\n".to_owned();
    let told =
        medfund_grouper::read::add_additions(&mut source, &[("region.txt".to_owned(), additions)].into());
    assert_eq!(told, []);
    let (scheme, _) = medfund_grouper::compile(&source);
    let group = |heading: &str, line: &str| {
        let mut answers = String::new();
        Batch::new(&scheme, Columns::of_heading(heading).unwrap())
            .group_line(line, &mut answers)
            .map(|_| answers)
    };
    let days = "id,sex,age_years,diagnoses,procedures,stay_days,admission_date,discharge_date";
    for (line, answer) in [
        ("1,1,50,I21.000,,4,,", "1,分组成功,MDCF,FR1,FR14,,\n"),
        ("2,1,50,I21.000,,,2024-02-27,20240301", "2,分组成功,MDCF,FR1,FR12,,\n"),
        ("3,1,50,I21.000,,8,2024-02-27,20240301", "3,分组成功,MDCF,FR1,FR15,,\n"),
        ("4,1,50,I21.000,,,2024-02-27,", "4,缺少住院天数,MDCF,FR1,0000,,\n"),
    ] {
        assert_eq!(group(days, line).as_deref(), Ok(answer), "{line}");
    }
    let bad = Err(LineError::Unreadable { column: "discharge_date", value: "soon".to_owned() });
    assert_eq!(group(days, "5,1,50,I21.000,,,2024-02-27,soon"), bad);
    assert_eq!(
        group("id,sex,age_years,diagnoses,procedures", "6,1,50,I21.000,").as_deref(),
        Ok("6,缺少住院天数,MDCF,FR1,0000,,\n")
    );
}

#[test]
fn a_line_that_is_no_case_is_refused_by_column() {
    assert_eq!(group("1,1,50"), Err(LineError::TooShort("age_days")));
    assert!(group("1,1,50,,,,I21.000,,, ").is_ok(), "empty cells of a workbook");
    // A comma in the place of `|`: what is left of the line would be another case.
    assert_eq!(group("1,1,50,,,,I21.000,E11.900,36.0601"), Err(LineError::TooLong("36.0601".to_owned())));
    assert_eq!(group("1,1,50,,,,\"I21.000\",,x"), Err(LineError::TooLong("x".to_owned())));
    let unreadable = |column, value: &str| Err(LineError::Unreadable { column, value: value.to_owned() });
    assert_eq!(group("1,x,50,,,,I21.000,"), unreadable("sex", "x"));
    assert_eq!(group("1,1,-5,,,,I21.000,"), unreadable("age_years", "-5"));
    assert_eq!(group("1,1,50,,1.5kg,,I21.000,"), unreadable("birth_weight_g", "1.5kg"));
    assert_eq!(group("1,1,50,,,,\"I21.000,"), Err(LineError::OpenQuote));
}

#[test]
fn a_line_has_no_longer_id_and_no_more_values_than_a_list_may_have() {
    let line = |n_id, n_codes| {
        format!("{},1,50,,,,I21.000,{}", "x".repeat(n_id), ["36.1000"; 101][..n_codes].join("|"))
    };
    assert!(group(&line(64, 100)).is_ok());
    assert_eq!(group(&line(65, 100)), Err(LineError::IdTooLong));
    assert_eq!(group(&line(64, 101)), Err(LineError::TooManyValues("procedures")));
}

#[test]
fn every_missing_column_is_named() {
    let missing = |heading| Columns::of_heading(heading).unwrap_err();
    assert_eq!(missing("id,age_years"), HeaderError::Missing(vec!["sex", "diagnoses", "procedures"]));
    assert_eq!(missing("id,id"), HeaderError::Twice("id"));
    assert_eq!(missing("id,\"sex"), HeaderError::OpenQuote);
}

#[test]
fn columns_go_by_their_names_or_by_chinese_and_national_terms_and_the_others_are_ignored() {
    let line = "7,1,60,I21.000|E11.900,";
    for heading in [
        "病例号,性别,年龄,诊断编码,手术操作编码",
        "setl_id,gend,age,diagnoses,procedures",
        " 病案号 ,sex,年龄,诊断编码,手术操作编码",
    ] {
        let columns = Columns::of_heading(heading).unwrap();
        assert_eq!(columns.ignored(), [""; 0]);
        let mut answers = String::new();
        Batch::new(scheme(), columns).group_line(line, &mut answers).unwrap();
        assert_eq!(answers, "7,分组成功,MDCF,FR1,FR13,,E11.900\n", "{heading}");
    }
    let both = Columns::of_heading("病案号,科室,id,sex,age_years,diagnoses,procedures,").unwrap();
    assert_eq!(both.ignored(), ["病案号", "科室", ""]);
    let twice = Columns::of_heading("病例号,病例号,sex,age_years,diagnoses,procedures").unwrap_err();
    assert_eq!(twice, HeaderError::Twice("病例号"));
}

#[test]
fn a_heading_is_quoted_as_lines_are() {
    let columns = Columns::of_heading("\"id\", \"note, old\",sex,age_years,diagnoses,procedures").unwrap();
    let mut answers = String::new();
    let mut batch = Batch::new(scheme(), columns);
    for line in ["1,\"a, b\",1,50,I21.000,", "2,,1,50,I21.000,"] {
        batch.group_line(line, &mut answers).unwrap();
    }
    assert_eq!(answers, "1,分组成功,MDCF,FR1,FR15,,\n2,分组成功,MDCF,FR1,FR15,,\n");
}

proptest! {
    #[test]
    fn no_line_makes_it_fail(line in "[0-9,|\"A-K.x \u{4e00}-\u{4e10}]{0,80}") {
        let _ = group(&line);
    }
}
