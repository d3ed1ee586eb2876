use serde::{Deserialize, Serialize};

use crate::{Field, Scheme};

/// What grouping a case came to; small enough to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it ended.
    pub outcome: Outcome,
    /// The MDC (主要诊断大类) in the scheme's order, if one took the case.
    pub mdc: Option<u8>,
    /// The ADRG (核心疾病诊断相关组) in the scheme's order.
    pub adrg: Option<u16>,
    /// The DRG in the scheme's order.
    pub drg: Option<u16>,
    /// The severest counting other diagnosis.
    pub severity: Severity,
}

/// How grouping ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In a DRG (分组成功).
    Grouped,
    /// The principal procedure does not belong to the principal diagnosis (歧义病案, `?QY`).
    Ambiguous,
    /// In no group (无法入组, `0000`).
    NotGrouped,
    /// The principal diagnosis is missing, unknown or grey (灰码).
    InvalidCode,
    /// A field that the next rule tests is missing.
    NeedsData(Field),
}

impl Outcome {
    /// How it ended, in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Grouped => "分组成功",
            Self::Ambiguous => "歧义病案",
            Self::NotGrouped => "无法入组",
            Self::InvalidCode => "编码无效",
            Self::NeedsData(Field::Sex) => "缺少性别",
            Self::NeedsData(Field::Age) => "缺少年龄",
            Self::NeedsData(Field::AgeInDays) => "缺少不足一周岁的年龄",
            Self::NeedsData(Field::BirthWeight) => "缺少新生儿出生体重",
            Self::NeedsData(Field::StayDays) => "缺少住院天数",
        }
    }
}

/// What other diagnoses weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Neither.
    #[default]
    None,
    /// A complication or comorbidity counts (CC).
    Cc,
    /// A major one counts (MCC).
    Mcc,
}

impl Answer {
    pub(crate) fn ungrouped(outcome: Outcome) -> Self {
        Self { outcome, mdc: None, adrg: None, drg: None, severity: Severity::None }
    }

    /// The group's code: a DRG, `?QY` for an ambiguous case, else `0000`.
    #[must_use]
    pub fn code<'s>(&self, scheme: &'s Scheme) -> std::borrow::Cow<'s, str> {
        match (self.outcome == Outcome::Ambiguous, self.drg, self.mdc) {
            (false, Some(drg), _) => scheme.drg_code(drg).into(),
            (true, _, Some(mdc)) => format!("{}QY", scheme.mdc_letter(mdc)).into(),
            (_, None, _) | (true, Some(_), None) => "0000".into(),
        }
    }
}
