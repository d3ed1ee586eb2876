use medfund_proto::budget::v1::budget_service_server::BudgetService;
use medfund_proto::budget::v1::{
    AdjustPoolRequest, AdjustPoolResponse, AdjustQuotaRequest, AdjustQuotaResponse, AllotPrimaryCareRequest,
    AllotPrimaryCareResponse, BalanceDecompositionRequest, BalanceDecompositionResponse,
    CloseAccountsRequest, CloseAccountsResponse, DecideBudgetRequest, DecideBudgetResponse,
    DecideDecompositionRequest, DecideDecompositionResponse, DecideStructureRequest, DecideStructureResponse,
    DecideTargetRequest, DecideTargetResponse, ExplainAmountRequest, ExplainAmountResponse, GetBudgetRequest,
    GetBudgetResponse, GetDecompositionRequest, GetDecompositionResponse, GetExecutionRequest,
    GetExecutionResponse, GetFinalAccountRequest, GetFinalAccountResponse, GetPrimaryCareAllotmentRequest,
    GetPrimaryCareAllotmentResponse, GetReserveRequest, GetReserveResponse, GetStructureRequest,
    GetStructureResponse, GetTargetRequest, GetTargetResponse, ListApplicationsRequest,
    ListApplicationsResponse, ListDisclosuresRequest, ListDisclosuresResponse, ListHistoriesRequest,
    ListHistoriesResponse, ListLedgerAccountsRequest, ListLedgerAccountsResponse, ListLedgerTransfersRequest,
    ListLedgerTransfersResponse, ListNegotiationRoundsRequest, ListNegotiationRoundsResponse,
    ListQuotaAdjustmentsRequest, ListQuotaAdjustmentsResponse, OpenClearingRequest, OpenClearingResponse,
    ProposeBudgetRequest, ProposeBudgetResponse, ProposeDecompositionRequest, ProposeDecompositionResponse,
    ProposeStructureRequest, ProposeStructureResponse, ProposeTargetRequest, ProposeTargetResponse,
    PublishDisclosureRequest, PublishDisclosureResponse, RecordCoefficientRequest, RecordCoefficientResponse,
    RecordHistoryRequest, RecordHistoryResponse, RecordNegotiationRoundRequest,
    RecordNegotiationRoundResponse, ReviewBudgetRequest, ReviewBudgetResponse, SubmitApplicationRequest,
    SubmitApplicationResponse,
};
use medfund_server::accept;
use medfund_server::convert::split_page;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::budget as convert;

#[tonic::async_trait]
impl BudgetService for Grpc {
    async fn propose_budget(
        &self,
        request: Request<ProposeBudgetRequest>,
    ) -> Result<Response<ProposeBudgetResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.propose_budget(convert::propose_budget(&context, request)?).await?;
        Ok(Response::new(ProposeBudgetResponse { budget: Some(convert::budget_to_pb(&found)) }))
    }

    async fn review_budget(
        &self,
        request: Request<ReviewBudgetRequest>,
    ) -> Result<Response<ReviewBudgetResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.review_budget(convert::review_budget(&context, request)?).await?;
        Ok(Response::new(ReviewBudgetResponse { budget: Some(convert::budget_to_pb(&found)) }))
    }

    async fn decide_budget(
        &self,
        request: Request<DecideBudgetRequest>,
    ) -> Result<Response<DecideBudgetResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.decide_budget(convert::decide_budget(&context, request)?).await?;
        Ok(Response::new(DecideBudgetResponse { budget: Some(convert::budget_to_pb(&found)) }))
    }

    async fn get_budget(
        &self,
        request: Request<GetBudgetRequest>,
    ) -> Result<Response<GetBudgetResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = convert::budget_key(&context, "name", "budgets", &request.name)?;
        let found = self.app.budget(read, key).await?;
        Ok(Response::new(GetBudgetResponse { budget: Some(convert::budget_to_pb(&found)) }))
    }

    async fn propose_target(
        &self,
        request: Request<ProposeTargetRequest>,
    ) -> Result<Response<ProposeTargetResponse>, Status> {
        let (context, request) = accept(request)?;
        let (target, tree) = self.app.propose_target(convert::propose_target(&context, request)?).await?;
        Ok(Response::new(ProposeTargetResponse {
            target: Some(convert::target_to_pb(&target)),
            derivation: Some((&tree).into()),
        }))
    }

    async fn decide_target(
        &self,
        request: Request<DecideTargetRequest>,
    ) -> Result<Response<DecideTargetResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.decide_target(convert::decide_target(&context, request)?).await?;
        Ok(Response::new(DecideTargetResponse { target: Some(convert::target_to_pb(&found)) }))
    }

    async fn get_target(
        &self,
        request: Request<GetTargetRequest>,
    ) -> Result<Response<GetTargetResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = convert::budget_key(&context, "name", "targets", &request.name)?;
        let found = self.app.target(read, key).await?;
        Ok(Response::new(GetTargetResponse { target: Some(convert::target_to_pb(&found)) }))
    }

    async fn propose_structure(
        &self,
        request: Request<ProposeStructureRequest>,
    ) -> Result<Response<ProposeStructureResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.propose_structure(convert::propose_structure(&context, request)?).await?;
        Ok(Response::new(ProposeStructureResponse { structure: Some(convert::structure_to_pb(&found)) }))
    }

    async fn decide_structure(
        &self,
        request: Request<DecideStructureRequest>,
    ) -> Result<Response<DecideStructureResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.decide_structure(convert::decide_structure(&context, request)?).await?;
        Ok(Response::new(DecideStructureResponse { structure: Some(convert::structure_to_pb(&found)) }))
    }

    async fn get_structure(
        &self,
        request: Request<GetStructureRequest>,
    ) -> Result<Response<GetStructureResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = convert::budget_key(&context, "name", "structures", &request.name)?;
        let found = self.app.structure(read, key).await?;
        Ok(Response::new(GetStructureResponse { structure: Some(convert::structure_to_pb(&found)) }))
    }

    async fn adjust_pool(
        &self,
        request: Request<AdjustPoolRequest>,
    ) -> Result<Response<AdjustPoolResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.adjust_pool(convert::adjust_pool(&context, request)?).await?;
        Ok(Response::new(AdjustPoolResponse { structure: Some(convert::structure_to_pb(&found)) }))
    }

    async fn record_history(
        &self,
        request: Request<RecordHistoryRequest>,
    ) -> Result<Response<RecordHistoryResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.record_history(convert::record_history(&context, request)?).await?;
        Ok(Response::new(RecordHistoryResponse { history: Some(convert::history_to_pb(&found)) }))
    }

    async fn list_histories(
        &self,
        request: Request<ListHistoriesRequest>,
    ) -> Result<Response<ListHistoriesResponse>, Status> {
        let (context, request) = accept(request)?;
        let parent = request.parent.clone();
        let (read, key, page) = convert::list_of_decomposition(
            &context,
            &request.parent,
            request.page_size,
            &request.page_token,
        )?;
        let size = page.size;
        let rows = self.app.histories(read, key, page).await?;
        let (rows, next_page_token) =
            split_page(rows, size, |row| row.key.institution.to_string(), &[&parent]);
        Ok(Response::new(ListHistoriesResponse {
            histories: rows.iter().map(convert::history_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn submit_application(
        &self,
        request: Request<SubmitApplicationRequest>,
    ) -> Result<Response<SubmitApplicationResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.submit_application(convert::submit_application(&context, request)?).await?;
        Ok(Response::new(SubmitApplicationResponse { application: Some(convert::application_to_pb(&found)) }))
    }

    async fn list_applications(
        &self,
        request: Request<ListApplicationsRequest>,
    ) -> Result<Response<ListApplicationsResponse>, Status> {
        let (context, request) = accept(request)?;
        let parent = request.parent.clone();
        let (read, key, page) = convert::list_of_decomposition(
            &context,
            &request.parent,
            request.page_size,
            &request.page_token,
        )?;
        let size = page.size;
        let rows = self.app.applications(read, key, page).await?;
        let (rows, next_page_token) =
            split_page(rows, size, |row| row.key.institution.to_string(), &[&parent]);
        Ok(Response::new(ListApplicationsResponse {
            applications: rows.iter().map(convert::application_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn record_coefficient(
        &self,
        request: Request<RecordCoefficientRequest>,
    ) -> Result<Response<RecordCoefficientResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, tree) =
            self.app.record_coefficient(convert::record_coefficient(&context, request)?).await?;
        Ok(Response::new(RecordCoefficientResponse {
            coefficient: found.value.to_string(),
            factors: convert::factors_to_pb(&found.factors),
            derivation: Some((&tree).into()),
        }))
    }

    async fn record_negotiation_round(
        &self,
        request: Request<RecordNegotiationRoundRequest>,
    ) -> Result<Response<RecordNegotiationRoundResponse>, Status> {
        let (context, request) = accept(request)?;
        let found =
            self.app.record_negotiation_round(convert::record_negotiation_round(&context, request)?).await?;
        Ok(Response::new(RecordNegotiationRoundResponse {
            negotiation_round: Some(convert::round_to_pb(&found)),
        }))
    }

    async fn list_negotiation_rounds(
        &self,
        request: Request<ListNegotiationRoundsRequest>,
    ) -> Result<Response<ListNegotiationRoundsResponse>, Status> {
        let (context, request) = accept(request)?;
        let parent = request.parent.clone();
        let (read, key, page) = convert::list_of_decomposition(
            &context,
            &request.parent,
            request.page_size,
            &request.page_token,
        )?;
        let size = page.size;
        let rows = self.app.negotiation_rounds(read, key, page).await?;
        let (rows, next_page_token) =
            split_page(rows, size, |row| (row.key.group.clone(), row.key.number), &[&parent]);
        Ok(Response::new(ListNegotiationRoundsResponse {
            negotiation_rounds: rows.iter().map(convert::round_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn propose_decomposition(
        &self,
        request: Request<ProposeDecompositionRequest>,
    ) -> Result<Response<ProposeDecompositionResponse>, Status> {
        let (context, request) = accept(request)?;
        let found =
            self.app.propose_decomposition(convert::propose_decomposition(&context, request)?).await?;
        Ok(Response::new(ProposeDecompositionResponse {
            decomposition: Some(convert::decomposition_to_pb(&found)),
        }))
    }

    async fn balance_decomposition(
        &self,
        request: Request<BalanceDecompositionRequest>,
    ) -> Result<Response<BalanceDecompositionResponse>, Status> {
        let (context, request) = accept(request)?;
        let found =
            self.app.balance_decomposition(convert::balance_decomposition(&context, request)?).await?;
        Ok(Response::new(BalanceDecompositionResponse {
            decomposition: Some(convert::decomposition_to_pb(&found)),
        }))
    }

    async fn decide_decomposition(
        &self,
        request: Request<DecideDecompositionRequest>,
    ) -> Result<Response<DecideDecompositionResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.decide_decomposition(convert::decide_decomposition(&context, request)?).await?;
        Ok(Response::new(DecideDecompositionResponse {
            decomposition: Some(convert::decomposition_to_pb(&found)),
        }))
    }

    async fn get_decomposition(
        &self,
        request: Request<GetDecompositionRequest>,
    ) -> Result<Response<GetDecompositionResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = convert::budget_key(&context, "name", "decompositions", &request.name)?;
        let found = self.app.decomposition(read, key).await?;
        Ok(Response::new(GetDecompositionResponse {
            decomposition: Some(convert::decomposition_to_pb(&found)),
        }))
    }

    async fn adjust_quota(
        &self,
        request: Request<AdjustQuotaRequest>,
    ) -> Result<Response<AdjustQuotaResponse>, Status> {
        let (context, request) = accept(request)?;
        let (adjustment, reserve) = self.app.adjust_quota(convert::adjust_quota(&context, request)?).await?;
        Ok(Response::new(AdjustQuotaResponse {
            quota_adjustment: Some(convert::adjustment_to_pb(&adjustment)),
            reserve: Some(convert::reserve_to_pb(&reserve)),
        }))
    }

    async fn list_quota_adjustments(
        &self,
        request: Request<ListQuotaAdjustmentsRequest>,
    ) -> Result<Response<ListQuotaAdjustmentsResponse>, Status> {
        let (context, request) = accept(request)?;
        let parent = request.parent.clone();
        let (read, key, page) = convert::list_of_decomposition(
            &context,
            &request.parent,
            request.page_size,
            &request.page_token,
        )?;
        let size = page.size;
        let rows = self.app.quota_adjustments(read, key, page).await?;
        let (rows, next_page_token) = split_page(rows, size, |row| row.id, &[&parent]);
        Ok(Response::new(ListQuotaAdjustmentsResponse {
            quota_adjustments: rows.iter().map(convert::adjustment_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn get_reserve(
        &self,
        request: Request<GetReserveRequest>,
    ) -> Result<Response<GetReserveResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = convert::budget_key(&context, "name", "reserves", &request.name)?;
        let found = self.app.reserve(read, key).await?;
        Ok(Response::new(GetReserveResponse { reserve: Some(convert::reserve_to_pb(&found)) }))
    }

    async fn get_execution(
        &self,
        request: Request<GetExecutionRequest>,
    ) -> Result<Response<GetExecutionResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = convert::budget_key(&context, "name", "executions", &request.name)?;
        let (today, found) = self.app.execution(read, key).await?;
        Ok(Response::new(GetExecutionResponse {
            execution: Some(convert::execution_to_pb(request.name, today, &found)),
        }))
    }

    async fn open_clearing(
        &self,
        request: Request<OpenClearingRequest>,
    ) -> Result<Response<OpenClearingResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.open_clearing(convert::open_clearing(&context, request)?).await?;
        Ok(Response::new(OpenClearingResponse { reserve: Some(convert::reserve_to_pb(&found)) }))
    }

    async fn allot_primary_care(
        &self,
        request: Request<AllotPrimaryCareRequest>,
    ) -> Result<Response<AllotPrimaryCareResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.allot_primary_care(convert::allot_primary_care(&context, request)?).await?;
        Ok(Response::new(AllotPrimaryCareResponse {
            primary_care_allotment: Some(convert::allotment_to_pb(&found)),
        }))
    }

    async fn get_primary_care_allotment(
        &self,
        request: Request<GetPrimaryCareAllotmentRequest>,
    ) -> Result<Response<GetPrimaryCareAllotmentResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year, fund_line) = convert::get_allotment(&context, &request.name)?;
        let found = self.app.allotment(read, fund_year, fund_line).await?;
        let found = convert::allotment_to_pb(&found);
        Ok(Response::new(GetPrimaryCareAllotmentResponse { primary_care_allotment: Some(found) }))
    }

    async fn close_accounts(
        &self,
        request: Request<CloseAccountsRequest>,
    ) -> Result<Response<CloseAccountsResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.close_accounts(convert::close_accounts(&context, request)?).await?;
        Ok(Response::new(CloseAccountsResponse { final_account: Some(convert::final_account_to_pb(&found)) }))
    }

    async fn get_final_account(
        &self,
        request: Request<GetFinalAccountRequest>,
    ) -> Result<Response<GetFinalAccountResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = convert::budget_key(&context, "name", "finalAccounts", &request.name)?;
        let found = self.app.final_account(read, key).await?;
        Ok(Response::new(GetFinalAccountResponse {
            final_account: Some(convert::final_account_to_pb(&found)),
        }))
    }

    async fn publish_disclosure(
        &self,
        request: Request<PublishDisclosureRequest>,
    ) -> Result<Response<PublishDisclosureResponse>, Status> {
        let (context, request) = accept(request)?;
        let found = self.app.publish_disclosure(convert::publish_disclosure(&context, request)?).await?;
        Ok(Response::new(PublishDisclosureResponse { disclosure: Some(convert::disclosure_to_pb(&found)) }))
    }

    async fn list_disclosures(
        &self,
        request: Request<ListDisclosuresRequest>,
    ) -> Result<Response<ListDisclosuresResponse>, Status> {
        let (context, request) = accept(request)?;
        let parent = request.parent.clone();
        let (read, key, page) =
            convert::list_of_year(&context, &request.parent, request.page_size, &request.page_token)?;
        let size = page.size;
        let rows = self.app.disclosures(read, key, page).await?;
        let (rows, next_page_token) = split_page(rows, size, |row| row.id, &[&parent]);
        Ok(Response::new(ListDisclosuresResponse {
            disclosures: rows.iter().map(convert::disclosure_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn explain_amount(
        &self,
        request: Request<ExplainAmountRequest>,
    ) -> Result<Response<ExplainAmountResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, amount) = convert::amount(&context, request.name)?;
        let tree = self.app.explanation(read, amount).await?;
        Ok(Response::new(ExplainAmountResponse { derivation: Some((&tree).into()) }))
    }

    async fn list_ledger_accounts(
        &self,
        request: Request<ListLedgerAccountsRequest>,
    ) -> Result<Response<ListLedgerAccountsResponse>, Status> {
        let (context, request) = accept(request)?;
        let read = convert::area(&context, &request.parent)?;
        let (accounts, transit) = self.app.ledger_accounts(read).await?;
        let accounts = accounts.iter().map(convert::ledger_account_to_pb).collect();
        Ok(Response::new(ListLedgerAccountsResponse { accounts, transit_balance_fen: transit.get() }))
    }

    async fn list_ledger_transfers(
        &self,
        request: Request<ListLedgerTransfersRequest>,
    ) -> Result<Response<ListLedgerTransfersResponse>, Status> {
        let (context, request) = accept(request)?;
        let parent = request.parent.clone();
        let (read, page) =
            convert::list_of_area(&context, &request.parent, request.page_size, &request.page_token)?;
        let size = page.size;
        let rows = self.app.ledger_transfers(read, page).await?;
        let (rows, next_page_token) = split_page(rows, size, |row| row.0, &[&parent]);
        let transfers = rows.iter().map(|(_, transfer)| convert::ledger_transfer_to_pb(transfer)).collect();
        Ok(Response::new(ListLedgerTransfersResponse { transfers, next_page_token }))
    }
}
