use medfund_proto::budget::v1::calendar_service_server::CalendarService;
use medfund_proto::budget::v1::{
    AdvanceBusinessDateRequest, AdvanceBusinessDateResponse, GetCalendarRequest, GetCalendarResponse,
    GetFundYearRequest, GetFundYearResponse, OpenCalendarRequest, OpenCalendarResponse, OpenFundYearRequest,
    OpenFundYearResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::calendar as convert;

#[tonic::async_trait]
impl CalendarService for Grpc {
    async fn open_calendar(
        &self,
        request: Request<OpenCalendarRequest>,
    ) -> Result<Response<OpenCalendarResponse>, Status> {
        let (context, request) = accept(request)?;
        let calendar = self.app.open_calendar(convert::open_calendar(&context, &request)?).await?;
        Ok(Response::new(OpenCalendarResponse { calendar: Some(convert::calendar_to_pb(&calendar)) }))
    }

    async fn advance_business_date(
        &self,
        request: Request<AdvanceBusinessDateRequest>,
    ) -> Result<Response<AdvanceBusinessDateResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = convert::advance_business_date(&context, &request)?;
        let calendar = self.app.advance_business_date(command).await?;
        Ok(Response::new(AdvanceBusinessDateResponse { calendar: Some(convert::calendar_to_pb(&calendar)) }))
    }

    async fn get_calendar(
        &self,
        request: Request<GetCalendarRequest>,
    ) -> Result<Response<GetCalendarResponse>, Status> {
        let (context, request) = accept(request)?;
        let calendar = self.app.calendar(convert::get_calendar(&context, &request)?).await?;
        Ok(Response::new(GetCalendarResponse { calendar: Some(convert::calendar_to_pb(&calendar)) }))
    }

    async fn open_fund_year(
        &self,
        request: Request<OpenFundYearRequest>,
    ) -> Result<Response<OpenFundYearResponse>, Status> {
        let (context, request) = accept(request)?;
        let opening = self.app.open_fund_year(convert::open_fund_year(&context, &request)?).await?;
        Ok(Response::new(OpenFundYearResponse { fund_year: Some(convert::fund_year_to_pb(&opening)) }))
    }

    async fn get_fund_year(
        &self,
        request: Request<GetFundYearRequest>,
    ) -> Result<Response<GetFundYearResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, fund_year) = convert::get_fund_year(&context, &request)?;
        let opening = self.app.fund_year(read, fund_year).await?;
        Ok(Response::new(GetFundYearResponse { fund_year: Some(convert::fund_year_to_pb(&opening)) }))
    }
}
