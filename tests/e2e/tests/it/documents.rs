//! Every command that a document tells its reader to type is one: the tool's are run, or at least understood by the
//! tool where they need a suite; the others are those of CI.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use clap::Parser;
use clap::error::ErrorKind;
use medfund_policy::change;
use medfund_tidy::{expect_none, files, root};

use crate::world::program;

/// Subcommands whose commands in documents are understood here and lived elsewhere: `year` by the test of the
/// README's first command, `up` and what talks to a suite by `tests/python/run` and the tests of this crate.
const LIVED_ELSEWHERE: [&str; 9] =
    ["year", "up", "token", "explain", "ledger", "import", "export", "serve", "load"];

/// A command of a document: where it stands, its words, and what it exits with.
struct Told {
    place: String,
    line: String,
    status: i32,
}

/// The commands of every ```sh block. A comment behind one may say what it exits with.
fn told() -> Vec<Told> {
    let mut all = Vec::new();
    for file in files(".", ".md") {
        for block in file.text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            for line in block.replace("\\\n", " ").lines().filter(|line| !line.trim().is_empty()) {
                let (line, comment) = line.split_once(" # ").unwrap_or((line, ""));
                let status = comment.split("exits with ").nth(1).and_then(|rest| rest[..1].parse().ok());
                let line = line.trim().to_owned();
                all.push(Told { place: file.path.clone(), line, status: status.unwrap_or_default() });
            }
        }
    }
    all
}

/// The tool's arguments, when the line runs it.
fn of_the_tool(line: &str) -> Option<&str> {
    ["medfund ", "cargo run -p medfund -- ", "cargo run --release -p medfund -- "]
        .iter()
        .find_map(|start| line.strip_prefix(start))
}

/// Why a line of the tool is not understood. A bare subcommand names what can be done with it.
fn misunderstood(arguments: &str) -> Option<String> {
    let words = std::iter::once("medfund").chain(arguments.split_whitespace());
    let refused = medfund::Cli::try_parse_from(words).err()?;
    let is_unfinished = matches!(
        refused.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::MissingSubcommand
            | ErrorKind::MissingRequiredArgument
    );
    (!is_unfinished).then(|| refused.to_string())
}

#[test]
fn every_command_of_a_document_is_run_by_this_test_or_by_ci() {
    let folder = tempfile::tempdir().unwrap();
    checkout(folder.path());
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap()
        + &std::fs::read_to_string(root().join("tests/python/run")).unwrap();
    let (mut findings, mut n_run, mut n_told) = (Vec::new(), 0, 0);
    for Told { place, line, status } in told() {
        n_told += 1;
        let finding = match of_the_tool(&line) {
            Some(arguments) => {
                let subcommand = arguments.split_whitespace().next().unwrap_or_default();
                if LIVED_ELSEWHERE.contains(&subcommand) {
                    // What a document leaves open stands in capitals; it must only be understood.
                    misunderstood(&filled(arguments))
                } else {
                    n_run += 1;
                    failed(folder.path(), &format!("medfund {arguments}"), status)
                }
            }
            None => unknown(&line, &ci),
        };
        findings.extend(finding.map(|finding| format!("{place}: `{line}`: {finding}")));
    }
    println!("{n_told} commands, {n_run} of them run");
    expect_none(&findings, "tell a command that can be typed");
}

/// Arguments with a value for what a document leaves open.
fn filled(arguments: &str) -> String {
    let value = |word: &str| match word {
        "AREA" => "440700".to_owned(),
        "YEAR" => "2017".to_owned(),
        "MONTH" => "2017-01".to_owned(),
        "ROLE" => "auditor".to_owned(),
        "CODE" | "INSTITUTION" => "H44070300001".to_owned(),
        "METHOD" => "by_disease".to_owned(),
        word => word.to_owned(),
    };
    let words = arguments.split_whitespace().filter(|word| *word != "…" && *word != "...");
    words.map(value).collect::<Vec<_>>().join(" ")
}

/// A folder that a reader could stand in: the checkout's folders, a copy of a pack with a rate changed, a list of
/// cases, the tool.
fn checkout(folder: &Path) {
    for name in ["policies", "schemes", "libs", "services", "tests", "proto"] {
        if root().join(name).exists() {
            symlink(root().join(name), folder.join(name)).unwrap();
        }
    }
    symlink(program(), folder.join("medfund")).unwrap();
    let pack = std::fs::read_to_string(root().join("policies/jiangmen-2016.toml")).unwrap();
    let copy = change(&pack, "prepayment.working_capital.rate", "\"0.09\"").unwrap();
    std::fs::write(folder.join("copy.toml"), copy).unwrap();
    let cases = "id,sex,age_years,department,diagnoses,procedures\n1,1,50,心内科,I21.000|E11.900,\n";
    std::fs::write(folder.join("cases.csv"), cases).unwrap();
}

fn failed(folder: &Path, line: &str, status: i32) -> Option<String> {
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let output =
        Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    (output.status.code() != Some(status)).then(|| format!("{}, {said}", output.status))
}

/// Why a line that does not run the tool is not one of CI's.
fn unknown(line: &str, ci: &str) -> Option<String> {
    let words = line.split_whitespace().filter(|word| !word.contains('=')).collect::<Vec<_>>();
    match words[..] {
        ["cargo", "test", "--workspace", ..] | ["tests/python/run", ..] => None,
        ["cargo", "test", ..] => no_such_test(&words),
        ["cargo", "bench", "-p", package] => no_such_bench(package),
        ["cargo", "+nightly", "fuzz", "run", target, ..] => no_such_fuzz_target(target),
        ["python3", "-m", "unittest", module] => {
            (!ci.contains(&format!("unittest --quiet {module}"))).then(|| "CI does not run it".to_owned())
        }
        ["python3", script, ..] => (!ci.contains(script)).then(|| "CI does not run it".to_owned()),
        _ => Some("neither the tool's nor known here".to_owned()),
    }
}

/// `cargo test --workspace` runs every package's tests; a package, feature or target that is named must exist.
fn no_such_test(words: &[&str]) -> Option<String> {
    let after = |flag: &str| words.iter().skip_while(|word| **word != flag).nth(1).copied();
    let package = after("-p")?;
    let manifests = files(".", "Cargo.toml");
    let manifest = manifests.iter().find(|file| file.text.contains(&format!("name = \"{package}\"")));
    let Some(manifest) = manifest else { return Some(format!("there is no package {package}")) };
    if let Some(feature) =
        after("--features").filter(|name| !manifest.text.contains(&format!("\n{name} = [")))
    {
        return Some(format!("{package} has no feature {feature}"));
    }
    let folder = root().join(manifest.path.trim_end_matches("Cargo.toml")).join("tests");
    let target = after("--test")?;
    let exists = folder.join(format!("{target}.rs")).exists() || folder.join(target).exists();
    (!exists).then(|| format!("{package} has no tests {target}"))
}

/// CI's lints build every benchmark; none is run there, for its figures would mean nothing.
fn no_such_bench(package: &str) -> Option<String> {
    let manifests = files(".", "Cargo.toml");
    let named = manifests.iter().find(|file| file.text.contains(&format!("name = \"{package}\"")));
    let has_one = named.is_some_and(|file| file.text.contains("[[bench]]"));
    (!has_one).then(|| format!("there is no package {package} with a benchmark"))
}

/// Fuzzing wants a toolchain that CI does not have; the targets' entry points run there under proptest.
fn no_such_fuzz_target(target: &str) -> Option<String> {
    let manifests = files(".", "Cargo.toml");
    let fuzzed = manifests.iter().filter(|file| file.text.contains("cargo-fuzz = true"));
    let has_it = fuzzed.into_iter().any(|file| file.text.contains(&format!("name = \"{target}\"")));
    (!has_it).then(|| format!("there is no fuzz target {target}"))
}

#[test]
fn a_command_whose_reader_has_gone_ends_quietly() {
    let folder = tempfile::tempdir().unwrap();
    checkout(folder.path());
    for line in [
        "policy show jiangmen-2016",
        "policy draw --seed 1",
        "drg compile --from schemes/reference --out reference.drg",
        "drg sample --out drawn.csv --cases 10",
        "drg group --in cases.csv --out answers.csv",
        "drg explain --in cases.csv --id 1",
        "drg tariff make --cases libs/tariff/samples/history.csv --out tariff.csv",
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(folder.path().join("medfund"))
            .args(line.split(' '))
            .current_dir(folder.path())
            .stdout(writer)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(141), "{line}: {said}");
        assert!(!said.contains("panicked"), "{line}: {said}");
    }
}

#[test]
fn what_documents_call_a_command_of_the_tool_is_understood_by_it() {
    let mut findings = Vec::new();
    for file in files(".", ".md") {
        for span in file.text.split('`').skip(1).step_by(2) {
            let Some(arguments) = span.strip_prefix("medfund ").filter(|rest| !rest.contains(['|', '\n']))
            else {
                continue;
            };
            let finding = misunderstood(&filled(arguments));
            findings.extend(finding.map(|finding| format!("{}: `{span}`: {finding}", file.path)));
        }
    }
    expect_none(&findings, "name a command that the tool has");
}
