//! How many cases a second `GroupStream` carries, client and server in this one process: `cargo bench -p medfund-drg`.
//!
//! All as in production: TLS both ways, a token, PostgreSQL behind the service. By a drawn scheme of
//! the national one's size, over drawn cases; both on two threads.

#[path = "../../../libs/grouper/benches/drawn/mod.rs"]
mod drawn;

use std::time::{Duration, Instant};

use futures::stream;
use medfund_drg::MIGRATIONS;
use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::grouping_service_client::GroupingServiceClient;
use medfund_proto::drg::v1::scheme_choice::Choice;
use medfund_proto::drg::v1::scheme_service_client::SchemeServiceClient;
use medfund_server::AuthenticatedChannel;
use medfund_testkit::{AREA, TestService};
use uuid::Uuid;

const N_CASES: usize = 400_000;
const N_ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("threads can be started").block_on(measure());
}

async fn measure() {
    let drg = TestService::builder("drg", MIGRATIONS).start(medfund_drg::serve).await;
    let scheme = published(&drg).await;
    let cases = cases();
    for n_batch in [100, 500, 2_000] {
        let messages: Vec<pb::GroupStreamRequest> = cases.chunks(n_batch).map(batch).collect();
        let mut fastest = Duration::MAX;
        for _ in 0..N_ROUNDS {
            // Past the tape that tests keep of their calls.
            let client = GroupingServiceClient::new(drg.as_role(Role::AgencyOfficer).into());
            let messages = messages.clone();
            let begin = Instant::now();
            let n_grouped = group_all(client, opening(&scheme), messages).await;
            fastest = fastest.min(begin.elapsed());
            assert!(n_grouped > N_CASES / 2, "most cases fall into a group");
        }
        let rate = (N_CASES as u128 * 1_000_000) / fastest.as_micros().max(1);
        println!("GroupStream, {n_batch:>4} cases a message: {rate:>8} cases/s");
    }
}

async fn published(drg: &TestService) -> String {
    let content = drawn::scheme().to_bytes();
    let request = pb::SubmitSchemeRequest { parent: area(), content, request_id: id() };
    let submitted = SchemeServiceClient::new(drg.as_role(Role::PolicyMaker)).submit_scheme(request).await;
    let name = submitted.expect("the scheme is sound").into_inner().scheme.expect("an answer").name;
    let request = pb::PublishSchemeRequest { name: name.clone(), request_id: id() };
    let published = SchemeServiceClient::new(drg.as_role(Role::PolicyChecker)).publish_scheme(request).await;
    published.expect("somebody else publishes it");
    name
}

/// Sends all messages and takes all answers; tells how many cases fell into a group.
async fn group_all(
    mut client: GroupingServiceClient<AuthenticatedChannel>,
    opening: pb::GroupStreamRequest,
    messages: Vec<pb::GroupStreamRequest>,
) -> usize {
    let requests = stream::iter(std::iter::once(opening).chain(messages));
    let mut answers = client.group_stream(requests).await.expect("the stream opens").into_inner();
    let (mut n_answered, mut n_grouped) = (0, 0);
    while let Some(answer) = answers.message().await.expect("every case can be read") {
        n_answered += answer.grouped_cases.len();
        n_grouped += answer.grouped_cases.iter().filter(|case| !case.adrg.is_empty()).count();
    }
    assert_eq!(n_answered, N_CASES, "every case is answered");
    n_grouped
}

fn opening(scheme: &str) -> pb::GroupStreamRequest {
    let choice = pb::SchemeChoice { choice: Some(Choice::Scheme(scheme.to_owned())) };
    let opening =
        pb::GroupStreamOpening { parent: area(), scheme_choice: Some(choice), ..Default::default() };
    pb::GroupStreamRequest { opening: Some(opening), cases: Vec::new() }
}

fn batch(cases: &[pb::Case]) -> pb::GroupStreamRequest {
    pb::GroupStreamRequest { opening: None, cases: cases.to_vec() }
}

fn cases() -> Vec<pb::Case> {
    let text = drawn::cases();
    assert!(text.starts_with(drawn::HEADING), "the columns are known");
    text.lines().skip(1).cycle().take(N_CASES).map(case).collect()
}

fn case(line: &str) -> pb::Case {
    let fields: Vec<&str> = line.split(',').collect();
    let codes = |text: &str| text.split('|').filter(|code| !code.is_empty()).map(str::to_owned).collect();
    pb::Case {
        id: fields[0].to_owned(),
        sex: fields[1].parse().expect("1 or 2, as in the message"),
        age_years: fields[2].parse().ok(),
        age_days: fields[3].parse().ok(),
        birth_weight_g: fields[4].parse().ok(),
        diagnoses: codes(fields[8]),
        procedures: codes(fields[9]),
        details: None,
    }
}

fn area() -> String {
    format!("areas/{AREA}")
}

fn id() -> String {
    Uuid::now_v7().to_string()
}
