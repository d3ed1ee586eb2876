use super::formula;
use super::sections::{Part, Section};
use crate::read::lines::Kind;
use crate::source::{Codes, TestSource};

/// The ways into a section's ADRG, each all of its tests; none if the section says nothing.
pub(super) fn ways(section: &Section, all: &[Section]) -> Result<Vec<Vec<TestSource>>, String> {
    let formulas: Vec<&str> = section
        .parts
        .iter()
        .filter_map(|part| if let Part::Formula(formula) = part { Some(formula.as_str()) } else { None })
        .collect();
    if !formulas.is_empty() {
        let of_each = formulas.into_iter().map(|formula| formula::ways(formula, section));
        return Ok(of_each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect());
    }
    let mut ways: Vec<Vec<TestSource>> = vec![Vec::new()];
    for part in &section.parts {
        let test = match part {
            Part::Formula(_) | Part::Region(_) => continue,
            Part::Way => {
                ways.push(Vec::new());
                continue;
            }
            Part::AllOperations => TestSource::SomeOperation,
            Part::NoOperation => TestSource::NoOperation,
            Part::OperationsOutside(adrg) => TestSource::OperationOutside(procedures_of(adrg, all)?),
            Part::List(list) => list_test(&list.words, &list.codes)?,
        };
        if let Some(way) = ways.last_mut() {
            way.push(test);
        }
    }
    ways.retain(|way| !way.is_empty());
    Ok(ways)
}

fn list_test(words: &str, codes: &Codes) -> Result<TestSource, String> {
    if codes.is_empty() {
        return Err(format!("no code under: {words}"));
    }
    let codes = codes.clone();
    Ok(match words {
        "包含以下主要诊断" | "同时包含以下主要诊断和手术操作" => {
            TestSource::PrincipalDiagnosis(codes)
        }
        "包含以下主要手术或操作" => TestSource::PrincipalProcedure(codes),
        "同时包含以下手术"
        | "同时包含以下手术或操作"
        | "手术同时包含"
        | "手术包含"
        | "包含以下手术或操作"
        | "和" => TestSource::AnyProcedure(codes),
        "主要诊断或其他诊断中包含以下诊断" | "包含以下主要诊断或其他诊断" | "包含以下诊断" => {
            TestSource::AnyDiagnosis(codes)
        }
        "包含以下其他诊断" => TestSource::OtherDiagnosis(codes),
        _ => return Err(format!("a list under: {words}")),
    })
}

/// All procedures that the section of an ADRG names.
pub(super) fn procedures_of(adrg: &str, all: &[Section]) -> Result<Codes, String> {
    let section = all.iter().find(|section| section.code == adrg);
    let section = section.ok_or_else(|| format!("it names {adrg}, which has no section"))?;
    let codes = section.lists().flat_map(|list| &list.codes);
    Ok(codes.filter(|code| Kind::of(code) == Kind::Procedure).cloned().collect())
}
