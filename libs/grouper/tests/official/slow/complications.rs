//! What counts as a complication and what excludes it, in the text layout.

use std::collections::HashMap;

use super::SlowGrouper;
use crate::tables::text;

impl SlowGrouper {
    /// The tables in effect where 1.1 has them, else the pages of the published ones.
    pub(super) fn read_complications(&mut self) {
        let file =
            |name: &str| text(&format!("{}/{name}", self.version)).trim_start_matches('\u{feff}').to_owned();
        if self.version == "1.1" {
            let pairs = |name: &str| -> HashMap<String, String> {
                let split =
                    |line: &str| line.split_once(' ').map(|(a, b)| (a.to_owned(), b.trim().to_owned()));
                file(&format!("effective/{name}")).lines().filter_map(split).collect()
            };
            (self.mcc, self.cc, self.exclusions) = (pairs("MCC.dat"), pairs("CC.dat"), pairs("CCE.dat"));
            return;
        }
        (self.mcc, self.cc) = (pages(&file("5_MCC.txt")), pages(&file("6_CC.txt")));
        let mut table = String::new();
        for line in file("7_CCE.txt").lines().map(str::trim) {
            match line.strip_prefix('表') {
                Some(number) if number.contains('-') => table = last_number(number),
                _ => drop(code(line).map(|code| self.exclusions.insert(code, table.clone()))),
            }
        }
    }
}

/// Each page begins with 疾病编码 and names as many codes as exclusion tables, in the same order; what a
/// page has too many of has no table.
fn pages(text: &str) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for page in text.split("疾病编码") {
        let codes = page.split_whitespace().filter_map(code);
        found.extend(codes.zip(tables(page)));
    }
    found
}

/// The exclusion tables of a page: `表 7-1`, `表7-1`, a number broken over lines, or 无.
fn tables(page: &str) -> Vec<String> {
    let words: Vec<&str> = page.split_whitespace().collect();
    let mut tables = Vec::new();
    let mut n = 0;
    while n < words.len() {
        if words[n] == "无" {
            tables.push("none".to_owned());
        } else if let Some(begun) = words[n].strip_prefix('表') {
            let mut number = begun.to_owned();
            while !number.contains('-') || number.ends_with('-') {
                n += 1;
                match words.get(n) {
                    Some(more) if more.bytes().all(|b| b.is_ascii_digit() || b == b'-') => number += more,
                    _ => break,
                }
            }
            tables.push(last_number(&number));
        }
        n += 1;
    }
    tables
}

fn last_number(text: &str) -> String {
    text.rsplit('-').next().unwrap_or_default().trim().to_owned()
}

/// The code that a line or word begins with.
fn code(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || ".x+*".contains(*c))
        .collect();
    (code.starts_with(|c: char| c.is_ascii_uppercase()) && code.find('.') == Some(3)).then_some(code)
}
