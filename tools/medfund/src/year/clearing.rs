//! The annual clearing, the final accounts, and what is published.

use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::budget::v1::{
    AllotPrimaryCareRequest, CloseAccountsRequest, DistrictAllotment, OpenClearingRequest,
    PublishDisclosureRequest,
};
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::settlement::v1::{ApproveClearingRequest, DecideClearingRequest, ProposeClearingRequest};

use super::Year;
use super::budgets::deductions;
use super::decide::Motion;
use crate::sample::region::Budget;
use crate::suite::rpc;

impl Year<'_> {
    /// Opens the clearing of every district, has each plan computed, decided and approved, and pays.
    pub(super) async fn clear(&self) -> anyhow::Result<()> {
        for budget in &self.region.budgets {
            let request = OpenClearingRequest {
                name: self.names.of_district("reserves", &budget.fund_line, &budget.district),
                validate_only: false,
                request_id: self.id(&format!("clearing/{}/{}/open", budget.fund_line, budget.district)),
            };
            rpc!(self.session, &self.people.officer, Budget BudgetServiceClient open_clearing, request)
                .await?;
        }
        self.heard().await?;
        for budget in &self.region.budgets {
            self.clear_district(budget).await?;
        }
        self.heard().await?;
        self.pay("clearing", self.after(2, 1), false).await
    }

    async fn clear_district(&self, budget: &Budget) -> anyhow::Result<()> {
        let step = format!("clearing/{}/{}", budget.fund_line, budget.district);
        let proposal = |validate_only: bool, request: &str| ProposeClearingRequest {
            parent: self.names.area(),
            fund_year: self.region.fund_year.get(),
            fund_line: budget.fund_line.to_string(),
            district: budget.district.to_string(),
            validate_only,
            request_id: self.id(&format!("{step}/{request}")),
        };
        let officer = &self.people.officer;
        rpc!(self.session, officer, Settlement SettlementServiceClient propose_clearing, proposal(true, "try")).await?;
        let proposed =
            rpc!(self.session, officer, Settlement SettlementServiceClient propose_clearing, proposal(false, "propose"))
                .await?;
        let proposed = proposed.clearing.unwrap_or_default();
        let motion = Motion {
            matter: "clearing_plan",
            district: Some(&budget.district),
            subject: &proposed.name,
            step: &step,
            date: self.after(1, 20),
        };
        let decision = self.decide(motion).await?;
        self.heard().await?;
        let request = DecideClearingRequest {
            name: proposed.name.clone(),
            decision,
            etag: proposed.etag,
            request_id: self.id(&format!("{step}/decide")),
        };
        let decided =
            rpc!(self.session, &self.people.secretary, Settlement SettlementServiceClient decide_clearing, request)
                .await?;
        let request = ApproveClearingRequest {
            name: proposed.name,
            etag: decided.clearing.unwrap_or_default().etag,
            request_id: self.id(&format!("{step}/approve")),
        };
        rpc!(self.session, &self.people.city, Settlement SettlementServiceClient approve_clearing, request)
            .await?;
        Ok(())
    }

    /// Allots what was kept for primary care by what districts added to staff funding.
    pub(super) async fn allot_primary_care(&self) -> anyhow::Result<()> {
        for line in self.lines() {
            let step = format!("primary-care/{line}");
            let name = self.names.of_line("primaryCareAllotments", line);
            let decision = if self.pack.decides("primary_care_allotment") {
                let motion = Motion {
                    matter: "primary_care_allotment",
                    district: None,
                    subject: &name,
                    step: &step,
                    date: self.after(2, 1),
                };
                self.decide(motion).await?
            } else {
                String::new()
            };
            let district = |plan: &crate::sample::region::DistrictPlan| DistrictAllotment {
                district: plan.code.to_string(),
                funding_increase_fen: plan.staff_funding_increase_fen,
                allotted_fen: 0,
            };
            let request = AllotPrimaryCareRequest {
                name,
                districts: self.region.districts.iter().map(district).collect(),
                decision,
                validate_only: false,
                request_id: self.id(&format!("{step}/allot")),
            };
            rpc!(self.session, &self.people.checker, Budget BudgetServiceClient allot_primary_care, request)
                .await?;
        }
        Ok(())
    }

    /// Closes every final account and publishes it beside budget, target and quotas.
    pub(super) async fn close(&self) -> anyhow::Result<()> {
        for budget in &self.region.budgets {
            let step = format!("final-account/{}/{}", budget.fund_line, budget.district);
            let name = self.names.of_district("finalAccounts", &budget.fund_line, &budget.district);
            let decision = if self.pack.decides("final_accounts") {
                let motion = Motion {
                    matter: "final_accounts",
                    district: Some(&budget.district),
                    subject: &name,
                    step: &step,
                    date: self.after(2, 1),
                };
                self.decide(motion).await?
            } else {
                String::new()
            };
            let request = CloseAccountsRequest {
                name,
                decision,
                risk_fund_fen: 0,
                income_fen: budget.income_fen,
                backstop_fen: 0,
                deductions: deductions(budget),
                validate_only: false,
                request_id: self.id(&format!("{step}/close")),
            };
            rpc!(self.session, &self.people.officer, Budget BudgetServiceClient close_accounts, request)
                .await?;
            let structures = (!budget.shares.is_empty()).then_some("structures");
            let others = ["budgets", "targets", "decompositions", "finalAccounts"];
            for kind in others.into_iter().chain(structures) {
                let subject = self.names.of_district(kind, &budget.fund_line, &budget.district);
                let id = self.id(&format!("disclosure/{subject}"));
                let request = PublishDisclosureRequest {
                    name: self.names.one("disclosures", &id),
                    subject: subject.clone(),
                    request_id: self.id(&format!("disclosure/{subject}/publish")),
                };
                rpc!(self.session, &self.people.officer, Budget BudgetServiceClient publish_disclosure, request)
                    .await?;
            }
        }
        Ok(())
    }
}
