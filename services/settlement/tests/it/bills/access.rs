use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures::stream;
use medfund_proto::auth::v1::Role;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::bill_service_client::BillServiceClient;
use medfund_testkit::{AREA, TestService};
use tonic::{Code, Status};

use super::common::*;

/// What every RPC that names the hospital's things answers a client.
async fn answers(client: &mut Client, upload: &pb::Upload) -> Vec<(&'static str, Result<(), Status>)> {
    let name = upload.name.clone();
    let bill = format!("areas/{AREA}/institutions/{HOSPITAL}/bills/S0000001");
    let hospital = format!("areas/{AREA}/institutions/{HOSPITAL}");
    let month = january();
    let (page_size, page_token, request_id) = (0, String::new(), new_id());
    let start = start_request(&lines(9));
    let sent = stream::iter(vec![chunk(&name, 1, &lines(1))]);
    let errors =
        pb::ListUploadErrorsRequest { parent: name.clone(), page_size, page_token: page_token.clone() };
    let list =
        pb::ListBillsRequest { parent: hospital.clone(), settlement_month: month, page_size, page_token };
    let finish = pb::FinishUploadRequest { name: name.clone(), request_id: request_id.clone() };
    let abandon = pb::AbandonUploadRequest { name: name.clone(), request_id: request_id.clone() };
    let withdraw = pb::WithdrawBillRequest { name: bill.clone(), reason: "误传".to_owned(), request_id };
    vec![
        ("StartUpload", client.start_upload(start).await.map(drop)),
        ("UploadBills", client.upload_bills(sent).await.map(drop)),
        ("FinishUpload", client.finish_upload(finish).await.map(drop)),
        ("AbandonUpload", client.abandon_upload(abandon).await.map(drop)),
        ("GetUpload", client.get_upload(pb::GetUploadRequest { name }).await.map(drop)),
        ("ListUploadErrors", client.list_upload_errors(errors).await.map(drop)),
        ("GetBill", client.get_bill(pb::GetBillRequest { name: bill }).await.map(drop)),
        ("ListBills", client.list_bills(list).await.map(drop)),
        (
            "ExportBills",
            client
                .export_bills(pb::ExportBillsRequest { parent: hospital, settlement_month: month })
                .await
                .map(drop),
        ),
        ("WithdrawBill", client.withdraw_bill(withdraw).await.map(drop)),
    ]
}

async fn with_an_open_upload() -> (TestService, pb::Upload) {
    let service = start().await;
    let mut client = hospital(&service);
    let upload = begin(&mut client, &lines(2)).await.unwrap();
    let upload = send(&mut client, vec![chunk(&upload.name, 1, &lines(1))]).await.unwrap();
    (service, upload)
}

#[tokio::test]
async fn another_institution_finds_nothing_of_the_hospitals() {
    let (service, upload) = with_an_open_upload().await;
    let mut clinic = BillServiceClient::new(service.as_institution(CLINIC));

    for (rpc, answer) in answers(&mut clinic, &upload).await {
        assert_eq!(answer.unwrap_err().code(), Code::NotFound, "{rpc}");
    }
    let unchanged = get_upload(&mut hospital(&service), &upload.name).await.unwrap();
    assert_eq!(unchanged, upload);
}

#[tokio::test]
async fn an_officer_of_another_area_finds_nothing() {
    let (service, upload) = with_an_open_upload().await;
    let mut other = BillServiceClient::new(service.as_role_in("510400", Role::AgencyOfficer));

    for (rpc, answer) in answers(&mut other, &upload).await {
        let institutions_only = ["StartUpload", "UploadBills", "FinishUpload", "WithdrawBill"];
        let expected = if institutions_only.contains(&rpc) { Code::PermissionDenied } else { Code::NotFound };
        assert_eq!(answer.unwrap_err().code(), expected, "{rpc}");
    }
}

#[tokio::test]
async fn an_agency_reads_and_does_not_send() {
    let (service, upload) = with_an_open_upload().await;

    for (rpc, answer) in answers(&mut officer(&service), &upload).await {
        let refused = ["StartUpload", "UploadBills", "FinishUpload", "WithdrawBill"].contains(&rpc);
        match answer {
            Ok(()) => assert!(!refused, "{rpc}"),
            Err(status) => assert_eq!((status.code(), refused), (Code::PermissionDenied, true), "{rpc}"),
        }
    }
}

#[tokio::test]
async fn a_role_that_no_rpc_names_is_refused_by_every_one() {
    let (service, upload) = with_an_open_upload().await;
    let mut calendar_keeper = BillServiceClient::new(service.as_role(Role::CalendarKeeper));

    for (rpc, answer) in answers(&mut calendar_keeper, &upload).await {
        assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied, "{rpc}");
    }
}

const TABLES: [&str; 4] = ["bills", "uploads", "upload_errors", "bill_months"];

async fn set(conn: &mut AsyncPgConnection, area: &str, institution: &str) {
    conn.batch_execute(&format!(
        "SELECT set_config('medfund.area', '{area}', false), set_config('medfund.institution', '{institution}', false)"
    ))
    .await
    .unwrap();
}

#[tokio::test]
async fn rows_are_guarded_from_the_services_own_role() {
    let service = start().await;
    let mut file = lines(2);
    file[1].hifp_pay_fen = -1;
    upload(&mut hospital(&service), &file).await.unwrap();
    let mut conn = service.database().raw().await;

    for table in TABLES {
        let unset = count_on(&mut conn, table).await.unwrap_err().to_string();
        assert!(unset.contains("no caller is set"), "{table}: {unset}");
    }
    for (area, institution, n) in
        [(AREA, HOSPITAL, 1), (AREA, "*", 1), (AREA, CLINIC, 0), ("510400", "*", 0), ("510400", HOSPITAL, 0)]
    {
        set(&mut conn, area, institution).await;
        for table in TABLES {
            let seen = count_on(&mut conn, table).await.unwrap();
            assert_eq!(seen, n, "{table} as {institution} of {area}");
        }
    }
}

#[tokio::test]
async fn no_row_can_be_written_for_another_institution_or_area() {
    let service = start().await;
    upload(&mut hospital(&service), &lines(1)).await.unwrap();
    let mut conn = service.database().raw().await;
    for (area, institution) in [(AREA, CLINIC), ("510400", "*")] {
        set(&mut conn, area, institution).await;
        let insert = format!("INSERT INTO bill_months VALUES ('{AREA}', '{HOSPITAL}', '2017-02-01', NULL)");
        let refused = diesel::sql_query(insert).execute(&mut conn).await.unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{refused}");
        let update = "UPDATE bills SET hifp_pay_fen = 0";
        assert_eq!(diesel::sql_query(update).execute(&mut conn).await.unwrap(), 0);
    }
    set(&mut conn, AREA, HOSPITAL).await;
    let moved =
        diesel::sql_query(format!("UPDATE bills SET institution_code = '{CLINIC}'")).execute(&mut conn).await;
    assert!(moved.unwrap_err().to_string().contains("row-level security"));
    let deleted = diesel::sql_query("DELETE FROM bills").execute(&mut conn).await;
    assert!(deleted.unwrap_err().to_string().contains("only takes new rows"));
}
