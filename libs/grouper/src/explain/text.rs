use std::fmt;

use super::names::named;
use super::{Change, Explanation, Tried, weighed};
use crate::answer::{Outcome, Severity};
use crate::case::Field;
use crate::scheme::{NO_NAME, Scheme};

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.result())?;
        for reason in &self.reasons {
            writeln!(f, "  {reason}")?;
        }
        self.codes(f)?;
        if !self.unknown.is_empty() {
            writeln!(f, "不认识的编码，未参与分组：{}", self.unknown.join("、"))?;
        }
        self.way(f)?;
        self.severity(f)?;
        for (value, answer) in &self.supplied {
            writeln!(f, "如果{value}：{}", group_of(self.scheme, answer.outcome, &answer.code(self.scheme)))?;
        }
        for what_if in &self.what_if {
            writeln!(
                f,
                "如果{}：{}",
                self.change(&what_if.change),
                group_of(self.scheme, what_if.outcome, &what_if.group)
            )?;
        }
        Ok(())
    }
}

impl Explanation<'_> {
    fn result(&self) -> String {
        let code = self.answer.code(self.scheme);
        match self.answer.outcome {
            Outcome::Grouped => {
                let name = self.answer.drg.map(|drg| self.scheme.drg_name(drg)).unwrap_or_default();
                format!("分组成功：{code} {}", if name.is_empty() { NO_NAME } else { name })
            }
            Outcome::Ambiguous => format!("歧义病案：{code}"),
            Outcome::NotGrouped => format!("无法入组：{code}"),
            Outcome::InvalidCode => format!("编码无效，无法入组：{code}"),
            Outcome::NeedsData(field) => format!("需要补充数据：{}", name_of(field)),
        }
    }

    /// The codes of the case by their names, where some are known.
    fn codes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.diagnoses.iter().chain(&self.procedures).all(|coded| coded.name.is_empty()) {
            return Ok(());
        }
        for (codes, principal, others) in
            [(&self.diagnoses, "主要诊断", "其他诊断"), (&self.procedures, "主要手术", "其他手术")]
        {
            let told: Vec<String> = codes.iter().map(|coded| named(&coded.code, coded.name)).collect();
            let Some((first, rest)) = told.split_first() else { continue };
            writeln!(f, "{principal} {first}")?;
            if !rest.is_empty() {
                writeln!(f, "{others} {}", rest.join("、"))?;
            }
        }
        Ok(())
    }

    /// The MDCs and the rules that were tried, in their order.
    fn way(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.answer.mdc.map(|mdc| self.scheme.mdc_letter(mdc));
        let (ours, before): (Vec<&Tried>, Vec<&Tried>) =
            self.tried.iter().filter(|tried| !tried.is_idle).partition(|tried| tried.variant.get(..1) == own);
        for tried in before {
            writeln!(f, "先试 {}", self.tried_line(tried))?;
        }
        for passed in &self.passed {
            writeln!(f, "未进入 {passed}")?;
        }
        if let Some(entered) = &self.entered {
            writeln!(f, "{entered}")?;
        }
        for tried in ours {
            writeln!(f, "  {}", self.tried_line(tried))?;
        }
        let idle = self.tried.iter().filter(|tried| tried.is_idle).map(|tried| tried.variant.as_str());
        let idle = idle.collect::<Vec<_>>().join("、");
        if !idle.is_empty() {
            writeln!(f, "  {idle}：不符合，所要求的手术本例一个也没有")?;
        }
        for divided in &self.divided {
            writeln!(f, "  {}", self.divided_line(divided))?;
        }
        Ok(())
    }

    /// What other diagnoses count as, and how that divides the ADRG.
    fn severity(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_weighed = matches!(self.answer.outcome, Outcome::NeedsData(_)) || self.answer.adrg.is_some();
        if !is_weighed {
            return Ok(());
        }
        for complication in &self.complications {
            writeln!(f, "其他诊断 {}", weighed::line(self.scheme, complication))?;
        }
        if !self.uncounted.is_empty() {
            writeln!(f, "不在 MCC 表和 CC 表中的其他诊断：{}", self.uncounted.join("、"))?;
        }
        match weighed::division(self.scheme, self.answer) {
            Some(division) => writeln!(f, "{division}"),
            None => Ok(()),
        }
    }

    fn tried_line(&self, tried: &Tried) -> String {
        let adrg = tried.variant.split('_').next().unwrap_or_default();
        let named_adrg = self.scheme.adrgs.iter().find(|one| one.code == adrg);
        let name = named_adrg.map(|one| one.name.as_str()).unwrap_or_default();
        held_line(&named(&tried.variant, name), tried)
    }

    fn divided_line(&self, tried: &Tried) -> String {
        held_line(&format!("细分 {}", told(self.scheme, &tried.variant)), tried)
    }

    fn change(&self, change: &Change) -> String {
        let counting = |at_least: Severity| -> String {
            let counted = self.complications.iter().filter(|one| one.counts >= at_least);
            counted.map(|one| one.code.as_str()).collect::<Vec<_>>().join("、")
        };
        match change {
            Change::PrincipalDiagnosis(code) => format!("以 {code} 为主要诊断"),
            Change::PrincipalProcedure(code) => format!("以 {code} 为主要手术"),
            Change::WithoutProcedures => "没有手术和操作".to_owned(),
            Change::WithoutMcc => format!("没有计入的 MCC（{}）", counting(Severity::Mcc)),
            Change::WithoutMccAndCc => format!("没有计入的 MCC 和 CC（{}）", counting(Severity::Cc)),
            Change::WithMcc => "另有一个计入的 MCC".to_owned(),
            Change::WithCc => "另有一个计入的 CC".to_owned(),
        }
    }
}

/// Where an answer leads, or what it wants.
fn group_of(scheme: &Scheme, outcome: Outcome, code: &str) -> String {
    match outcome {
        Outcome::NeedsData(field) => format!("还需要补充{}", name_of(field)),
        Outcome::InvalidCode => format!("{code} 无法入组（编码无效或为灰码）"),
        Outcome::Grouped | Outcome::Ambiguous | Outcome::NotGrouped => told(scheme, code),
    }
}

/// A group's code with its name, or what a code that is no group's means.
fn told(scheme: &Scheme, code: &str) -> String {
    match scheme.drgs.iter().find(|drg| drg.code == code) {
        Some(drg) => named(code, &drg.name),
        None if code.ends_with("QY") => format!("{code} 歧义病案"),
        None => format!("{code} 无法入组"),
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

/// Whether what is asked for holds, and else what does not.
fn held_line(head: &str, tried: &Tried) -> String {
    match (tried.failed.and_then(|failed| tried.asks.get(failed)), tried.unknown) {
        (None, _) => format!("{head}：符合，{}", tried.asks.join("；")),
        (Some(failed), true) => format!("{head}：缺数据，不知是否{failed}"),
        (Some(failed), false) => {
            let has = tried.has.as_ref().map(|has| format!("；本例{has}")).unwrap_or_default();
            format!("{head}：不符合，要求：{failed}{has}")
        }
    }
}
