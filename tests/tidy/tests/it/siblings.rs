use std::collections::BTreeSet;

use medfund_tidy::{expect_none, files, root, services};

/// What stands at the top of every service.
const TOP: [&str; 5] = ["Cargo.toml", "README.md", "migrations", "src", "tests"];

/// What stands at the top of every service's `src/`.
const IN_SRC: [&str; 8] = ["app", "config.rs", "domain", "grpc", "lib.rs", "main.rs", "serve.rs", "store"];

/// What may stand there besides, where a service needs it.
const ALSO_IN_SRC: [&str; 4] = ["clients", "events.rs", "feeds", "jobs"];

/// Files that every service has.
const FILES: [&str; 7] = [
    "src/app/mod.rs",
    "src/app/error.rs",
    "src/domain/mod.rs",
    "src/grpc/mod.rs",
    "src/store/mod.rs",
    "src/store/schema.rs",
    "tests/it/tables.rs",
];

/// The headings that every service's README has.
const HEADINGS: [&str; 4] = ["RPCs", "Events", "Tables", "Rules"];

fn names(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    entries
        .map(|entry| entry.expect("a readable folder").file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn every_service_looks_like_its_siblings() {
    let mut findings = Vec::new();
    for service in services() {
        let folder = format!("services/{service}");
        let (top, src) = (names(&folder), names(&format!("{folder}/src")));
        let missing = TOP.iter().filter(|name| !top.contains(**name)).map(|name| (*name).to_owned());
        findings.extend(missing.map(|name| format!("{folder}: no {name}")));
        let missing = IN_SRC.iter().filter(|name| !src.contains(**name));
        findings.extend(missing.map(|name| format!("{folder}/src: no {name}")));
        let strange = src
            .iter()
            .filter(|name| !IN_SRC.contains(&name.as_str()) && !ALSO_IN_SRC.contains(&name.as_str()));
        findings.extend(strange.map(|name| format!("{folder}/src: {name}")));
        let missing = FILES.iter().filter(|path| !root().join(&folder).join(path).is_file());
        findings.extend(missing.map(|path| format!("{folder}: no {path}")));
        let tests = names(&format!("{folder}/tests"));
        if tests != BTreeSet::from(["it".to_owned()]) {
            findings.push(format!("{folder}/tests: {tests:?}"));
        }
    }
    expect_none(&findings, "who knows one service finds its way in all: put it where the others have it");
}

#[test]
fn every_service_tells_the_same_of_itself() {
    let mut findings = Vec::new();
    for service in services() {
        let path = format!("services/{service}/README.md");
        let Some(readme) = files(&format!("services/{service}"), "README.md").into_iter().next() else {
            findings.push(format!("{path}: missing"));
            continue;
        };
        let title = format!("# medfund-{service}");
        if readme.text.lines().next() != Some(&title) {
            findings.push(format!("{path}: its first line is not `{title}`"));
        }
        let has = |heading: &&str| readme.text.lines().any(|line| line == format!("## {heading}"));
        let missing = HEADINGS.iter().filter(|heading| !has(heading));
        findings.extend(missing.map(|heading| format!("{path}: no `## {heading}`")));
    }
    expect_none(&findings, "what a service offers, hears, keeps and holds to stands under these headings");
}
