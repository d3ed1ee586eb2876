//! A second grouper: slow, obvious, and sharing nothing with the library. It
//! reads the raw tables its own way and scans every rule for every case.

use std::collections::{HashMap, HashSet};

use crate::tables::{folder, text};

type Codes = HashSet<String>;

/// A condition of a rule, in the words of the tables.
#[derive(Debug)]
enum Condition {
    PrincipalDiagnosis(Codes),
    AnyDiagnosis(Codes),
    OtherDiagnosis(Codes),
    PrincipalProcedure(Codes),
    /// Each list by a procedure of its own.
    Procedures(Vec<Codes>),
    OperationNotIn(Codes),
    Operation,
    NoOperation,
    Days(u32, u32),
    Grams(u32, u32),
}

/// A heading's code, the heading, and under it each line of words with its codes.
type Block = (String, String, Vec<(String, Codes)>);

pub(crate) struct SlowGrouper {
    version: String,
    /// In the order they are tried, over all MDCs: ADRG and conditions.
    rules: Vec<(String, Vec<Condition>)>,
    order: Vec<char>,
    /// Each MDC's lists; MDCZ has one for each body region.
    tables: HashMap<char, Vec<Codes>>,
    drgs: HashSet<String>,
    operations: Codes,
    mcc: HashMap<String, String>,
    cc: HashMap<String, String>,
    exclusions: HashMap<String, String>,
    grey: Codes,
    diagnoses: Codes,
}

pub(crate) struct SlowCase<'c> {
    pub(crate) sex: u8,
    pub(crate) days: u32,
    pub(crate) grams: Option<u32>,
    pub(crate) diagnoses: Vec<&'c str>,
    pub(crate) procedures: Vec<&'c str>,
}

impl SlowGrouper {
    pub(crate) fn read(version: &str) -> Self {
        let mut slow = Self {
            version: version.to_owned(),
            rules: Vec::new(),
            order: "APYZMNOBCDEFGHIJKLQRSTUVWX".chars().collect(),
            tables: HashMap::new(),
            drgs: HashSet::new(),
            operations: Codes::new(),
            mcc: HashMap::new(),
            cc: HashMap::new(),
            exclusions: HashMap::new(),
            grey: Codes::new(),
            diagnoses: Codes::new(),
        };
        for name in ["ICD10医保版v2.0灰码.dat", "ICD9CM3医保版v2.0灰码.dat"] {
            slow.grey
                .extend(text(&format!("icd/{name}")).trim_start_matches('\u{feff}').lines().map(first_word));
        }
        slow.diagnoses.extend(text("icd/ICD10医保版v2.0.dat").lines().map(first_word));
        if version == "2.0" {
            slow.read_2()
        } else {
            slow.read_1()
        }
        slow
    }

    /// 2.0: `ADRG_ORDER.txt` gives each variant's form, `ADRG_CODES.csv` its codes.
    fn read_2(&mut self) {
        let mut lists: HashMap<(String, bool), Vec<(u8, Codes)>> = HashMap::new();
        for line in text("2.0/ADRG_CODES.csv").lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let code: String = fields[4].chars().take_while(char::is_ascii).collect();
            let number: u8 = fields[3].parse().unwrap();
            let lists =
                lists.entry((fields[1].to_owned(), code.starts_with(char::is_alphabetic))).or_default();
            match lists.iter_mut().find(|(n, _)| *n == number) {
                Some((_, codes)) => drop(codes.insert(code)),
                None => lists.push((number, [code].into())),
            }
        }
        lists.values_mut().for_each(|lists| lists.sort_by_key(|(number, _)| *number));
        self.order.clear();
        for line in text("2.0/ADRG_ORDER.txt").lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let take = |diagnoses: bool, n: usize| {
                let lists = lists.get(&(fields[0].to_owned(), diagnoses)).unwrap();
                lists[n].1.clone()
            };
            let mut conditions = Vec::new();
            let mut n_procedures = 0;
            for (n, word) in fields[1].split(' ').enumerate() {
                // Only one form has two lists of diagnoses: the principal one's comes first.
                conditions.push(match word {
                    "主诊断匹配" => Condition::PrincipalDiagnosis(take(true, 0)),
                    "某一诊断匹配" => Condition::AnyDiagnosis(take(true, 0)),
                    "其他诊断匹配" => Condition::OtherDiagnosis(take(true, n)),
                    "主手术匹配" => Condition::PrincipalProcedure(take(false, 0)),
                    "某一手术匹配" => Condition::Procedures(vec![take(false, 0)]),
                    "双手术匹配" => Condition::Procedures(vec![take(false, 0), take(false, 1)]),
                    "三手术匹配" => {
                        Condition::Procedures(vec![take(false, 0), take(false, 1), take(false, 2)])
                    }
                    "存在手术" => Condition::Operation,
                    "无手术" => Condition::NoOperation,
                    "新生儿" => Condition::Days(0, 28),
                    "非新生儿" => Condition::Days(29, 364),
                    "体重小于1500克" => Condition::Grams(0, 1499),
                    "体重1500至2000克" => Condition::Grams(1500, 1999),
                    "体重2000至2500克" => Condition::Grams(2000, 2499),
                    "体重大于2500克" => Condition::Grams(2500, 65_534),
                    word => panic!("{word}"),
                });
                n_procedures += usize::from(word.contains("手术"));
            }
            assert!(n_procedures <= 1, "{line}");
            let adrg = fields[0][..3].to_owned();
            let letter = adrg.chars().next().unwrap();
            if !self.order.contains(&letter) {
                self.order.push(letter);
            }
            self.rules.push((adrg, conditions));
            self.drgs.extend(fields[3].split('|').map(str::to_owned));
        }
        for line in text("2.0/MDC_PDX.csv").lines().skip(1) {
            let (mdc, code) = line.split_once(',').unwrap();
            let lists = self.tables.entry(mdc.chars().nth(3).unwrap()).or_default();
            if !code.is_ascii() {
                lists.push(Codes::new());
            } else if let Some(list) = lists.last_mut() {
                list.insert(code.to_owned());
            } else {
                lists.push([code.to_owned()].into());
            }
        }
        let pairs = |file: &str| -> HashMap<String, String> {
            let split = |line: &str| line.split_once(',').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
            text(&format!("2.0/{file}")).lines().skip(1).map(split).collect()
        };
        (self.mcc, self.cc, self.exclusions) = (pairs("MCC.csv"), pairs("CC.csv"), pairs("CCE.csv"));
        self.operations = text("2.0/SS_VALID.csv").lines().skip(1).map(str::to_owned).collect();
    }

    /// 1.1: the text layout, written in blocks of a heading and codes.
    fn read_1(&mut self) {
        assert_eq!(self.version, "1.1", "this reader knows the wording of 1.1 only");
        let detail = text("1.1/4_ADRG_DETAIL.txt");
        let mut blocks: Vec<Block> = Vec::new();
        for line in
            detail.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty())
        {
            let word = first_word(line);
            let is_code = word.contains('.') && word.is_ascii();
            let is_head = !is_code && word.is_ascii() && (word.len() == 3 || word.starts_with("MDC"));
            if is_head && blocks.last().is_none_or(|block| block.0 != word) {
                blocks.push((word, line.to_owned(), Vec::new()));
            } else if is_code {
                blocks.last_mut().unwrap().2.last_mut().unwrap().1.insert(word);
            } else {
                blocks.last_mut().unwrap().2.push((line.replace(' ', ""), Codes::new()));
            }
        }
        let wb1: Codes =
            blocks.iter().find(|b| b.0 == "WB1").unwrap().2.iter().flat_map(|(_, c)| c).cloned().collect();
        for (code, title, parts) in blocks {
            let letter = code.chars().nth(if code.starts_with("MDC") { 3 } else { 0 }).unwrap();
            if code.starts_with("MDC") {
                let lists = parts.into_iter().map(|(_, codes)| codes).filter(|codes| !codes.is_empty());
                self.tables.insert(letter, lists.collect());
                continue;
            }
            let named = |name: &str| {
                parts.iter().find(|(words, _)| words.trim_end_matches('：') == name).map(|p| &p.1)
            };
            let formulas: Vec<&str> =
                parts.iter().map(|(words, _)| words.as_str()).filter(|words| words.contains('+')).collect();
            let mut ways: Vec<Vec<Condition>> = Vec::new();
            for formula in &formulas {
                let tables: Vec<Codes> = formula
                    .split('+')
                    .skip(1)
                    .map(|name| named(name).or(named(&name.replace('表', ""))).unwrap().clone())
                    .collect();
                let mut way = vec![Condition::PrincipalDiagnosis(named("主要诊断").unwrap().clone())];
                way.push(match tables.as_slice() {
                    [only] => Condition::PrincipalProcedure(only.clone()),
                    _ => Condition::Procedures(tables),
                });
                ways.push(way);
            }
            if formulas.is_empty() {
                let mut way = Vec::new();
                let mut together = Vec::new();
                for (words, codes) in &parts {
                    match words.trim_end_matches('：') {
                        "包含以下主要诊断" => way.push(Condition::PrincipalDiagnosis(codes.clone())),
                        "包含以下主要手术或操作" => {
                            way.push(Condition::PrincipalProcedure(codes.clone()))
                        }
                        "主要诊断或其他诊断中包含以下诊断" | "包含以下诊断" => {
                            way.push(Condition::AnyDiagnosis(codes.clone()));
                        }
                        "同时包含以下手术" | "和" => together.push(codes.clone()),
                        "全部手术" | "包含全部手术" => way.push(Condition::Operation),
                        "符合MDCZ主诊表，且无手术" => way.push(Condition::NoOperation),
                        words => panic!("{code}: {words}"),
                    }
                }
                if !together.is_empty() {
                    way.push(Condition::Procedures(together));
                }
                match code.as_str() {
                    "YC1" => way.push(Condition::Operation),
                    "WJ1" => way.push(Condition::OperationNotIn(wb1.clone())),
                    _ => {}
                }
                ways.push(way);
            }
            for mut way in ways {
                if letter == 'P' {
                    way.push(if code == "PV1" { Condition::Days(29, 364) } else { Condition::Days(0, 28) });
                }
                match code.as_str() {
                    "PS1" => way.push(Condition::Grams(0, 1499)),
                    "PS2" => way.push(Condition::Grams(1500, 1999)),
                    "PS3" => way.push(Condition::Grams(2000, 2499)),
                    "PS4" => way.push(Condition::Grams(2500, 65_534)),
                    _ => {}
                }
                assert!(!way.is_empty(), "{title}");
                self.rules.push((code.clone(), way));
            }
        }
        let drgs = text("1.1/3_DRG.txt");
        self.drgs =
            drgs.trim_start_matches('\u{feff}').lines().map(first_word).filter(|w| !w.is_empty()).collect();
        let pairs = |file: &str| -> HashMap<String, String> {
            let split = |line: &str| line.split_once(' ').map(|(a, b)| (a.to_owned(), b.trim().to_owned()));
            let text = text(&format!("1.1/effective/{file}"));
            text.trim_start_matches('\u{feff}').lines().filter_map(split).collect()
        };
        (self.mcc, self.cc, self.exclusions) = (pairs("MCC.dat"), pairs("CC.dat"), pairs("CCE.dat"));
        for (_, conditions) in &self.rules {
            for condition in conditions {
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
    }

    /// The group: a DRG, `?QY`, `0000`, or `needs birth weight`.
    pub(crate) fn group(&self, case: &SlowCase<'_>) -> String {
        let Some(principal) = case.diagnoses.first() else { return "0000".to_owned() };
        let known = self.diagnoses.contains(*principal) || self.knows(principal);
        if !known || self.grey.contains(*principal) {
            return "0000".to_owned();
        }
        if case.procedures.first().is_some_and(|code| self.grey.contains(*code)) {
            return "0000".to_owned();
        }
        for letter in &self.order {
            if !self.enters(*letter, case) {
                continue;
            }
            let surgical_only = case.procedures.first().is_some_and(|code| self.operations.contains(*code));
            for (adrg, conditions) in self.rules.iter().filter(|(adrg, _)| adrg.starts_with(*letter)) {
                let surgical = adrg.as_bytes()[1] < b'R';
                if surgical_only && !surgical || self.version == "2.0" && !self.newborn_surgery(adrg, case) {
                    continue;
                }
                let (weights, others): (Vec<_>, Vec<_>) =
                    conditions.iter().partition(|condition| matches!(condition, Condition::Grams(..)));
                if !others.iter().all(|condition| self.holds(condition, case)) {
                    continue;
                }
                if !weights.is_empty() && case.grams.is_none() {
                    return "needs birth weight".to_owned();
                }
                if weights.iter().all(|condition| self.holds(condition, case)) {
                    return self.divided(adrg, case);
                }
            }
            if *letter == 'A' {
                continue;
            }
            return if surgical_only { format!("{letter}QY") } else { "0000".to_owned() };
        }
        "0000".to_owned()
    }

    fn knows(&self, code: &str) -> bool {
        let of_rule = |condition: &Condition| match condition {
            Condition::PrincipalDiagnosis(codes)
            | Condition::AnyDiagnosis(codes)
            | Condition::OtherDiagnosis(codes) => codes.contains(code),
            Condition::PrincipalProcedure(_)
            | Condition::Procedures(_)
            | Condition::OperationNotIn(_)
            | Condition::Operation
            | Condition::NoOperation
            | Condition::Days(..)
            | Condition::Grams(..) => false,
        };
        [&self.mcc, &self.cc, &self.exclusions].iter().any(|table| table.contains_key(code))
            || self.tables.values().flatten().any(|codes| codes.contains(code))
            || self.rules.iter().flat_map(|(_, conditions)| conditions).any(of_rule)
    }

    /// In 2.0, which has no table of MDCP, surgery of newborns wants a diagnosis that MDCP's rules name.
    fn newborn_surgery(&self, adrg: &str, case: &SlowCase<'_>) -> bool {
        !adrg.starts_with('P') || adrg.as_bytes()[1] >= b'R' || self.of_newborns(case.diagnoses[0])
    }

    fn of_newborns(&self, code: &str) -> bool {
        self.rules
            .iter()
            .filter(|(adrg, _)| adrg.starts_with('P'))
            .flat_map(|(_, conditions)| conditions)
            .any(|condition| match condition {
                Condition::PrincipalDiagnosis(codes) | Condition::AnyDiagnosis(codes) => codes.contains(code),
                Condition::OtherDiagnosis(_)
                | Condition::PrincipalProcedure(_)
                | Condition::Procedures(_)
                | Condition::OperationNotIn(_)
                | Condition::Operation
                | Condition::NoOperation
                | Condition::Days(..)
                | Condition::Grams(..) => false,
            })
    }

    fn enters(&self, letter: char, case: &SlowCase<'_>) -> bool {
        let empty = Vec::new();
        let lists = self.tables.get(&letter).unwrap_or(&empty);
        let principal = case.diagnoses[0];
        let listed = |code: &str| lists.iter().any(|list| list.contains(code));
        match letter {
            'A' => !case.procedures.is_empty(),
            'P' if self.version == "2.0" => case.days <= 28 || case.days < 365 && self.of_newborns(principal),
            'P' => case.days < 365 && listed(principal),
            'Y' if self.version == "2.0" => case.diagnoses.iter().any(|code| listed(code)),
            'Z' => {
                let hurt = |list: &&Codes| case.diagnoses.iter().any(|code| list.contains(*code));
                lists.iter().filter(hurt).count() >= 2 && listed(principal)
            }
            'M' => listed(principal) && case.sex == 1,
            'N' | 'O' => listed(principal) && case.sex == 2,
            _ => listed(principal),
        }
    }

    fn holds(&self, condition: &Condition, case: &SlowCase<'_>) -> bool {
        let operation = |code: &&&str| self.operations.contains(**code);
        match condition {
            Condition::PrincipalDiagnosis(codes) => codes.contains(case.diagnoses[0]),
            Condition::AnyDiagnosis(codes) => case.diagnoses.iter().any(|code| codes.contains(*code)),
            Condition::OtherDiagnosis(codes) => case.diagnoses[1..].iter().any(|code| codes.contains(*code)),
            Condition::PrincipalProcedure(codes) => {
                case.procedures.first().is_some_and(|p| codes.contains(*p))
            }
            Condition::Procedures(lists) => each_its_own(lists, &case.procedures),
            Condition::OperationNotIn(codes) => {
                case.procedures.iter().filter(operation).any(|code| !codes.contains(*code))
            }
            Condition::Operation => case.procedures.iter().filter(operation).count() > 0,
            Condition::NoOperation => case.procedures.iter().filter(operation).count() == 0,
            Condition::Days(from, to) => (*from..=*to).contains(&case.days),
            Condition::Grams(from, to) => case.grams.is_some_and(|grams| (*from..=*to).contains(&grams)),
        }
    }

    fn divided(&self, adrg: &str, case: &SlowCase<'_>) -> String {
        let excluded_by = self.exclusions.get(case.diagnoses[0]);
        let counts = |table: &HashMap<String, String>| {
            case.diagnoses[1..].iter().any(|code| table.get(*code).is_some_and(|id| Some(id) != excluded_by))
        };
        let wanted = if counts(&self.mcc) {
            "1359"
        } else if counts(&self.cc) {
            "359"
        } else {
            "59"
        };
        let drg = wanted.chars().map(|digit| format!("{adrg}{digit}")).find(|drg| self.drgs.contains(drg));
        drg.unwrap_or_else(|| "0000".to_owned())
    }
}

/// Whether each list can be met by another one of the procedures: tries every order.
fn each_its_own(lists: &[Codes], procedures: &[&str]) -> bool {
    let Some((list, rest)) = lists.split_first() else { return true };
    (0..procedures.len()).any(|i| {
        let mut left = procedures.to_vec();
        list.contains(left.remove(i)) && each_its_own(rest, &left)
    })
}

fn first_word(line: &str) -> String {
    line.split_whitespace().next().unwrap_or_default().to_owned()
}

/// All codes that the tables know, for drawing cases.
pub(crate) fn code_lists() -> (Vec<String>, Vec<String>) {
    assert!(folder().is_dir());
    let read = |name: &str| text(&format!("icd/{name}")).lines().map(first_word).collect();
    (read("ICD10医保版v2.0.dat"), read("ICD9CM3医保版v2.0.dat"))
}
