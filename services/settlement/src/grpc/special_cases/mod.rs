//! `SpecialCaseService`.

mod answers;
mod requests;

use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::special_case_service_server::SpecialCaseService;
use medfund_server::accept;
use medfund_server::convert::split_page;
use tonic::{Request, Response, Status};

use crate::app::Settlement;

/// `SpecialCaseService` on the special cases of a database.
#[derive(Clone)]
pub(crate) struct SpecialCaseGrpc {
    app: Settlement,
}

impl SpecialCaseGrpc {
    pub(crate) fn new(app: Settlement) -> Self {
        Self { app }
    }
}

#[tonic::async_trait]
impl SpecialCaseService for SpecialCaseGrpc {
    async fn register_expert(
        &self,
        request: Request<pb::RegisterExpertRequest>,
    ) -> Result<Response<pb::RegisterExpertResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.register_expert(requests::register_expert(&context, &request)?).await?;
        Ok(Response::new(pb::RegisterExpertResponse { expert: Some(answers::expert(&row)) }))
    }

    async fn retire_expert(
        &self,
        request: Request<pb::RetireExpertRequest>,
    ) -> Result<Response<pb::RetireExpertResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.retire_expert(requests::retire_expert(&context, &request)?).await?;
        Ok(Response::new(pb::RetireExpertResponse { expert: Some(answers::expert(&row)) }))
    }

    async fn list_experts(
        &self,
        request: Request<pb::ListExpertsRequest>,
    ) -> Result<Response<pb::ListExpertsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = requests::list_experts(&context, &request)?;
        let size = page.size;
        let rows = self.app.experts(read, page).await?;
        let (rows, next_page_token) = split_page(rows, size, |row| row.expert.clone(), &[&request.parent]);
        let experts = rows.iter().map(answers::expert).collect();
        Ok(Response::new(pb::ListExpertsResponse { experts, next_page_token }))
    }

    async fn file_special_case(
        &self,
        request: Request<pb::FileSpecialCaseRequest>,
    ) -> Result<Response<pb::FileSpecialCaseResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.file_special_case(requests::file(&context, &request)?).await?;
        Ok(Response::new(pb::FileSpecialCaseResponse { special_case: Some(answers::special_case(&row)) }))
    }

    async fn answer_special_case(
        &self,
        request: Request<pb::AnswerSpecialCaseRequest>,
    ) -> Result<Response<pb::AnswerSpecialCaseResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.answer_special_case(requests::answer(&context, &request)?).await?;
        Ok(Response::new(pb::AnswerSpecialCaseResponse { special_case: Some(answers::special_case(&row)) }))
    }

    async fn record_expert_opinion(
        &self,
        request: Request<pb::RecordExpertOpinionRequest>,
    ) -> Result<Response<pb::RecordExpertOpinionResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.record_opinion(requests::record_opinion(&context, &request)?).await?;
        Ok(Response::new(pb::RecordExpertOpinionResponse { special_case: Some(answers::special_case(&row)) }))
    }

    async fn propose_special_case_outcome(
        &self,
        request: Request<pb::ProposeSpecialCaseOutcomeRequest>,
    ) -> Result<Response<pb::ProposeSpecialCaseOutcomeResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.propose_outcome(requests::propose(&context, &request)?).await?;
        let special_case = Some(answers::special_case(&row));
        Ok(Response::new(pb::ProposeSpecialCaseOutcomeResponse { special_case }))
    }

    async fn decide_special_case_outcome(
        &self,
        request: Request<pb::DecideSpecialCaseOutcomeRequest>,
    ) -> Result<Response<pb::DecideSpecialCaseOutcomeResponse>, Status> {
        let (context, request) = accept(request)?;
        let row = self.app.decide_outcome(requests::decide(&context, &request)?).await?;
        let special_case = Some(answers::special_case(&row));
        Ok(Response::new(pb::DecideSpecialCaseOutcomeResponse { special_case }))
    }

    async fn get_special_case(
        &self,
        request: Request<pb::GetSpecialCaseRequest>,
    ) -> Result<Response<pb::GetSpecialCaseResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key) = requests::get(&context, &request.name)?;
        let row = self.app.special_case(read, key).await?;
        let special_case = Some(answers::shown(&context, &row));
        Ok(Response::new(pb::GetSpecialCaseResponse { special_case }))
    }

    async fn list_special_cases(
        &self,
        request: Request<pb::ListSpecialCasesRequest>,
    ) -> Result<Response<pb::ListSpecialCasesResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year, page) = requests::list(&context, &request)?;
        let size = page.size;
        let rows = self.app.special_cases(read, fund_year, page).await?;
        let bound = requests::list_bound(&request);
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let (rows, next_page_token) = split_page(rows, size, answers::key, &bound);
        let special_cases = rows.iter().map(|row| answers::shown(&context, row)).collect();
        Ok(Response::new(pb::ListSpecialCasesResponse { special_cases, next_page_token }))
    }
}
