//! `medfund load` with a few bills: what it counts must be what it sent, whatever time that takes.

use std::process::Command;

use serde_json::Value;

use crate::identities::{fen, list};
use crate::world::{parse, program};

/// What a load told on the terminal, and its report.
fn load(arguments: &[&str]) -> (String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("load.json");
    let output = Command::new(program())
        .arg("load")
        .args(arguments)
        .arg("--json")
        .arg(&json)
        .output()
        .expect("the program runs");
    let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{told}\n{said}", output.status);
    (told.into_owned(), parse(&std::fs::read_to_string(&json).unwrap()))
}

/// What was found of something that was checked, which must be what was expected.
fn found(report: &Value, what: &str) -> i64 {
    let check = list(report, "checks").iter().find(|check| check["what"] == what);
    let check = check.unwrap_or_else(|| panic!("`{what}` is checked"));
    assert_eq!(check["expected"], check["found"], "{what}");
    fen(check, "found")
}

fn is_durable(report: &Value) -> bool {
    ["fsync", "synchronous_commit", "full_page_writes"].iter().all(|name| report["server"][name] == "on")
}

#[test]
fn every_bill_of_a_load_is_found_in_the_database_in_statements_and_in_the_ledger() {
    let (told, report) = load(&["bills", "--bills", "601", "--institutions", "6", "--parallel", "3"]);

    for part in ["601 bills of 6 institutions", "fsync on, synchronous_commit on", "end to end", "settlement"]
    {
        assert!(told.contains(part), "no {part} in:\n{told}");
    }
    assert_eq!((fen(&report, "bills"), fen(&report, "institutions")), (601, 6));
    assert!(is_durable(&report));
    assert_eq!(list(&report, "phases").len(), 3);
    let processes: Vec<_> = list(&report, "processes").iter().map(|one| one["process"].as_str()).collect();
    assert_eq!(processes, ["budget", "agreement", "drg", "settlement", "medfund load"].map(Some));
    assert_eq!(found(&report, "bills sent, and rows of bills"), 601);
    assert_eq!(found(&report, "bills in statements"), 601);
    assert_eq!(found(&report, "statements confirmed"), 12, "each institution has one of each fund line");
    assert!(found(&report, "owed by statements, and by the ledger, fen") > 0);
    assert_eq!(report["agrees"], true);
    assert_eq!(report["plain_sql"], Value::Null);
}

#[test]
fn every_case_of_a_loaded_month_is_grouped_priced_posted_and_stated_and_written_again_by_plain_sql() {
    let (told, report) = load(&["month", "--cases", "2000", "--institutions", "6"]);

    for part in
        ["2,000 cases of 6 institutions", "check and group", "price", "state", "post", "INSERT", "COPY"]
    {
        assert!(told.contains(part), "no {part} in:\n{told}");
    }
    assert!(is_durable(&report));
    for what in [
        "bills sent, and rows of bills",
        "bills that uploads accepted",
        "bills in statements",
        "cases with a group",
        "cases priced in statements",
    ] {
        assert_eq!(found(&report, what), 2_000);
    }
    let paid = found(&report, "owed by statements, and by the ledger, fen");
    assert!(paid > 0, "the pool pays the month");
    for what in ["balances of all accounts together, fen", "still on its way between services, fen"] {
        assert_eq!(found(&report, what), 0);
    }
    assert_eq!(found(&report, "findings of the ledger check"), 0);
    assert_eq!(report["agrees"], true);

    let stages: Vec<_> = list(&report, "stages").iter().map(|stage| stage["name"].as_str()).collect();
    assert_eq!(stages, ["check_and_group", "store", "read", "price", "state", "post"].map(Some));
    assert_eq!(fen(&report["rows"], "bills"), 2_000);
    assert!(fen(&report["plain_sql"]["times"], "n_rows") > 2_000, "plain SQL writes the other tables too");

    let (_, again) = load(&["month", "--cases", "2000", "--institutions", "6", "--parallel", "2"]);
    assert_eq!(found(&again, "owed by statements, and by the ledger, fen"), paid, "the seed decides");
}
