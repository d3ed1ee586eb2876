use medfund_proto::budget::v1::decision_service_server::DecisionService;
use medfund_proto::budget::v1::{
    ConfirmDecisionRequest, ConfirmDecisionResponse, GetDecisionRequest, GetDecisionResponse,
    ListDecisionsRequest, ListDecisionsResponse, RecordDecisionRequest, RecordDecisionResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::decision as convert;

#[tonic::async_trait]
impl DecisionService for Grpc {
    async fn record_decision(
        &self,
        request: Request<RecordDecisionRequest>,
    ) -> Result<Response<RecordDecisionResponse>, Status> {
        let (context, request) = accept(request)?;
        let decision = self.app.record_decision(convert::record_decision(&context, request)?).await?;
        Ok(Response::new(RecordDecisionResponse { decision: Some(convert::decision_to_pb(&decision)) }))
    }

    async fn confirm_decision(
        &self,
        request: Request<ConfirmDecisionRequest>,
    ) -> Result<Response<ConfirmDecisionResponse>, Status> {
        let (context, request) = accept(request)?;
        let decision = self.app.confirm_decision(convert::confirm_decision(&context, &request)?).await?;
        Ok(Response::new(ConfirmDecisionResponse { decision: Some(convert::decision_to_pb(&decision)) }))
    }

    async fn get_decision(
        &self,
        request: Request<GetDecisionRequest>,
    ) -> Result<Response<GetDecisionResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = convert::get_decision(&context, &request)?;
        let decision = self.app.decision(read, id).await?;
        Ok(Response::new(GetDecisionResponse { decision: Some(convert::decision_to_pb(&decision)) }))
    }

    async fn list_decisions(
        &self,
        request: Request<ListDecisionsRequest>,
    ) -> Result<Response<ListDecisionsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year, page) = convert::list_decisions(&context, &request)?;
        let size = page.size;
        let decisions = self.app.decisions(read, fund_year, page).await?;
        Ok(Response::new(convert::decisions_to_pb(decisions, size, &request)))
    }
}
