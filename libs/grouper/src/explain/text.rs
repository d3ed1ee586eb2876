use std::fmt;

use super::{Change, Complication, Explanation, Tried};
use crate::answer::{Outcome, Severity};
use crate::case::{Case, Field};
use crate::scheme::{Diagnosis, Entry, Scheme};

/// How the case came into the MDC.
pub(super) fn entry(scheme: &Scheme, mdc: u8, case: &Case<'_>) -> String {
    let principal = case.diagnoses.first().copied().unwrap_or_default();
    let those = |are: fn(&Diagnosis) -> bool| {
        let is_one = |code: &&&str| {
            let id = scheme.diagnosis_codes.find(code);
            id.is_some_and(|id| are(&scheme.diagnoses[id as usize]))
        };
        case.diagnoses.iter().filter(is_one).copied().collect::<Vec<_>>().join("、")
    };
    let by = match scheme.mdcs[usize::from(mdc)].entry {
        Entry::AnyRule => "先期分组，按手术或操作".to_owned(),
        Entry::NewbornByAge => "按新生儿年龄（29 天至不足 1 周岁的，另按源于新生儿期的主要诊断）".to_owned(),
        Entry::NewbornByDiagnosis => format!("主要诊断 {principal} 在其主诊表中，且不足 1 周岁"),
        Entry::Hiv => format!("有 HIV 相关诊断 {}", those(|diagnosis| diagnosis.hiv)),
        Entry::Trauma => format!("至少两个身体部位有创伤：{}", those(|diagnosis| diagnosis.trauma != 0)),
        Entry::Principal => format!("主要诊断 {principal} 在其主诊表中"),
        Entry::MalePrincipal => format!("男性，主要诊断 {principal} 在其主诊表中"),
        Entry::FemalePrincipal => format!("女性，主要诊断 {principal} 在其主诊表中"),
    };
    format!("{}：{by}", named(scheme.mdc_code(mdc), scheme.mdc_name(mdc)))
}

/// A group's code, and its name if the tables give one.
fn named(code: &str, name: &str) -> String {
    if name.is_empty() { code.to_owned() } else { format!("{code} {name}") }
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
        for divided in &self.divided {
            writeln!(f, "  {}", divided_line(divided, self.scheme))?;
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
                writeln!(f, "分组成功：{}（{severity}）", named(&code, name))
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
        Field::StayDays => "住院天数",
    }
}

fn tried_line(tried: &Tried, scheme: &Scheme) -> String {
    let adrg = tried.variant.split('_').next().unwrap_or_default();
    let name = scheme.adrgs.iter().find(|a| a.code == adrg).map(|a| a.name.as_str()).unwrap_or_default();
    held_line(&named(&tried.variant, name), tried)
}

fn divided_line(tried: &Tried, scheme: &Scheme) -> String {
    let drg = scheme.drgs.iter().find(|drg| drg.code == tried.variant);
    let name = drg.map(|drg| drg.name.as_str()).unwrap_or_default();
    held_line(&format!("细分 {}", named(&tried.variant, name)), tried)
}

/// Whether what is asked for holds, and else what does not.
fn held_line(head: &str, tried: &Tried) -> String {
    match (tried.failed.and_then(|failed| tried.asks.get(failed)), tried.unknown) {
        (None, _) => format!("{head}：符合（{}）", tried.asks.join("，")),
        (Some(failed), true) => format!("{head}：缺数据，不知是否{failed}"),
        (Some(failed), false) => {
            let has = tried.has.as_ref().map(|has| format!("；本例{has}")).unwrap_or_default();
            format!("{head}：不符合，要求{failed}{has}")
        }
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
