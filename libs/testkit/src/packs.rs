use medfund_proto::budget::v1::policy_service_server::{PolicyService, PolicyServiceServer};
use medfund_proto::budget::v1::{
    GetPackRequest, GetPackResponse, ListPacksRequest, ListPacksResponse, PublishPackRequest,
    PublishPackResponse, SubmitPackRequest, SubmitPackResponse,
};
use tonic::{Request, Response, Status};

use crate::TestPeer;

impl TestPeer {
    /// `budget` as far as others hear it: its feed, and one published pack, whatever hash is asked for.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn budget(pack: &'static [u8]) -> Self {
        Self::start_with("budget", |server| server.add_service(PolicyServiceServer::new(OnePack(pack)))).await
    }
}

/// Gives one pack and takes none.
struct OnePack(&'static [u8]);

fn only_given<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("a test's budget only gives its pack"))
}

#[tonic::async_trait]
impl PolicyService for OnePack {
    async fn get_pack(&self, _: Request<GetPackRequest>) -> Result<Response<GetPackResponse>, Status> {
        Ok(Response::new(GetPackResponse { pack: None, content: self.0.to_vec() }))
    }

    async fn submit_pack(
        &self,
        _: Request<SubmitPackRequest>,
    ) -> Result<Response<SubmitPackResponse>, Status> {
        only_given()
    }

    async fn publish_pack(
        &self,
        _: Request<PublishPackRequest>,
    ) -> Result<Response<PublishPackResponse>, Status> {
        only_given()
    }

    async fn list_packs(&self, _: Request<ListPacksRequest>) -> Result<Response<ListPacksResponse>, Status> {
        only_given()
    }
}
