use chrono::NaiveDate;
use medfund_types::{Area, District, FundLine, FundYear};
use serde::{Deserialize, Serialize};

use super::key::BudgetKey;
use super::pack::PackHash;

/// An area's fund calendar: the one source of its business date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The area.
    pub area: Area,
    /// The business date, Asia/Shanghai.
    pub business_date: NaiveDate,
}

/// A fund year (基金年度) opened under a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundYearOpening {
    /// The area.
    pub area: Area,
    /// The fund year.
    pub fund_year: FundYear,
    /// The pack's id.
    pub pack_id: String,
    /// The pack's hash.
    pub pack_hash: PackHash,
    /// The districts that have budgets of their own, ascending.
    pub districts: Vec<District>,
}

/// Why the calendar or a fund year is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CalendarError {
    /// The area has a calendar.
    #[error("the area has a calendar already")]
    Exists,
    /// The area has no calendar.
    #[error("the area has no calendar")]
    NotFound,
    /// The date is not later than the business date.
    #[error("the business date is {business_date}, {requested} is not later")]
    NotLater {
        /// The business date.
        business_date: NaiveDate,
        /// The date asked for.
        requested: NaiveDate,
    },
    /// The fund year is open.
    #[error("the fund year {0} is open already")]
    FundYearExists(FundYear),
    /// The fund year was not opened.
    #[error("the fund year {0} was not opened")]
    FundYearNotFound(FundYear),
    /// The fund year was not opened, or has no such fund line or district.
    #[error("the fund year {0} is not open for this fund line and district")]
    FundYearNotOpen(FundYear),
    /// The pack is not for this fund year.
    #[error("the pack is not for the fund year {0}")]
    PackNotForYear(FundYear),
    /// The pack is another region's.
    #[error("the pack is for the region {0}")]
    PackNotForArea(String),
}

impl Calendar {
    /// Moves the business date to `requested`.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NotLater`]: it never goes back.
    pub fn advance(self, requested: NaiveDate) -> Result<Self, CalendarError> {
        if requested <= self.business_date {
            return Err(CalendarError::NotLater { business_date: self.business_date, requested });
        }
        Ok(Self { business_date: requested, ..self })
    }
}

impl FundYearOpening {
    /// Makes sure that a budget of `key` belongs to this fund year.
    ///
    /// - `fund_lines`: the fund lines of the year's pack.
    ///
    /// # Errors
    ///
    /// [`CalendarError::FundYearNotOpen`] if it has no such fund line or district.
    pub fn covers<'l>(
        &self,
        key: &BudgetKey,
        mut fund_lines: impl Iterator<Item = &'l FundLine>,
    ) -> Result<(), CalendarError> {
        if self.districts.contains(&key.district) && fund_lines.any(|line| *line == key.fund_line) {
            Ok(())
        } else {
            Err(CalendarError::FundYearNotOpen(key.fund_year))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_business_date_never_goes_back_nor_stands_still() {
        let calendar = Calendar { area: "440700".parse().unwrap(), business_date: day("2016-11-01") };
        assert_eq!(calendar.clone().advance(day("2016-12-01")).unwrap().business_date, day("2016-12-01"));
        for requested in [day("2016-11-01"), day("2016-10-31")] {
            let refused = CalendarError::NotLater { business_date: day("2016-11-01"), requested };
            assert_eq!(calendar.clone().advance(requested), Err(refused));
        }
    }

    #[test]
    fn a_fund_year_covers_its_districts_and_its_packs_fund_lines() {
        let opening = FundYearOpening {
            area: "440700".parse().unwrap(),
            fund_year: FundYear::try_from(2017).unwrap(),
            pack_id: "jiangmen-2016".to_owned(),
            pack_hash: "ab".repeat(32).parse().unwrap(),
            districts: vec!["440703".parse().unwrap()],
        };
        let lines: Vec<FundLine> = vec!["employee".parse().unwrap()];
        let covers =
            |id| opening.covers(&BudgetKey::from_id(opening.area.clone(), id).unwrap(), lines.iter());
        assert_eq!(covers("2017-employee-440703"), Ok(()));
        for other in ["2017-resident-440703", "2017-employee-440704"] {
            assert_eq!(covers(other), Err(CalendarError::FundYearNotOpen(opening.fund_year)), "{other}");
        }
    }
}
