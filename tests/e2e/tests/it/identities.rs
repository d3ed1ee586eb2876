//! What must hold in a year's JSON, whatever the region: worked out here from its numbers alone.

use serde_json::Value;

use crate::pools;

pub(crate) fn fen(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or_else(|| panic!("`{name}` is a whole number in {value}"))
}

pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("`{name}` is a list")).as_slice()
}

pub(crate) fn sum(values: &[Value], name: &str) -> i64 {
    values.iter().map(|value| fen(value, name)).sum()
}

/// An amount that is left out where it is nothing.
pub(crate) fn any(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or_default()
}

/// A list that is left out where it is empty.
pub(crate) fn some<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// What of a district's target is pools.
fn pooled(district: &Value) -> i64 {
    let pools = some(district, "pools");
    sum(pools, "pool_fen") + sum(pools, "adjustment_fen")
}

/// The accounts that money only passes through: the clearing empties them.
const EMPTY_AT_LAST: [&str; 12] = [
    "budget/transit/",
    "settlement/transit/",
    "settlement/target/",
    "settlement/quota/",
    "settlement/payable/",
    "settlement/overspend/",
    "settlement/deferred/",
    "settlement/working_capital/",
    "settlement/reserve/",
    "settlement/pool/",
    "settlement/pool_adjustment/",
    "budget/pool_adjustment/",
];

/// Every identity that does not hold, in words.
pub(crate) fn broken(year: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let ledger = &year["ledger"];
    hold(&mut broken, "transit", fen(ledger, "transit_balance_fen"), 0);
    hold(&mut broken, "the sum of all balances", sum(list(ledger, "accounts"), "balance_fen"), 0);
    hold(&mut broken, "whether money moved", i64::from(fen(ledger, "transfers") > 0), 1);
    for account in list(ledger, "accounts") {
        let name = account["account"].as_str().expect("an account has a name");
        if EMPTY_AT_LAST.iter().any(|kind| name.starts_with(kind)) {
            hold(&mut broken, name, fen(account, "balance_fen"), 0);
        }
    }
    for line in list(year, "fund_lines") {
        fund_line(&mut broken, line);
    }
    broken
}

pub(crate) fn hold(broken: &mut Vec<String>, what: &str, left: i64, right: i64) {
    if left != right {
        broken.push(format!("{what}: {left} is not {right}"));
    }
}

fn fund_line(broken: &mut Vec<String>, line: &Value) {
    let id = line["id"].as_str().expect("a fund line has an id");
    target(broken, id, line);
    let districts = list(line, "districts");
    for district in districts {
        target(broken, &format!("{id}/{}", district["district"]), district);
        let code = &district["district"];
        let institutions = list(line, "institutions").iter().filter(|i| i["district"] == *code);
        let institutions: Vec<&Value> = institutions.collect();
        let quotas: i64 = institutions.iter().map(|i| fen(i, "quota_fen")).sum();
        let divided = quotas + pooled(district);
        hold(broken, &format!("{id}: quotas and pools of {code}"), divided, fen(district, "target_fen"));
        for pool in some(district, "pools") {
            pools::shared(broken, &format!("{id}/{code}"), pool, &institutions);
        }
    }
    for name in ["income_fen", "budget_fen", "target_fen", "adjustment_fen", "primary_floor_fen"] {
        hold(broken, &format!("{id}: districts' {name}"), sum(districts, name), fen(line, name));
    }
    let institutions = list(line, "institutions");
    let divided = sum(institutions, "quota_fen") + districts.iter().map(pooled).sum::<i64>();
    hold(broken, &format!("{id}: quotas"), divided, fen(line, "target_fen"));
    let primary = institutions.iter().filter(|i| i["primary"] == true);
    let primary: i64 = primary.map(|i| fen(i, "quota_fen")).sum();
    let floor = fen(line, "primary_floor_fen");
    hold(broken, &format!("{id}: the primary group reaches its floor"), primary.max(floor), primary);
    let clearings: Vec<Value> = institutions.iter().map(|i| i["clearing"].clone()).collect();
    let overspend = sum(&clearings, "overspend_fund_fen");
    hold(
        broken,
        &format!("{id}: overspend from the reserve"),
        overspend,
        fen(&line["reserve"], "overspend_fen"),
    );
    let changed: i64 = institutions.iter().map(|i| fen(i, "adjusted_quota_fen") - fen(i, "quota_fen")).sum();
    hold(broken, &format!("{id}: reserve drawn for quotas"), changed, fen(&line["reserve"], "drawn_fen"));
    for one in institutions {
        institution(broken, &format!("{id}/{}", one["code"]), one);
    }
}

fn target(broken: &mut Vec<String>, what: &str, numbers: &Value) {
    let reserve = &numbers["reserve"];
    let planned = fen(reserve, "planned_fen");
    let deducted = sum(list(numbers, "deductions"), "amount_fen");
    let made = fen(numbers, "budget_fen") - deducted - planned + fen(numbers, "adjustment_fen");
    hold(broken, &format!("{what}: target"), fen(numbers, "target_fen"), made);
    let parts = ["drawn_fen", "overspend_fen", "primary_care_fen", "left_fen"];
    let parts: i64 = parts.iter().map(|part| fen(reserve, part)).sum();
    hold(broken, &format!("{what}: reserve"), planned, parts);
}

fn institution(broken: &mut Vec<String>, what: &str, one: &Value) {
    let months = list(one, "months");
    hold(broken, &format!("{what}: months"), i64::try_from(months.len()).expect("few"), 12);
    for month in months {
        let parts = fen(month, "paid_fen") + fen(month, "deferred_fen");
        hold(broken, &format!("{what}: payable of {}", month["month"]), fen(month, "payable_fen"), parts);
    }
    let clearing = &one["clearing"];
    let payable = sum(months, "payable_fen") + fen(clearing, "prepaid_difference_fen");
    hold(broken, &format!("{what}: payable of the year"), fen(clearing, "payable_fen"), payable);
    let standard = fen(one, "adjusted_quota_fen");
    hold(broken, &format!("{what}: standard"), fen(clearing, "standard_fen"), standard);
    let over = (payable - standard).max(0);
    hold(broken, &format!("{what}: overspend"), fen(clearing, "overspend_fen"), over);
    let shared = fen(clearing, "overspend_fund_fen") + fen(clearing, "overspend_borne_fen");
    hold(broken, &format!("{what}: overspend shared"), shared, over);
    let made = payable + fen(clearing, "surplus_kept_fen")
        - fen(clearing, "overspend_borne_fen")
        - fen(clearing, "deductions_fen");
    let shares = some(one, "pools");
    let made = made + sum(shares, "final_fen");
    hold(broken, &format!("{what}: final"), fen(clearing, "final_fen"), made);
    let paid = fen(one, "working_capital_fen")
        + fen(one, "clean_record_fen")
        + any(one, "instalments_fen")
        + sum(shares, "paid_fen")
        + sum(months, "paid_fen")
        + fen(clearing, "payment_fen");
    hold(broken, &format!("{what}: what is paid in all"), paid, made);
    let kept = fen(clearing, "surplus_kept_fen");
    let surplus = (standard - payable).max(0);
    hold(broken, &format!("{what}: kept is part of the surplus"), kept.clamp(0, surplus), kept);
}

#[test]
fn a_number_that_is_off_by_a_fen_is_told() {
    let year = serde_json::json!({
        "ledger": { "transfers": 1, "transit_balance_fen": 0, "accounts": [] },
        "fund_lines": [{
            "id": "employee", "income_fen": 10, "budget_fen": 10, "adjustment_fen": 0, "target_fen": 8,
            "primary_floor_fen": 0, "deductions": [{ "id": "other", "amount_fen": 1 }],
            "reserve": { "planned_fen": 1, "drawn_fen": 0, "overspend_fen": 0, "primary_care_fen": 0, "left_fen": 1 },
            "districts": [], "institutions": [],
        }],
    });
    let told = broken(&year);
    assert!(told.iter().any(|told| told == "employee: quotas: 0 is not 8"), "{told:?}");
    assert!(!told.iter().any(|told| told.starts_with("employee: target")), "{told:?}");
    let mut off = year;
    off["fund_lines"][0]["reserve"]["left_fen"] = 2.into();
    assert!(broken(&off).contains(&"employee: reserve: 1 is not 2".to_owned()));
}
