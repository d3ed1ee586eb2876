//! Reads a scheme's tables into a [`Source`]: the official ones, or rules by category written by hand.
//!
//! Files come in as text by name, so that the library itself does no IO.

mod additions;
mod category;
mod code_lists;
mod conditions;
mod csv_layout;
pub(crate) mod lines;
mod tables;
mod text;
mod whole;

pub use additions::add_additions;
pub use code_lists::{CodeLists, WrongList, add_code_lists};

use std::collections::BTreeMap;

use crate::source::{Anomaly, Source};
use tables::Tables;

/// The file of what groupers do differently.
const CHOICES: &str = "CHOICES.txt";

/// A scheme's files: the name below its folder, and the text.
pub type Files = BTreeMap<String, String>;

/// How a scheme's tables are laid out; their files' names tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The official wording, a line a code: 1.0 and 1.1.
    Text,
    /// Rules by their form, codes by rule and list: 2.0.
    Csv,
    /// Rules by category, written by hand.
    Categories,
}

impl Layout {
    /// The layout that some file of a folder belongs to.
    #[must_use]
    pub fn of(files: &Files) -> Option<Self> {
        let has = |known: &[&str]| files.keys().any(|file| known.contains(&file.as_str()));
        if has(&csv_layout::OWN_FILES) {
            Some(Self::Csv)
        } else if files.keys().any(|file| category::is_one(file)) {
            Some(Self::Categories)
        } else {
            has(&text::FILES).then_some(Self::Text)
        }
    }
}

/// Reads a scheme's tables, in the layout that the files' names tell, and its choices.
///
/// Every line that cannot be read is told, with file and line.
#[must_use]
pub fn read_scheme(name: &str, files: &Files) -> (Source, Vec<Anomaly>) {
    let mut tables = Tables::new(files);
    let mut source = Source { name: name.to_owned(), ..Source::default() };
    match Layout::of(files) {
        Some(Layout::Csv) => csv_layout::read(&mut tables, &mut source),
        Some(Layout::Categories) => category::read(&mut tables, &mut source),
        Some(Layout::Text) | None => text::read(&mut tables, &mut source),
    }
    if files.contains_key(CHOICES) {
        choices(&mut tables, &mut source);
    }
    source.places = tables.places;
    (source, tables.anomalies)
}

/// Sets the choices that their file names.
fn choices(tables: &mut Tables<'_>, source: &mut Source) {
    for (line, content) in tables.lines(CHOICES) {
        if content.starts_with('#') {
            continue;
        }
        let set = match content.split_once('=') {
            Some((name, value)) => source.choices.set(name.trim(), value.trim()),
            None => Err(format!("no `name = value`: {content}")),
        };
        if let Err(what) = set {
            tables.tell(CHOICES, line, what);
        }
    }
}
