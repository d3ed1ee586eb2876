//! A fund year of one district, as far as a test needs it lived.

use medfund_budget::MIGRATIONS;
use medfund_proto::agreement::v1::InstitutionChanged;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_testkit::{TestChannel, TestPeer, TestService};

use super::support::{AREA, Budget, DISTRICT, record, request_id};

/// The key of most tests.
pub(crate) const KEY: &str = "2017-employee-440703";
/// A primary institution.
pub(crate) const PRIMARY: &str = "H44070300001";
/// A hospital of level 3.
pub(crate) const HOSPITAL: &str = "H44070300002";

/// The service with its peers, and a fund year to live.
pub(crate) struct Year {
    pub(crate) budget: Budget,
    pub(crate) agreement: TestPeer,
    pub(crate) settlement: TestPeer,
}

pub(crate) fn name(collection: &str) -> String {
    format!("areas/{AREA}/{collection}/{KEY}")
}

pub(crate) fn of_institution(collection: &str, code: &str) -> String {
    format!("areas/{AREA}/{collection}/2017-employee-{code}")
}

fn institution(code: &str, level: i32, primary: bool) -> InstitutionChanged {
    InstitutionChanged {
        institution_code: code.to_owned(),
        display_name: code.to_owned(),
        district: DISTRICT.to_owned(),
        level,
        institution_class: "general".to_owned(),
        primary,
        active: true,
    }
}

impl Year {
    /// Opens the fund year 2017 with two institutions known.
    pub(crate) async fn open() -> Self {
        let agreement = TestPeer::start("agreement").await;
        let settlement = TestPeer::start("settlement").await;
        let builder = TestService::builder("budget", MIGRATIONS);
        let builder = builder.peer("agreement", agreement.service()).peer("settlement", settlement.service());
        let budget = Budget(builder.start(medfund_budget::serve).await);
        budget.given_fund_year(&[DISTRICT]).await;
        agreement.emit(AREA, &institution(PRIMARY, 1, true)).await;
        agreement.emit(AREA, &institution(HOSPITAL, 3, false)).await;
        budget.0.until_caught_up_with(agreement.service()).await;
        Self { budget, agreement, settlement }
    }

    pub(crate) fn client(&self, role: Role) -> BudgetServiceClient<TestChannel> {
        BudgetServiceClient::new(self.budget.0.as_role(role))
    }

    pub(crate) fn officer(&self) -> BudgetServiceClient<TestChannel> {
        self.client(Role::AgencyOfficer)
    }

    pub(crate) fn checker(&self) -> BudgetServiceClient<TestChannel> {
        self.client(Role::AgencyChecker)
    }

    /// A confirmed decision, approved.
    pub(crate) async fn decided(&self, matter: &str, body: &str, district: &str) -> String {
        let request = pb::RecordDecisionRequest {
            matter: matter.to_owned(),
            body: body.to_owned(),
            district: district.to_owned(),
            ..record()
        };
        let name = request.name.clone();
        self.budget.decision(Role::MeetingSecretary).record_decision(request).await.unwrap();
        let confirm = pb::ConfirmDecisionRequest { name: name.clone(), request_id: request_id() };
        self.budget.decision(Role::AgencyChecker).confirm_decision(confirm).await.unwrap();
        name
    }

    pub(crate) async fn local(&self, matter: &str) -> String {
        self.decided(matter, "local_joint_meeting", DISTRICT).await
    }

    /// Lives the year up to the approved budget: income 1,000 and expenditure 900 yuan.
    pub(crate) async fn with_budget() -> Self {
        let year = Self::open().await;
        let budget =
            year.officer().propose_budget(propose_budget()).await.unwrap().into_inner().budget.unwrap();
        let review = pb::ReviewBudgetRequest {
            name: budget.name.clone(),
            in_order: true,
            note: String::new(),
            etag: budget.etag,
            request_id: request_id(),
        };
        let reviewed = year.client(Role::FinanceReviewer).review_budget(review).await.unwrap().into_inner();
        let decide = pb::DecideBudgetRequest {
            name: budget.name,
            decision: year.local("budget").await,
            etag: reviewed.budget.unwrap().etag,
            request_id: request_id(),
        };
        year.checker().decide_budget(decide).await.unwrap();
        year
    }

    /// Lives the year up to the decided target of 710 yuan with a reserve of 90, 18 of it for primary care.
    pub(crate) async fn with_target() -> Self {
        let year = Box::pin(Self::with_budget()).await;
        let target =
            year.officer().propose_target(propose_target()).await.unwrap().into_inner().target.unwrap();
        let decide = pb::DecideTargetRequest {
            name: target.name,
            decision: year.local("target").await,
            etag: target.etag,
            request_id: request_id(),
        };
        year.checker().decide_target(decide).await.unwrap();
        year
    }

    /// Lives the year up to the decided quotas.
    pub(crate) async fn with_quotas() -> Self {
        let year = Box::pin(Self::with_target()).await;
        for code in [PRIMARY, HOSPITAL] {
            year.officer().record_history(record_history(code)).await.unwrap();
        }
        let proposed =
            year.officer().propose_decomposition(propose_decomposition()).await.unwrap().into_inner();
        let balance = pb::BalanceDecompositionRequest {
            name: name("decompositions"),
            note: "平衡".to_owned(),
            etag: proposed.decomposition.unwrap().etag,
            request_id: request_id(),
        };
        let balanced =
            year.client(Role::CityAgency).balance_decomposition(balance).await.unwrap().into_inner();
        let decide = pb::DecideDecompositionRequest {
            name: name("decompositions"),
            decision: year.decided("decomposition", "city_joint_meeting", "").await,
            etag: balanced.decomposition.unwrap().etag,
            request_id: request_id(),
        };
        year.client(Role::MeetingSecretary).decide_decomposition(decide).await.unwrap();
        year
    }
}

pub(crate) fn propose_budget() -> pb::ProposeBudgetRequest {
    pb::ProposeBudgetRequest {
        name: name("budgets"),
        income_fen: 100_000,
        expenditure_fen: 90_000,
        basis: Some(pb::BudgetBasis {
            last_year_payment_fen: 85_000,
            n_insured: 1_000,
            n_insured_elderly: 150,
            policy_change_fen: 1_000,
            benefit_change_fen: -500,
            expected_growth_rate: "0.05".to_owned(),
            risk_fund_fen: 0,
        }),
        deficit_decision: String::new(),
        validate_only: false,
        request_id: request_id(),
    }
}

pub(crate) fn propose_target() -> pb::ProposeTargetRequest {
    pb::ProposeTargetRequest {
        name: name("targets"),
        deductions: vec![pb::Deduction { id: "out_of_area".to_owned(), amount_fen: 11_000 }],
        reserve_fen: None,
        adjustment_fen: 1_000,
        adjustment_reason: "物价".to_owned(),
        validate_only: false,
        request_id: request_id(),
    }
}

pub(crate) fn record_history(code: &str) -> pb::RecordHistoryRequest {
    let cost = if code == PRIMARY { 1_000 } else { 9_000 };
    pb::RecordHistoryRequest {
        name: of_institution("histories", code),
        history_fen: vec![cost; 3],
        last_year_settled_fen: cost,
        recorded_base_fen: 0,
        recorded_base_reason: String::new(),
        request_id: request_id(),
    }
}

pub(crate) fn propose_decomposition() -> pb::ProposeDecompositionRequest {
    pb::ProposeDecompositionRequest {
        name: name("decompositions"),
        forecast_factor: String::new(),
        validate_only: false,
        request_id: request_id(),
    }
}
