use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{AREA, BadRequests, Refused, bad_requests};
use tonic::Response;
use uuid::Uuid;

use super::move_away;
use crate::bills::common::*;
use crate::year::support::{PARENT, Suite};

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    let mut hospital = suite.bills_of(HOSPITAL);
    uploads(&mut hospital, table).await;
    streams(suite, &mut hospital, table).await;
    endings(&mut hospital, table).await;
    reading(&mut hospital, table).await;
}

fn upload() -> String {
    format!("{PARENT}/uploads/{}", Uuid::now_v7())
}

async fn uploads(client: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, client.start_upload(start_request(&lines(1))), {
        "an area's code cut short": |r| r.parent = "areas/44".into() => ["parent"],
        "a collection for an area": |r| r.parent = format!("areas/{AREA}/uploads") => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "another institution": |r| r.institution_code = CLINIC.into() => Refused::not_found(),
        "no institution's code": |r| r.institution_code = "h1".into() => ["institution_code"],
        "no month": |r| r.settlement_month = None => ["settlement_month"],
        "a day for a month": |r| r.settlement_month = day(2017, 1, 1) => ["settlement_month"],
        "a thirteenth month": |r| r.settlement_month = day(2017, 13, 0) => ["settlement_month"],
        "a digest cut short": |r| r.file_digest = "ab".into() => ["file_digest"],
        "a digest in capitals": |r| r.file_digest = "AB".repeat(32) => ["file_digest"],
        "a digest with other letters": |r| r.file_digest = "zz".repeat(32) => ["file_digest"],
        "no lines": |r| r.n_lines = 0 => ["n_lines"],
        "fewer lines than none": |r| r.n_lines = -1 => ["n_lines"],
        "more lines than a file has": |r| r.n_lines = 5_000_001 => ["n_lines"],
        "no UUID": |r| r.request_id = "1".into() => ["request_id"],
        "the nil UUID": |r| r.request_id = Uuid::nil().to_string() => ["request_id"],
        "all fields empty": |r| *r = Default::default()
            => ["parent", "institution_code", "settlement_month", "file_digest", "n_lines", "request_id"],
    });
}

async fn streams(suite: &Suite, client: &mut Client, table: &mut BadRequests) {
    suite.date(2017, 1, 28).await;
    let name = begin(client, &lines(3)).await.unwrap().name;
    let other = name.as_str();
    table.good("upload_bills", &send(client, vec![chunk(&name, 1, &lines(1))]).await.map(Response::new));
    for (what, chunk, field) in [
        ("no upload", chunk("", 1, &lines(1)), "upload"),
        ("no name of an upload", chunk("x", 1, &lines(1)), "upload"),
        ("the name of a bill", chunk(&name.replace("uploads", "bills"), 1, &lines(1)), "upload"),
        ("a line before the first", chunk(other, 0, &lines(1)), "first_line"),
        ("a line below nothing", chunk(other, -7, &lines(1)), "first_line"),
        ("a line that no file has", chunk(other, i64::MAX, &lines(1)), "first_line"),
        ("no bills", chunk(other, 2, &[]), "bills"),
        ("more bills than a chunk holds", chunk(other, 1, &lines(2_001)), "bills"),
    ] {
        table.bad("upload_bills", what, send(client, vec![chunk]).await.map(Response::new), [field]);
    }
    table.bad("upload_bills", "no chunk", send(client, vec![]).await.map(Response::new), ["bills"]);
}

async fn endings(client: &mut Client, table: &mut BadRequests) {
    let finish = pb::FinishUploadRequest { name: upload(), request_id: new_id() };
    bad_requests!(table, client.finish_upload(finish), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no UUID for an upload": |r| r.name = format!("{PARENT}/uploads/1") => ["name"],
        "all fields empty": |r| *r = Default::default() => ["name", "request_id"],
    });
    let abandon = pb::AbandonUploadRequest { name: upload(), request_id: new_id() };
    bad_requests!(table, client.abandon_upload(abandon), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default() => ["name", "request_id"],
    });
    let name = format!("{PARENT}/institutions/{HOSPITAL}/bills/S1");
    let withdraw = pb::WithdrawBillRequest { name, reason: "误传".into(), request_id: new_id() };
    bad_requests!(table, client.withdraw_bill(withdraw), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "another institution": |r| r.name = r.name.replace(HOSPITAL, CLINIC) => Refused::not_found(),
        "no words": |r| r.reason.clear() => ["reason"],
        "too many words": |r| r.reason = "字".repeat(201) => ["reason"],
        "all fields empty": |r| *r = Default::default() => ["name", "reason", "request_id"],
    });
}

async fn reading(client: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, client.get_upload(pb::GetUploadRequest { name: upload() }), {
        "a name of no area": |r| r.name = "uploads/1".into() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    let errors = pb::ListUploadErrorsRequest { parent: upload(), ..Default::default() };
    bad_requests!(table, client.list_upload_errors(errors), {
        "a page below nothing": |r| r.page_size = -1 => ["page_size"],
        "a token that was never given": |r| r.page_token = "x".into() => ["page_token"],
        "both": |r| (r.page_size, r.page_token) = (-1, "x".into()) => ["page_size", "page_token"],
    });
    let parent = format!("{PARENT}/institutions/{HOSPITAL}");
    bad_requests!(table, client.get_bill(pb::GetBillRequest { name: format!("{parent}/bills/S1") }), {
        "no name": |r| r.name.clear() => ["name"],
        "another institution": |r| r.name = r.name.replace(HOSPITAL, CLINIC) => Refused::not_found(),
    });
    let list =
        pb::ListBillsRequest { parent: parent.clone(), settlement_month: january(), ..Default::default() };
    bad_requests!(table, client.list_bills(list), {
        "an area alone": |r| r.parent = PARENT.into() => ["parent"],
        "another institution": |r| r.parent = r.parent.replace(HOSPITAL, CLINIC) => Refused::not_found(),
        "nothing but a page below nothing": |r| *r = pb::ListBillsRequest { page_size: -1, ..Default::default() }
            => ["parent", "settlement_month", "page_size"],
    });
    let export = pb::ExportBillsRequest { parent, settlement_month: january() };
    bad_requests!(table, client.export_bills(export), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "all fields empty": |r| *r = Default::default() => ["parent", "settlement_month"],
    });
}
