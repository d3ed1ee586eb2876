use crate::read::lines::unwrapped;
use crate::read::tables::Tables;
use crate::source::Codes;

/// The file of the rules.
pub(super) const DETAIL: &str = "4_ADRG_DETAIL.txt";

/// What stands under one heading of the rules' file.
pub(super) struct Section {
    /// `MDCB` or `BB1`.
    pub(super) code: String,
    pub(super) title: String,
    pub(super) line: usize,
    pub(super) parts: Vec<Part>,
}

/// A part of a section, in its order.
pub(super) enum Part {
    /// `入组条件一：`, `或…`: another way begins.
    Way,
    /// `主要诊断+手术表 1`: a way in terms of named lists.
    Formula(String),
    /// `全部手术`.
    AllOperations,
    /// `除 WB1 手术表以外的手术`, with the ADRG.
    OperationsOutside(String),
    /// `且无手术`.
    NoOperation,
    /// `头颈部创伤`: the body region of the list that follows.
    Region(String),
    /// A list and the words over it, without spaces.
    List(List),
}

pub(super) struct List {
    pub(super) words: String,
    pub(super) codes: Codes,
}

impl Section {
    pub(super) fn regions(&self) -> impl Iterator<Item = &String> {
        self.parts.iter().filter_map(|part| if let Part::Region(name) = part { Some(name) } else { None })
    }

    pub(super) fn lists(&self) -> impl Iterator<Item = &List> {
        self.parts.iter().filter_map(|part| if let Part::List(list) = part { Some(list) } else { None })
    }
}

/// What the line before was: a wrapped one belongs to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Heading,
    Formula,
    Other,
}

/// Reads the sections of the rules' file.
pub(super) fn read(tables: &mut Tables<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut before = Before::Other;
    let mut wrapped = 0;
    for (line, content) in tables.lines(DETAIL) {
        if let Some((code, title)) = heading(content) {
            if sections.last().is_none_or(|last| last.code != code) {
                if sections.iter().any(|section| section.code == code) {
                    tables.tell(DETAIL, line, format!("{code} has a section already"));
                }
                let (code, title) = (code.to_owned(), unwrapped(title));
                sections.push(Section { code, title, line, parts: Vec::new() });
            } else if title.ends_with("主诊表") {
                add_part(
                    &mut sections,
                    Part::List(List { words: "主要诊断表".to_owned(), codes: Codes::new() }),
                );
            }
            before = Before::Heading;
            continue;
        }
        let Some(section) = sections.last_mut() else {
            if content.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            tables.tell(DETAIL, line, format!("before the first heading: {content}"));
            continue;
        };
        if let Some((code, _)) = tables.code(DETAIL, line, content) {
            add_code(tables, section, code, line);
            before = Before::Other;
        } else if let Some(formula) = unfinished_formula(section, before, content) {
            formula.push_str(&content.replace(' ', ""));
        } else if let Some(parts) = parts(content) {
            let formula = parts.iter().any(|part| matches!(part, Part::Formula(_)));
            before = if formula { Before::Formula } else { Before::Other };
            section.parts.extend(parts);
        } else if before == Before::Heading {
            section.title.push_str(&unwrapped(content));
        } else if !content.bytes().all(|b| b.is_ascii_digit()) {
            // No page number either: the rest of a name that the line was too short for.
            wrapped += 1;
            if looks_like_a_rule(content) {
                tables.tell(DETAIL, line, format!("{}: not understood: {content}", section.code));
            }
        }
    }
    tables.expect_some(DETAIL, sections.is_empty());
    if wrapped > 0 {
        tables.tell(DETAIL, 0, format!("{wrapped} lines are read as the rest of the name before them"));
    }
    sections
}

fn add_part(sections: &mut [Section], part: Part) {
    if let Some(section) = sections.last_mut() {
        section.parts.push(part);
    }
}

fn add_code(tables: &mut Tables<'_>, section: &mut Section, code: &str, line: usize) {
    let known = section.lists().any(|list| list.codes.contains(code));
    let Some(Part::List(list)) = section.parts.last_mut() else {
        tables.tell(DETAIL, line, format!("{}: {code} stands under no heading", section.code));
        return;
    };
    if !list.codes.insert(code.to_owned()) {
        tables.tell(DETAIL, line, format!("{}: {code} stands twice in one list", section.code));
    } else if !known {
        tables.places.note(&section.code, code, DETAIL, line);
    }
}

/// The formula before this line if the line must be the rest of it: `…+手术表` and `4`, `…操` and `作`.
fn unfinished_formula<'s>(section: &'s mut Section, before: Before, content: &str) -> Option<&'s mut String> {
    let Some(Part::Formula(formula)) = section.parts.last_mut() else { return None };
    let number = formula.ends_with("手术表") && content.bytes().all(|b| b.is_ascii_digit());
    let word = formula.ends_with('操') && content == "作";
    (before == Before::Formula && (number || word)).then_some(formula)
}

/// What a line between codes says, or nothing if it is the rest of a wrapped line.
fn parts(content: &str) -> Option<Vec<Part>> {
    let content = content.replace(' ', "");
    let (or, words) = match content.strip_prefix('或') {
        Some(rest) => (true, rest),
        None => (false, content.as_str()),
    };
    let mut parts = Vec::new();
    if let Some((condition, formula)) = words.split_once('：').filter(|_| words.starts_with("入组条件"))
    {
        debug_assert!(!condition.is_empty());
        parts.push(if formula.is_empty() { Part::Way } else { Part::Formula(formula.to_owned()) });
    } else if let Some(formula) = words.strip_prefix("包含以下").filter(|rest| rest.contains('+')) {
        parts.push(Part::Formula(formula.to_owned()));
    } else if let Some(words) = words.strip_suffix(['：', ':']) {
        if or {
            parts.push(Part::Way);
        }
        parts.push(Part::List(List { words: words.to_owned(), codes: Codes::new() }));
    } else if let Some(adrg) = words.strip_prefix("包含除").and_then(|rest| rest.split_once("手术表以外"))
    {
        parts.push(Part::OperationsOutside(adrg.0.to_owned()));
    } else {
        match words {
            "和" | "主诊表" => {
                parts.push(Part::List(List {
                    words: words.replace("主诊表", "主要诊断表"),
                    codes: Codes::new(),
                }));
            }
            "诊断表" => {
                parts.push(Part::List(List { words: "诊断表".to_owned(), codes: Codes::new() }))
            }
            "全部手术" | "包含全部手术" => parts.push(Part::AllOperations),
            _ if words.starts_with("符合MDC") && words.ends_with("且无手术") => {
                parts.push(Part::NoOperation)
            }
            // A body region: its list has its own heading.
            _ if words.ends_with("创伤") && words.chars().count() < 10 => {
                parts.push(Part::Region(words.to_owned()));
            }
            _ => return None,
        }
    }
    Some(parts)
}

fn looks_like_a_rule(content: &str) -> bool {
    ["包含", "入组条件", "手术表", "全部手术"].iter().any(|word| content.contains(word))
}

/// The code and title of `MDCB 神经系统…` or `BB1 脑创伤开颅术`.
fn heading(content: &str) -> Option<(&str, &str)> {
    let (code, title) = content.split_once(' ')?;
    let bytes = code.as_bytes();
    let mdc = bytes.len() == 4 && code.starts_with("MDC");
    let adrg = bytes.len() == 3 && bytes[..2].iter().all(u8::is_ascii_uppercase) && bytes[2].is_ascii_digit();
    (mdc || adrg).then_some((code, title))
}

#[cfg(test)]
mod unit_tests {
    use super::*;
    use crate::read::Files;

    fn read_text(text: &str) -> (Vec<Section>, Vec<String>) {
        let files: Files = [(DETAIL.to_owned(), text.to_owned())].into();
        let mut tables = Tables::new(&files);
        let sections = read(&mut tables);
        (sections, tables.anomalies.into_iter().map(|a| format!("{}: {}", a.line, a.what)).collect())
    }

    #[test]
    fn a_wrapped_title_formula_or_name_is_joined() {
        let (sections, told) = read_text(
            "JA1 乳房恶性肿瘤根治性切除伴乳房重\n建术\n入组条件 1：主要诊断+手术表 1+手术表\n4\n主要诊断：\n\
             C50.000 乳头和\n乳晕\n1070\nC50.100 乳房\n",
        );
        assert_eq!(sections[0].title, "乳房恶性肿瘤根治性切除伴乳房重建术");
        assert!(matches!(&sections[0].parts[0], Part::Formula(f) if f == "主要诊断+手术表1+手术表4"));
        assert_eq!(sections[0].lists().next().unwrap().codes.len(), 2);
        assert_eq!(told, ["0: 1 lines are read as the rest of the name before them"]);
    }

    #[test]
    fn what_stands_twice_or_under_no_heading_is_told_by_its_line() {
        let (_, told) =
            read_text("A01.000 伤寒\nBB1 开颅术\nI60.000 出血\n包含以下主要诊断：\nI60.000 甲\nI60.000 乙\n");
        assert_eq!(
            told,
            [
                "1: before the first heading: A01.000 伤寒",
                "3: BB1: I60.000 stands under no heading",
                "6: BB1: I60.000 stands twice in one list"
            ]
        );
    }
}
