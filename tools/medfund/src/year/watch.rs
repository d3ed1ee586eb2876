//! Watching how the targets are spent, month by month.

use std::sync::PoisonError;

use anyhow::Context;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::budget::v1::{GetExecutionRequest, Warning};
use medfund_proto::types::v1::KindOfCare;
use medfund_types::{District, FundLine, SettlementMonth};

use super::Year;
use super::result::{WarningResult, care};
use crate::sample::region::Budget;
use crate::suite::rpc;

/// What a district's fund line was warned of.
pub(super) struct Warned {
    fund_line: FundLine,
    district: District,
    warning: WarningResult,
}

impl Year<'_> {
    /// Asks after a settled month whether spending runs ahead of the calendar (基金运行风险预警).
    pub(super) async fn watch_execution(&self, month: SettlementMonth) -> anyhow::Result<()> {
        for budget in &self.region.budgets {
            let name = self.names.of_district("executions", &budget.fund_line, &budget.district);
            let request = GetExecutionRequest { name };
            let told =
                rpc!(self.session, &self.people.finance, Budget BudgetServiceClient get_execution, request)
                    .await?;
            let warnings = told.execution.context("an execution")?.warnings.into_iter();
            let mut all = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
            all.extend(warnings.map(|warning| Warned {
                fund_line: budget.fund_line.clone(),
                district: budget.district.clone(),
                warning: result(month, warning),
            }));
        }
        Ok(())
    }

    /// What a district's fund line was warned of in the year.
    pub(super) fn warnings_of(&self, budget: &Budget) -> Vec<WarningResult> {
        let all = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = all.iter().filter(|w| w.fund_line == budget.fund_line && w.district == budget.district);
        mine.map(|warned| warned.warning.clone()).collect()
    }
}

fn result(month: SettlementMonth, warning: Warning) -> WarningResult {
    let pool = Some(warning.pool()).filter(|kind| *kind != KindOfCare::Unspecified);
    WarningResult {
        month: month.to_string(),
        pool: pool.map(care).unwrap_or_default(),
        institution: warning.institution_code,
        level: warning.level,
        pace_rate: warning.pace_rate,
        threshold_rate: warning.threshold_rate,
    }
}
