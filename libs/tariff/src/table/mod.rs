//! A region's published tariff (支付标准公布表), as regions publish it.
//!
//! Columns are known by words of their headings, in any order; see [`Meaning`]. A row with a problem is left out and
//! told by its line.

mod cells;
mod heading;
mod problem;
mod whom;

pub use heading::{Column, Meaning};
pub use problem::{Fault, Problem, Remark};
pub use whom::Words;

use std::collections::BTreeMap;

use cells::RowReader;
use heading::Heading;

use crate::{Group, GroupCode, Tariff};

/// What a published table came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadTable {
    /// The groups of the rows without a problem.
    pub tariff: Tariff,
    /// The line of the heading; 0 where none was found.
    pub heading_line: usize,
    /// The line of each of those groups.
    pub lines: BTreeMap<GroupCode, usize>,
    /// What each column was understood as, in their order.
    pub columns: Vec<Column>,
    /// What is wrong, by line; rows that have one are left out of the tariff.
    pub problems: Vec<Problem>,
    /// What a reader should know although nothing is wrong.
    pub remarks: Vec<Remark>,
}

/// How many lines may stand above the heading: titles, units, dates.
const LINES_ABOVE: usize = 10;

/// Reads a table of `rows`, each with its line from 1, cells as text.
///
/// `words` say what headings call fund lines and institutions: a column for somebody else is a problem, never one for
/// everybody.
///
/// The heading is the first of the topmost lines that names a code and a weight. Standards are read in yuan (or 万元,
/// if the heading says so) and rounded once to the fen, half up; a remark tells how many were.
#[must_use]
pub fn read<'r>(rows: impl IntoIterator<Item = (usize, &'r [String])>, words: &Words) -> ReadTable {
    let mut rows = rows.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    let Some((heading_line, heading)) =
        rows.by_ref().take(LINES_ABOVE).find_map(|(line, cells)| Some((line, Heading::of(cells, words)?)))
    else {
        let problems = vec![Problem { line: 1, column: String::new(), fault: Fault::NoHeading }];
        let (tariff, columns) = (Tariff::default(), Vec::new());
        let (lines, remarks) = (BTreeMap::new(), Vec::new());
        return ReadTable { tariff, heading_line: 0, lines, columns, problems, remarks };
    };
    let mut problems = heading.problems(heading_line);
    let mut reader = RowReader::new(&heading);
    let mut lines: BTreeMap<GroupCode, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (line, cells) in rows {
        let Some(group) = reader.read(line, cells, &mut problems) else { continue };
        if let Some(first) = lines.get(&group.code) {
            let fault = Fault::Twice { group: group.code, first: *first };
            problems.push(Problem { line, column: heading.code().heading.clone(), fault });
        } else {
            lines.insert(group.code.clone(), line);
            groups.push(group);
        }
    }
    if groups.is_empty() && problems.is_empty() {
        problems.push(Problem { line: heading_line, column: String::new(), fault: Fault::NoRows });
    }
    let mut remarks = heading.remarks();
    remarks.extend(reader.remarks());
    let tariff = Tariff::new(groups)
        .expect("a second row of a group, and a second column for one payee, are problems");
    ReadTable { tariff, heading_line, lines, columns: heading.into_columns(), problems, remarks }
}

#[cfg(test)]
mod tests;
