//! What must hold of a pool in a year's JSON.

use serde_json::Value;

use crate::identities::{any, fen, hold, some};

/// Points are told with at most four decimals.
const UNITS: i64 = 10_000;

/// A pool is shared to the fen by the exact value of a point, what is priced is cleared against it, and what is not paid of
/// it is given back.
pub(crate) fn shared(broken: &mut Vec<String>, what: &str, pool: &Value, institutions: &[&Value]) {
    let what = format!("{what}/{}", pool["care"]);
    let shares = institutions.iter().flat_map(|one| some(one, "pools"));
    let shares: Vec<&Value> = shares.filter(|share| share["care"] == pool["care"]).collect();
    let of_all = |name: &str| -> i64 { shares.iter().map(|share| fen(share, name)).sum() };
    let budget = fen(pool, "pool_fen") + fen(pool, "adjustment_fen");
    let all = units(&pool["points"]);
    let points: i64 = shares.iter().map(|share| units(&share["points"])).sum();
    hold(broken, &format!("{what}: points"), points, all);
    for (kind, n_cases) in pool["case_counts"].as_object().expect("cases by kind") {
        let n_own: i64 = shares.iter().map(|share| fen(&share["case_counts"], kind)).sum();
        hold(broken, &format!("{what}: {kind} cases"), n_own, n_cases.as_i64().expect("a count"));
    }
    let returned = fen(pool, "returned_fen") + fen(pool, "adjustment_returned_fen");
    hold(broken, &format!("{what}: paid and given back"), of_all("final_fen") + returned, budget);
    let priced = priced(broken, &what, pool, &shares, all > 0);
    if all == 0 {
        return hold(broken, &format!("{what}: nothing is shared"), of_all("pay_fen"), priced);
    }
    let (in_all, over) = ratio(&pool["point_value"]);
    let to_share = budget - priced + of_all("personal_fen");
    let crossed =
        i128::from(in_all) * i128::from(all) - i128::from(to_share) * i128::from(UNITS) * i128::from(over);
    hold(broken, &format!("{what}: the value of a point is exact"), i64::from(crossed != 0), 0);
    hold(broken, &format!("{what}: pay of all"), of_all("pay_fen"), budget);
    for share in shares {
        let own = format!("{what}: {}", share["points"]);
        // Points × value, less than a fen away.
        let exact = i128::from(units(&share["points"])) * i128::from(to_share);
        let by_points = fen(share, "pay_fen") - any(share, "priced_fen") - any(share, "shared_of_priced_fen");
        let off = i128::from(by_points + fen(share, "personal_fen")) * i128::from(all) - exact;
        hold(broken, &format!("{own} points are paid"), i64::from(off.abs() >= i128::from(all)), 0);
    }
}

/// What priced cases come to: within the pool and what adjusts it, and shared to the fen.
fn priced(broken: &mut Vec<String>, what: &str, pool: &Value, shares: &[&Value], has_points: bool) -> i64 {
    for share in shares {
        let kept = fen(share, "pay_fen") - fen(share, "refused_fen") - fen(share, "deducted_fen");
        hold(broken, &format!("{what}: final of {}", share["pay_fen"]), fen(share, "final_fen"), kept);
    }
    let of_all = |name: &str| -> i64 { shares.iter().map(|share| any(share, name)).sum() };
    let [given, kept, fund, borne] =
        ["priced_fen", "surplus_kept_fen", "overspend_fund_fen", "overspend_borne_fen"]
            .map(|name| any(pool, name));
    let size = fen(pool, "pool_fen");
    hold(broken, &format!("{what}: priced"), of_all("priced_fen"), given);
    hold(broken, &format!("{what}: kept or borne"), of_all("shared_of_priced_fen"), kept - borne);
    hold(broken, &format!("{what}: overspend shared"), fund + borne, (given - size).max(0));
    let surplus = if has_points { 0 } else { (size - given).max(0) };
    hold(broken, &format!("{what}: kept is part of the surplus"), kept.clamp(0, surplus), kept);
    let adjustment = fen(pool, "adjustment_fen");
    hold(broken, &format!("{what}: the fund's part is kept to adjust it"), fund.min(adjustment), fund);
    given + kept - borne
}

fn units(points: &Value) -> i64 {
    let (whole, decimals) = {
        let text = points.as_str().expect("points are text");
        text.split_once('.').unwrap_or((text, ""))
    };
    format!("{whole}{decimals:0<4}").parse().expect("points with at most four decimals")
}

/// Fen over points, in whole numbers.
fn ratio(value: &Value) -> (i64, i64) {
    let (above, below) = value.as_str().and_then(|text| text.split_once('/')).expect("a ratio");
    (above.parse().expect("a whole number"), below.parse().expect("a whole number"))
}

#[test]
fn a_pool_that_is_shared_otherwise_is_told() {
    let share = |points: &str, pay: i64| {
        serde_json::json!({ "pools": [{
            "care": "inpatient", "points": points, "case_counts": { "normal": 1 }, "personal_fen": 10,
            "pay_fen": pay, "refused_fen": 0, "deducted_fen": 0, "final_fen": pay, "paid_fen": 0,
        }] })
    };
    let pool = serde_json::json!({
        "care": "inpatient", "pool_fen": 70, "adjustment_fen": 10, "points": "2.5", "point_value": "40/1",
        "case_counts": { "normal": 2 }, "returned_fen": 0, "adjustment_returned_fen": 0,
    });
    let told = |one: i64, other: i64| {
        let mut broken = Vec::new();
        let (one, other) = (share("0.5", one), share("2", other));
        shared(&mut broken, "x", &pool, &[&one, &other]);
        broken
    };
    assert_eq!(told(10, 70), Vec::<String>::new());
    assert_eq!(told(13, 67).len(), 2, "neither has its points × 40");
    assert!(told(10, 71).iter().any(|told| told.contains("pay of all")));
}
