use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::error::AssessmentError;
use super::record::{Head, Record, RecordKind};

/// Whether an institution kept the rules in a year before this service knew its fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conduct {
    /// The pooling area.
    pub area: Area,
    /// The institution.
    pub institution: InstitutionCode,
    /// The year.
    pub fund_year: FundYear,
    /// Whether it kept the rules.
    pub kept_rules: bool,
    /// Where the file is.
    pub reference: String,
    /// Who recorded it.
    pub maker: String,
}

/// The statement whether an institution kept the rules in the years before a fund year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanRecord {
    /// What every record has; the fund year is the one that the extra working capital belongs to.
    pub head: Head,
    /// The years looked back on, near to far.
    pub years: Vec<YearConduct>,
    /// Whether it kept the rules in all of them.
    pub clean: bool,
}

impl Record for CleanRecord {
    const KIND: RecordKind = RecordKind::CleanRecord;
    const COLLECTION: &'static str = "cleanRecords";
    type Period = ();

    fn head(&self) -> &Head {
        &self.head
    }

    fn with_head(self, head: Head) -> Self {
        Self { head, ..self }
    }

    fn period(&self) -> Option<()> {
        Some(())
    }
}

/// What is known of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearConduct {
    /// The year.
    pub fund_year: FundYear,
    /// Whether this service kept the year's violations itself.
    pub known_here: bool,
    /// What other files say, if it was recorded.
    pub recorded: Option<bool>,
    /// Confirmed violations that spoil a record.
    pub n_violations: i64,
}

impl YearConduct {
    /// Whether the rules were kept in the year: no confirmed violation here, no other word elsewhere.
    #[must_use]
    pub fn kept_rules(&self) -> bool {
        self.n_violations == 0 && self.recorded != Some(false)
    }
}

/// The years that a fund year's clean record looks back on, near to far.
#[must_use]
pub fn years_before(fund_year: FundYear, clean_years: i32) -> Vec<FundYear> {
    (1..=clean_years).filter_map(|n| FundYear::try_from(fund_year.get() - n).ok()).collect()
}

/// Whether an institution kept the rules in all of the years.
///
/// # Errors
///
/// [`AssessmentError::ConductUnknown`] for a year that is neither known here nor recorded.
///
/// Source: JM 四(三)3.
pub fn is_clean(years: &[YearConduct]) -> Result<bool, AssessmentError> {
    if let Some(unknown) = years.iter().find(|year| !year.known_here && year.recorded.is_none()) {
        return Err(AssessmentError::ConductUnknown { fund_year: unknown.fund_year });
    }
    Ok(years.iter().all(YearConduct::kept_rules))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i32, known_here: bool, recorded: Option<bool>, n_violations: i64) -> YearConduct {
        YearConduct { fund_year: year.try_into().unwrap(), known_here, recorded, n_violations }
    }

    #[test]
    fn two_years_without_a_violation_are_clean() {
        assert_eq!(is_clean(&[year(2016, true, None, 0), year(2015, false, Some(true), 0)]), Ok(true));
    }

    #[test]
    fn one_violation_or_one_bad_file_spoils_the_record() {
        assert_eq!(is_clean(&[year(2016, true, None, 1), year(2015, false, Some(true), 0)]), Ok(false));
        assert_eq!(is_clean(&[year(2016, true, None, 0), year(2015, false, Some(false), 0)]), Ok(false));
    }

    #[test]
    fn nothing_is_said_about_a_year_that_nobody_knows() {
        let unknown = AssessmentError::ConductUnknown { fund_year: 2015.try_into().unwrap() };
        assert_eq!(is_clean(&[year(2016, true, None, 0), year(2015, false, None, 0)]), Err(unknown));
    }

    #[test]
    fn the_years_looked_back_on_end_before_the_fund_year() {
        let years: Vec<i32> =
            years_before(2017.try_into().unwrap(), 2).into_iter().map(FundYear::get).collect();
        assert_eq!(years, [2016, 2015]);
    }
}
