use std::pin::Pin;

use futures::Stream;
use medfund_proto::drg::v1::grouping_service_server::GroupingService;
use medfund_proto::drg::v1::{
    CheckCasesRequest, CheckCasesResponse, CompareSchemesRequest, CompareSchemesResponse, GroupRequest,
    GroupResponse, GroupStreamRequest, GroupStreamResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status, Streaming};

use super::Grpc;
use super::convert::comparison::{self, Money, ReadyMoney};
use super::convert::{check, grouping as convert};
use super::many::{on_cases, size_of};
use super::stream::answers;
use crate::app::beside::beside;
use crate::app::schemes::Purpose;
use crate::app::{By, Read};

impl Grpc {
    /// What two schemes pay by, each by a tariff of its own.
    async fn ready(&self, read: &Read, [one, other]: [&By; 2], money: Money) -> Result<ReadyMoney, Status> {
        let [setting, other_setting] = money.settings;
        let settings = [
            self.app.setting_of(read, one.scheme.hash.clone(), setting).await?,
            self.app.setting_of(read, other.scheme.hash.clone(), other_setting).await?,
        ];
        Ok(ReadyMoney { settings, whose: money.whose })
    }
}

#[tonic::async_trait]
impl GroupingService for Grpc {
    type GroupStreamStream = Pin<Box<dyn Stream<Item = Result<GroupStreamResponse, Status>> + Send>>;

    async fn group(&self, request: Request<GroupRequest>) -> Result<Response<GroupResponse>, Status> {
        let (context, request) = accept(request)?;
        let wanted = convert::group(&context, &request)?;
        let by = self.app.ready_by(&wanted.read, wanted.by, Purpose::Grouping).await?;
        // An explanation groups the case many times over.
        let explain = request.explain;
        let work = move || convert::group_to_pb(&by, &wanted.read.area, &request);
        Ok(Response::new(if explain { beside(work).await } else { work() }))
    }

    async fn group_stream(
        &self,
        request: Request<Streaming<GroupStreamRequest>>,
    ) -> Result<Response<Self::GroupStreamStream>, Status> {
        let (context, requests) = accept(request)?;
        Ok(Response::new(Box::pin(answers(self.app.clone(), context, requests))))
    }

    async fn check_cases(
        &self,
        request: Request<CheckCasesRequest>,
    ) -> Result<Response<CheckCasesResponse>, Status> {
        let (context, request) = accept(request)?;
        let wanted = check::check_cases(&context, &request)?;
        let by = self.app.ready_by(&wanted.read, wanted.by, Purpose::Grouping).await?;
        let size = size_of(&request.cases);
        let work = move || check::checked_to_pb(&by, &wanted.read.area, &request);
        Ok(Response::new(on_cases(size, work).await))
    }

    async fn compare_schemes(
        &self,
        request: Request<CompareSchemesRequest>,
    ) -> Result<Response<CompareSchemesResponse>, Status> {
        let (context, request) = accept(request)?;
        let wanted = comparison::compare_schemes(&context, &request)?;
        let one = self.app.ready_by(&wanted.read, wanted.by, Purpose::Comparison).await?;
        let other = self.app.ready_by(&wanted.read, wanted.other_by, Purpose::Comparison).await?;
        let money = match wanted.money {
            Some(money) => Some(self.ready(&wanted.read, [&one, &other], money).await?),
            None => None,
        };
        let size = 2 * size_of(&request.cases);
        let work = move || comparison::compared_to_pb(&one, &other, &request, money.as_ref());
        Ok(Response::new(on_cases(size, work).await?))
    }
}
