//! When payments are due and whether they were made in time (拨付时限).

use chrono::NaiveDate;
use medfund_money::Fen;
use medfund_policy::{Pack, Rules, working_day_after, working_days_between};
use medfund_types::{FundYear, SettlementMonth};
use serde::{Deserialize, Serialize};

use super::prepaid::PrepaymentKind;

/// How a payment stands to the day it was due (拨付时效).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Punctuality {
    /// Not paid, and not yet due.
    Waiting,
    /// Not paid, and the day has passed.
    Overdue,
    /// Paid by the day.
    InTime,
    /// Paid after the day.
    Late,
}

impl Punctuality {
    /// How a payment stands.
    ///
    /// - `paid`: the bank's value date; `None` as long as it did not complete.
    /// - `today`: the area's business date.
    #[must_use]
    pub fn of(due: NaiveDate, paid: Option<NaiveDate>, today: NaiveDate) -> Self {
        match paid {
            Some(paid) if paid > due => Self::Late,
            Some(_) => Self::InTime,
            None if today > due => Self::Overdue,
            None => Self::Waiting,
        }
    }

    /// Whether somebody has to say why.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Overdue | Self::Late)
    }
}

/// The day by which a month is paid: the pack's working days after its last day.
///
/// Source: BN 三(七); CX 二(一); LC 三(二).
#[must_use]
pub fn month_due(pack: &Pack, rules: &Rules, month: SettlementMonth) -> NaiveDate {
    let n = usize::try_from(rules.month.pay_within_working_days.get().get()).expect("at most a year");
    working_day_after(pack.common().working_days.as_ref(), month.last_day(), n)
}

/// The day by which a prepayment is paid: the pack's day of the fund year, the end of the month it is paid for,
/// or none where no limit is named.
#[must_use]
pub fn prepayment_due(
    rules: &Rules,
    kind: PrepaymentKind,
    fund_year: FundYear,
    month: SettlementMonth,
) -> Option<NaiveDate> {
    let prepayment = &rules.prepayment;
    let by = match kind {
        PrepaymentKind::Advance => None,
        PrepaymentKind::Monthly => return Some(month.last_day()),
        PrepaymentKind::WorkingCapital => prepayment.working_capital.as_ref().map(|rule| rule.by.get()),
        PrepaymentKind::CleanRecord => prepayment.clean_record.as_ref().map(|rule| rule.by.get()),
        PrepaymentKind::Instalment => {
            let mut days = prepayment.instalments.iter().flat_map(|all| all.values()).map(|one| one.on.get());
            days.find(|on| month.contains(on.in_year(fund_year.get())))
        }
    };
    by.map(|by| by.in_year(fund_year.get()))
}

/// The day of the next year by which a fund year is cleared.
#[must_use]
pub fn clearing_due(rules: &Rules, fund_year: FundYear) -> NaiveDate {
    rules.clearing.by.get().in_year(fund_year.get() + 1)
}

/// How many working days a payment is late, up to today if it is not paid.
#[must_use]
pub fn days_late(pack: &Pack, due: NaiveDate, paid: Option<NaiveDate>, today: NaiveDate) -> usize {
    working_days_between(pack.common().working_days.as_ref(), due, paid.unwrap_or(today))
}

/// The payments that were due in a month (拨付情况报告).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appropriations {
    /// All of them: how many, and what they pay.
    pub due: (i64, Fen),
    /// Paid by their day.
    pub in_time: (i64, Fen),
    /// Paid after it.
    pub late: (i64, Fen),
    /// Not paid.
    pub unpaid: (i64, Fen),
    /// Late or overdue, and nobody said why.
    pub n_unexplained: i64,
}

impl Appropriations {
    /// Adds a payment.
    pub fn add(&mut self, amount: Fen, punctuality: Punctuality, is_explained: bool) {
        let own = match punctuality {
            Punctuality::InTime => &mut self.in_time,
            Punctuality::Late => &mut self.late,
            Punctuality::Waiting | Punctuality::Overdue => &mut self.unpaid,
        };
        *own = (own.0 + 1, own.1 + amount);
        self.due = (self.due.0 + 1, self.due.1 + amount);
        self.n_unexplained += i64::from(punctuality.needs_reason() && !is_explained);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn bn_3_7_january_2014_is_due_thirty_working_days_after_its_end() {
        let pack = Pack::parse(include_bytes!("../../../../policies/banan-2014.toml")).unwrap();
        let rules = pack.rules(&"employee".parse().unwrap()).unwrap();
        // The spring festival ends on 6 February; Saturday the 8th is worked: 7, 8, 10-14, 17-21, 24-28
        // February are seventeen days, 3-7, 10-14 and 17-19 March the other thirteen.
        let january = SettlementMonth::from_ym(2014, 1).unwrap();
        assert_eq!(month_due(&pack, rules, january), day("2014-03-19"));
        assert_eq!(clearing_due(rules, 2014.try_into().unwrap()), day("2015-06-30"));
        let late = days_late(&pack, day("2014-03-19"), Some(day("2014-03-24")), day("2014-12-31"));
        assert_eq!(late, 3);
    }

    #[test]
    fn what_is_paid_on_the_day_is_in_time_and_what_is_not_paid_after_it_is_overdue() {
        let of = |paid: Option<&str>, today| Punctuality::of(day("2014-03-19"), paid.map(day), day(today));
        assert_eq!(of(Some("2014-03-19"), "2014-05-01"), Punctuality::InTime);
        assert_eq!(of(Some("2014-03-20"), "2014-05-01"), Punctuality::Late);
        assert_eq!(of(None, "2014-03-19"), Punctuality::Waiting);
        assert_eq!(of(None, "2014-03-20"), Punctuality::Overdue);
    }

    #[test]
    fn a_report_counts_every_payment_once_and_what_nobody_explained() {
        let mut report = Appropriations::default();
        report.add(Fen::new(10), Punctuality::InTime, false);
        report.add(Fen::new(20), Punctuality::Late, true);
        report.add(Fen::new(40), Punctuality::Overdue, false);
        assert_eq!((report.due, report.in_time), ((3, Fen::new(70)), (1, Fen::new(10))));
        assert_eq!((report.late, report.unpaid), ((1, Fen::new(20)), (1, Fen::new(40))));
        assert_eq!(report.n_unexplained, 1);
    }
}
