use crate::scheme::{Adrg, Diagnosis, Mdc, Procedure, Scheme, Span};

impl Scheme {
    /// Whether everything that the scheme names is there, so that no case makes grouping fail.
    ///
    /// A hash tells that bytes have not changed, not that a compiler wrote them.
    pub(crate) fn is_sound(&self) -> bool {
        let n_rules = self.rules.len();
        let rules_are_there = |rules: &[u16]| rules.iter().all(|&rule| usize::from(rule) < n_rules);
        let mdc = |mdc: &Mdc| {
            mdc.code.is_char_boundary(3)
                && mdc.first_rule <= mdc.end_rule
                && usize::from(mdc.end_rule) <= n_rules
                && rules_are_there(&mdc.unanchored)
        };
        let adrg = |adrg: &Adrg| {
            let drgs = [adrg.with_mcc, adrg.with_cc, adrg.without];
            usize::from(adrg.mdc) < self.mdcs.len()
                && drgs.into_iter().flatten().all(|drg| usize::from(drg) < self.drgs.len())
        };
        let diagnosis = |diagnosis: &Diagnosis| {
            lies_in(diagnosis.rules, &self.diagnosis_rules) && lies_in(diagnosis.lists, &self.diagnosis_lists)
        };
        let procedure = |procedure: &Procedure| {
            lies_in(procedure.rules, &self.procedure_rules) && lies_in(procedure.lists, &self.procedure_lists)
        };
        self.mdcs.len() <= 32
            && self.mdcs.iter().all(mdc)
            && self.adrgs.iter().all(adrg)
            && self.rules.iter().all(|rule| usize::from(rule.adrg) < self.adrgs.len())
            && rules_are_there(&self.diagnosis_rules)
            && rules_are_there(&self.procedure_rules)
            && self.diagnoses.len() == self.diagnosis_codes.len()
            && self.procedures.len() == self.procedure_codes.len()
            && self.diagnoses.iter().all(diagnosis)
            && self.procedures.iter().all(procedure)
    }
}

fn lies_in<T>(span: Span, table: &[T]) -> bool {
    span.start as usize + usize::from(span.len) <= table.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{DrgSource, EntrySource, MdcSource, RuleSource, Source, TestSource};
    use crate::{SchemeError, compile};

    fn scheme() -> Scheme {
        let codes = || ["I21.000".to_owned()].into();
        let source = Source {
            mdcs: vec![MdcSource {
                code: "MDCF".to_owned(),
                name: String::new(),
                entry: EntrySource::Principal(codes()),
            }],
            rules: vec![RuleSource {
                adrg: "FR1".to_owned(),
                variant: "FR1".to_owned(),
                tests: vec![TestSource::PrincipalDiagnosis(codes())],
                file: "drawn",
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
        let damages: [fn(&mut Scheme); 9] = [
            |s| s.mdcs[0].end_rule = 2,
            |s| s.mdcs[0].code = "é类".to_owned(),
            |s| s.mdcs[0].unanchored.push(9),
            |s| s.adrgs[0].mdc = 1,
            |s| s.adrgs[0].without = Some(1),
            |s| s.rules[0].adrg = 1,
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
