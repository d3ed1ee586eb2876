use chrono::{DateTime, Datelike, NaiveDate, Utc};
use medfund_proto::google::r#type::Date;
use medfund_types::SettlementMonth;
use prost_types::Timestamp;

use crate::violations::FieldProblem;

fn malformed(text: &str) -> FieldProblem {
    FieldProblem::Malformed(text.to_owned())
}

/// Reads a day.
///
/// # Errors
///
/// If it is missing, or no day of the calendar from 1900 to 2199.
pub fn date(date: Option<Date>) -> Result<NaiveDate, FieldProblem> {
    optional_date(date)?.ok_or_else(|| malformed("must be given"))
}

/// Reads a day that may be missing.
///
/// # Errors
///
/// If it is no day of the calendar from 1900 to 2199.
pub fn optional_date(date: Option<Date>) -> Result<Option<NaiveDate>, FieldProblem> {
    let Some(Date { year, month, day }) = date else { return Ok(None) };
    let read = || NaiveDate::from_ymd_opt(year, month.try_into().ok()?, day.try_into().ok()?);
    let day = read().filter(|_| (1900..=2199).contains(&year));
    day.map(Some).ok_or_else(|| malformed("must be a whole date: year 1900 to 2199, month and day"))
}

/// Writes a day.
#[must_use]
pub fn date_to_pb(date: NaiveDate) -> Date {
    Date { year: date.year(), month: date.month().cast_signed(), day: date.day().cast_signed() }
}

/// Reads a settlement month: a date with day 0.
///
/// # Errors
///
/// If it is missing, has a day, or is no month from 2000 to 2100.
pub fn settlement_month(date: Option<Date>) -> Result<SettlementMonth, FieldProblem> {
    let Date { year, month, day } = date.ok_or_else(|| malformed("must be given"))?;
    let month = month.try_into().ok().and_then(|month| SettlementMonth::from_ym(year, month));
    month.filter(|_| day == 0).ok_or_else(|| malformed("must be a month: year 2000 to 2100, month, day 0"))
}

/// Writes a settlement month.
#[must_use]
pub fn settlement_month_to_pb(month: SettlementMonth) -> Date {
    Date { year: month.year(), month: month.month().cast_signed(), day: 0 }
}

/// Reads an instant, cut to the microseconds that the database keeps.
///
/// # Errors
///
/// If it is missing or out of range.
pub fn timestamp(timestamp: Option<Timestamp>) -> Result<DateTime<Utc>, FieldProblem> {
    let Timestamp { seconds, nanos } = timestamp.ok_or_else(|| malformed("must be given"))?;
    let nanos = u32::try_from(nanos).ok().filter(|&nanos| nanos < 1_000_000_000);
    let instant = nanos.and_then(|nanos| DateTime::from_timestamp(seconds, nanos / 1_000 * 1_000));
    let instant = instant.filter(|instant| (1..=9999).contains(&instant.year()));
    instant.ok_or_else(|| malformed("must be an instant of the years 1 to 9999"))
}

/// Writes an instant.
#[must_use]
pub fn timestamp_to_pb(instant: DateTime<Utc>) -> Timestamp {
    Timestamp { seconds: instant.timestamp(), nanos: instant.timestamp_subsec_nanos().cast_signed() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_survive_the_wire() {
        let day = NaiveDate::from_ymd_opt(2016, 2, 29).unwrap();
        assert_eq!(date(Some(date_to_pb(day))), Ok(day));
        let month: SettlementMonth = "2017-01".parse().unwrap();
        assert_eq!(settlement_month(Some(settlement_month_to_pb(month))), Ok(month));
    }

    #[test]
    fn half_a_date_is_no_day_and_a_day_is_no_month() {
        for (year, month, day) in
            [(2017, 2, 29), (2017, 0, 1), (2017, 1, 0), (0, 1, 1), (2017, -1, 1), (2017, 1, -1)]
        {
            assert!(date(Some(Date { year, month, day })).is_err(), "{year}-{month}-{day}");
        }
        assert!(date(None).is_err());
        assert!(settlement_month(Some(Date { year: 2017, month: 1, day: 1 })).is_err());
        assert!(settlement_month(Some(Date { year: 2017, month: 13, day: 0 })).is_err());
    }

    #[test]
    fn instants_are_kept_to_the_microsecond() {
        let read = timestamp(Some(Timestamp { seconds: 1, nanos: 1_999 })).unwrap();
        assert_eq!(timestamp_to_pb(read), Timestamp { seconds: 1, nanos: 1_000 });
        assert!(timestamp(Some(Timestamp { seconds: 1, nanos: -1 })).is_err());
        for seconds in [i64::MIN, -62_135_596_801, 253_402_300_800, i64::MAX] {
            assert!(timestamp(Some(Timestamp { seconds, nanos: 0 })).is_err(), "{seconds}");
        }
        assert!(timestamp(Some(Timestamp { seconds: 253_402_300_799, nanos: 0 })).is_ok());
    }
}
