use serde::{Deserialize, Serialize};

use crate::quality::Limits;

/// What groupers do differently where the published text is silent or differs
/// from version to version. A reader sets what its tables say; a scheme's file
/// `CHOICES.txt` may say otherwise, a `name = value` line each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// `grey_diagnosis = ends | groups`: what a grey principal diagnosis (灰码) does.
    pub grey_diagnosis: Grey,
    /// `grey_procedure = ends | groups`: what a grey principal procedure does.
    pub grey_procedure: Grey,
    /// `hiv = any | principal`: which diagnosis leads to MDCY.
    pub hiv: Position,
    /// `trauma = any | principal`: whether the principal diagnosis must itself be one of MDCZ's.
    pub trauma: Position,
    /// `newborn_surgery = newborn_diagnosis | age`: what MDCP's surgical groups ask for
    /// where no table of principal diagnoses is published for MDCP.
    pub newborn_surgery: NewbornSurgery,
    /// `same_procedure = once | twice`: whether one procedure may meet two lists of a rule.
    pub same_procedure: SameProcedure,
    /// `operations = table | rules`: what counts as an operation for "any operation",
    /// "no operation" and the ambiguous group.
    pub operations: Operations,
    /// `mdc_order = APYZMNOBC…`: MDC letters in the order they are tried.
    pub mdc_order: String,
    /// The bounds of what can be in a list.
    pub limits: Limits,
}

/// What a grey code does in the principal place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grey {
    /// The case is not grouped.
    Ends,
    /// The case is grouped as if the code were none.
    Groups,
}

/// Where a diagnosis counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// Anywhere.
    Any,
    /// In the principal place.
    Principal,
}

/// What a surgical group of newborns asks for beside the operation and the age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NewbornSurgery {
    /// A principal diagnosis that some list of MDCP names.
    NewbornDiagnosis,
    /// Nothing.
    Age,
}

/// Whether one procedure may meet two lists of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SameProcedure {
    /// Each list wants a procedure of its own.
    Once,
    /// One procedure may stand for two.
    Twice,
}

/// What counts as an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operations {
    /// The procedures of the table of valid ones.
    Table,
    /// The procedures that some rule of the scheme names.
    Rules,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            grey_diagnosis: Grey::Ends,
            grey_procedure: Grey::Ends,
            hiv: Position::Any,
            trauma: Position::Principal,
            newborn_surgery: NewbornSurgery::NewbornDiagnosis,
            same_procedure: SameProcedure::Once,
            operations: Operations::Table,
            mdc_order: "APYZMNOBCDEFGHIJKLQRSTUVWX".to_owned(),
            limits: Limits::default(),
        }
    }
}

impl Choices {
    /// Sets one choice by its name and value.
    ///
    /// # Errors
    ///
    /// In words, what is not known about them.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let unknown = || format!("`{name}` cannot be `{value}`");
        match name {
            "grey_diagnosis" => self.grey_diagnosis = grey(value).ok_or_else(unknown)?,
            "grey_procedure" => self.grey_procedure = grey(value).ok_or_else(unknown)?,
            "hiv" => self.hiv = position(value).ok_or_else(unknown)?,
            "trauma" => self.trauma = position(value).ok_or_else(unknown)?,
            "newborn_surgery" => {
                self.newborn_surgery = match value {
                    "newborn_diagnosis" => NewbornSurgery::NewbornDiagnosis,
                    "age" => NewbornSurgery::Age,
                    _ => return Err(unknown()),
                }
            }
            "same_procedure" => {
                self.same_procedure = match value {
                    "once" => SameProcedure::Once,
                    "twice" => SameProcedure::Twice,
                    _ => return Err(unknown()),
                }
            }
            "operations" => {
                self.operations = match value {
                    "table" => Operations::Table,
                    "rules" => Operations::Rules,
                    _ => return Err(unknown()),
                }
            }
            "mdc_order" => {
                let mut letters: Vec<u8> = value.bytes().collect();
                letters.sort_unstable();
                if letters != (b'A'..=b'Z').collect::<Vec<_>>() {
                    return Err(format!("`{name}` must name each letter from A to Z once, not `{value}`"));
                }
                value.clone_into(&mut self.mdc_order);
            }
            _ => {
                let set = self.limits.set(name, value);
                set.unwrap_or_else(|| Err(format!("no choice is called `{name}`")))?;
            }
        }
        Ok(())
    }
}

fn grey(value: &str) -> Option<Grey> {
    match value {
        "ends" => Some(Grey::Ends),
        "groups" => Some(Grey::Groups),
        _ => None,
    }
}

fn position(value: &str) -> Option<Position> {
    match value {
        "any" => Some(Position::Any),
        "principal" => Some(Position::Principal),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_set_by_name() {
        let mut choices = Choices::default();
        assert_eq!(choices.set("hiv", "principal"), Ok(()));
        assert_eq!(choices.hiv, Position::Principal);
        assert_eq!(choices.set("operations", "rules"), Ok(()));
        assert_eq!(choices.operations, Operations::Rules);
        assert_eq!(choices.limits, Limits::default());
        for (name, value) in
            [("oldest_years", "130"), ("maternal_years", "10-60"), ("birth_weight_g", "300 - 7000")]
        {
            assert_eq!(choices.set(name, value), Ok(()));
        }
        let limits = Limits { oldest_years: 130, maternal_years: [10, 60], birth_weight_g: [300, 7_000] };
        assert_eq!(choices.limits, limits);
    }

    #[test]
    fn what_is_no_choice_is_refused_in_words() {
        let mut choices = Choices::default();
        assert_eq!(choices.set("hiv", "perhaps"), Err("`hiv` cannot be `perhaps`".to_owned()));
        assert_eq!(choices.set("colour", "red"), Err("no choice is called `colour`".to_owned()));
        assert!(choices.set("mdc_order", "ABC").is_err());
        for value in ["", "9", "64-9", "9-65536", "-"] {
            let told = format!("`maternal_years` cannot be `{value}`");
            assert_eq!(choices.set("maternal_years", value), Err(told));
        }
        assert_eq!(choices, Choices::default());
    }
}
