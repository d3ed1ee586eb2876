use chrono::NaiveDate;
use medfund_money::Fen;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{Head, Record, RecordKind};

/// An act that breaks the agreement (违规行为).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// What every record has; the fund year is the one it happened in.
    pub head: Head,
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
}

impl Record for Violation {
    const KIND: RecordKind = RecordKind::Violation;
    const COLLECTION: &'static str = "violations";
    type Period = ();

    fn head(&self) -> &Head {
        &self.head
    }

    fn with_head(self, head: Head) -> Self {
        Self { head, ..self }
    }

    fn period(&self) -> Option<()> {
        None
    }
}
