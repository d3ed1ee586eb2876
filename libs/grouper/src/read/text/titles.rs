use super::sections::Section;
use super::ways::procedures_of;
use crate::source::TestSource;

/// The tests of an ADRG that has a title only: `…见 IJ1 手术表`, `…手术除 WB1 外手术`, `…无手术`, `…手术`.
pub(super) fn tests_of(section: &Section, all: &[Section]) -> Result<Vec<TestSource>, String> {
    let title = section.title.replace(' ', "");
    if title.contains("无手术") {
        return Ok(vec![TestSource::NoOperation]);
    }
    if let Some((_, rest)) = title.split_once('见')
        && let Some(adrg) = rest.strip_suffix("手术表")
    {
        return Ok(vec![TestSource::PrincipalProcedure(procedures_of(adrg, all)?)]);
    }
    if let Some((_, rest)) = title.split_once("手术除") {
        let adrg = rest.trim_end_matches("外手术");
        return Ok(vec![TestSource::OperationOutside(procedures_of(adrg, all)?)]);
    }
    if is_surgical(section) {
        return Ok(vec![TestSource::SomeOperation]);
    }
    Err("no rule, and its title says none".to_owned())
}

/// Whether the section is of a surgical ADRG whose rule names diagnoses only (YC1).
pub(super) fn wants_operation(section: &Section, ways: &[Vec<TestSource>]) -> bool {
    let of_diagnoses = |test: &TestSource| test.diagnoses().is_some();
    is_surgical(section) && section.title.contains("手术") && ways.iter().flatten().all(of_diagnoses)
}

/// Whether the ADRG is a surgical one (外科组, second letter A to J).
fn is_surgical(section: &Section) -> bool {
    section.code.as_bytes().get(1).is_some_and(|letter| (b'A'..=b'J').contains(letter))
}

/// What the titles of MDCP say of age and birth weight.
pub(super) fn age_tests(section: &Section) -> Vec<TestSource> {
    if !section.code.starts_with('P') {
        return Vec::new();
    }
    if section.title.contains("周岁") {
        return vec![TestSource::Infant];
    }
    let mut tests = vec![TestSource::Newborn];
    if let Some(weight) = section.title.split("体重").nth(1) {
        let grams: Vec<u16> =
            weight.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        match grams.as_slice() {
            [from, to] => tests.push(TestSource::BirthWeight(*from, to.saturating_add(1))),
            [below] if weight.contains('＜') || weight.contains('<') => {
                tests.push(TestSource::BirthWeight(0, *below));
            }
            [over] => tests.push(TestSource::BirthWeight(over.saturating_add(1), u16::MAX)),
            _ => {}
        }
    }
    tests
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn bands_of_birth_weight_are_read_from_titles() {
        let of = |title: &str| {
            age_tests(&Section {
                code: "PS1".to_owned(),
                title: title.to_owned(),
                line: 1,
                parts: Vec::new(),
            })
        };
        let with = |test| vec![TestSource::Newborn, test];
        assert_eq!(of("极度发育不全（出生体重＜1500g）"), with(TestSource::BirthWeight(0, 1500)));
        assert_eq!(of("早产儿（出生体重 1500-1999g）"), with(TestSource::BirthWeight(1500, 2000)));
        assert_eq!(of("早产儿（出生体重>2499g）"), with(TestSource::BirthWeight(2500, u16::MAX)));
        assert_eq!(of("源于新生儿(29 天≤出生年龄＜1 周岁)诊断的婴儿疾患"), [TestSource::Infant]);
    }
}
