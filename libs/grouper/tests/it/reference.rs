//! The reference scheme of `schemes/`, as a fresh machine has it.

use medfund_grouper::{Case, Grouper, Sex};

use crate::reference_scheme::{compiled, scheme};

fn adult<'c>(sex: Sex, diagnoses: &'c [&'c str], procedures: &'c [&'c str]) -> Case<'c> {
    Case { sex: Some(sex), age_years: Some(45), diagnoses, procedures, ..Case::default() }
}

fn group(case: &Case<'_>) -> String {
    Grouper::new(scheme()).group(case).code(scheme()).into_owned()
}

#[test]
fn nothing_is_wrong_in_it_and_it_has_the_national_counts() {
    let wrong: Vec<String> =
        compiled().2.iter().map(|a| format!("{}:{} {}", a.file, a.line, a.what)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(scheme().counts(), [26, 376, 628]);
}

#[test]
fn usual_cases_fall_where_a_coder_expects_them() {
    use Sex::{Female, Male};
    for (case, expected) in [
        (adult(Male, &["K35.800"], &["47.0100"]), "GD25"),
        (adult(Male, &["K35.200"], &["47.0100"]), "GD15"),
        (adult(Male, &["K35.200"], &[]), "GZ15"),
        (adult(Male, &["I21.000x003"], &["36.0700x004"]), "FM19"),
        (adult(Male, &["I21.000x003"], &["88.5500"]), "FM39"),
        (adult(Male, &["I21.000x003"], &[]), "FR19"),
        (adult(Male, &["I25.103"], &["36.1200", "35.2200"]), "FB19"),
        (adult(Male, &["I48.x00"], &["37.3401"]), "FL19"),
        (adult(Male, &["I47.100"], &["37.3401"]), "FL25"),
        (adult(Male, &["I63.900", "J96.000"], &[]), "BR21"),
        (adult(Male, &["I63.900", "E11.900"], &[]), "BR23"),
        (adult(Male, &["I63.900"], &[]), "BR25"),
        (adult(Male, &["I63.900"], &["99.1000"]), "BL19"),
        (adult(Male, &["S06.500"], &["01.3100"]), "BB15"),
        (adult(Female, &["K80.000"], &["51.2300"]), "HC29"),
        (adult(Female, &["C50.900"], &["85.4300"]), "JA29"),
        (adult(Female, &["D25.900"], &["68.4100"]), "NC19"),
        (adult(Female, &["O80.000"], &[]), "OR19"),
        (adult(Female, &["O34.201"], &["74.1x01"]), "OB19"),
        (adult(Female, &["H25.900"], &["13.4100"]), "CB39"),
        (adult(Female, &["S72.000"], &["81.5100"]), "IC29"),
        (adult(Female, &["N18.500"], &["39.9500"]), "LL15"),
        (adult(Female, &["C91.000"], &["99.2500"]), "RB15"),
        (adult(Female, &["J18.900"], &["96.7201"]), "AH15"),
        (adult(Female, &["A17.000+G01*"], &[]), "BT25"),
        (adult(Female, &["A15.000"], &[]), "ES15"),
        (adult(Male, &["B20.100"], &[]), "YR15"),
        (adult(Male, &["S36.000", "S72.300"], &[]), "ZZ15"),
        (adult(Male, &["I21.000"], &["47.0100"]), "FQY"),
        (adult(Male, &["C56.x00"], &[]), "0000"),
    ] {
        assert_eq!(group(&case), expected, "{:?} {:?}", case.diagnoses, case.procedures);
    }
}

#[test]
fn newborns_fall_by_age_weight_and_diagnosis() {
    let newborn = Case {
        sex: Some(Sex::Female),
        age_years: Some(0),
        age_days: Some(3),
        birth_weight_g: Some(3200),
        diagnoses: &["P59.900"],
        ..Case::default()
    };
    assert_eq!(group(&newborn), "PU15");
    assert_eq!(group(&Case { diagnoses: &["P07.300"], birth_weight_g: Some(1300), ..newborn }), "PS15");
    assert_eq!(group(&Case { diagnoses: &["P07.300"], birth_weight_g: Some(1500), ..newborn }), "PS25");
    assert_eq!(group(&Case { diagnoses: &["P07.300"], birth_weight_g: Some(2499), ..newborn }), "PS39");
    assert_eq!(group(&Case { diagnoses: &["P22.000"], ..newborn }), "PR15");
    assert_eq!(group(&Case { diagnoses: &["P22.000"], procedures: &["96.7101"], ..newborn }), "PK15");
    assert_eq!(group(&Case { age_days: Some(40), ..newborn }), "PV15");
    assert_eq!(group(&Case { age_days: Some(40), diagnoses: &["J18.900"], ..newborn }), "ES35");
}

#[test]
fn the_list_of_answers_names_the_codes_of_the_case() {
    use medfund_grouper::batch::{Batch, Columns};
    let columns = Columns::of_heading("id,sex,age_years,diagnoses,procedures").unwrap();
    let mut answers = String::new();
    Batch::new(scheme(), columns)
        .group_line("7,1,60,I63.900|J96.000x001|E11.900|I66.900,", &mut answers)
        .unwrap();
    assert_eq!(answers, "7,分组成功,MDCB,BR2,BR21,J96.000x001,E11.900\n");
}
