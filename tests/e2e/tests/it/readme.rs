//! The README's first command, as a newcomer types it.

use std::process::Command;

use medfund_money::Fen;

use crate::identities::{broken, fen, list};
use crate::world::{parse, program};

/// The first command of the README, without what builds the program.
fn first_command() -> Vec<String> {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let text = std::fs::read_to_string(readme).expect("the README");
    let block = text.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    let command = block.and_then(|block| block.lines().next()).expect("the README begins with a command");
    let arguments = command.strip_prefix("cargo run -p medfund -- ").expect("it runs the tool");
    arguments.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_first_command_lives_a_year_whose_numbers_hold_and_whose_bank_files_agree_with_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let (json, export) = (folder.path().join("year.json"), folder.path().join("export"));
    let output = Command::new(program())
        .args(first_command())
        .arg("--json")
        .arg(&json)
        .arg("--export")
        .arg(&export)
        .env_remove("DATABASE_URL")
        .output()
        .expect("the program runs");
    let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}", output.status);
    for table in ["总额控制目标", "总额控制指标", "月度结算", "年度清算", "Ledger", "out_of_area"]
    {
        assert!(told.contains(table), "no {table} in:\n{told}");
    }

    let text = std::fs::read_to_string(&json).unwrap();
    let year = parse(&text);
    assert_eq!((year["pack"]["id"].as_str(), fen(&year, "fund_year")), (Some("jiangmen-2016"), 2017));
    assert_eq!(list(&year, "fund_lines").len(), 2);
    assert_eq!(broken(&year), Vec::<String>::new());

    for line in list(&year, "fund_lines") {
        let id = line["id"].as_str().unwrap();
        let account = format!("settlement/bank/{id}");
        let bank = list(&year["ledger"], "accounts").iter().find(|a| a["account"] == account.as_str());
        assert_eq!(
            fen(bank.expect("the bank's account"), "balance_fen"),
            paid_by_bank(&export.join("bank"), id)
        );
    }
}

/// What the files that went to the bank pay for a fund line; an order that was sent again is paid once.
fn paid_by_bank(folder: &std::path::Path, fund_line: &str) -> i64 {
    let mut orders = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for row in text.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let [order, _institution, line, direction, amount] = cells[..] else { panic!("{row}") };
            if line == fund_line {
                let amount = Fen::parse_yuan(amount).expect("yuan with two decimals").get();
                orders.insert(order.to_owned(), if direction == "recover" { -amount } else { amount });
            }
        }
    }
    assert!(orders.len() > 100, "the year had orders");
    orders.values().sum()
}
