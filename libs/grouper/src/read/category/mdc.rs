//! One MDC's file: its heading, lists with a name, how a case comes in, and its ADRGs with their rules.

use super::list::{Named, add_items};
use super::pattern::{Categories, Kind};
use crate::read::tables::Tables;

/// An MDC as its file says it.
#[derive(Debug, Default)]
pub(super) struct Mdc {
    pub(super) code: String,
    pub(super) name: String,
    /// Principal diagnoses that lead to it beside those of its medical ADRGs; several for body regions.
    pub(super) entries: Vec<Categories>,
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
}

#[derive(Debug)]
pub(super) enum Condition {
    /// A list, by what it tests.
    List(Tested, Categories),
    /// There is an operation (有手术).
    Operated,
    /// There is none (无手术).
    NotOperated,
    /// At most 28 days old (新生儿).
    Newborn,
    /// From 29 days to under one year (婴儿).
    Infant,
    /// Birth weight in grams, from..below (出生体重).
    BirthWeight(u16, u16),
}

/// What a list tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tested {
    PrincipalDiagnosis,
    OtherDiagnosis,
    AnyDiagnosis,
    PrincipalProcedure,
    AnyProcedure,
    OperationOutside,
}

impl Tested {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "主要诊断" => Self::PrincipalDiagnosis,
            "其他诊断" => Self::OtherDiagnosis,
            "任一诊断" => Self::AnyDiagnosis,
            "主要手术" => Self::PrincipalProcedure,
            "任一手术" => Self::AnyProcedure,
            "表外手术" => Self::OperationOutside,
            _ => return None,
        })
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::PrincipalDiagnosis | Self::OtherDiagnosis | Self::AnyDiagnosis => Kind::Diagnosis,
            Self::PrincipalProcedure | Self::AnyProcedure | Self::OperationOutside => Kind::Procedure,
        }
    }
}

/// Where a line without a heading of its own goes on.
enum Open {
    Nothing,
    Named(String),
    Entry,
    Condition,
}

/// Reads one file; what cannot be read is told and left out.
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
        adrg.ways.retain(|way| !way.conditions.is_empty());
        if adrg.ways.is_empty() {
            tables.tell(file, adrg.line, format!("{} has no rule", adrg.code));
        }
    }
    if mdc.code.is_empty() || !file.starts_with(&mdc.code) {
        tables.tell(file, 0, "the file has no heading of its MDC".to_owned());
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
        (flag, Some(_)) if rest.is_empty() && Condition::of_flag(flag).is_some() => {
            let flag = Condition::of_flag(flag);
            flag.into_iter().for_each(|condition| add_condition(mdc, line, condition));
        }
        (code, _) if is_mdc(code) && mdc.code.is_empty() => {
            code.clone_into(&mut mdc.code);
            rest.trim().clone_into(&mut mdc.name);
        }
        (code, _) if is_adrg(code) => {
            *open = Open::Nothing;
            return start_adrg(mdc, line, code, rest);
        }
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
        *open = Open::Entry;
    } else if of_mdc {
        return vec![format!("`{word}` stands before any ADRG")];
    } else if word == "出生体重" {
        return match weight(text.trim()) {
            Some(condition) => {
                add_condition(mdc, line, condition);
                Vec::new()
            }
            None => vec![format!("`{text}` is no band of grams such as 1500-1999")],
        };
    } else if let Some(tested) = Tested::of(word) {
        add_condition(mdc, line, Condition::List(tested, Categories::default()));
        *open = Open::Condition;
    } else {
        return vec![format!("no condition is called `{word}`")];
    }
    go_on(mdc, named, open, text)
}

/// Adds items to the list that is open.
fn go_on(mdc: &mut Mdc, named: &mut Named, open: &Open, text: &str) -> Vec<String> {
    let unread = || vec![format!("not understood: {text}")];
    match open {
        Open::Nothing => unread(),
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

fn add_condition(mdc: &mut Mdc, line: usize, condition: Condition) {
    let way = mdc.adrgs.last_mut().and_then(|adrg| adrg.ways.last_mut());
    if let Some(way) = way {
        if way.conditions.is_empty() {
            way.line = line;
        }
        way.conditions.push(condition);
    }
}

impl Condition {
    /// What it tests by a list.
    pub(super) fn list(&self) -> Option<(Tested, &Categories)> {
        if let Self::List(tested, list) = self { Some((*tested, list)) } else { None }
    }

    /// Whether it asks for age alone.
    pub(super) fn is_of_age(&self) -> bool {
        matches!(self, Self::Newborn | Self::Infant)
    }

    fn of_flag(word: &str) -> Option<Self> {
        Some(match word {
            "有手术" => Self::Operated,
            "无手术" => Self::NotOperated,
            "新生儿" => Self::Newborn,
            "婴儿" => Self::Infant,
            _ => return None,
        })
    }
}

/// `1500-1999`, `-1499`, `2500-`: grams, both ends within.
fn weight(text: &str) -> Option<Condition> {
    let (from, to) = text.split_once('-')?;
    let end = |text: &str, open: u16| if text.is_empty() { Some(open) } else { text.parse().ok() };
    Some(Condition::BirthWeight(end(from, 0)?, end(to, u16::MAX)?.saturating_add(1)))
}

fn is_mdc(code: &str) -> bool {
    code.strip_prefix("MDC")
        .is_some_and(|letter| letter.len() == 1 && letter.as_bytes()[0].is_ascii_uppercase())
}

fn is_adrg(code: &str) -> bool {
    let bytes = code.as_bytes();
    matches!(bytes, [a, b, c] if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit())
}
