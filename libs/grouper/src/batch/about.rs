use std::fmt;

use crate::Explanation;
use crate::crosswalk::{Fate, Translated, Translation};
use crate::quality::{Finding, ListField};

/// Why a line's case falls where it does.
#[derive(Clone, Debug)]
pub struct ExplainedLine<'s> {
    /// The case's id.
    pub id: String,
    /// What the crosswalk made of its codes, if there is one.
    pub translation: Option<Translation<'s>>,
    /// Why it falls where it does.
    pub explanation: Explanation<'s>,
}

/// What is wrong with a line's list.
#[derive(Clone, Debug)]
pub struct CheckedLine<'s> {
    /// The case's id.
    pub id: String,
    /// What the crosswalk made of its codes, if there is one; findings are about what it made.
    pub translation: Option<Translation<'s>>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl CheckedLine<'_> {
    /// The code in the list that the finding's was translated from, if it was.
    #[must_use]
    pub fn translated_from(&self, finding: &Finding) -> Option<&str> {
        let translation = self.translation.as_ref()?;
        let codes = match finding.field {
            ListField::Diagnoses => &translation.diagnoses,
            ListField::Procedures => &translation.procedures,
            ListField::Id
            | ListField::Sex
            | ListField::AgeYears
            | ListField::AgeDays
            | ListField::BirthWeight
            | ListField::AdmissionDate
            | ListField::DischargeDate
            | ListField::Discharge
            | ListField::ProcedureDates
            | ListField::TotalCost
            | ListField::Costs => return None,
        };
        let Translated { from, fate } = codes.get(finding.index?)?;
        matches!(fate, Fate::Mapped(_)).then_some(from)
    }
}

/// Written for a coder (编码员), in Chinese: what was translated, then the explanation.
impl fmt::Display for ExplainedLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(translation) = &self.translation {
            translation.fmt(f)?;
        }
        self.explanation.fmt(f)
    }
}
