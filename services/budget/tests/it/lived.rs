//! A fund year, as far as a test needs it lived.

use medfund_budget::MIGRATIONS;
use medfund_proto::agreement::v1::InstitutionChanged;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::derivation::v1::Derivation;
use medfund_proto::settlement::v1::{ClearedInstitution, ClearingApproved, MonthSettled, PaymentCompleted};
use medfund_testkit::{TestChannel, TestPeer, TestService};
use uuid::Uuid;

use super::requests::{self, KEY, Key, OTHER};
use super::support::{AREA, Budget, date, record, request_id};

/// The service with its peers, and a fund year to live.
pub(crate) struct Year {
    pub(crate) budget: Budget,
    pub(crate) agreement: TestPeer,
    pub(crate) settlement: TestPeer,
}

/// An institution's code ends with 1 for a primary one, with 2 for a hospital of level 3.
pub(crate) fn institution(code: &str, district: &str) -> InstitutionChanged {
    let primary = code.ends_with('1');
    InstitutionChanged {
        institution_code: code.to_owned(),
        display_name: code.to_owned(),
        district: district.to_owned(),
        level: if primary { 1 } else { 3 },
        institution_class: "general".to_owned(),
        primary,
        active: true,
    }
}

/// A settled month of an institution.
pub(crate) fn settled(key: Key, code: &str, month: i32, payable_fen: i64) -> MonthSettled {
    MonthSettled {
        fund_year: key.year,
        fund_line: key.line.to_owned(),
        district: key.district.to_owned(),
        institution_code: code.to_owned(),
        settlement_month: date(key.year, month, 0),
        statement: format!("areas/{AREA}/statements/{}", Uuid::new_v4()),
        n_admissions: 3,
        n_persons: 3,
        cost_fen: payable_fen,
        refused_fen: 0,
        payable_fen,
        paid_fen: payable_fen,
        deferred_fen: 0,
        ..MonthSettled::default()
    }
}

/// A payment that the bank confirmed after the year.
pub(crate) fn paid(code: &str, amount_fen: i64) -> PaymentCompleted {
    PaymentCompleted {
        payment_order: format!("areas/{AREA}/paymentOrders/{}", Uuid::new_v4()),
        fund_line: KEY.line.to_owned(),
        institution_code: code.to_owned(),
        amount_fen,
        value_date: date(KEY.year + 1, 1, 10),
        fund_year: KEY.year,
        ..PaymentCompleted::default()
    }
}

/// A clearing of quotas of 177.50 and 532.50 yuan: the hospital spent 10 yuan more than its own, the primary
/// institution 20 less. The reserve's 72 bear the 10.
pub(crate) fn approved(key: Key) -> ClearingApproved {
    let cleared = |code: &str, fen| ClearedInstitution {
        institution_code: code.to_owned(),
        payable_fen: fen,
        cost_fen: fen,
        final_fen: fen,
        ..ClearedInstitution::default()
    };
    let [primary, hospital] = key.institutions();
    ClearingApproved {
        fund_year: key.year,
        fund_line: key.line.to_owned(),
        district: key.district.to_owned(),
        decision: requests::decision_name(),
        institutions: vec![cleared(primary, 15_750), cleared(hospital, 54_250)],
        reserve_used_fen: 1_000,
        reserve_returned_fen: 6_200,
        quota_returned_fen: 2_000,
        ..ClearingApproved::default()
    }
}

impl Year {
    /// Opens the fund year 2017 with one district and its two institutions.
    pub(crate) async fn open() -> Self {
        Self::of_districts(&[KEY]).await
    }

    /// Opens the fund year 2017 with two districts and two institutions in each.
    pub(crate) async fn of_two_districts() -> Self {
        Self::of_districts(&[KEY, OTHER]).await
    }

    async fn of_districts(keys: &[Key]) -> Self {
        let year = Self::unopened().await;
        let districts: Vec<&str> = keys.iter().map(|key| key.district).collect();
        year.budget.given_fund_year(&districts).await;
        year.tell_institutions(keys).await;
        year
    }

    /// Starts the service with its peers and nothing in it.
    pub(crate) async fn unopened() -> Self {
        let agreement = TestPeer::start("agreement").await;
        let settlement = TestPeer::start("settlement").await;
        let builder = TestService::builder("budget", MIGRATIONS);
        let builder = builder.peer("agreement", agreement.service()).peer("settlement", settlement.service());
        let budget = Budget(builder.start(medfund_budget::serve).await);
        Self { budget, agreement, settlement }
    }

    /// Lets `agreement` tell of the institutions of districts.
    pub(crate) async fn tell_institutions(&self, keys: &[Key]) {
        for key in keys {
            for code in key.institutions() {
                self.agreement.emit(AREA, &institution(code, key.district)).await;
            }
        }
        self.budget.0.until_caught_up_with(self.agreement.service()).await;
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

    pub(crate) fn institution(&self, code: &str) -> BudgetServiceClient<TestChannel> {
        BudgetServiceClient::new(self.budget.0.as_institution(code))
    }

    /// A caller by the officer's name in another role: one person who would check what it made.
    pub(crate) fn officer_as(&self, role: Role) -> BudgetServiceClient<TestChannel> {
        let officer = Role::AgencyOfficer.as_str_name();
        BudgetServiceClient::new(self.budget.0.as_person(officer, role))
    }

    /// A confirmed decision of the body that the pack names for a matter, approved.
    pub(crate) async fn decided(&self, key: Key, matter: &str) -> String {
        let (body, district) = match matter {
            _ if key.pooled => ("human_resources", ""),
            "decomposition" => ("city_joint_meeting", ""),
            "primary_care_allotment" => ("health", ""),
            "deficit" => ("local_government", key.district),
            _ => ("local_joint_meeting", key.district),
        };
        let request = pb::RecordDecisionRequest {
            matter: matter.to_owned(),
            body: body.to_owned(),
            district: district.to_owned(),
            fund_year: key.year,
            ..record()
        };
        let name = request.name.clone();
        self.budget.decision(Role::MeetingSecretary).record_decision(request).await.unwrap();
        let confirm = pb::ConfirmDecisionRequest { name: name.clone(), request_id: request_id() };
        self.budget.decision(Role::AgencyChecker).confirm_decision(confirm).await.unwrap();
        name
    }

    /// Proposes, reviews and approves a budget of 1,000 and 900 yuan.
    pub(crate) async fn approve_budget(&self, key: Key) {
        self.approve(key, requests::propose_budget(key)).await;
    }

    /// Proposes, reviews and approves a budget.
    pub(crate) async fn approve(&self, key: Key, request: pb::ProposeBudgetRequest) {
        let budget = self.officer().propose_budget(request).await.unwrap().into_inner().budget.unwrap();
        let review = requests::review_budget(key, &budget.etag);
        let reviewed = self.client(Role::FinanceReviewer).review_budget(review).await.unwrap().into_inner();
        let etag = reviewed.budget.unwrap().etag;
        let decide = requests::decide_budget(key, &self.decided(key, "budget").await, &etag);
        self.checker().decide_budget(decide).await.unwrap();
    }

    /// Proposes and decides a target of 710 yuan with a reserve of 90, 18 of it for primary care.
    pub(crate) async fn decide_target(&self, key: Key) {
        self.approve_budget(key).await;
        self.put_target_into_force(key).await;
    }

    /// Proposes and decides the usual target of an approved budget.
    pub(crate) async fn put_target_into_force(&self, key: Key) {
        self.put_into_force(key, requests::propose_target(key)).await;
    }

    /// Proposes and decides a target.
    pub(crate) async fn put_into_force(&self, key: Key, request: pb::ProposeTargetRequest) {
        let target = self.officer().propose_target(request).await.unwrap().into_inner().target.unwrap();
        let decide = requests::decide_target(key, &self.decided(key, "target").await, &target.etag);
        self.checker().decide_target(decide).await.unwrap();
    }

    /// Records histories of the district's institutions.
    pub(crate) async fn record_histories(&self, key: Key) {
        for code in key.institutions() {
            self.officer().record_history(requests::record_history(key, code)).await.unwrap();
        }
    }

    /// Proposes, balances and decides quotas of 177.50 and 532.50 yuan.
    pub(crate) async fn decide_quotas(&self, key: Key) {
        self.decide_target(key).await;
        self.put_quotas_into_force(key).await;
    }

    /// Records histories, then proposes, balances and decides the quotas of a decided target.
    pub(crate) async fn put_quotas_into_force(&self, key: Key) {
        let decision = self.decided(key, "decomposition").await;
        self.put_quotas_into_force_by(key, &decision).await;
    }

    /// As [`Year::put_quotas_into_force`], by a decision that is there.
    pub(crate) async fn put_quotas_into_force_by(&self, key: Key, decision: &str) {
        self.record_histories(key).await;
        let request = requests::propose_decomposition(key);
        let proposed = self.officer().propose_decomposition(request).await.unwrap().into_inner();
        let balance = requests::balance_decomposition(key, &proposed.decomposition.unwrap().etag);
        let city = &mut self.client(Role::CityAgency);
        let balanced = city.balance_decomposition(balance).await.unwrap().into_inner();
        let etag = balanced.decomposition.unwrap().etag;
        let decide = requests::decide_decomposition(key, decision, &etag);
        self.client(Role::MeetingSecretary).decide_decomposition(decide).await.unwrap();
    }

    /// Opens the clearing of a year that is over and lets `settlement` approve it.
    pub(crate) async fn clear(&self, key: Key) {
        self.officer().open_clearing(requests::open_clearing(key)).await.unwrap();
        self.settle_clearing(key).await;
    }

    /// Lets `settlement` approve an open clearing.
    pub(crate) async fn settle_clearing(&self, key: Key) {
        self.settlement.emit(AREA, &approved(key)).await;
        self.budget.0.until_caught_up_with(self.settlement.service()).await;
    }

    /// Lives the year of one district up to the approved budget.
    pub(crate) async fn with_budget() -> Self {
        let year = Self::open().await;
        year.approve_budget(KEY).await;
        year
    }

    /// Lives the year of one district up to the decided target.
    pub(crate) async fn with_target() -> Self {
        let year = Self::open().await;
        year.decide_target(KEY).await;
        year
    }

    /// Lives the year of one district up to the decided quotas.
    pub(crate) async fn with_quotas() -> Self {
        let year = Self::open().await;
        year.decide_quotas(KEY).await;
        year
    }

    /// An account's balance, credits less debits.
    pub(crate) async fn balance(&self, account: &str) -> i64 {
        let request = pb::ListLedgerAccountsRequest { parent: format!("areas/{AREA}") };
        let answer = self.client(Role::Auditor).list_ledger_accounts(request).await.unwrap().into_inner();
        answer.accounts.iter().find(|one| one.account == account).map_or(0, |one| one.balance_fen)
    }

    pub(crate) async fn reserve(&self, key: Key) -> pb::Reserve {
        let request = pb::GetReserveRequest { name: key.name("reserves") };
        self.officer().get_reserve(request).await.unwrap().into_inner().reserve.unwrap()
    }

    pub(crate) async fn decomposition(&self, key: Key) -> pb::Decomposition {
        let request = pb::GetDecompositionRequest { name: key.name("decompositions") };
        let answer = self.officer().get_decomposition(request).await.unwrap().into_inner();
        answer.decomposition.unwrap()
    }

    pub(crate) async fn explained(&self, amount: String) -> Derivation {
        let request = pb::ExplainAmountRequest { name: amount };
        self.officer().explain_amount(request).await.unwrap().into_inner().derivation.unwrap()
    }
}
