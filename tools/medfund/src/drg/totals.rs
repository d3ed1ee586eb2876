use std::collections::BTreeMap;
use std::fmt::Write;

use medfund_grouper::{Answer, Invalid, NO_NAME, Outcome, Scheme};
use medfund_tariff::Tariff;

use super::worth::Worth;

/// How many reasons of failure are counted one by one, and how many of them shown.
const MOST_REASONS: usize = 10_000;
const N_SHOWN: usize = 8;

/// The status of a case that its list's quality keeps from being grouped.
const REFUSED: &str = "质控不通过";

/// What came of a list, counted.
#[derive(Default)]
pub(super) struct Totals {
    n_cases: u64,
    /// Cases of each DRG, by its place in the scheme.
    by_drg: BTreeMap<u16, u64>,
    /// Cases in no group, by why.
    by_reason: BTreeMap<String, u64>,
    /// Cases with a grey code (灰码) in the principal place, and how often each stands there.
    n_grey: u64,
    by_grey: BTreeMap<String, u64>,
    /// Codes that the scheme does not know, but for principal diagnoses, and the cases that have them.
    n_passed_over: u64,
    n_with_passed_over: u64,
}

impl Totals {
    pub(super) fn n_cases(&self) -> u64 {
        self.n_cases
    }

    /// Counts an answer; `invalid` tells what makes its principal codes invalid.
    pub(super) fn answered(&mut self, answer: Answer, invalid: impl FnOnce() -> Option<Invalid>) {
        self.n_cases += 1;
        let status = answer.outcome.zh();
        match (answer.outcome, answer.drg) {
            (Outcome::Grouped, Some(drg)) => *self.by_drg.entry(drg).or_default() += 1,
            (Outcome::InvalidCode, _) => {
                let reason = match invalid() {
                    Some(Invalid::Unknown(code)) => format!("{status} {code}"),
                    Some(Invalid::Grey(code)) => format!("{status} {code}（灰码）"),
                    Some(Invalid::Missing) => format!("{status}（缺失主要诊断）"),
                    None => status.to_owned(),
                };
                self.failed(reason, status, 1);
            }
            _ => self.failed(status.to_owned(), status, 1),
        }
    }

    /// Counts the grey codes in the principal places of a case.
    pub(super) fn has_grey(&mut self, codes: Vec<String>) {
        self.n_grey += u64::from(!codes.is_empty());
        codes.into_iter().for_each(|code| *self.by_grey.entry(code).or_default() += 1);
    }

    /// Counts the codes of a case that were passed over.
    pub(super) fn passed_over(&mut self, n_codes: usize) {
        self.n_passed_over += n_codes as u64;
        self.n_with_passed_over += u64::from(n_codes > 0);
    }

    /// Counts a case that its list's quality keeps from being grouped.
    pub(super) fn refused(&mut self) {
        self.n_cases += 1;
        self.failed(REFUSED.to_owned(), REFUSED, 1);
    }

    /// Counts under `kind` alone when there are too many reasons to keep.
    fn failed(&mut self, reason: String, kind: &str, n_cases: u64) {
        let is_kept = self.by_reason.len() < MOST_REASONS || self.by_reason.contains_key(&reason);
        *self.by_reason.entry(if is_kept { reason } else { kind.to_owned() }).or_default() += n_cases;
    }

    pub(super) fn add(&mut self, other: Self) {
        self.n_cases += other.n_cases;
        for (drg, n) in other.by_drg {
            *self.by_drg.entry(drg).or_default() += n;
        }
        for (reason, n) in other.by_reason {
            let kind = reason.split([' ', '（']).next().unwrap_or_default().to_owned();
            self.failed(reason, &kind, n);
        }
        self.n_grey += other.n_grey;
        for (code, n) in other.by_grey {
            *self.by_grey.entry(code).or_default() += n;
        }
        self.n_passed_over += other.n_passed_over;
        self.n_with_passed_over += other.n_with_passed_over;
    }

    /// The totals in words.
    pub(super) fn text(&self, scheme: &Scheme, tariff: Option<&Tariff>) -> String {
        let mut text = String::new();
        self.write(scheme, tariff, &mut text).expect("a string takes all that is written");
        text
    }

    fn write(&self, scheme: &Scheme, tariff: Option<&Tariff>, text: &mut String) -> std::fmt::Result {
        let n_grouped: u64 = self.by_drg.values().sum();
        writeln!(
            text,
            "{} cases, {n_grouped} in a group: entry rate (入组率) {}",
            self.n_cases,
            share(n_grouped, self.n_cases)
        )?;
        self.write_groups(scheme, text)?;
        if let Some(tariff) = tariff {
            let cases = self.by_drg.iter().map(|(drg, n)| (scheme.drg_code(*drg), *n));
            let worth = Worth::of(tariff, None, cases);
            let (weighed, without) = (worth.n_weighed, worth.n_without);
            match worth.cmi() {
                Some(cmi) => writeln!(
                    text,
                    "case-mix index (CMI) {cmi} over {weighed} cases; {without} in groups without a weight"
                )?,
                None => writeln!(
                    text,
                    "no case-mix index (CMI), for no case has a weight; {without} in groups without one"
                )?,
            }
        }
        if !self.by_reason.is_empty() {
            writeln!(text, "{} cases in no group, for", self.n_cases - n_grouped)?;
        }
        for (reason, n) in most(&self.by_reason) {
            writeln!(text, "{n:>9}  {reason}")?;
        }
        if self.by_reason.len() > N_SHOWN {
            writeln!(text, "{:>9}  other reasons", self.by_reason.len() - N_SHOWN)?;
        }
        if self.n_passed_over > 0 {
            writeln!(
                text,
                "{} cases have other codes that the scheme does not know, {} in all; they were passed over \
                 (`medfund drg check` names them)",
                self.n_with_passed_over, self.n_passed_over
            )?;
        }
        self.write_grey(text)
    }

    fn write_groups(&self, scheme: &Scheme, text: &mut String) -> std::fmt::Result {
        let [_, _, n_drgs] = scheme.counts();
        if self.by_drg.is_empty() {
            return writeln!(text, "none of {n_drgs} groups has a case");
        }
        writeln!(text, "{} of {n_drgs} groups have a case; most have", self.by_drg.len())?;
        let most = most(&self.by_drg);
        for (drg, n) in &most {
            let name = scheme.drg_name(**drg);
            writeln!(
                text,
                "{n:>9}  {}  {}",
                scheme.drg_code(**drg),
                if name.is_empty() { NO_NAME } else { name }
            )?;
        }
        if most.iter().any(|(drg, _)| scheme.drg_name(**drg).is_empty()) {
            writeln!(
                text,
                "{NO_NAME}: the scheme's tables name no such group; a region's additions can (改名)"
            )?;
        }
        Ok(())
    }

    fn write_grey(&self, text: &mut String) -> std::fmt::Result {
        if self.n_grey == 0 {
            return Ok(());
        }
        let shown: Vec<String> =
            most(&self.by_grey).iter().map(|(code, n)| format!("{code} ({n})")).collect();
        let more = if self.by_grey.len() > N_SHOWN { ", …" } else { "" };
        writeln!(
            text,
            "{} cases have a grey code (灰码) as the principal diagnosis or procedure: {}{more}; `medfund drg explain` \
             names codes to take instead",
            self.n_grey,
            shown.join(", ")
        )
    }
}

/// The keys with most cases, then in their order.
fn most<K: Ord>(counts: &BTreeMap<K, u64>) -> Vec<(&K, u64)> {
    let mut all: Vec<(&K, u64)> = counts.iter().map(|(key, n)| (key, *n)).collect();
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all.truncate(N_SHOWN);
    all
}

/// A part of a whole in per cent with one decimal, rounded down, so that only all is 100.0 %.
pub(super) fn share(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use medfund_grouper::read::{Files, read_scheme};
    use medfund_grouper::{Severity, compile};
    use medfund_tariff::{Group, Pricing};

    use super::*;

    /// A scheme as the tables of 2.0 give one: without names.
    fn nameless() -> Scheme {
        let files: Files = [
            ("ADRG_ORDER.txt", "FR1\t主诊断匹配\t1\tFR13|FR15\n"),
            ("ADRG_CODES.csv", "adrg,rule_variant,match_rule,list_no,code\nFR1,FR1,主诊断匹配,1,I21.001\n"),
            ("MDC_PDX.csv", "mdc,code\nMDCF,I21.001\n"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
        compile(&read_scheme("2.0", &files).0).0
    }

    fn answer(outcome: Outcome, drg: Option<u16>) -> Answer {
        Answer { outcome, mdc: None, adrg: None, drg, severity: Severity::None }
    }

    #[test]
    fn groups_without_a_name_say_so() {
        let mut totals = Totals::default();
        totals.answered(answer(Outcome::Grouped, Some(1)), || None);
        assert_eq!(
            totals.text(&nameless(), None),
            "1 cases, 1 in a group: entry rate (入组率) 100.0 %\n1 of 2 groups have a case; most have\n        1  FR15  \
             无名称\n无名称: the scheme's tables name no such group; a region's additions can (改名)\n"
        );
    }

    #[test]
    fn codes_that_were_passed_over_are_counted_with_their_cases() {
        let (mut totals, mut other) = (Totals::default(), Totals::default());
        for n_codes in [0, 1] {
            other.answered(answer(Outcome::Grouped, Some(0)), || None);
            other.passed_over(n_codes);
        }
        totals.passed_over(2);
        totals.add(other);
        let text = totals.text(&nameless(), None);
        assert!(text.contains("2 cases have other codes that the scheme does not know, 3 in all"), "{text}");
    }

    #[test]
    fn grey_codes_are_counted_and_named_apart_from_unknown_and_missing_ones() {
        let (mut totals, mut other) = (Totals::default(), Totals::default());
        for (invalid, grey) in [
            (Invalid::Grey("I21.000".to_owned()), ["I21.000", "36.0600"].as_slice()),
            (Invalid::Grey("I21.000".to_owned()), &["I21.000"]),
            (Invalid::Unknown("XX9.999".to_owned()), &[]),
            (Invalid::Missing, &[]),
        ] {
            other.answered(answer(Outcome::InvalidCode, None), || Some(invalid));
            other.has_grey(grey.iter().map(|code| (*code).to_owned()).collect());
        }
        totals.add(other);
        let tariff =
            Tariff::new([Group::new("FR15".parse().unwrap(), "", Pricing::Weight("1".parse().unwrap()))]);
        assert_eq!(
            totals.text(&nameless(), tariff.ok().as_ref()),
            "4 cases, 0 in a group: entry rate (入组率) 0.0 %\nnone of 2 groups has a case\nno case-mix index (CMI), for no \
             case has a weight; 0 in groups without one\n4 cases in no group, for\n        2  编码无效 I21.000（灰码）\n        \
             1  编码无效 XX9.999\n        1  编码无效（缺失主要诊断）\n2 cases have a grey code (灰码) as the principal \
             diagnosis or procedure: I21.000 (2), 36.0600 (1); `medfund drg explain` names codes to take instead\n"
        );
    }
}
