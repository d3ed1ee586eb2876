//! The CSV layout of scheme 2.0: rules by their form, codes by rule and list.

use std::collections::BTreeMap;

use super::lines::Kind;
use super::tables::Tables;
use super::whole::{TableFiles, expect_whole};
use crate::source::{Codes, DrgSource, EntrySource, MdcSource, RuleSource, Source, TestSource};

const ORDER: &str = "ADRG_ORDER.txt";
const CODES: &str = "ADRG_CODES.csv";
const PRINCIPALS: &str = "MDC_PDX.csv";
const TABLES: TableFiles =
    TableFiles { mcc: "MCC.csv", cc: "CC.csv", excluded_by: "CCE.csv", valid: "SS_VALID.csv" };

/// The files that no other layout has.
pub(super) const OWN_FILES: [&str; 3] = [ORDER, CODES, PRINCIPALS];

pub(super) fn read(tables: &mut Tables<'_>, source: &mut Source) {
    let lists = rule_lists(tables);
    rules(tables, source, &lists);
    mdcs(tables, source);
    source.mcc = tables.exclusion_tables(TABLES.mcc, 1);
    source.cc = tables.exclusion_tables(TABLES.cc, 1);
    source.excluded_by = tables.exclusion_tables(TABLES.excluded_by, 1);
    source.valid_procedures = tables.codes(TABLES.valid, 1);
    tables.expect_some(TABLES.valid, source.valid_procedures.is_empty());
    expect_whole(tables, source, &TABLES);
}

/// The lists of each rule variant, by number.
type RuleLists = BTreeMap<String, BTreeMap<usize, Codes>>;

fn rule_lists(tables: &mut Tables<'_>) -> RuleLists {
    let mut lists = RuleLists::new();
    for (line, content) in tables.lines(CODES).skip(1) {
        let fields: Vec<&str> = content.split(',').collect();
        let [_, variant, _, number, code] = fields.as_slice() else {
            tables.tell(CODES, line, format!("not five columns: {content}"));
            continue;
        };
        let (Ok(number), Some((code, _))) = (number.parse::<usize>(), tables.code(CODES, line, code)) else {
            tables.tell(CODES, line, format!("no number of a list and code: {content}"));
            continue;
        };
        let list = lists.entry((*variant).to_owned()).or_default().entry(number).or_default();
        tables.places.note(variant, code, CODES, line);
        if !list.insert(code.to_owned()) {
            tables.tell(CODES, line, format!("{variant}: {code} stands twice in list {number}"));
        }
    }
    tables.expect_some(CODES, lists.is_empty());
    lists
}

fn rules(tables: &mut Tables<'_>, source: &mut Source, lists: &RuleLists) {
    let mut order = String::new();
    let none = BTreeMap::new();
    for (line, content) in tables.lines(ORDER) {
        let fields: Vec<&str> = content.split('\t').collect();
        let [variant, form, sizes, drgs] = fields.as_slice() else {
            tables.tell(ORDER, line, format!("not four columns: {content}"));
            continue;
        };
        let adrg = variant.split('_').next().unwrap_or_default().to_owned();
        if let Some(letter) = adrg.get(..1)
            && !order.contains(letter)
        {
            order.push_str(letter);
        }
        let lists = lists.get(*variant).unwrap_or(&none);
        let counted = lists.values().map(|list| list.len().to_string()).collect::<Vec<_>>().join("/");
        if counted != *sizes {
            tables.tell(ORDER, line, format!("{variant} has lists of {counted} codes, not of {sizes}"));
        }
        match tests(form, lists) {
            Ok(tests) => source.rules.push(RuleSource {
                adrg: adrg.clone(),
                variant: (*variant).to_owned(),
                tests,
                tables: BTreeMap::new(),
                file: ORDER.to_owned(),
                line,
            }),
            Err(what) => tables.tell(ORDER, line, format!("{variant}: {what}")),
        }
        source.adrg_names.entry(adrg).or_default();
        for code in drgs.split('|') {
            if source.drgs.iter().all(|drg| drg.code != code) {
                source.drgs.push(DrgSource { code: code.to_owned(), name: String::new() });
            }
        }
    }
    tables.expect_some(ORDER, source.rules.is_empty());
    if let Err(what) = source.choices.set("mdc_order", &order) {
        tables.tell(ORDER, 0, what);
    }
}

fn mdcs(tables: &mut Tables<'_>, source: &mut Source) {
    let mut principal: BTreeMap<String, Vec<Codes>> = BTreeMap::new();
    let mut regions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (line, content) in tables.lines(PRINCIPALS).skip(1) {
        let Some((mdc, code)) = content.split_once(',') else {
            tables.tell(PRINCIPALS, line, format!("not two columns: {content}"));
            continue;
        };
        let lists = principal.entry(mdc.to_owned()).or_default();
        match tables.code(PRINCIPALS, line, code) {
            Some((code, _)) => {
                if lists.is_empty() {
                    lists.push(Codes::new());
                }
                tables.places.note(mdc, code, PRINCIPALS, line);
                if lists.last_mut().is_some_and(|list| !list.insert(code.to_owned())) {
                    tables.tell(PRINCIPALS, line, format!("{mdc}: {code} stands twice"));
                }
            }
            // A body region: its codes follow.
            None if code.ends_with("创伤") => {
                lists.push(Codes::new());
                regions.entry(mdc.to_owned()).or_default().push(code.to_owned());
            }
            None => tables.tell(PRINCIPALS, line, format!("no code: {content}")),
        }
    }
    tables.expect_some(PRINCIPALS, principal.is_empty());
    let order = source.choices.mdc_order.clone();
    for letter in order.split("").filter(|letter| !letter.is_empty()) {
        let code = format!("MDC{letter}");
        let entry = EntrySource::of_letter(letter, principal.remove(&code).unwrap_or_default());
        let has_rules = source.rules.iter().any(|rule| rule.adrg.starts_with(letter));
        if let EntrySource::Principal(codes)
        | EntrySource::MalePrincipal(codes)
        | EntrySource::FemalePrincipal(codes) = &entry
            && codes.is_empty()
            && has_rules
        {
            tables.lose(PRINCIPALS, &format!("{code} has no principal diagnosis"));
        }
        source.mdcs.push(MdcSource {
            entry,
            regions: regions.remove(&code).unwrap_or_default(),
            code,
            name: String::new(),
        });
    }
    for code in principal.keys() {
        tables.tell(PRINCIPALS, 0, format!("{code} is no MDC"));
    }
}

/// The tests of a rule's form; each takes the next list of its kind.
fn tests(form: &str, lists: &BTreeMap<usize, Codes>) -> Result<Vec<TestSource>, String> {
    let of_diagnoses = |list: &&Codes| list.first().is_some_and(|code| Kind::of(code) == Kind::Diagnosis);
    let mut diagnoses = lists.values().filter(of_diagnoses);
    let mut procedures = lists.values().filter(|list| !of_diagnoses(list));
    let missing = || format!("`{form}` wants more lists than it has");
    let mut diagnosis = || diagnoses.next().cloned().ok_or_else(missing);
    let mut procedure = || procedures.next().cloned().ok_or_else(missing);
    let mut tests = Vec::new();
    for part in form.split(' ') {
        match part {
            "主诊断匹配" => tests.push(TestSource::PrincipalDiagnosis(diagnosis()?)),
            "某一诊断匹配" => tests.push(TestSource::AnyDiagnosis(diagnosis()?)),
            "其他诊断匹配" => tests.push(TestSource::OtherDiagnosis(diagnosis()?)),
            "主手术匹配" => tests.push(TestSource::PrincipalProcedure(procedure()?)),
            "某一手术匹配" => tests.push(TestSource::AnyProcedure(procedure()?)),
            "双手术匹配" => {
                tests
                    .extend([TestSource::AnyProcedure(procedure()?), TestSource::AnyProcedure(procedure()?)]);
            }
            "三手术匹配" => {
                for _ in 0..3 {
                    tests.push(TestSource::AnyProcedure(procedure()?));
                }
            }
            "存在手术" => tests.push(TestSource::SomeOperation),
            "无手术" => tests.push(TestSource::NoOperation),
            "新生儿" => tests.push(TestSource::Newborn),
            "非新生儿" => tests.push(TestSource::Infant),
            weight if weight.starts_with("体重") => tests.push(birth_weight(weight)?),
            other => return Err(format!("the form `{other}` is not known")),
        }
    }
    if diagnoses.next().is_some() || procedures.next().is_some() {
        return Err(format!("`{form}` wants fewer lists than it has"));
    }
    Ok(tests)
}

/// `体重小于1500克`, `体重1500至2000克`, `体重大于2500克`: bands meet without a gap.
fn birth_weight(text: &str) -> Result<TestSource, String> {
    let not_known = || format!("the form `{text}` is not known");
    let band = text.strip_prefix("体重").and_then(|band| band.strip_suffix("克")).ok_or_else(not_known)?;
    let grams = |text: &str| text.parse::<u16>().map_err(|_| not_known());
    if let Some(below) = band.strip_prefix("小于") {
        return Ok(TestSource::BirthWeight(0, grams(below)?));
    }
    if let Some(from) = band.strip_prefix("大于") {
        return Ok(TestSource::BirthWeight(grams(from)?, u16::MAX));
    }
    let (from, below) = band.split_once('至').ok_or_else(not_known)?;
    Ok(TestSource::BirthWeight(grams(from)?, grams(below)?))
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    fn list(codes: &[&str]) -> Codes {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    #[test]
    fn a_band_of_weights_is_one_of_three_forms() {
        for (text, band) in [
            ("体重小于1500克", Some((0, 1500))),
            ("体重1500至2000克", Some((1500, 2000))),
            ("体重大于2500克", Some((2500, u16::MAX))),
            ("体重低于1500克", None),
            ("体重≤1500克", None),
            ("体重1500克", None),
            ("体重大于70000克", None),
        ] {
            let read = birth_weight(text);
            assert_eq!(read.ok(), band.map(|(from, below)| TestSource::BirthWeight(from, below)), "{text}");
        }
    }

    #[test]
    fn a_list_goes_to_the_test_of_its_kind_wherever_it_stands() {
        let lists = [(1, list(&["40.1105"])), (2, list(&["85.4300"])), (3, list(&["C50.100"]))].into();
        let tests = tests("主诊断匹配 双手术匹配", &lists).unwrap();
        assert_eq!(
            tests,
            [
                TestSource::PrincipalDiagnosis(list(&["C50.100"])),
                TestSource::AnyProcedure(list(&["40.1105"])),
                TestSource::AnyProcedure(list(&["85.4300"])),
            ]
        );
    }

    #[test]
    fn a_form_with_too_few_or_too_many_lists_is_refused() {
        assert!(tests("双手术匹配", &[(1, list(&["40.1105"]))].into()).is_err());
        assert!(tests("无手术", &[(1, list(&["40.1105"]))].into()).is_err());
    }

    #[test]
    fn bands_of_birth_weight_meet() {
        assert_eq!(birth_weight("体重小于1500克"), Ok(TestSource::BirthWeight(0, 1500)));
        assert_eq!(birth_weight("体重1500至2000克"), Ok(TestSource::BirthWeight(1500, 2000)));
        assert_eq!(birth_weight("体重大于2500克"), Ok(TestSource::BirthWeight(2500, u16::MAX)));
    }
}
