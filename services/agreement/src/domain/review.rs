use chrono::NaiveDate;
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::two_persons::TwoPersons;

/// The result of an institution's graded review (分级评审).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The pooling area.
    pub area: Area,
    /// The review's id.
    pub id: Uuid,
    /// The fund year reviewed.
    pub fund_year: FundYear,
    /// The institution.
    pub institution: InstitutionCode,
    /// The grade's id in the pack.
    pub grade: String,
    /// Where the review is filed.
    pub reference: String,
    /// Who recorded and who confirmed it.
    pub persons: TwoPersons,
    /// The business date of its confirmation.
    pub confirm_date: Option<NaiveDate>,
}

impl Review {
    /// Its resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("areas/{}/reviews/{}", self.area, self.id)
    }
}
