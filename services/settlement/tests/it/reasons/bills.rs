use futures::{StreamExt, stream};
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{AREA, Refusals, TestService};
use tokio::sync::oneshot;
use tonic::{Code, Response};

use crate::bills::common::*;
use crate::year::support::PACKAGE;

pub(super) const RPCS: [&str; 8] = [
    "StartUpload",
    "UploadBills",
    "FinishUpload",
    "AbandonUpload",
    "GetUpload",
    "ListUploadErrors",
    "GetBill",
    "WithdrawBill",
];

#[tokio::test(flavor = "multi_thread")]
async fn uploads_and_bills_are_refused_for_every_documented_reason() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);

    before_the_year(&mut refusals).await;
    let service = start().await;
    unknown(&service, &mut refusals).await;
    out_of_turn(&service, &mut refusals).await;
    too_many(&service, &mut refusals).await;
    closed(&service, &mut refusals).await;

    println!("{} refusals of bills are as documented", refusals.all_provoked());
}

fn upload_bills(
    refusals: &mut Refusals,
    answer: Result<pb::Upload, tonic::Status>,
    code: Code,
    reason: &str,
) {
    refusals.expect("upload_bills", answer.map(Response::new), code, reason);
}

async fn before_the_year(refusals: &mut Refusals) {
    let service = start_unopened().await;
    let mut client = hospital(&service);
    let request = || start_request(&lines(1));
    refuse!(refusals, client.start_upload(request()), FailedPrecondition / "INSTITUTION_UNKNOWN");
    institutions(&service).await;
    refuse!(refusals, client.start_upload(request()), FailedPrecondition / "CALENDAR_NOT_OPEN");
}

async fn unknown(service: &TestService, refusals: &mut Refusals) {
    let mut client = hospital(service);
    let name = || format!("areas/{AREA}/uploads/{}", new_id());
    let finish = pb::FinishUploadRequest { name: name(), request_id: new_id() };
    let abandon = pb::AbandonUploadRequest { name: name(), request_id: new_id() };
    let errors = pb::ListUploadErrorsRequest { parent: name(), ..Default::default() };
    let sent = send(&mut client, vec![chunk(&name(), 1, &lines(1))]).await;
    upload_bills(refusals, sent, Code::NotFound, "UPLOAD_NOT_FOUND");
    upload_bills(refusals, send(&mut client, vec![]).await, Code::InvalidArgument, "BAD_REQUEST");
    refuse!(refusals, client.finish_upload(finish), NotFound / "UPLOAD_NOT_FOUND");
    refuse!(refusals, client.abandon_upload(abandon), NotFound / "UPLOAD_NOT_FOUND");
    refuse!(
        refusals,
        client.get_upload(pb::GetUploadRequest { name: name() }),
        NotFound / "UPLOAD_NOT_FOUND"
    );
    refuse!(refusals, client.list_upload_errors(errors), NotFound / "UPLOAD_NOT_FOUND");
    let name = bill("S1");
    refuse!(refusals, client.get_bill(pb::GetBillRequest { name }), NotFound / "BILL_NOT_FOUND");
    refuse!(refusals, client.withdraw_bill(withdraw("S1")), NotFound / "BILL_NOT_FOUND");
    let february = pb::StartUploadRequest { settlement_month: day(2017, 2, 0), ..start_request(&lines(1)) };
    refuse!(refusals, client.start_upload(february), FailedPrecondition / "MONTH_IN_FUTURE");
    let before = pb::StartUploadRequest { settlement_month: day(2016, 12, 0), ..start_request(&lines(1)) };
    refuse!(refusals, client.start_upload(before), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
}

fn bill(setl_id: &str) -> String {
    format!("areas/{AREA}/institutions/{HOSPITAL}/bills/{setl_id}")
}

fn withdraw(setl_id: &str) -> pb::WithdrawBillRequest {
    pb::WithdrawBillRequest { name: bill(setl_id), reason: "误传".to_owned(), request_id: new_id() }
}

async fn out_of_turn(service: &TestService, refusals: &mut Refusals) {
    let mut client = hospital(service);
    let lines = lines(3);
    let request = start_request(&lines);
    let upload = client.start_upload(request.clone()).await.unwrap().into_inner().upload.unwrap();
    let name = upload.name.as_str();
    let differs = pb::StartUploadRequest { n_lines: 4, ..start_request(&lines) };
    refuse!(refusals, client.start_upload(differs), FailedPrecondition / "UPLOAD_DIFFERS");
    let mut clinic = pb::bill_service_client::BillServiceClient::new(service.as_institution(CLINIC));
    let taken = pb::StartUploadRequest { institution_code: CLINIC.to_owned(), ..request };
    refuse!(refusals, clinic.start_upload(taken), AlreadyExists / "UPLOAD_EXISTS");

    let gap = send(&mut client, vec![chunk(name, 2, &lines[1..])]).await;
    upload_bills(refusals, gap, Code::FailedPrecondition, "UPLOAD_GAP");
    let long = send(&mut client, vec![chunk(name, 1, &crate::bills::common::lines(4))]).await;
    upload_bills(refusals, long, Code::FailedPrecondition, "UPLOAD_TOO_LONG");
    let long_file = pb::StartUploadRequest { n_lines: 10_001, ..start_request(&lines[..2]) };
    let long_file = client.start_upload(long_file).await.unwrap().into_inner().upload.unwrap().name;
    let small = send(&mut client, vec![chunk(&long_file, 1, &lines[..1])]).await;
    upload_bills(refusals, small, Code::FailedPrecondition, "UPLOAD_PART_TOO_SMALL");
    let finish = || pb::FinishUploadRequest { name: name.to_owned(), request_id: new_id() };
    refuse!(refusals, client.finish_upload(finish()), FailedPrecondition / "UPLOAD_INCOMPLETE");
    upload_of(&mut client, &upload, &lines).await.unwrap();
    refuse!(refusals, client.finish_upload(finish()), FailedPrecondition / "UPLOAD_NOT_OPEN");
    let abandon = pb::AbandonUploadRequest { name: name.to_owned(), request_id: new_id() };
    refuse!(refusals, client.abandon_upload(abandon), FailedPrecondition / "UPLOAD_NOT_OPEN");
    let late = send(&mut client, vec![chunk(name, 3, &lines[2..])]).await;
    upload_bills(refusals, late, Code::FailedPrecondition, "UPLOAD_NOT_OPEN");
    client.withdraw_bill(withdraw("S0000001")).await.unwrap();
    let again = withdraw("S0000001");
    refuse!(refusals, client.withdraw_bill(again), FailedPrecondition / "BILL_ALREADY_WITHDRAWN");
}

/// More streams send than there is room for: one of them is told so, and the others wait until it was.
async fn too_many(service: &TestService, refusals: &mut Refusals) {
    let mut client = hospital(service);
    let upload = begin(&mut client, &lines(1)).await.unwrap();
    let (mut senders, mut waiting) = (Vec::new(), Vec::new());
    for _ in 0..64 {
        let (sender, receiver) = oneshot::channel::<()>();
        let (mut client, first) = (client.clone(), chunk(&upload.name, 1, &lines(1)));
        let never = stream::once(async move {
            receiver.await.ok();
            chunk("", 0, &[])
        });
        let sent = stream::iter(vec![first]).chain(never);
        senders.push(sender);
        waiting.push(tokio::spawn(async move { client.upload_bills(sent).await }));
    }
    let (first_ended, _, rest) = futures::future::select_all(waiting).await;
    refusals.expect("upload_bills", first_ended.unwrap(), Code::ResourceExhausted, "TOO_MANY_UPLOADS");
    rest.iter().for_each(tokio::task::JoinHandle::abort);
}

async fn closed(service: &TestService, refusals: &mut Refusals) {
    let mut client = hospital(service);
    let open = begin(&mut client, &lines(5)).await.unwrap();
    let close = "UPDATE bill_months SET close_time = now()";
    let mut conn = service.database().raw_admin().await;
    diesel_async::RunQueryDsl::execute(diesel::sql_query(close), &mut conn).await.unwrap();
    let start = start_request(&lines(2));
    refuse!(refusals, client.start_upload(start), FailedPrecondition / "MONTH_CLOSED");
    let sent = send(&mut client, vec![chunk(&open.name, 1, &lines(5))]).await;
    upload_bills(refusals, sent, Code::FailedPrecondition, "MONTH_CLOSED");
    refuse!(refusals, client.withdraw_bill(withdraw("S0000002")), FailedPrecondition / "MONTH_CLOSED");
}
