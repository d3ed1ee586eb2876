//! Codes into a list and out of it.

use std::collections::BTreeMap;

use super::Place;
use crate::read::conditions::Tested;
use crate::read::lines::Kind;
use crate::source::{Codes, EXCLUDED_BY_NONE, EntrySource, Source, TestSource};

/// A list that a statement changes.
pub(super) enum Target {
    /// `BB1 主要手术`, `BB1_2 任一手术 2`: lists of rules, by the numbers of rule and test.
    OfRules(String, Vec<(usize, usize)>),
    /// `MDCB 主要诊断`, `MDCZ 部位 2`: a list by which cases come into an MDC.
    OfMdc(usize, usize),
    /// `MCC 7`, `CC 无`: complications with their exclusion table.
    Weighed { major: bool, table: Option<u16> },
    /// `排除表 7`: principal diagnoses that exclude.
    Excluding(Option<u16>),
    /// `有效手术`: the table of operations.
    Operations,
}

impl Target {
    /// The list that the words mean.
    pub(super) fn of(words: &str, source: &Source) -> Result<Self, String> {
        let mut parts = words.split_whitespace();
        let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(format!("no list is called `{words}`"));
        }
        match (first, third) {
            ("MCC" | "CC", None) => Ok(Self::Weighed { major: first == "MCC", table: table(second)? }),
            ("排除表", None) if second != Some("无") => Ok(Self::Excluding(table(second)?)),
            ("有效手术", None) if second.is_none() => Ok(Self::Operations),
            _ if first.starts_with("MDC") => of_mdc(source, first, second, third),
            _ => of_rules(source, first, second, third),
        }
    }

    /// Which codes it holds.
    pub(super) fn kind(&self, source: &Source) -> Kind {
        match self {
            Self::OfRules(_, places) => {
                let first = places.first().and_then(|&(rule, test)| source.rules[rule].tests.get(test));
                if first.is_some_and(|test| test.procedures().is_some()) {
                    Kind::Procedure
                } else {
                    Kind::Diagnosis
                }
            }
            Self::OfMdc(..) | Self::Weighed { .. } | Self::Excluding(_) => Kind::Diagnosis,
            Self::Operations => Kind::Procedure,
        }
    }

    /// Puts the codes in or takes them out; gives back what contradicts the list as it is.
    pub(super) fn change(
        &self,
        source: &mut Source,
        codes: &Codes,
        adds: bool,
        place: Place<'_>,
    ) -> Vec<String> {
        if codes.is_empty() {
            return vec!["no code is named".to_owned()];
        }
        let mut wrong = Vec::new();
        let owner = match self {
            Self::OfRules(owner, places) => {
                for (n, &(rule, test)) in places.iter().enumerate() {
                    let Some(list) = source.rules[rule].tests[test].codes_mut() else { continue };
                    let told = set(list, codes, adds);
                    // The same list in several ways is told of once.
                    wrong.extend(told.into_iter().filter(|_| n == 0));
                }
                owner.clone()
            }
            Self::OfMdc(mdc, list) => {
                let mdc = &mut source.mdcs[*mdc];
                wrong.extend(
                    mdc.entry
                        .lists_mut()
                        .get_mut(*list)
                        .map(|list| set(list, codes, adds))
                        .unwrap_or_default(),
                );
                mdc.code.clone()
            }
            Self::Weighed { major, table } => {
                let weighed = if *major { &mut source.mcc } else { &mut source.cc };
                wrong.extend(set_table(weighed, codes, adds, *table));
                if *major { "MCC" } else { "CC" }.to_owned()
            }
            Self::Excluding(table) => {
                wrong.extend(set_table(&mut source.excluded_by, codes, adds, *table));
                "排除表".to_owned()
            }
            Self::Operations => {
                wrong.extend(set(&mut source.valid_procedures, codes, adds));
                "有效手术".to_owned()
            }
        };
        if adds {
            codes.iter().for_each(|code| source.places.note(&owner, code, place.file, place.line));
        }
        wrong
    }
}

fn table(word: Option<&str>) -> Result<Option<u16>, String> {
    match word {
        None => Ok(None),
        Some("无") => Ok(Some(EXCLUDED_BY_NONE)),
        Some(word) => match word.parse::<u16>() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(format!("`{word}` is no number of an exclusion table")),
        },
    }
}

fn of_mdc(source: &Source, code: &str, word: Option<&str>, number: Option<&str>) -> Result<Target, String> {
    let mdc = source.mdcs.iter().position(|mdc| mdc.code == code);
    let mdc = mdc.ok_or_else(|| format!("there is no {code}"))?;
    let entry = &source.mdcs[mdc].entry;
    let no_list =
        || format!("{code} has no list `{}`", [word, number].map(Option::unwrap_or_default).join(" ").trim());
    let list = match (entry, word, number) {
        (EntrySource::Trauma(_), Some("部位"), Some(number)) => {
            number.parse::<usize>().ok().and_then(|n| n.checked_sub(1))
        }
        (EntrySource::Trauma(_) | EntrySource::AnyRule, ..) => None,
        // Without a table age alone leads there; a first code would change that for all others.
        (EntrySource::Newborn(codes), ..) if codes.is_empty() => None,
        (_, Some("主要诊断"), None) => Some(0),
        _ => None,
    };
    list.filter(|&list| list < entry.lists().len()).map(|list| Target::OfMdc(mdc, list)).ok_or_else(no_list)
}

/// The lists of an ADRG, or of one of its ways, that test what the word says.
fn of_rules(source: &Source, code: &str, word: Option<&str>, number: Option<&str>) -> Result<Target, String> {
    let tested =
        word.and_then(Tested::of).ok_or_else(|| format!("no list is called `{}`", word.unwrap_or(code)))?;
    let nth = match number.map(str::parse::<usize>) {
        None => None,
        Some(Ok(n)) if n > 0 => Some(n - 1),
        Some(_) => return Err(format!("`{}` is no number of a list", number.unwrap_or_default())),
    };
    let mut places = Vec::new();
    let mut rules = source
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.adrg == code || rule.variant == code)
        .peekable();
    if rules.peek().is_none() {
        return Err(format!("there is no {code}"));
    }
    for (n, rule) in rules {
        let tests = rule.tests.iter().enumerate().filter(|(_, test)| tested.is_of(test));
        let of_rule: Vec<(usize, usize)> = tests.map(|(test, _)| (n, test)).collect();
        match nth {
            Some(nth) => places.extend(of_rule.get(nth)),
            None => places.extend(of_rule),
        }
    }
    let list = |&(rule, test): &(usize, usize)| source.rules[rule].tests[test].codes();
    let word = word.unwrap_or_default();
    match places.first().map(list) {
        None => Err(format!("{code} has no list `{}`", [word, number.unwrap_or_default()].join(" ").trim())),
        Some(first) if places.iter().any(|place| list(place) != first) => Err(format!(
            "{code} has several lists `{word}`: name the way, as {code}_1, or the list, as `{word} 2`"
        )),
        Some(_) => Ok(Target::OfRules(code.to_owned(), places)),
    }
}

impl Tested {
    fn is_of(self, test: &TestSource) -> bool {
        std::mem::discriminant(&self.with(Codes::new())) == std::mem::discriminant(test)
    }
}

fn set(list: &mut Codes, codes: &Codes, adds: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for code in codes {
        if adds && !list.insert(code.clone()) {
            wrong.push(format!("{code} stands in the list already"));
        } else if !adds && !list.remove(code) {
            wrong.push(format!("{code} does not stand in the list"));
        }
    }
    if list.is_empty() {
        wrong.push("nothing is left in the list".to_owned());
    }
    wrong
}

fn set_table(list: &mut BTreeMap<String, u16>, codes: &Codes, adds: bool, table: Option<u16>) -> Vec<String> {
    let mut wrong = Vec::new();
    for code in codes {
        match (adds, table, list.get(code)) {
            (true, None, _) => wrong.push(format!("{code} wants the number of its exclusion table")),
            (true, Some(table), before) if before.is_none_or(|&before| before != table) => {
                list.insert(code.clone(), table);
            }
            (true, Some(table), _) => wrong.push(format!("{code} stands there already, with table {table}")),
            (false, table, Some(&before)) if table.is_none_or(|table| table == before) => {
                list.remove(code);
            }
            (false, ..) => wrong.push(format!("{code} does not stand there")),
        }
    }
    wrong
}
