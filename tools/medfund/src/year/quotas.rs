//! Applications, negotiation, and the decomposition of targets into quotas.

use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::budget::v1::{
    AdjustQuotaRequest, AgreedCoefficient, BalanceDecompositionRequest, DecideDecompositionRequest, Factor,
    ProposeDecompositionRequest, RecordCoefficientRequest, RecordNegotiationRoundRequest,
    SubmitApplicationRequest,
};
use medfund_types::{InstitutionCode, SettlementMonth};
use rust_decimal::Decimal;

use super::budgets::text;
use super::decide::Motion;
use super::{Year, each};
use crate::sample::region::{Budget, History, Institution};
use crate::suite::rpc;

impl Year<'_> {
    /// Files every institution's annual application: a tenth more than it was settled for last year.
    pub(super) async fn apply(&self) -> anyhow::Result<()> {
        each(&self.region.histories, |history| self.file_application(history)).await?;
        Ok(())
    }

    async fn file_application(&self, history: &History) -> anyhow::Result<()> {
        let request = SubmitApplicationRequest {
            name: self.names.of_institution("applications", &history.fund_line, &history.institution),
            applied_fen: history.last_year_settled_fen / 10 * 11,
            reason: "growth of the services in demand".to_owned(),
            request_id: self.id(&format!("application/{}/{}", history.fund_line, history.institution)),
        };
        let clerk = self.people.clerk(&history.institution);
        rpc!(self.session, &clerk, Budget BudgetServiceClient submit_application, request).await?;
        Ok(())
    }

    /// Records the coefficients that officers set, and the rounds of negotiation, level by level.
    pub(super) async fn negotiate(&self) -> anyhow::Result<()> {
        for budget in &self.region.budgets {
            let here = self.region.institutions.iter().filter(|i| i.district == budget.district);
            let here: Vec<&Institution> = here.collect();
            for institution in &here {
                let request = RecordCoefficientRequest {
                    name: self.names.of_institution("coefficients", &budget.fund_line, &institution.code),
                    factors: self.factors(&institution.code),
                    request_id: self.id(&format!("coefficient/{}/{}", budget.fund_line, institution.code)),
                };
                rpc!(self.session, &self.people.officer, Budget BudgetServiceClient record_coefficient, request)
                    .await?;
            }
            for level in 0..=3 {
                let group = here.iter().copied().filter(|i| i.level == level).collect();
                self.negotiate_with(budget, level, group).await?;
            }
        }
        Ok(())
    }

    async fn negotiate_with(
        &self,
        budget: &Budget,
        level: i32,
        group: Vec<&Institution>,
    ) -> anyhow::Result<()> {
        if group.is_empty() {
            return Ok(());
        }
        let round = format!(
            "{}-level{level}-1",
            self.names.of_district("negotiationRounds", &budget.fund_line, &budget.district)
        );
        let agreed = |institution: &&Institution| AgreedCoefficient {
            institution_code: institution.code.to_string(),
            factors: self.factors(&institution.code),
        };
        let request = RecordNegotiationRoundRequest {
            name: round,
            institution_codes: group.iter().map(|i| i.code.to_string()).collect(),
            participants: group.iter().map(|i| format!("{}: representative", i.name)).collect(),
            minutes_reference: format!(
                "minutes/negotiation/{}/{}/{level}",
                budget.fund_line, budget.district
            ),
            coefficients: group.iter().map(agreed).collect(),
            request_id: self.id(&format!("negotiation/{}/{}/{level}", budget.fund_line, budget.district)),
        };
        rpc!(self.session, &self.people.officer, Budget BudgetServiceClient record_negotiation_round, request).await?;
        Ok(())
    }

    fn factors(&self, institution: &InstitutionCode) -> Vec<Factor> {
        let factors = self.region.factors.iter().filter(|f| f.institution == *institution);
        factors.map(|f| Factor { id: f.factor.clone(), value: f.value.to_string() }).collect()
    }

    /// Has each decided target decomposed by the agency, balanced by the city agency, and decided; before that
    /// the agency tries how the quotas would come out at both ends of the pack's range of forecasts.
    pub(super) async fn decompose(&self) -> anyhow::Result<()> {
        for budget in &self.region.budgets {
            let step = format!("decomposition/{}/{}", budget.fund_line, budget.district);
            let name = self.names.of_district("decompositions", &budget.fund_line, &budget.district);
            let proposal =
                |forecast: Option<Decimal>, validate_only: bool, request: &str| ProposeDecompositionRequest {
                    name: name.clone(),
                    forecast_factor: text(forecast),
                    validate_only,
                    kinds_of_care: Vec::new(),
                    request_id: self.id(&format!("{step}/{request}")),
                };
            let officer = &self.people.officer;
            for (n, forecast) in budget.forecast_trials.into_iter().enumerate() {
                let trial = proposal(Some(forecast), true, &format!("try/{n}"));
                rpc!(self.session, officer, Budget BudgetServiceClient propose_decomposition, trial).await?;
            }
            let proposal = proposal(budget.forecast, false, "propose");
            let proposed =
                rpc!(self.session, officer, Budget BudgetServiceClient propose_decomposition, proposal)
                    .await?;
            let request = BalanceDecompositionRequest {
                name: name.clone(),
                note: "balanced with the other districts".to_owned(),
                etag: proposed.decomposition.unwrap_or_default().etag,
                request_id: self.id(&format!("{step}/balance")),
            };
            let balanced =
                rpc!(self.session, &self.people.city, Budget BudgetServiceClient balance_decomposition, request)
                    .await?;
            let motion = Motion {
                matter: "decomposition",
                district: Some(&budget.district),
                subject: &name,
                step: &step,
                date: self.within(1, 5),
            };
            let request = DecideDecompositionRequest {
                name: name.clone(),
                decision: self.decide(motion).await?,
                etag: balanced.decomposition.unwrap_or_default().etag,
                request_id: self.id(&format!("{step}/decide")),
            };
            rpc!(self.session, &self.people.secretary, Budget BudgetServiceClient decide_decomposition, request)
                .await?;
        }
        self.heard().await
    }

    /// Adjusts the quotas for which there is a reason in `month`.
    pub(super) async fn adjust_quotas(&self, month: SettlementMonth) -> anyhow::Result<()> {
        for adjustment in self.region.adjustments.iter().filter(|a| a.month == month) {
            let district = self.district_of(&adjustment.institution)?;
            let step = format!("adjustment/{month}/{}/{}", adjustment.fund_line, adjustment.institution);
            let name = self.names.one("quotaAdjustments", &self.id(&step));
            let motion = Motion {
                matter: "adjustment",
                district: Some(district),
                subject: &name,
                step: &step,
                date: month.first_day(),
            };
            let request = AdjustQuotaRequest {
                name: name.clone(),
                decomposition: self.names.of_district("decompositions", &adjustment.fund_line, district),
                institution_code: adjustment.institution.to_string(),
                reason: adjustment.reason.clone(),
                change_fen: adjustment.change_fen,
                decision: self.decide(motion).await?,
                validate_only: false,
                request_id: self.id(&format!("{step}/adjust")),
            };
            rpc!(self.session, &self.people.checker, Budget BudgetServiceClient adjust_quota, request)
                .await?;
        }
        self.heard().await
    }
}
