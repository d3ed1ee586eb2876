use medfund_money::Rate;
use medfund_policy::Rules;

use crate::domain::cited::Cited;

/// What a pack says of cases that are reviewed singly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialCaseRules {
    /// The most that an institution may file in a fund year, as a share of its discharges.
    pub max_share: Cited<Rate>,
    /// The days after the end of its month in which a case may be filed.
    pub file_within_days: u32,
    /// The experts who hear a case.
    pub n_experts: usize,
    /// Whether a justified cost counts only if more experts are in favour than against.
    pub majority_binds: bool,
}

/// What a pack says of special cases; `None` if it pools nothing.
#[must_use]
pub fn special_case_rules(rules: &Rules) -> Option<SpecialCaseRules> {
    let special = &rules.pool.as_ref()?.special_cases;
    Some(SpecialCaseRules {
        max_share: (&special.max_share).into(),
        file_within_days: special.file_within_days.get().get(),
        n_experts: usize::try_from(special.n_experts.get().get()).expect("a few experts"),
        majority_binds: *special.majority_binds,
    })
}
