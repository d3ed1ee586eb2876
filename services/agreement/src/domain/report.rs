use chrono::{DateTime, NaiveDate, Utc};
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::indicators::Measured;
use super::record::{Head, Record, RecordKind};
use super::rules::YearSpan;

/// An institution's indicators of a month, as it reported them (指标数据月报).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyReport {
    /// The pooling area.
    pub area: Area,
    /// The report's id.
    pub id: Uuid,
    /// The fund year that the month lies in.
    pub fund_year: FundYear,
    /// The institution.
    pub institution: InstitutionCode,
    /// The month reported.
    pub month: SettlementMonth,
    /// The values.
    pub measured: Vec<Measured>,
    /// Who reported.
    pub reporter: String,
    /// When.
    pub time: DateTime<Utc>,
}

impl MonthlyReport {
    /// Its resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("areas/{}/monthlyReports/{}", self.area, self.id)
    }
}

/// The figures of an institution and quarter that are disclosed to the public (季度通报).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// What every record has; who confirms it publishes it.
    pub head: Head,
    /// The quarter.
    pub quarter: Quarter,
    /// The figures.
    pub measured: Vec<Measured>,
}

impl Record for Disclosure {
    const KIND: RecordKind = RecordKind::Disclosure;
    const COLLECTION: &'static str = "disclosures";
    type Period = Quarter;

    fn head(&self) -> &Head {
        &self.head
    }

    fn with_head(self, head: Head) -> Self {
        Self { head, ..self }
    }

    fn period(&self) -> Option<Quarter> {
        Some(self.quarter)
    }
}

/// A quarter of a fund year, 1 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quarter(i32);

impl Quarter {
    /// The quarter's number.
    #[must_use]
    pub fn get(self) -> i32 {
        self.0
    }

    /// The quarter's last day in a fund year.
    #[must_use]
    pub fn last_day(self, year: YearSpan) -> NaiveDate {
        let months = chrono::Months::new(u32::try_from(self.0).expect("1 to 4") * 3);
        (year.first + months).pred_opt().expect("the day before a first day exists")
    }
}

impl TryFrom<i32> for Quarter {
    type Error = String;

    fn try_from(number: i32) -> Result<Self, String> {
        if (1..=4).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("`{number}` is not a quarter, 1 to 4"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_ends_with_its_third_month() {
        let day = |month, day| NaiveDate::from_ymd_opt(2017, month, day).unwrap();
        let year = YearSpan { first: day(1, 1), last: day(12, 31) };
        assert_eq!(Quarter::try_from(1).unwrap().last_day(year), day(3, 31));
        assert_eq!(Quarter::try_from(4).unwrap().last_day(year), day(12, 31));
        assert!(Quarter::try_from(0).is_err() && Quarter::try_from(5).is_err());
    }
}
