//! One MDC's file: its heading, lists with a name, how a case comes in, and its ADRGs with their rules.

use super::list::{Named, add_items, names_codes};
use super::pattern::Categories;
use crate::read::conditions::{Tested, flag, measured};
use crate::read::lines::Kind;
use crate::read::tables::Tables;
use crate::source::TestSource;

/// An MDC as its file says it.
#[derive(Debug, Default)]
pub(super) struct Mdc {
    pub(super) code: String,
    pub(super) name: String,
    /// Principal diagnoses that lead to it beside those of its medical ADRGs; several for body regions.
    pub(super) entries: Vec<Categories>,
    /// What its body regions are called.
    pub(super) regions: Vec<String>,
    pub(super) adrgs: Vec<Adrg>,
}

#[derive(Debug)]
pub(super) struct Adrg {
    pub(super) code: String,
    pub(super) name: String,
    /// The fourth characters of its DRGs.
    pub(super) severities: String,
    pub(super) ways: Vec<Way>,
    pub(super) line: usize,
}

/// One way into an ADRG: all of its conditions hold.
#[derive(Debug, Default)]
pub(super) struct Way {
    pub(super) conditions: Vec<Condition>,
    pub(super) line: usize,
    /// A line of it was not understood: without that condition it would take in more than it says.
    broken: bool,
}

#[derive(Debug)]
pub(super) enum Condition {
    /// A list, by what it tests.
    List(Tested, Categories),
    /// What asks for no list.
    Plain(TestSource),
}

/// Where a line without a heading of its own goes on.
enum Open {
    Nothing,
    Named(String),
    Entry,
    Condition,
}

/// Reads one file; what cannot be read is told and left out, and with a condition its whole way.
pub(super) fn read(tables: &mut Tables<'_>, file: &'static str) -> Mdc {
    let mut mdc = Mdc::default();
    let mut named = Named::new();
    let mut open = Open::Nothing;
    for (line, content) in tables.lines(file) {
        let content = content.split('#').next().unwrap_or_default().trim();
        if content.is_empty() {
            continue;
        }
        let read = read_line(&mut mdc, &mut named, &mut open, line, content);
        read.into_iter().for_each(|what| tables.tell(file, line, what));
    }
    let used: Vec<&str> = tables.lines(file).flat_map(|(_, line)| line.split_whitespace()).collect();
    let is_used =
        |name: &str| used.iter().any(|word| word.trim_end_matches([';', '；']) == format!("@{name}"));
    for name in named.keys().filter(|name| !is_used(name)) {
        tables.tell(file, 0, format!("nothing uses the list `{name}`"));
    }
    for adrg in &mut mdc.adrgs {
        for way in adrg.ways.iter().filter(|way| way.is_broken()) {
            let what = format!("{}: this way is left out, not all of it was understood", adrg.code);
            tables.tell(file, way.line, what);
        }
        adrg.ways.retain(|way| !way.conditions.is_empty() && !way.is_broken());
        if adrg.ways.is_empty() {
            tables.tell(file, adrg.line, format!("{} has no rule", adrg.code));
        }
    }
    if mdc.code.is_empty() || !file.starts_with(&mdc.code) {
        tables.lose(file, "the file has no heading of its MDC");
    }
    mdc
}

/// Reads one line; gives back what is wrong with it.
fn read_line(mdc: &mut Mdc, named: &mut Named, open: &mut Open, line: usize, content: &str) -> Vec<String> {
    if let Some((word, text)) = content.split_once([':', '：']) {
        return read_list(mdc, named, open, line, word.trim(), text);
    }
    let (word, rest) = content.split_once(char::is_whitespace).unwrap_or((content, ""));
    match (word, mdc.adrgs.last_mut()) {
        ("或", Some(adrg)) if rest.is_empty() => adrg.ways.push(Way { line, ..Way::default() }),
        (word, Some(_)) if rest.is_empty() && flag(word).is_some() => {
            flag(word).into_iter().for_each(|test| add_condition(mdc, line, Condition::Plain(test)));
        }
        (code, _) if is_mdc(code) && mdc.code.is_empty() => {
            code.clone_into(&mut mdc.code);
            rest.trim().clone_into(&mut mdc.name);
        }
        (code, _) if is_adrg(code) => {
            *open = Open::Nothing;
            return start_adrg(mdc, line, code, rest);
        }
        (_, Some(_)) if !names_codes(content) => return broken(mdc, format!("not understood: {content}")),
        _ => return go_on(mdc, named, open, content),
    }
    *open = Open::Nothing;
    Vec::new()
}

/// `FB2 心脏瓣膜手术 / 1 5`.
fn start_adrg(mdc: &mut Mdc, line: usize, code: &str, rest: &str) -> Vec<String> {
    let (name, severities) = rest.rsplit_once('/').unwrap_or((rest, ""));
    let severities: String = severities.split_whitespace().collect();
    let mut wrong = Vec::new();
    if name.trim().is_empty() || severities.is_empty() || !severities.chars().all(|c| "1359".contains(c)) {
        wrong.push(format!("{code} wants its name and, after `/`, the last digits of its DRGs: 1 3 5 9"));
    }
    if mdc.code.get(3..) != code.get(..1) {
        wrong.push(format!("{code} is no ADRG of {}", mdc.code));
    }
    if mdc.adrgs.iter().any(|adrg| adrg.code == code) {
        wrong.push(format!("{code} stands twice"));
    }
    let (code, name) = (code.to_owned(), name.trim().to_owned());
    let ways = vec![Way { line, ..Way::default() }];
    mdc.adrgs.push(Adrg { code, name, severities, ways, line });
    wrong
}

/// A line with a colon: what the list is, and its first items.
fn read_list(
    mdc: &mut Mdc,
    named: &mut Named,
    open: &mut Open,
    line: usize,
    word: &str,
    text: &str,
) -> Vec<String> {
    *open = Open::Nothing;
    let of_mdc = mdc.adrgs.is_empty();
    if let Some(name) = word.strip_prefix("诊断表 ").or_else(|| word.strip_prefix("手术表 ")) {
        let kind = if word.starts_with("诊断表") { Kind::Diagnosis } else { Kind::Procedure };
        let name = name.trim().to_owned();
        if named.insert(name.clone(), (kind, Categories::default())).is_some() {
            return vec![format!("the list `{name}` stands twice")];
        }
        *open = Open::Named(name);
    } else if of_mdc && (word == "主要诊断" || word.starts_with("部位 ")) {
        mdc.entries.push(Categories::default());
        mdc.regions.extend(word.strip_prefix("部位 ").map(|region| region.trim().to_owned()));
        *open = Open::Entry;
    } else if of_mdc {
        return vec![format!("`{word}` stands before any ADRG")];
    } else if let Some(test) = measured(word, text) {
        return match test {
            Ok(test) => {
                add_condition(mdc, line, Condition::Plain(test));
                Vec::new()
            }
            Err(what) => broken(mdc, what),
        };
    } else if let Some(tested) = Tested::of(word) {
        add_condition(mdc, line, Condition::List(tested, Categories::default()));
        *open = Open::Condition;
    } else {
        return broken(mdc, format!("no condition is called `{word}`"));
    }
    go_on(mdc, named, open, text)
}

/// Adds items to the list that is open.
fn go_on(mdc: &mut Mdc, named: &mut Named, open: &Open, text: &str) -> Vec<String> {
    let unread = || vec![format!("not understood: {text}")];
    match open {
        Open::Nothing => broken(mdc, format!("not understood: {text}")),
        Open::Named(name) => {
            let Some((kind, mut list)) = named.remove(name) else { return unread() };
            let wrong = add_items(&mut list, text, kind, named);
            named.insert(name.clone(), (kind, list));
            wrong
        }
        Open::Entry => match mdc.entries.last_mut() {
            Some(list) => add_items(list, text, Kind::Diagnosis, named),
            None => unread(),
        },
        Open::Condition => {
            let last = mdc.adrgs.last_mut().and_then(|adrg| adrg.ways.last_mut());
            match last.and_then(|way| way.conditions.last_mut()) {
                Some(Condition::List(tested, list)) => add_items(list, text, tested.kind(), named),
                _ => unread(),
            }
        }
    }
}

/// Marks the way that is being read: a line of it was not understood.
fn broken(mdc: &mut Mdc, what: String) -> Vec<String> {
    if let Some(way) = mdc.adrgs.last_mut().and_then(|adrg| adrg.ways.last_mut()) {
        way.broken = true;
    }
    vec![what]
}

fn add_condition(mdc: &mut Mdc, line: usize, condition: Condition) {
    let way = mdc.adrgs.last_mut().and_then(|adrg| adrg.ways.last_mut());
    if let Some(way) = way {
        if way.conditions.is_empty() {
            way.line = line;
        }
        way.conditions.push(condition);
    }
}

impl Way {
    /// Whether it would take in more than it says: a condition is missing, or codes of operations
    /// that do not count.
    fn is_broken(&self) -> bool {
        let mut lists = self.conditions.iter().filter_map(Condition::list);
        self.broken || lists.any(|(tested, list)| tested == Tested::OperationOutside && list.torn)
    }
}

impl Condition {
    /// What it tests by a list.
    pub(super) fn list(&self) -> Option<(Tested, &Categories)> {
        if let Self::List(tested, list) = self { Some((*tested, list)) } else { None }
    }

    /// Whether it asks for age alone.
    pub(super) fn is_of_age(&self) -> bool {
        matches!(self, Self::Plain(TestSource::Newborn | TestSource::Infant))
    }
}

fn is_mdc(code: &str) -> bool {
    code.strip_prefix("MDC")
        .is_some_and(|letter| letter.len() == 1 && letter.as_bytes()[0].is_ascii_uppercase())
}

fn is_adrg(code: &str) -> bool {
    let bytes = code.as_bytes();
    matches!(bytes, [a, b, c] if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit())
}
