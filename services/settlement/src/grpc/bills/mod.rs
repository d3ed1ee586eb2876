//! `BillService`.

mod convert;
mod line;
mod status;

use std::pin::Pin;

use futures::{Stream, StreamExt};
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::bill_service_server::BillService;
use medfund_server::convert::split_page;
use medfund_server::{Context, Reason, accept};
use tonic::{Request, Response, Status, Streaming};

pub use line::{line_from_pb, line_to_pb};

use crate::app::bills::{BillError, Bills};
use crate::domain::upload::Upload;

/// `BillService` on the bills of a database.
#[derive(Clone)]
pub struct BillGrpc {
    bills: Bills,
}

impl BillGrpc {
    /// Serves `bills`.
    #[must_use]
    pub fn new(bills: Bills) -> Self {
        Self { bills }
    }

    /// Takes in the chunks of a stream, each committed before the next is read.
    async fn take_stream(
        &self,
        context: &Context,
        mut stream: Streaming<pb::UploadBillsRequest>,
    ) -> Result<Upload, Status> {
        let _place = self.bills.enter().map_err(status)?;
        let first = stream.message().await?.ok_or_else(convert::no_chunk)?;
        let (area, upload_id) = convert::upload_of_stream(context, &first)?;
        let codes = self.bills.codes_of(context.caller(), &area, upload_id).await.map_err(status)?;
        let mut next = Some(first);
        while let Some(chunk) = next {
            let command = convert::take_chunk(context, (&area, upload_id), chunk, codes.clone())?;
            self.bills.take_chunk(command).await.map_err(status)?;
            next = stream.message().await?;
        }
        self.bills.find_upload(context.caller(), &area, upload_id).await.map_err(status)
    }
}

fn status(error: BillError) -> Status {
    error.to_status()
}

#[tonic::async_trait]
impl BillService for BillGrpc {
    type ExportBillsStream = Pin<Box<dyn Stream<Item = Result<pb::ExportBillsResponse, Status>> + Send>>;

    async fn start_upload(
        &self,
        request: Request<pb::StartUploadRequest>,
    ) -> Result<Response<pb::StartUploadResponse>, Status> {
        let (context, request) = accept(request)?;
        let upload =
            self.bills.start_upload(convert::start_upload(&context, &request)?).await.map_err(status)?;
        Ok(Response::new(pb::StartUploadResponse { upload: Some(convert::upload_to_pb(&upload)) }))
    }

    async fn upload_bills(
        &self,
        request: Request<Streaming<pb::UploadBillsRequest>>,
    ) -> Result<Response<pb::UploadBillsResponse>, Status> {
        let (context, stream) = accept(request)?;
        let upload = self.take_stream(&context, stream).await?;
        Ok(Response::new(pb::UploadBillsResponse { upload: Some(convert::upload_to_pb(&upload)) }))
    }

    async fn finish_upload(
        &self,
        request: Request<pb::FinishUploadRequest>,
    ) -> Result<Response<pb::FinishUploadResponse>, Status> {
        let (context, request) = accept(request)?;
        let (call, upload_id) = convert::change_upload(&context, &request.name, &request.request_id)?;
        let upload = self.bills.finish_upload(call, upload_id).await.map_err(status)?;
        Ok(Response::new(pb::FinishUploadResponse { upload: Some(convert::upload_to_pb(&upload)) }))
    }

    async fn abandon_upload(
        &self,
        request: Request<pb::AbandonUploadRequest>,
    ) -> Result<Response<pb::AbandonUploadResponse>, Status> {
        let (context, request) = accept(request)?;
        let (call, upload_id) = convert::change_upload(&context, &request.name, &request.request_id)?;
        let upload = self.bills.abandon_upload(call, upload_id).await.map_err(status)?;
        Ok(Response::new(pb::AbandonUploadResponse { upload: Some(convert::upload_to_pb(&upload)) }))
    }

    async fn get_upload(
        &self,
        request: Request<pb::GetUploadRequest>,
    ) -> Result<Response<pb::GetUploadResponse>, Status> {
        let (context, request) = accept(request)?;
        let (area, upload_id) = convert::upload_name(&context, "name", &request.name)?;
        let upload = self.bills.find_upload(context.caller(), &area, upload_id).await.map_err(status)?;
        Ok(Response::new(pb::GetUploadResponse { upload: Some(convert::upload_to_pb(&upload)) }))
    }

    async fn list_upload_errors(
        &self,
        request: Request<pb::ListUploadErrorsRequest>,
    ) -> Result<Response<pb::ListUploadErrorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let query = convert::list_upload_errors(&context, &request)?;
        let caller = context.caller();
        let found = self
            .bills
            .list_upload_errors(caller, &query.area, query.upload_id, query.after, query.size + 1)
            .await
            .map_err(status)?;
        let (page, next_page_token) =
            split_page(found, query.size, |e| (e.line_number, e.ordinal), &[&request.parent]);
        let errors = page.into_iter().map(convert::error_to_pb).collect();
        Ok(Response::new(pb::ListUploadErrorsResponse { errors, next_page_token }))
    }

    async fn get_bill(
        &self,
        request: Request<pb::GetBillRequest>,
    ) -> Result<Response<pb::GetBillResponse>, Status> {
        let (context, request) = accept(request)?;
        let (area, institution, setl_id) = convert::bill_name(&context, &request.name)?;
        let bill =
            self.bills.find_bill(context.caller(), &area, institution, setl_id).await.map_err(status)?;
        Ok(Response::new(pb::GetBillResponse { bill: Some(convert::bill_to_pb(&area, bill)) }))
    }

    async fn list_bills(
        &self,
        request: Request<pb::ListBillsRequest>,
    ) -> Result<Response<pb::ListBillsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (mut query, bound_to) = convert::list_bills(&context, &request)?;
        let (size, area) = (query.limit, query.area.clone());
        query.limit += 1;
        let found = self.bills.list_bills(context.caller(), query).await.map_err(status)?;
        let bound_to: Vec<&str> = bound_to.iter().map(String::as_str).collect();
        let (page, next_page_token) = split_page(found, size, |bill| bill.line.setl_id.clone(), &bound_to);
        let bills = page.into_iter().map(|bill| convert::bill_to_pb(&area, bill)).collect();
        Ok(Response::new(pb::ListBillsResponse { bills, next_page_token }))
    }

    async fn export_bills(
        &self,
        request: Request<pb::ExportBillsRequest>,
    ) -> Result<Response<Self::ExportBillsStream>, Status> {
        let (context, request) = accept(request)?;
        let (area, institution, month) = convert::export_bills(&context, &request)?;
        let pages = self.bills.export_bills(context.caller().clone(), area.clone(), institution, month);
        let answers = pages.map(move |page| {
            let bills = page.map_err(status)?;
            let bills = bills.into_iter().map(|bill| convert::bill_to_pb(&area, bill)).collect();
            Ok(pb::ExportBillsResponse { bills })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn withdraw_bill(
        &self,
        request: Request<pb::WithdrawBillRequest>,
    ) -> Result<Response<pb::WithdrawBillResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = convert::withdraw_bill(&context, &request)?;
        let area = command.call.area.clone();
        let bill = self.bills.withdraw_bill(command).await.map_err(status)?;
        Ok(Response::new(pb::WithdrawBillResponse { bill: Some(convert::bill_to_pb(&area, bill)) }))
    }
}
