use chrono::NaiveDate;
use medfund_types::FundYear;

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

/// Why an assessment or a disclosure is not recorded or no longer holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssessmentError {
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
    /// The pack's fund lines deduct differently, which one assessment cannot tell apart.
    #[error("fund lines deduct differently for {indicator}")]
    DeductionsDiffer {
        /// The indicator.
        indicator: String,
    },
    /// Indicators that the pack deducts for were not measured.
    #[error("not measured: {}", indicators.join(", "))]
    IndicatorsMissing {
        /// The indicators.
        indicators: Vec<String>,
    },
    /// The agreement's limits changed since the indicators were recorded.
    #[error("the agreed limits changed since")]
    IndicatorsOutdated,
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
