use chrono::{Datelike, NaiveDate, Weekday};

use crate::read::{Day, Param, section};

section! {
    /// Which days are worked besides the usual (节假日安排).
    pub struct WorkingDays {
        /// Days off besides Saturdays and Sundays.
        holidays: Param<Vec<Day>> = "放假",
        /// Saturdays and Sundays that are worked in exchange.
        worked_weekends: Param<Vec<Day>> = "调休上班",
    }
    check |spot| {
        if let (Some(holidays), Some(worked)) = (&holidays, &worked_weekends) {
            for day in worked.iter().filter(|day| !is_weekend(**day) || holidays.contains(day)) {
                spot.wrong_at(worked.line(), worked.key(), format!("{day} is no weekend, or a holiday too"));
            }
        }
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Whether a day is worked; without a calendar every Monday to Friday is.
#[must_use]
pub fn is_worked(calendar: Option<&WorkingDays>, day: NaiveDate) -> bool {
    let is_in = |days: fn(&WorkingDays) -> &Param<Vec<Day>>| {
        calendar.is_some_and(|calendar| days(calendar).contains(&day))
    };
    if is_weekend(day) { is_in(|days| &days.worked_weekends) } else { !is_in(|days| &days.holidays) }
}

/// The `n`-th working day after a day (工作日).
#[must_use]
pub fn working_day_after(calendar: Option<&WorkingDays>, day: NaiveDate, n: usize) -> NaiveDate {
    let days = day.iter_days().skip(1).filter(|day| is_worked(calendar, *day));
    days.take(n).last().unwrap_or(day)
}

/// How many working days lie after `from`, up to and with `to`; none if `to` is not later.
#[must_use]
pub fn working_days_between(calendar: Option<&WorkingDays>, from: NaiveDate, to: NaiveDate) -> usize {
    from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| is_worked(calendar, *day)).count()
}
