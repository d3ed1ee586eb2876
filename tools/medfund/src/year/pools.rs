//! What is shared as a pool: the tariff that weighs its cases, the structure that divides it off, its instalments.

use anyhow::Context;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::budget::v1::{CareShare, DecideStructureRequest, ProposeStructureRequest};
use medfund_proto::drg::v1::coefficient_parameters::Form;
use medfund_proto::drg::v1::historical_case::Grouping;
use medfund_proto::drg::v1::tariff_service_client::TariffServiceClient;
use medfund_proto::drg::v1::{
    BlendedForm, Case, CoefficientParameters, GetTariffInForceRequest, GetTariffRequest, HistoricalCase,
    InstitutionLevel, Sex,
};
use medfund_proto::settlement::v1::PayInstalmentRequest;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_types::SettlementMonth;

use super::decide::Motion;
use super::pack::kind_of_care;
use super::{Year, names};
use crate::sample::Region;
use crate::sample::bills::{Patient, SampleBill};
use crate::sample::region::{Budget, Institution, Standard};
use crate::schemes;
use crate::suite::{PastCases, rpc};

/// What is added to a region's seed for the cases of the years before.
const PAST: u64 = 1_000_003;

impl Year<'_> {
    /// Whether a fund line has a pool.
    pub(super) fn has_pools(&self) -> bool {
        self.pooled().next().is_some()
    }

    fn pooled(&self) -> impl Iterator<Item = &Budget> {
        self.region.budgets.iter().filter(|budget| !budget.shares.is_empty())
    }

    /// Puts the reference scheme in force and a tariff of past cases; returns how many there were.
    pub(super) async fn adopt_tariff(&self) -> anyhow::Result<usize> {
        let from = self.within(1, 1);
        let scheme = self.session.publish_scheme(&self.people, &schemes::reference()).await?;
        self.session.adopt_scheme(&self.people, &scheme, from).await?;
        let past = Region { seed: self.region.seed.wrapping_add(PAST), ..self.region.clone() };
        let bills = match self.n_past_cases {
            Some(n) => {
                let first = self.months().next().context("a fund year has months")?;
                past.month(first, n).flat_map(|(_, bills)| bills).collect()
            }
            None => past.year().0,
        };
        let cases: Vec<HistoricalCase> = bills.iter().filter_map(past_case).collect();
        let n_cases = cases.len();
        let level =
            |one: &Institution| InstitutionLevel { institution_code: one.code.to_string(), level: one.level };
        let past = PastCases {
            scheme: &scheme,
            cases,
            levels: self.region.institutions.iter().map(level).collect(),
            fund_year: self.region.fund_year.get(),
            coefficients: self.coefficients(),
        };
        self.session.adopt_tariff(&self.people, past, from).await?;
        self.heard().await?;
        Ok(n_cases)
    }

    /// A rate is the same for all: what a hospital's cases have cost beside the region's (成本系数). Points are shared by level
    /// and hospital both.
    fn coefficients(&self) -> CoefficientParameters {
        let mut terms = self.region.terms.iter();
        let has_rate = terms.any(|term| matches!(term.standard, Standard::DrgRate { .. }));
        let form = if has_rate { Form::Hospital(true) } else { Form::Blended(BlendedForm::default()) };
        CoefficientParameters { form: Some(form), ..CoefficientParameters::default() }
    }

    /// The bytes of the tariff in force.
    pub(super) async fn tariff(&self) -> anyhow::Result<Vec<u8>> {
        let auditor = &self.people.auditor;
        let day = names::day(self.within(1, 1));
        let request = GetTariffInForceRequest { parent: self.names.area(), date: day };
        let in_force =
            rpc!(self.session, auditor, Drg TariffServiceClient get_tariff_in_force, request).await?;
        let request = GetTariffRequest { name: in_force.tariff.unwrap_or_default().name };
        let tariff = rpc!(self.session, auditor, Drg TariffServiceClient get_tariff, request).await?;
        Ok(tariff.content)
    }

    /// Has each target that a pool is part of divided among kinds of care, and decided.
    pub(super) async fn decide_structures(&self) -> anyhow::Result<()> {
        for budget in self.pooled() {
            let step = format!("structure/{}/{}", budget.fund_line, budget.district);
            let name = self.names.of_district("structures", &budget.fund_line, &budget.district);
            let share = |(care, share): &(_, rust_decimal::Decimal)| CareShare {
                kind_of_care: kind_of_care(*care).into(),
                share_rate: share.to_string(),
            };
            let request = ProposeStructureRequest {
                name: name.clone(),
                shares: budget.shares.iter().map(share).collect(),
                validate_only: false,
                request_id: self.id(&format!("{step}/propose")),
            };
            let proposed =
                rpc!(self.session, &self.people.officer, Budget BudgetServiceClient propose_structure, request)
                    .await?;
            let motion = Motion {
                matter: "structure",
                district: Some(&budget.district),
                subject: &name,
                step: &step,
                date: self.before(12, 20),
            };
            let request = DecideStructureRequest {
                name: name.clone(),
                decision: self.decide(motion).await?,
                etag: proposed.structure.unwrap_or_default().etag,
                request_id: self.id(&format!("{step}/decide")),
            };
            rpc!(self.session, &self.people.checker, Budget BudgetServiceClient decide_structure, request)
                .await?;
        }
        self.heard().await
    }

    /// Pays the instalments of the pools that fall due in a month.
    pub(super) async fn pay_instalments(&self, month: SettlementMonth) -> anyhow::Result<()> {
        let mut due = Vec::new();
        for budget in self.pooled() {
            for (id, on) in self.pack.instalments(&budget.fund_line) {
                let day = on.in_year(self.region.fund_year.get());
                if SettlementMonth::of(day) == month {
                    due.push((budget, id, day));
                }
            }
        }
        let Some(day) = due.iter().map(|(_, _, day)| *day).max() else { return Ok(()) };
        self.advance_to(day).await?;
        for (budget, instalment, _) in due {
            let step = format!("instalment/{instalment}/{}/{}", budget.fund_line, budget.district);
            let request = PayInstalmentRequest {
                parent: self.names.area(),
                fund_year: self.region.fund_year.get(),
                fund_line: budget.fund_line.to_string(),
                district: budget.district.to_string(),
                instalment,
                request_id: self.id(&step),
            };
            rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient pay_instalment, request)
                .await?;
        }
        self.pay(&format!("month/{month}/instalments"), day, false).await
    }
}

/// A pooled bill as a case of a past year.
fn past_case(bill: &SampleBill) -> Option<HistoricalCase> {
    let patient: &Patient = bill.patient.as_ref()?;
    let codes = |first: &str, others: &[&str]| {
        std::iter::once(first)
            .chain(others.iter().copied())
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let sex = if patient.is_female { Sex::Female } else { Sex::Male };
    Some(HistoricalCase {
        id: format!("{}-{}", bill.fixmedins_code, bill.setl_id),
        institution_code: bill.fixmedins_code.to_string(),
        grouping: Some(Grouping::DrgCase(Case {
            sex: sex.into(),
            age_years: u32::try_from(patient.age).ok(),
            diagnoses: codes(bill.dise_codg, &patient.companions),
            procedures: codes(bill.oprn_oprt_code, &[]),
            ..Case::default()
        })),
        total_cost_fen: bill.medfee_sumamt_fen,
        fund_paid_fen: bill.hifp_pay_fen,
        stay_days: i32::try_from(bill.ipt_days).ok()?,
        ..HistoricalCase::default()
    })
}
