use medfund_grouper::{Answer, Case, Field, Grouper, Outcome, Scheme, SchemeError, Severity, Sex};

use crate::small::{compiled, scheme};

fn group(case: Case<'_>) -> (Answer, String) {
    let answer = Grouper::new(scheme()).group(&case);
    (answer, answer.code(scheme()).into_owned())
}

fn adult<'c>(diagnoses: &'c [&'c str], procedures: &'c [&'c str]) -> Case<'c> {
    Case { sex: Some(Sex::Male), age_years: Some(50), diagnoses, procedures, ..Case::default() }
}

#[test]
fn the_tables_have_no_anomaly() {
    assert_eq!(compiled().1, []);
    assert_eq!(scheme().counts(), [5, 8, 10]);
}

#[test]
fn severity_divides_an_adrg_and_the_exclusion_table_takes_complications_away() {
    for (others, severity, code) in [
        (&["I21.000"][..], Severity::None, "FR15"),
        (&["I21.000", "E11.900"][..], Severity::Cc, "FR13"),
        (&["I21.000", "E11.900", "J96.000"][..], Severity::Mcc, "FR11"),
        (&["I21.000", "I50.900"][..], Severity::None, "FR15"),
    ] {
        let (answer, group) = group(adult(others, &[]));
        assert_eq!((answer.severity, group.as_str()), (severity, code), "{others:?}");
    }
}

#[test]
fn two_lists_want_two_procedures() {
    assert_eq!(group(adult(&["I10.x00"], &["35.2000"])).1, "FQY");
    assert_eq!(group(adult(&["I10.x00"], &["35.2000", "36.1000"])).1, "FB19");
    assert_eq!(group(adult(&["I10.x00"], &["36.1000", "35.2000"])).1, "FB19");
}

#[test]
fn what_does_not_fit_is_told_apart() {
    assert_eq!(group(adult(&["I21.000"], &["47.0100"])).0.outcome, Outcome::Ambiguous);
    assert_eq!(group(adult(&["K35.000"], &[])).0.outcome, Outcome::NotGrouped);
    assert_eq!(group(adult(&["K35.000"], &[])).0.mdc.map(|mdc| scheme().mdc_code(mdc)), Some("MDCG"));
    assert_eq!(group(adult(&["Q99.999"], &[])).0.outcome, Outcome::InvalidCode);
    assert_eq!(group(adult(&[], &[])).0.outcome, Outcome::InvalidCode);
    assert_eq!(group(adult(&["N80.000"], &[])).1, "0000");
    assert_eq!(group(adult(&["I21.000"], &["37.5100"])).1, "AA19");
}

#[test]
fn a_missing_field_is_asked_for_and_not_guessed() {
    let newborn =
        Case { sex: Some(Sex::Male), age_years: Some(0), diagnoses: &["P07.200"], ..Case::default() };
    assert_eq!(group(newborn).0.outcome, Outcome::NeedsData(Field::AgeInDays));
    let newborn = Case { age_days: Some(3), ..newborn };
    assert_eq!(group(newborn).0.outcome, Outcome::NeedsData(Field::BirthWeight));
    assert_eq!(group(Case { birth_weight_g: Some(1200), ..newborn }).1, "PS19");
    assert_eq!(group(Case { birth_weight_g: Some(1500), ..newborn }).1, "0000");
    let infant = Case { age_days: Some(29), diagnoses: &["P22.000"], ..newborn };
    assert_eq!(group(infant).1, "PV19");
    let woman = Case { sex: None, ..adult(&["N80.000"], &[]) };
    assert_eq!(group(woman).0.outcome, Outcome::NeedsData(Field::Sex));
    assert_eq!(group(Case { sex: Some(Sex::Female), ..woman }).1, "NR19");
}

#[test]
fn a_scheme_is_known_by_its_hash_and_refuses_damage() {
    let bytes = scheme().to_bytes();
    assert_eq!(bytes, compiled().0.to_bytes());
    assert_eq!(Scheme::from_bytes(&bytes).unwrap().hash(), scheme().hash());
    let mut damaged = bytes.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(Scheme::from_bytes(&damaged).unwrap_err(), SchemeError::Damaged);
    assert_eq!(Scheme::from_bytes(&bytes[1..]).unwrap_err(), SchemeError::NoScheme);
    assert_eq!(Scheme::from_bytes(&[]).unwrap_err(), SchemeError::NoScheme);
}

#[test]
fn an_explanation_tells_which_codes_meet_a_rule_and_what_the_case_has_instead() {
    let mut grouper = Grouper::new(scheme());
    let mut text =
        |diagnoses: &[&str], procedures: &[&str]| grouper.explain(&adult(diagnoses, procedures)).to_string();
    let two = text(&["I21.000"], &["35.1000", "47.0100"]);
    assert!(
        two.contains("要求2 个手术表（2、2 个编码）各有一个手术；本例第 1 表有 35.1000，第 2 表没有"),
        "{two}"
    );
    assert!(
        two.contains("FC1 搭桥：不符合，要求主要手术在其手术表（1 个编码）中；本例主要手术为 35.1000"),
        "{two}"
    );
    let heart = text(&["I10.x00"], &["37.5100"]);
    assert!(heart.contains("AA1 移植：符合（主要手术 37.5100 在其手术表（1 个编码）中）"), "{heart}");
}

#[test]
fn an_explanation_tells_rules_complications_and_changes() {
    let mut grouper = Grouper::new(scheme());
    let explanation = grouper.explain(&adult(&["I21.000", "I50.900", "E11.900", "X99.999"], &[]));
    let expected = "\
分组成功：FR13 心梗，一般（有一般并发症或合并症（CC））
不认识的编码，未参与分组：X99.999
进入 MDCF 循环：主要诊断 I21.000 在其主诊表中
  FB1 双手术：不符合，要求2 个手术表（2、2 个编码）各有一个手术；本例没有手术
  FC1 搭桥：不符合，要求主要手术在其手术表（1 个编码）中；本例没有手术
  FR1 心梗：符合（主要诊断 I21.000 在其诊断表（1 个编码）中）
  其他诊断 I50.900：列为 MCC，但主要诊断在排除表 2 中，不计入
  其他诊断 E11.900：计为 CC
如果主要诊断为 I50.900：0000
如果主要诊断为 E11.900：0000
如果主要诊断为 X99.999：0000
如果没有计入的 MCC 和 CC：FR15
如果另有一个计入的 MCC：FR11
";
    assert_eq!(explanation.to_string(), expected);
}
