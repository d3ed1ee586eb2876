use crate::scheme::{Adrg, Anchor, Diagnosis, Mdc, Procedure, Rule, Scheme, Span};

impl Scheme {
    /// Whether everything that the scheme names is there, so that no case makes grouping fail.
    ///
    /// A hash tells that bytes have not changed, not that a compiler wrote them.
    pub(crate) fn is_sound(&self) -> bool {
        let n_rules = self.rules.len();
        let are_there =
            |rules: &[u16]| rules.is_sorted() && rules.iter().all(|&rule| usize::from(rule) < n_rules);
        let mdc = |mdc: &Mdc| {
            mdc.code.is_char_boundary(3)
                && mdc.first_rule <= mdc.end_rule
                && usize::from(mdc.end_rule) <= n_rules
                && are_there(&mdc.unanchored)
                && mdc.unanchored.iter().all(|&rule| self.rules[usize::from(rule)].anchor == Anchor::None)
        };
        let adrg = |adrg: &Adrg| {
            let drgs = [adrg.with_mcc, adrg.with_cc, adrg.without];
            let divided_off = adrg.divisions.iter().map(|division| division.drg);
            usize::from(adrg.mdc) < self.mdcs.len()
                && drgs.into_iter().flatten().chain(divided_off).all(|drg| usize::from(drg) < self.drgs.len())
        };
        let rule = |rule: &Rule| {
            let items = rule.tables.iter().flat_map(|table| &table.items);
            usize::from(rule.adrg) < self.adrgs.len()
                && items.into_iter().all(|(_, item)| usize::from(*item) < self.items.len())
        };
        // A code leads to rules by lists that it stands in.
        let leads = |rules: &[u16], is_one: &dyn Fn(Anchor) -> bool| {
            are_there(rules) && rules.iter().all(|&rule| is_one(self.rules[usize::from(rule)].anchor))
        };
        let diagnosis = |diagnosis: &Diagnosis| {
            let (Some(rules), Some(lists)) = (
                lying_in(diagnosis.rules, &self.diagnosis_rules),
                lying_in(diagnosis.lists, &self.diagnosis_lists),
            ) else {
                return false;
            };
            leads(
                rules,
                &|anchor| matches!(anchor, Anchor::PrincipalDiagnosis(list) if lists.contains(&list)),
            )
        };
        let procedure = |procedure: &Procedure| {
            let (Some(rules), Some(lists)) = (
                lying_in(procedure.rules, &self.procedure_rules),
                lying_in(procedure.lists, &self.procedure_lists),
            ) else {
                return false;
            };
            leads(
                rules,
                &|anchor| matches!(anchor, Anchor::PrincipalProcedure(list) if lists.contains(&list)),
            )
        };
        self.mdcs.len() <= 32
            && self.mdcs.iter().all(mdc)
            && self.adrgs.iter().all(adrg)
            && self.rules.iter().all(rule)
            && self.diagnoses.len() == self.diagnosis_codes.len()
            && self.procedures.len() == self.procedure_codes.len()
            && self.diagnoses.iter().all(diagnosis)
            && self.procedures.iter().all(procedure)
    }
}

fn lying_in<T>(span: Span, table: &[T]) -> Option<&[T]> {
    let start = span.start as usize;
    table.get(start..start + usize::from(span.len))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::{Division, List, Table};
    use crate::source::{DrgSource, EntrySource, MdcSource, RuleSource, Source, TestSource};
    use crate::{SchemeError, compile};

    fn scheme() -> Scheme {
        let codes = || ["I21.000".to_owned()].into();
        let source = Source {
            mdcs: vec![MdcSource {
                code: "MDCF".to_owned(),
                name: String::new(),
                entry: EntrySource::Principal(codes()),
                regions: Vec::new(),
            }],
            rules: vec![RuleSource {
                adrg: "FR1".to_owned(),
                variant: "FR1".to_owned(),
                tests: vec![TestSource::PrincipalDiagnosis(codes())],
                tables: Default::default(),
                file: "drawn".to_owned(),
                line: 1,
            }],
            adrg_names: [("FR1".to_owned(), String::new())].into(),
            drgs: vec![DrgSource { code: "FR19".to_owned(), name: String::new() }],
            ..Source::default()
        };
        compile(&source).0
    }

    #[test]
    fn bytes_that_name_what_is_not_there_are_refused_although_their_hash_is_right() {
        assert!(Scheme::from_bytes(&scheme().to_bytes()).is_ok());
        let damages: [fn(&mut Scheme); 13] = [
            |s| s.mdcs[0].end_rule = 2,
            |s| s.mdcs[0].code = "é类".to_owned(),
            |s| s.mdcs[0].unanchored.push(9),
            |s| s.mdcs[0].unanchored.push(0),
            |s| s.rules[0].anchor = Anchor::PrincipalProcedure(0),
            |s| s.adrgs[0].mdc = 1,
            |s| s.adrgs[0].without = Some(1),
            |s| s.adrgs[0].divisions.push(Division { drg: 1, tests: Vec::new() }),
            |s| s.rules[0].adrg = 1,
            |s| {
                s.rules[0].tables.push(Table {
                    list: List::OfDiagnoses(0),
                    name: String::new(),
                    items: vec![(0, 0)],
                })
            },
            |s| s.diagnosis_rules[0] = 1,
            |s| s.diagnoses[0].lists.len = 9,
            |s| s.diagnoses.clear(),
        ];
        for (i, damage) in damages.into_iter().enumerate() {
            let mut damaged = scheme();
            damage(&mut damaged);
            assert_eq!(Scheme::from_bytes(&damaged.to_bytes()).unwrap_err(), SchemeError::Unsound, "{i}");
        }
    }
}
