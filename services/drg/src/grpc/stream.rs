//! `GroupStream`: a batch in, a batch out.

use futures::{Stream, stream};
use medfund_proto::drg::v1::{GroupStreamRequest, GroupStreamResponse};
use medfund_server::Context;
use tonic::{Status, Streaming};

use super::convert::grouping as convert;
use super::many::{on_cases, size_of};
use crate::app::schemes::Purpose;
use crate::app::{App, By};

/// How far a stream is.
enum State {
    /// Its first message is to come.
    Begun { app: App, context: Context, requests: Streaming<GroupStreamRequest> },
    /// It is known what its cases are grouped by.
    Open { by: By, check_quality: bool, requests: Streaming<GroupStreamRequest> },
}

/// The answers to a stream's messages, each made when the one before it was taken.
///
/// The opening is read here and not before the response begins: a caller may wait for that first.
pub(super) fn answers(
    app: App,
    context: Context,
    requests: Streaming<GroupStreamRequest>,
) -> impl Stream<Item = Result<GroupStreamResponse, Status>> + Send {
    stream::try_unfold(State::Begun { app, context, requests }, next)
}

async fn next(state: State) -> Result<Option<(GroupStreamResponse, State)>, Status> {
    match state {
        State::Begun { app, context, mut requests } => {
            let first = requests.message().await?.unwrap_or_default();
            let opening = convert::opening(&context, &first)?;
            let by = app.ready_by(&opening.read, opening.by, Purpose::Grouping).await?;
            let answer = convert::opened_to_pb(&by, &opening.read.area);
            Ok(Some((answer, State::Open { by, check_quality: opening.check_quality, requests })))
        }
        State::Open { by, check_quality, mut requests } => {
            let Some(batch) = requests.message().await? else { return Ok(None) };
            let (size, group_by) = (size_of(&batch.cases), by.clone());
            let work = move || convert::grouped_batch(&group_by, &batch, check_quality);
            let answer = on_cases(size, work).await?;
            Ok(Some((answer, State::Open { by, check_quality, requests })))
        }
    }
}
