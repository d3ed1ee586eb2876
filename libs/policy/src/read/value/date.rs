use chrono::{Datelike, NaiveDate};

use super::Value;
use crate::read::Spot;

/// A civil date, written `2016-10-01`.
pub type Day = NaiveDate;

impl Value for NaiveDate {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        let text = spot.text()?;
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let date = date.filter(|date| (2000..=2100).contains(&date.year()) && date.to_string() == text);
        if date.is_none() {
            spot.wrong(format!("`{text}` is not a date of this century written as 2016-10-01"));
        }
        date
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// A day of every year, written `03-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u32,
    day: u32,
}

impl MonthDay {
    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.month
    }

    /// The day of the month.
    #[must_use]
    pub fn day(self) -> u32 {
        self.day
    }

    /// That day of `year`. The pack has no 29 February, so every year has it.
    #[must_use]
    pub fn in_year(self, year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, self.month, self.day).expect("read as a day of a common year")
    }
}

impl Value for MonthDay {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        let text = spot.text()?;
        // 2001 is a common year.
        let date = NaiveDate::parse_from_str(&format!("2001-{text}"), "%Y-%m-%d").ok();
        let date = date.filter(|date| date.format("%m-%d").to_string() == text);
        if date.is_none() {
            spot.wrong(format!("`{text}` is not a day of every year written as 03-31"));
        }
        date.map(|date| Self { month: date.month(), day: date.day() })
    }

    fn show(&self) -> String {
        format!("{:02}-{:02}", self.month, self.day)
    }
}
