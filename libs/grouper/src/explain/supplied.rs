//! What the field that a case wants would decide.

use std::collections::BTreeSet;

use crate::Grouper;
use crate::answer::{Answer, Outcome};
use crate::case::{Case, Field, Sex};
use crate::engine::{NEWBORN_DAYS, YEAR_DAYS};
use crate::scheme::{Scheme, Test};

use super::entry::word_of;

/// Each value of the missing field that the scheme tells apart, in words, and the answer with it.
pub(super) fn values(grouper: &mut Grouper<'_>, case: &Case<'_>, answer: Answer) -> Vec<(String, Answer)> {
    let Outcome::NeedsData(field) = answer.outcome else { return Vec::new() };
    let scheme = grouper.scheme();
    let of = |words: String, case| (words, case);
    let cases: Vec<(String, Case<'_>)> = match field {
        Field::Sex => [Sex::Male, Sex::Female]
            .map(|sex| of(format!("为{}", word_of(sex)), Case { sex: Some(sex), ..*case }))
            .into(),
        Field::Age | Field::AgeInDays => {
            let days = |words: &str, days| {
                let case = Case { age_years: Some(0), age_days: Some(days), ..*case };
                of(words.to_owned(), case)
            };
            let mut cases =
                vec![days("年龄小于 29 天", NEWBORN_DAYS), days("年龄 29 天至不足 1 周岁", YEAR_DAYS - 1)];
            if field == Field::Age {
                let years = bands(scheme, field);
                cases.extend(years.into_iter().filter(|&(_, below)| below > 1).map(|(from, below)| {
                    let from = from.max(1);
                    of(
                        within("年龄", from, below, "岁"),
                        Case { age_years: Some(from), age_days: None, ..*case },
                    )
                }));
            }
            cases
        }
        Field::BirthWeight => {
            let case = |from| Case { birth_weight_g: Some(from), ..*case };
            let bands = bands(scheme, field).into_iter();
            bands.map(|(from, below)| of(within("出生体重", from, below, "克"), case(from))).collect()
        }
        Field::StayDays => {
            let case = |from| Case { stay_days: Some(from), ..*case };
            let bands = bands(scheme, field).into_iter();
            bands.map(|(from, below)| of(within("住院", from, below, "天"), case(from))).collect()
        }
    };
    cases.into_iter().map(|(words, case)| (words, grouper.group(&case))).collect()
}

/// The bands, from..below, into which the scheme's tests part the field.
fn bands(scheme: &Scheme, field: Field) -> Vec<(u16, u16)> {
    let of_rules = scheme.rules.iter().flat_map(|rule| &rule.tests);
    let of_divisions = scheme.adrgs.iter().flat_map(|adrg| &adrg.divisions).flat_map(|one| &one.tests);
    let parted = of_rules.chain(of_divisions).filter_map(|test| ends(*test, field)).flatten();
    let ends: Vec<u16> = parted.chain([0, u16::MAX]).collect::<BTreeSet<u16>>().into_iter().collect();
    ends.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Where a test's band of the field begins and what lies behind it.
fn ends(test: Test, field: Field) -> Option<[u16; 2]> {
    match (field, test) {
        (Field::Age, Test::AgeYears(from, to)) | (Field::StayDays, Test::StayDays(from, to)) => {
            Some([from, to.saturating_add(1)])
        }
        (Field::BirthWeight, Test::BirthWeight(from, below)) => Some([from, below]),
        (Field::Sex | Field::Age | Field::AgeInDays | Field::BirthWeight | Field::StayDays, _) => None,
    }
}

fn within(what: &str, from: u16, below: u16, unit: &str) -> String {
    match (from, below) {
        (_, u16::MAX) => format!("{what} {from} {unit}及以上"),
        (0, _) => format!("{what}不足 {below} {unit}"),
        (_, _) => format!("{what} {from} {unit}至不足 {below} {unit}"),
    }
}
