use medfund_proto::drg::v1::scheme_service_server::SchemeService;
use medfund_proto::drg::v1::{
    ConfirmAdoptionRequest, ConfirmAdoptionResponse, GetSchemeInForceRequest, GetSchemeInForceResponse,
    GetSchemeRequest, GetSchemeResponse, ListAdoptionsRequest, ListAdoptionsResponse, ListSchemesRequest,
    ListSchemesResponse, ProposeAdoptionRequest, ProposeAdoptionResponse, PublishSchemeRequest,
    PublishSchemeResponse, SubmitSchemeRequest, SubmitSchemeResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::{adoption, scheme as convert};
use crate::domain::adoption::Kind;

#[tonic::async_trait]
impl SchemeService for Grpc {
    async fn submit_scheme(
        &self,
        request: Request<SubmitSchemeRequest>,
    ) -> Result<Response<SubmitSchemeResponse>, Status> {
        let (context, request) = accept(request)?;
        let scheme = self.app.submit_scheme(convert::submit_scheme(&context, request)?).await?;
        Ok(Response::new(SubmitSchemeResponse { scheme: Some(convert::scheme_to_pb(&scheme)) }))
    }

    async fn publish_scheme(
        &self,
        request: Request<PublishSchemeRequest>,
    ) -> Result<Response<PublishSchemeResponse>, Status> {
        let (context, request) = accept(request)?;
        let scheme = self.app.publish_scheme(convert::publish_scheme(&context, &request)?).await?;
        Ok(Response::new(PublishSchemeResponse { scheme: Some(convert::scheme_to_pb(&scheme)) }))
    }

    async fn get_scheme(
        &self,
        request: Request<GetSchemeRequest>,
    ) -> Result<Response<GetSchemeResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, hash) = convert::get_scheme(&context, &request)?;
        let (scheme, content) = self.app.scheme(read, hash).await?;
        Ok(Response::new(GetSchemeResponse { scheme: Some(convert::scheme_to_pb(&scheme)), content }))
    }

    async fn list_schemes(
        &self,
        request: Request<ListSchemesRequest>,
    ) -> Result<Response<ListSchemesResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = convert::list_schemes(&context, &request)?;
        let size = page.size;
        let found = self.app.schemes(read, page).await?;
        Ok(Response::new(convert::schemes_to_pb(found, size, &request)))
    }

    async fn propose_adoption(
        &self,
        request: Request<ProposeAdoptionRequest>,
    ) -> Result<Response<ProposeAdoptionResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.propose_adoption(adoption::propose_adoption(&context, &request)?).await?;
        Ok(Response::new(ProposeAdoptionResponse { adoption: Some(adoption::adoption_to_pb(&made)) }))
    }

    async fn confirm_adoption(
        &self,
        request: Request<ConfirmAdoptionRequest>,
    ) -> Result<Response<ConfirmAdoptionResponse>, Status> {
        let (context, request) = accept(request)?;
        let confirmed = self.app.confirm_adoption(adoption::confirm_adoption(&context, &request)?).await?;
        Ok(Response::new(ConfirmAdoptionResponse { adoption: Some(adoption::adoption_to_pb(&confirmed)) }))
    }

    async fn list_adoptions(
        &self,
        request: Request<ListAdoptionsRequest>,
    ) -> Result<Response<ListAdoptionsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = adoption::list_adoptions(&context, &request)?;
        let size = page.size;
        let found = self.app.adoptions(read, Kind::Scheme, page).await?;
        Ok(Response::new(adoption::adoptions_to_pb(found, size, &request)))
    }

    async fn get_scheme_in_force(
        &self,
        request: Request<GetSchemeInForceRequest>,
    ) -> Result<Response<GetSchemeInForceResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, date) = adoption::get_scheme_in_force(&context, &request)?;
        let found = self.app.scheme_in_force(read, date).await?;
        Ok(Response::new(adoption::in_force_to_pb(&found)))
    }
}
