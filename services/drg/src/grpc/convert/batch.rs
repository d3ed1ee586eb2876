use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::batch::State;
use medfund_proto::drg::v1::batch_error::Level;
use medfund_server::convert::{split_page, timestamp_to_pb};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, InstitutionCode};
use uuid::Uuid;

use super::choice::by;
use super::{
    Named, call, changed, crosswalk_name_to_pb, id_named, listed, named, page_of, read, scheme_name_to_pb,
};
use crate::app::Read;
use crate::app::batches::cancel_batch::CancelBatch;
use crate::app::batches::finish_upload::FinishUpload;
use crate::app::batches::start_batch::StartBatch;
use crate::app::batches::take_part::TakePart;
use crate::domain::batch::{Batch, BatchState, FaultLevel};
use crate::store::Page;
use crate::store::batch_errors::{ErrorKey, StoredError};
use crate::store::batch_parts::Part;
use crate::store::batches::BatchKey;

const BATCH: &str = "areas/{area}/batches/{batch}";

/// The most bytes of a file.
const MAX_BYTES: i64 = 8 << 30;

/// The most bytes of a part.
const MAX_PART: usize = 1 << 20;

/// For how many days a batch is kept whose starter does not say, and at most.
const USUAL_DAYS: i32 = 30;
const MOST_DAYS: i32 = 366;

fn batch_name(context: &Context, name: &str) -> Named<Uuid> {
    id_named(context, BATCH, name)
}

pub(in crate::grpc) fn start_batch(
    context: &Context,
    request: &pb::StartBatchRequest,
) -> Result<StartBatch, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let institution = bad.take("institution_code", institution(context, &request.institution_code));
    let by = by(&mut bad, context, request.scheme_choice.as_ref(), &request.crosswalk);
    let file_digest = bad.take("file_digest", request.file_digest.parse());
    let n_bytes = bad.take("n_bytes", within(1..=MAX_BYTES, request.n_bytes, "must be 1 to 8 GiB"));
    let days = if request.keep_days == 0 { USUAL_DAYS } else { request.keep_days };
    let keep_days = bad.take("keep_days", within(1..=MOST_DAYS, days, "must be 1 to 366, or 0"));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id);
    bad.finish(|| {
        Some(StartBatch {
            call: call?,
            institution: institution?,
            by: by?,
            check_quality: request.check_quality,
            file_digest: file_digest?,
            n_bytes: n_bytes?,
            keep_days: keep_days?,
        })
    })
}

/// Whose file it is: an institution names itself, an agency one or none.
fn institution(context: &Context, code: &str) -> Result<Option<InstitutionCode>, FieldProblem> {
    if code.is_empty() && context.caller().institution.is_none() {
        return Ok(None);
    }
    let institution: InstitutionCode = code.parse()?;
    context.owns_institution(&institution)?;
    Ok(Some(institution))
}

fn within<N: PartialOrd>(
    range: std::ops::RangeInclusive<N>,
    number: N,
    told: &'static str,
) -> Result<N, &'static str> {
    if range.contains(&number) { Ok(number) } else { Err(told) }
}

/// Which batch a stream is for, by its first message.
pub(in crate::grpc) fn batch_of_stream(
    context: &Context,
    first: &pb::UploadCasesRequest,
) -> Result<(Area, Uuid), Violations> {
    let mut bad = Violations::default();
    let key = bad.take("batch", batch_name(context, &first.batch));
    bad.finish(|| key)
}

pub(in crate::grpc) fn take_part(
    context: &Context,
    key: &(Area, Uuid),
    part: pb::UploadCasesRequest,
) -> Result<TakePart, Violations> {
    let mut bad = Violations::default();
    if batch_name(context, &part.batch).as_ref() != Ok(key) {
        bad.add("batch", "must be the same in every message of a stream");
    }
    if !(0..=MAX_BYTES).contains(&part.offset) {
        bad.add("offset", "must be 0 to 8 GiB");
    }
    if part.content.is_empty() || part.content.len() > MAX_PART {
        bad.add("content", "must be 1 to 1,048,576 bytes");
    }
    bad.finish(|| {
        let (area, batch_id) = key.clone();
        let call = context.call_of_part(area, batch_id, &part);
        Some(TakePart { call, batch_id, offset: part.offset, content: part.content })
    })
}

pub(in crate::grpc) fn finish_upload(
    context: &Context,
    request: &pb::FinishUploadRequest,
) -> Result<FinishUpload, Violations> {
    let (call, batch_id) = changed(context, batch_name(context, &request.name), &request.request_id)?;
    Ok(FinishUpload { call, batch_id })
}

pub(in crate::grpc) fn cancel_batch(
    context: &Context,
    request: &pb::CancelBatchRequest,
) -> Result<CancelBatch, Violations> {
    let (call, batch_id) = changed(context, batch_name(context, &request.name), &request.request_id)?;
    Ok(CancelBatch { call, batch_id })
}

pub(in crate::grpc) fn get_batch(
    context: &Context,
    request: &pb::GetBatchRequest,
) -> Result<(Read, Uuid), Violations> {
    named(context, "name", batch_name(context, &request.name))
}

pub(in crate::grpc) fn list_batches(
    context: &Context,
    request: &pb::ListBatchesRequest,
) -> Result<(Read, Page<BatchKey>), Violations> {
    listed(context, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn list_batch_errors(
    context: &Context,
    request: &pb::ListBatchErrorsRequest,
) -> Result<(Read, Uuid, Page<ErrorKey>), Violations> {
    page_of(context, batch_name, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn get_batch_answers(
    context: &Context,
    request: &pb::GetBatchAnswersRequest,
) -> Result<(Read, Uuid, i64), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", batch_name(context, &request.name));
    let offset = bad.take("offset", within(0..=i64::MAX, request.offset, "must not be below 0"));
    bad.finish(|| {
        let (area, batch_id) = name?;
        Some((read(context, area), batch_id, offset?))
    })
}

pub(in crate::grpc) fn batches_to_pb(
    batches: Vec<Batch>,
    size: usize,
    request: &pb::ListBatchesRequest,
) -> pb::ListBatchesResponse {
    let key = |batch: &Batch| (batch.create_time, batch.batch_id);
    let (batches, next_page_token) = split_page(batches, size, key, &[&request.parent]);
    pb::ListBatchesResponse { batches: batches.iter().map(batch_to_pb).collect(), next_page_token }
}

pub(in crate::grpc) fn batch_errors_to_pb(
    errors: Vec<StoredError>,
    size: usize,
    request: &pb::ListBatchErrorsRequest,
) -> pb::ListBatchErrorsResponse {
    let key = |error: &StoredError| (error.line, error.ordinal);
    let (errors, next_page_token) = split_page(errors, size, key, &[&request.parent]);
    pb::ListBatchErrorsResponse { errors: errors.into_iter().map(error_to_pb).collect(), next_page_token }
}

pub(in crate::grpc) fn answers_to_pb(part: Part) -> pb::GetBatchAnswersResponse {
    pb::GetBatchAnswersResponse { offset: part.begins_at, content: part.content }
}

pub(in crate::grpc) fn batch_to_pb(batch: &Batch) -> pb::Batch {
    let state = match batch.state {
        BatchState::Uploading => State::Uploading,
        BatchState::Grouping => State::Grouping,
        BatchState::Finished => State::Finished,
        BatchState::Failed => State::Failed,
        BatchState::Cancelled => State::Cancelled,
        BatchState::Expired => State::Expired,
    };
    let text = |text: Option<String>| text.unwrap_or_default();
    pb::Batch {
        name: format!("areas/{}/batches/{}", batch.area, batch.batch_id),
        institution_code: text(batch.institution.as_ref().map(ToString::to_string)),
        scheme: scheme_name_to_pb(&batch.area, &batch.scheme),
        check_quality: batch.check_quality,
        file_digest: batch.file_digest.to_string(),
        n_bytes: batch.n_bytes,
        state: state.into(),
        next_offset: batch.next_offset,
        n_bytes_answered: batch.progress.offset,
        n_lines: batch.progress.n_lines,
        n_cases: batch.counts.n_cases,
        n_grouped: batch.counts.n_grouped,
        n_blocked: batch.counts.n_blocked,
        n_refused: batch.counts.n_refused,
        n_errors: batch.counts.n_errors,
        n_answer_bytes: batch.n_answer_bytes,
        answers_digest: text(batch.answers_digest.as_ref().map(ToString::to_string)),
        failure_zh: text(batch.failure.clone()),
        maker: batch.maker.clone(),
        create_time: Some(timestamp_to_pb(batch.create_time)),
        update_time: Some(timestamp_to_pb(batch.update_time)),
        expire_time: Some(timestamp_to_pb(batch.expire_time())),
        crosswalk: text(batch.crosswalk.as_ref().map(|hash| crosswalk_name_to_pb(&batch.area, hash))),
    }
}

fn error_to_pb(error: StoredError) -> pb::BatchError {
    let level = match error.level() {
        FaultLevel::Refused => Level::Refused,
        FaultLevel::Blocking => Level::Blocking,
        FaultLevel::Warning => Level::Warning,
    };
    pb::BatchError {
        line: error.line,
        case_id: error.case_id,
        level: level.into(),
        field: error.field,
        index: error.index,
        reason: error.reason,
        value: error.value,
        text_zh: error.text_zh,
    }
}
