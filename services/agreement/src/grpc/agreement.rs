use medfund_proto::agreement::v1::agreement_service_server::AgreementService;
use medfund_proto::agreement::v1::{
    DraftAgreementRequest, DraftAgreementResponse, GetAgreementRequest, GetAgreementResponse,
    ListAgreementsRequest, ListAgreementsResponse, ListInpatientMethodsRequest, ListInpatientMethodsResponse,
    SetInpatientMethodRequest, SetInpatientMethodResponse, SignAgreementRequest, SignAgreementResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::{agreement as convert, get};

#[tonic::async_trait]
impl AgreementService for Grpc {
    async fn set_inpatient_method(
        &self,
        request: Request<SetInpatientMethodRequest>,
    ) -> Result<Response<SetInpatientMethodResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.set_inpatient_method(convert::set_inpatient_method(&context, &request)?).await?;
        Ok(Response::new(SetInpatientMethodResponse {
            inpatient_method: Some(convert::inpatient_method_to_pb(&made)),
        }))
    }

    async fn list_inpatient_methods(
        &self,
        request: Request<ListInpatientMethodsRequest>,
    ) -> Result<Response<ListInpatientMethodsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, district, page) = convert::list_inpatient_methods(&context, &request)?;
        let size = page.size;
        let found = self.app.inpatient_methods(read, district, page).await?;
        Ok(Response::new(convert::inpatient_methods_to_pb(found, size, &request)))
    }

    async fn draft_agreement(
        &self,
        request: Request<DraftAgreementRequest>,
    ) -> Result<Response<DraftAgreementResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.draft_agreement(convert::draft_agreement(&context, request)?).await?;
        Ok(Response::new(DraftAgreementResponse { agreement: Some(convert::agreement_to_pb(&made)) }))
    }

    async fn sign_agreement(
        &self,
        request: Request<SignAgreementRequest>,
    ) -> Result<Response<SignAgreementResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.sign_agreement(convert::sign_agreement(&context, &request)?).await?;
        Ok(Response::new(SignAgreementResponse { agreement: Some(convert::agreement_to_pb(&made)) }))
    }

    async fn get_agreement(
        &self,
        request: Request<GetAgreementRequest>,
    ) -> Result<Response<GetAgreementResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = get(&context, convert::AGREEMENT, &request.name)?;
        let found = self.app.agreement(read, id).await?;
        Ok(Response::new(GetAgreementResponse { agreement: Some(convert::agreement_to_pb(&found)) }))
    }

    async fn list_agreements(
        &self,
        request: Request<ListAgreementsRequest>,
    ) -> Result<Response<ListAgreementsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year, code, page) = convert::list_agreements(&context, &request)?;
        let size = page.size;
        let found = self.app.agreements(read, fund_year, code, page).await?;
        Ok(Response::new(convert::agreements_to_pb(found, size, &request)))
    }
}
