//! Case files that the drg service groups: while it dies inside its transactions, and in how much memory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use medfund::suite::{CaseFile, People, Person, Service, Session};
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

/// What the tool says and exits with.
fn told(command: &[&str], paths: &[(&str, &Path)]) -> (Option<i32>, String) {
    let mut program = Command::new(program());
    program.args(command);
    for (option, path) in paths {
        program.arg(option).arg(path);
    }
    let output = program.output().expect("the program runs");
    let [said, wrong] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
    (output.status.code(), said + &wrong)
}

fn run(command: &[&str], paths: &[(&str, &Path)]) {
    let (code, said) = told(command, paths);
    assert_eq!(code, Some(0), "{command:?}: {said}");
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

    async fn start(&self, path: &Path) -> String {
        let discharged = pb::scheme_choice::Choice::Date(Date { year: 2024, month: 5, day: 1 });
        let file = CaseFile {
            area: &AREA.parse().unwrap(),
            path,
            scheme: pb::SchemeChoice { choice: Some(discharged) },
            crosswalk: String::new(),
            check_quality: false,
        };
        self.session.start_batch(&self.person, file).await.unwrap().name
    }

    /// Sends a file to its end; from then on it is grouped.
    async fn upload(&self, name: &str, path: &Path) {
        self.session.upload_batch(&self.person, name, path, |_| {}).await.unwrap();
        self.session.finish_batch_upload(&self.person, name).await.unwrap();
    }

    async fn batches(&self) -> Vec<pb::Batch> {
        let request = pb::ListBatchesRequest {
            parent: format!("areas/{AREA}"),
            page_size: 500,
            page_token: String::new(),
        };
        let call =
            |channel, request| async move { BatchServiceClient::new(channel).list_batches(request).await };
        self.session.send(Service::Drg, &self.person, request, call).await.unwrap().batches
    }

    async fn grouped(&self, name: &str) -> pb::Batch {
        let grouped = self.session.grouped_batch(&self.person, name, |_| {});
        tokio::time::timeout(PATIENCE, grouped).await.expect("it is grouped in time").unwrap()
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
    let answers = std::fs::read(&answers).unwrap();

    // Each process of the service lives for two commits and dies before its third.
    let armed = (Service::Drg, "FAILPOINTS".to_owned(), format!("{POINT}=2*off->1*return(kill)"));
    let world = World::start_kept(vec![armed]).await;
    let officer = Officer::of(&world);
    let name = officer.start(&list).await;
    officer.upload(&name, &list).await;
    let before = deaths(&world);
    let batch = officer.grouped(&name).await;

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

#[tokio::test(flavor = "multi_thread")]
async fn the_tool_has_a_suite_group_a_list_to_the_very_bytes_that_it_writes_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (list, here, there) = (list(folder.path(), 3 * PART), path("here.csv"), path("there.csv"));
    let mut text = std::fs::read_to_string(&list).unwrap();
    text.push_str("no case\n\"a, b\",1,61,,,I21.001|E11.900,,2024-01-01,2024-01-03,1,1.00,2,,x\n");
    std::fs::write(&list, text).unwrap();
    let world = World::start(false).await;
    let officer = Officer::of(&world);
    let suite = world.hosted.folder().join("suite.json");
    let against = ["drg", "group", "--area", AREA];
    for (options, n_refused) in [([].as_slice(), 1), (&["--check"], 1), (&["--headings", "zh"], 1)] {
        let (code, local) =
            told(&[&["drg", "group"], options].concat(), &[("--in", &list), ("--out", &here)]);
        let paths = [("--in", list.as_path()), ("--out", &there), ("--against", &suite)];
        let (code_there, said) = told(&[&against, options].concat(), &paths);
        assert_eq!((code, code_there), (Some(1), Some(1)), "{local}{said}");
        assert!(said.contains(&format!("{n_refused} lines that are no case")), "{said}");
        assert!(said.contains(&format!("{}:", list.display())), "the line is told by its number: {said}");
        assert_eq!(std::fs::read(&here).unwrap(), std::fs::read(&there).unwrap(), "{options:?}");
    }

    // Once the answers are written, the service holds none of the cases.
    let batches = officer.batches().await;
    assert_eq!(batches.len(), 3);
    assert!(batches.iter().all(|batch| batch.state() == State::Cancelled), "{batches:?}");

    let (workbook, empty) = (path("cases.xlsx"), path("empty.csv"));
    std::fs::write(&workbook, "").unwrap();
    std::fs::write(&empty, "id,sex,age_years,diagnoses,procedures\n").unwrap();
    let refused = |area: &str, list: &Path, more: &[&str]| {
        let paths = [("--in", list), ("--out", &there), ("--against", &suite)];
        told(&[&["drg", "group", "--area", area], more].concat(), &paths)
    };
    for (area, list, more, code, words) in [
        ("440800", &list, [].as_slice(), 1, "NO_SCHEME_IN_FORCE"),
        (AREA, &list, &["--discharged", "1999-12-31"], 1, "medfund drg adopt"),
        (AREA, &workbook, &[], 1, "a suite takes case lists as CSV"),
        (AREA, &empty, &[], 0, "nothing is grouped"),
    ] {
        let (exit, said) = refused(area, list, more);
        assert_eq!(exit, Some(code), "{said}");
        assert!(said.contains(words), "{words} is missing from: {said}");
    }
    assert_eq!(std::fs::read_to_string(&there).unwrap().lines().count(), 1, "of no case there is a heading");
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
    let [short, long] = [4, 24].map(|n_parts| list(folder.path(), n_parts * PART));
    let world = World::start(false).await;
    let officer = Officer::of(&world);
    let process = world.hosted.process_of(Service::Drg).await.expect("it runs");
    let (mut peaks, mut n_bytes) = (Vec::new(), Vec::new());
    for file in [&short, &long] {
        let name = officer.start(file).await;
        officer.upload(&name, file).await;
        let batch = officer.grouped(&name).await;
        n_bytes.push(batch.n_bytes);
        assert_eq!((batch.state(), batch.n_bytes_answered), (State::Finished, batch.n_bytes));
        peaks.push(peak_kib(process));
    }
    println!("{} bytes in {} KiB, {} bytes in {} KiB", n_bytes[0], peaks[0], n_bytes[1], peaks[1]);
    assert!(peaks[1] - peaks[0] < 16 << 10, "{peaks:?} KiB");
    world.stop().await;
}
