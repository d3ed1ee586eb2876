use std::collections::BTreeMap;
use std::fmt::Write;

use medfund_grouper::{Answer, Outcome, Scheme};
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
}

impl Totals {
    pub(super) fn n_cases(&self) -> u64 {
        self.n_cases
    }

    /// Counts an answer; `unknown` tells a code that the scheme does not know.
    pub(super) fn answered(&mut self, answer: Answer, unknown: impl FnOnce() -> Option<String>) {
        self.n_cases += 1;
        match (answer.outcome, answer.drg) {
            (Outcome::Grouped, Some(drg)) => *self.by_drg.entry(drg).or_default() += 1,
            (Outcome::InvalidCode, _) => {
                let reason = match unknown() {
                    Some(code) => format!("{} {code}", answer.outcome.zh()),
                    None => format!("{}（缺失或灰码）", answer.outcome.zh()),
                };
                self.failed(reason, answer.outcome.zh(), 1);
            }
            (outcome, _) => self.failed(outcome.zh().to_owned(), outcome.zh(), 1),
        }
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
        Ok(())
    }

    fn write_groups(&self, scheme: &Scheme, text: &mut String) -> std::fmt::Result {
        let [_, _, n_drgs] = scheme.counts();
        if self.by_drg.is_empty() {
            return writeln!(text, "none of {n_drgs} groups has a case");
        }
        writeln!(text, "{} of {n_drgs} groups have a case; most have", self.by_drg.len())?;
        for (drg, n) in most(&self.by_drg) {
            writeln!(text, "{n:>9}  {}  {}", scheme.drg_code(*drg), scheme.drg_name(*drg))?;
        }
        Ok(())
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
