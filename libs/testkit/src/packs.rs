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
        // Every name ends with nothing.
        Self::budget_of(vec![(String::new(), pack.to_vec())]).await
    }

    /// `budget` as far as others hear it: its feed, and published packs with their hashes.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn budget_of(packs: Vec<(String, Vec<u8>)>) -> Self {
        let published = PolicyServiceServer::new(Published(packs));
        Self::start_with("budget", |server| server.add_service(published)).await
    }
}

/// Gives packs by their hashes and takes none.
struct Published(Vec<(String, Vec<u8>)>);

fn only_given<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("a test's budget only gives its packs"))
}

#[tonic::async_trait]
impl PolicyService for Published {
    async fn get_pack(&self, request: Request<GetPackRequest>) -> Result<Response<GetPackResponse>, Status> {
        let name = request.into_inner().name;
        let asked = self.0.iter().find(|(hash, _)| name.ends_with(hash));
        let (_, content) = asked.ok_or_else(|| Status::not_found("no pack of this name"))?;
        Ok(Response::new(GetPackResponse { pack: None, content: content.clone() }))
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
