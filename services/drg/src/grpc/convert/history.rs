use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::str::FromStr;

use medfund_db::Call;
use medfund_grouper::Grouper;
use medfund_grouper::batch::LONGEST_ID;
use medfund_money::{Fen, PositiveFen};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::historical_case::Grouping;
use medfund_proto::drg::v1::history::State;
use medfund_server::convert::{sha256, split_page, timestamp_to_pb};
use medfund_server::{Context, Violations};
use medfund_tariff::history::CostedCase;
use medfund_tariff::{GroupCode, MOST_FEN};
use medfund_types::Area;
use uuid::Uuid;

use super::case::case;
use super::{Named, call, changed, id_named, listed, named, page_of, scheme_name, scheme_name_to_pb};
use crate::app::Read;
use crate::app::history::start_history::StartHistory;
use crate::app::history::take_chunk::{Line, TakeChunk};
use crate::app::schemes::Loaded;
use crate::domain::grouping;
use crate::domain::history::{Fault, FieldFault, History};
use crate::store::Page;
use crate::store::histories::HistoryKey;
use crate::store::history_errors::{ErrorKey, StoredError};

const HISTORY: &str = "areas/{area}/histories/{history}";
const MAX_CHUNK: usize = 2_000;
const MAX_LINES: i64 = 5_000_000;
const MAX_STAY: i64 = 3_650;

pub(super) fn history_name(context: &Context, name: &str) -> Named<Uuid> {
    id_named(context, HISTORY, name)
}

pub(super) fn history_name_to_pb(area: &Area, id: Uuid) -> String {
    format!("areas/{area}/histories/{id}")
}

pub(in crate::grpc) fn start_history(
    context: &Context,
    request: &pb::StartHistoryRequest,
) -> Result<StartHistory, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let scheme = bad.take("scheme", scheme_name(context, &request.scheme));
    let file_digest = bad.take("file_digest", sha256(&request.file_digest));
    let n_lines = bad.take("n_lines", n_lines(request.n_lines));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id);
    bad.finish(|| {
        let (scheme, file_digest) = (scheme?.1, file_digest?);
        Some(StartHistory { call: call?, scheme, file_digest, n_lines: n_lines? })
    })
}

fn n_lines(n: i64) -> Result<i64, &'static str> {
    if (1..=MAX_LINES).contains(&n) { Ok(n) } else { Err("must be from 1 to 5,000,000") }
}

/// Which history a stream is for, by its first chunk.
pub(in crate::grpc) fn history_of_stream(
    context: &Context,
    first: &pb::UploadHistoryRequest,
) -> Result<(Read, Uuid), Violations> {
    named(context, "history", history_name(context, &first.history))
}

/// What the lines of a chunk are read with.
struct LineReader<'s> {
    grouper: Grouper<'s>,
    /// The codes that a case can have: groups, the ambiguous of each MDC, and that of a case in no group.
    known: HashSet<GroupCode>,
}

/// Takes a chunk of a history's stream, and groups what has no group.
///
/// - `loaded`: the history's scheme.
pub(in crate::grpc) fn take_chunk(
    context: &Context,
    (area, history): (&Area, Uuid),
    loaded: &Loaded,
    chunk: &pb::UploadHistoryRequest,
) -> Result<TakeChunk, Violations> {
    let mut bad = Violations::default();
    if history_name(context, &chunk.history) != Ok((area.clone(), history)) {
        bad.add("history", "must be the same in every chunk of a stream");
    }
    if chunk.first_line < 1 || chunk.first_line > MAX_LINES {
        bad.add("first_line", "must be from 1 to 5,000,000");
    }
    if chunk.cases.is_empty() || chunk.cases.len() > MAX_CHUNK {
        bad.add("cases", "must be 1 to 2,000 in a chunk");
    }
    bad.finish(|| {
        let mut reader = LineReader::new(loaded);
        Some(TakeChunk {
            call: context.call_of_part(area.clone(), history, chunk),
            history,
            first_line: chunk.first_line,
            lines: chunk.cases.iter().map(|line| reader.line(history, line)).collect(),
        })
    })
}

impl<'s> LineReader<'s> {
    fn new(loaded: &'s Loaded) -> Self {
        let known = loaded.groups().map(|(code, _)| code).chain(loaded.outside_groups()).collect();
        Self { grouper: Grouper::new(&loaded.scheme), known }
    }

    fn line(&mut self, history: Uuid, line: &pb::HistoricalCase) -> Line {
        let mut bad = Faults::default();
        bad.take("id", id(&line.id));
        let institution = bad.take("institution_code", given(&line.institution_code));
        let group = self.group(&mut bad, line.grouping.as_ref());
        let cost = within(1..=MOST_FEN, line.total_cost_fen)
            .map(|cost| PositiveFen::try_from(cost).expect("it was found positive"));
        let cost = bad.take("total_cost_fen", cost);
        let fund_paid = bad.take("fund_paid_fen", within(0..=i64::MAX, line.fund_paid_fen).map(Fen::new));
        if cost.zip(fund_paid).is_some_and(|(cost, fund_paid)| fund_paid > cost.get()) {
            bad.add("fund_paid_fen".to_owned(), Fault::FundAboveCost);
        }
        let fund_line = bad.take("fund_line", if_given(&line.fund_line));
        let n_days = bad.take("stay_days", within(1..=MAX_STAY, line.stay_days.into()));
        bad.finish(|| {
            let case = CostedCase {
                institution: institution?,
                fund_line: fund_line?,
                group: group?,
                cost: cost?,
                fund_paid: fund_paid?,
                n_days: u32::try_from(n_days?).expect("a stay is short"),
                has_died: line.died,
            };
            Some((Uuid::new_v5(&history, line.id.as_bytes()), case))
        })
    }

    fn group(&mut self, bad: &mut Faults, grouping: Option<&Grouping>) -> Option<GroupCode> {
        match grouping {
            Some(Grouping::Drg(code)) => bad.take("drg", self.known(code)),
            Some(Grouping::DrgCase(listed)) => {
                let id = if listed.id.is_empty() { "-".to_owned() } else { listed.id.clone() };
                let listed = pb::Case { id, ..listed.clone() };
                let mut malformed = Violations::default();
                let case = malformed.within("drg_case", |bad| case(bad, &listed));
                let case = match malformed.finish(|| case) {
                    Ok(case) => case,
                    Err(malformed) => {
                        let fields = malformed.into_problems().into_iter().map(|(field, _)| field);
                        fields.for_each(|field| bad.add(field, Fault::Unreadable));
                        return None;
                    }
                };
                let grouped = grouping::group(&mut self.grouper, &case, false);
                let answer = grouped.answer.expect("nothing keeps a case from being grouped but its quality");
                let code = answer.code(self.grouper.scheme());
                Some(code.parse().expect("a scheme's groups have such codes"))
            }
            None => bad.take("grouping", Err(Fault::Missing)),
        }
    }

    fn known(&self, code: &str) -> Result<GroupCode, Fault> {
        let code: GroupCode = given(code)?;
        if self.known.contains(&code) { Ok(code) } else { Err(Fault::UnknownGroup) }
    }
}

/// What is wrong with a line.
#[derive(Default)]
struct Faults(Vec<FieldFault>);

impl Faults {
    /// Takes a field's value, or notes what is wrong with it.
    fn take<T>(&mut self, field: &str, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|fault| self.add(field.to_owned(), fault)).ok()
    }

    fn add(&mut self, field: String, fault: Fault) {
        self.0.push(FieldFault { field, fault });
    }

    fn finish<T>(self, make: impl FnOnce() -> Option<T>) -> Result<T, Vec<FieldFault>> {
        if self.0.is_empty() {
            Ok(make().expect("what was taken without a fault is there"))
        } else {
            Err(self.0)
        }
    }
}

fn id(text: &str) -> Result<(), Fault> {
    match text.len() {
        0 => Err(Fault::Missing),
        1..=LONGEST_ID => Ok(()),
        _ => Err(Fault::Unreadable),
    }
}

fn given<T: FromStr>(text: &str) -> Result<T, Fault> {
    if text.is_empty() { Err(Fault::Missing) } else { text.parse().map_err(|_| Fault::Unreadable) }
}

fn if_given<T: FromStr>(text: &str) -> Result<Option<T>, Fault> {
    if text.is_empty() { Ok(None) } else { given(text).map(Some) }
}

fn within(range: RangeInclusive<i64>, number: i64) -> Result<i64, Fault> {
    if range.contains(&number) { Ok(number) } else { Err(Fault::OutOfRange(range)) }
}

pub(in crate::grpc) fn finish_history(
    context: &Context,
    request: &pb::FinishHistoryRequest,
) -> Result<(Call, Uuid), Violations> {
    changed(context, history_name(context, &request.name), &request.request_id)
}

pub(in crate::grpc) fn cancel_history(
    context: &Context,
    request: &pb::CancelHistoryRequest,
) -> Result<(Call, Uuid), Violations> {
    changed(context, history_name(context, &request.name), &request.request_id)
}

pub(in crate::grpc) fn get_history(
    context: &Context,
    request: &pb::GetHistoryRequest,
) -> Result<(Read, Uuid), Violations> {
    named(context, "name", history_name(context, &request.name))
}

pub(in crate::grpc) fn list_histories(
    context: &Context,
    request: &pb::ListHistoriesRequest,
) -> Result<(Read, Page<HistoryKey>), Violations> {
    listed(context, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn list_history_errors(
    context: &Context,
    request: &pb::ListHistoryErrorsRequest,
) -> Result<(Read, Uuid, Page<ErrorKey>), Violations> {
    page_of(context, history_name, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn history_to_pb(history: &History) -> pb::History {
    let digest = if history.finished { hex::encode(history.content_digest) } else { String::new() };
    let state = match (history.finished, history.cancelled) {
        (true, _) => State::Finished,
        (false, true) => State::Cancelled,
        (false, false) => State::Open,
    };
    pb::History {
        name: history_name_to_pb(&history.area, history.id),
        scheme: scheme_name_to_pb(&history.area, &history.scheme),
        file_digest: hex::encode(history.file_digest),
        n_lines: history.n_lines,
        state: state.into(),
        next_line: history.next_line(),
        n_accepted: history.counts.n_accepted,
        n_refused: history.counts.n_refused,
        total_cost_fen: history.counts.total_cost.get(),
        content_digest: digest,
        create_time: Some(timestamp_to_pb(history.create_time)),
        update_time: Some(timestamp_to_pb(history.update_time)),
    }
}

pub(in crate::grpc) fn histories_to_pb(
    histories: Vec<History>,
    size: usize,
    request: &pb::ListHistoriesRequest,
) -> pb::ListHistoriesResponse {
    let key = |history: &History| (history.create_time, history.id);
    let (histories, next_page_token) = split_page(histories, size, key, &[&request.parent]);
    pb::ListHistoriesResponse { histories: histories.iter().map(history_to_pb).collect(), next_page_token }
}

pub(in crate::grpc) fn history_errors_to_pb(
    errors: Vec<StoredError>,
    size: usize,
    request: &pb::ListHistoryErrorsRequest,
) -> pb::ListHistoryErrorsResponse {
    let key = |error: &StoredError| (error.line_number, error.ordinal);
    let (errors, next_page_token) = split_page(errors, size, key, &[&request.parent]);
    let error = |error: StoredError| {
        let StoredError { line_number, field, reason, text_zh, .. } = error;
        pb::HistoryError { line_number, field, reason, text_zh }
    };
    pb::ListHistoryErrorsResponse { errors: errors.into_iter().map(error).collect(), next_page_token }
}
