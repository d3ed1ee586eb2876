use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::Malformed;

/// A settlement month (结算月), a calendar month in Asia/Shanghai, written `2017-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Date))]
#[serde(try_from = "String", into = "String")]
pub struct SettlementMonth {
    first_day: NaiveDate,
}

impl SettlementMonth {
    /// The month that `date` lies in.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self { first_day: date.with_day(1).expect("every month has a first day") }
    }

    /// The month of a year, `month` 1 to 12, or `None`.
    #[must_use]
    pub fn from_ym(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).filter(|_| (2000..=2100).contains(&year)).map(Self::of)
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.first_day.year()
    }

    /// The month of the year, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.first_day.month()
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.first_day
    }

    /// The last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.next().first_day.pred_opt().expect("the day before a first day exists")
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self { first_day: self.first_day + Months::new(1) }
    }

    /// Whether `date` lies in this month.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        Self::of(date) == self
    }
}

impl fmt::Display for SettlementMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for SettlementMonth {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let parsed = text
            .split_once('-')
            .and_then(|(year, month)| Self::from_ym(year.parse().ok()?, month.parse().ok()?));
        // A sign or a missing zero would be a number, too.
        parsed
            .filter(|month| month.to_string() == text)
            .ok_or_else(|| Malformed::new(text, "a month written like `2017-01`"))
    }
}

impl TryFrom<String> for SettlementMonth {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<SettlementMonth> for String {
    fn from(month: SettlementMonth) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_knows_its_days_and_its_neighbour() {
        let february: SettlementMonth = "2016-02".parse().unwrap();
        assert_eq!(february.last_day(), NaiveDate::from_ymd_opt(2016, 2, 29).unwrap());
        assert_eq!(february.next().to_string(), "2016-03");
        assert_eq!("2016-12".parse::<SettlementMonth>().unwrap().next().to_string(), "2017-01");
        assert!(february.contains(february.last_day()) && !february.contains(february.next().first_day()));
    }

    #[test]
    fn only_the_written_form_is_taken() {
        for bad in [
            "", "2017", "2017-1", "2017-13", "2017-00", "201-011", "2017/01", "1999-01", "2017-+1",
            "+2017-01",
        ] {
            assert!(bad.parse::<SettlementMonth>().is_err(), "{bad}");
        }
    }
}
