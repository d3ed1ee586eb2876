//! `medfund load bills` with a few bills: what it counts must be what it sent, whatever time that takes.

use std::process::Command;

use crate::identities::{fen, list};
use crate::world::{parse, program};

#[test]
fn every_bill_of_a_load_is_found_in_the_database_in_statements_and_in_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("load.json");
    let output = Command::new(program())
        .args(["load", "bills", "--bills", "601", "--institutions", "6", "--parallel", "3", "--json"])
        .arg(&json)
        .output()
        .expect("the program runs");
    let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{told}\n{said}", output.status);
    for part in ["601 bills of 6 institutions", "fsync on, synchronous_commit on", "end to end", "settlement"]
    {
        assert!(told.contains(part), "no {part} in:\n{told}");
    }

    let report = parse(&std::fs::read_to_string(&json).unwrap());
    assert_eq!((fen(&report, "bills"), fen(&report, "institutions")), (601, 6));
    assert_eq!(
        (&report["server"]["fsync"], &report["server"]["synchronous_commit"]),
        (&"on".into(), &"on".into())
    );
    assert_eq!(list(&report, "phases").len(), 3);
    let processes: Vec<_> = list(&report, "processes").iter().map(|one| one["process"].as_str()).collect();
    assert_eq!(processes, ["budget", "agreement", "drg", "settlement", "medfund load"].map(Some));
    let found = |what: &str| {
        let check = list(&report, "checks").iter().find(|check| check["what"] == what);
        let check = check.unwrap_or_else(|| panic!("`{what}` is checked"));
        assert_eq!(check["expected"], check["found"], "{what}");
        fen(check, "found")
    };
    assert_eq!(found("bills sent, and rows of bills"), 601);
    assert_eq!(found("bills in statements"), 601);
    assert_eq!(found("statements confirmed"), 12, "each institution has one of each fund line");
    assert!(found("owed by statements, and by the ledger, fen") > 0);
    assert_eq!(report["agrees"], true);
}
