use medfund_proto::agreement::v1::inspection_service_server::InspectionService;
use medfund_proto::agreement::v1::{
    ConfirmInspectionRequest, ConfirmInspectionResponse, ConfirmViolationRequest, ConfirmViolationResponse,
    ExplainRefusalRequest, ExplainRefusalResponse, GetInspectionRequest, GetInspectionResponse,
    GetViolationRequest, GetViolationResponse, ListInspectionsRequest, ListInspectionsResponse,
    ListViolationsRequest, ListViolationsResponse, RecordInspectionRequest, RecordInspectionResponse,
    RecordViolationRequest, RecordViolationResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::derivation::derivation_to_pb;
use super::convert::{confirm, get, inspection as convert, year_query};

#[tonic::async_trait]
impl InspectionService for Grpc {
    async fn record_violation(
        &self,
        request: Request<RecordViolationRequest>,
    ) -> Result<Response<RecordViolationResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.record_violation(convert::record_violation(&context, request)?).await?;
        Ok(Response::new(RecordViolationResponse { violation: Some(convert::violation_to_pb(&made)) }))
    }

    async fn confirm_violation(
        &self,
        request: Request<ConfirmViolationRequest>,
    ) -> Result<Response<ConfirmViolationResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = confirm(&context, convert::VIOLATION, &request.name, &request.request_id)?;
        let confirmed = self.app.confirm_violation(command).await?;
        Ok(Response::new(ConfirmViolationResponse { violation: Some(convert::violation_to_pb(&confirmed)) }))
    }

    async fn get_violation(
        &self,
        request: Request<GetViolationRequest>,
    ) -> Result<Response<GetViolationResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = get(&context, convert::VIOLATION, &request.name)?;
        let found = self.app.record(read, id).await?;
        Ok(Response::new(GetViolationResponse { violation: Some(convert::violation_to_pb(&found)) }))
    }

    async fn list_violations(
        &self,
        request: Request<ListViolationsRequest>,
    ) -> Result<Response<ListViolationsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, next_page_token) = self.of_year(&context, &year_query!(request)).await?;
        Ok(Response::new(ListViolationsResponse {
            violations: found.iter().map(convert::violation_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn record_inspection(
        &self,
        request: Request<RecordInspectionRequest>,
    ) -> Result<Response<RecordInspectionResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.record_inspection(convert::record_inspection(&context, request)?).await?;
        Ok(Response::new(RecordInspectionResponse { inspection: Some(convert::inspection_to_pb(&made)) }))
    }

    async fn confirm_inspection(
        &self,
        request: Request<ConfirmInspectionRequest>,
    ) -> Result<Response<ConfirmInspectionResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = confirm(&context, convert::INSPECTION, &request.name, &request.request_id)?;
        let confirmed = self.app.confirm_inspection(command).await?;
        Ok(Response::new(ConfirmInspectionResponse {
            inspection: Some(convert::inspection_to_pb(&confirmed)),
        }))
    }

    async fn get_inspection(
        &self,
        request: Request<GetInspectionRequest>,
    ) -> Result<Response<GetInspectionResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = get(&context, convert::INSPECTION, &request.name)?;
        let found = self.app.record(read, id).await?;
        Ok(Response::new(GetInspectionResponse { inspection: Some(convert::inspection_to_pb(&found)) }))
    }

    async fn list_inspections(
        &self,
        request: Request<ListInspectionsRequest>,
    ) -> Result<Response<ListInspectionsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, next_page_token) = self.of_year(&context, &year_query!(request)).await?;
        Ok(Response::new(ListInspectionsResponse {
            inspections: found.iter().map(convert::inspection_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn explain_refusal(
        &self,
        request: Request<ExplainRefusalRequest>,
    ) -> Result<Response<ExplainRefusalResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = get(&context, convert::INSPECTION, &request.name)?;
        let derivation = self.app.explain_refusal(read, id).await?;
        Ok(Response::new(ExplainRefusalResponse { derivation: Some(derivation_to_pb(&derivation)) }))
    }
}
