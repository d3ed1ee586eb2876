//! What shows that a table was cut off, although every line that is left of it can be read.

use std::collections::BTreeSet;

use super::tables::Tables;
use crate::source::{EXCLUDED_BY_NONE, Source, TestSource};

/// What the tables in effect write for 排除内容：无 in place of the number of an exclusion table.
const NONE_IN_EFFECT: u16 = 999;

/// The tables of complications and of valid operations, by their files.
pub(super) struct TableFiles {
    pub(super) mcc: &'static str,
    pub(super) cc: &'static str,
    pub(super) excluded_by: &'static str,
    pub(super) valid: &'static str,
}

/// Tells which tables are cut off, for others name what they lack.
pub(super) fn expect_whole(tables: &mut Tables<'_>, source: &Source, files: &TableFiles) {
    let named: BTreeSet<u16> = source.mcc.values().chain(source.cc.values()).copied().collect();
    let held: BTreeSet<u16> = source.excluded_by.values().copied().collect();
    let missing: Vec<&u16> =
        named.difference(&held).filter(|table| ![EXCLUDED_BY_NONE, NONE_IN_EFFECT].contains(table)).collect();
    let unused: Vec<&u16> = held.difference(&named).collect();
    // The published 1.0 names three tables of 225 that it does not hold.
    if missing.len() * 20 > named.len() {
        tell(tables, files.excluded_by, &missing, "is named by complications and holds no diagnosis");
    }
    tell(tables, files.cc, &unused, &format!("is no complication's, here or in {}", files.mcc));
    expect_operations(tables, source, files.valid);
}

/// One exclusion table may be a slip, or a region's additions fill it; several are what a table that was cut off leaves.
fn tell(tables: &mut Tables<'_>, file: &str, numbers: &[&u16], what: &str) {
    if let [first, others @ ..] = numbers
        && !others.is_empty()
    {
        let n_more = others.len();
        tables.lose(
            file,
            &format!("exclusion table {first} {what}, and {n_more} more: a part of the table is lost"),
        );
    }
}

/// The rules of published tables find nine of ten of their procedures among the valid operations, half of them when the
/// table is cut in its middle.
fn expect_operations(tables: &mut Tables<'_>, source: &Source, file: &'static str) {
    if source.valid_procedures.is_empty() {
        return;
    }
    let in_rules: BTreeSet<&String> = source
        .rules
        .iter()
        .flat_map(|rule| &rule.tests)
        .filter_map(TestSource::procedures)
        .flatten()
        .collect();
    let n_valid = in_rules.iter().filter(|code| source.valid_procedures.contains(**code)).count();
    if n_valid * 5 < in_rules.len() * 4 {
        let what =
            format!("it holds {n_valid} of the {} procedures of rules: a part is lost", in_rules.len());
        tables.lose(file, &what);
    }
}
