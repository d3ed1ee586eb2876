//! Prepayments and the settlement of months.

use anyhow::ensure;
use medfund_policy::Prepayment;
use medfund_proto::settlement::v1::month_settlement::State as RunState;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::settlement::v1::statement::State;
use medfund_proto::settlement::v1::{
    ConfirmStatementRequest, CreatePaymentOrdersRequest, DisputeStatementRequest, GetMonthSettlementRequest,
    ListStatementsRequest, PayAdvanceRequest, PayCleanRecordCapitalRequest, PayMonthAheadRequest,
    PayWorkingCapitalRequest, ResolveDisputeRequest, StartMonthSettlementRequest, Statement,
};
use medfund_types::{FundLine, SettlementMonth};

use super::names;
use super::{Year, each};
use crate::suite::rpc;

/// How long a month's run may take.
const RUN_LIMIT: std::time::Duration = std::time::Duration::from_secs(600);

impl Year<'_> {
    /// Advances months of last year's mean wherever the district asks for it.
    pub(super) async fn pay_advances(&self) -> anyhow::Result<()> {
        for district in self.region.districts.iter().filter(|d| d.n_advance_months > 0) {
            for line in self.lines_granted(|prepayment| prepayment.advance.is_some()) {
                let request = PayAdvanceRequest {
                    parent: self.names.area(),
                    fund_year: self.region.fund_year.get(),
                    fund_line: line.to_string(),
                    district: district.code.to_string(),
                    months: i32::try_from(district.n_advance_months)?,
                    request_id: self.id(&format!("advance/{line}/{}", district.code)),
                };
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient pay_advance, request)
                    .await?;
            }
        }
        self.pay("advance", self.within(1, 2), false).await
    }

    /// Pays the working capital of the year's start where the pack grants it.
    pub(super) async fn pay_working_capital(&self) -> anyhow::Result<()> {
        for district in &self.region.districts {
            for line in self.lines_granted(|prepayment| prepayment.working_capital.is_some()) {
                let request = PayWorkingCapitalRequest {
                    parent: self.names.area(),
                    fund_year: self.region.fund_year.get(),
                    fund_line: line.to_string(),
                    district: district.code.to_string(),
                    request_id: self.id(&format!("working-capital/{line}/{}", district.code)),
                };
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient pay_working_capital, request)
                    .await?;
            }
        }
        self.pay("working-capital", self.within(1, 10), false).await
    }

    /// The fund lines whose institutions are granted something ahead.
    fn lines_granted(&self, grants: impl Fn(&Prepayment) -> bool) -> Vec<&FundLine> {
        let mut lines = self.lines();
        lines.retain(|line| self.pack.prepayment(line).is_some_and(&grants));
        lines
    }

    /// Pays the further working capital of those who kept the rules, where the pack grants it.
    pub(super) async fn pay_clean_record_capital(&self) -> anyhow::Result<()> {
        for district in &self.region.districts {
            for line in self.lines_granted(|prepayment| prepayment.clean_record.is_some()) {
                let request = PayCleanRecordCapitalRequest {
                    parent: self.names.area(),
                    fund_year: self.region.fund_year.get(),
                    fund_line: line.to_string(),
                    district: district.code.to_string(),
                    request_id: self.id(&format!("clean-record-capital/{line}/{}", district.code)),
                };
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient pay_clean_record_capital, request)
                    .await?;
            }
        }
        self.pay("clean-record-capital", self.within(3, 25), false).await
    }

    /// Pays a share of the historic monthly mean ahead of a month where the pack grants it.
    pub(super) async fn pay_month_ahead(&self, month: SettlementMonth) -> anyhow::Result<()> {
        let step = format!("month/{month}/ahead");
        let lines = self.lines_granted(|prepayment| prepayment.history_share.is_some());
        for district in &self.region.districts {
            for line in &lines {
                let request = PayMonthAheadRequest {
                    parent: self.names.area(),
                    fund_year: self.region.fund_year.get(),
                    fund_line: line.to_string(),
                    district: district.code.to_string(),
                    settlement_month: names::month(month),
                    request_id: self.id(&format!("{step}/{line}/{}", district.code)),
                };
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient pay_month_ahead, request)
                    .await?;
            }
        }
        if lines.is_empty() { Ok(()) } else { self.pay(&step, month.first_day(), false).await }
    }

    /// Settles a month that the calendar has left, has its statements answered, and pays them.
    pub(super) async fn settle_month(&self, month: SettlementMonth) -> anyhow::Result<()> {
        self.run_month(month).await?;
        self.answer_statements(month).await?;
        let step = format!("month/{month}");
        let request = CreatePaymentOrdersRequest {
            parent: self.names.area(),
            settlement_month: names::month(month),
            request_id: self.id(&format!("{step}/orders/create")),
        };
        rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient create_payment_orders, request)
            .await?;
        self.pay(&step, month.next().first_day(), month.month() == 2).await
    }

    /// Settles a month that the calendar has left.
    pub(crate) async fn run_month(&self, month: SettlementMonth) -> anyhow::Result<()> {
        let request = StartMonthSettlementRequest {
            parent: self.names.area(),
            settlement_month: names::month(month),
            request_id: self.id(&format!("month/{month}/start")),
        };
        let started =
            rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient start_month_settlement, request)
                .await?;
        self.wait_for_run(&started.month_settlement.unwrap_or_default().name).await
    }

    /// Has a month's statements answered by their institutions; returns how many there are.
    pub(crate) async fn answer_statements(&self, month: SettlementMonth) -> anyhow::Result<usize> {
        let statements = self.statements(Some(month)).await?;
        each(&statements, |statement| self.answer(statement, month)).await?;
        Ok(statements.len())
    }

    async fn wait_for_run(&self, name: &str) -> anyhow::Result<()> {
        let begun = std::time::Instant::now();
        loop {
            let request = GetMonthSettlementRequest { name: name.to_owned() };
            let run =
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient get_month_settlement, request)
                    .await?;
            if run.month_settlement.unwrap_or_default().state() == RunState::Settled {
                return Ok(());
            }
            ensure!(begun.elapsed() < RUN_LIMIT, "the run {name} does not end");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Confirms a statement; at each quarter's end one institution disputes its own and is answered.
    async fn answer(&self, statement: &Statement, month: SettlementMonth) -> anyhow::Result<()> {
        if statement.state() != State::Issued {
            return Ok(());
        }
        let step = format!("statement/{month}/{}/{}", statement.fund_line, statement.institution_code);
        let clerk = self.people.clerk(&statement.institution_code.parse()?);
        let turn = usize::try_from(month.month() / 3)? % self.region.institutions.len();
        let disputes = month.month().is_multiple_of(3)
            && self.region.institutions[turn].code.as_str() == statement.institution_code;
        if !disputes {
            let request = ConfirmStatementRequest {
                name: statement.name.clone(),
                etag: statement.etag.clone(),
                request_id: self.id(&format!("{step}/confirm")),
            };
            rpc!(self.session, &clerk, Settlement SettlementServiceClient confirm_statement, request).await?;
            return Ok(());
        }
        let request = DisputeStatementRequest {
            name: statement.name.clone(),
            etag: statement.etag.clone(),
            reason: "人次与本院统计不符，请复核".to_owned(),
            request_id: self.id(&format!("{step}/dispute")),
        };
        let disputed =
            rpc!(self.session, &clerk, Settlement SettlementServiceClient dispute_statement, request).await?;
        let request = ResolveDisputeRequest {
            name: statement.name.clone(),
            etag: disputed.statement.unwrap_or_default().etag,
            answer: "经复核，按结算日期统计，结算单无误".to_owned(),
            request_id: self.id(&format!("{step}/resolve")),
        };
        rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient resolve_dispute, request)
            .await?;
        Ok(())
    }

    /// Every statement of a month, or of the year.
    pub(super) async fn statements(&self, month: Option<SettlementMonth>) -> anyhow::Result<Vec<Statement>> {
        let mut statements = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = ListStatementsRequest {
                parent: self.names.area(),
                fund_year: self.region.fund_year.get(),
                settlement_month: month.and_then(names::month),
                page_size: 500,
                page_token,
            };
            let page =
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient list_statements, request)
                    .await?;
            statements.extend(page.statements);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(statements);
            }
        }
    }
}
