use std::collections::{BTreeMap, VecDeque};

use crate::read::tables::Tables;
use crate::read::whole::TableFiles;
use crate::source::{EXCLUDED_BY_NONE, Source};

const EXCLUSIONS: &str = "7_CCE.txt";

/// The published tables.
const PUBLISHED: TableFiles =
    TableFiles { mcc: "5_MCC.txt", cc: "6_CC.txt", excluded_by: EXCLUSIONS, valid: super::VALID };

/// Those in effect, which stand in the place of the published ones, all three of them.
const IN_EFFECT: TableFiles = TableFiles {
    mcc: "effective/MCC.dat",
    cc: "effective/CC.dat",
    excluded_by: "effective/CCE.dat",
    valid: super::VALID,
};

/// The files that complications are read from: those in effect as soon as one of them is there.
pub(super) fn files(tables: &Tables<'_>) -> &'static TableFiles {
    let in_effect = [IN_EFFECT.mcc, IN_EFFECT.cc, IN_EFFECT.excluded_by];
    if in_effect.iter().any(|file| tables.has(file)) { &IN_EFFECT } else { &PUBLISHED }
}

/// Reads the complications and what excludes them.
pub(super) fn read(tables: &mut Tables<'_>, source: &mut Source) {
    let files = files(tables);
    if std::ptr::eq(files, &IN_EFFECT) {
        source.mcc = tables.exclusion_tables(files.mcc, 0);
        source.cc = tables.exclusion_tables(files.cc, 0);
        source.excluded_by = tables.exclusion_tables(files.excluded_by, 0);
    } else {
        source.mcc = read_published(tables, files.mcc);
        source.cc = read_published(tables, files.cc);
        source.excluded_by = exclusions(tables);
    }
}

/// `code name 表 7-n`, however the page was broken into lines: names wrap,
/// numbers wrap, a page stands on one line or column after column. The n-th code
/// that waits for a table takes the n-th table.
fn read_published(tables: &mut Tables<'_>, file: &'static str) -> BTreeMap<String, u16> {
    let mut found = BTreeMap::new();
    let mut waiting: VecDeque<(String, usize)> = VecDeque::new();
    let mut number: Option<String> = None;
    for (line, content) in tables.lines(file) {
        for word in content.split_whitespace() {
            let (after_mark, word) = match word.strip_prefix('表') {
                Some(rest) => (true, rest),
                None => (false, word),
            };
            if after_mark {
                number = Some(String::new());
            }
            let table = match &mut number {
                Some(begun) if word.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
                    begun.push_str(word);
                    numbered_table(begun)
                }
                Some(_) | None if word == "无" => Some(EXCLUDED_BY_NONE),
                Some(_) | None => None,
            };
            if let Some(table) = table {
                number = None;
                match waiting.pop_front() {
                    Some((code, line)) => insert(tables, file, line, &mut found, &code, table),
                    None if content.contains("并发症") => {}
                    None => tables.tell(file, line, "an exclusion table for no code".to_owned()),
                }
            } else if word == "疾病编码" {
                drain(tables, file, &mut waiting);
            } else if let Some((code, _)) = tables.code(file, line, word) {
                tables.places.note(file, code, file, line);
                waiting.push_back((code.to_owned(), line));
            }
        }
    }
    drain(tables, file, &mut waiting);
    tables.expect_some(file, found.is_empty());
    found
}

fn insert(
    tables: &mut Tables<'_>,
    file: &str,
    line: usize,
    found: &mut BTreeMap<String, u16>,
    code: &str,
    table: u16,
) {
    if let Some(before) = found.insert(code.to_owned(), table) {
        tables.tell(file, line, format!("{code} stands twice, with table {before} and {table}"));
    }
}

fn drain(tables: &mut Tables<'_>, file: &str, waiting: &mut VecDeque<(String, usize)>) {
    for (code, line) in waiting.drain(..) {
        tables.tell(file, line, format!("{code} has no exclusion table, and is left out"));
    }
}

/// The last number of `7-12` or `2-1-12`, once all of it stands there.
fn numbered_table(text: &str) -> Option<u16> {
    let (_, last) = text.rsplit_once('-')?;
    last.parse().ok()
}

/// Principal diagnoses by the exclusion table they stand in: `表 7-1`, then its codes.
fn exclusions(tables: &mut Tables<'_>) -> BTreeMap<String, u16> {
    let mut excluded_by: BTreeMap<String, u16> = BTreeMap::new();
    let mut current = None;
    for (line, content) in tables.lines(EXCLUSIONS) {
        // A name that goes on in a line of its own may begin so too (`表型`).
        let is_title = |rest: &&str| rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
        if let Some(title) = content.strip_prefix('表').filter(is_title) {
            current = numbered_table(title);
            if current.is_none() {
                tables.tell(EXCLUSIONS, line, format!("`{content}` is no title of an exclusion table"));
            }
        } else if let Some((code, _)) = tables.code(EXCLUSIONS, line, content) {
            let Some(table) = current else {
                tables.tell(EXCLUSIONS, line, format!("{code} stands in no table"));
                continue;
            };
            tables.places.note(EXCLUSIONS, code, EXCLUSIONS, line);
            if let Some(before) = excluded_by.insert(code.to_owned(), table)
                && before != table
            {
                tables.tell(EXCLUSIONS, line, format!("{code} stands in table {before} and {table}"));
            }
        }
    }
    tables.expect_some(EXCLUSIONS, excluded_by.is_empty());
    excluded_by
}

#[cfg(test)]
mod unit_tests {
    use super::*;
    use crate::read::Files;

    #[test]
    fn columns_that_stand_one_after_the_other_are_joined_in_order() {
        let text = "疾病编码\nA01.100\nA01.200\n疾病名称\n甲\n乙\n排除内容\n表 7-1\n无\n疾病编码 疾病名称 排除内容\n\
                    B01.000 名\n称 表\n7\n-3\nB03.000 丙 表 7-4 B04.000 丁 表7-5\nB02.000 缺\n";
        let files: Files = [("5_MCC.txt".to_owned(), text.to_owned())].into();
        let mut tables = Tables::new(&files);
        let found = read_published(&mut tables, "5_MCC.txt");
        let expected =
            [("A01.100", 1), ("A01.200", EXCLUDED_BY_NONE), ("B01.000", 3), ("B03.000", 4), ("B04.000", 5)];
        assert_eq!(found, expected.map(|(code, table)| (code.to_owned(), table)).into());
        assert_eq!(tables.anomalies[0].what, "B02.000 has no exclusion table, and is left out");
    }

    #[test]
    fn codes_under_a_title_that_is_no_number_go_into_no_table() {
        let text = "表 7-1\nI10.x00 甲\n表7-2（续）\nI11.000 乙\n表型\n表 7-3\nI12.000 丙\n";
        let files: Files = [(EXCLUSIONS.to_owned(), text.to_owned())].into();
        let mut tables = Tables::new(&files);
        assert_eq!(
            exclusions(&mut tables),
            [("I10.x00", 1), ("I12.000", 3)].map(|(c, t)| (c.to_owned(), t)).into()
        );
        let told: Vec<(usize, &str)> = tables.anomalies.iter().map(|a| (a.line, a.what.as_str())).collect();
        let expected =
            [(3, "`表7-2（续）` is no title of an exclusion table"), (4, "I11.000 stands in no table")];
        assert_eq!(told, expected);
    }
}
