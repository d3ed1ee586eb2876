//! 1.0, 1.0-revised, 1.1 and 1.1-beijing, from their wording: headings, words and codes, a line each.

use super::{Codes, Condition, SlowGrouper, first_word};
use crate::tables::text;

/// What stands under a heading: words, and the codes that follow them.
type Parts = Vec<(String, Codes)>;

impl SlowGrouper {
    pub(super) fn read_words(&mut self) {
        let blocks = blocks(&text(&format!("{}/4_ADRG_DETAIL.txt", self.version)));
        for (code, parts) in &blocks {
            if let Some(letter) = code.strip_prefix("MDC") {
                let lists = parts.iter().map(|(_, codes)| codes.clone()).filter(|codes| !codes.is_empty());
                self.tables.insert(letter.chars().next().unwrap(), lists.collect());
                continue;
            }
            for mut way in self.special(code, parts, &blocks).unwrap_or_else(|| vec![plain(code, parts)]) {
                match code.as_str() {
                    "PV1" => way.push(Condition::Days(29, 364)),
                    "PS1" => way.extend([Condition::Days(0, 28), Condition::Grams(0, 1499)]),
                    "PS2" => way.extend([Condition::Days(0, 28), Condition::Grams(1500, 1999)]),
                    "PS3" => way.extend([Condition::Days(0, 28), Condition::Grams(2000, 2499)]),
                    "PT1" if !self.version.starts_with("1.1") => {
                        way.extend([Condition::Days(0, 28), Condition::Grams(1500, 2499)]);
                    }
                    "PT2" if !self.version.starts_with("1.1") => {
                        way.extend([Condition::Days(0, 28), Condition::Grams(2500, 65_534)]);
                    }
                    "PS4" => way.extend([Condition::Days(0, 28), Condition::Grams(2500, 65_534)]),
                    _ if code.starts_with('P') => way.push(Condition::Days(0, 28)),
                    _ => {}
                }
                assert!(!way.is_empty(), "{code}");
                self.rules.push((code.clone(), way));
            }
        }
        let drgs = text(&format!("{}/3_DRG.txt", self.version));
        self.drgs =
            drgs.trim_start_matches('\u{feff}').lines().map(first_word).filter(|w| !w.is_empty()).collect();
        self.read_complications();
        for condition in self.rules.iter().flat_map(|(_, conditions)| conditions) {
            match condition {
                Condition::PrincipalProcedure(codes) | Condition::OperationNotIn(codes) => {
                    self.operations.extend(codes.iter().cloned());
                }
                Condition::Procedures(lists) => self.operations.extend(lists.iter().flatten().cloned()),
                Condition::PrincipalDiagnosis(_)
                | Condition::AnyDiagnosis(_)
                | Condition::OtherDiagnosis(_)
                | Condition::Operation
                | Condition::NoOperation
                | Condition::Days(..)
                | Condition::Grams(..) => {}
            }
        }
    }

    /// The rules that only their title tells, or that combine their lists in a way of their own, as a
    /// reader of each version understands them.
    fn special(&self, code: &str, parts: &Parts, all: &[(String, Parts)]) -> Option<Vec<Vec<Condition>>> {
        use Condition::{
            NoOperation, Operation, OperationNotIn, OtherDiagnosis, PrincipalDiagnosis, PrincipalProcedure,
            Procedures,
        };
        let list = |words: &str| {
            parts.iter().find(|part| part.0 == words).unwrap_or_else(|| panic!("{code}: {words}")).1.clone()
        };
        let of = |other: &str| -> Codes {
            let (_, parts) = all.iter().find(|(code, _)| code == other).unwrap();
            let codes = parts.iter().flat_map(|part| &part.1);
            codes.filter(|code| code.starts_with(|c: char| c.is_ascii_digit())).cloned().collect()
        };
        Some(match (self.version.as_str(), code) {
            ("1.0", "SB1" | "TB1" | "VC1" | "WJ1" | "XJ1") => vec![vec![Operation]],
            ("1.0", "ZZ1") => vec![vec![NoOperation]],
            ("1.0-revised", "VC1") => vec![vec![PrincipalProcedure(of("JD2"))]],
            ("1.0-revised" | "1.1" | "1.1-beijing", "WJ1") => {
                let mut way = plain(code, parts);
                way.push(OperationNotIn(of("WB1")));
                vec![way]
            }
            ("1.0" | "1.0-revised" | "1.1", "YC1") => {
                let mut way = plain(code, parts);
                way.push(Operation);
                vec![way]
            }
            ("1.0-revised", "AH1") => vec![
                vec![Procedures(vec![list("手术同时包含"), list("和")])],
                vec![Procedures(vec![list("手术包含")])],
            ],
            ("1.1-beijing", "AH1") => vec![
                vec![OtherDiagnosis(list("其他诊断")), PrincipalProcedure(list("手术表2"))],
                vec![Procedures(vec![list("手术表1"), list("手术表2")])],
                vec![PrincipalProcedure(list("手术表3"))],
            ],
            ("1.1-beijing", "IB1") => vec![
                vec![Procedures(vec![list("包含以下手术或操作")])],
                vec![
                    PrincipalDiagnosis(list("或同时包含以下主要诊断和手术操作")),
                    Procedures(vec![list("和")]),
                ],
            ],
            ("1.1-beijing", "WB1") => {
                let grafts = || PrincipalProcedure(list("主要手术或操作"));
                vec![
                    vec![PrincipalDiagnosis(list("主要诊断")), grafts()],
                    vec![OtherDiagnosis(list("其他诊断")), grafts()],
                ]
            }
            ("1.1-beijing", "WR1") => vec![
                vec![PrincipalDiagnosis(list("包含以下主要诊断"))],
                vec![OtherDiagnosis(list("或包含以下其他诊断"))],
            ],
            ("1.1" | "1.1-beijing", "JA1") => {
                let table = |names: [&str; 2]| {
                    names.iter().find_map(|name| parts.iter().find(|part| part.0 == *name)).unwrap().1.clone()
                };
                let first = table(["手术表1", "手术1"]);
                let fourth = table(["手术表4", "包含以下主要手术或操作4"]);
                let of_breast = || PrincipalDiagnosis(list("主要诊断"));
                let [second, third] = [table(["手术表2", "手术2"]), table(["手术表3", "手术3"])];
                vec![
                    vec![of_breast(), Procedures(vec![first.clone(), second])],
                    vec![of_breast(), Procedures(vec![first, third, fourth])],
                ]
            }
            ("1.1" | "1.1-beijing", "JA2" | "NA1") => {
                let table = |n: u8| {
                    let named = |part: &&(String, Codes)| {
                        part.0 == format!("手术表{n}") || part.0 == format!("手术{n}")
                    };
                    parts.iter().find(named).unwrap().1.clone()
                };
                let principal = || PrincipalDiagnosis(list("主要诊断"));
                vec![
                    vec![principal(), PrincipalProcedure(table(1))],
                    vec![principal(), Procedures(vec![table(2), table(3)])],
                ]
            }
            _ => return None,
        })
    }
}

/// The headings of a text in their order, each with what stands under it.
fn blocks(text: &str) -> Vec<(String, Parts)> {
    let mut blocks: Vec<(String, Parts)> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty()) {
        let code: String = line
            .chars()
            .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || ".x+*".contains(*c))
            .collect();
        let is_code = matches!(code.find('.'), Some(2 | 3));
        let word = first_word(line);
        let is_heading = word.is_ascii()
            && line.contains(' ')
            && (word.len() == 3 && word.starts_with(|c: char| c.is_ascii_uppercase())
                || word.starts_with("MDC"));
        if is_code {
            // A wrapped name may begin like a code before anything stands.
            if let Some(part) = blocks.last_mut().and_then(|block| block.1.last_mut()) {
                part.1.insert(code);
            }
        } else if is_heading {
            if blocks.last().is_none_or(|block| block.0 != word) {
                blocks.push((word, Parts::new()));
            }
        } else if let Some(block) = blocks.last_mut() {
            let words = line.replace(' ', "");
            let meant = words.trim_end_matches(['：', ':']).to_owned();
            if words.ends_with(['：', ':'])
                || ONE_WORD.contains(&words.as_str())
                || words.contains("手术表以外")
            {
                block.1.push((meant, Codes::new()));
            }
        }
    }
    blocks
}

/// Lines that mean something without a colon at their end.
const ONE_WORD: [&str; 8] = [
    "和",
    "主诊表",
    "诊断表",
    "全部手术",
    "包含全部手术",
    "符合MDCZ主诊表，且无手术",
    "符合MDCZ诊断表，且无手术",
    "创伤",
];

/// A rule all of whose lists must be met.
fn plain(code: &str, parts: &Parts) -> Vec<Condition> {
    let mut way = Vec::new();
    let mut together = Vec::new();
    for (words, codes) in parts {
        match words.as_str() {
            "包含以下主要诊断" => way.push(Condition::PrincipalDiagnosis(codes.clone())),
            "包含以下其他诊断" => way.push(Condition::OtherDiagnosis(codes.clone())),
            "主要诊断或其他诊断中包含以下诊断" | "包含以下主要诊断或其他诊断" | "包含以下诊断" =>
            {
                way.push(Condition::AnyDiagnosis(codes.clone()));
            }
            "包含以下主要手术或操作" => way.push(Condition::PrincipalProcedure(codes.clone())),
            "同时包含以下手术" | "同时包含以下手术或操作" | "和" => {
                together.push(codes.clone())
            }
            "全部手术" | "包含全部手术" => way.push(Condition::Operation),
            "符合MDCZ主诊表，且无手术" | "符合MDCZ诊断表，且无手术" => {
                way.push(Condition::NoOperation)
            }
            words if words.contains("手术表以外") => {}
            words => panic!("{code}: {words}"),
        }
    }
    if !together.is_empty() {
        way.push(Condition::Procedures(together));
    }
    way
}
