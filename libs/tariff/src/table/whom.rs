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

/// What narrows or widens what stands beside it, outside of brackets.
const TURNS: [&str; 9] = ["及以上", "以上", "以下", "除", "非", "其他", "甲等", "乙等", "丙等"];

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
    /// `二、三级医院支付标准`.
    fn read_plain(&mut self, text: &str, words: &Words) -> Result<(), String> {
        let turned = TURNS.iter().find(|word| text.contains(*word)).filter(|_| text.contains('级'));
        if let Some(word) = turned {
            return Err((*word).to_owned());
        }
        for begun in text.split_inclusive('级').filter(|begun| begun.ends_with('级')) {
            let before = begun.trim_end_matches('级');
            let last =
                before.rsplit(|c: char| !"一二三、/,，和及或未定".contains(c)).next().unwrap_or_default();
            self.levels.extend(levels(last));
        }
        let named = words.fund_lines.keys().map(String::as_str).chain(FUND_LINES);
        for word in named.filter(|word| text.contains(word)) {
            self.fund_lines.insert(fund_line(word, words)?);
        }
        Ok(())
    }

    /// `(三级、职工)`, `(青医/市立)`, `(元)`, `(2025年)`.
    fn read_bracket(&mut self, text: &str, words: &Words) -> Result<(), String> {
        let items: Vec<&str> = text.split(['/', '、', ',', '，', ';', '；', ':', '：']).collect();
        let of_levels = items.iter().any(|item| level_of(item).is_some());
        for item in items.into_iter().filter(|item| !item.is_empty()) {
            let bare = item.replace("基本医疗保险", "").replace("医疗保险", "").replace("医保", "");
            let bare = bare.trim_start_matches("城镇").trim_start_matches("城乡");
            let is_year =
                item.trim_end_matches("年度").trim_end_matches('年').bytes().all(|b| b.is_ascii_digit());
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

/// The levels before a `级`: `二、三`, `未定`.
fn levels(text: &str) -> impl Iterator<Item = Level> {
    text.split(['、', '/', ',', '，', '和', '及', '或']).filter_map(|word| level_of(&format!("{word}级")))
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
