use medfund_proto::settlement::v1 as pb;
use medfund_testkit::AREA;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::common::*;

fn fields(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let violations = &details.bad_request().expect("a bad request names its fields").field_violations;
    violations.iter().map(|violation| violation.field.clone()).collect()
}

fn assert_bad(status: &Status, expected: &[&str]) {
    assert_eq!(
        (status.code(), reason(status).as_str()),
        (Code::InvalidArgument, "BAD_REQUEST"),
        "{status:?}"
    );
    assert_eq!(fields(status), expected);
}

#[tokio::test]
async fn every_bad_field_of_a_start_is_named_at_once() {
    let service = start().await;
    let mut client = hospital(&service);

    let empty = client.start_upload(pb::StartUploadRequest::default()).await.unwrap_err();
    let all =
        ["parent", "institution_code", "settlement_month", "file_digest", "n_lines", "request_id"].as_slice();
    assert_bad(&empty, all);

    type Spoil = fn(&mut pb::StartUploadRequest);
    let cases: &[(Spoil, &str)] = &[
        (|r| r.parent = "areas/44".into(), "parent"),
        (|r| r.parent = format!("areas/{AREA}/uploads"), "parent"),
        (|r| r.institution_code = "h1".into(), "institution_code"),
        (|r| r.settlement_month = day(2017, 1, 1), "settlement_month"),
        (|r| r.settlement_month = day(2017, 13, 0), "settlement_month"),
        (|r| r.file_digest = "ab".into(), "file_digest"),
        (|r| r.file_digest = "AB".repeat(32), "file_digest"),
        (|r| r.file_digest = "zz".repeat(32), "file_digest"),
        (|r| r.n_lines = 0, "n_lines"),
        (|r| r.n_lines = -1, "n_lines"),
        (|r| r.n_lines = 5_000_001, "n_lines"),
        (|r| r.request_id = "1".into(), "request_id"),
        (|r| r.request_id = uuid::Uuid::nil().to_string(), "request_id"),
    ];
    for (spoil, field) in cases {
        let mut request = start_request(&lines(1));
        spoil(&mut request);
        assert_bad(&client.start_upload(request).await.unwrap_err(), &[field]);
    }
}

#[tokio::test]
async fn a_malformed_chunk_is_refused_and_what_came_before_stays() {
    let service = start().await;
    let mut client = hospital(&service);
    let upload = begin(&mut client, &lines(2_100)).await.unwrap();
    let name = upload.name.as_str();
    let good = || chunk(name, 1, &lines(1));
    let other = format!("areas/{AREA}/uploads/{}", new_id());

    assert_bad(&send(&mut client, vec![]).await.unwrap_err(), &["bills"]);
    assert_bad(&send(&mut client, vec![chunk("x", 1, &lines(1))]).await.unwrap_err(), &["upload"]);
    for (bad, field) in [
        (chunk(&other, 2, &lines(1)), "upload"),
        (chunk("", 2, &lines(1)), "upload"),
        (chunk(name, 0, &lines(1)), "first_line"),
        (chunk(name, -7, &lines(1)), "first_line"),
        (chunk(name, i64::MAX, &lines(1)), "first_line"),
        (chunk(name, 2, &[]), "bills"),
        (chunk(name, 1, &lines(2_001)), "bills"),
    ] {
        assert_bad(&send(&mut client, vec![good(), bad]).await.unwrap_err(), &[field]);
    }
    assert_eq!(get_upload(&mut client, name).await.unwrap().next_line, 2);
}

#[tokio::test]
async fn every_bad_field_of_the_other_requests_is_named() {
    let service = start().await;
    let mut client = hospital(&service);

    let finish = client.finish_upload(pb::FinishUploadRequest::default()).await.unwrap_err();
    assert_bad(&finish, &["name", "request_id"]);
    let abandon = client.abandon_upload(pb::AbandonUploadRequest::default()).await.unwrap_err();
    assert_bad(&abandon, &["name", "request_id"]);
    assert_bad(&get_upload(&mut client, "uploads/1").await.unwrap_err(), &["name"]);
    assert_bad(&get_upload(&mut client, &format!("areas/{AREA}/uploads/1")).await.unwrap_err(), &["name"]);
    let parent = format!("areas/{AREA}/uploads/{}", new_id());
    let errors = pb::ListUploadErrorsRequest { parent, page_size: -1, page_token: "x".to_owned() };
    assert_bad(&client.list_upload_errors(errors).await.unwrap_err(), &["page_size", "page_token"]);
    assert_bad(&client.get_bill(pb::GetBillRequest::default()).await.unwrap_err(), &["name"]);
    let list = pb::ListBillsRequest { page_size: -1, ..pb::ListBillsRequest::default() };
    assert_bad(&client.list_bills(list).await.unwrap_err(), &["parent", "settlement_month", "page_size"]);
    let export = pb::ExportBillsRequest::default();
    assert_bad(&client.export_bills(export).await.unwrap_err(), &["parent", "settlement_month"]);
    let withdraw =
        pb::WithdrawBillRequest { reason: "字".repeat(201), ..pb::WithdrawBillRequest::default() };
    assert_bad(&client.withdraw_bill(withdraw).await.unwrap_err(), &["name", "reason", "request_id"]);
}

#[tokio::test]
async fn an_upload_waits_for_calendar_fund_year_and_month() {
    let service = start_unopened().await;
    let mut client = hospital(&service);
    let refused = begin(&mut client, &lines(1)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "CALENDAR_NOT_OPEN"));

    let service = start().await;
    let mut client = hospital(&service);
    let february = pb::StartUploadRequest { settlement_month: day(2017, 2, 0), ..start_request(&lines(1)) };
    let refused = client.start_upload(february).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "MONTH_IN_FUTURE"));
    assert_eq!(metadata(&refused, "business_date"), "2017-01-31");
    let before = pb::StartUploadRequest { settlement_month: day(2016, 12, 0), ..start_request(&lines(1)) };
    let refused = client.start_upload(before).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "FUND_YEAR_NOT_OPEN"));
    assert_eq!(metadata(&refused, "fund_year"), "2016");
}

#[tokio::test]
async fn a_retried_start_is_answered_the_same_after_other_changes() {
    let service = start().await;
    let mut client = hospital(&service);
    let request = start_request(&lines(3));
    let first = client.start_upload(request.clone()).await.unwrap().into_inner();
    let name = first.upload.clone().unwrap().name;
    send(&mut client, vec![chunk(&name, 1, &lines(3))]).await.unwrap();

    assert_eq!(client.start_upload(request.clone()).await.unwrap().into_inner(), first);

    let reused = pb::StartUploadRequest { n_lines: 4, ..request.clone() };
    let refused = client.start_upload(reused).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "REQUEST_ID_REUSED"));
}

#[tokio::test]
async fn an_upload_id_that_another_institution_took_is_refused() {
    let service = start().await;
    let request = start_request(&lines(3));
    hospital(&service).start_upload(request.clone()).await.unwrap();
    let mut clinic = pb::bill_service_client::BillServiceClient::new(service.as_institution(CLINIC));
    let theirs = pb::StartUploadRequest { institution_code: CLINIC.to_owned(), ..request };

    let refused = clinic.start_upload(theirs).await.unwrap_err();

    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::AlreadyExists, "UPLOAD_EXISTS"));
}

#[tokio::test]
async fn retried_endings_are_answered_the_same() {
    let service = start().await;
    let mut client = hospital(&service);
    let (done, left) = (lines(2), lines(3));
    let upload = begin(&mut client, &done).await.unwrap();
    send(&mut client, chunks(&upload, &done, 2)).await.unwrap();
    let finish = pb::FinishUploadRequest { name: upload.name.clone(), request_id: new_id() };
    let finished = client.finish_upload(finish.clone()).await.unwrap().into_inner();
    let given_up = begin(&mut client, &left).await.unwrap();
    let abandon = pb::AbandonUploadRequest { name: given_up.name.clone(), request_id: new_id() };
    let abandoned = client.abandon_upload(abandon.clone()).await.unwrap().into_inner();
    begin(&mut client, &left).await.unwrap();

    assert_eq!(client.finish_upload(finish.clone()).await.unwrap().into_inner(), finished);
    assert_eq!(client.abandon_upload(abandon.clone()).await.unwrap().into_inner(), abandoned);

    let reused = pb::FinishUploadRequest { name: given_up.name, ..finish };
    let finish_reused = client.finish_upload(reused).await.unwrap_err();
    let reused = pb::AbandonUploadRequest { name: upload.name, ..abandon };
    let abandon_reused = client.abandon_upload(reused).await.unwrap_err();
    for refused in [finish_reused, abandon_reused] {
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "REQUEST_ID_REUSED"));
    }
}
