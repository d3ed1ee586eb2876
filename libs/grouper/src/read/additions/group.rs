//! New groups and sub-groups, and groups with another name or none.

use std::collections::BTreeMap;

use super::Place;
use crate::read::category::add_groups;
use crate::source::{DivisionSource, DrgSource, RuleSource, Source, TestSource};

/// The fourth characters by which severity divides an ADRG.
const BY_SEVERITY: [&str; 4] = ["1", "3", "5", "9"];

/// A group whose conditions are being read.
pub(super) struct Group<'f> {
    pub(super) code: String,
    /// Each way all of its tests.
    pub(super) ways: Vec<Vec<TestSource>>,
    /// A condition of it was not understood: without that it would take in more than it says.
    pub(super) is_broken: bool,
    name: String,
    place: Place<'f>,
    kind: Kind,
}

enum Kind {
    Adrg { severities: String, before: Option<String> },
    Division,
}

impl<'f> Group<'f> {
    /// `新增 BB9 机器人辅助开颅术 / 1 3 5`.
    pub(super) fn adrg(source: &Source, place: Place<'f>, code: &str, rest: &str) -> Result<Self, String> {
        let (name, severities) = rest.rsplit_once('/').unwrap_or((rest, ""));
        let severities: String = severities.split_whitespace().collect();
        let of_a_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let shaped = matches!(code.as_bytes(), [b'A'..=b'Z', b'A'..=b'Z', third] if of_a_code(*third));
        if !shaped {
            return Err(format!("`{code}` is no code of an ADRG or DRG"));
        }
        if name.trim().is_empty() || severities.is_empty() || !severities.bytes().all(of_a_code) {
            return Err(format!("{code} wants its name and, after `/`, the last characters of its DRGs"));
        }
        if source.adrg_names.contains_key(code) {
            return Err(format!("{code} is there already"));
        }
        if source.mdcs.iter().all(|mdc| mdc.code.get(3..) != code.get(..1)) {
            return Err(format!("{code} has no MDC"));
        }
        let kind = Kind::Adrg { severities, before: None };
        let (code, name) = (code.to_owned(), name.trim().to_owned());
        Ok(Self { code, ways: vec![Vec::new()], is_broken: false, name, place, kind })
    }

    /// `细分 CD1D 除眼眶外的外眼手术，小于等于6岁`.
    pub(super) fn division(
        source: &Source,
        place: Place<'f>,
        code: &str,
        name: &str,
    ) -> Result<Self, String> {
        let (adrg, last) = of_drg(source, code)?;
        if BY_SEVERITY.contains(&last) {
            return Err(format!("{code} is divided off by severity, not by conditions"));
        }
        if source.divisions.iter().any(|division| division.drg == code) {
            return Err(format!("{code} is divided off already"));
        }
        if name.is_empty() && source.drgs.iter().all(|drg| drg.code != code) {
            return Err(format!("{code} is new in {adrg} and wants a name"));
        }
        let (code, name) = (code.to_owned(), name.to_owned());
        Ok(Self { code, ways: vec![Vec::new()], is_broken: false, name, place, kind: Kind::Division })
    }

    pub(super) fn line(&self) -> usize {
        self.place.line
    }

    /// `先于 BB1`: tried before that one.
    pub(super) fn before(&mut self, other: &str) -> Result<(), String> {
        match &mut self.kind {
            Kind::Adrg { before: before @ None, .. } => {
                *before = Some(other.to_owned());
                Ok(())
            }
            Kind::Adrg { .. } => Err(format!("{} has its place already", self.code)),
            Kind::Division => Err(format!("{} is tried in the order of its ADRG's sub-groups", self.code)),
        }
    }

    pub(super) fn add(&mut self, test: TestSource) {
        self.ways.last_mut().into_iter().for_each(|way| way.push(test.clone()));
    }

    /// The condition that stands last.
    pub(super) fn last(&mut self) -> Option<&mut TestSource> {
        self.ways.last_mut()?.last_mut()
    }

    /// Marks the group: `what` of it was not understood.
    pub(super) fn broken(&mut self, what: String) -> Vec<String> {
        self.is_broken = true;
        vec![what]
    }

    /// Adds the group with its conditions to the scheme.
    pub(super) fn add_to(self, source: &mut Source) -> Result<(), String> {
        let Self { code, ways, is_broken, name, place, kind } = self;
        if is_broken {
            return Err(format!("{code} is left out: not all of it was understood"));
        }
        if ways.iter().any(Vec::is_empty) {
            return Err(format!("{code} has a way without conditions"));
        }
        if ways.iter().flatten().filter_map(TestSource::codes).any(|list| list.is_empty()) {
            return Err(format!("{code} has a condition without codes"));
        }
        let file = || place.file.to_owned();
        match kind {
            Kind::Adrg { severities, before } => {
                let at = place_of(source, &code, before.as_deref())?;
                add_groups(source, &code, &name, &severities);
                let alone = ways.len() == 1;
                let rules = ways.into_iter().zip(1..).map(|(tests, n)| {
                    let variant = if alone { code.clone() } else { format!("{code}_{n}") };
                    RuleSource {
                        adrg: code.clone(),
                        variant,
                        tests,
                        tables: BTreeMap::new(),
                        file: file(),
                        line: place.line,
                    }
                });
                let rules: Vec<_> = rules.collect();
                source.rules.splice(at..at, rules);
            }
            Kind::Division => {
                for tests in &ways {
                    let earlier = source.divisions.iter().find(|earlier| {
                        earlier.drg[..3] == code[..3] && earlier.tests.iter().all(|test| tests.contains(test))
                    });
                    if let Some(earlier) = earlier {
                        return Err(format!("{code} is never reached: {} takes it before", earlier.drg));
                    }
                }
                if !name.is_empty() {
                    match source.drgs.iter_mut().find(|drg| drg.code == code) {
                        Some(drg) => drg.name = name,
                        None => source.drgs.push(DrgSource { code: code.clone(), name }),
                    }
                }
                source.divisions.extend(ways.into_iter().map(|tests| DivisionSource {
                    drg: code.clone(),
                    tests,
                    file: file(),
                    line: place.line,
                }));
            }
        }
        Ok(())
    }
}

/// Where among the rules a new ADRG's stand: before another one, or behind the last of its kind
/// (surgical, other procedures, medical) in its MDC.
fn place_of(source: &Source, code: &str, before: Option<&str>) -> Result<usize, String> {
    let letter = &code[..1];
    if let Some(other) = before {
        let place = source.rules.iter().position(|rule| rule.adrg == other && other.starts_with(letter));
        return place
            .ok_or_else(|| format!("{code} cannot stand before {other}, which its MDC does not have"));
    }
    let kind = |code: &str| match code.as_bytes().get(1) {
        Some(b'A'..=b'J') => 0,
        Some(b'K'..=b'Q') => 1,
        _ => 2,
    };
    let last =
        source.rules.iter().rposition(|rule| rule.adrg.starts_with(letter) && kind(&rule.adrg) <= kind(code));
    let first = || source.rules.iter().position(|rule| rule.adrg.starts_with(letter));
    Ok(last.map(|last| last + 1).or_else(first).unwrap_or(source.rules.len()))
}

/// A DRG's ADRG, which must be there, and its last character.
fn of_drg<'c>(source: &Source, code: &'c str) -> Result<(&'c str, &'c str), String> {
    let last = |last: &str| matches!(last.as_bytes(), [b'A'..=b'Z' | b'0'..=b'9']);
    match code.split_at_checked(3) {
        Some((adrg, end)) if last(end) && source.adrg_names.contains_key(adrg) => Ok((adrg, end)),
        Some((adrg, end)) if last(end) => Err(format!("{code} is no DRG of an ADRG: there is no {adrg}")),
        _ => Err(format!("`{code}` is no code of a DRG")),
    }
}

/// `新增 BB13 脑创伤开颅术，伴并发症或合并症`.
pub(super) fn add_drg(source: &mut Source, code: &str, name: &str) -> Result<(), String> {
    let (_, last) = of_drg(source, code)?;
    if !BY_SEVERITY.contains(&last) {
        return Err(format!("{code} is divided off by conditions: say them under 细分 {code}"));
    }
    if name.is_empty() {
        return Err(format!("{code} wants a name"));
    }
    if source.drgs.iter().any(|drg| drg.code == code) {
        return Err(format!("{code} is there already"));
    }
    source.drgs.push(DrgSource { code: code.to_owned(), name: name.to_owned() });
    Ok(())
}

/// `改名 BB1 脑创伤开颅手术`: an MDC, ADRG or DRG.
pub(super) fn rename(source: &mut Source, code: &str, name: &str) -> Result<(), String> {
    let mdc = source.mdcs.iter_mut().find(|mdc| mdc.code == code).map(|mdc| &mut mdc.name);
    let drg = source.drgs.iter_mut().find(|drg| drg.code == code).map(|drg| &mut drg.name);
    let known = mdc.or_else(|| source.adrg_names.get_mut(code)).or(drg);
    let known = known.ok_or_else(|| format!("{code} is not there, and cannot be renamed"))?;
    if name.is_empty() {
        return Err(format!("{code} wants its new name"));
    }
    name.clone_into(known);
    Ok(())
}

/// `取消 BB13`, `取消 BB1`: a DRG, or an ADRG with its rules and DRGs.
pub(super) fn remove(source: &mut Source, code: &str) -> Result<(), String> {
    let is_adrg = source.adrg_names.remove(code).is_some();
    let n_drgs = source.drgs.len();
    let goes = |of: &str| if is_adrg { of.get(..3) == Some(code) } else { of == code };
    source.drgs.retain(|drg| !goes(&drg.code));
    source.divisions.retain(|division| !goes(&division.drg));
    source.rules.retain(|rule| !is_adrg || rule.adrg != code);
    let was_there = is_adrg || source.drgs.len() < n_drgs;
    was_there.then_some(()).ok_or_else(|| format!("{code} is not there, and cannot be taken away"))
}
