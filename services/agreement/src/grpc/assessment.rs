use medfund_proto::agreement::v1::assessment_service_server::AssessmentService;
use medfund_proto::agreement::v1::{
    ConfirmCleanRecordRequest, ConfirmCleanRecordResponse, ConfirmIndicatorsRequest,
    ConfirmIndicatorsResponse, ConfirmReviewRequest, ConfirmReviewResponse, ExplainDeductionRequest,
    ExplainDeductionResponse, GetIndicatorsRequest, GetIndicatorsResponse, GetReviewRequest,
    GetReviewResponse, ListCleanRecordsRequest, ListCleanRecordsResponse, ListIndicatorsRequest,
    ListIndicatorsResponse, ListReviewsRequest, ListReviewsResponse, RecordConductRequest,
    RecordConductResponse, RecordIndicatorsRequest, RecordIndicatorsResponse, RecordReviewRequest,
    RecordReviewResponse, StateCleanRecordRequest, StateCleanRecordResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::derivation::derivation_to_pb;
use super::convert::{assessment as convert, confirm, get, year_query};

#[tonic::async_trait]
impl AssessmentService for Grpc {
    async fn record_review(
        &self,
        request: Request<RecordReviewRequest>,
    ) -> Result<Response<RecordReviewResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.record_review(convert::record_review(&context, request)?).await?;
        Ok(Response::new(RecordReviewResponse { review: Some(convert::review_to_pb(&made)) }))
    }

    async fn confirm_review(
        &self,
        request: Request<ConfirmReviewRequest>,
    ) -> Result<Response<ConfirmReviewResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = confirm(&context, convert::REVIEW, &request.name, &request.request_id)?;
        let confirmed = self.app.confirm_review(command).await?;
        Ok(Response::new(ConfirmReviewResponse { review: Some(convert::review_to_pb(&confirmed)) }))
    }

    async fn get_review(
        &self,
        request: Request<GetReviewRequest>,
    ) -> Result<Response<GetReviewResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = get(&context, convert::REVIEW, &request.name)?;
        let found = self.app.record(read, id).await?;
        Ok(Response::new(GetReviewResponse { review: Some(convert::review_to_pb(&found)) }))
    }

    async fn list_reviews(
        &self,
        request: Request<ListReviewsRequest>,
    ) -> Result<Response<ListReviewsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, next_page_token) = self.of_year(&context, &year_query!(request)).await?;
        Ok(Response::new(ListReviewsResponse {
            reviews: found.iter().map(convert::review_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn record_indicators(
        &self,
        request: Request<RecordIndicatorsRequest>,
    ) -> Result<Response<RecordIndicatorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.record_indicators(convert::record_indicators(&context, request)?).await?;
        Ok(Response::new(RecordIndicatorsResponse {
            indicator_assessment: Some(convert::assessment_to_pb(&made)),
        }))
    }

    async fn confirm_indicators(
        &self,
        request: Request<ConfirmIndicatorsRequest>,
    ) -> Result<Response<ConfirmIndicatorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = confirm(&context, convert::INDICATORS, &request.name, &request.request_id)?;
        let confirmed = self.app.confirm_indicators(command).await?;
        Ok(Response::new(ConfirmIndicatorsResponse {
            indicator_assessment: Some(convert::assessment_to_pb(&confirmed)),
        }))
    }

    async fn get_indicators(
        &self,
        request: Request<GetIndicatorsRequest>,
    ) -> Result<Response<GetIndicatorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = get(&context, convert::INDICATORS, &request.name)?;
        let found = self.app.record(read, id).await?;
        Ok(Response::new(GetIndicatorsResponse {
            indicator_assessment: Some(convert::assessment_to_pb(&found)),
        }))
    }

    async fn list_indicators(
        &self,
        request: Request<ListIndicatorsRequest>,
    ) -> Result<Response<ListIndicatorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, next_page_token) = self.of_year(&context, &year_query!(request)).await?;
        Ok(Response::new(ListIndicatorsResponse {
            indicator_assessments: found.iter().map(convert::assessment_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn explain_deduction(
        &self,
        request: Request<ExplainDeductionRequest>,
    ) -> Result<Response<ExplainDeductionResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = get(&context, convert::INDICATORS, &request.name)?;
        let derivation = self.app.explain_deduction(read, id).await?;
        Ok(Response::new(ExplainDeductionResponse { derivation: Some(derivation_to_pb(&derivation)) }))
    }

    async fn record_conduct(
        &self,
        request: Request<RecordConductRequest>,
    ) -> Result<Response<RecordConductResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.record_conduct(convert::record_conduct(&context, request)?).await?;
        Ok(Response::new(RecordConductResponse { conduct: Some(convert::conduct_to_pb(&made)) }))
    }

    async fn state_clean_record(
        &self,
        request: Request<StateCleanRecordRequest>,
    ) -> Result<Response<StateCleanRecordResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.state_clean_record(convert::state_clean_record(&context, &request)?).await?;
        Ok(Response::new(StateCleanRecordResponse { clean_record: Some(convert::clean_record_to_pb(&made)) }))
    }

    async fn confirm_clean_record(
        &self,
        request: Request<ConfirmCleanRecordRequest>,
    ) -> Result<Response<ConfirmCleanRecordResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = confirm(&context, convert::CLEAN_RECORD, &request.name, &request.request_id)?;
        let confirmed = self.app.confirm_clean_record(command).await?;
        Ok(Response::new(ConfirmCleanRecordResponse {
            clean_record: Some(convert::clean_record_to_pb(&confirmed)),
        }))
    }

    async fn list_clean_records(
        &self,
        request: Request<ListCleanRecordsRequest>,
    ) -> Result<Response<ListCleanRecordsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, next_page_token) = self.of_year(&context, &year_query!(request)).await?;
        Ok(Response::new(ListCleanRecordsResponse {
            clean_records: found.iter().map(convert::clean_record_to_pb).collect(),
            next_page_token,
        }))
    }
}
