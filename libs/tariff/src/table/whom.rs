//! Whom a column is for, by the words of its heading.

use std::collections::{BTreeMap, BTreeSet};

use medfund_types::FundLine;

use crate::{Level, Scope};

/// What headings call things that a tariff does not know by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Fund lines by what headings call them, e.g. 职工.
    pub fund_lines: BTreeMap<String, FundLine>,
    /// Institutions' national codes by what headings call them in brackets; an institution whose code is not known by
    /// its word once more: what is for it pays nobody's case.
    pub institutions: BTreeMap<String, String>,
}

/// Words for fund lines: whoever uses one has to say which line it is.
const FUND_LINES: [&str; 2] = ["职工", "居民"];

/// What may stand in brackets and says nothing of whom it is for.
const UNITS: [&str; 5] = ["元", "万元", "例", "人次", "单位"];

/// What may stand outside of brackets and says nothing of whom it is for, no word after one that it begins with.
const PLAIN: [&str; 29] = [
    "支付标准",
    "付费标准",
    "结算标准",
    "标准",
    "支付",
    "付费",
    "结算",
    "金额",
    "差异系数",
    "调整系数",
    "系数",
    "定点医疗机构",
    "医疗机构",
    "机构",
    "医院",
    "住院",
    "基本医疗保险",
    "医疗保险",
    "医保",
    "DRG",
    "病组",
    "病种",
    "人次",
    "万元",
    "元",
    "每",
    "例",
    "单位",
    "的",
];

/// What stands between words.
const BETWEEN: [char; 12] = ['、', '/', ',', '，', ';', '；', ':', '：', '和', '及', '或', '与'];

/// Whom a heading without blanks is for: each of its levels and fund lines together, and the institutions that its
/// brackets name. The error is the word that is not understood.
pub(super) fn whom(heading: &str, words: &Words) -> Result<Vec<Scope>, String> {
    let mut found = Found::default();
    for (n, part) in heading.split(['(', ')']).enumerate() {
        if n % 2 == 0 {
            found.read_plain(part, words)?;
        } else {
            found.read_bracket(part, words)?;
        }
    }
    Ok(found.scopes())
}

#[derive(Default)]
struct Found {
    levels: BTreeSet<Level>,
    fund_lines: BTreeSet<FundLine>,
    institutions: BTreeSet<String>,
}

impl Found {
    /// `二、三级医院支付标准`: every word of it has to be known.
    fn read_plain(&mut self, text: &str, words: &Words) -> Result<(), String> {
        let (mut rest, mut unknown) = (text, String::new());
        while let Some(first) = rest.chars().next() {
            let Some((said, after)) = said(rest, words) else {
                unknown.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            };
            if !unknown.is_empty() {
                return Err(unknown);
            }
            match said {
                Said::Levels(levels) => self.levels.extend(levels),
                Said::FundLine(word) => {
                    self.fund_lines.insert(fund_line(word, words)?);
                }
                Said::Nothing => {}
            }
            rest = after;
        }
        if unknown.is_empty() { Ok(()) } else { Err(unknown) }
    }

    /// `(三级、职工)`, `(青医/市立)`, `(元)`, `(2025年)`.
    fn read_bracket(&mut self, text: &str, words: &Words) -> Result<(), String> {
        let items: Vec<&str> = text.split(['/', '、', ',', '，', ';', '；', ':', '：']).collect();
        let of_levels = items.iter().any(|item| level_of(item).is_some());
        for item in items.into_iter().filter(|item| !item.is_empty()) {
            let bare = item.replace("基本医疗保险", "").replace("医疗保险", "").replace("医保", "");
            let bare = bare.trim_start_matches("城镇").trim_start_matches("城乡");
            let is_year = after_year(item) == Some("");
            if let Some(named) = words.institutions.get(item) {
                self.institutions.insert(named.clone());
            } else if let Some(level) = level_of(item).or_else(|| numeral(item).filter(|_| of_levels)) {
                self.levels.insert(level);
            } else if words.fund_lines.contains_key(bare) || FUND_LINES.contains(&bare) {
                self.fund_lines.insert(fund_line(bare, words)?);
            } else if !is_year && !UNITS.contains(&item) {
                return Err(item.to_owned());
            }
        }
        Ok(())
    }

    fn scopes(self) -> Vec<Scope> {
        let each = |level: Option<Level>| {
            let lines: Vec<Option<FundLine>> = if_none(self.fund_lines.iter().cloned());
            let institutions = self.institutions.clone();
            lines.into_iter().map(move |fund_line| Scope {
                level,
                fund_line,
                institutions: institutions.clone(),
            })
        };
        if_none(self.levels.iter().copied()).into_iter().flat_map(each).collect()
    }
}

/// Each of them, or nothing once.
fn if_none<T>(values: impl Iterator<Item = T>) -> Vec<Option<T>> {
    let values: Vec<Option<T>> = values.map(Some).collect();
    if values.is_empty() { vec![None] } else { values }
}

fn fund_line(word: &str, words: &Words) -> Result<FundLine, String> {
    words.fund_lines.get(word).cloned().ok_or_else(|| word.to_owned())
}

/// What a word outside of brackets says of whom a column is for.
enum Said<'w> {
    Levels(Vec<Level>),
    FundLine(&'w str),
    Nothing,
}

/// What the words that a text begins with say, and what follows them.
fn said<'w>(text: &'w str, words: &'w Words) -> Option<(Said<'w>, &'w str)> {
    let named = words.fund_lines.keys().map(String::as_str).chain(FUND_LINES);
    let person = text.strip_prefix("城镇").or_else(|| text.strip_prefix("城乡")).unwrap_or(text);
    let line = named
        .filter(|word| !word.is_empty())
        .filter_map(|word| Some((word, text.strip_prefix(word).or_else(|| person.strip_prefix(word))?)))
        .max_by_key(|(word, _)| word.len());
    if let Some((word, after)) = line {
        return Some((Said::FundLine(word), after));
    }
    if let Some((levels, after)) = levels(text) {
        return Some((Said::Levels(levels), after));
    }
    let plain = || PLAIN.iter().find_map(|word| text.strip_prefix(word));
    let after = after_year(text).or_else(plain).or_else(|| text.strip_prefix(BETWEEN))?;
    Some((Said::Nothing, after))
}

/// The levels that a text begins with, and what follows them: `三级`, `二、三级`, `未定级`.
fn levels(text: &str) -> Option<(Vec<Level>, &str)> {
    let (before, after) = text.split_once('级')?;
    let levels: Option<Vec<Level>> =
        before.split(['、', '/', ',', '，', '和', '及', '或']).map(numeral).collect();
    Some((levels?, after))
}

/// What follows the year that a text begins with: `2025年`, `2025年度`, `2025`.
fn after_year(text: &str) -> Option<&str> {
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (text.len() - after.len() == 4)
        .then(|| after.strip_prefix("年度").or_else(|| after.strip_prefix('年')).unwrap_or(after))
}

/// `三级`, `三级医院`.
fn level_of(item: &str) -> Option<Level> {
    let item =
        ["定点医疗机构", "医疗机构", "医院"].iter().find_map(|end| item.strip_suffix(end)).unwrap_or(item);
    Level::ALL.into_iter().find(|level| level.zh() == item)
}

fn numeral(item: &str) -> Option<Level> {
    level_of(&format!("{item}级"))
}
