//! The area's calendar, the pack and the fund year.

use chrono::NaiveDate;
use medfund_proto::budget::v1::calendar_service_client::CalendarServiceClient;
use medfund_proto::budget::v1::policy_service_client::PolicyServiceClient;
use medfund_proto::budget::v1::{
    AdvanceBusinessDateRequest, OpenCalendarRequest, OpenFundYearRequest, PublishPackRequest,
    SubmitPackRequest,
};

use super::Year;
use super::names::day;
use crate::suite::rpc;

impl Year<'_> {
    /// Opens the area's fund calendar, publishes the pack and opens the fund year under it.
    pub(super) async fn open(&self) -> anyhow::Result<()> {
        let calendar = OpenCalendarRequest {
            name: format!("{}/calendar", self.names.area()),
            business_date: day(self.before(11, 1)),
            request_id: self.id("calendar/open"),
        };
        rpc!(self.session, &self.people.keeper, Budget CalendarServiceClient open_calendar, calendar).await?;

        let submitted = SubmitPackRequest {
            parent: self.names.area(),
            pack: self.pack.bytes.clone(),
            request_id: self.id("pack/submit"),
        };
        let submitted =
            rpc!(self.session, &self.people.pack_maker, Budget PolicyServiceClient submit_pack, submitted)
                .await?;
        let pack = submitted.pack.unwrap_or_default();
        let published = PublishPackRequest { name: pack.name, request_id: self.id("pack/publish") };
        rpc!(self.session, &self.people.pack_checker, Budget PolicyServiceClient publish_pack, published)
            .await?;

        let fund_year = OpenFundYearRequest {
            name: self.names.fund_year(),
            pack_hash: pack.pack_hash,
            districts: self.region.districts.iter().map(|d| d.code.to_string()).collect(),
            request_id: self.id("fund-year/open"),
        };
        rpc!(self.session, &self.people.keeper, Budget CalendarServiceClient open_fund_year, fund_year)
            .await?;
        self.heard().await
    }

    /// Moves the area's fund calendar to `date`.
    pub(crate) async fn advance_to(&self, date: NaiveDate) -> anyhow::Result<()> {
        let request = AdvanceBusinessDateRequest {
            name: format!("{}/calendar", self.names.area()),
            business_date: day(date),
            request_id: self.id(&format!("calendar/{date}")),
        };
        rpc!(self.session, &self.people.keeper, Budget CalendarServiceClient advance_business_date, request)
            .await?;
        self.heard().await
    }
}
