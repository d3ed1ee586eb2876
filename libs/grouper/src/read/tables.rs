use std::collections::BTreeMap;

use super::Files;
use super::lines::{lines, split_code};
use crate::source::{Anomaly, Codes, Places};

/// The files being read, with what was found wrong so far and where codes stand.
pub(super) struct Tables<'f> {
    files: &'f Files,
    pub(super) anomalies: Vec<Anomaly>,
    pub(super) places: Places,
}

impl<'f> Tables<'f> {
    pub(super) fn new(files: &'f Files) -> Self {
        Self { files, anomalies: Vec::new(), places: Places::default() }
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }

    pub(super) fn tell(&mut self, file: &str, line: usize, what: String) {
        self.anomalies.push(Anomaly::at(file, line, what));
    }

    /// Tells that a whole table is lost.
    pub(super) fn lose(&mut self, file: &str, what: &str) {
        self.anomalies.push(Anomaly::loss(file, what.to_owned()));
    }

    /// Tells that a table is lost if none of its lines was read, though the file is there.
    pub(super) fn expect_some(&mut self, file: &str, is_empty: bool) {
        if is_empty && self.has(file) {
            self.lose(file, "the file holds no code");
        }
    }

    /// The file's lines that hold something; a missing file is told and has none.
    pub(super) fn lines(&mut self, file: &str) -> impl Iterator<Item = (usize, &'f str)> + use<'f> {
        let text = self.files.get(file).map(String::as_str);
        if text.is_none() {
            self.lose(file, "the file is missing");
        }
        lines(text.unwrap_or_default())
    }

    /// Splits off the code of a line, telling of text that is glued to it.
    pub(super) fn code<'t>(
        &mut self,
        file: &str,
        line: usize,
        content: &'t str,
    ) -> Option<(&'t str, &'t str)> {
        let (code, rest) = split_code(content)?;
        if rest.starts_with(|c: char| !c.is_whitespace() && c != ',') {
            self.tell(file, line, format!("{code} has text glued to it, and is read without: {rest}"));
        }
        Some((code, rest))
    }

    /// A list of codes, one a line, after `skip` lines of heading.
    pub(super) fn codes(&mut self, file: &'static str, skip: usize) -> Codes {
        let mut codes = Codes::new();
        for (line, content) in self.lines(file).skip(skip) {
            match self.code(file, line, content) {
                Some((code, _)) => {
                    self.places.note(file, code, file, line);
                    if !codes.insert(code.to_owned()) {
                        self.tell(file, line, format!("{code} stands twice"));
                    }
                }
                None => self.tell(file, line, format!("no code: {content}")),
            }
        }
        codes
    }

    /// `code,table` or `code table` lines, after `skip` lines of heading.
    pub(super) fn exclusion_tables(&mut self, file: &'static str, skip: usize) -> BTreeMap<String, u16> {
        let mut tables = BTreeMap::new();
        for (line, content) in self.lines(file).skip(skip) {
            let Some((code, rest)) = self.code(file, line, content) else {
                self.tell(file, line, format!("no code: {content}"));
                continue;
            };
            match rest.trim_start_matches([',', ' ', '\t']).parse::<u16>() {
                Ok(table) => {
                    self.places.note(file, code, file, line);
                    if let Some(before) = tables.insert(code.to_owned(), table) {
                        self.tell(
                            file,
                            line,
                            format!("{code} stands twice, with table {before} and {table}"),
                        );
                    }
                }
                Err(_) => {
                    self.tell(file, line, format!("{code} has no number of an exclusion table: {rest}"))
                }
            }
        }
        self.expect_some(file, tables.is_empty());
        tables
    }
}
