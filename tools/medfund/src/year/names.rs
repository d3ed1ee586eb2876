//! The names of a year's resources.

use chrono::{Datelike, NaiveDate};
use medfund_proto::google::r#type::Date;
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};

/// Names of resources of one area and fund year.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    area: Area,
    fund_year: FundYear,
}

impl Names {
    pub(crate) fn of(area: &Area, fund_year: FundYear) -> Self {
        Self { area: area.clone(), fund_year }
    }

    /// The area itself.
    pub(crate) fn area(&self) -> String {
        format!("areas/{}", self.area)
    }

    /// The fund year.
    pub(crate) fn fund_year(&self) -> String {
        format!("areas/{}/fundYears/{}", self.area, self.fund_year)
    }

    /// A resource known by one id.
    pub(crate) fn one(&self, kind: &str, id: &str) -> String {
        format!("areas/{}/{kind}/{id}", self.area)
    }

    /// A resource of a fund line in a district.
    pub(crate) fn of_district(&self, kind: &str, line: &FundLine, district: &District) -> String {
        format!("areas/{}/{kind}/{}-{line}-{district}", self.area, self.fund_year)
    }

    /// A resource of a fund line in an institution.
    pub(crate) fn of_institution(
        &self,
        kind: &str,
        line: &FundLine,
        institution: &InstitutionCode,
    ) -> String {
        format!("areas/{}/{kind}/{}-{line}-{institution}", self.area, self.fund_year)
    }

    /// A resource of a fund line in the whole area.
    pub(crate) fn of_line(&self, kind: &str, line: &FundLine) -> String {
        format!("areas/{}/{kind}/{}-{line}", self.area, self.fund_year)
    }
}

/// A day as messages carry it.
pub(crate) fn day(date: NaiveDate) -> Option<Date> {
    let part = |number: u32| i32::try_from(number).expect("a month or a day is small");
    Some(Date { year: date.year(), month: part(date.month()), day: part(date.day()) })
}

/// A settlement month as messages carry it: a date with day 0.
pub(crate) fn month(month: SettlementMonth) -> Option<Date> {
    Some(Date { year: month.year(), month: i32::try_from(month.month()).expect("a month is small"), day: 0 })
}
