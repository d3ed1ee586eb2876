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
        ("5,2,0,3,,,P07.200,", "5,缺少新生儿出生体重,MDCP,00,0000,,\n"),
        ("\"a,\"\"b\",1,50,,,\"x,y\",I21.000,", "\"a,\"\"b\",分组成功,MDCF,FR1,FR15,,\n"),
    ] {
        assert_eq!(group(line).as_deref(), Ok(answer), "{line}");
    }
}

#[test]
fn a_line_that_is_no_case_is_refused_by_column() {
    assert_eq!(group("1,1,50"), Err(LineError::TooShort("age_days")));
    let unreadable = |column, value: &str| Err(LineError::Unreadable { column, value: value.to_owned() });
    assert_eq!(group("1,x,50,,,,I21.000,"), unreadable("sex", "x"));
    assert_eq!(group("1,1,-5,,,,I21.000,"), unreadable("age_years", "-5"));
    assert_eq!(group("1,1,50,,1.5kg,,I21.000,"), unreadable("birth_weight_g", "1.5kg"));
    assert_eq!(group("1,1,50,,,,\"I21.000,"), Err(LineError::OpenQuote));
}

#[test]
fn every_missing_column_is_named() {
    let missing = |heading| Columns::of_heading(heading).unwrap_err();
    assert_eq!(missing("id,age_years"), HeaderError::Missing(vec!["sex", "diagnoses", "procedures"]));
    assert_eq!(missing("id,id"), HeaderError::Twice("id"));
}

proptest! {
    #[test]
    fn no_line_makes_it_fail(line in "[0-9,|\"A-K.x \u{4e00}-\u{4e10}]{0,80}") {
        let _ = group(&line);
    }
}
