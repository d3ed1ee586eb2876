//! Case files that the drg service groups: while it dies inside its transactions, and in how much memory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use futures::stream;
use medfund::suite::{People, Person, Service, Session};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::batch::State;
use medfund_proto::drg::v1::batch_service_client::BatchServiceClient;
use medfund_proto::google::r#type::Date;
use sha2::{Digest, Sha256};

use crate::world::{World, program};

const AREA: &str = "440700";

/// Bytes of a part, and about those that are grouped in one transaction.
const PART: usize = 1 << 20;

/// How long something may take that must come.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where the drg service dies by itself.
const POINT: &str = "write::before_commit";

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn run(command: &[&str], paths: &[(&str, &Path)]) {
    let mut program = Command::new(program());
    program.args(command);
    for (option, path) in paths {
        program.arg(option).arg(path);
    }
    let output = program.output().expect("the program runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A list of about so many bytes: sample cases, each with a column that nobody asks for.
fn list(folder: &Path, n_bytes: usize) -> PathBuf {
    let (drawn, list) = (folder.join("drawn.csv"), folder.join(format!("{n_bytes}.csv")));
    run(&["drg", "sample", "--cases", "500"], &[("--out", &drawn)]);
    let text = std::fs::read_to_string(&drawn).unwrap();
    let (heading, cases) = text.split_once('\n').unwrap();
    let note = "x".repeat(1_000);
    let mut written = format!("{heading},note\n");
    let mut lines = cases.lines().cycle();
    while written.len() < n_bytes {
        written.extend([lines.next().unwrap(), ",", &note, "\n"]);
    }
    std::fs::write(&list, written).unwrap();
    list
}

/// An officer of the area, to whom the reference scheme is in force.
struct Officer {
    session: Session,
    person: Person,
}

impl Officer {
    fn of(world: &World) -> Self {
        let suite = world.hosted.folder().join("suite.json");
        run(&["drg", "adopt", "--area", AREA], &[("--against", &suite)]);
        let session = Session::open(world.hosted.file(), "case files").unwrap();
        Self { session, person: People::of(&AREA.parse().unwrap()).officer }
    }

    async fn start(&self, file: &[u8]) -> String {
        let discharged = pb::scheme_choice::Choice::Date(Date { year: 2024, month: 5, day: 1 });
        let request = pb::StartBatchRequest {
            parent: format!("areas/{AREA}"),
            scheme_choice: Some(pb::SchemeChoice { choice: Some(discharged) }),
            file_digest: sha256(file),
            n_bytes: i64::try_from(file.len()).unwrap(),
            request_id: self.session.id(&format!("start/{}", file.len())),
            ..pb::StartBatchRequest::default()
        };
        let call =
            |channel, request| async move { BatchServiceClient::new(channel).start_batch(request).await };
        let started = self.session.send(Service::Drg, &self.person, request, call).await.unwrap();
        started.batch.unwrap().name
    }

    async fn batch(&self, name: &str) -> pb::Batch {
        let request = pb::GetBatchRequest { name: name.to_owned() };
        let call =
            |channel, request| async move { BatchServiceClient::new(channel).get_batch(request).await };
        self.session.send(Service::Drg, &self.person, request, call).await.unwrap().batch.unwrap()
    }

    /// Sends what is missing of a file until nothing is.
    async fn upload(&self, name: &str, file: &[u8]) {
        loop {
            let next = usize::try_from(self.batch(name).await.next_offset).unwrap();
            if next == file.len() {
                return;
            }
            let part = |(i, content): (usize, &[u8])| pb::UploadCasesRequest {
                batch: name.to_owned(),
                offset: i64::try_from(next + i * PART).unwrap(),
                content: content.to_vec(),
            };
            let parts: Vec<_> = file[next..].chunks(PART).enumerate().map(part).collect();
            let request = self.session.signed(&self.person, stream::iter(parts)).unwrap();
            // Where a stream broke, the next one goes on.
            let mut client = BatchServiceClient::new(self.session.channel(Service::Drg));
            let _ = client.upload_cases(request).await;
        }
    }

    async fn finish(&self, name: &str) {
        let request = pb::FinishUploadRequest {
            name: name.to_owned(),
            request_id: self.session.id(&format!("finish/{name}")),
        };
        let call =
            |channel, request| async move { BatchServiceClient::new(channel).finish_upload(request).await };
        self.session.send(Service::Drg, &self.person, request, call).await.unwrap();
    }

    async fn settled(&self, name: &str) -> pb::Batch {
        loop {
            let batch = self.batch(name).await;
            if batch.state() != State::Grouping {
                return batch;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn group(&self, file: &[u8]) -> pb::Batch {
        let grouped = async {
            let name = self.start(file).await;
            self.upload(&name, file).await;
            self.finish(&name).await;
            self.settled(&name).await
        };
        tokio::time::timeout(PATIENCE, grouped).await.expect("the file is grouped in time")
    }
}

/// How often the drg service has died by itself.
fn deaths(world: &World) -> usize {
    let log = std::fs::read_to_string(world.hosted.folder().join("logs/drg.log")).expect("a log");
    log.lines().filter(|line| line.ends_with(&format!("failpoint {POINT}"))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_dies_inside_its_transactions_answers_a_file_as_the_tool_does() {
    let folder = tempfile::tempdir().unwrap();
    let (list, answers) = (list(folder.path(), 6 * PART), folder.path().join("answers.csv"));
    run(&["drg", "group"], &[("--in", &list), ("--out", &answers)]);
    let (file, answers) = (std::fs::read(&list).unwrap(), std::fs::read(&answers).unwrap());

    // Each process of the service lives for two commits and dies before its third.
    let armed = (Service::Drg, "FAILPOINTS".to_owned(), format!("{POINT}=2*off->1*return(kill)"));
    let world = World::start_kept(vec![armed]).await;
    let officer = Officer::of(&world);
    let name = officer.start(&file).await;
    officer.upload(&name, &file).await;
    officer.finish(&name).await;
    let before = deaths(&world);
    let batch = tokio::time::timeout(PATIENCE, officer.settled(&name)).await.expect("it is grouped in time");

    // What is committed once the upload is finished are slices.
    let n_deaths = deaths(&world) - before;
    println!(
        "the service died {before} times before the file was whole, and {n_deaths} times while it was grouped"
    );
    assert!(before > 1 && n_deaths > 1, "{before}, {n_deaths}");
    assert_eq!((batch.state(), batch.n_refused), (State::Finished, 0));
    assert_eq!(batch.answers_digest, sha256(&answers));
    world.stop().await;
}

/// The most memory that a process has held, in KiB.
fn peak_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    peak.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_six_times_as_long_is_grouped_in_the_same_memory() {
    let folder = tempfile::tempdir().unwrap();
    let [short, long] = [4, 24].map(|n_parts| std::fs::read(list(folder.path(), n_parts * PART)).unwrap());
    let world = World::start(false).await;
    let officer = Officer::of(&world);
    let process = world.hosted.process_of(Service::Drg).await.expect("it runs");
    let mut peaks = Vec::new();
    for file in [&short, &long] {
        let batch = officer.group(file).await;
        assert_eq!((batch.state(), batch.n_bytes_answered), (State::Finished, batch.n_bytes));
        peaks.push(peak_kib(process));
    }
    println!("{} bytes in {} KiB, {} bytes in {} KiB", short.len(), peaks[0], long.len(), peaks[1]);
    assert!(peaks[1] - peaks[0] < 16 << 10, "{peaks:?} KiB");
    world.stop().await;
}
