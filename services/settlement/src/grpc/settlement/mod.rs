//! `SettlementService`.

mod answers;
mod coverage;
mod names;
mod pages;
pub(in crate::grpc) mod requests;
mod status;

use std::pin::Pin;

use futures::{Stream, StreamExt};
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::settlement_service_server::SettlementService;
use medfund_server::accept;
use medfund_server::convert::split_page;
use sha2::{Digest, Sha256};
use tonic::{Request, Response, Status};

use crate::app::Settlement;

/// Cases of one message of an export.
const EXPORT_PAGE: usize = 1_000;

/// `SettlementService` on the months, payments and clearings of a database.
#[derive(Clone)]
pub(crate) struct SettlementGrpc {
    app: Settlement,
}

impl SettlementGrpc {
    pub(crate) fn new(app: Settlement) -> Self {
        Self { app }
    }
}

#[tonic::async_trait]
impl SettlementService for SettlementGrpc {
    type ExportCasePointsStream =
        Pin<Box<dyn Stream<Item = Result<pb::ExportCasePointsResponse, Status>> + Send>>;

    async fn pay_advance(
        &self,
        request: Request<pb::PayAdvanceRequest>,
    ) -> Result<Response<pb::PayAdvanceResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.pay_ahead(requests::pay_advance(&context, &request)?).await?;
        Ok(Response::new(pb::PayAdvanceResponse {
            prepayments: rows.iter().map(answers::prepayment).collect(),
        }))
    }

    async fn pay_working_capital(
        &self,
        request: Request<pb::PayWorkingCapitalRequest>,
    ) -> Result<Response<pb::PayWorkingCapitalResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.pay_ahead(requests::pay_working_capital(&context, &request)?).await?;
        Ok(Response::new(pb::PayWorkingCapitalResponse {
            prepayments: rows.iter().map(answers::prepayment).collect(),
        }))
    }

    async fn pay_clean_record_capital(
        &self,
        request: Request<pb::PayCleanRecordCapitalRequest>,
    ) -> Result<Response<pb::PayCleanRecordCapitalResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.pay_ahead(requests::pay_clean_record_capital(&context, &request)?).await?;
        Ok(Response::new(pb::PayCleanRecordCapitalResponse {
            prepayments: rows.iter().map(answers::prepayment).collect(),
        }))
    }

    async fn pay_month_ahead(
        &self,
        request: Request<pb::PayMonthAheadRequest>,
    ) -> Result<Response<pb::PayMonthAheadResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.pay_ahead(requests::pay_month_ahead(&context, &request)?).await?;
        Ok(Response::new(pb::PayMonthAheadResponse {
            prepayments: rows.iter().map(answers::prepayment).collect(),
        }))
    }

    async fn pay_instalment(
        &self,
        request: Request<pb::PayInstalmentRequest>,
    ) -> Result<Response<pb::PayInstalmentResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.pay_ahead(requests::pay_instalment(&context, &request)?).await?;
        Ok(Response::new(pb::PayInstalmentResponse {
            prepayments: rows.iter().map(answers::prepayment).collect(),
        }))
    }

    async fn list_prepayments(
        &self,
        request: Request<pb::ListPrepaymentsRequest>,
    ) -> Result<Response<pb::ListPrepaymentsResponse>, Status> {
        let (context, request) = accept(request)?;
        let year = request.fund_year.to_string();
        let bound = [request.parent.as_str(), &year];
        let place = (request.parent.as_str(), request.fund_year);
        let page = (request.page_size, request.page_token.as_str());
        let (read, fund_year, page) = requests::year_list(&context, place, page, &bound)?;
        let rows = self.app.prepayments(read, fund_year).await?;
        let all = rows.iter().map(answers::prepayment).collect();
        let (prepayments, next_page_token) = pages::cut(all, page, |one| one.name.clone(), &bound);
        Ok(Response::new(pb::ListPrepaymentsResponse { prepayments, next_page_token }))
    }

    async fn start_month_settlement(
        &self,
        request: Request<pb::StartMonthSettlementRequest>,
    ) -> Result<Response<pb::StartMonthSettlementResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.start_month(requests::start_month(&context, &request)?).await?;
        let month_settlement = Some(answers::month_settlement(&row));
        Ok(Response::new(pb::StartMonthSettlementResponse { month_settlement }))
    }

    async fn get_month_settlement(
        &self,
        request: Request<pb::GetMonthSettlementRequest>,
    ) -> Result<Response<pb::GetMonthSettlementResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, month) = requests::month(&context, &request.name)?;
        let month_settlement =
            Some(answers::month_settlement(&self.app.month_settlement(read, month).await?));
        Ok(Response::new(pb::GetMonthSettlementResponse { month_settlement }))
    }

    async fn get_statement(
        &self,
        request: Request<pb::GetStatementRequest>,
    ) -> Result<Response<pb::GetStatementResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = requests::statement(&context, &request.name)?;
        let statement = Some(answers::statement(&self.app.statement(read, id).await?));
        Ok(Response::new(pb::GetStatementResponse { statement }))
    }

    async fn list_statements(
        &self,
        request: Request<pb::ListStatementsRequest>,
    ) -> Result<Response<pb::ListStatementsResponse>, Status> {
        let (context, request) = accept(request)?;
        let ((read, fund_year, page), month) = requests::list_statements(&context, &request)?;
        let size = page.size;
        let rows = self.app.statements(read, fund_year, month, page).await?;
        let bound = requests::statements_bound(&request);
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let (rows, next_page_token) = split_page(rows, size, |row| row.statement_id.clone(), &bound);
        let statements = rows.iter().map(answers::statement).collect();
        Ok(Response::new(pb::ListStatementsResponse { statements, next_page_token }))
    }

    async fn confirm_statement(
        &self,
        request: Request<pb::ConfirmStatementRequest>,
    ) -> Result<Response<pb::ConfirmStatementResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.answer_statement(requests::confirm(&context, &request)?).await?;
        Ok(Response::new(pb::ConfirmStatementResponse { statement: Some(answers::statement(&row)) }))
    }

    async fn dispute_statement(
        &self,
        request: Request<pb::DisputeStatementRequest>,
    ) -> Result<Response<pb::DisputeStatementResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.answer_statement(requests::dispute(&context, &request)?).await?;
        Ok(Response::new(pb::DisputeStatementResponse { statement: Some(answers::statement(&row)) }))
    }

    async fn resolve_dispute(
        &self,
        request: Request<pb::ResolveDisputeRequest>,
    ) -> Result<Response<pb::ResolveDisputeResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.answer_statement(requests::resolve(&context, &request)?).await?;
        Ok(Response::new(pb::ResolveDisputeResponse { statement: Some(answers::statement(&row)) }))
    }

    async fn create_payment_orders(
        &self,
        request: Request<pb::CreatePaymentOrdersRequest>,
    ) -> Result<Response<pb::CreatePaymentOrdersResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.create_orders(requests::create_orders(&context, &request)?).await?;
        Ok(Response::new(pb::CreatePaymentOrdersResponse {
            payment_orders: rows.iter().map(answers::payment_order).collect(),
        }))
    }

    async fn approve_payment_orders(
        &self,
        request: Request<pb::ApprovePaymentOrdersRequest>,
    ) -> Result<Response<pb::ApprovePaymentOrdersResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.approve_orders(requests::approve_orders(&context, &request)?).await?;
        Ok(Response::new(pb::ApprovePaymentOrdersResponse {
            payment_orders: rows.iter().map(answers::payment_order).collect(),
        }))
    }

    async fn record_payment_results(
        &self,
        request: Request<pb::RecordPaymentResultsRequest>,
    ) -> Result<Response<pb::RecordPaymentResultsResponse>, Status> {
        let (context, request) = accept(request)?;
        let rows = self.app.record_results(requests::record_results(&context, &request)?).await?;
        Ok(Response::new(pb::RecordPaymentResultsResponse {
            payment_orders: rows.iter().map(answers::payment_order).collect(),
        }))
    }

    async fn list_payment_orders(
        &self,
        request: Request<pb::ListPaymentOrdersRequest>,
    ) -> Result<Response<pb::ListPaymentOrdersResponse>, Status> {
        let (context, request) = accept(request)?;
        let ((read, fund_year, page), state) = requests::list_orders(&context, &request)?;
        let size = page.size;
        let rows = self.app.payment_orders(read, fund_year, state, page).await?;
        let bound = requests::orders_bound(&request);
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let (rows, next_page_token) = split_page(rows, size, |row| row.payment_order.clone(), &bound);
        let payment_orders = rows.iter().map(answers::payment_order).collect();
        Ok(Response::new(pb::ListPaymentOrdersResponse { payment_orders, next_page_token }))
    }

    async fn export_payment_orders(
        &self,
        request: Request<pb::ExportPaymentOrdersRequest>,
    ) -> Result<Response<pb::ExportPaymentOrdersResponse>, Status> {
        let (context, request) = accept(request)?;
        let file = self.app.export_orders(requests::export_orders(&context, &request)?).await?;
        Ok(Response::new(pb::ExportPaymentOrdersResponse {
            bank_file: file.bank_file,
            content_digest: hex::encode(Sha256::digest(&file.content)),
            content: file.content,
            n_orders: file.n_orders,
            amount_fen: file.amount_fen.get(),
        }))
    }

    async fn list_deposits(
        &self,
        request: Request<pb::ListDepositsRequest>,
    ) -> Result<Response<pb::ListDepositsResponse>, Status> {
        let (context, request) = accept(request)?;
        let year = request.fund_year.to_string();
        let bound = [request.parent.as_str(), &year];
        let place = (request.parent.as_str(), request.fund_year);
        let page = (request.page_size, request.page_token.as_str());
        let (read, fund_year, page) = requests::year_list(&context, place, page, &bound)?;
        let area = read.area.to_string();
        let rows = self.app.deposits(read, fund_year).await?;
        let all = rows.iter().map(|one| answers::deposit(&area, one)).collect();
        let (deposits, next_page_token) = pages::cut(all, page, |one| one.name.clone(), &bound);
        Ok(Response::new(pb::ListDepositsResponse { deposits, next_page_token }))
    }

    async fn list_payment_timeliness(
        &self,
        request: Request<pb::ListPaymentTimelinessRequest>,
    ) -> Result<Response<pb::ListPaymentTimelinessResponse>, Status> {
        let (context, request) = accept(request)?;
        let year = request.fund_year.to_string();
        let bound = [request.parent.as_str(), &year];
        let place = (request.parent.as_str(), request.fund_year);
        let page = (request.page_size, request.page_token.as_str());
        let (read, fund_year, page) = requests::year_list(&context, place, page, &bound)?;
        let all = self.app.timeliness(read, fund_year).await?.iter().map(answers::timely).collect();
        let (payments, next_page_token) = pages::cut(all, page, |one| one.payment_order.clone(), &bound);
        Ok(Response::new(pb::ListPaymentTimelinessResponse { payments, next_page_token }))
    }

    async fn explain_late_payment(
        &self,
        request: Request<pb::ExplainLatePaymentRequest>,
    ) -> Result<Response<pb::ExplainLatePaymentResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = requests::explain_late_payment(&context, &request)?;
        let payment = Some(answers::timely(&self.app.explain_late_payment(command).await?));
        Ok(Response::new(pb::ExplainLatePaymentResponse { payment }))
    }

    async fn get_appropriation_report(
        &self,
        request: Request<pb::GetAppropriationReportRequest>,
    ) -> Result<Response<pb::GetAppropriationReportResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year, month) = requests::appropriation_report(&context, &request)?;
        let report = Some(answers::appropriations(&self.app.appropriations(read, fund_year, month).await?));
        Ok(Response::new(pb::GetAppropriationReportResponse { report }))
    }

    async fn propose_clearing(
        &self,
        request: Request<pb::ProposeClearingRequest>,
    ) -> Result<Response<pb::ProposeClearingResponse>, Status> {
        let (context, request) = accept(request)?;
        let view = self.app.propose_clearing(requests::propose_clearing(&context, &request)?).await?;
        Ok(Response::new(pb::ProposeClearingResponse { clearing: Some(answers::clearing(&view)) }))
    }

    async fn decide_clearing(
        &self,
        request: Request<pb::DecideClearingRequest>,
    ) -> Result<Response<pb::DecideClearingResponse>, Status> {
        let (context, request) = accept(request)?;
        let view = self.app.decide_clearing(requests::decide_clearing(&context, &request)?).await?;
        Ok(Response::new(pb::DecideClearingResponse { clearing: Some(answers::clearing(&view)) }))
    }

    async fn approve_clearing(
        &self,
        request: Request<pb::ApproveClearingRequest>,
    ) -> Result<Response<pb::ApproveClearingResponse>, Status> {
        let (context, request) = accept(request)?;
        let view = self.app.approve_clearing(requests::approve_clearing(&context, &request)?).await?;
        Ok(Response::new(pb::ApproveClearingResponse { clearing: Some(answers::clearing(&view)) }))
    }

    async fn get_clearing(
        &self,
        request: Request<pb::GetClearingRequest>,
    ) -> Result<Response<pb::GetClearingResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, pot) = requests::clearing(&context, &request.name)?;
        let clearing = Some(answers::clearing(&self.app.clearing(read, pot).await?));
        Ok(Response::new(pb::GetClearingResponse { clearing }))
    }

    async fn get_drg_coverage(
        &self,
        request: Request<pb::GetDrgCoverageRequest>,
    ) -> Result<Response<pb::GetDrgCoverageResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year) = requests::coverage(&context, &request.name)?;
        let coverage = Some(coverage::coverage(&self.app.coverage(read, fund_year).await?));
        Ok(Response::new(pb::GetDrgCoverageResponse { coverage }))
    }

    async fn explain_amount(
        &self,
        request: Request<pb::ExplainAmountRequest>,
    ) -> Result<Response<pb::ExplainAmountResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, amount) = requests::explain(&context, &request.name)?;
        let derivation = Some((&self.app.explain(read, amount).await?).into());
        Ok(Response::new(pb::ExplainAmountResponse { derivation }))
    }

    async fn export_case_points(
        &self,
        request: Request<pb::ExportCasePointsRequest>,
    ) -> Result<Response<Self::ExportCasePointsStream>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year, only) = requests::case_points(&context, &request)?;
        let area = read.area.clone();
        let cases = self.app.case_points(read, fund_year, only).await?;
        let messages = futures::stream::iter(cases).chunks(EXPORT_PAGE).map(move |cases| {
            let cases = cases.iter().map(|one| answers::case_points(&area, one)).collect();
            Ok(pb::ExportCasePointsResponse { cases })
        });
        Ok(Response::new(Box::pin(messages)))
    }

    async fn list_ledger_accounts(
        &self,
        request: Request<pb::ListLedgerAccountsRequest>,
    ) -> Result<Response<pb::ListLedgerAccountsResponse>, Status> {
        let (context, request) = accept(request)?;
        let token = request.page_token.as_str();
        let (read, page) = requests::ledger_list(&context, &request.parent, request.page_size, token)?;
        let rows = self.app.ledger_accounts(read).await?;
        let all = rows.iter().map(answers::account).collect();
        let key = |one: &pb::LedgerAccount| one.account.clone();
        let (accounts, next_page_token) = pages::cut(all, page, key, &[&request.parent]);
        Ok(Response::new(pb::ListLedgerAccountsResponse { accounts, next_page_token }))
    }

    async fn list_ledger_transfers(
        &self,
        request: Request<pb::ListLedgerTransfersRequest>,
    ) -> Result<Response<pb::ListLedgerTransfersResponse>, Status> {
        let (context, request) = accept(request)?;
        let token = request.page_token.as_str();
        let (read, page) = requests::ledger_list(&context, &request.parent, request.page_size, token)?;
        let size = page.size;
        let rows = self.app.ledger_transfers(read, page).await?;
        let (rows, next_page_token) = split_page(rows, size, |(place, _)| *place, &[&request.parent]);
        let transfers = rows.iter().map(answers::transfer).collect();
        Ok(Response::new(pb::ListLedgerTransfersResponse { transfers, next_page_token }))
    }

    async fn get_trial_balance(
        &self,
        request: Request<pb::GetTrialBalanceRequest>,
    ) -> Result<Response<pb::GetTrialBalanceResponse>, Status> {
        let (context, request) = accept(request)?;
        let sum = self.app.trial_balance(requests::area(&context, &request.parent)?).await?;
        Ok(Response::new(pb::GetTrialBalanceResponse {
            n_transfers: sum.n_transfers,
            debits_fen: sum.total.debits.get(),
            credits_fen: sum.total.credits.get(),
            transit_balance_fen: sum.transit.net().get(),
        }))
    }
}
