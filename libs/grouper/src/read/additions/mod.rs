//! A region's additions (地方增补) on top of a scheme's tables: new groups, sub-groups by
//! conditions, changed lists and names. The format stands in the crate's README.

mod group;
mod lists;
#[cfg(test)]
mod unit_tests;

use std::collections::BTreeSet;

use super::conditions::{Tested, flag, measured};
use super::lines::{Kind, split_code};
use super::tables::Tables;
use super::{CHOICES, Files, choices};
use crate::compile::{all_diagnoses, all_procedures};
use crate::source::{Anomaly, Codes, Source, TestSource};
use group::Group;

/// Adds a region's additions to a scheme: the files' statements in the order of the files' names.
///
/// Every line that cannot be read or contradicts what stands before it is told, with file and
/// line, and left out; a group of which a condition cannot be read is left out whole, since
/// without that condition it would take in more than it says.
#[must_use]
pub fn add_additions(source: &mut Source, files: &Files) -> Vec<Anomaly> {
    let mut tables = Tables::new(files);
    let mut reader = Reader { known: Known::of(source), source, open: None, list: None, told: Vec::new() };
    for file in files.keys().filter(|file| *file != CHOICES) {
        for (line, content) in tables.lines(file) {
            let content = content.split('#').next().unwrap_or_default().trim();
            if !content.is_empty() {
                let wrong = reader.read_line(Place { file, line }, content);
                reader.told.extend(wrong.into_iter().map(|what| (line, what)));
            }
        }
        reader.close();
        reader.told.drain(..).for_each(|(line, what)| tables.tell(file, line, what));
    }
    if tables.has(CHOICES) {
        choices(&mut tables, source);
    }
    tables.anomalies
}

/// Where a statement stands.
#[derive(Clone, Copy)]
struct Place<'f> {
    file: &'f str,
    line: usize,
}

struct Reader<'s, 'f> {
    source: &'s mut Source,
    known: Option<Known>,
    /// The group whose conditions are being read.
    open: Option<Group<'f>>,
    /// What the list asks for that the next line may go on with.
    list: Option<Tested>,
    /// What is wrong in the file so far, by its line.
    told: Vec<(usize, String)>,
}

/// The categories that a scheme of categories tells apart.
struct Known {
    diagnoses: BTreeSet<String>,
    procedures: BTreeSet<String>,
}

impl Known {
    fn of(source: &Source) -> Option<Self> {
        let owned = |codes: BTreeSet<&str>| codes.into_iter().map(str::to_owned).collect();
        source.by_category.then(|| Self {
            diagnoses: owned(all_diagnoses(source)),
            procedures: owned(all_procedures(source)),
        })
    }
}

impl<'f> Reader<'_, 'f> {
    /// Reads one line; gives back what is wrong with it.
    fn read_line(&mut self, place: Place<'f>, content: &str) -> Vec<String> {
        let list = self.list.take();
        if let Some((head, text)) = content.split_once([':', '：']) {
            return self.read_colon(place, head.trim(), text);
        }
        let (word, rest) = content.split_once(char::is_whitespace).unwrap_or((content, ""));
        let rest = rest.trim();
        match (word, &mut self.open) {
            ("新增" | "细分" | "改名" | "取消", _) => {
                self.close();
                self.read_statement(place, word, rest).err().into_iter().collect()
            }
            ("先于", Some(group)) => {
                group.before(rest).err().map_or_else(Vec::new, |what| group.broken(what))
            }
            ("或", Some(group)) if rest.is_empty() => {
                group.ways.push(Vec::new());
                Vec::new()
            }
            (word, Some(group)) if rest.is_empty() && flag(word).is_some() => {
                flag(word).into_iter().for_each(|test| group.add(test));
                Vec::new()
            }
            (_, Some(_)) if list.is_some() => {
                list.map(|tested| self.go_on(tested, place, content)).unwrap_or_default()
            }
            (_, Some(group)) => group.broken(format!("not understood: {content}")),
            (_, None) => vec![format!("not understood: {content}")],
        }
    }

    fn read_statement(&mut self, place: Place<'f>, word: &str, rest: &str) -> Result<(), String> {
        let (code, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let rest = rest.trim();
        match word {
            "改名" => group::rename(self.source, code, rest),
            "取消" => group::remove(self.source, code),
            "细分" => {
                self.open = Some(Group::division(self.source, place, code, rest)?);
                Ok(())
            }
            _ if code.len() == 4 => group::add_drg(self.source, code, rest),
            _ => {
                self.open = Some(Group::adrg(self.source, place, code, rest)?);
                Ok(())
            }
        }
    }

    /// A line with a colon: a changed list, or a condition of the group that is open.
    fn read_colon(&mut self, place: Place<'f>, head: &str, text: &str) -> Vec<String> {
        let change = [("列入", true), ("移出", false)]
            .into_iter()
            .find_map(|(word, adds)| Some((head.strip_prefix(word)?.trim(), adds)));
        if let Some((target, adds)) = change {
            self.close();
            return match lists::Target::of(target, self.source) {
                Ok(target) => {
                    let (codes, mut wrong) = self.codes(text, target.kind(self.source));
                    wrong.extend(target.change(self.source, &codes, adds, place));
                    wrong
                }
                Err(what) => vec![what],
            };
        }
        let Some(group) = &mut self.open else {
            return vec![format!("`{head}` stands under no new group")];
        };
        match (Tested::of(head), measured(head, text)) {
            (Some(tested), _) => {
                group.add(tested.with(Codes::new()));
                self.go_on(tested, place, text)
            }
            (None, Some(Ok(test))) => {
                group.add(test);
                Vec::new()
            }
            (None, Some(Err(what))) => group.broken(what),
            (None, None) => group.broken(format!("no condition is called `{head}`")),
        }
    }

    /// Adds codes to the condition that stands last.
    fn go_on(&mut self, tested: Tested, place: Place<'f>, text: &str) -> Vec<String> {
        self.list = Some(tested);
        let (codes, mut wrong) = self.codes(text, tested.kind());
        let Some(group) = &mut self.open else { return wrong };
        // Of operations that do not count a missing code takes cases in; a line without any may be anything.
        let widens = tested == Tested::OperationOutside && !wrong.is_empty();
        group.is_broken |= widens || (codes.is_empty() && !wrong.is_empty());
        for code in codes {
            self.source.places.note(&group.code, &code, place.file, place.line);
            let list = group.last().and_then(TestSource::codes_mut);
            if list.is_some_and(|list| !list.insert(code.clone())) {
                wrong.push(format!("{code} stands in the list already"));
            }
        }
        wrong
    }

    /// Ends the group that is open; what is wrong with it is told by its line.
    fn close(&mut self) {
        self.list = None;
        if let Some(group) = self.open.take() {
            let line = group.line();
            self.told.extend(group.add_to(self.source).err().map(|what| (line, what)));
        }
    }

    /// The codes of a text: items with `;` between them, each a code and, if it has one, its name.
    fn codes(&self, text: &str, kind: Kind) -> (Codes, Vec<String>) {
        let (mut codes, mut wrong) = (Codes::new(), Vec::new());
        for item in text.split([';', '；']).map(str::trim).filter(|item| !item.is_empty()) {
            let mut words = item.split_whitespace();
            let word = words.next().unwrap_or_default();
            match self.code(word, kind) {
                Ok(code) => {
                    if !codes.insert(code) {
                        wrong.push(format!("{word} stands twice"));
                    }
                }
                Err(what) => wrong.push(what),
            }
            if let Some(second) = words.find(|word| split_code(word).is_some()) {
                wrong.push(format!("`{second}` stands behind a name; `;` begins a new item"));
            }
        }
        (codes, wrong)
    }

    fn code(&self, word: &str, kind: Kind) -> Result<String, String> {
        if let Some(Known { diagnoses, procedures }) = &self.known {
            let category =
                word.strip_suffix('*').map_or_else(|| word.to_owned(), |dagger| format!("+{dagger}"));
            let known = if kind == Kind::Diagnosis { diagnoses } else { procedures };
            let missing = || format!("the scheme tells no category `{word}` of {} apart", kind.name());
            return known.contains(&category).then_some(category).ok_or_else(missing);
        }
        match split_code(word) {
            Some((code, "")) if Kind::of(code) == kind => Ok(code.to_owned()),
            _ => Err(format!("`{word}` is no code of {}", kind.name())),
        }
    }
}
