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

/// A pack that lets home sickbeds be paid by methods that need standards, one of them by bed-day.
pub(crate) fn pack_of_many_methods() -> &'static [u8] {
    let own = r#"
        [fund_lines.resident.rules.care.home_sickbed]
        methods = { value = ["bed_day", "by_disease", "service_unit", "total_prepayment", "per_capita"], clause = "四(三)1" }
        [payment.per_capita]
        with_chronic_care = { value = true, clause = "四(三)1" }
        [payment.per_capita.package]
        consultation = { value = "一般诊疗费", clause = "四(三)1" }
        [payment.bed_day.services.hospice]
        name = { value = "安宁疗护", clause = "四(三)1" }
        [payment.bed_day.services.hospice.phases.only]
        from_day = { value = 1, clause = "四(三)1" }
        factor = { value = "1", clause = "四(三)1" }
        [payment.bed_day.indicators.average_stay]
        name = { value = "平均住院天数", clause = "四(三)1" }
        unit = { value = "days", clause = "四(三)1" }
        uses = { value = ["evaluation"], clause = "四(三)1" }
    "#;
    let pack = [PACK, own.as_bytes()].concat().leak();
    Pack::parse(pack).expect("what is there is a pack");
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
