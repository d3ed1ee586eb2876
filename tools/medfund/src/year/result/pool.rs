//! Pools (区域总额) in a year's result, and as a table.

use std::collections::BTreeMap;

use comfy_table::{Cell, Table};
use serde::Serialize;

use super::print::yuan;
use super::{FundLineResult, is_nothing};
use crate::print::{bold, numbers_right, table};

/// A pool at the clearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct PoolResult {
    pub(crate) care: String,
    pub(crate) pool_fen: i64,
    pub(crate) adjustment_fen: i64,
    pub(crate) points: String,
    /// What a point is worth, in fen, as an exact ratio: what is shared over all points, in whole numbers; empty without
    /// points.
    pub(crate) point_value: String,
    pub(crate) case_counts: CaseCounts,
    /// What cases were given that no points pay.
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) priced_fen: i64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) surplus_kept_fen: i64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) overspend_fund_fen: i64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) overspend_borne_fen: i64,
    pub(crate) returned_fen: i64,
    pub(crate) adjustment_returned_fen: i64,
    pub(crate) special_cases: SpecialCaseCounts,
}

/// Cases that were filed to be reviewed singly, and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct SpecialCaseCounts {
    pub(crate) filed: usize,
    pub(crate) heard: usize,
    pub(crate) granted: usize,
}

/// Cases by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct CaseCounts(pub(crate) BTreeMap<&'static str, i64>);

/// An institution's share of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct PoolShare {
    pub(crate) care: String,
    pub(crate) points: String,
    pub(crate) case_counts: CaseCounts,
    pub(crate) personal_fen: i64,
    pub(crate) pay_fen: i64,
    /// Of it, what cases were given that no points pay.
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) priced_fen: i64,
    /// Of it, what is kept of what those left of the pool; negative: borne of what they exceeded it by.
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) shared_of_priced_fen: i64,
    pub(crate) refused_fen: i64,
    pub(crate) deducted_fen: i64,
    pub(crate) final_fen: i64,
    pub(crate) paid_fen: i64,
}

/// An institution's month of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct PoolMonth {
    pub(crate) care: String,
    pub(crate) points: String,
    pub(crate) case_counts: CaseCounts,
    pub(crate) personal_fen: i64,
    pub(crate) refused_fen: i64,
    pub(crate) payable_fen: i64,
}

/// Kinds of cases as they stand in the JSON and in the table's heading.
const KINDS: [(&str, &str); 6] = [
    ("normal", "normal"),
    ("high", "high (高倍率)"),
    ("low", "low (低倍率)"),
    ("incomplete", "incomplete"),
    ("reviewed", "reviewed (特病单议)"),
    ("ungrouped", "ungrouped"),
];

/// Amounts of a share as they stand in the table.
const AMOUNTS: [fn(&PoolShare) -> i64; 6] = [
    |share| share.personal_fen,
    |share| share.priced_fen,
    |share| share.shared_of_priced_fen,
    |share| share.pay_fen,
    |share| share.refused_fen,
    |share| share.final_fen,
];

/// What each institution has of a fund line's pools, and what a point is worth; `None` without a pool.
pub(super) fn pools(line: &FundLineResult, name_of: impl Fn(&str) -> String) -> Option<(String, Table)> {
    let of_districts: Vec<&PoolResult> = line.districts.iter().flat_map(|one| &one.pools).collect();
    if of_districts.is_empty() {
        return None;
    }
    let values: Vec<String> = of_districts
        .iter()
        .map(|pool| {
            let (pool_yuan, kept) =
                (crate::print::yuan(pool.pool_fen), crate::print::yuan(pool.adjustment_fen));
            let SpecialCaseCounts { filed, heard, granted } = pool.special_cases;
            let paid_by = match pool.points.as_str() {
                "0" => String::new(),
                points => format!(
                    ", {points} points; {filed} special cases filed, {heard} heard, {granted} granted"
                ),
            };
            format!("{}: {pool_yuan} and {kept} kept to adjust (调剂金){paid_by}", pool.care)
        })
        .collect();
    let kinds = KINDS.map(|(_, heading)| heading);
    let heading = [
        &["institution", "name", "points"][..],
        &kinds,
        &["personal", "priced", "kept, borne", "share", "refused", "final"],
    ];
    let mut rows = table(&heading.concat());
    let shares = line.institutions.iter().flat_map(|one| one.pools.iter().map(move |share| (one, share)));
    for (one, share) in shares.clone() {
        let cases =
            KINDS.map(|(kind, _)| Cell::new(share.case_counts.0.get(kind).copied().unwrap_or_default()));
        let amounts = AMOUNTS.map(|amount| yuan(amount(share)));
        let names = [Cell::new(&one.code), Cell::new(name_of(&one.code)), Cell::new(&share.points)];
        rows.add_row(names.into_iter().chain(cases).chain(amounts));
    }
    let sum =
        |value: &dyn Fn(&PoolShare) -> i64| -> i64 { shares.clone().map(|(_, share)| value(share)).sum() };
    let cases = KINDS
        .map(|(kind, _)| Cell::new(sum(&|share| share.case_counts.0.get(kind).copied().unwrap_or_default())));
    let amounts = AMOUNTS.map(|amount| yuan(sum(&amount)));
    let names = [bold("sum"), Cell::new(""), Cell::new("")];
    rows.add_row(names.into_iter().chain(cases).chain(amounts));
    numbers_right(&mut rows, 2);
    Some((format!("Pools (区域总额) · {}, yuan · {}", line.id, values.join("; ")), rows))
}
