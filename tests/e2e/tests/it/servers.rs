//! The tool on database servers: one that somebody else runs, and none at all.

use std::process::{Command, Output};

use medfund_postgres::{Binaries, Postgres, Settings};

use crate::world::{expect_same, program, undisturbed};

fn year(json: &std::path::Path) -> Command {
    let mut command = Command::new(program());
    command.args(["year", "--pack", "jiangmen-2016", "--sample", "tiny", "--seed", "1", "--json"]).arg(json);
    command.env_remove("DATABASE_URL");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_lived_on_a_server_that_somebody_else_runs_by_a_role_that_is_no_superuser() {
    let postgres = tokio::task::spawn_blocking(|| {
        let binaries = Binaries::find(|name| std::env::var(name).ok())?;
        let parameters = vec![("max_connections".to_owned(), "200".to_owned())];
        Postgres::start(&binaries, &Settings { parameters, ..Settings::default() })
    });
    let postgres = postgres.await.expect("a thread").expect("tests need a PostgreSQL");
    let (client, connection) =
        tokio_postgres::connect(&postgres.admin_url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("CREATE ROLE operator LOGIN CREATEDB CREATEROLE").await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("year.json");
    let mut command = year(&json);
    // No other server can be started.
    command.env("DATABASE_URL", postgres.url("operator", "postgres")).env("PG_BINDIR", folder.path());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();

    assert!(output.status.success(), "{}", said(&output));
    expect_same(undisturbed().await, &std::fs::read_to_string(json).unwrap(), "another server");

    // Roles that somebody is connected as are another suite's.
    let mut again = year(&folder.path().join("again.json"));
    again.env("DATABASE_URL", postgres.url("operator", "postgres"));
    let taken =
        tokio_postgres::connect(&postgres.url("budget_service", "budget"), tokio_postgres::NoTls).await;
    let (_held, connection) = taken.unwrap();
    tokio::spawn(connection);
    let output = tokio::task::spawn_blocking(move || again.output().unwrap()).await.unwrap();
    assert!(!output.status.success());
    assert!(said(&output).contains("the role budget_service is in use: another suite"), "{}", said(&output));
}

#[test]
fn without_the_server_programs_the_tool_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = year(&folder.path().join("year.json")).env("PG_BINDIR", folder.path()).output().unwrap();
    assert!(!output.status.success());
    let expected =
        format!("PG_BINDIR is `{}`, but there is no `initdb` and `postgres` in it", folder.path().display());
    assert!(said(&output).contains(&expected), "{}", said(&output));
}

#[test]
fn a_server_that_does_not_answer_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = year(&folder.path().join("year.json"));
    let output = command.env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/postgres").output().unwrap();
    assert!(!output.status.success());
    assert!(said(&output).contains("cannot reach the database server"), "{}", said(&output));
}
