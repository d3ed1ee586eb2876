use std::fmt;

use super::{Change, Complication, Explanation, Tried};
use crate::answer::{Outcome, Severity};
use crate::case::{Case, Field};
use crate::scheme::{Anchor, Entry, NO_LIST, Rule, Scheme, Test};

/// How the case came into the MDC.
pub(super) fn entry(scheme: &Scheme, mdc: u8, case: &Case<'_>) -> String {
    let principal = case.diagnoses.first().copied().unwrap_or_default();
    let by = match scheme.mdcs[usize::from(mdc)].entry {
        Entry::AnyRule => "先期分组，按手术或操作".to_owned(),
        Entry::NewbornByAge => "按新生儿年龄（29 天至不足 1 周岁的，另按源于新生儿期的主要诊断）".to_owned(),
        Entry::NewbornByDiagnosis => format!("主要诊断 {principal} 在其主诊表中，且不足 1 周岁"),
        Entry::Hiv => "有 HIV 相关诊断".to_owned(),
        Entry::Trauma => "至少两个身体部位有创伤".to_owned(),
        Entry::Principal => format!("主要诊断 {principal} 在其主诊表中"),
        Entry::MalePrincipal => format!("男性，主要诊断 {principal} 在其主诊表中"),
        Entry::FemalePrincipal => format!("女性，主要诊断 {principal} 在其主诊表中"),
    };
    format!("{} {}：{by}", scheme.mdc_code(mdc), scheme.mdc_name(mdc))
}

/// One if something leads to the rule, which then stands first among what it asks for.
pub(super) fn n_anchor(rule: &Rule) -> usize {
    usize::from(rule.anchor != Anchor::None)
}

/// What a rule asks for.
pub(super) fn asks(rule: &Rule) -> Vec<String> {
    let anchor = match rule.anchor {
        Anchor::PrincipalDiagnosis(_) => Some("主要诊断在其诊断表中".to_owned()),
        Anchor::PrincipalProcedure(_) => Some("主要手术在其手术表中".to_owned()),
        Anchor::None => None,
    };
    anchor.into_iter().chain(rule.tests.iter().map(ask)).collect()
}

fn ask(test: &Test) -> String {
    match test {
        Test::PrincipalDiagnosis(_) => "主要诊断在其诊断表中".to_owned(),
        Test::AnyDiagnosis(_) => "任一诊断在其诊断表中".to_owned(),
        Test::OtherDiagnosis(_) => "某一其他诊断在其诊断表中".to_owned(),
        Test::PrincipalProcedure(_) => "主要手术在其手术表中".to_owned(),
        Test::AnyProcedure(_) => "任一手术在其手术表中".to_owned(),
        Test::DistinctProcedures(lists) => {
            let n = lists.iter().filter(|&&list| list != NO_LIST).count();
            format!("{n} 个手术表各有一个手术")
        }
        Test::OperationOutside(_) => "有所除外手术表以外的手术".to_owned(),
        Test::SomeOperation => "有手术".to_owned(),
        Test::NoOperation => "无手术".to_owned(),
        Test::NewbornDiagnosis => "主要诊断源于新生儿期".to_owned(),
        Test::Newborn => "年龄小于 29 天".to_owned(),
        Test::Infant => "年龄 29 天至不足 1 周岁".to_owned(),
        Test::BirthWeight(0, below) => format!("出生体重小于 {below} 克"),
        Test::BirthWeight(from, u16::MAX) => format!("出生体重 {from} 克及以上"),
        Test::BirthWeight(from, below) => format!("出生体重 {from} 克至不足 {below} 克"),
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.result(f)?;
        if !self.unknown.is_empty() {
            writeln!(f, "不认识的编码，未参与分组：{}", self.unknown.join("、"))?;
        }
        if !self.entered.is_empty() {
            writeln!(f, "进入 {}", self.entered)?;
        }
        for tried in &self.tried {
            writeln!(f, "  {}", tried_line(tried, self.scheme))?;
        }
        if self.answer.outcome == Outcome::Ambiguous {
            writeln!(f, "  主要手术不属于本大类的任何手术组，与主要诊断不符，故不进内科组")?;
        }
        for complication in &self.complications {
            writeln!(f, "  其他诊断 {}", complication_line(complication))?;
        }
        for what_if in &self.what_if {
            writeln!(f, "如果{}：{}", change(&what_if.change), what_if.group)?;
        }
        Ok(())
    }
}

impl Explanation<'_> {
    fn result(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.answer.code(self.scheme);
        match self.answer.outcome {
            Outcome::Grouped => {
                let name = self.answer.drg.map(|drg| self.scheme.drg_name(drg)).unwrap_or_default();
                let severity = match self.answer.severity {
                    Severity::Mcc => "有严重并发症或合并症（MCC）",
                    Severity::Cc => "有一般并发症或合并症（CC）",
                    Severity::None => "无并发症或合并症",
                };
                writeln!(f, "分组成功：{code} {name}（{severity}）")
            }
            Outcome::Ambiguous => writeln!(f, "歧义病案：{code}"),
            Outcome::NotGrouped => writeln!(f, "无法入组：{code}"),
            Outcome::InvalidCode => {
                writeln!(f, "无法入组：{code}，主要诊断缺失、不在编码库中或为灰码，或主要手术为灰码")
            }
            Outcome::NeedsData(field) => writeln!(f, "需要补充数据：{}", name_of(field)),
        }
    }
}

fn name_of(field: Field) -> &'static str {
    match field {
        Field::Sex => "性别",
        Field::Age => "年龄",
        Field::AgeInDays => "不足一周岁的年龄（天）",
        Field::BirthWeight => "新生儿出生体重",
    }
}

fn tried_line(tried: &Tried, scheme: &Scheme) -> String {
    let adrg = tried.variant.split('_').next().unwrap_or_default();
    let name = scheme.adrgs.iter().find(|a| a.code == adrg).map(|a| a.name.as_str()).unwrap_or_default();
    let head = format!("{} {name}", tried.variant);
    match (tried.failed.and_then(|failed| tried.asks.get(failed)), tried.unknown) {
        (None, _) => format!("{head}：符合（{}）", tried.asks.join("，")),
        (Some(failed), true) => format!("{head}：缺数据，不知是否{failed}"),
        (Some(failed), false) => format!("{head}：不符合，要求{failed}"),
    }
}

fn complication_line(complication: &Complication) -> String {
    let name = |severity: Severity| match severity {
        Severity::Mcc => "MCC",
        Severity::Cc => "CC",
        Severity::None => "不计",
    };
    let Complication { code, listed, counts, excluded_by } = complication;
    match excluded_by {
        Some(table) if counts != listed => {
            format!(
                "{code}：列为 {}，但主要诊断在排除表 {table} 中，{}",
                name(*listed),
                match counts {
                    Severity::None => "不计入".to_owned(),
                    Severity::Cc | Severity::Mcc => format!("只计为 {}", name(*counts)),
                }
            )
        }
        Some(_) | None => format!("{code}：计为 {}", name(*counts)),
    }
}

fn change(change: &Change) -> String {
    match change {
        Change::PrincipalDiagnosis(code) => format!("主要诊断为 {code}"),
        Change::PrincipalProcedure(code) => format!("主要手术为 {code}"),
        Change::WithoutProcedures => "没有手术和操作".to_owned(),
        Change::WithoutMcc => "没有计入的 MCC".to_owned(),
        Change::WithoutMccAndCc => "没有计入的 MCC 和 CC".to_owned(),
        Change::WithMcc => "另有一个计入的 MCC".to_owned(),
        Change::WithCc => "另有一个计入的 CC".to_owned(),
    }
}
