use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::disclosure_service_client::DisclosureServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_testkit::{AREA, Refusals};

use crate::disclosures::{disclosure, may, publish, report};
use crate::support::*;

pub(super) const RPCS: [&str; 5] =
    ["SubmitMonthlyReport", "ListMonthlyReports", "RecordDisclosure", "PublishDisclosure", "ListDisclosures"];

#[tokio::test(flavor = "multi_thread")]
async fn disclosures_give_every_reason_that_the_protos_name() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    before_anything_is_heard(&mut refusals).await;
    let suite = may().await;
    reports(&suite, &mut refusals).await;
    figures(&suite, &mut refusals).await;
    println!("{} refusals of disclosures are provoked", refusals.all_provoked());
}

async fn before_anything_is_heard(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let mut hospital = DisclosureServiceClient::new(suite.channel(Person::Institution(HOSPITAL), AREA));
    let mut officer = DisclosureServiceClient::new(suite.channel(OFFICER, AREA));
    let mut checker = DisclosureServiceClient::new(suite.channel(CHECKER, AREA));
    let empty = pb::SubmitMonthlyReportRequest { institution_code: HOSPITAL.into(), ..Default::default() };
    refuse!(refusals, hospital.submit_monthly_report(empty), InvalidArgument / "BAD_REQUEST");
    let empty = pb::ListMonthlyReportsRequest::default();
    refuse!(refusals, hospital.list_monthly_reports(empty), InvalidArgument / "BAD_REQUEST");
    let empty = pb::RecordDisclosureRequest::default();
    refuse!(refusals, officer.record_disclosure(empty), InvalidArgument / "BAD_REQUEST");
    refuse!(refusals, checker.publish_disclosure(publish("")), InvalidArgument / "BAD_REQUEST");
    refuse!(
        refusals,
        officer.list_disclosures(pb::ListDisclosuresRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );

    refuse!(refusals, hospital.submit_monthly_report(report(4)), NotFound / "INSTITUTION_NOT_FOUND");
    refuse!(refusals, officer.record_disclosure(disclosure(1)), NotFound / "INSTITUTION_NOT_FOUND");
    let unknown = publish(&name("disclosures"));
    refuse!(refusals, checker.publish_disclosure(unknown), NotFound / "DISCLOSURE_NOT_FOUND");
    suite.admitted(HOSPITAL).await;
    refuse!(refusals, hospital.submit_monthly_report(report(4)), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(refusals, officer.record_disclosure(disclosure(1)), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    suite.open_year(2017).await;
    refuse!(refusals, hospital.submit_monthly_report(report(4)), FailedPrecondition / "CALENDAR_NOT_OPEN");
    refuse!(refusals, officer.record_disclosure(disclosure(1)), FailedPrecondition / "CALENDAR_NOT_OPEN");
}

async fn reports(suite: &Suite, refusals: &mut Refusals) {
    let mut hospital = DisclosureServiceClient::new(suite.channel(Person::Institution(HOSPITAL), AREA));
    refuse!(refusals, hospital.submit_monthly_report(report(6)), FailedPrecondition / "DATE_IN_FUTURE");
    let mut luck = report(4);
    luck.measured_values[0].indicator = "luck".into();
    refuse!(refusals, hospital.submit_monthly_report(luck), FailedPrecondition / "UNKNOWN_INDICATOR");
    let good = report(4);
    hospital.submit_monthly_report(good.clone()).await.unwrap();
    let taken = pb::SubmitMonthlyReportRequest { request_id: id(), ..good };
    refuse!(refusals, hospital.submit_monthly_report(taken), AlreadyExists / "REPORT_EXISTS");
}

async fn figures(suite: &Suite, refusals: &mut Refusals) {
    let li = |role| DisclosureServiceClient::new(suite.service.as_person("li", role));
    let (mut officer, mut same) = (li(Role::AgencyOfficer), li(Role::AgencyChecker));
    refuse!(refusals, officer.record_disclosure(disclosure(2)), FailedPrecondition / "DATE_IN_FUTURE");
    let mut inner = disclosure(1);
    inner.measured_values[0].indicator = "severe_share".into();
    refuse!(refusals, officer.record_disclosure(inner), FailedPrecondition / "UNKNOWN_INDICATOR");
    let good = disclosure(1);
    officer.record_disclosure(good.clone()).await.unwrap();
    let taken = pb::RecordDisclosureRequest { request_id: id(), ..good.clone() };
    refuse!(refusals, officer.record_disclosure(taken), AlreadyExists / "DISCLOSURE_EXISTS");

    refuse!(refusals, same.publish_disclosure(publish(&good.name)), PermissionDenied / "SAME_PERSON");
    let mut checker = DisclosureServiceClient::new(suite.channel(CHECKER, AREA));
    checker.publish_disclosure(publish(&good.name)).await.unwrap();
    let again = publish(&good.name);
    refuse!(refusals, checker.publish_disclosure(again), FailedPrecondition / "DISCLOSURE_ALREADY_PUBLISHED");
}
