//! Starts real servers, kills them and leaves them behind.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use medfund_postgres::{Binaries, Postgres, PostgresError, Settings};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio_postgres::SimpleQueryMessage;

fn binaries() -> Binaries {
    Binaries::find(|name| std::env::var(name).ok()).unwrap()
}

/// A folder that the server's user may enter.
fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o755);
    tempfile::Builder::new().permissions(permissions).tempdir().unwrap()
}

/// Runs statements and returns the first column of the last row, if there is one.
fn sql(url: &str, statements: &str) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let messages = client.simple_query(statements).await.unwrap();
        let rows = messages.into_iter().filter_map(|message| {
            if let SimpleQueryMessage::Row(row) = message { row.get(0).map(str::to_owned) } else { None }
        });
        rows.last()
    })
}

fn exists(process: u32) -> bool {
    kill(pid(process), None).is_ok()
}

fn pid(process: u32) -> Pid {
    Pid::from_raw(i32::try_from(process).unwrap())
}

/// Waits on a condition, with a limit.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_temporary_server_runs_as_no_superuser_of_the_machine_and_leaves_nothing() {
    let postgres = Postgres::start(&binaries(), &Settings::default()).unwrap();
    let url = postgres.admin_url();

    assert_eq!(sql(&url, "SELECT count(*) FROM pg_database"), Some("3".to_owned()));
    let data = sql(&url, "SHOW data_directory").unwrap();
    assert_ne!(owner_of(Path::new(&data)), 0);
    assert_eq!(sql(&url, "SHOW fsync"), Some("off".to_owned()));
    assert_eq!(sql(&url, "SHOW listen_addresses"), Some(String::new()));
    let process = postgres.process_id();
    postgres.stop().unwrap();

    assert!(!exists(process));
    assert!(!Path::new(&data).parent().unwrap().exists());
}

#[test]
fn a_killed_server_starts_again_at_the_same_address_with_what_was_committed() {
    let data = folder();
    let settings = Settings { data: Some(data.path().join("data")), fsync: true, ..Settings::default() };
    let mut postgres = Postgres::start(&binaries(), &settings).unwrap();
    let url = postgres.admin_url();
    sql(&url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");

    kill(pid(postgres.process_id()), Signal::SIGKILL).unwrap();
    wait_until("the server ends", || !postgres.is_running());
    postgres.restart().unwrap();

    assert_eq!(postgres.admin_url(), url);
    assert_eq!(sql(&url, "SELECT n FROM kept"), Some("7".to_owned()));
}

#[test]
fn data_that_was_kept_is_found_by_the_next_start() {
    let data = folder();
    let settings = Settings { data: Some(data.path().join("data")), fsync: true, ..Settings::default() };
    let first = Postgres::start(&binaries(), &settings).unwrap();
    sql(&first.admin_url(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");

    let in_use = Postgres::start(&binaries(), &settings).unwrap_err();
    assert!(matches!(in_use, PostgresError::AlreadyRunning { .. }), "{in_use}");
    first.stop().unwrap();

    // A lock file whose process is another program: ours.
    let lock = format!("{}\n/elsewhere\n", std::process::id());
    std::fs::write(data.path().join("data/postmaster.pid"), lock).unwrap();
    let second = Postgres::start(&binaries(), &settings).unwrap();
    assert_eq!(sql(&second.admin_url(), "SELECT n FROM kept"), Some("7".to_owned()));
}

/// Starts the small program of this crate and returns it with its server's URL and process.
fn start_program(data: Option<&Path>) -> (Child, String, u32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_private-postgres"));
    command.args(data).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let (url, process) = line.trim().rsplit_once(' ').unwrap();
    (program, url.to_owned(), process.parse().unwrap())
}

#[test]
fn a_server_whose_parent_was_killed_stops_and_its_folder_goes() {
    let (mut program, url, process) = start_program(None);
    let folder = sql(&url, "SHOW data_directory").unwrap();

    program.kill().unwrap();
    program.wait().unwrap();

    wait_until("the server stops", || !exists(process));
    wait_until("its folder goes", || !Path::new(&folder).parent().unwrap().exists());
}

#[test]
fn a_server_whose_parent_was_killed_leaves_data_that_starts_again() {
    let data = folder();
    let place = data.path().join("data");
    let (mut program, url, process) = start_program(Some(&place));
    sql(&url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");

    program.kill().unwrap();
    program.wait().unwrap();
    wait_until("the server stops", || !exists(process));

    let (mut again, url, _) = start_program(Some(&place));
    assert_eq!(sql(&url, "SELECT n FROM kept"), Some("7".to_owned()));
    again.stdin.take().unwrap().flush().unwrap();
    assert!(again.wait().unwrap().success());
}

#[test]
fn a_setting_the_server_does_not_know_is_told_with_its_own_words() {
    let parameters = vec![("no_such_setting".to_owned(), "1".to_owned())];
    let error = Postgres::start(&binaries(), &Settings { parameters, ..Settings::default() }).unwrap_err();
    assert!(error.to_string().contains("no_such_setting"), "{error}");
}

#[test]
fn a_data_folder_behind_a_closed_one_is_refused_with_a_reason() {
    use std::os::unix::fs::PermissionsExt;
    let outer = folder();
    std::fs::set_permissions(outer.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let settings = Settings { data: Some(outer.path().join("data")), ..Settings::default() };

    let started = Postgres::start(&binaries(), &settings);

    // Only root runs the server as somebody else.
    let is_root = owner_of(outer.path()) == 0;
    match started {
        Err(PostgresError::NotEnterable { folder, .. }) => assert!(is_root && folder == outer.path()),
        Err(error) => panic!("{error}"),
        Ok(_) => assert!(!is_root),
    }
}

fn owner_of(folder: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    folder.metadata().unwrap().uid()
}
