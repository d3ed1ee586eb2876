use std::collections::HashMap;

use super::lists::Lists;
use crate::codes::CodeTable;
use crate::scheme::{List, Scheme, Table};
use crate::source::{RuleSource, TableSource, TestSource};

/// What takes categories into lists, each text once.
#[derive(Default)]
pub(super) struct Names<'s>(HashMap<&'s str, u16>);

impl<'s> Names<'s> {
    /// What the lists of a rule are called.
    pub(super) fn tables(&mut self, rule: &'s RuleSource, lists: &Lists<'_>, scheme: &Scheme) -> Vec<Table> {
        let named = rule.tables.iter().filter_map(|(&place, table)| Some((rule.tests.get(place)?, table)));
        named.filter_map(|(test, table)| self.table(test, table, lists, scheme)).collect()
    }

    fn table(
        &mut self,
        test: &TestSource,
        table: &'s TableSource,
        lists: &Lists<'_>,
        scheme: &Scheme,
    ) -> Option<Table> {
        let (list, codes): (List, &CodeTable) = match (test.diagnoses(), test.procedures()) {
            (Some(list), _) => (List::OfDiagnoses(lists.diagnosis[list]), &scheme.diagnosis_codes),
            (None, Some(list)) => (List::OfProcedures(lists.procedure[list]), &scheme.procedure_codes),
            (None, None) => return None,
        };
        let numbered =
            table.items.iter().filter_map(|(code, item)| Some((codes.id(code)?, self.number(item)?)));
        let mut items: Vec<(u32, u16)> = numbered.collect();
        items.dedup_by_key(|(_, item)| *item);
        Some(Table { list, name: table.name.clone(), items })
    }

    /// Nothing where there are more than a scheme can hold: a name is no rule.
    fn number(&mut self, item: &'s str) -> Option<u16> {
        if let Some(&number) = self.0.get(item) {
            return Some(number);
        }
        let number = u16::try_from(self.0.len()).ok()?;
        self.0.insert(item, number);
        Some(number)
    }

    /// The texts, in the order of their numbers.
    pub(super) fn items(self) -> Vec<String> {
        let mut items: Vec<(&str, u16)> = self.0.into_iter().collect();
        items.sort_unstable_by_key(|&(_, number)| number);
        items.into_iter().map(|(item, _)| item.to_owned()).collect()
    }
}
