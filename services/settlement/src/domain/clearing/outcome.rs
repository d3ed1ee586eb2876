use medfund_money::Fen;
use serde::{Deserialize, Serialize};

use super::institution::InstitutionYear;
use super::plan::{ClearedInstitution, ClearingPlan};
use crate::domain::manifest::Manifest;
use crate::domain::pool::{PoolOutcome, PoolTotals};
use crate::domain::words::words;

words! {
    /// Where a clearing stands (清算方案).
    pub enum ClearingState {
        /// Computed and proposed.
        Proposed = "proposed",
        /// Decided by the local meeting; waits for the city agency.
        Decided = "decided",
        /// Rejected by the local meeting; may be proposed anew.
        Rejected = "rejected",
        /// Approved, posted and ordered to be paid.
        Approved = "approved",
    }
}

/// What a clearing as a whole comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the plan")]
pub struct Totals {
    pub manifest: Manifest,
    pub reserve_available: Fen,
    pub reserve_used: Fen,
    pub reserve_returned: Fen,
    pub quota_returned: Fen,
    #[serde(default)]
    pub pools: Vec<PoolTotals>,
}

impl Totals {
    /// The totals of a plan.
    #[must_use]
    pub fn of(plan: &ClearingPlan, manifest: Manifest, reserve: Fen, pools: Vec<PoolTotals>) -> Self {
        let outcomes = || plan.institutions.iter().flat_map(|one| &one.pools);
        Self {
            pools: pools.into_iter().map(|pool| pool.after(outcomes())).collect(),
            manifest,
            reserve_available: reserve,
            reserve_used: plan.reserve_used,
            reserve_returned: plan.reserve_returned,
            quota_returned: plan.quota_returned,
        }
    }
}

/// One institution's result as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the plan")]
pub struct Outcome {
    pub standard: Fen,
    pub cost: Fen,
    pub payable: Fen,
    #[serde(default)]
    pub prepaid_difference: Fen,
    pub surplus: Fen,
    pub surplus_kept: Fen,
    pub overspend: Fen,
    pub overspend_fund: Fen,
    pub overspend_borne: Fen,
    pub deduction_rate: String,
    pub refusals_left: Fen,
    pub deductions: Fen,
    pub final_amount: Fen,
    pub working_capital: Fen,
    pub clean_record: Fen,
    pub advance_left: Fen,
    #[serde(default)]
    pub monthly_left: Fen,
    pub paid: Fen,
    pub deferred: Fen,
    pub payment: Fen,
    pub deposit_taken: Fen,
    #[serde(default)]
    pub instalments: Fen,
    #[serde(default)]
    pub pools: Vec<PoolOutcome>,
}

impl Outcome {
    /// What a plan makes of an institution's year.
    #[must_use]
    pub fn of(one: &ClearedInstitution, year: &InstitutionYear) -> Self {
        let months: Fen = year.months.iter().copied().sum();
        Self {
            standard: one.measured.standard.amount(),
            cost: one.cost,
            payable: one.measured.payable.amount(),
            prepaid_difference: one.measured.payable.amount() - months,
            surplus: one.measured.surplus.amount(),
            surplus_kept: one.measured.surplus_kept.amount(),
            overspend: one.measured.overspend.amount(),
            overspend_fund: one.overspend_fund.amount(),
            overspend_borne: one.overspend_borne.amount(),
            deduction_rate: one.deduction_rate.value.to_string(),
            refusals_left: one.refusals_left.amount(),
            deductions: one.deductions.amount(),
            final_amount: one.final_amount.amount(),
            working_capital: year.working_capital,
            clean_record: year.clean_record,
            advance_left: year.advance_left,
            monthly_left: year.monthly_left,
            paid: year.paid,
            deferred: months - year.paid,
            payment: one.payment.amount(),
            deposit_taken: year.deposit_due,
            instalments: year.instalments,
            pools: one.pools.clone(),
        }
    }

    /// Of the final amount, its shares of pools.
    #[must_use]
    pub fn of_pools(&self) -> Fen {
        self.pools.iter().map(|pool| pool.final_amount).sum()
    }

    /// Of the deductions, what the quota bears.
    #[must_use]
    pub fn deducted_of_quota(&self) -> Fen {
        self.deductions - self.pools.iter().map(|pool| pool.deducted).sum()
    }

    /// Of what the bank is told, what pools pay: what their months and the instalments have not.
    #[must_use]
    pub fn pooled_order(&self) -> Fen {
        let left = |pool: &PoolOutcome| pool.final_amount - pool.paid;
        self.pools.iter().map(left).sum::<Fen>() - self.instalments
    }

    /// What the bank is told: the payment less what is left of what was paid ahead and of forfeited deposits.
    #[must_use]
    pub fn order(&self) -> Fen {
        self.payment - self.advance_left - self.monthly_left - self.deposit_taken
    }
}
