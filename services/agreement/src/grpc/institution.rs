use medfund_proto::agreement::v1::institution_service_server::InstitutionService;
use medfund_proto::agreement::v1::{
    AdmitInstitutionRequest, AdmitInstitutionResponse, ConfirmInstitutionChangeRequest,
    ConfirmInstitutionChangeResponse, CreateInstitutionRequest, CreateInstitutionResponse,
    EvaluateInstitutionRequest, EvaluateInstitutionResponse, GetInstitutionRequest, GetInstitutionResponse,
    ListInstitutionChangesRequest, ListInstitutionChangesResponse, ListInstitutionsRequest,
    ListInstitutionsResponse, ProposeInstitutionChangeRequest, ProposeInstitutionChangeResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::institution as convert;

#[tonic::async_trait]
impl InstitutionService for Grpc {
    async fn create_institution(
        &self,
        request: Request<CreateInstitutionRequest>,
    ) -> Result<Response<CreateInstitutionResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.create_institution(convert::create_institution(&context, request)?).await?;
        Ok(Response::new(CreateInstitutionResponse { institution: Some(convert::institution_to_pb(&made)) }))
    }

    async fn evaluate_institution(
        &self,
        request: Request<EvaluateInstitutionRequest>,
    ) -> Result<Response<EvaluateInstitutionResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.evaluate_institution(convert::evaluate_institution(&context, request)?).await?;
        Ok(Response::new(EvaluateInstitutionResponse {
            institution: Some(convert::institution_to_pb(&made)),
        }))
    }

    async fn admit_institution(
        &self,
        request: Request<AdmitInstitutionRequest>,
    ) -> Result<Response<AdmitInstitutionResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.admit_institution(convert::admit_institution(&context, &request)?).await?;
        Ok(Response::new(AdmitInstitutionResponse { institution: Some(convert::institution_to_pb(&made)) }))
    }

    async fn propose_institution_change(
        &self,
        request: Request<ProposeInstitutionChangeRequest>,
    ) -> Result<Response<ProposeInstitutionChangeResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self
            .app
            .propose_institution_change(convert::propose_institution_change(&context, request)?)
            .await?;
        Ok(Response::new(ProposeInstitutionChangeResponse { change: Some(convert::change_to_pb(&made)) }))
    }

    async fn confirm_institution_change(
        &self,
        request: Request<ConfirmInstitutionChangeRequest>,
    ) -> Result<Response<ConfirmInstitutionChangeResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = convert::confirm_institution_change(&context, &request)?;
        let (institution, change) = self.app.confirm_institution_change(command).await?;
        Ok(Response::new(ConfirmInstitutionChangeResponse {
            institution: Some(convert::institution_to_pb(&institution)),
            change: Some(convert::change_to_pb(&change)),
        }))
    }

    async fn get_institution(
        &self,
        request: Request<GetInstitutionRequest>,
    ) -> Result<Response<GetInstitutionResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, code) = convert::get_institution(&context, &request.name)?;
        let found = self.app.institution(read, code).await?;
        Ok(Response::new(GetInstitutionResponse { institution: Some(convert::institution_to_pb(&found)) }))
    }

    async fn list_institutions(
        &self,
        request: Request<ListInstitutionsRequest>,
    ) -> Result<Response<ListInstitutionsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, district, page) = convert::list_institutions(&context, &request)?;
        let size = page.size;
        let found = self.app.institutions(read, district, page).await?;
        Ok(Response::new(convert::institutions_to_pb(found, size, &request)))
    }

    async fn list_institution_changes(
        &self,
        request: Request<ListInstitutionChangesRequest>,
    ) -> Result<Response<ListInstitutionChangesResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, code, page) = convert::list_institution_changes(&context, &request)?;
        let size = page.size;
        let found = self.app.institution_changes(read, code, page).await?;
        Ok(Response::new(convert::institution_changes_to_pb(found, size, &request)))
    }
}
