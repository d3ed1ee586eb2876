use chrono::NaiveDate;
use medfund_money::Fen;
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::two_persons::TwoPersons;

/// An act that breaks the agreement (违规行为).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The pooling area.
    pub area: Area,
    /// The violation's id.
    pub id: Uuid,
    /// The fund year it happened in.
    pub fund_year: FundYear,
    /// The institution.
    pub institution: InstitutionCode,
    /// The kind's id in the pack.
    pub kind: String,
    /// Whether the pack lets such a violation spoil a clean record.
    pub spoils_record: bool,
    /// The day it happened.
    pub occur_date: NaiveDate,
    /// What it cost the fund.
    pub amount: Fen,
    /// The national code of the physician mainly responsible.
    pub physician_code: Option<String>,
    /// Where the evidence is filed.
    pub reference: String,
    /// The inspection that found it.
    pub inspection: Option<Uuid>,
    /// Who recorded and who confirmed it.
    pub persons: TwoPersons,
}

impl Violation {
    /// Its resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("areas/{}/violations/{}", self.area, self.id)
    }
}
