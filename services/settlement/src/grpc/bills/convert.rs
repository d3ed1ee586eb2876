use std::sync::Arc;

use medfund_db::Call;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::upload::State;
use medfund_server::convert::{
    kind_of_care_to_pb, page_cursor, page_size, request_id, settlement_month, settlement_month_to_pb, sha256,
    timestamp_to_pb, uuid,
};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, InstitutionCode, SettlementMonth};
use tonic::Status;
use uuid::Uuid;

use super::line::{line_from_pb, line_to_pb};
use crate::app::bills::{BillPage, StartUpload, TakeChunk, WithdrawBill};
use crate::domain::bills::BillCodes;
use crate::domain::upload::{Upload, UploadState};
use crate::grpc::scope;
use crate::store::bills::StoredBill;
use crate::store::upload_errors::StoredError;

const UPLOAD_NAME: &str = "areas/{area}/uploads/{upload}";
const MAX_CHUNK: usize = 2_000;
const MAX_LINES: i64 = 5_000_000;
const MAX_REASON_CHARS: usize = 200;

pub(super) fn start_upload(
    context: &Context,
    request: &pb::StartUploadRequest,
) -> Result<StartUpload, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let institution =
        bad.take("institution_code", scope::own_institution(context, &request.institution_code));
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    let file_digest = bad.take("file_digest", sha256(&request.file_digest));
    let n_lines = bad.take("n_lines", n_lines(request.n_lines));
    let request_id = bad.take("request_id", request_id(&request.request_id));
    bad.finish(|| {
        Some(StartUpload {
            call: context.call(area?, request_id?, false),
            institution: institution?,
            month: month?,
            file_digest: file_digest?,
            n_lines: n_lines?,
        })
    })
}

fn n_lines(n: i64) -> Result<i64, &'static str> {
    if (1..=MAX_LINES).contains(&n) { Ok(n) } else { Err("must be from 1 to 5,000,000") }
}

/// The status of a stream that ends before its first chunk.
pub(super) fn no_chunk() -> Status {
    let mut bad = Violations::default();
    bad.add("bills", "must be given");
    bad.into()
}

/// Which upload a stream is for, by its first chunk.
pub(super) fn upload_of_stream(
    context: &Context,
    chunk: &pb::UploadBillsRequest,
) -> Result<(Area, Uuid), Violations> {
    upload_name(context, "upload", &chunk.upload)
}

pub(super) fn upload_name(context: &Context, field: &str, name: &str) -> Result<(Area, Uuid), Violations> {
    let mut bad = Violations::default();
    let key = bad.take(field, upload_key(context, name));
    bad.finish(|| key)
}

fn upload_key(context: &Context, name: &str) -> Result<(Area, Uuid), FieldProblem> {
    let name = context.name::<1>(UPLOAD_NAME, name)?;
    Ok((name.area, uuid(name.ids[0])?))
}

pub(super) fn take_chunk(
    context: &Context,
    (area, upload_id): (&Area, Uuid),
    chunk: pb::UploadBillsRequest,
    codes: Arc<BillCodes>,
) -> Result<TakeChunk, Violations> {
    let mut bad = Violations::default();
    if upload_key(context, &chunk.upload) != Ok((area.clone(), upload_id)) {
        bad.add("upload", "must be the same in every chunk of a stream");
    }
    if chunk.first_line < 1 || chunk.first_line > MAX_LINES {
        bad.add("first_line", "must be from 1 to 5,000,000");
    }
    if chunk.bills.is_empty() || chunk.bills.len() > MAX_CHUNK {
        bad.add("bills", "must be 1 to 2,000 in a chunk");
    }
    bad.finish(|| {
        Some(TakeChunk {
            call: context.call_of_part(area.clone(), upload_id, &chunk),
            upload_id,
            first_line: chunk.first_line,
            lines: chunk.bills.into_iter().map(line_from_pb).collect(),
            codes,
        })
    })
}

pub(super) fn change_upload(context: &Context, name: &str, id: &str) -> Result<(Call, Uuid), Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", upload_key(context, name));
    let request_id = bad.take("request_id", request_id(id));
    bad.finish(|| {
        let (area, upload_id) = key?;
        Some((context.call(area, request_id?, false), upload_id))
    })
}

/// What a page of errors is asked of.
pub(super) struct ErrorQuery {
    pub(super) area: Area,
    pub(super) upload_id: Uuid,
    pub(super) after: (i64, i16),
    pub(super) size: usize,
}

pub(super) fn list_upload_errors(
    context: &Context,
    request: &pb::ListUploadErrorsRequest,
) -> Result<ErrorQuery, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("parent", upload_key(context, &request.parent));
    let size = bad.take("page_size", page_size(request.page_size));
    let after = bad.take("page_token", page_cursor(&request.page_token, &[&request.parent]));
    bad.finish(|| {
        let (area, upload_id) = key?;
        Some(ErrorQuery { area, upload_id, after: after?.unwrap_or((0, 0)), size: size? })
    })
}

pub(super) fn bill_name(
    context: &Context,
    name: &str,
) -> Result<(Area, InstitutionCode, String), Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", scope::bill(context, name));
    bad.finish(|| key)
}

/// What a page of bills is asked of, and what its token is bound to.
pub(super) fn list_bills(
    context: &Context,
    request: &pb::ListBillsRequest,
) -> Result<(BillPage, [String; 2]), Violations> {
    let mut bad = Violations::default();
    let parent = bad.take("parent", scope::institution(context, &request.parent));
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    let bound_to = [request.parent.clone(), month.map(|m| m.to_string()).unwrap_or_default()];
    let limit = bad.take("page_size", page_size(request.page_size));
    let after = bad.take("page_token", page_cursor(&request.page_token, &[&bound_to[0], &bound_to[1]]));
    bad.finish(|| {
        let (area, institution) = parent?;
        let after = after?.unwrap_or_default();
        Some((BillPage { area, institution, month: month?, after, limit: limit? }, bound_to))
    })
}

pub(super) fn export_bills(
    context: &Context,
    request: &pb::ExportBillsRequest,
) -> Result<(Area, Option<InstitutionCode>, SettlementMonth), Violations> {
    let mut bad = Violations::default();
    let parent = bad.take("parent", scope::area_or_institution(context, &request.parent));
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    bad.finish(|| {
        let (area, institution) = parent?;
        Some((area, institution, month?))
    })
}

pub(super) fn withdraw_bill(
    context: &Context,
    request: &pb::WithdrawBillRequest,
) -> Result<WithdrawBill, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", scope::bill(context, &request.name));
    let reason = bad.take("reason", reason(&request.reason));
    let request_id = bad.take("request_id", request_id(&request.request_id));
    bad.finish(|| {
        let (area, institution, setl_id) = key?;
        let call = context.call(area, request_id?, false);
        Some(WithdrawBill { call, institution, setl_id, reason: reason? })
    })
}

fn reason(text: &str) -> Result<String, &'static str> {
    let well_formed =
        (1..=MAX_REASON_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err("must be 1 to 200 characters, none of them a control character")
    }
}

pub(super) fn upload_to_pb(upload: &Upload) -> pb::Upload {
    let state = match upload.state {
        UploadState::Open => State::Open,
        UploadState::Finished => State::Finished,
        UploadState::Abandoned => State::Abandoned,
    };
    pb::Upload {
        name: format!("areas/{}/uploads/{}", upload.area, upload.upload_id),
        institution_code: upload.institution.to_string(),
        settlement_month: Some(settlement_month_to_pb(upload.month)),
        file_digest: hex::encode(upload.file_digest),
        n_lines: upload.n_lines,
        state: state.into(),
        next_line: upload.next_line(),
        n_accepted: upload.counts.n_accepted,
        n_already_there: upload.counts.n_already_there,
        n_refused: upload.counts.n_refused,
        n_errors: upload.counts.n_errors,
        accepted_hifp_pay_fen: upload.counts.accepted_hifp_pay_fen,
        create_time: Some(timestamp_to_pb(upload.create_time)),
        update_time: Some(timestamp_to_pb(upload.update_time)),
    }
}

pub(super) fn error_to_pb(error: StoredError) -> pb::UploadError {
    let StoredError { line_number, ordinal: _, setl_id, field, reason, message } = error;
    pb::UploadError { line_number, setl_id, field, reason, message }
}

pub(super) fn bill_to_pb(area: &Area, bill: StoredBill) -> pb::Bill {
    let StoredBill {
        line,
        month,
        fund_line,
        kind_of_care,
        upload_id,
        line_number,
        create_time,
        withdrawn,
        group,
    } = bill;
    let (withdraw_time, withdraw_reason) = withdrawn.unzip();
    pb::Bill {
        name: format!("areas/{area}/institutions/{}/bills/{}", line.fixmedins_code, line.setl_id),
        line: Some(line_to_pb(line)),
        settlement_month: Some(settlement_month_to_pb(month)),
        fund_line: fund_line.to_string(),
        kind_of_care: kind_of_care_to_pb(kind_of_care).into(),
        upload: format!("areas/{area}/uploads/{upload_id}"),
        line_number,
        create_time: Some(timestamp_to_pb(create_time)),
        withdraw_time: withdraw_time.map(timestamp_to_pb),
        withdraw_reason: withdraw_reason.unwrap_or_default(),
        drg_outcome: group.as_ref().map(|group| group.outcome.to_string()).unwrap_or_default(),
        scheme_hash: group.as_ref().map(|group| group.scheme_hash.clone()).unwrap_or_default(),
        drg: group.map(|group| group.drg).unwrap_or_default(),
    }
}
