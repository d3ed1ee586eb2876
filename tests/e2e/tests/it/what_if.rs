//! `medfund what-if`: one number of the pack is another, and each institution's difference is told.

use std::process::Command;

use serde_json::Value;

use crate::world::{PACK, SEED, parse, program, undisturbed};

fn amount(value: &Value) -> i64 {
    value.as_i64().expect("an amount")
}

#[tokio::test(flavor = "multi_thread")]
async fn where_less_of_a_surplus_is_kept_nobody_gains_and_what_is_lost_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("comparison.json");
    let told = Command::new(program())
        .args(["what-if", "--pack", PACK, "--sample", "tiny", "--seed", &SEED.to_string()])
        .args(["--set", "clearing.surplus_tiers.near.kept_rate=0.50", "--json"])
        .arg(&file)
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));

    let comparison = parse(&std::fs::read_to_string(&file).unwrap());
    let year = parse(undisturbed().await);
    let mut n_lose = 0;
    for line in comparison["fund_lines"].as_array().unwrap() {
        let usual =
            year["fund_lines"].as_array().unwrap().iter().find(|one| one["id"] == line["id"]).unwrap();
        let usual = usual["institutions"].as_array().unwrap();
        assert_eq!(line["institutions"].as_array().unwrap().len(), usual.len());
        for one in line["institutions"].as_array().unwrap() {
            let usual = usual.iter().find(|other| other["code"] == one["code"]).unwrap();
            let received =
                amount(&usual["clearing"]["final_fen"]) - amount(&usual["deposit"]["forfeited_fen"]);
            let [before, after] = [0, 1].map(|side| amount(&one["received_fen"][side]));
            assert_eq!(before, received, "{}", one["code"]);
            assert!(after <= before, "{} gains", one["code"]);
            n_lose += usize::from(after < before);
        }
        assert!(text.contains(&format!("Who gains and loses (盈亏测算) · {}", line["id"].as_str().unwrap())));
    }
    assert!(n_lose > 0, "{text}");
}
