//! History, budgets and targets.

use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::budget::v1::{
    BudgetBasis, DecideBudgetRequest, DecideTargetRequest, Deduction, ProposeBudgetRequest,
    ProposeTargetRequest, RecordHistoryRequest, ReviewBudgetRequest,
};

use rust_decimal::Decimal;

use super::decide::Motion;
use super::{Year, each};
use crate::sample::region::{Budget, History};
use crate::suite::rpc;

impl Year<'_> {
    /// Records the last years of every institution.
    pub(super) async fn record_histories(&self) -> anyhow::Result<()> {
        each(&self.region.histories, |history| self.record_history(history)).await?;
        self.heard().await
    }

    async fn record_history(&self, history: &History) -> anyhow::Result<()> {
        let request = RecordHistoryRequest {
            name: self.names.of_institution("histories", &history.fund_line, &history.institution),
            history_fen: history.cost_fen.to_vec(),
            last_year_settled_fen: history.last_year_settled_fen,
            recorded_base_fen: 0,
            recorded_base_reason: String::new(),
            request_id: self.id(&format!("history/{}/{}", history.fund_line, history.institution)),
        };
        rpc!(self.session, &self.people.officer, Budget BudgetServiceClient record_history, request).await?;
        Ok(())
    }

    /// Has each district's budget proposed by the agency, reviewed by finance and decided.
    pub(super) async fn approve_budgets(&self) -> anyhow::Result<()> {
        for budget in &self.region.budgets {
            let step = format!("budget/{}/{}", budget.fund_line, budget.district);
            let name = self.names.of_district("budgets", &budget.fund_line, &budget.district);
            let request = ProposeBudgetRequest {
                name: name.clone(),
                income_fen: budget.income_fen,
                expenditure_fen: budget.budget_fen,
                basis: Some(self.basis(budget)),
                deficit_decision: String::new(),
                validate_only: false,
                request_id: self.id(&format!("{step}/propose")),
            };
            let proposed =
                rpc!(self.session, &self.people.officer, Budget BudgetServiceClient propose_budget, request)
                    .await?;
            let request = ReviewBudgetRequest {
                name: name.clone(),
                in_order: true,
                note: "income and expenditure agree with the plan".to_owned(),
                etag: proposed.budget.unwrap_or_default().etag,
                request_id: self.id(&format!("{step}/review")),
            };
            let reviewed =
                rpc!(self.session, &self.people.finance, Budget BudgetServiceClient review_budget, request)
                    .await?;
            let motion = Motion {
                matter: "budget",
                district: Some(&budget.district),
                subject: &name,
                step: &step,
                date: self.before(12, 1),
            };
            let request = DecideBudgetRequest {
                name: name.clone(),
                decision: self.decide(motion).await?,
                etag: reviewed.budget.unwrap_or_default().etag,
                request_id: self.id(&format!("{step}/decide")),
            };
            rpc!(self.session, &self.people.checker, Budget BudgetServiceClient decide_budget, request)
                .await?;
        }
        Ok(())
    }

    fn basis(&self, budget: &Budget) -> BudgetBasis {
        let here = |code: &medfund_types::InstitutionCode| {
            self.region.institutions.iter().any(|i| i.code == *code && i.district == budget.district)
        };
        let histories = self.region.histories.iter();
        let mine = histories.filter(|h| h.fund_line == budget.fund_line && here(&h.institution));
        let insured = self.region.insured.iter();
        let insured = insured.filter(|i| i.fund_line == budget.fund_line && i.district == budget.district);
        let n_insured: i64 = insured.map(|i| i.n_persons).sum();
        BudgetBasis {
            last_year_payment_fen: mine.map(|h| h.last_year_settled_fen).sum(),
            n_insured,
            n_insured_elderly: n_insured / 6,
            ..BudgetBasis::default()
        }
    }

    /// Has each district's target tried with the largest reserve, proposed with its deductions, and decided.
    pub(super) async fn decide_targets(&self) -> anyhow::Result<()> {
        for budget in &self.region.budgets {
            let step = format!("target/{}/{}", budget.fund_line, budget.district);
            let name = self.names.of_district("targets", &budget.fund_line, &budget.district);
            let proposal = ProposeTargetRequest {
                name: name.clone(),
                deductions: deductions(budget),
                reserve_fen: budget.reserve_fen,
                adjustment_fen: budget.adjustment_fen,
                adjustment_reason: "risks and prices of the year".to_owned(),
                primary_care_raise: text(budget.primary_care_raise),
                validate_only: false,
                request_id: self.id(&format!("{step}/propose")),
            };
            let officer = &self.people.officer;
            for (n, raise) in trials(budget).into_iter().enumerate() {
                let trial = ProposeTargetRequest {
                    reserve_fen: Some(budget.largest_reserve_fen),
                    primary_care_raise: text(raise),
                    validate_only: true,
                    request_id: self.id(&format!("{step}/try/{n}")),
                    ..proposal.clone()
                };
                rpc!(self.session, officer, Budget BudgetServiceClient propose_target, trial).await?;
            }
            let proposed =
                rpc!(self.session, officer, Budget BudgetServiceClient propose_target, proposal).await?;
            let motion = Motion {
                matter: "target",
                district: Some(&budget.district),
                subject: &name,
                step: &step,
                date: self.before(12, 15),
            };
            let request = DecideTargetRequest {
                name: name.clone(),
                decision: self.decide(motion).await?,
                etag: proposed.target.unwrap_or_default().etag,
                request_id: self.id(&format!("{step}/decide")),
            };
            rpc!(self.session, &self.people.checker, Budget BudgetServiceClient decide_target, request)
                .await?;
        }
        Ok(())
    }
}

/// A budget's deductions as messages carry them.
pub(super) fn deductions(budget: &Budget) -> Vec<Deduction> {
    let deductions = budget.deductions.iter();
    deductions.map(|(id, amount_fen)| Deduction { id: id.clone(), amount_fen: *amount_fen }).collect()
}

/// The raises that are tried with the largest reserve: the ends of the pack's range, or none.
fn trials(budget: &Budget) -> Vec<Option<Decimal>> {
    if budget.raise_trials.is_empty() {
        return vec![None];
    }
    budget.raise_trials.iter().map(|raise| Some(*raise)).collect()
}

/// A decimal as messages carry it; nothing is empty.
pub(super) fn text(value: Option<Decimal>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
