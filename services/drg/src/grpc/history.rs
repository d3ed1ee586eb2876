use std::sync::Arc;

use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::history_service_server::HistoryService;
use medfund_server::{Context, accept};
use tonic::{Request, Response, Status, Streaming};

use super::Grpc;
use super::convert::history as convert;
use crate::app::beside::beside;
use crate::app::schemes::{Choice, Purpose};
use crate::domain::history::History;

impl Grpc {
    /// Takes in the chunks of a stream, each committed before the next is read.
    async fn take_history(
        &self,
        context: &Context,
        mut stream: Streaming<pb::UploadHistoryRequest>,
    ) -> Result<History, Status> {
        let first = stream.message().await?.unwrap_or_default();
        let (read, id) = convert::history_of_stream(context, &first)?;
        let history = self.app.history(read.clone(), id).await?;
        let choice = Choice::Scheme(history.scheme.clone());
        let loaded = self.app.scheme_for(&read, choice, Purpose::Comparison).await?;
        let mut next = Some(first);
        while let Some(chunk) = next {
            let (context, area, loaded) = (context.clone(), read.area.clone(), Arc::clone(&loaded));
            let taken = beside(move || convert::take_chunk(&context, (&area, id), &loaded, &chunk)).await;
            self.app.take_chunk(taken?).await?;
            next = stream.message().await?;
        }
        // A chunk that is sent again is answered as it was then.
        Ok(self.app.history(read, id).await?)
    }
}

#[tonic::async_trait]
impl HistoryService for Grpc {
    async fn start_history(
        &self,
        request: Request<pb::StartHistoryRequest>,
    ) -> Result<Response<pb::StartHistoryResponse>, Status> {
        let (context, request) = accept(request)?;
        let history = self.app.start_history(convert::start_history(&context, &request)?).await?;
        Ok(Response::new(pb::StartHistoryResponse { history: Some(convert::history_to_pb(&history)) }))
    }

    async fn upload_history(
        &self,
        request: Request<Streaming<pb::UploadHistoryRequest>>,
    ) -> Result<Response<pb::UploadHistoryResponse>, Status> {
        let (context, stream) = accept(request)?;
        let history = self.take_history(&context, stream).await?;
        Ok(Response::new(pb::UploadHistoryResponse { history: Some(convert::history_to_pb(&history)) }))
    }

    async fn finish_history(
        &self,
        request: Request<pb::FinishHistoryRequest>,
    ) -> Result<Response<pb::FinishHistoryResponse>, Status> {
        let (context, request) = accept(request)?;
        let (call, id) = convert::finish_history(&context, &request)?;
        let history = self.app.finish_history(call, id).await?;
        Ok(Response::new(pb::FinishHistoryResponse { history: Some(convert::history_to_pb(&history)) }))
    }

    async fn cancel_history(
        &self,
        request: Request<pb::CancelHistoryRequest>,
    ) -> Result<Response<pb::CancelHistoryResponse>, Status> {
        let (context, request) = accept(request)?;
        let (call, id) = convert::cancel_history(&context, &request)?;
        let history = self.app.cancel_history(call, id).await?;
        Ok(Response::new(pb::CancelHistoryResponse { history: Some(convert::history_to_pb(&history)) }))
    }

    async fn get_history(
        &self,
        request: Request<pb::GetHistoryRequest>,
    ) -> Result<Response<pb::GetHistoryResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id) = convert::get_history(&context, &request)?;
        let history = self.app.history(read, id).await?;
        Ok(Response::new(pb::GetHistoryResponse { history: Some(convert::history_to_pb(&history)) }))
    }

    async fn list_histories(
        &self,
        request: Request<pb::ListHistoriesRequest>,
    ) -> Result<Response<pb::ListHistoriesResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = convert::list_histories(&context, &request)?;
        let size = page.size;
        let found = self.app.histories(read, page).await?;
        Ok(Response::new(convert::histories_to_pb(found, size, &request)))
    }

    async fn list_history_errors(
        &self,
        request: Request<pb::ListHistoryErrorsRequest>,
    ) -> Result<Response<pb::ListHistoryErrorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id, page) = convert::list_history_errors(&context, &request)?;
        let size = page.size;
        let found = self.app.history_errors(read, id, page).await?;
        Ok(Response::new(convert::history_errors_to_pb(found, size, &request)))
    }
}
