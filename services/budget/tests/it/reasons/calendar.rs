use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::Refusals;
use tonic::Code;

use super::PRECONDITION;
use crate::support::{Budget, CALENDAR, PACK, PACKAGE, YEAR, advance_calendar, open_calendar, open_year};

pub(super) const RPCS: [&str; 5] =
    ["OpenCalendar", "AdvanceBusinessDate", "GetCalendar", "OpenFundYear", "GetFundYear"];

#[tokio::test]
async fn calendars_and_fund_years_are_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let service = Budget::start().await;
    let mut keeper = service.calendar(Role::CalendarKeeper);
    let pack = service.given_submitted(PACK).await.pack_hash;
    let get = pb::GetCalendarRequest { name: CALENDAR.to_owned() };
    let missing = (Code::NotFound, "CALENDAR_NOT_FOUND");
    refusals.expect("get_calendar", keeper.get_calendar(get).await, missing.0, missing.1);
    let answer = keeper.advance_business_date(advance_calendar(2)).await;
    refusals.expect("advance_business_date", answer, missing.0, missing.1);
    let answer = keeper.open_fund_year(open_year(&pack)).await;
    refusals.expect("open_fund_year", answer, missing.0, missing.1);

    keeper.open_calendar(open_calendar(1)).await.unwrap();
    let answer = keeper.open_calendar(open_calendar(2)).await;
    refusals.expect("open_calendar", answer, Code::AlreadyExists, "CALENDAR_EXISTS");
    let answer = keeper.advance_business_date(advance_calendar(1)).await;
    refusals.expect("advance_business_date", answer, PRECONDITION, "DATE_NOT_LATER");

    let answer = keeper.open_fund_year(open_year(&pack)).await;
    refusals.expect("open_fund_year", answer, PRECONDITION, "PACK_NOT_PUBLISHED");
    let answer = keeper.open_fund_year(open_year(&"0".repeat(64))).await;
    refusals.expect("open_fund_year", answer, Code::NotFound, "PACK_NOT_FOUND");
    let elsewhere = PACK.replace("region = \"440700\"", "region = \"440800\"");
    let elsewhere = service.given_published(&elsewhere).await.pack_hash;
    let answer = keeper.open_fund_year(open_year(&elsewhere)).await;
    refusals.expect("open_fund_year", answer, PRECONDITION, "PACK_NOT_FOR_AREA");
    let published = service.given_published(&format!("{PACK}\n# published\n")).await.pack_hash;
    let earlier = pb::OpenFundYearRequest { name: YEAR.replace("2017", "2016"), ..open_year(&published) };
    let answer = keeper.open_fund_year(earlier).await;
    refusals.expect("open_fund_year", answer, PRECONDITION, "PACK_NOT_FOR_YEAR");
    let get = || pb::GetFundYearRequest { name: YEAR.to_owned() };
    let answer = keeper.get_fund_year(get()).await;
    refusals.expect("get_fund_year", answer, Code::NotFound, "FUND_YEAR_NOT_FOUND");
    keeper.open_fund_year(open_year(&published)).await.unwrap();
    let answer = keeper.open_fund_year(open_year(&published)).await;
    refusals.expect("open_fund_year", answer, Code::AlreadyExists, "FUND_YEAR_EXISTS");
    refusals.all_provoked();
}
