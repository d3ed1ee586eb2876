use chrono::{Days, NaiveDate};
use medfund_money::{Exact, Rate};
use medfund_types::SettlementMonth;

use super::error::SpecialCaseError;
use super::rules::SpecialCaseRules;

/// What decides whether an institution may file a case (申报).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The case's month, which is settled.
    pub month: SettlementMonth,
    /// The area's business date.
    pub today: NaiveDate,
    /// The cases that the institution filed before, of the fund year, fund line and kind of care.
    pub n_filed: i64,
    /// Its discharges that points pay, of the fund year's settled months.
    pub n_discharges: i64,
}

impl Filing {
    /// Checks that the case comes in time and within the quota.
    ///
    /// # Errors
    ///
    /// [`SpecialCaseError::FilingClosed`], [`SpecialCaseError::QuotaSpent`].
    ///
    /// Source: national practice (特病单议 at most 5 % of discharges); the days are the pack's.
    pub fn check(&self, rules: &SpecialCaseRules) -> Result<(), SpecialCaseError> {
        let last_day = filing_ends(self.month, rules);
        if self.today > last_day {
            return Err(SpecialCaseError::FilingClosed { last_day });
        }
        let n_allowed = most_cases(self.n_discharges, rules.max_share.value);
        if self.n_filed >= n_allowed {
            let Self { n_filed, n_discharges, .. } = *self;
            return Err(SpecialCaseError::QuotaSpent { n_filed, n_allowed, n_discharges });
        }
        Ok(())
    }
}

/// The last day on which a case of a month may be filed.
#[must_use]
pub fn filing_ends(month: SettlementMonth, rules: &SpecialCaseRules) -> NaiveDate {
    month.last_day() + Days::new(rules.file_within_days.into())
}

/// The whole cases in a share of discharges: a part of a case is none.
///
/// - `n_discharges`: not negative.
#[must_use]
pub fn most_cases(n_discharges: i64, share: Rate) -> i64 {
    let part = Exact::from(n_discharges) * Exact::from(share);
    let rounded = part.half_up(0);
    let whole = if rounded > part { rounded - Exact::from(1_i64) } else { rounded };
    whole.to_i64().expect("no more than the discharges")
}
