use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use tonic::Code;

use super::support::{
    Budget, CALENDAR, DISTRICT, YEAR, advance_calendar, date, expect_refusal, open_calendar,
};

#[tokio::test]
async fn the_calendar_is_opened_once_and_only_moves_forward() {
    let service = Budget::start().await;
    let mut keeper = service.calendar(Role::CalendarKeeper);
    keeper.open_calendar(open_calendar(1)).await.unwrap();
    keeper.advance_business_date(advance_calendar(2)).await.unwrap();
    for day in [1, 2] {
        let back = keeper.advance_business_date(advance_calendar(day)).await;
        expect_refusal(back, Code::FailedPrecondition, "DATE_NOT_LATER");
    }
    let get = pb::GetCalendarRequest { name: CALENDAR.to_owned() };
    let found = service.calendar(Role::Public).get_calendar(get).await.unwrap().into_inner();
    assert_eq!(found.calendar.unwrap().business_date, date(2016, 11, 2));
}

#[tokio::test]
async fn a_fund_year_fixes_a_published_packs_hash() {
    let service = Budget::start().await;
    let opened = service.given_fund_year(&["440704", DISTRICT]).await;
    assert_eq!(opened.districts, [DISTRICT, "440704"]);
    let request = pb::GetFundYearRequest { name: YEAR.to_owned() };
    let found = service.calendar(Role::Auditor).get_fund_year(request).await.unwrap().into_inner();
    assert_eq!(found.fund_year, Some(opened));
}
