use medfund_proto::budget::v1::policy_service_server::PolicyService;
use medfund_proto::budget::v1::{
    GetPackRequest, GetPackResponse, ListPacksRequest, ListPacksResponse, PublishPackRequest,
    PublishPackResponse, SubmitPackRequest, SubmitPackResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::policy as convert;

#[tonic::async_trait]
impl PolicyService for Grpc {
    async fn submit_pack(
        &self,
        request: Request<SubmitPackRequest>,
    ) -> Result<Response<SubmitPackResponse>, Status> {
        let (context, request) = accept(request)?;
        let pack = self.app.submit_pack(convert::submit_pack(&context, request)?).await?;
        Ok(Response::new(SubmitPackResponse { pack: Some(convert::pack_to_pb(&pack)) }))
    }

    async fn publish_pack(
        &self,
        request: Request<PublishPackRequest>,
    ) -> Result<Response<PublishPackResponse>, Status> {
        let (context, request) = accept(request)?;
        let pack = self.app.publish_pack(convert::publish_pack(&context, &request)?).await?;
        Ok(Response::new(PublishPackResponse { pack: Some(convert::pack_to_pb(&pack)) }))
    }

    async fn get_pack(&self, request: Request<GetPackRequest>) -> Result<Response<GetPackResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, hash) = convert::get_pack(&context, &request)?;
        let (pack, content) = self.app.pack(read, hash).await?;
        Ok(Response::new(GetPackResponse { pack: Some(convert::pack_to_pb(&pack)), content }))
    }

    async fn list_packs(
        &self,
        request: Request<ListPacksRequest>,
    ) -> Result<Response<ListPacksResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = convert::list_packs(&context, &request)?;
        let size = page.size;
        let packs = self.app.packs(read, page).await?;
        Ok(Response::new(convert::packs_to_pb(packs, size, &request)))
    }
}
