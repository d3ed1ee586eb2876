//! What is wrong in a pack's pool.

use support::{Mistake, expect_told};

mod support;

/// Of Panzhihua's pack.
const MISTAKES: &[Mistake] = &[
    (
        "pool.abnormal",
        "low_below",
        "low_below = { value = \"3\", default = \"x\" }",
        "pool.abnormal.low_below",
        "not below `high_above`",
    ),
    (
        "pool.abnormal",
        "high_above",
        "high_above = { value = \"0.9\", default = \"x\" }",
        "pool.abnormal.high_above",
        "below the group's mean",
    ),
    (
        "pool.abnormal",
        "high_share",
        "high_share = { value = \"1.5\", default = \"x\" }",
        "pool.abnormal.high_share",
        "out of range",
    ),
    (
        "pool.readmission",
        "within_days",
        "within_days = { value = 0, default = \"x\" }",
        "pool.readmission.within_days",
        "out of range",
    ),
    (
        "pool.readmission",
        "kept_rate",
        "kept_rate = { value = \"1.01\", default = \"x\" }",
        "pool.readmission.kept_rate",
        "out of range",
    ),
    ("pool.readmission", "same_institution", "", "pool.readmission.same_institution", "missing"),
];

#[test]
fn every_mistake_in_a_pool_is_told_with_its_line_its_key_and_the_reason() {
    MISTAKES.iter().for_each(|mistake| expect_told("panzhihua-2018", mistake));
}
