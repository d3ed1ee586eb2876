use std::net::SocketAddr;

use medfund_budget::MIGRATIONS;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::calendar_service_client::CalendarServiceClient;
use medfund_proto::budget::v1::decision_service_client::DecisionServiceClient;
use medfund_proto::budget::v1::policy_service_client::PolicyServiceClient;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{TestChannel, TestService};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

pub(crate) use medfund_testkit::AREA;

/// Jiangmen's pack, as it is published.
pub(crate) const PACK: &str = include_str!("../../../../policies/jiangmen-2016.toml");
/// The district of most tests.
pub(crate) const DISTRICT: &str = "440703";
/// The package of this service's protos.
pub(crate) const PACKAGE: &str = "medfund.budget.v1";
/// The area's calendar.
pub(crate) const CALENDAR: &str = "areas/440700/calendar";
/// The fund year of most tests.
pub(crate) const YEAR: &str = "areas/440700/fundYears/2017";

/// The service under test, with what a test needs to have happened before.
pub(crate) struct Budget(pub(crate) TestService);

pub(crate) fn request_id() -> String {
    Uuid::new_v4().to_string()
}

pub(crate) fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Some(Date { year, month, day })
}

/// The code and reason of an answer that must be a refusal.
#[track_caller]
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String) {
    let status = answer.expect_err("the call is refused");
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    (status.code(), reason.unwrap_or_else(|| status.message().to_owned()))
}

/// Compares a refusal with what is documented.
#[track_caller]
pub(crate) fn expect_refusal<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code, reason: &str) {
    assert_eq!(refusal(answer), (code, reason.to_owned()));
}

impl Budget {
    /// Starts the service; nobody answers where its peers should be.
    pub(crate) async fn start() -> Self {
        let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
        let builder = TestService::builder("budget", MIGRATIONS);
        let builder = builder.peer_at("agreement", nobody).peer_at("settlement", nobody);
        Self(builder.start(medfund_budget::serve).await)
    }

    pub(crate) fn policy(&self, role: Role) -> PolicyServiceClient<TestChannel> {
        PolicyServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn calendar(&self, role: Role) -> CalendarServiceClient<TestChannel> {
        CalendarServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn decision(&self, role: Role) -> DecisionServiceClient<TestChannel> {
        DecisionServiceClient::new(self.0.as_role(role))
    }

    /// Submits a pack and returns it.
    pub(crate) async fn given_submitted(&self, toml: &str) -> pb::Pack {
        let request = submit(toml);
        let answer = self.policy(Role::PolicyMaker).submit_pack(request).await.unwrap();
        answer.into_inner().pack.unwrap()
    }

    /// Submits and publishes a pack and returns it.
    pub(crate) async fn given_published(&self, toml: &str) -> pb::Pack {
        let pack = self.given_submitted(toml).await;
        let request = pb::PublishPackRequest { name: pack.name, request_id: request_id() };
        let answer = self.policy(Role::PolicyChecker).publish_pack(request).await.unwrap();
        answer.into_inner().pack.unwrap()
    }

    /// Opens the calendar on 2016-11-01.
    pub(crate) async fn given_calendar(&self) {
        self.calendar(Role::CalendarKeeper).open_calendar(open_calendar(1)).await.unwrap();
    }

    /// Moves the business date.
    pub(crate) async fn given_date(&self, year: i32, month: i32, day: i32) {
        let request = pb::AdvanceBusinessDateRequest {
            name: CALENDAR.to_owned(),
            business_date: date(year, month, day),
            request_id: request_id(),
        };
        self.calendar(Role::CalendarKeeper).advance_business_date(request).await.unwrap();
    }

    /// Opens the fund year 2017 under Jiangmen's pack, with the calendar on 2016-11-01.
    pub(crate) async fn given_fund_year(&self, districts: &[&str]) -> pb::FundYear {
        self.given_calendar().await;
        let pack = self.given_published(PACK).await;
        let districts = districts.iter().map(|code| (*code).to_owned()).collect();
        let request = pb::OpenFundYearRequest { districts, ..open_year(&pack.pack_hash) };
        let answer = self.calendar(Role::CalendarKeeper).open_fund_year(request).await.unwrap();
        answer.into_inner().fund_year.unwrap()
    }
}

pub(crate) fn submit(toml: &str) -> pb::SubmitPackRequest {
    pb::SubmitPackRequest {
        parent: format!("areas/{AREA}"),
        pack: toml.as_bytes().to_vec(),
        request_id: request_id(),
    }
}

/// Opens the calendar on a day of November 2016.
pub(crate) fn open_calendar(day: i32) -> pb::OpenCalendarRequest {
    let business_date = date(2016, 11, day);
    pb::OpenCalendarRequest { name: CALENDAR.to_owned(), business_date, request_id: request_id() }
}

/// Moves the calendar to a day of November 2016.
pub(crate) fn advance_calendar(day: i32) -> pb::AdvanceBusinessDateRequest {
    let business_date = date(2016, 11, day);
    pb::AdvanceBusinessDateRequest { name: CALENDAR.to_owned(), business_date, request_id: request_id() }
}

/// Opens the fund year 2017 with one district.
pub(crate) fn open_year(pack_hash: &str) -> pb::OpenFundYearRequest {
    pb::OpenFundYearRequest {
        name: YEAR.to_owned(),
        pack_hash: pack_hash.to_owned(),
        districts: vec![DISTRICT.to_owned()],
        request_id: request_id(),
    }
}

/// A record of the local meeting's decision on a target.
pub(crate) fn record() -> pb::RecordDecisionRequest {
    pb::RecordDecisionRequest {
        name: format!("areas/{AREA}/decisions/{}", Uuid::new_v4()),
        body: "local_joint_meeting".to_owned(),
        matter: "target".to_owned(),
        district: DISTRICT.to_owned(),
        fund_year: 2017,
        subject: String::new(),
        approved: true,
        meeting_date: date(2016, 11, 1),
        members_present: ["人社局", "财政局", "卫计局"].map(str::to_owned).to_vec(),
        n_votes_for: 3,
        n_votes_against: 0,
        n_abstentions: 0,
        minutes_reference: "〔2016〕12号".to_owned(),
        request_id: request_id(),
    }
}
