//! The READMEs' table of the packs' years side by side.

use medfund_money::Fen;
use medfund_tidy::root;
use serde_json::Value;

use crate::identities::{any, fen, list, some};

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

/// Fails unless the READMEs tell of a year what came of it.
pub(crate) fn expect_told(year: &Value) {
    let pack = year["pack"]["id"].as_str().expect("a pack has an id");
    let numbers = numbers(year);
    for readme in READMES {
        let text = std::fs::read_to_string(root().join(readme)).expect("a README");
        let start = format!("| `{pack}` |");
        let told = text.lines().find(|line| line.starts_with(&start)).unwrap_or_default();
        assert!(
            told.ends_with(&numbers),
            "{readme} tells `{told}` of the year, which came to\n{start} … {numbers}"
        );
    }
}

/// The end of a year's row: of all fund lines together the budget, what institutions receive for the year within and beside
/// quotas and pools, what they keep of surpluses, what the fund bears of overspend and what they do.
fn numbers(year: &Value) -> String {
    let lines = list(year, "fund_lines");
    let institutions: Vec<&Value> = lines.iter().flat_map(|line| list(line, "institutions")).collect();
    let cleared = |name: &str| -> i64 { institutions.iter().map(|one| fen(&one["clearing"], name)).sum() };
    let months = institutions.iter().flat_map(|one| list(one, "months"));
    let beside: i64 = months.map(|month| fen(month, "outside_quota_fen")).sum();
    let districts = lines.iter().flat_map(|line| list(line, "districts"));
    let pools: Vec<&Value> = districts.flat_map(|district| some(district, "pools")).collect();
    let of_pools = |name: &str| -> i64 { pools.iter().map(|pool| any(pool, name)).sum() };
    let both = |name: &str| cleared(name) + of_pools(name);
    let amounts = [
        lines.iter().map(|line| fen(line, "budget_fen")).sum(),
        cleared("final_fen") + beside,
        both("surplus_kept_fen"),
        both("overspend_fund_fen"),
        both("overspend_borne_fen"),
    ];
    let cells: Vec<String> = amounts.into_iter().map(yuan).collect();
    format!("| {} |", cells.join(" | "))
}

/// Yuan with two decimals and a comma at every thousand.
fn yuan(fen: i64) -> String {
    let text = Fen::new(fen).to_yuan();
    let (whole, decimals) = text.split_once('.').expect("yuan have two decimals");
    let groups: Vec<&[u8]> = whole.as_bytes().rchunks(3).rev().collect();
    let groups: Vec<&str> =
        groups.into_iter().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    format!("{}.{decimals}", groups.join(","))
}

#[test]
fn yuan_have_a_comma_at_every_thousand() {
    assert_eq!([0, 12_345, 123_456_789].map(yuan), ["0.00", "123.45", "1,234,567.89"]);
}
