use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::disclosure_service_client::DisclosureServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{AREA, TestChannel};
use tonic::Code;

use crate::support::*;

type Client = DisclosureServiceClient<TestChannel>;

fn value(indicator: &str, measured_value: &str) -> pb::MeasuredValue {
    pb::MeasuredValue { indicator: indicator.into(), measured_value: measured_value.into() }
}

pub(crate) fn report(month: i32) -> pb::SubmitMonthlyReportRequest {
    pb::SubmitMonthlyReportRequest {
        name: name("monthlyReports"),
        institution_code: HOSPITAL.into(),
        settlement_month: Some(Date { year: 2017, month, day: 0 }),
        measured_values: vec![value("admissions", "812"), value("visits_per_head", "1.21")],
        request_id: id(),
    }
}

pub(crate) fn disclosure(quarter: i32) -> pb::RecordDisclosureRequest {
    pb::RecordDisclosureRequest {
        name: name("disclosures"),
        fund_year: 2017,
        quarter,
        institution_code: HOSPITAL.into(),
        measured_values: vec![value("admissions", "2431"), value("antibiotic_use_rate", "0.41")],
        request_id: id(),
    }
}

pub(crate) fn publish(name: &str) -> pb::PublishDisclosureRequest {
    pb::PublishDisclosureRequest { name: name.into(), request_id: id() }
}

fn client(suite: &Suite, person: Person) -> Client {
    Client::new(suite.channel(person, AREA))
}

pub(crate) async fn may() -> Suite {
    let suite = Suite::ready().await;
    suite.date(2017, 5, 3).await;
    suite
}

#[tokio::test]
async fn an_institution_reports_its_month_and_sees_its_reports() {
    let suite = may().await;
    let mut hospital = client(&suite, Person::Institution(HOSPITAL));
    hospital.submit_monthly_report(report(4)).await.unwrap();
    hospital.submit_monthly_report(report(4)).await.unwrap();
    let precondition = Code::FailedPrecondition;
    refused(hospital.submit_monthly_report(report(6)).await, precondition, "DATE_IN_FUTURE");
    let luck = pb::SubmitMonthlyReportRequest { measured_values: vec![value("luck", "1")], ..report(4) };
    refused(hospital.submit_monthly_report(luck).await, precondition, "UNKNOWN_INDICATOR");
    let unopened = Some(Date { year: 2016, month: 12, day: 0 });
    let unopened = pb::SubmitMonthlyReportRequest { settlement_month: unopened, ..report(4) };
    refused(hospital.submit_monthly_report(unopened).await, precondition, "FUND_YEAR_NOT_OPEN");
    let other = pb::SubmitMonthlyReportRequest { institution_code: CLINIC.into(), ..report(4) };
    refused(hospital.submit_monthly_report(other).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let request = report(4);
    hospital.submit_monthly_report(request.clone()).await.unwrap();
    let taken = pb::SubmitMonthlyReportRequest { request_id: id(), ..request };
    refused(hospital.submit_monthly_report(taken).await, Code::AlreadyExists, "REPORT_EXISTS");
    let mut nobody = client(&suite, Person::Institution("H44070300009"));
    let unknown = pb::SubmitMonthlyReportRequest { institution_code: "H44070300009".into(), ..report(4) };
    refused(nobody.submit_monthly_report(unknown).await, Code::NotFound, "INSTITUTION_NOT_FOUND");

    let list = pb::ListMonthlyReportsRequest {
        parent: format!("areas/{AREA}/fundYears/2017"),
        page_size: 2,
        ..Default::default()
    };
    let page = hospital.list_monthly_reports(list.clone()).await.unwrap().into_inner();
    assert_eq!((page.monthly_reports.len(), page.next_page_token.is_empty()), (2, false));
    assert_eq!(page.monthly_reports[0].measured_values, report(4).measured_values);
    let other = client(&suite, Person::Institution(CLINIC)).list_monthly_reports(list).await.unwrap();
    assert!(other.into_inner().monthly_reports.is_empty());
}

#[tokio::test]
async fn only_published_figures_are_disclosed_and_everybody_may_read_them() {
    let suite = may().await;
    let request = disclosure(1);
    client(&suite, OFFICER).record_disclosure(request.clone()).await.unwrap();
    let list =
        pb::ListDisclosuresRequest { parent: format!("areas/{AREA}/fundYears/2017"), ..Default::default() };
    let mut public = client(&suite, Person::Of(Role::Public));
    assert!(public.list_disclosures(list.clone()).await.unwrap().into_inner().disclosures.is_empty());

    client(&suite, CHECKER).publish_disclosure(publish(&request.name)).await.unwrap();

    for person in [Person::Of(Role::Public), Person::Institution(CLINIC), Person::Of(Role::Auditor)] {
        let page = client(&suite, person).list_disclosures(list.clone()).await.unwrap().into_inner();
        assert_eq!(page.disclosures[0].measured_values, request.measured_values);
    }
}
