//! The words for conditions that the layout by category and a region's additions share.

use std::collections::BTreeSet;

use super::lines::Kind;
use crate::source::{Codes, TestSource};
use crate::{Severity, Sex};

/// What a list tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tested {
    PrincipalDiagnosis,
    OtherDiagnosis,
    AnyDiagnosis,
    PrincipalProcedure,
    AnyProcedure,
    OperationOutside,
}

impl Tested {
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "主要诊断" => Self::PrincipalDiagnosis,
            "其他诊断" => Self::OtherDiagnosis,
            "任一诊断" => Self::AnyDiagnosis,
            "主要手术" => Self::PrincipalProcedure,
            "任一手术" => Self::AnyProcedure,
            "表外手术" => Self::OperationOutside,
            _ => return None,
        })
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::PrincipalDiagnosis | Self::OtherDiagnosis | Self::AnyDiagnosis => Kind::Diagnosis,
            Self::PrincipalProcedure | Self::AnyProcedure | Self::OperationOutside => Kind::Procedure,
        }
    }

    pub(super) fn with(self, codes: Codes) -> TestSource {
        match self {
            Self::PrincipalDiagnosis => TestSource::PrincipalDiagnosis(codes),
            Self::OtherDiagnosis => TestSource::OtherDiagnosis(codes),
            Self::AnyDiagnosis => TestSource::AnyDiagnosis(codes),
            Self::PrincipalProcedure => TestSource::PrincipalProcedure(codes),
            Self::AnyProcedure => TestSource::AnyProcedure(codes),
            Self::OperationOutside => TestSource::OperationOutside(codes),
        }
    }
}

/// A condition that stands alone on its line.
pub(super) fn flag(word: &str) -> Option<TestSource> {
    Some(match word {
        "有手术" => TestSource::SomeOperation,
        "无手术" => TestSource::NoOperation,
        "新生儿" => TestSource::Newborn,
        "婴儿" => TestSource::Infant,
        "男性" => TestSource::OfSex(Sex::Male),
        "女性" => TestSource::OfSex(Sex::Female),
        _ => return None,
    })
}

/// A condition of a number or of severity: `年龄: 70-`, `并发症: MCC; CC`; `None` if the word is none of these.
pub(super) fn measured(word: &str, text: &str) -> Option<Result<TestSource, String>> {
    let text = text.trim();
    let wrong = |what: &str| format!("`{text}` is no {what}");
    Some(match word {
        "出生体重" => match band(text, u16::MAX) {
            Some((from, to)) => Ok(TestSource::BirthWeight(from, to.saturating_add(1))),
            None => Err(wrong("band of grams such as 1500-1999")),
        },
        "年龄" => match band(text, u16::MAX) {
            Some((from, to)) => Ok(TestSource::AgeYears(from, to)),
            None => Err(wrong("band of years such as 70-")),
        },
        "日龄" => match band(text, u32::MAX) {
            Some((from, to)) => Ok(TestSource::AgeDays(from, to)),
            None => Err(wrong("band of days such as 0-28")),
        },
        "住院天数" => match band(text, u16::MAX) {
            Some((from, to)) => Ok(TestSource::StayDays(from, to)),
            None => Err(wrong("band of days such as 7-14")),
        },
        "并发症" => {
            severities(text).map(TestSource::Severity).ok_or_else(|| wrong("choice of MCC, CC and 无"))
        }
        _ => return None,
    })
}

/// `1500-1999`, `-1499`, `2500-`: both ends within; an end may be left open, but not both.
fn band<N: std::str::FromStr + PartialOrd + From<u8>>(text: &str, open: N) -> Option<(N, N)> {
    let (from, to) = text.split_once('-').filter(|ends| *ends != ("", ""))?;
    let end = |text: &str, open: N| if text.is_empty() { Some(open) } else { text.parse().ok() };
    let (from, to) = (end(from, N::from(0))?, end(to, open)?);
    (from <= to).then_some((from, to))
}

fn severities(text: &str) -> Option<BTreeSet<Severity>> {
    let severity = |word: &str| match word.trim() {
        "MCC" => Some(Severity::Mcc),
        "CC" => Some(Severity::Cc),
        "无" => Some(Severity::None),
        _ => None,
    };
    text.split([';', '；']).map(severity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_have_both_ends_within_and_one_may_be_open() {
        for (word, text, expected) in [
            ("出生体重", "1500-1999", Some(TestSource::BirthWeight(1500, 2000))),
            ("出生体重", "2500-", Some(TestSource::BirthWeight(2500, u16::MAX))),
            ("年龄", "-6", Some(TestSource::AgeYears(0, 6))),
            ("日龄", " 29-364 ", Some(TestSource::AgeDays(29, 364))),
            ("住院天数", "1-1", Some(TestSource::StayDays(1, 1))),
            ("住院天数", "14-7", None),
            ("住院天数", "-", None),
            ("住院天数", "7", None),
            ("年龄", "七十-", None),
            ("并发症", "MCC; 重", None),
            ("并发症", "无；CC", Some(TestSource::Severity([Severity::None, Severity::Cc].into()))),
        ] {
            assert_eq!(measured(word, text).and_then(Result::ok), expected, "{word}: {text}");
        }
        assert_eq!(measured("性别", "男"), None);
    }
}
