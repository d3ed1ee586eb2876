use std::pin::Pin;

use futures::{Stream, StreamExt};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::batch_service_server::BatchService;
use medfund_server::{Context, accept};
use tonic::{Request, Response, Status, Streaming};

use super::Grpc;
use super::convert::{batch as convert, read};
use crate::domain::batch::Batch;

impl Grpc {
    /// Takes in the parts of a stream, each committed before the next is read.
    async fn take_parts(
        &self,
        context: &Context,
        mut parts: Streaming<pb::UploadCasesRequest>,
    ) -> Result<Batch, Status> {
        let first = parts.message().await?.unwrap_or_default();
        let key = convert::batch_of_stream(context, &first)?;
        let mut next = Some(first);
        while let Some(part) = next {
            self.app.take_part(convert::take_part(context, &key, part)?).await?;
            next = parts.message().await?;
        }
        // A part that is sent again is answered as it was then.
        let (area, batch_id) = key;
        Ok(self.app.batch(read(context, area), batch_id).await?)
    }
}

#[tonic::async_trait]
impl BatchService for Grpc {
    type GetBatchAnswersStream =
        Pin<Box<dyn Stream<Item = Result<pb::GetBatchAnswersResponse, Status>> + Send>>;

    async fn start_batch(
        &self,
        request: Request<pb::StartBatchRequest>,
    ) -> Result<Response<pb::StartBatchResponse>, Status> {
        let (context, request) = accept(request)?;
        let batch = self.app.start_batch(convert::start_batch(&context, &request)?).await?;
        Ok(Response::new(pb::StartBatchResponse { batch: Some(convert::batch_to_pb(&batch)) }))
    }

    async fn upload_cases(
        &self,
        request: Request<Streaming<pb::UploadCasesRequest>>,
    ) -> Result<Response<pb::UploadCasesResponse>, Status> {
        let (context, parts) = accept(request)?;
        let batch = self.take_parts(&context, parts).await?;
        Ok(Response::new(pb::UploadCasesResponse { batch: Some(convert::batch_to_pb(&batch)) }))
    }

    async fn finish_upload(
        &self,
        request: Request<pb::FinishUploadRequest>,
    ) -> Result<Response<pb::FinishUploadResponse>, Status> {
        let (context, request) = accept(request)?;
        let batch = self.app.finish_upload(convert::finish_upload(&context, &request)?).await?;
        Ok(Response::new(pb::FinishUploadResponse { batch: Some(convert::batch_to_pb(&batch)) }))
    }

    async fn get_batch(
        &self,
        request: Request<pb::GetBatchRequest>,
    ) -> Result<Response<pb::GetBatchResponse>, Status> {
        let (context, request) = accept(request)?;
        let (who, batch_id) = convert::get_batch(&context, &request)?;
        let batch = self.app.batch(who, batch_id).await?;
        Ok(Response::new(pb::GetBatchResponse { batch: Some(convert::batch_to_pb(&batch)) }))
    }

    async fn list_batches(
        &self,
        request: Request<pb::ListBatchesRequest>,
    ) -> Result<Response<pb::ListBatchesResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = convert::list_batches(&context, &request)?;
        let size = page.size;
        let found = self.app.batches(read, page).await?;
        Ok(Response::new(convert::batches_to_pb(found, size, &request)))
    }

    async fn list_batch_errors(
        &self,
        request: Request<pb::ListBatchErrorsRequest>,
    ) -> Result<Response<pb::ListBatchErrorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, batch_id, page) = convert::list_batch_errors(&context, &request)?;
        let size = page.size;
        let found = self.app.batch_errors(read, batch_id, page).await?;
        Ok(Response::new(convert::batch_errors_to_pb(found, size, &request)))
    }

    async fn get_batch_answers(
        &self,
        request: Request<pb::GetBatchAnswersRequest>,
    ) -> Result<Response<Self::GetBatchAnswersStream>, Status> {
        let (context, request) = accept(request)?;
        let (read, batch_id, offset) = convert::get_batch_answers(&context, &request)?;
        let parts = self.app.batch_answers(read, batch_id, offset).await?;
        Ok(Response::new(Box::pin(parts.map(|part| Ok(convert::answers_to_pb(part?))))))
    }

    async fn cancel_batch(
        &self,
        request: Request<pb::CancelBatchRequest>,
    ) -> Result<Response<pb::CancelBatchResponse>, Status> {
        let (context, request) = accept(request)?;
        let batch = self.app.cancel_batch(convert::cancel_batch(&context, &request)?).await?;
        Ok(Response::new(pb::CancelBatchResponse { batch: Some(convert::batch_to_pb(&batch)) }))
    }
}
