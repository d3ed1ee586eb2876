use std::borrow::Cow;

use medfund_money::{Coefficient, Exact, Fen, PositiveFen};

use super::heading::Heading;
use super::{Fault, Meaning, Problem, Remark};
use crate::{Group, GroupCode, Pricing};

/// Reads the rows below one heading.
pub(super) struct RowReader<'h> {
    heading: &'h Heading,
    /// For each column how many of its amounts had parts of a fen.
    n_rounded: Vec<usize>,
}

impl<'h> RowReader<'h> {
    pub(super) fn new(heading: &'h Heading) -> Self {
        Self { heading, n_rounded: vec![0; heading.columns().len()] }
    }

    /// The group of a row; `None` if something is wrong with it, which is then among the `problems`.
    pub(super) fn read(
        &mut self,
        line: usize,
        cells: &[String],
        problems: &mut Vec<Problem>,
    ) -> Option<Group> {
        let columns = self.heading.columns();
        let before = problems.len();
        let mut tell = |column: &str, fault: Fault| {
            problems.push(Problem { line, column: column.to_owned(), fault });
        };
        let cell = |place: usize| cells.get(place).map_or("", |cell| cell.trim());
        if cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
            tell("", Fault::TooLong);
        }
        let (code_place, weight_place) = (self.heading.code_place(), self.heading.weight_place());
        let code = code(cell(code_place)).map_err(|fault| tell(&columns[code_place].heading, fault)).ok();
        let pricing =
            pricing(cell(weight_place)).map_err(|fault| tell(&columns[weight_place].heading, fault)).ok();
        let unfinished = GroupCode::not_grouped();
        let mut group =
            Group::new(code.clone().unwrap_or(unfinished), "", pricing.unwrap_or(Pricing::Review));
        for (place, column) in columns.iter().enumerate() {
            let text = cell(place);
            let read = match &column.meaning {
                Meaning::Code | Meaning::Weight | Meaning::Unknown | Meaning::NotUnderstood(_) => Ok(()),
                _ if self.heading.repeats(place) => Ok(()),
                Meaning::Name => {
                    text.clone_into(&mut group.name);
                    Ok(())
                }
                Meaning::Remark => {
                    text.clone_into(&mut group.remark);
                    Ok(())
                }
                Meaning::Basic => flag(text).map(|is_basic| group.is_basic = is_basic),
                Meaning::Tcm => flag(text).map(|is_tcm| group.is_tcm = is_tcm),
                Meaning::Standard { .. } | Meaning::Coefficient(_) if text.is_empty() => Ok(()),
                Meaning::Standard { scopes, unit_yuan } => {
                    amount(text, *unit_yuan).map(|(standard, rounded)| {
                        self.n_rounded[place] += usize::from(rounded);
                        group.standards.extend(scopes.iter().map(|scope| (scope.clone(), standard)));
                    })
                }
                Meaning::Coefficient(scopes) => coefficient(text).map(|coefficient| {
                    group.coefficients.extend(scopes.iter().map(|scope| (scope.clone(), coefficient)));
                }),
            };
            read.unwrap_or_else(|fault| tell(&column.heading, fault));
        }
        (problems.len() == before).then_some(group)
    }

    pub(super) fn remarks(self) -> impl Iterator<Item = Remark> {
        let counted =
            self.heading.columns().iter().zip(self.n_rounded).filter(|(_, n_amounts)| *n_amounts > 0);
        counted.map(|(column, n_amounts)| Remark::Rounded { column: column.heading.clone(), n_amounts })
    }
}

/// A code; a spreadsheet may have cut `0000` down to `0`.
fn code(text: &str) -> Result<GroupCode, Fault> {
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if text.bytes().all(|byte| byte == b'0') {
        return Ok(GroupCode::not_grouped());
    }
    text.to_ascii_uppercase().parse().map_err(|_| Fault::NoCode(shown(text)))
}

fn pricing(text: &str) -> Result<Pricing, Fault> {
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if text.contains("按项目") || text.contains("据实") {
        return Ok(Pricing::ByItem);
    }
    if text.contains("单议") {
        return Ok(Pricing::Review);
    }
    let number = plain(text)?;
    number.parse().map(Pricing::Weight).map_err(|_| Fault::NoNumber(shown(text)))
}

fn coefficient(text: &str) -> Result<Coefficient, Fault> {
    plain(text)?.parse().map_err(|_| Fault::NoNumber(shown(text)))
}

/// An amount, rounded once to the fen, and whether it had parts of one.
fn amount(text: &str, unit_yuan: i64) -> Result<(Fen, bool), Fault> {
    let bad = || Fault::NoNumber(shown(text));
    let number: Exact = plain(text)?.parse().map_err(|_| bad())?;
    let exact = number * Exact::from(unit_yuan) * Exact::from(100_i64);
    let whole = exact.half_up(0).to_i64().ok_or_else(bad)?;
    let positive = PositiveFen::try_from(whole).map_err(|_| bad())?;
    Ok((positive.get(), exact != Exact::from(whole)))
}

/// A number without its thousands separators; one that a spreadsheet wrote as `1.2E+05` has lost digits.
fn plain(text: &str) -> Result<Cow<'_, str>, Fault> {
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['e', 'E']) {
        return Err(Fault::Shortened(shown(text)));
    }
    let whole = text.split('.').next().unwrap_or_default();
    let separated = whole.contains(',')
        && whole
            .split(',')
            .enumerate()
            .all(|(i, part)| part.len() == 3 || (i == 0 && (1..3).contains(&part.len())));
    Ok(if separated { text.replace(',', "").into() } else { text.into() })
}

fn flag(text: &str) -> Result<bool, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "1" | "√" | "✓" | "y" | "yes" | "true" => Ok(true),
        "否" | "0" | "×" | "n" | "no" | "false" | "" => Ok(false),
        _ => Err(Fault::NoFlag(shown(text))),
    }
}

/// So much of a cell as a message shows.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
