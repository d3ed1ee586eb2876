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
