use chrono::NaiveDate;
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::coefficient::Factor;
use super::key::BudgetKey;

/// What a round of negotiation is kept by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoundKey {
    /// The fund year, fund line and district.
    pub budget: BudgetKey,
    /// The group: institutions of like level, scale and history.
    pub group: String,
    /// The number of the round in its group, from 1.
    pub number: u32,
}

impl RoundKey {
    /// The resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}-{}", self.budget.name("negotiationRounds"), self.group, self.number)
    }
}

/// A round of negotiation (谈判协商) with a group of institutions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NegotiationRound {
    /// What it is kept by.
    pub key: RoundKey,
    /// The institutions that took part, or whose representatives did.
    pub institutions: Vec<InstitutionCode>,
    /// Who took part.
    pub participants: Vec<String>,
    /// Where the minutes are.
    pub minutes_reference: String,
    /// The factors it agreed.
    pub coefficients: Vec<AgreedCoefficient>,
    /// The business date.
    pub hold_date: NaiveDate,
}

/// Who talked and what was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talks {
    /// The institutions that took part, or whose representatives did.
    pub institutions: Vec<InstitutionCode>,
    /// Who took part.
    pub participants: Vec<String>,
    /// Where the minutes are.
    pub minutes_reference: String,
    /// The factors that were agreed.
    pub coefficients: Vec<AgreedCoefficient>,
}

impl NegotiationRound {
    /// The round that was held on a day.
    #[must_use]
    pub fn held(key: RoundKey, talks: Talks, hold_date: NaiveDate) -> Self {
        let Talks { institutions, participants, minutes_reference, coefficients } = talks;
        Self { key, institutions, participants, minutes_reference, coefficients, hold_date }
    }
}

/// The factors a round agreed for one institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedCoefficient {
    /// The institution.
    pub institution: InstitutionCode,
    /// The factors that an officer sets.
    pub factors: Vec<Factor>,
}
