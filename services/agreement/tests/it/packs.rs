//! Packs that say something else than the usual one.

use medfund_policy::Pack;

use crate::support::PACK;

/// A pack that does not say who decides on districts' inpatient methods.
pub(crate) fn pack_without_deciders() -> &'static [u8] {
    let text = std::str::from_utf8(PACK).unwrap();
    let (before, procedure) = text.split_once("[procedures.inpatient_method]").unwrap();
    let (_, after) = procedure.split_once("\n[").unwrap();
    let pack = format!("{before}[{after}").into_bytes().leak();
    Pack::parse(pack).expect("what is left is a pack");
    pack
}

/// A pack whose fund lines deduct differently for one indicator.
pub(crate) fn pack_that_deducts_by_fund_line() -> &'static [u8] {
    let own = "[fund_lines.resident.rules.indicators.visits_per_head]\n\
               deduction_rate = { value = \"0.006\", clause = \"四(四)\" }\n";
    let pack = [PACK, own.as_bytes()].concat().leak();
    Pack::parse(pack).expect("what is there is a pack");
    pack
}
