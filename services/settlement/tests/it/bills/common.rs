use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures::stream;
use medfund_db::{Call, Caller, Database};
use medfund_proto::auth::v1::Role;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::bill_service_client::BillServiceClient;
use medfund_proto::settlement::v1::bill_service_server::BillServiceServer;
use medfund_server::{CancellationToken, Config, Server, limited};
use medfund_settlement::MIGRATIONS;
use medfund_settlement::app::Stages;
use medfund_settlement::app::bills::Bills;
use medfund_settlement::grpc::bills::BillGrpc;
use medfund_testkit::{AREA, TestChannel, TestService};
use sha2::{Digest, Sha256};
use tonic::Status;
use tonic_types::StatusExt;
use uuid::Uuid;

pub(crate) const HOSPITAL: &str = "H44070300001";
pub(crate) const CLINIC: &str = "H44070300002";
const PACK: &[u8] = include_bytes!("../../../../../policies/jiangmen-2016.toml");

pub(crate) type Client = BillServiceClient<TestChannel>;

pub(crate) async fn serve(
    config: Config,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let database = Database::connect(&config.database()?).await?;
    let bills = BillServiceServer::new(BillGrpc::new(Bills::new(&database, Stages::default())));
    let server =
        Server::builder(config.clone()).database(&database).add_service(limited!(bills, config.limits));
    server.run(stop).await?;
    Ok(())
}

/// The service, its area's calendar at the end of January 2017, the fund year 2017 open.
pub(crate) async fn start() -> TestService {
    let service = start_unopened().await;
    let mut conn = service.database().raw_admin().await;
    let hash = medfund_policy::PackHash::of(PACK).to_string();
    for statement in [
        format!("INSERT INTO calendars VALUES ('{AREA}', '2017-01-31')"),
        format!(
            "INSERT INTO packs VALUES ('{AREA}', '{hash}', 'jiangmen-2016', decode('{}', 'hex'))",
            hex::encode(PACK)
        ),
        format!("INSERT INTO fund_years VALUES ('{AREA}', 2017, '{hash}', '{{440703}}')"),
        institution_row(HOSPITAL),
        institution_row(CLINIC),
    ] {
        diesel::sql_query(statement).execute(&mut conn).await.unwrap();
    }
    service
}

fn institution_row(code: &str) -> String {
    format!(
        "INSERT INTO institutions VALUES ('{AREA}', '{code}', '一院', '440703', 2, 'general', false, true)"
    )
}

/// Tells the service of the two institutions.
pub(crate) async fn institutions(service: &TestService) {
    let mut conn = service.database().raw_admin().await;
    for code in [HOSPITAL, CLINIC] {
        diesel::sql_query(institution_row(code)).execute(&mut conn).await.unwrap();
    }
}

/// The service in an area that has not begun.
pub(crate) async fn start_unopened() -> TestService {
    TestService::builder("settlement", MIGRATIONS).start(serve).await
}

pub(crate) fn hospital(service: &TestService) -> Client {
    BillServiceClient::new(service.as_institution(HOSPITAL))
}

pub(crate) fn officer(service: &TestService) -> Client {
    BillServiceClient::new(service.as_role(Role::AgencyOfficer))
}

pub(crate) fn day(year: i32, month: i32, day: i32) -> Option<Date> {
    Some(Date { year, month, day })
}

/// January 2017.
pub(crate) fn january() -> Option<Date> {
    day(2017, 1, 0)
}

/// The `n`-th good inpatient bill of the hospital.
pub(crate) fn line(n: i64) -> pb::BillLine {
    pb::BillLine {
        setl_id: format!("S{n:07}"),
        mdtrt_id: format!("M{n:07}"),
        psn_no: format!("P{:05}", n / 2),
        insutype: if n % 3 == 0 { "390" } else { "310" }.to_owned(),
        med_type: "21".to_owned(),
        fixmedins_code: HOSPITAL.to_owned(),
        begndate: day(2017, 1, 3),
        enddate: day(2017, 1, 11),
        setl_time: day(2017, 1, 12),
        ipt_days: 8,
        dscg_way: "1".to_owned(),
        dise_codg: "I10.x00x002".to_owned(),
        dise_name: "高血压病".to_owned(),
        oprn_oprt_code: String::new(),
        medfee_sumamt_fen: 1_000_000,
        fulamt_ownpay_amt_fen: 50_000,
        inscp_scp_amt_fen: 900_000,
        hifp_pay_fen: 700_000 + n,
        oth_pay_fen: 20_000,
        hosp_part_amt_fen: 0,
        acct_pay_fen: 80_000,
        psn_cash_pay_fen: 200_000 - n,
        refd_setl_flag: 0,
        ..pb::BillLine::default()
    }
}

pub(crate) fn lines(n: i64) -> Vec<pb::BillLine> {
    (1..=n).map(line).collect()
}

/// What a hospital would take for its file's digest.
pub(crate) fn digest_of(lines: &[pb::BillLine]) -> String {
    let bytes = lines.iter().flat_map(prost::Message::encode_length_delimited_to_vec).collect::<Vec<u8>>();
    hex::encode(Sha256::digest(bytes))
}

pub(crate) fn start_request(lines: &[pb::BillLine]) -> pb::StartUploadRequest {
    pb::StartUploadRequest {
        parent: format!("areas/{AREA}"),
        institution_code: HOSPITAL.to_owned(),
        settlement_month: january(),
        file_digest: digest_of(lines),
        n_lines: i64::try_from(lines.len()).unwrap(),
        request_id: new_id(),
    }
}

pub(crate) fn new_id() -> String {
    Uuid::now_v7().to_string()
}

pub(crate) async fn begin(client: &mut Client, lines: &[pb::BillLine]) -> Result<pb::Upload, Status> {
    Ok(client.start_upload(start_request(lines)).await?.into_inner().upload.unwrap())
}

pub(crate) fn chunk(upload: &str, first_line: i64, bills: &[pb::BillLine]) -> pb::UploadBillsRequest {
    pb::UploadBillsRequest { upload: upload.to_owned(), first_line, bills: bills.to_vec() }
}

/// The chunks of lines that are sent from `first_line` on, `size` lines each.
pub(crate) fn chunks(
    upload: &pb::Upload,
    lines: &[pb::BillLine],
    size: usize,
) -> Vec<pb::UploadBillsRequest> {
    let done = usize::try_from(upload.next_line - 1).unwrap();
    let starts = (upload.next_line..).step_by(size);
    lines[done..].chunks(size).zip(starts).map(|(bills, first)| chunk(&upload.name, first, bills)).collect()
}

pub(crate) async fn send(
    client: &mut Client,
    chunks: Vec<pb::UploadBillsRequest>,
) -> Result<pb::Upload, Status> {
    Ok(client.upload_bills(stream::iter(chunks)).await?.into_inner().upload.unwrap())
}

pub(crate) async fn finish(client: &mut Client, upload: &str) -> Result<pb::Upload, Status> {
    let request = pb::FinishUploadRequest { name: upload.to_owned(), request_id: new_id() };
    Ok(client.finish_upload(request).await?.into_inner().upload.unwrap())
}

pub(crate) async fn get_upload(client: &mut Client, name: &str) -> Result<pb::Upload, Status> {
    let request = pb::GetUploadRequest { name: name.to_owned() };
    Ok(client.get_upload(request).await?.into_inner().upload.unwrap())
}

/// Sends a whole file.
pub(crate) async fn upload(client: &mut Client, lines: &[pb::BillLine]) -> Result<pb::Upload, Status> {
    let upload = begin(client, lines).await?;
    let chunks = chunks(&upload, lines, 3);
    send(client, chunks).await?;
    finish(client, &upload.name).await
}

/// Sends all lines of an upload that was begun.
pub(crate) async fn upload_of(
    client: &mut Client,
    upload: &pb::Upload,
    lines: &[pb::BillLine],
) -> Result<pb::Upload, Status> {
    send(client, chunks(upload, lines, 500)).await?;
    finish(client, &upload.name).await
}

/// All errors of an upload, as line, field and reason.
pub(crate) async fn errors(client: &mut Client, upload: &str) -> Vec<(i64, String, String)> {
    let mut page_token = String::new();
    let mut found = Vec::new();
    loop {
        let request = pb::ListUploadErrorsRequest { parent: upload.to_owned(), page_size: 0, page_token };
        let page = client.list_upload_errors(request).await.unwrap().into_inner();
        found.extend(page.errors.into_iter().map(|e| (e.line_number, e.field, e.reason)));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}

/// The reason of a refusal.
pub(crate) fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

/// A number in the metadata of a refusal.
pub(crate) fn metadata(status: &Status, key: &str) -> String {
    status.get_error_details().error_info().unwrap().metadata[key].clone()
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

pub(crate) async fn count(service: &TestService, from: &str) -> i64 {
    count_on(&mut service.database().raw_admin().await, from).await.unwrap()
}

pub(crate) async fn count_on(conn: &mut AsyncPgConnection, from: &str) -> diesel::QueryResult<i64> {
    let row: Count = diesel::sql_query(format!("SELECT count(*) AS n FROM {from}")).get_result(conn).await?;
    Ok(row.n)
}

/// A call of an officer, for what no RPC of bills does.
pub(crate) fn officers_call() -> Call {
    Call {
        caller: Caller {
            subject: "officer".to_owned(),
            roles: vec![Role::AgencyOfficer.into()],
            area: Some(AREA.parse().unwrap()),
            institution: None,
        },
        area: AREA.parse().unwrap(),
        method: "medfund.settlement.v1.SettlementService/StartMonthSettlement",
        request_id: Uuid::now_v7(),
        digest: [0; 32],
        instant: "2017-02-01T00:00:00Z".parse().unwrap(),
        dry_run: false,
    }
}
