use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::crosswalk_service_server::CrosswalkService;
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::crosswalk as convert;
use crate::app::schemes::Purpose;

#[tonic::async_trait]
impl CrosswalkService for Grpc {
    async fn submit_crosswalk(
        &self,
        request: Request<pb::SubmitCrosswalkRequest>,
    ) -> Result<Response<pb::SubmitCrosswalkResponse>, Status> {
        let (context, request) = accept(request)?;
        let convert::Submission { command, answer } = convert::submit_crosswalk(&context, &request)?;
        let crosswalk = match command {
            Some(command) => Some(self.app.submit_crosswalk(command).await?),
            None => None,
        };
        Ok(Response::new(convert::submitted_to_pb(answer, crosswalk.as_ref())))
    }

    async fn publish_crosswalk(
        &self,
        request: Request<pb::PublishCrosswalkRequest>,
    ) -> Result<Response<pb::PublishCrosswalkResponse>, Status> {
        let (context, request) = accept(request)?;
        let crosswalk = self.app.publish_crosswalk(convert::publish_crosswalk(&context, &request)?).await?;
        let crosswalk = Some(convert::crosswalk_to_pb(&crosswalk));
        Ok(Response::new(pb::PublishCrosswalkResponse { crosswalk }))
    }

    async fn get_crosswalk(
        &self,
        request: Request<pb::GetCrosswalkRequest>,
    ) -> Result<Response<pb::GetCrosswalkResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, hash) = convert::get_crosswalk(&context, &request)?;
        let (crosswalk, content) = self.app.crosswalk(read, hash).await?;
        let crosswalk = Some(convert::crosswalk_to_pb(&crosswalk));
        Ok(Response::new(pb::GetCrosswalkResponse { crosswalk, content: content.into_bytes() }))
    }

    async fn list_crosswalks(
        &self,
        request: Request<pb::ListCrosswalksRequest>,
    ) -> Result<Response<pb::ListCrosswalksResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = convert::list_crosswalks(&context, &request)?;
        let size = page.size;
        let found = self.app.crosswalks(read, page).await?;
        Ok(Response::new(convert::crosswalks_to_pb(found, size, &request)))
    }

    async fn translate_codes(
        &self,
        request: Request<pb::TranslateCodesRequest>,
    ) -> Result<Response<pb::TranslateCodesResponse>, Status> {
        let (context, request) = accept(request)?;
        let wanted = convert::translate_codes(&context, &request)?;
        let by = self.app.ready_by(&wanted.read, wanted.by, Purpose::Grouping).await?;
        Ok(Response::new(convert::traced_to_pb(&by, &wanted.read.area, &wanted.case)))
    }
}
