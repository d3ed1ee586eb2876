use medfund_policy::PackHash;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as budget;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::bill_service_client::BillServiceClient;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_settlement::{MIGRATIONS, serve};
use medfund_testkit::{AREA, TestChannel, TestPeer, TestService};
use tonic::Status;

pub(crate) use super::pool_support::*;
pub(crate) use super::requests::*;
pub(crate) use super::special_case_support::*;
use crate::bills::common::{CLINIC, HOSPITAL, digest_of, new_id, upload_of};

pub(crate) const DISTRICT: &str = "440703";
pub(crate) const LINE: &str = "employee";
pub(crate) const PARENT: &str = "areas/440700";
pub(crate) const PACKAGE: &str = "medfund.settlement.v1";
const PACK: &[u8] = include_bytes!("../../../../../policies/jiangmen-2016.toml");

/// The Jiangmen pack, but that nothing is paid ahead.
pub(crate) fn pack_without_prepayments() -> Vec<u8> {
    let pack = std::str::from_utf8(PACK).unwrap();
    let (before, rest) = pack.split_once("[prepayment.advance]").unwrap();
    let (_, after) = rest.split_once("# 四(三)3: 再按月进行月度结算").unwrap();
    format!("{before}[prepayment]\n{after}").into_bytes()
}

/// The Jiangmen pack with stays that are paid by bed-day in two phases.
pub(crate) fn pack_with_bed_days() -> Vec<u8> {
    let own = r#"
        [payment.bed_day.services.psychiatric]
        name = { value = "精神病", clause = "四(三)1" }
        [payment.bed_day.services.psychiatric.phases.acute]
        from_day = { value = 1, clause = "四(三)1" }
        factor = { value = "1.2", clause = "四(三)1" }
        [payment.bed_day.services.psychiatric.phases.stable]
        from_day = { value = 4, clause = "四(三)1" }
        factor = { value = "1", clause = "四(三)1" }
        [payment.bed_day.indicators.average_stay]
        name = { value = "平均住院天数", clause = "四(三)1" }
        unit = { value = "days", clause = "四(三)1" }
        uses = { value = ["evaluation"], clause = "四(三)1" }
    "#;
    [PACK, own.as_bytes()].concat()
}

/// The Jiangmen pack, but that listed cases leave their list, and teams bear a tenth of what they refer.
pub(crate) fn pack_of_lists() -> Vec<u8> {
    let own = r#"
        [payment.by_disease.variants]
        low_below = { value = "0.5", clause = "四(三)2" }
        high_above = { value = "2", clause = "四(三)2" }
        [payment.per_capita]
        referral_share = { value = "0.1", clause = "四(三)1" }
        [payment.per_capita.package]
        consultation = { value = "一般诊疗费", clause = "四(三)1" }
    "#;
    [PACK, own.as_bytes()].concat()
}

/// The Jiangmen pack, but that months are paid ahead and the deposit is withheld in the year.
pub(crate) fn pack_of_months() -> Vec<u8> {
    let pack = String::from_utf8(pack_without_prepayments()).unwrap();
    let shares = "[prepayment.history_share]
ungraded = { value = \"0.70\", default = \"不同比例\" }
[prepayment.history_share.by_grade]
a = { value = \"0.90\", default = \"不同比例\" }
[month.withheld]
deposit_rate = { value = \"0.05\", default = \"一定比例\" }
clearing_rate = { value = \"0.05\", default = \"一定比例\" }
";
    pack.replace("prepayment_set_off = { value = false", "prepayment_set_off = { value = true")
        .replace("withheld = { value = false", "withheld = { value = true")
        .replace("[prepayment]\n", shares)
        .into_bytes()
}

pub(crate) type Client = SettlementServiceClient<TestChannel>;

/// Settlement and the services that it hears.
pub(crate) struct Suite {
    pub(crate) service: TestService,
    pub(crate) budget: TestPeer,
    pub(crate) agreement: TestPeer,
    pub(crate) drg: TestPeer,
}

impl Suite {
    /// A service that has heard nothing.
    pub(crate) async fn deaf() -> Self {
        let packs = [
            PACK.to_vec(),
            pack_without_prepayments(),
            pack_with_bed_days(),
            pack_of_months(),
            pack_of_lists(),
            POOL_PACK.to_vec(),
            PREFECTURE_PACK.to_vec(),
        ];
        let packs = packs.map(|pack| (PackHash::of(&pack).to_string(), pack)).to_vec();
        let budget = TestPeer::budget_of(packs).await;
        let agreement = TestPeer::start("agreement").await;
        let drg = published_drg().await;
        let builder = TestService::builder("settlement", MIGRATIONS)
            .peer("budget", budget.service())
            .peer("agreement", agreement.service())
            .peer("drg", drg.service());
        Self { service: builder.start(serve).await, budget, agreement, drg }
    }

    /// Fund year 2017 is open, it is 2016-12-20; a hospital and a clinic have agreements and a history.
    pub(crate) async fn open() -> Self {
        Box::pin(Self::open_under(PACK)).await
    }

    /// As [`Suite::with_quotas`], under another of the packs above.
    pub(crate) async fn with_quotas_under(pack: &[u8]) -> Self {
        let suite = Box::pin(Self::open_under(pack)).await;
        suite.quotas().await;
        suite
    }

    /// As [`Suite::open`], under another of the packs above.
    pub(crate) async fn open_under(pack: &[u8]) -> Self {
        let suite = Box::pin(Self::deaf()).await;
        let opened = budget::FundYearOpened {
            fund_year: 2017,
            pack_id: "jiangmen-2016".into(),
            pack_hash: PackHash::of(pack).to_string(),
            districts: vec![DISTRICT.into()],
        };
        suite.budget.emit(AREA, &opened).await;
        for (code, primary) in [(HOSPITAL, false), (CLINIC, true)] {
            suite.agreement.emit(AREA, &institution(code, primary)).await;
            suite.agreement.emit(AREA, &signed(code)).await;
            suite.history(2017, code).await;
        }
        suite.date(2016, 12, 20).await;
        suite
    }

    /// Records that 120,000.00 yuan were settled with an institution the year before.
    pub(crate) async fn history(&self, fund_year: i32, code: &str) {
        let history = budget::HistoryRecorded {
            fund_year,
            fund_line: LINE.into(),
            institution_code: code.into(),
            history_fen: vec![1, 2, 3],
            last_year_settled_fen: 12_000_000,
        };
        self.budget.emit(AREA, &history).await;
        self.heard().await;
    }

    /// Opens fund year 2018, whose pack pays nothing ahead.
    pub(crate) async fn open_next_year(&self) {
        self.open_year(2018, &pack_without_prepayments()).await;
    }

    pub(crate) async fn open_year(&self, fund_year: i32, pack: &[u8]) {
        let opened = budget::FundYearOpened {
            fund_year,
            pack_id: "jiangmen-2016".into(),
            pack_hash: PackHash::of(pack).to_string(),
            districts: vec![DISTRICT.into()],
        };
        self.budget.emit(AREA, &opened).await;
        self.heard().await;
    }

    /// As [`Suite::open`], with quotas of 9,000,000 and 3,000,000 fen for each fund line.
    pub(crate) async fn with_quotas() -> Self {
        let suite = Box::pin(Self::open()).await;
        suite.quotas().await;
        suite
    }

    pub(crate) async fn quotas(&self) {
        self.quotas_of(2017, &[(HOSPITAL, 9_000_000), (CLINIC, 3_000_000)]).await;
    }

    /// Decides these quotas for each fund line.
    pub(crate) async fn quotas_of(&self, fund_year: i32, quotas: &[(&str, i64)]) {
        for fund_line in ["employee", "resident"] {
            let quota = |(code, quota_fen): &(&str, i64)| budget::InstitutionQuota {
                institution_code: (*code).into(),
                quota_fen: *quota_fen,
            };
            let decided = budget::QuotaDecided {
                fund_year,
                fund_line: fund_line.into(),
                district: DISTRICT.into(),
                decision: decision_name(1),
                target_fen: quotas.iter().map(|(_, quota_fen)| quota_fen).sum(),
                quotas: quotas.iter().map(quota).collect(),
            };
            self.budget.emit(AREA, &decided).await;
        }
        self.heard().await;
    }

    pub(crate) async fn heard(&self) {
        self.service.until_caught_up_with(self.budget.service()).await;
        self.service.until_caught_up_with(self.agreement.service()).await;
        self.service.until_caught_up_with(self.drg.service()).await;
    }

    pub(crate) async fn date(&self, year: i32, month: i32, day: i32) {
        let business_date = Some(Date { year, month, day });
        self.budget.emit(AREA, &budget::BusinessDateAdvanced { business_date }).await;
        self.heard().await;
    }

    /// The date after month `month` of 2017 ended.
    pub(crate) async fn after(&self, month: i32) {
        if month == 12 { self.date(2018, 1, 5).await } else { self.date(2017, month + 1, 5).await }
    }

    pub(crate) fn officer(&self) -> Client {
        SettlementServiceClient::new(self.service.as_role(Role::AgencyOfficer))
    }

    pub(crate) fn checker(&self) -> Client {
        SettlementServiceClient::new(self.service.as_role(Role::AgencyChecker))
    }

    pub(crate) fn city(&self) -> Client {
        SettlementServiceClient::new(self.service.as_role(Role::CityAgency))
    }

    pub(crate) fn auditor(&self) -> Client {
        SettlementServiceClient::new(self.service.as_role(Role::Auditor))
    }

    /// The agency's officer at the bills.
    pub(crate) fn agency_bills(&self) -> BillServiceClient<TestChannel> {
        BillServiceClient::new(self.service.as_role(Role::AgencyOfficer))
    }

    pub(crate) fn bills_of(&self, code: &str) -> BillServiceClient<TestChannel> {
        BillServiceClient::new(self.service.as_institution(code))
    }

    pub(crate) fn institution(&self, code: &str) -> Client {
        SettlementServiceClient::new(self.service.as_institution(code))
    }

    /// Sends `n` bills of an institution for a month, each with a fund share of `fen`.
    pub(crate) async fn bills(&self, code: &str, month: i32, n: i64, fen: i64) {
        if n == 0 {
            return;
        }
        self.send(code, month, (1..=n).map(|place| bill(code, month, place, fen)).collect()).await;
    }

    /// Sends these bills of an institution for a month.
    pub(crate) async fn send(&self, code: &str, month: i32, lines: Vec<pb::BillLine>) {
        let n = i64::try_from(lines.len()).unwrap();
        let mut client = BillServiceClient::new(self.service.as_institution(code));
        let request = pb::StartUploadRequest {
            parent: PARENT.into(),
            institution_code: code.into(),
            settlement_month: month_of(month),
            file_digest: digest_of(&lines),
            n_lines: n,
            request_id: new_id(),
        };
        let upload = client.start_upload(request).await.unwrap().into_inner().upload.unwrap();
        let upload = upload_of(&mut client, &upload, &lines).await.unwrap();
        assert_eq!((upload.n_accepted, upload.n_refused), (n, 0), "every bill is good");
    }

    /// Sends bills, lets the month pass and settles it.
    pub(crate) async fn month(&self, month: i32, n_hospital: i64, n_clinic: i64) -> pb::MonthSettlement {
        self.date(2017, month, 28).await;
        self.bills(HOSPITAL, month, n_hospital, 100_000).await;
        self.bills(CLINIC, month, n_clinic, 50_000).await;
        self.after(month).await;
        self.start(month).await.unwrap()
    }

    pub(crate) async fn start(&self, month: i32) -> Result<pb::MonthSettlement, Status> {
        let request = start(month);
        Ok(self.officer().start_month_settlement(request).await?.into_inner().month_settlement.unwrap())
    }

    pub(crate) async fn statement(&self, month: i32, code: &str) -> pb::Statement {
        let name = statement_name(month, code);
        let request = pb::GetStatementRequest { name };
        self.officer().get_statement(request).await.unwrap().into_inner().statement.unwrap()
    }

    /// Confirms every statement of a month, orders it, approves and exports the orders and lets the bank pay.
    pub(crate) async fn pay_month(&self, month: i32) {
        for code in [HOSPITAL, CLINIC] {
            let request = pb::ListStatementsRequest {
                parent: PARENT.into(),
                fund_year: 2017,
                settlement_month: month_of(month),
                ..Default::default()
            };
            let mut client = self.institution(code);
            for one in client.list_statements(request).await.unwrap().into_inner().statements {
                let request =
                    pb::ConfirmStatementRequest { name: one.name, etag: one.etag, request_id: new_id() };
                client.confirm_statement(request).await.unwrap();
            }
        }
        self.officer().create_payment_orders(create(month)).await.unwrap();
        self.pay_orders().await;
    }

    /// Approves, exports and completes all orders that wait.
    pub(crate) async fn pay_orders(&self) {
        let names = self.export_orders().await;
        if !names.is_empty() {
            self.officer().record_payment_results(results(&names)).await.unwrap();
        }
    }

    /// Approves all orders that wait and hands them to the bank; returns their names.
    pub(crate) async fn export_orders(&self) -> Vec<String> {
        let waiting = self.orders(pb::payment_order::State::Created).await;
        let names: Vec<String> = waiting.iter().map(|order| order.name.clone()).collect();
        if !names.is_empty() {
            self.checker().approve_payment_orders(approve(&names)).await.unwrap();
            self.checker().export_payment_orders(export()).await.unwrap();
        }
        names
    }

    pub(crate) async fn orders(&self, state: pb::payment_order::State) -> Vec<pb::PaymentOrder> {
        let request = pb::ListPaymentOrdersRequest {
            parent: PARENT.into(),
            fund_year: 2017,
            state: state.into(),
            page_size: 500,
            ..Default::default()
        };
        self.officer().list_payment_orders(request).await.unwrap().into_inner().payment_orders
    }

    pub(crate) async fn accounts(&self) -> Vec<pb::LedgerAccount> {
        let request =
            pb::ListLedgerAccountsRequest { parent: PARENT.into(), page_size: 500, ..Default::default() };
        self.auditor().list_ledger_accounts(request).await.unwrap().into_inner().accounts
    }

    /// The sum of the balances of the accounts that begin with `prefix`.
    pub(crate) async fn balance(&self, prefix: &str) -> i64 {
        let accounts = self.accounts().await;
        accounts.iter().filter(|one| one.account.starts_with(prefix)).map(|one| one.balance_fen).sum()
    }

    /// Opens the clearing of the employee line with `reserve_fen`, with all indicators met.
    pub(crate) async fn open_clearing(&self, reserve_fen: i64) {
        self.indicators_met().await;
        self.open_reserve(reserve_fen).await;
    }

    pub(crate) async fn indicators_met(&self) {
        for code in [HOSPITAL, CLINIC] {
            self.agreement.emit(AREA, &indicators(code, vec![])).await;
        }
        self.heard().await;
    }

    pub(crate) async fn open_reserve(&self, reserve_fen: i64) {
        let opened = budget::ClearingOpened {
            fund_year: 2017,
            fund_line: LINE.into(),
            district: DISTRICT.into(),
            reserve_fen,
            ..budget::ClearingOpened::default()
        };
        self.budget.emit(AREA, &opened).await;
        self.heard().await;
    }

    /// Settles all twelve months, without a bill.
    pub(crate) async fn empty_months(&self) {
        self.months_from(1).await;
    }

    /// Lets the year pass and settles its months from `first` on.
    pub(crate) async fn months_from(&self, first: i32) {
        self.after(12).await;
        for month in first..=12 {
            self.start(month).await.unwrap();
        }
    }

    pub(crate) async fn propose(&self) -> pb::Clearing {
        self.officer().propose_clearing(propose(false)).await.unwrap().into_inner().clearing.unwrap()
    }

    /// Takes a proposed clearing to its approval by the city; `n` numbers the meeting's decision.
    pub(crate) async fn clear(&self, plan: &pb::Clearing, n: u32) -> pb::Clearing {
        self.clear_by("local_joint_meeting", plan, n).await
    }

    /// As [`Suite::clear`], by the decision of another body.
    pub(crate) async fn clear_by(&self, body: &str, plan: &pb::Clearing, n: u32) -> pb::Clearing {
        let decision = self.decision_by(body, n, true).await;
        let decided = self.officer().decide_clearing(decide(&decision, &plan.etag)).await.unwrap();
        let etag = decided.into_inner().clearing.unwrap().etag;
        self.city().approve_clearing(approve_clearing(&etag)).await.unwrap().into_inner().clearing.unwrap()
    }

    /// What the local meeting decided on a plan of another year.
    pub(crate) async fn decision_of(&self, fund_year: i32, n: u32) -> String {
        let decision = decision_name(n);
        let recorded = budget::DecisionRecorded {
            decision: decision.clone(),
            body: "local_joint_meeting".into(),
            matter: "clearing_plan".into(),
            district: DISTRICT.into(),
            fund_year,
            subject: String::new(),
            approved: true,
            meeting_date: Some(Date { year: fund_year + 1, month: 2, day: 1 }),
        };
        self.budget.emit(AREA, &recorded).await;
        self.heard().await;
        decision
    }

    pub(crate) async fn decision(&self, n: u32, approved: bool) -> String {
        self.decision_by("local_joint_meeting", n, approved).await
    }

    /// What a body decided on the plan of 2017.
    pub(crate) async fn decision_by(&self, body: &str, n: u32, approved: bool) -> String {
        let decision = decision_name(n);
        let recorded = budget::DecisionRecorded {
            decision: decision.clone(),
            body: body.into(),
            matter: "clearing_plan".into(),
            district: DISTRICT.into(),
            fund_year: 2017,
            subject: clearing_name(),
            approved,
            meeting_date: Some(Date { year: 2018, month: 2, day: 1 }),
        };
        self.budget.emit(AREA, &recorded).await;
        self.heard().await;
        decision
    }
}

/// The value of an amount by its name, as its derivation has it.
pub(crate) async fn explained(suite: &Suite, name: &str) -> String {
    let request = pb::ExplainAmountRequest { name: name.to_owned() };
    let derivation = suite.auditor().explain_amount(request).await.unwrap().into_inner().derivation;
    derivation.unwrap().root.unwrap().value
}
