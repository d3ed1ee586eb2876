//! The layout by category: a scheme written by hand, a file for each MDC and one of complications.
//!
//! Where lists of one kind compete for a code (the MDCs' principal diagnoses, or ADRGs of
//! one MDC that ask for one list and nothing else that differs), the narrowest pattern wins,
//! so that `I20-I25` in one list leaves `I21` to another without saying so.

mod complications;
mod list;
mod mdc;
mod pattern;
#[cfg(test)]
mod unit_tests;

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::Tested;
use super::lines::Kind;
use super::tables::Tables;
use crate::choices::{NewbornSurgery, Operations, Position};
use crate::source::{Codes, DrgSource, EntrySource, MdcSource, RuleSource, Source, TableSource, TestSource};
use mdc::{Adrg, Condition, Mdc, Way};
use pattern::{Categories, Narrow};

/// The files of the MDCs.
const FILES: [&str; 26] = [
    "MDCA.txt", "MDCB.txt", "MDCC.txt", "MDCD.txt", "MDCE.txt", "MDCF.txt", "MDCG.txt", "MDCH.txt",
    "MDCI.txt", "MDCJ.txt", "MDCK.txt", "MDCL.txt", "MDCM.txt", "MDCN.txt", "MDCO.txt", "MDCP.txt",
    "MDCQ.txt", "MDCR.txt", "MDCS.txt", "MDCT.txt", "MDCU.txt", "MDCV.txt", "MDCW.txt", "MDCX.txt",
    "MDCY.txt", "MDCZ.txt",
];

/// Whether a file belongs to this layout.
pub(super) fn is_one(file: &str) -> bool {
    FILES.contains(&file)
}

pub(super) fn read(tables: &mut Tables<'_>, source: &mut Source) {
    source.by_category = true;
    source.choices.newborn_surgery = NewbornSurgery::Age;
    source.choices.operations = Operations::Rules;
    source.choices.hiv = Position::Principal;
    let present: Vec<&'static str> = FILES.into_iter().filter(|file| tables.has(file)).collect();
    let mdcs: Vec<(&'static str, Mdc)> =
        present.into_iter().map(|file| (file, mdc::read(tables, file))).collect();
    let complications = complications::read(tables);

    let lists = |kind: Kind| {
        let ways = mdcs.iter().flat_map(|(_, mdc)| &mdc.adrgs).flat_map(|adrg| &adrg.ways);
        let lists = ways.flat_map(|way| &way.conditions).filter_map(Condition::list);
        lists.filter(move |(tested, _)| tested.kind() == kind).map(|(_, list)| list)
    };
    let entries = mdcs.iter().flat_map(|(_, mdc)| &mdc.entries);
    let diagnoses = lists(Kind::Diagnosis).chain(entries).flat_map(Categories::named);
    let all = All {
        diagnoses: diagnoses
            .chain(complications.iter().flat_map(complications::Table::named))
            .cloned()
            .collect(),
        procedures: lists(Kind::Procedure).flat_map(Categories::named).cloned().collect(),
    };
    let won: Vec<Won> = mdcs.iter().map(|(_, mdc)| Won::of(mdc, &all)).collect();
    add_entries(source, &mdcs, &won, &all);
    for ((file, mdc), won) in mdcs.iter().zip(&won) {
        add_adrgs(source, tables, file, mdc, won, &all);
    }
    complications::weigh(source, &complications, &all.diagnoses);
}

/// Every category that the scheme names.
struct All {
    diagnoses: BTreeSet<String>,
    procedures: BTreeSet<String>,
}

impl All {
    fn of(&self, kind: Kind) -> &BTreeSet<String> {
        match kind {
            Kind::Diagnosis => &self.diagnoses,
            Kind::Procedure => &self.procedures,
        }
    }
}

/// Adds an MDC's ADRGs with their DRGs and rules.
fn add_adrgs(
    source: &mut Source,
    tables: &mut Tables<'_>,
    file: &'static str,
    mdc: &Mdc,
    won: &Won,
    all: &All,
) {
    let table = source.mdcs.iter().find(|known| known.code == mdc.code);
    let table = table.and_then(|known| match &known.entry {
        EntrySource::Principal(codes)
        | EntrySource::MalePrincipal(codes)
        | EntrySource::FemalePrincipal(codes) => Some(codes.clone()),
        EntrySource::AnyRule | EntrySource::Newborn(_) | EntrySource::Hiv(_) | EntrySource::Trauma(_) => None,
    });
    for (number, adrg) in mdc.adrgs.iter().enumerate() {
        add_groups(source, &adrg.code, &adrg.name, &adrg.severities);
        for (n, way) in adrg.ways.iter().enumerate() {
            let variant =
                if adrg.ways.len() == 1 { adrg.code.clone() } else { format!("{}_{}", adrg.code, n + 1) };
            let mut tests: Vec<TestSource> =
                way.conditions.iter().map(|condition| test(condition, all, won.left(number, n))).collect();
            for test in &mut tests {
                if let (TestSource::PrincipalDiagnosis(codes), Some(table)) = (&mut *test, &table) {
                    codes.retain(|code| table.contains(code));
                }
                let Some(codes) = test.diagnoses().or_else(|| test.procedures()) else { continue };
                codes.iter().for_each(|code| tables.places.note(&variant, code, file, way.line));
                if codes.is_empty() {
                    tables.tell(file, way.line, format!("{variant}: other lists take every code before"));
                }
            }
            source.rules.push(RuleSource {
                adrg: adrg.code.clone(),
                variant,
                tables: tables_of(&way.conditions, &tests),
                tests,
                file: file.to_owned(),
                line: way.line,
            });
        }
    }
}

/// What took each category into the lists of a way, by the place of the condition.
fn tables_of(conditions: &[Condition], tests: &[TestSource]) -> BTreeMap<usize, TableSource> {
    let of = |(place, (condition, test)): (usize, (&Condition, &TestSource))| {
        let (_, list) = condition.list()?;
        let items = test.codes()?.iter().filter_map(|code| Some((code.clone(), list.item(code)?.to_owned())));
        Some((place, TableSource { items: items.collect(), ..TableSource::default() }))
    };
    conditions.iter().zip(tests).enumerate().filter_map(of).collect()
}

/// Adds an ADRG and its DRGs, named by what their last characters mean.
pub(super) fn add_groups(source: &mut Source, adrg: &str, name: &str, severities: &str) {
    source.adrg_names.insert(adrg.to_owned(), name.to_owned());
    for severity in severities.chars() {
        let with = match severity {
            '1' => "，伴严重并发症或合并症",
            '3' => "，伴并发症或合并症",
            '5' => "，不伴并发症或合并症",
            _ => "",
        };
        source.drgs.push(DrgSource { code: format!("{adrg}{severity}"), name: format!("{name}{with}") });
    }
}

impl Adrg {
    fn is_medical(&self) -> bool {
        self.code.as_bytes().get(1).is_some_and(|&letter| letter >= b'R')
    }
}

impl Way {
    /// The list that it competes with, and what it asks for beside it, if it asks for one list
    /// of the principal diagnosis or procedure and, beside that, for age at most.
    fn competes(&self) -> Option<(Kind, &Categories, Vec<String>)> {
        let mut competing = None;
        let mut beside = Vec::new();
        for condition in &self.conditions {
            match (condition.list(), competing) {
                (Some((Tested::PrincipalDiagnosis, list)), None) => competing = Some((Kind::Diagnosis, list)),
                (Some((Tested::PrincipalProcedure, list)), None) => competing = Some((Kind::Procedure, list)),
                (None, _) if condition.is_of_age() => beside.push(format!("{condition:?}")),
                _ => return None,
            }
        }
        competing.map(|(kind, list)| (kind, list, beside))
    }
}

/// What is left to each way that competes with others of its MDC: for the number of its ADRG
/// and its own.
struct Won(BTreeMap<(usize, usize), BTreeMap<String, Narrow>>);

impl Won {
    fn of(mdc: &Mdc, all: &All) -> Self {
        let mut fields: BTreeMap<(Kind, Vec<String>), BTreeMap<_, _>> = BTreeMap::new();
        for (number, adrg) in mdc.adrgs.iter().enumerate() {
            for (n, way) in adrg.ways.iter().enumerate() {
                if let Some((kind, list, beside)) = way.competes() {
                    fields.entry((kind, beside)).or_default().insert((number, n), list.among(all.of(kind)));
                }
            }
        }
        let mut won = BTreeMap::new();
        for mut ways in fields.into_values() {
            let narrowest = narrowest(ways.values());
            for left in ways.values_mut() {
                left.retain(|category, narrow| narrowest[category] == *narrow);
            }
            won.extend(ways);
        }
        Self(won)
    }

    fn left(&self, adrg: usize, way: usize) -> Option<&BTreeMap<String, Narrow>> {
        self.0.get(&(adrg, way))
    }

    /// The principal diagnoses that lead to the MDC: those of its medical ADRGs and of its own lists.
    fn leading(&self, mdc: &Mdc, all: &All) -> BTreeMap<String, Narrow> {
        let medical = self.0.iter().filter(|((adrg, _), _)| mdc.adrgs[*adrg].is_medical());
        let entries: Vec<_> = mdc.entries.iter().map(|entry| entry.among(&all.diagnoses)).collect();
        narrowest(medical.map(|(_, left)| left).chain(&entries))
    }
}

/// For each category the narrowest pattern that decides on it in any of the lists.
fn narrowest<'l>(lists: impl Iterator<Item = &'l BTreeMap<String, Narrow>>) -> BTreeMap<String, Narrow> {
    let mut narrowest = BTreeMap::new();
    for (category, &narrow) in lists.flatten() {
        let known = narrowest.entry(category.clone()).or_insert(narrow);
        *known = narrow.max(*known);
    }
    narrowest
}

/// A condition as a test; `left` is what is left to a list that competes.
fn test(condition: &Condition, all: &All, left: Option<&BTreeMap<String, Narrow>>) -> TestSource {
    match condition {
        Condition::List(tested, list) => {
            let codes: Codes = match left {
                Some(left) => left.keys().cloned().collect(),
                None => list.among(all.of(tested.kind())).into_keys().collect(),
            };
            tested.with(codes)
        }
        Condition::Plain(test) => test.clone(),
    }
}

/// Adds the MDCs with the principal diagnoses that lead to them.
fn add_entries(source: &mut Source, mdcs: &[(&'static str, Mdc)], won: &[Won], all: &All) {
    // Those that are tried before all others take what they name, whatever the rest says.
    let competes = |mdc: &Mdc| !["MDCA", "MDCP", "MDCY", "MDCZ"].contains(&mdc.code.as_str());
    let leading: Vec<_> = mdcs.iter().zip(won).map(|((_, mdc), won)| won.leading(mdc, all)).collect();
    let competing = mdcs.iter().zip(&leading).filter(|((_, mdc), _)| competes(mdc));
    let narrowest = narrowest(competing.map(|(_, leading)| leading));
    for ((_, mdc), leading) in mdcs.iter().zip(leading) {
        let lists = match mdc.code.as_str() {
            "MDCA" => Vec::new(),
            "MDCP" | "MDCY" => vec![leading.into_keys().collect()],
            "MDCZ" => {
                mdc.entries.iter().map(|region| region.among(&all.diagnoses).into_keys().collect()).collect()
            }
            _ => {
                let won = leading.into_iter().filter(|(category, narrow)| narrowest[category] == *narrow);
                vec![won.map(|(category, _)| category).collect()]
            }
        };
        let entry = EntrySource::of_letter(mdc.code.get(3..).unwrap_or_default(), lists);
        let (code, name, regions) = (mdc.code.clone(), mdc.name.clone(), mdc.regions.clone());
        source.mdcs.push(MdcSource { code, name, entry, regions });
    }
}
