//! `COMPLICATIONS.txt`: exclusion tables (排除表), each with the principal diagnoses
//! that exclude and the MCC and CC that they take away.

use std::collections::{BTreeMap, BTreeSet};

use super::list::{Named, add_items};
use super::pattern::{Categories, Narrow};
use crate::read::lines::Kind;
use crate::read::tables::Tables;
use crate::source::{EXCLUDED_BY_NONE, Source};

pub(super) const FILE: &str = "COMPLICATIONS.txt";

/// One exclusion table.
#[derive(Debug, Default)]
pub(super) struct Table {
    number: u16,
    name: String,
    /// By [`List`].
    lists: [Categories; 3],
}

#[derive(Clone, Copy)]
enum List {
    Principal,
    Mcc,
    Cc,
}

/// Reads the file; what cannot be read is told and left out.
pub(super) fn read(tables: &mut Tables<'_>) -> Vec<Table> {
    let mut read: Vec<Table> = Vec::new();
    let mut open = None;
    for (line, content) in tables.lines(FILE) {
        let content = content.split('#').next().unwrap_or_default().trim();
        if content.is_empty() {
            continue;
        }
        if let Some(heading) = content.strip_prefix("排除表 ") {
            open = None;
            let (word, name) = heading.split_once(char::is_whitespace).unwrap_or((heading, ""));
            let number = if word == "无" { Some(EXCLUDED_BY_NONE) } else { word.parse().ok() };
            match number.filter(|&number| number > 0 && read.iter().all(|table| table.number != number)) {
                Some(number) => read.push(Table { number, name: name.trim().to_owned(), ..Table::default() }),
                None => tables.tell(FILE, line, format!("`{word}` is no number of a new exclusion table")),
            }
            continue;
        }
        let (list, text) = match content.split_once([':', '：']).map(|(word, text)| (word.trim(), text)) {
            Some(("主要诊断", text)) => (Some(List::Principal), text),
            Some(("MCC", text)) => (Some(List::Mcc), text),
            Some(("CC", text)) => (Some(List::Cc), text),
            Some((word, _)) => {
                tables.tell(FILE, line, format!("no list is called `{word}`"));
                continue;
            }
            None => (open, content),
        };
        open = list;
        let (Some(list), Some(table)) = (list, read.last_mut()) else {
            tables.tell(FILE, line, format!("not understood: {content}"));
            continue;
        };
        if matches!(list, List::Principal) && table.number == EXCLUDED_BY_NONE {
            tables.tell(FILE, line, format!("nothing excludes what stands under 排除表 无: {content}"));
            continue;
        }
        let wrong = add_items(&mut table.lists[list as usize], text, Kind::Diagnosis, &Named::new());
        wrong.into_iter().for_each(|what| tables.tell(FILE, line, what));
    }
    read
}

impl Table {
    /// Every category that the table names.
    pub(super) fn named(&self) -> impl Iterator<Item = &String> {
        self.lists.iter().flat_map(Categories::named)
    }
}

/// Notes for each category what it counts as; the narrowest pattern decides, and of equals the first.
pub(super) fn weigh(source: &mut Source, tables: &[Table], all: &BTreeSet<String>) {
    let mut weights: BTreeMap<String, (Narrow, bool, u16)> = BTreeMap::new();
    let mut excluding: BTreeMap<String, (Narrow, u16)> = BTreeMap::new();
    for table in tables {
        for (list, major) in [(List::Mcc, true), (List::Cc, false)] {
            for (category, narrow) in table.lists[list as usize].among(all) {
                let weight = weights.entry(category).or_insert((Narrow::default(), major, table.number));
                if weight.0 < narrow {
                    *weight = (narrow, major, table.number);
                }
            }
        }
        for (category, narrow) in table.lists[List::Principal as usize].among(all) {
            let by = excluding.entry(category).or_insert((Narrow::default(), table.number));
            if by.0 < narrow {
                *by = (narrow, table.number);
            }
        }
    }
    for (category, (_, major, number)) in weights {
        if major { &mut source.mcc } else { &mut source.cc }.insert(category, number);
    }
    let named = tables.iter().filter(|table| !table.name.is_empty());
    source.exclusion_names = named.map(|table| (table.number, table.name.clone())).collect();
    source.excluded_by = excluding.into_iter().map(|(category, (_, number))| (category, number)).collect();
}
