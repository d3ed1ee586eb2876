use chrono::NaiveDate;
use medfund_types::FundYear;

use super::two_persons::ConfirmError;

/// What any command may be refused for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommonError {
    /// No institution has this code.
    #[error("no such institution in the area")]
    InstitutionNotFound,
    /// This service has not heard that the fund year was opened.
    #[error("fund year {fund_year} is not open")]
    FundYearNotOpen {
        /// The fund year.
        fund_year: FundYear,
    },
    /// This service has not heard of the area's calendar.
    #[error("the area's calendar is not open")]
    CalendarNotOpen,
    /// It is dated after the business date.
    #[error("it is dated after the business date {business_date}")]
    DateInFuture {
        /// The area's date.
        business_date: NaiveDate,
    },
    /// It lies outside of its fund year.
    #[error("it lies outside of the fund year, {first} to {last}")]
    OutsideFundYear {
        /// The fund year's first day.
        first: NaiveDate,
        /// The fund year's last day.
        last: NaiveDate,
    },
}

/// What is assessed or disclosed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// A graded review.
    Review,
    /// The year's indicators.
    Indicators,
    /// A clean-record statement.
    CleanRecord,
    /// A quarter's disclosure.
    Disclosure,
    /// A monthly report.
    MonthlyReport,
}

/// Why an assessment or a disclosure is not recorded or confirmed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssessmentError {
    /// None has this name.
    #[error("no such record")]
    NotFound(Record),
    /// The name is taken.
    #[error("the record exists")]
    Exists(Record),
    /// The period's record is confirmed.
    #[error("the period's record is confirmed")]
    AlreadyConfirmed(Record),
    /// A maker does not check its own record.
    #[error("the caller made what is to be confirmed")]
    SamePerson,
    /// The pack has no such grade.
    #[error("the pack has no grade {grade}")]
    UnknownGrade {
        /// The grade.
        grade: String,
    },
    /// The pack has no such indicator, or not for this use.
    #[error("the pack has no indicator {indicator} for this")]
    UnknownIndicator {
        /// The indicator.
        indicator: String,
    },
    /// Neither the agreement nor the pack has a limit.
    #[error("there is no limit for {indicator}")]
    NoLimitAgreed {
        /// The indicator.
        indicator: String,
    },
    /// This service keeps that year's violations itself.
    #[error("fund year {fund_year} is known here")]
    YearKnown {
        /// The year.
        fund_year: FundYear,
    },
    /// The year's conduct is recorded.
    #[error("the year's conduct is recorded")]
    ConductExists,
    /// A year is neither known here nor recorded.
    #[error("nothing is known of {fund_year}")]
    ConductUnknown {
        /// The year.
        fund_year: FundYear,
    },
    /// Violations were confirmed since the statement.
    #[error("the statement no longer holds")]
    StatementOutdated,
}

impl AssessmentError {
    /// A refused confirmation of `record`.
    #[must_use]
    pub fn confirm(record: Record, error: ConfirmError) -> Self {
        match error {
            ConfirmError::AlreadyConfirmed => Self::AlreadyConfirmed(record),
            ConfirmError::SamePerson => Self::SamePerson,
        }
    }
}
