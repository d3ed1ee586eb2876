//! What has no place in a compiled scheme, whatever it means.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::source::{Anomaly, Source};

/// How many rules, lists or DRGs a scheme can hold: a number more tells none.
const MOST: usize = u16::MAX as usize - 1;

/// The source without groups whose code is none of their kind, MDCs and DRGs that stand twice, and
/// what is more than a scheme can hold; each is told.
pub(super) fn shaped(source: &Source) -> (Cow<'_, Source>, Vec<Anomaly>) {
    let mut anomalies = Vec::new();
    let mut stays = |stays: bool, file: &str, line: usize, what: &str| {
        if !stays {
            let what = format!(
                "{what} is left out: its code is no such group's, or it stands twice, or there are too many"
            );
            anomalies.push(Anomaly::at(file, line, what));
        }
        stays
    };
    let mut mdcs = HashSet::new();
    let mdc_stays: Vec<bool> = source
        .mdcs
        .iter()
        .map(|mdc| {
            let fits = is_mdc(&mdc.code) && mdcs.insert(mdc.code.as_str());
            stays(fits, &source.name, 0, &format!("MDC `{}`", mdc.code))
        })
        .collect();
    let mut drgs = HashSet::new();
    let drg_stays: Vec<bool> = source
        .drgs
        .iter()
        .map(|drg| {
            let fits = is_group(&drg.code, 4) && drgs.len() < MOST && drgs.insert(drg.code.as_str());
            stays(fits, &source.name, 0, &format!("DRG `{}`", drg.code))
        })
        .collect();
    let mut n_lists = 0;
    let rule_stays: Vec<bool> = source
        .rules
        .iter()
        .enumerate()
        .map(|(n, rule)| {
            n_lists += rule.tests.len();
            let fits = is_group(&rule.adrg, 3) && n < MOST && n_lists <= MOST;
            stays(fits, &rule.file, rule.line, &format!("rule {}", rule.variant))
        })
        .collect();
    let division_stays: Vec<bool> = source
        .divisions
        .iter()
        .map(|division| {
            n_lists += division.tests.len();
            let fits = is_group(&division.drg, 4) && n_lists <= MOST;
            stays(fits, &division.file, division.line, &format!("sub-group `{}`", division.drg))
        })
        .collect();
    if anomalies.is_empty() {
        return (Cow::Borrowed(source), anomalies);
    }
    let mut shaped = source.clone();
    retain(&mut shaped.mdcs, &mdc_stays);
    retain(&mut shaped.drgs, &drg_stays);
    retain(&mut shaped.rules, &rule_stays);
    retain(&mut shaped.divisions, &division_stays);
    (Cow::Owned(shaped), anomalies)
}

fn retain<T>(all: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    all.retain(|_| stays.next() == Some(&true));
}

/// `MDCB`.
fn is_mdc(code: &str) -> bool {
    code.strip_prefix("MDC").is_some_and(|letter| matches!(letter.as_bytes(), [b'A'..=b'Z']))
}

/// `BB1`, `BB11`: a letter, then letters and digits.
fn is_group(code: &str, len: usize) -> bool {
    let of_a_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    code.len() == len && code.bytes().all(of_a_code) && code.as_bytes()[0].is_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{DrgSource, EntrySource, MdcSource, RuleSource};

    #[test]
    fn what_is_no_group_stands_twice_or_is_too_much_is_left_out_and_told() {
        let mdc = |code: &str| MdcSource {
            code: code.to_owned(),
            name: String::new(),
            entry: EntrySource::AnyRule,
            regions: Vec::new(),
        };
        let drg = |code: String| DrgSource { code, name: String::new() };
        let rule = |adrg: &str| RuleSource {
            adrg: adrg.to_owned(),
            variant: adrg.to_owned(),
            tests: Vec::new(),
            tables: Default::default(),
            file: "drawn".to_owned(),
            line: 7,
        };
        let digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let many = |n: usize| {
            let digit = |n: usize| &digits[n % 36..=n % 36];
            format!("{}{}{}{}", digit(10 + n / 46_656), digit(n / 1296), digit(n / 36), digit(n))
        };
        let source = Source {
            mdcs: vec![mdc("MDCF"), mdc(""), mdc("MDC9"), mdc("MDCF"), mdc("MDCé")],
            drgs: ["FR1", "类", "fr11", "FR11"]
                .map(|code| drg(code.to_owned()))
                .into_iter()
                .chain((0..66_000).map(|n| drg(many(n))))
                .collect(),
            rules: ["FR1", "", "类1", "FR11"]
                .map(rule)
                .into_iter()
                .chain((0..66_000).map(|_| rule("FR2")))
                .collect(),
            ..Source::default()
        };
        let (shaped, told) = shaped(&source);
        assert_eq!(shaped.mdcs.iter().map(|mdc| mdc.code.as_str()).collect::<Vec<_>>(), ["MDCF"]);
        assert_eq!((shaped.drgs.len(), shaped.rules.len()), (MOST, MOST - 3));
        let left_out = source.mdcs.len() - 1 + source.drgs.len() - MOST + source.rules.len() - (MOST - 3);
        assert_eq!(told.len(), left_out);
        assert!(told.iter().any(|a| a.line == 7 && a.what.starts_with("rule 类1 is left out")));
    }
}
