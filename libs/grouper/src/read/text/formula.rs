use super::sections::Section;
use crate::source::{Codes, TestSource};

/// More choices multiplied are no rule that anybody wrote.
const MOST_WAYS: usize = 64;

/// The ways that a formula means: `主要诊断+手术表1+手术表2`, `（其他诊断或手术表1）+手术表2`.
///
/// A way with one list of procedures tests the principal one, as a list without
/// a formula does; a way with several takes any.
pub(super) fn ways(formula: &str, section: &Section) -> Result<Vec<Vec<TestSource>>, String> {
    let mut ways: Vec<Vec<Term<'_>>> = vec![Vec::new()];
    for part in formula.split('+') {
        let choices = part.trim_start_matches(['（', '(']).trim_end_matches(['）', ')']);
        // The name `主要手术或操作` is one term, though it has an `或`.
        let names: Vec<&str> =
            if choices.starts_with("主要手术") { vec![choices] } else { choices.split('或').collect() };
        let terms = names.into_iter().map(|name| term(name, section)).collect::<Result<Vec<_>, _>>()?;
        if ways.len() * terms.len() > MOST_WAYS {
            return Err(format!("a formula means more than {MOST_WAYS} ways"));
        }
        ways = ways
            .into_iter()
            .flat_map(|way| {
                terms.iter().map(move |term| [way.as_slice(), std::slice::from_ref(term)].concat())
            })
            .collect();
    }
    Ok(ways.into_iter().map(|way| tests(&way)).collect())
}

#[derive(Clone)]
enum Term<'s> {
    PrincipalDiagnosis(&'s Codes),
    OtherDiagnosis(&'s Codes),
    Procedure(&'s Codes),
}

fn term<'s>(name: &str, section: &'s Section) -> Result<Term<'s>, String> {
    let named = |wanted: &str| {
        let list = section.lists().find(|list| list.words == wanted);
        list.map(|list| &list.codes).ok_or_else(|| format!("no list is called {wanted}"))
    };
    match name {
        "主要诊断" => named(name).map(Term::PrincipalDiagnosis),
        "其他诊断" => named(name).map(Term::OtherDiagnosis),
        _ if name.starts_with("手术表") => {
            let number = name.trim_start_matches("手术表");
            named(name)
                .or_else(|_| named(&format!("手术{number}")))
                .or_else(|_| named(&format!("包含以下主要手术或操作{number}")))
                .map_err(|_| format!("no list is called {name}"))
                .map(Term::Procedure)
        }
        "主要手术或操作" => named(name).map(Term::Procedure),
        _ => Err(format!("a formula names {name}")),
    }
}

fn tests(way: &[Term<'_>]) -> Vec<TestSource> {
    let alone = way.iter().filter(|term| matches!(term, Term::Procedure(_))).count() == 1;
    let test = |term: &Term<'_>| match term {
        Term::PrincipalDiagnosis(codes) => TestSource::PrincipalDiagnosis((*codes).clone()),
        Term::OtherDiagnosis(codes) => TestSource::OtherDiagnosis((*codes).clone()),
        Term::Procedure(codes) if alone => TestSource::PrincipalProcedure((*codes).clone()),
        Term::Procedure(codes) => TestSource::AnyProcedure((*codes).clone()),
    };
    way.iter().map(test).collect()
}

#[cfg(test)]
mod unit_tests {
    use super::super::sections::{List, Part};
    use super::*;

    #[test]
    fn a_choice_in_brackets_gives_a_way_each() {
        let list = |words: &str, code: &str| {
            Part::List(List { words: words.to_owned(), codes: [code.to_owned()].into() })
        };
        let section = Section {
            code: "AH1".to_owned(),
            title: String::new(),
            line: 1,
            parts: vec![list("其他诊断", "Z93.000"), list("手术表1", "31.2900"), list("手术表2", "96.7201")],
        };
        let codes = |code: &str| -> Codes { [code.to_owned()].into() };
        assert_eq!(
            ways("（其他诊断或手术表1）+手术表2", &section),
            Ok(vec![
                vec![
                    TestSource::OtherDiagnosis(codes("Z93.000")),
                    TestSource::PrincipalProcedure(codes("96.7201"))
                ],
                vec![TestSource::AnyProcedure(codes("31.2900")), TestSource::AnyProcedure(codes("96.7201"))],
            ])
        );
        let many = ["（其他诊断或手术表1）"; 7].join("+");
        assert_eq!(ways(&many, &section), Err("a formula means more than 64 ways".to_owned()));
        assert_eq!(ways("手术表9", &section), Err("no list is called 手术表9".to_owned()));
    }
}
