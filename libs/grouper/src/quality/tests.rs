use std::sync::LazyLock;

use chrono::NaiveDate;
use medfund_money::Fen;
use proptest::prelude::*;

use super::*;
use crate::source::{DrgSource, EntrySource, MdcSource, Source};
use crate::{Case, SchemeError, Sex, compile};

const DIAGNOSES: [&str; 8] =
    ["I21.000", "E11.900", "N40.x00", "N80.000", "O80.000", "P07.200", "V01.000", "A02.200"];
const PROCEDURES: [&str; 3] = ["36.1000", "60.2100", "74.1x00"];

/// A scheme with code lists of a few codes; A02.200 and 36.0900 are grey.
fn scheme() -> &'static Scheme {
    static SCHEME: LazyLock<Scheme> = LazyLock::new(|| {
        let codes = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
        let source = Source {
            mdcs: vec![MdcSource {
                code: "MDCF".to_owned(),
                name: String::new(),
                entry: EntrySource::Principal(codes(&["I21.000"])),
                regions: Vec::new(),
            }],
            drgs: vec![DrgSource { code: "FR19".to_owned(), name: String::new() }],
            diagnoses: codes(&DIAGNOSES),
            procedures: codes(&[PROCEDURES.as_slice(), &["36.0900"]].concat()),
            grey_diagnoses: codes(&["A02.200"]),
            grey_procedures: codes(&["36.0900"]),
            ..Source::default()
        };
        compile(&source).0
    });
    &SCHEME
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 3, day).unwrap()
}

fn man<'c>(diagnoses: &'c [&'c str], procedures: &'c [&'c str]) -> FrontPage<'c> {
    let case = Case { sex: Some(Sex::Male), age_years: Some(50), diagnoses, procedures, ..Case::default() };
    FrontPage { id: "1", case, ..FrontPage::default() }
}

/// What is found, each as `LEVEL CODE field index value`.
fn found(page: &FrontPage<'_>) -> Vec<String> {
    let written = |finding: &Finding| {
        let level = if finding.level == Level::Blocking { "!" } else { "?" };
        let index = finding.index.map_or_else(String::new, |index| format!("[{index}]"));
        let (kind, field) = (finding.kind.code(), finding.field.name());
        format!("{level} {kind} {field}{index} {}", finding.value).trim_end().to_owned()
    };
    check(page, scheme()).iter().map(written).collect()
}

#[test]
fn an_empty_principal_place_is_missing_whatever_stands_behind() {
    let page = FrontPage { admission_date: Given::NotAsked, ..man(&["", "I21.000"], &[]) };
    let told = found(&page);
    assert!(told.contains(&"! MISSING diagnoses".to_owned()), "{told:?}");
    assert!(told.iter().all(|told| !told.contains("UNKNOWN_CODE")), "{told:?}");
}

#[test]
fn limits_are_what_the_scheme_s_file_says() {
    let mut source = Source::default();
    source.choices.set("oldest_years", "99").unwrap();
    source.choices.set("birth_weight_g", "500-6000").unwrap();
    let strict = Scheme::from_bytes(&compile(&source).0.to_bytes()).unwrap();
    let case = |years, grams| Case {
        sex: Some(Sex::Male),
        age_years: Some(years),
        birth_weight_g: Some(grams),
        diagnoses: &["I21.000"],
        ..Case::default()
    };
    let kinds = |scheme: &Scheme, case| {
        let page = FrontPage { id: "1", case, ..FrontPage::default() };
        let kinds = check(&page, scheme).into_iter().map(|finding| finding.kind);
        kinds.filter(|kind| *kind != Kind::UnknownCode).collect::<Vec<Kind>>()
    };
    let beyond = [Kind::ImplausibleAge, Kind::ImplausibleBirthWeight];
    assert_eq!(
        (kinds(&strict, case(100, 499)), kinds(&strict, case(99, 500))),
        (beyond.to_vec(), Vec::new())
    );
    assert_eq!(
        (kinds(scheme(), case(125, 99)), kinds(scheme(), case(124, 100))),
        (beyond.to_vec(), Vec::new())
    );
}

#[test]
fn limits_are_read_as_they_are_written_and_a_scheme_of_an_earlier_version_is_refused() {
    let mut strict = scheme().clone();
    strict.choices.limits.oldest_years = 99;
    let bytes = strict.to_bytes();
    assert_eq!(Scheme::from_bytes(&bytes).unwrap().limits(), strict.limits());
    assert_ne!(strict.hash(), scheme().hash());
    let earlier = [b"medfund-drg-4\n", &bytes[b"medfund-drg-5\n".len()..]].concat();
    assert_eq!(Scheme::from_bytes(&earlier).unwrap_err(), SchemeError::NoScheme);
}

#[test]
fn a_list_in_order_gives_nothing() {
    let page = FrontPage {
        admission_date: Given::Is(day(1)),
        discharge_date: Given::Is(day(1)),
        discharge: Given::Is(Discharge::ByOrder),
        procedure_dates: Given::Is(&[Some(NaiveDate::from_ymd_opt(2024, 3, 1).unwrap())]),
        total_cost: Given::Is(Fen::new(300)),
        costs: Given::Is(&[Fen::new(100), Fen::new(200)]),
        ..man(&["I21.000", "E11.900"], &["36.1000"])
    };
    assert_eq!(found(&page), [""; 0]);
}

#[test]
fn required_fields_are_told_where_the_list_has_them() {
    let nothing =
        FrontPage { admission_date: Given::Empty, total_cost: Given::Empty, ..FrontPage::default() };
    let missing = ["id", "sex", "age_years", "diagnoses", "admission_date", "total_cost_yuan"];
    assert_eq!(found(&nothing), missing.map(|field| format!("! MISSING {field}")));
}

#[test]
fn a_newborn_wants_an_age_in_days_and_a_weight() {
    let mut page = man(&["P07.200"], &[]);
    page.case.age_years = Some(0);
    assert_eq!(found(&page), ["! MISSING age_days"]);
    page.case.age_days = Some(28);
    assert_eq!(found(&page), ["! MISSING birth_weight_g"]);
    page.case.birth_weight_g = Some(99);
    assert_eq!(found(&page), ["! IMPLAUSIBLE_BIRTH_WEIGHT birth_weight_g 99"]);
    page.case.birth_weight_g = Some(100);
    assert_eq!(found(&page), [""; 0]);
    (page.case.age_days, page.case.birth_weight_g) = (Some(29), None);
    assert_eq!(found(&page), [""; 0]);
}

#[test]
fn an_unknown_or_grey_code_blocks_in_the_principal_place_alone() {
    assert_eq!(found(&man(&["K99.999"], &[])), ["! UNKNOWN_CODE diagnoses[0] K99.999"]);
    assert_eq!(found(&man(&["I21.000", "K99.999"], &[])), ["? UNKNOWN_CODE diagnoses[1] K99.999"]);
    let both = man(&["I21.000"], &["99.9999", "99.9998"]);
    let unknown = ["! UNKNOWN_CODE procedures[0] 99.9999", "? UNKNOWN_CODE procedures[1] 99.9998"];
    assert_eq!(found(&both), unknown);
    assert_eq!(found(&man(&["A02.200"], &[])), ["! GREY_CODE diagnoses[0] A02.200"]);
    assert_eq!(found(&man(&["I21.000", "A02.200"], &[])), [""; 0]);
    assert_eq!(found(&man(&["I21.000"], &["36.0900"])), ["! GREY_CODE procedures[0] 36.0900"]);
}

#[test]
fn the_same_code_twice_is_told_but_not_a_procedure_of_another_day() {
    assert_eq!(found(&man(&["I21.000", "I21.000"], &[])), ["? DUPLICATE_CODE diagnoses[1] I21.000"]);
    let twice = ["36.1000", "36.1000"];
    assert_eq!(found(&man(&["I21.000"], &twice)), ["? DUPLICATE_CODE procedures[1] 36.1000"]);
    let dates = [Some(day(1)), Some(day(2))];
    let page = FrontPage { procedure_dates: Given::Is(&dates), ..man(&["I21.000"], &twice) };
    assert_eq!(found(&page), [""; 0]);
}

#[test]
fn codes_of_the_other_sex_are_told() {
    assert_eq!(found(&man(&["N80.000"], &[])), ["! SEX_CONFLICT diagnoses[0] N80.000"]);
    assert_eq!(found(&man(&["I21.000", "N80.000"], &[])), ["? SEX_CONFLICT diagnoses[1] N80.000"]);
    assert_eq!(found(&man(&["I21.000"], &["74.1x00"])), ["! SEX_CONFLICT procedures[0] 74.1x00"]);
    let mut woman = man(&["N40.x00"], &["60.2100"]);
    woman.case.sex = Some(Sex::Female);
    let conflicts = ["! SEX_CONFLICT diagnoses[0] N40.x00", "! SEX_CONFLICT procedures[0] 60.2100"];
    assert_eq!(found(&woman), conflicts);
}

#[test]
fn codes_of_another_age_are_told() {
    let mut mother = man(&["O80.000"], &[]);
    mother.case.sex = Some(Sex::Female);
    for (years, finds) in [(8, true), (9, false), (64, false), (65, true)] {
        mother.case.age_years = Some(years);
        assert_eq!(
            found(&mother).contains(&"? AGE_CONFLICT diagnoses[0] O80.000".to_owned()),
            finds,
            "{years}"
        );
    }
    assert_eq!(found(&man(&["P07.200"], &[])), ["? AGE_CONFLICT diagnoses[0] P07.200"]);
    assert_eq!(found(&man(&["I21.000", "P07.200"], &[])), [""; 0]);
}

#[test]
fn ages_can_be_and_agree() {
    let aged = |years, days| {
        let mut page = man(&["I21.000"], &[]);
        (page.case.age_years, page.case.age_days, page.case.birth_weight_g) = (Some(years), days, Some(3000));
        found(&page)
    };
    assert_eq!(aged(125, None), ["! IMPLAUSIBLE_AGE age_years 125"]);
    assert_eq!(aged(64, Some(23_360)), [""; 0]);
    assert_eq!(aged(64, Some(23_376)), [""; 0]);
    assert_eq!(aged(64, Some(20_000)), ["? AGES_DISAGREE age_days 20000"]);
    assert_eq!(aged(64, Some(20)), ["! AGES_DISAGREE age_days 20"]);
    assert_eq!(aged(0, Some(20_000)), ["! AGES_DISAGREE age_days 20000"]);
}

#[test]
fn what_only_says_more_of_another_diagnosis_is_no_principal_one() {
    assert_eq!(found(&man(&["V01.000"], &[])), ["! NEVER_PRINCIPAL diagnoses[0] V01.000"]);
    assert_eq!(found(&man(&["I21.000", "V01.000"], &[])), [""; 0]);
    let star = ["! UNKNOWN_CODE diagnoses[0] G01*", "! NEVER_PRINCIPAL diagnoses[0] G01*"];
    assert_eq!(found(&man(&["G01*"], &[])), star);
    assert_eq!(found(&man(&["A01.002+G01*"], &[])), ["! UNKNOWN_CODE diagnoses[0] A01.002+G01*"]);
}

#[test]
fn days_follow_each_other() {
    let dates = [Some(day(9)), None];
    let page = FrontPage {
        admission_date: Given::Is(day(5)),
        discharge_date: Given::Is(day(8)),
        procedure_dates: Given::Is(&dates),
        ..man(&["I21.000"], &["36.1000", "60.2100"])
    };
    let late = "? PROCEDURE_OUTSIDE_STAY procedure_dates[0] 2024-03-09";
    assert_eq!(found(&page), [late, "? PROCEDURE_WITHOUT_DATE procedure_dates[1] 60.2100"]);
    let before = FrontPage { discharge_date: Given::Is(day(4)), procedure_dates: Given::NotAsked, ..page };
    assert_eq!(found(&before), ["! DISCHARGED_BEFORE_ADMITTED discharge_date 2024-03-04"]);
}

#[test]
fn parts_of_the_cost_are_the_total_to_the_fen() {
    let costing = |total, parts: &[Fen]| {
        let given = if parts.is_empty() { Given::NotAsked } else { Given::Is(parts) };
        found(&FrontPage { total_cost: Given::Is(Fen::new(total)), costs: given, ..man(&["I21.000"], &[]) })
    };
    assert_eq!(costing(300, &[Fen::new(100), Fen::new(200)]), [""; 0]);
    assert_eq!(costing(301, &[Fen::new(100), Fen::new(200)]), ["! COST_DOES_NOT_ADD_UP costs_yuan 3.00"]);
    assert_eq!(costing(-1, &[]), ["! NEGATIVE_COST total_cost_yuan -0.01"]);
    assert_eq!(costing(1, &[Fen::new(2), Fen::new(-1)]), ["! NEGATIVE_COST costs_yuan[1] -0.01"]);
    assert_eq!(costing(0, &[Fen::new(i64::MAX), Fen::new(1)]), ["! COST_DOES_NOT_ADD_UP costs_yuan"]);
}

#[test]
fn every_kind_and_field_has_a_word_of_its_own() {
    let mut words: Vec<&str> = Kind::ALL.map(Kind::code).into();
    words.extend(ListField::ALL.map(ListField::name));
    let n_words = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), n_words);
}

fn some_code() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select([DIAGNOSES.as_slice(), &PROCEDURES].concat()).prop_map(str::to_owned),
        "[A-Z0-9]{0,2}[0-9.x+*\u{4e00}]{0,6}",
    ]
}

proptest! {
    #[test]
    fn findings_point_at_what_is_there_and_do_not_change(
        sex in prop::option::of(prop::bool::ANY),
        years in prop::option::of(0..200_u16),
        days in prop::option::of(0..80_000_u32),
        diagnoses in prop::collection::vec(some_code(), 0..6),
        procedures in prop::collection::vec(some_code(), 0..6),
        parts in prop::collection::vec(any::<i64>(), 0..5),
        dates in prop::collection::vec(prop::option::of(1..31_u32), 0..6),
        stay in (1..31_u32, 1..31_u32),
    ) {
        let diagnoses: Vec<&str> = diagnoses.iter().map(String::as_str).collect();
        let procedures: Vec<&str> = procedures.iter().map(String::as_str).collect();
        let parts: Vec<Fen> = parts.into_iter().map(Fen::new).collect();
        let dates: Vec<Option<NaiveDate>> = dates.into_iter().map(|date| date.map(day)).collect();
        let sex = sex.map(|male| if male { Sex::Male } else { Sex::Female });
        let case = Case {
            sex, age_years: years, age_days: days, birth_weight_g: None, stay_days: None,
            diagnoses: &diagnoses, procedures: &procedures,
        };
        let page = FrontPage {
            id: "x", case, admission_date: Given::Is(day(stay.0)), discharge_date: Given::Is(day(stay.1)),
            discharge: Given::Empty, procedure_dates: Given::Is(&dates),
            total_cost: Given::Is(Fen::new(1)), costs: Given::Is(&parts),
        };
        let findings = check(&page, scheme());
        prop_assert_eq!(&findings, &check(&page, scheme()));
        for finding in &findings {
            let lengths = [
                (ListField::Diagnoses, diagnoses.len()),
                (ListField::Procedures, procedures.len()),
                (ListField::ProcedureDates, procedures.len()),
                (ListField::Costs, parts.len()),
            ];
            let length = lengths.into_iter().find(|(field, _)| *field == finding.field);
            let n_values = length.map_or(0, |(_, n_values)| n_values);
            prop_assert!(finding.index.is_none_or(|index| index < n_values));
        }
        prop_assert!(findings.iter().any(|f| f.kind == Kind::Missing && f.field == ListField::Discharge));
        prop_assert_eq!(
            findings.iter().any(|f| f.kind == Kind::DischargedBeforeAdmitted),
            stay.1 < stay.0
        );
    }

    #[test]
    fn a_list_that_nothing_blocks_has_a_known_principal_diagnosis(code in some_code()) {
        let codes = [code.as_str()];
        let findings = check(&man(&codes, &[]), scheme());
        if !blocks(&findings) {
            prop_assert!(scheme().diagnosis_codes.find(&code).is_some());
        }
    }
}
