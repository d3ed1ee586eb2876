//! 2.0, from its tables in CSV.

use std::collections::HashMap;

use super::{Codes, Condition, SlowGrouper};
use crate::tables::text;

impl SlowGrouper {
    /// 2.0: `ADRG_ORDER.txt` gives each variant's form, `ADRG_CODES.csv` its codes.
    pub(super) fn read_csv(&mut self) {
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
}
