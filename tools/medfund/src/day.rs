//! Days on the command line.

use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate};
use medfund_server::Clock;

/// How far clocks in China are before those of UTC, all the year.
const CHINA: FixedOffset = FixedOffset::east_opt(8 * 3_600).expect("a day is longer");

/// Reads a day.
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::from_str(text).map_err(|_| format!("`{text}` is no day like 2025-01-31"))
}

/// The day it is in China.
pub(crate) fn today() -> NaiveDate {
    Clock::default().now().with_timezone(&CHINA).date_naive()
}
