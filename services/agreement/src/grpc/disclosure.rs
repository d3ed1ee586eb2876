use medfund_proto::agreement::v1::disclosure_service_server::DisclosureService;
use medfund_proto::agreement::v1::{
    ListDisclosuresRequest, ListDisclosuresResponse, ListMonthlyReportsRequest, ListMonthlyReportsResponse,
    PublishDisclosureRequest, PublishDisclosureResponse, RecordDisclosureRequest, RecordDisclosureResponse,
    SubmitMonthlyReportRequest, SubmitMonthlyReportResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::{confirm, disclosure as convert, year_query};

#[tonic::async_trait]
impl DisclosureService for Grpc {
    async fn submit_monthly_report(
        &self,
        request: Request<SubmitMonthlyReportRequest>,
    ) -> Result<Response<SubmitMonthlyReportResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.submit_monthly_report(convert::submit_monthly_report(&context, request)?).await?;
        Ok(Response::new(SubmitMonthlyReportResponse { monthly_report: Some(convert::report_to_pb(&made)) }))
    }

    async fn list_monthly_reports(
        &self,
        request: Request<ListMonthlyReportsRequest>,
    ) -> Result<Response<ListMonthlyReportsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, next_page_token) = self.of_year(&context, &year_query!(request)).await?;
        Ok(Response::new(ListMonthlyReportsResponse {
            monthly_reports: found.iter().map(convert::report_to_pb).collect(),
            next_page_token,
        }))
    }

    async fn record_disclosure(
        &self,
        request: Request<RecordDisclosureRequest>,
    ) -> Result<Response<RecordDisclosureResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.record_disclosure(convert::record_disclosure(&context, request)?).await?;
        Ok(Response::new(RecordDisclosureResponse { disclosure: Some(convert::disclosure_to_pb(&made)) }))
    }

    async fn publish_disclosure(
        &self,
        request: Request<PublishDisclosureRequest>,
    ) -> Result<Response<PublishDisclosureResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = confirm(&context, convert::DISCLOSURE, &request.name, &request.request_id)?;
        let confirmed = self.app.publish_disclosure(command).await?;
        Ok(Response::new(PublishDisclosureResponse {
            disclosure: Some(convert::disclosure_to_pb(&confirmed)),
        }))
    }

    async fn list_disclosures(
        &self,
        request: Request<ListDisclosuresRequest>,
    ) -> Result<Response<ListDisclosuresResponse>, Status> {
        let (context, request) = accept(request)?;
        let (found, next_page_token) = self.of_year(&context, &year_query!(request)).await?;
        Ok(Response::new(ListDisclosuresResponse {
            disclosures: found.iter().map(convert::disclosure_to_pb).collect(),
            next_page_token,
        }))
    }
}
