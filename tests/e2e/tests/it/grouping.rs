//! The drg service of a suite that `medfund up` hosts, as a newcomer meets it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use medfund::suite::{People, Service, Session, SuiteFile};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::grouping_service_client::GroupingServiceClient;
use medfund_proto::google::r#type::Date;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::world::program;

/// A suite of `medfund up`, interrupted as Ctrl-C does when it is dropped.
struct Up {
    child: Child,
    file: PathBuf,
}

impl Up {
    /// Starts it and waits until it says that it is there.
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(program());
        command.args(["up", "--data"]).arg(folder).env_remove("DATABASE_URL").stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let told = child.stdout.take().expect("a pipe");
        let is_up = BufReader::new(told).lines().any(|line| line.expect("text").starts_with("Ctrl-C"));
        assert!(is_up, "the suite does not start");
        Self { child, file: folder.join("suite.json") }
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let process = Pid::from_raw(i32::try_from(self.child.id()).expect("a process id"));
        kill(process, Signal::SIGINT).expect("it runs");
        assert!(self.child.wait().expect("it ends").success(), "the suite stops as it should");
    }
}

/// A man of 60 with an acute myocardial infarction, and a stent for it.
fn case() -> pb::Case {
    pb::Case {
        id: "1".to_owned(),
        sex: pb::Sex::Male.into(),
        age_years: Some(60),
        diagnoses: vec!["I21.001".to_owned(), "I10.x00".to_owned()],
        procedures: vec!["36.0601".to_owned()],
        ..pb::Case::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_up_one_command_adopts_the_reference_scheme_and_a_client_groups_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let up = Up::start(folder.path());
    for words in [
        "reference is in force in 440700 from 2000-01-01 on",
        "reference is already in force in 440700 since 2000-01-01; nothing was changed",
    ] {
        let mut adopt = Command::new(program());
        adopt.args(["drg", "adopt", "--area", "440700", "--against"]).arg(&up.file);
        let output = adopt.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(told.starts_with(words), "{told}");
    }

    let session = Session::open(&SuiteFile::read(&up.file).unwrap(), "newcomer").unwrap();
    let officer = People::of(&"440700".parse().unwrap()).officer;
    let discharged = pb::scheme_choice::Choice::Date(Date { year: 2024, month: 5, day: 1 });
    let request = pb::GroupRequest {
        parent: "areas/440700".to_owned(),
        scheme_choice: Some(pb::SchemeChoice { choice: Some(discharged) }),
        drg_case: Some(case()),
        explain: true,
        ..pb::GroupRequest::default()
    };
    let answer = session
        .send(Service::Drg, &officer, request, |channel, request| async move {
            GroupingServiceClient::new(channel).group(request).await
        })
        .await
        .unwrap();

    let grouped = answer.grouped_case.unwrap();
    assert_eq!([grouped.mdc.as_str(), &grouped.adrg], ["MDCF", "FM1"], "{grouped:?}");
    assert!(answer.explanation.unwrap().text_zh.starts_with(&format!("分组成功：{}", grouped.drg)));
}
