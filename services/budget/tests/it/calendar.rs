use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::calendar_service_client::CalendarServiceClient;
use tonic::Code;

use super::support::{Budget, DISTRICT, PACK, YEAR, bad_fields, date, expect_refusal, request_id};

const CALENDAR: &str = "areas/440700/calendar";

fn open(day: i32) -> pb::OpenCalendarRequest {
    pb::OpenCalendarRequest {
        name: CALENDAR.to_owned(),
        business_date: date(2016, 11, day),
        request_id: request_id(),
    }
}

fn advance(day: i32) -> pb::AdvanceBusinessDateRequest {
    pb::AdvanceBusinessDateRequest {
        name: CALENDAR.to_owned(),
        business_date: date(2016, 11, day),
        request_id: request_id(),
    }
}

fn open_year(pack: &pb::Pack) -> pb::OpenFundYearRequest {
    pb::OpenFundYearRequest {
        name: YEAR.to_owned(),
        pack_hash: pack.pack_hash.clone(),
        districts: vec![DISTRICT.to_owned()],
        request_id: request_id(),
    }
}

fn get() -> pb::GetCalendarRequest {
    pb::GetCalendarRequest { name: CALENDAR.to_owned() }
}

#[tokio::test]
async fn the_calendar_is_opened_once_and_only_moves_forward() {
    let service = Budget::start().await;
    let mut keeper = service.calendar(Role::CalendarKeeper);
    expect_refusal(keeper.get_calendar(get()).await, Code::NotFound, "CALENDAR_NOT_FOUND");
    expect_refusal(keeper.advance_business_date(advance(2)).await, Code::NotFound, "CALENDAR_NOT_FOUND");

    keeper.open_calendar(open(1)).await.unwrap();
    expect_refusal(keeper.open_calendar(open(1)).await, Code::AlreadyExists, "CALENDAR_EXISTS");

    keeper.advance_business_date(advance(2)).await.unwrap();
    for day in [1, 2] {
        let back = keeper.advance_business_date(advance(day)).await;
        expect_refusal(back, Code::FailedPrecondition, "DATE_NOT_LATER");
    }
    let found = service.calendar(Role::Public).get_calendar(get()).await.unwrap().into_inner();
    assert_eq!(found.calendar.unwrap().business_date, date(2016, 11, 2));
}

#[tokio::test]
async fn a_repeated_advance_gets_the_first_answer_after_the_date_moved_on() {
    let service = Budget::start().await;
    let mut keeper = service.calendar(Role::CalendarKeeper);
    let opening = open(1);
    let opened = keeper.open_calendar(opening.clone()).await.unwrap().into_inner();
    let request = advance(2);
    let first = keeper.advance_business_date(request.clone()).await.unwrap().into_inner();
    keeper.advance_business_date(advance(3)).await.unwrap();

    assert_eq!(keeper.advance_business_date(request.clone()).await.unwrap().into_inner(), first);
    assert_eq!(keeper.open_calendar(opening.clone()).await.unwrap().into_inner(), opened);

    let reused = pb::AdvanceBusinessDateRequest { business_date: date(2016, 11, 9), ..request };
    expect_refusal(keeper.advance_business_date(reused).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    let reused = pb::OpenCalendarRequest { business_date: date(2016, 11, 9), ..opening };
    expect_refusal(keeper.open_calendar(reused).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn two_that_open_the_calendar_at_once_open_one() {
    let service = Budget::start().await;
    let (mut one, mut two) = (service.calendar(Role::CalendarKeeper), service.calendar(Role::CalendarKeeper));
    let (one, two) = tokio::join!(one.open_calendar(open(1)), two.open_calendar(open(1)));
    let (won, lost): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    expect_refusal(lost.into_iter().next().unwrap(), Code::AlreadyExists, "CALENDAR_EXISTS");
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

#[tokio::test]
async fn a_repeated_opening_gets_the_first_answer_and_another_is_refused() {
    let service = Budget::start().await;
    service.given_calendar().await;
    let pack = service.given_published(PACK).await;
    let mut keeper = service.calendar(Role::CalendarKeeper);
    let request = open_year(&pack);
    let first = keeper.open_fund_year(request.clone()).await.unwrap().into_inner();
    service.given_date(2016, 12, 1).await;

    assert_eq!(keeper.open_fund_year(request.clone()).await.unwrap().into_inner(), first);
    let reused = pb::OpenFundYearRequest { districts: vec!["440704".to_owned()], ..request };
    expect_refusal(keeper.open_fund_year(reused).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    expect_refusal(keeper.open_fund_year(open_year(&pack)).await, Code::AlreadyExists, "FUND_YEAR_EXISTS");
}

#[tokio::test]
async fn a_fund_year_needs_a_calendar_and_a_published_pack_of_its_area_and_year() {
    let service = Budget::start().await;
    let mut keeper = service.calendar(Role::CalendarKeeper);
    let unpublished = service.given_submitted(PACK).await;
    let early = keeper.open_fund_year(open_year(&unpublished)).await;
    expect_refusal(early, Code::NotFound, "CALENDAR_NOT_FOUND");
    service.given_calendar().await;

    let refused = keeper.open_fund_year(open_year(&unpublished)).await;
    expect_refusal(refused, Code::FailedPrecondition, "PACK_NOT_PUBLISHED");
    let unknown = pb::Pack { pack_hash: "0".repeat(64), ..unpublished };
    expect_refusal(keeper.open_fund_year(open_year(&unknown)).await, Code::NotFound, "PACK_NOT_FOUND");
    let elsewhere =
        service.given_published(&PACK.replace("region = \"440700\"", "region = \"440800\"")).await;
    let refused = keeper.open_fund_year(open_year(&elsewhere)).await;
    expect_refusal(refused, Code::FailedPrecondition, "PACK_NOT_FOR_AREA");
    let published = service.given_published(&format!("{PACK}\n# published\n")).await;
    let other_year = pb::OpenFundYearRequest { name: YEAR.replace("2017", "2016"), ..open_year(&published) };
    let refused = keeper.open_fund_year(other_year).await;
    expect_refusal(refused, Code::FailedPrecondition, "PACK_NOT_FOR_YEAR");
}

#[tokio::test]
async fn every_bad_field_of_an_opening_is_named() {
    let service = Budget::start().await;
    let bad = pb::OpenFundYearRequest {
        name: "areas/440700/fundYears/017".to_owned(),
        pack_hash: "x".to_owned(),
        districts: vec![DISTRICT.to_owned(), "44".to_owned()],
        request_id: String::new(),
    };
    let fields = bad_fields(service.calendar(Role::CalendarKeeper).open_fund_year(bad).await);
    assert_eq!(fields, ["name", "pack_hash", "districts[1]", "request_id"]);
}

#[tokio::test]
async fn another_areas_calendar_is_not_found() {
    let service = Budget::start().await;
    service.given_fund_year(&[DISTRICT]).await;
    let mut other = CalendarServiceClient::new(service.0.as_role_in("440800", Role::CalendarKeeper));
    expect_refusal(other.get_calendar(get()).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    expect_refusal(other.advance_business_date(advance(9)).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    expect_refusal(other.open_calendar(open(1)).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let year = pb::GetFundYearRequest { name: YEAR.to_owned() };
    expect_refusal(other.get_fund_year(year).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let own = pb::GetFundYearRequest { name: YEAR.replace("440700", "440800") };
    expect_refusal(other.get_fund_year(own).await, Code::NotFound, "FUND_YEAR_NOT_FOUND");
}

#[tokio::test]
async fn only_the_keeper_moves_the_calendar() {
    let service = Budget::start().await;
    let refused = service.calendar(Role::AgencyOfficer).open_calendar(open(1)).await;
    expect_refusal(refused, Code::PermissionDenied, "ROLE_MISSING");
}
