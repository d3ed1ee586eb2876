//! How a case comes into an MDC, and why it does not although something leads there.

use super::names::{named, principal_table};
use crate::case::{Case, Sex};
use crate::choices::Position;
use crate::engine::{NEWBORN_DAYS, YEAR_DAYS};
use crate::scheme::{Diagnosis, Entry, Scheme};

/// How the case came into the MDC.
pub(super) fn entered(scheme: &Scheme, mdc: u8, case: &Case<'_>) -> String {
    let principal = case.diagnoses.first().copied().unwrap_or_default();
    let in_table = || format!("主要诊断 {principal} 在 {}中", principal_table(scheme, mdc));
    let by = match scheme.mdcs[usize::from(mdc)].entry {
        Entry::AnyRule => "先期分组，按手术或操作".to_owned(),
        Entry::NewbornByAge => match case.facts().days_old {
            Ok(days) if days <= NEWBORN_DAYS => format!("年龄 {days} 天，小于 29 天"),
            Ok(days) => format!("年龄 {days} 天，不足 1 周岁，主要诊断 {principal} 源于新生儿期"),
            Err(_) => "按新生儿年龄".to_owned(),
        },
        Entry::NewbornByDiagnosis => format!("{}，且不足 1 周岁", in_table()),
        Entry::Hiv => format!("有 HIV 相关诊断 {}", those(scheme, case, |one| one.hiv).join("、")),
        Entry::Trauma => format!("至少两个身体部位有创伤：{}", regions(scheme, mdc, case).join("，")),
        Entry::Principal => in_table(),
        Entry::MalePrincipal => format!("男性，{}", in_table()),
        Entry::FemalePrincipal => format!("女性，{}", in_table()),
    };
    format!("{}：{by}", named(scheme.mdc_code(mdc), scheme.mdc_name(mdc)))
}

/// Why the case did not come into an MDC that something of it leads to.
pub(super) fn passed(scheme: &Scheme, mdc: u8, case: &Case<'_>) -> Option<String> {
    let principal = *case.diagnoses.first()?;
    let diagnosis = &scheme.diagnoses[scheme.diagnosis_codes.find(principal)? as usize];
    let leads = diagnosis.mdcs & (1 << mdc) != 0;
    let but = |limit: &str, has: String| {
        format!("主要诊断 {principal} 在 {}中，但限{limit}；本例{has}", principal_table(scheme, mdc))
    };
    let years = || Some(format!("年龄 {} 岁", case.facts().years_old.ok()?));
    let why = match scheme.mdcs[usize::from(mdc)].entry {
        Entry::MalePrincipal if leads => but("男性", "女性".to_owned()),
        Entry::FemalePrincipal if leads => but("女性", "男性".to_owned()),
        Entry::NewbornByDiagnosis if leads => but("不足 1 周岁", years()?),
        Entry::NewbornByAge if leads && case.facts().days_old.is_ok_and(|days| days >= YEAR_DAYS) => {
            format!("主要诊断 {principal} 源于新生儿期，但已满 1 周岁；本例{}", years()?)
        }
        Entry::Hiv => {
            let others = those(scheme, case, |one| one.hiv);
            let is_other = scheme.choices.hiv == Position::Principal && !others.is_empty();
            is_other.then(|| format!("HIV 相关诊断 {} 不是主要诊断", others.join("、")))?
        }
        Entry::Trauma => match regions(scheme, mdc, case).as_slice() {
            [] => return None,
            [one] => format!("只有一个身体部位有创伤（{one}），要求至少两个"),
            several => {
                format!("有多部位创伤（{}），但主要诊断 {principal} 不是创伤", several.join("，"))
            }
        },
        Entry::AnyRule
        | Entry::NewbornByAge
        | Entry::NewbornByDiagnosis
        | Entry::Principal
        | Entry::MalePrincipal
        | Entry::FemalePrincipal => return None,
    };
    Some(format!("{}：{why}", named(scheme.mdc_code(mdc), scheme.mdc_name(mdc))))
}

/// What is not known of whether the case comes into the MDC, where a field is missing.
pub(super) fn undecided(scheme: &Scheme, mdc: u8, case: &Case<'_>) -> String {
    let principal = case.diagnoses.first().copied().unwrap_or_default();
    let sex = |sex| {
        let table = principal_table(scheme, mdc);
        format!("主要诊断 {principal} 在 {table}中，但限{}，而性别不详", word_of(sex))
    };
    let why = match scheme.mdcs[usize::from(mdc)].entry {
        Entry::MalePrincipal => sex(Sex::Male),
        Entry::FemalePrincipal => sex(Sex::Female),
        Entry::NewbornByAge => "收小于 29 天的新生儿，而年龄（天）不详".to_owned(),
        Entry::NewbornByDiagnosis => {
            let table = principal_table(scheme, mdc);
            format!("主要诊断 {principal} 在 {table}中，但限不足 1 周岁，而年龄不详")
        }
        Entry::AnyRule | Entry::Hiv | Entry::Trauma | Entry::Principal => "缺数据".to_owned(),
    };
    format!("{}：{why}", named(scheme.mdc_code(mdc), scheme.mdc_name(mdc)))
}

/// The case's diagnoses that are such.
fn those<'c>(scheme: &Scheme, case: &Case<'c>, are: fn(&Diagnosis) -> bool) -> Vec<&'c str> {
    let is_one = |code: &&&str| {
        scheme.diagnosis_codes.find(code).is_some_and(|id| are(&scheme.diagnoses[id as usize]))
    };
    case.diagnoses.iter().filter(is_one).copied().collect()
}

/// The body regions that have a trauma, each with its diagnoses: `头颈部创伤 S06.800、S01.300`.
fn regions(scheme: &Scheme, mdc: u8, case: &Case<'_>) -> Vec<String> {
    let names = &scheme.mdcs[usize::from(mdc)].regions;
    let of_region = |region: u16| {
        let id = |code: &&str| scheme.diagnosis_codes.find(code);
        let hurt = |code: &&&str| {
            id(code).is_some_and(|id| scheme.diagnoses[id as usize].trauma & (1 << region) != 0)
        };
        let codes: Vec<&str> = case.diagnoses.iter().filter(hurt).copied().collect();
        let name = names.get(usize::from(region)).cloned().unwrap_or_else(|| format!("部位 {}", region + 1));
        (!codes.is_empty()).then(|| format!("{name} {}", codes.join("、")))
    };
    (0..16).filter_map(of_region).collect()
}

/// A person's sex in a word.
pub(super) fn word_of(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "男性",
        Sex::Female => "女性",
    }
}
