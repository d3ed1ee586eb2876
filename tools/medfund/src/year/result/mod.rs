//! What came of a year, as the services tell it. Nothing here is computed anew but sums over districts.

mod collect;
mod coverage;
mod ledger;
mod pool;
mod print;

use serde::Serialize;

pub(in crate::year) use collect::care;
pub(crate) use coverage::CoverageResult;
pub(crate) use pool::{CaseCounts, PoolMonth, PoolResult, PoolShare, SpecialCaseCounts};

/// A year's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct YearResult {
    pub(crate) pack: PackId,
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) ledger: Ledger,
    pub(crate) timeliness: Timeliness,
    /// How far payment by DRG reaches, where a pool is paid by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) coverage: Option<CoverageResult>,
    pub(crate) fund_lines: Vec<FundLineResult>,
}

/// How the agency paid what it owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Timeliness {
    pub(crate) n_due: usize,
    pub(crate) n_in_time: usize,
    pub(crate) late: Vec<LatePayment>,
}

/// A payment that was made after its day, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LatePayment {
    pub(crate) payment_order: String,
    pub(crate) amount_fen: i64,
    pub(crate) due_date: String,
    /// Empty if it was not made.
    pub(crate) value_date: String,
    pub(crate) days_late: i32,
    pub(crate) reason: String,
}

/// The pack by id and hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct PackId {
    pub(crate) id: String,
    pub(crate) hash: String,
}

/// All accounts of all services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Ledger {
    pub(crate) transfers: i64,
    pub(crate) accounts: Vec<Account>,
    pub(crate) transit_balance_fen: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Account {
    pub(crate) account: String,
    pub(crate) balance_fen: i64,
}

/// One fund line: the sums of its districts, and each of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FundLineResult {
    pub(crate) id: String,
    #[serde(flatten)]
    pub(crate) sums: Target,
    pub(crate) institutions: Vec<InstitutionResult>,
    pub(crate) districts: Vec<DistrictResult>,
}

/// One district of a fund line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DistrictResult {
    pub(crate) district: String,
    #[serde(flatten)]
    pub(crate) numbers: Target,
    /// What is left of the income, as a share of it.
    pub(crate) surplus_rate: String,
    /// How that stands to what the pack wants.
    pub(crate) surplus_health: String,
    pub(crate) forecast_factor: String,
    /// What was warned of after each month, worst first.
    pub(crate) warnings: Vec<WarningResult>,
    /// The pools by kind of care.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) pools: Vec<PoolResult>,
}

fn is_nothing(fen: &i64) -> bool {
    *fen == 0
}

/// A warning that spending ran ahead of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct WarningResult {
    pub(crate) month: String,
    /// Empty for the whole fund line in the district, and for a pool of it.
    pub(crate) institution: String,
    /// The kind of care whose pool it is of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) pool: String,
    pub(crate) level: String,
    pub(crate) pace_rate: String,
    pub(crate) threshold_rate: String,
}

/// From the budget to the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Target {
    pub(crate) income_fen: i64,
    pub(crate) budget_fen: i64,
    pub(crate) deductions: Vec<Deducted>,
    pub(crate) reserve: Reserve,
    pub(crate) adjustment_fen: i64,
    pub(crate) target_fen: i64,
    pub(crate) primary_floor_fen: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Deducted {
    pub(crate) id: String,
    pub(crate) amount_fen: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Reserve {
    pub(crate) planned_fen: i64,
    pub(crate) drawn_fen: i64,
    pub(crate) overspend_fen: i64,
    pub(crate) primary_care_fen: i64,
    pub(crate) left_fen: i64,
}

/// One institution's year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct InstitutionResult {
    pub(crate) code: String,
    pub(crate) district: String,
    pub(crate) primary: bool,
    pub(crate) history_fen: Vec<i64>,
    /// In fen, exact.
    pub(crate) base: String,
    pub(crate) coefficient: String,
    pub(crate) quota_fen: i64,
    pub(crate) adjusted_quota_fen: i64,
    pub(crate) advance_fen: i64,
    pub(crate) working_capital_fen: i64,
    pub(crate) clean_record_fen: i64,
    pub(crate) monthly_ahead_fen: i64,
    /// Of pools, by the budget's progress.
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) instalments_fen: i64,
    pub(crate) months: Vec<MonthResult>,
    pub(crate) missed_indicators: Vec<MissedIndicator>,
    pub(crate) deposit: DepositResult,
    pub(crate) clearing: ClearingResult,
    /// Its shares of pools, by kind of care.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) pools: Vec<PoolShare>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MonthResult {
    pub(crate) month: String,
    pub(crate) cost_fen: i64,
    pub(crate) refused_fen: i64,
    pub(crate) payable_fen: i64,
    pub(crate) paid_fen: i64,
    pub(crate) deferred_fen: i64,
    pub(crate) outside_quota_fen: i64,
    /// Of what was paid ahead, set off in the month.
    pub(crate) kept_back_fen: i64,
    pub(crate) order_fen: i64,
    /// What pools pay of it, by kind of care.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) pools: Vec<PoolMonth>,
}

/// An indicator whose limit was missed, and the share of the year's payable that it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MissedIndicator {
    pub(crate) id: String,
    pub(crate) limit: String,
    pub(crate) measured: String,
    pub(crate) rate: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DepositResult {
    pub(crate) base_fen: i64,
    pub(crate) grade: String,
    pub(crate) forfeited_fen: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ClearingResult {
    pub(crate) standard_fen: i64,
    pub(crate) payable_fen: i64,
    pub(crate) prepaid_difference_fen: i64,
    pub(crate) surplus_kept_fen: i64,
    pub(crate) overspend_fen: i64,
    pub(crate) overspend_fund_fen: i64,
    pub(crate) overspend_borne_fen: i64,
    pub(crate) deductions_fen: i64,
    pub(crate) final_fen: i64,
    pub(crate) payment_fen: i64,
    /// The payment less what is left of what was paid ahead and of forfeited deposits.
    pub(crate) order_fen: i64,
}

impl YearResult {
    /// The result as a file: the same result, the same bytes.
    pub(crate) fn json(&self) -> anyhow::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

impl Target {
    /// Adds a district to the sums of its fund line.
    pub(crate) fn add(&mut self, other: &Self) {
        self.income_fen += other.income_fen;
        self.budget_fen += other.budget_fen;
        for deducted in &other.deductions {
            match self.deductions.iter_mut().find(|mine| mine.id == deducted.id) {
                Some(mine) => mine.amount_fen += deducted.amount_fen,
                None => self.deductions.push(deducted.clone()),
            }
        }
        self.reserve.planned_fen += other.reserve.planned_fen;
        self.reserve.drawn_fen += other.reserve.drawn_fen;
        self.reserve.overspend_fen += other.reserve.overspend_fen;
        self.reserve.primary_care_fen += other.reserve.primary_care_fen;
        self.reserve.left_fen += other.reserve.left_fen;
        self.adjustment_fen += other.adjustment_fen;
        self.target_fen += other.target_fen;
        self.primary_floor_fen += other.primary_floor_fen;
    }
}
