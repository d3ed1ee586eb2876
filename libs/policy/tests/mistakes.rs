//! What is wrong in a pack, all at once, with line, key and reason.

use medfund_policy::Pack;
use support::{Mistake, expect_told, pack, replaced};

mod support;

fn jiangmen() -> String {
    pack("jiangmen-2016")
}

/// Section, how the line begins, what stands there instead, the key told, and words of the reason.
const MISTAKES: &[Mistake] = &[
    (
        "budget.reserve",
        "max_rate",
        "max_rat = { value = \"0.15\", clause = \"四(二)1\" }",
        "budget.reserve.max_rat",
        "unknown key",
    ),
    ("budget.reserve", "max_rate", "max_rate = \"0.15\"", "budget.reserve.max_rate", "must be a parameter"),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = \"0.15\" }",
        "budget.reserve.max_rate",
        "names no `clause`",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = \"0.15\", clause = \"四(二)1\", default = \"x\" }",
        "budget.reserve.max_rate",
        "both",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = \"0.15\", clause = \"第四条\" }",
        "budget.reserve.max_rate",
        "write a clause as",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = \"0.15\", clause = \"\" }",
        "budget.reserve.max_rate",
        "`clause` is empty",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { clause = \"四(二)1\" }",
        "budget.reserve.max_rate",
        "has no `value`",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = 0.15, clause = \"四(二)1\" }",
        "budget.reserve.max_rate",
        "floating-point",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = \"15%\", clause = \"四(二)1\" }",
        "budget.reserve.max_rate",
        "not an exact decimal",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = \"1.5\", clause = \"四(二)1\" }",
        "budget.reserve.max_rate",
        "out of range",
    ),
    (
        "budget.reserve",
        "max_rate",
        "max_rate = { value = \"0.15\", clause = \"四(二)1\", note = \"x\" }",
        "budget.reserve.max_rate.note",
        "unknown key",
    ),
    (
        "budget.reserve",
        "planned_rate",
        "planned_rate = { value = \"0.16\", default = \"x\" }",
        "budget.reserve.planned_rate",
        "more than `max_rate`",
    ),
    (
        "budget.reserve",
        "uses",
        "uses = { value = [\"overspend\"], clause = \"四(二)1\" }",
        "budget.reserve.uses",
        "does not name primary_care",
    ),
    (
        "budget.reserve",
        "uses",
        "uses = { value = [\"overspend\", \"parties\"], clause = \"四(二)1\" }",
        "budget.reserve.uses",
        "none of",
    ),
    (
        "budget.reserve",
        "uses",
        "uses = { value = [\"primary_care\", \"primary_care\"], clause = \"四(二)1\" }",
        "budget.reserve.uses",
        "twice",
    ),
    (
        "budget.reserve",
        "uses",
        "uses = { value = [], clause = \"四(二)1\" }",
        "budget.reserve.uses",
        "must not be empty",
    ),
    (
        "budget.reserve.primary_care",
        "rolls_years",
        "rolls_years = { value = 3, clause = \"四(八)4\" }",
        "budget.reserve.primary_care.rolls_years",
        "more than `lapses_after_years`",
    ),
    (
        "budget.deficit",
        "allowed",
        "allowed = { value = \"no\", clause = \"四(一)1\" }",
        "budget.deficit.allowed",
        "true or false",
    ),
    (
        "quota",
        "year_weights",
        "year_weights = { value = [\"0.10\", \"0.20\", \"0.60\"], clause = \"四(二)2\" }",
        "quota.year_weights",
        "add up to 0.90",
    ),
    (
        "quota",
        "year_weights",
        "year_weights = { value = \"1\", clause = \"四(二)2\" }",
        "quota.year_weights",
        "must be a list",
    ),
    (
        "quota",
        "forecast_range",
        "forecast_range = { value = [\"1.30\", \"0.80\"], default = \"x\" }",
        "quota.forecast_range",
        "is more than the most",
    ),
    (
        "quota",
        "forecast_range",
        "forecast_range = { value = [\"1.10\", \"1.30\"], default = \"x\" }",
        "quota.forecast_undecided",
        "lies outside of",
    ),
    (
        "quota",
        "forecast_range",
        "forecast_range = { value = [\"0.80\"], default = \"x\" }",
        "quota.forecast_range",
        "a range of two",
    ),
    (
        "quota",
        "base_care",
        "base_care = { value = [\"general_outpatient\"], clause = \"四(二)2\" }",
        "quota.base_care",
        "has no quota",
    ),
    (
        "quota",
        "coefficient_decimals",
        "coefficient_decimals = { value = 11, default = \"x\" }",
        "quota.coefficient_decimals",
        "from 0 to 10",
    ),
    (
        "quota.factors.high_cost",
        "by",
        "by = { value = \"level\", default = \"x\" }",
        "quota.factors.high_cost.by",
        "has no `range`",
    ),
    (
        "quota.factors.level",
        "by",
        "by = { value = \"officer\", default = \"x\" }",
        "quota.factors.level.by",
        "no `table`",
    ),
    (
        "quota.factors.level.table",
        "0",
        "4 = { value = \"1\", default = \"x\" }",
        "quota.factors.level.table.4",
        "a level is",
    ),
    (
        "quota.factors.level.table",
        "0",
        "0 = { value = \"0\", default = \"x\" }",
        "quota.factors.level.table.0",
        "more than 0",
    ),
    (
        "care.inpatient",
        "regime",
        "regime = { value = \"pool\", clause = \"四(二)2\" }",
        "care.inpatient.regime",
        "no section `pool`",
    ),
    (
        "care.inpatient",
        "changeable_from_year",
        "changeable_from_year = { value = 2, clause = \"四(三)1\" }",
        "care.inpatient.changeable_from_year",
        "within the lock",
    ),
    (
        "care.inpatient",
        "methods",
        "methods = { value = [\"drg_points\"], clause = \"四(三)1\" }",
        "care.inpatient.methods",
        "points share a pool",
    ),
    (
        "prepayment.advance",
        "months",
        "months = { value = [2, 1], clause = \"四(三)3\" }",
        "prepayment.advance.months",
        "is more than the most",
    ),
    (
        "prepayment.clean_record",
        "by",
        "by = { value = \"02-30\", clause = \"四(三)3\" }",
        "prepayment.clean_record.by",
        "not a day of every year",
    ),
    (
        "prepayment.clean_record",
        "by",
        "by = { value = \"3月底\", clause = \"四(三)3\" }",
        "prepayment.clean_record.by",
        "not a day of every year",
    ),
    (
        "month",
        "deferral",
        "deferral = { value = \"over_cap\", default = \"x\" }",
        "month.deferral",
        "`cap` is none",
    ),
    (
        "month",
        "carry_unused_cap",
        "carry_unused_cap = { value = true, default = \"x\" }",
        "month.carry_unused_cap",
        "`cap` is none",
    ),
    (
        "deposit",
        "withheld",
        "withheld = { value = true, clause = \"四(三)3\" }",
        "deposit.withheld",
        "does not say how much",
    ),
    (
        "clearing.surplus_tiers.far",
        "down_to",
        "down_to = { value = \"0.90\", default = \"x\" }",
        "clearing.surplus_tiers.far.down_to",
        "not below 0.85",
    ),
    (
        "clearing.overspend_tiers.second",
        "up_to",
        "up_to = { value = \"1.05\", default = \"x\" }",
        "clearing.overspend_tiers.second.up_to",
        "not above 1.05",
    ),
    ("indicators.visits_per_head", "bound", "", "indicators.visits_per_head.limit", "needs a `bound`"),
    (
        "indicators.visits_per_head",
        "deduction_rate",
        "",
        "indicators.visits_per_head.uses",
        "no `deduction_rate`",
    ),
    (
        "warnings.levels.alarm",
        "ratio",
        "ratio = { value = \"1.01\", default = \"x\" }",
        "warnings.levels.alarm.ratio",
        "not above the level before",
    ),
    (
        "period",
        "effective_to",
        "effective_to = { value = \"2016-09-30\", clause = \"五(二)3\" }",
        "period.effective_to",
        "lies before",
    ),
    (
        "period",
        "effective_from",
        "effective_from = { value = 2016-10-01, clause = \"五(二)1\" }",
        "period.effective_from",
        "not a bare date",
    ),
    (
        "period",
        "effective_from",
        "effective_from = { value = \"2016-10-32\", clause = \"五(二)1\" }",
        "period.effective_from",
        "not a date",
    ),
    (
        "fund_lines.resident",
        "operator",
        "operator = { value = \"agency\", clause = \"四(二)2\" }",
        "fund_lines.resident.operator",
        "`agency` stands not in `bodies`",
    ),
    (
        "codes",
        "insutype",
        "insutype = { value = { 310 = \"employee\", 391 = \"nrcms\" }, default = \"x\" }",
        "codes.insutype",
        "`nrcms` stands not in `fund_lines`",
    ),
    (
        "codes",
        "med_type",
        "med_type = { value = { 21 = \"hospital\" }, default = \"x\" }",
        "codes.med_type",
        "none of",
    ),
    ("pack", "region", "region = \"4407\"", "pack.region", "six-digit"),
    ("pack", "id", "id = \"Jiangmen 2016\"", "pack.id", "is not an id"),
    ("pack", "issued", "", "pack.issued", "missing"),
    (
        "procedures.budget",
        "  { act = \"decide\"",
        "  { act = \"consult\", body = \"local_joint_meeting\" },",
        "procedures.budget.steps",
        "no step decides",
    ),
    (
        "procedures.budget",
        "  { act = \"decide\"",
        "  { act = \"decide\", body = \"district_agency\" },",
        "procedures.budget.steps",
        "decides what it made itself",
    ),
    (
        "procedures.budget",
        "  { act = \"decide\"",
        "  { act = \"decide\" },",
        "procedures.budget.steps",
        "without `body`",
    ),
    ("deadlines.clearing", "yearly", "", "deadlines.clearing", "names no time"),
    ("goals.diseases", "at_least", "", "goals.diseases", "names no value"),
];

#[test]
fn a_text_that_is_no_pack_by_its_size_or_its_mistakes_is_refused_soon() {
    let large = Pack::parse(&vec![b'#'; (1 << 20) + 1]).unwrap_err();
    assert!(large[0].reason.contains("at most"), "{}", large[0].reason);

    let wrong: String = (0..50_000).map(|n| format!("unknown_{n} = 1\n")).collect();
    let mistakes = Pack::parse(wrong.as_bytes()).unwrap_err();
    assert!(mistakes.len() <= 1_001, "{}", mistakes.len());
}

#[test]
fn every_mistake_is_told_with_its_line_its_key_and_its_reason() {
    MISTAKES.iter().for_each(|mistake| expect_told("jiangmen-2016", mistake));
}

#[test]
fn ten_mistakes_are_ten_messages() {
    let wrong = [
        ("pack", "region", "region = \"4407\""),
        ("period", "effective_from", "effective_from = { value = \"2016\", clause = \"五(二)1\" }"),
        ("budget.reserve", "planned_rate", "planned_rate = { value = \"0.20\", default = \"x\" }"),
        (
            "quota",
            "year_weights",
            "year_weights = { value = [\"0.10\", \"0.20\", \"0.60\"], clause = \"四(二)2\" }",
        ),
        ("care.inpatient", "lock_years", "lock_years = { value = \"2\", clause = \"四(三)1\" }"),
        ("prepayment.working_capital", "rate", "rate = { value = \"8\", clause = \"四(三)3\" }"),
        ("prepayment.clean_record", "by", "until = { value = \"03-31\", clause = \"四(三)3\" }"),
        ("deposit", "base_rate", "base_rate = { value = \"0.05\" }"),
        ("clearing.surplus_tiers.far", "down_to", "down_to = { value = \"0.85\", default = \"x\" }"),
    ];
    let mut text = jiangmen();
    for (section, begins, with) in wrong {
        (text, _) = replaced(&text, section, begins, with);
    }
    let mistakes = Pack::parse(text.as_bytes()).unwrap_err();
    // `until` in place of `by` is two: a key unknown and one missing.
    let keys: Vec<&str> = mistakes.iter().map(|mistake| mistake.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "pack.region",
            "period.effective_from",
            "budget.reserve.planned_rate",
            "quota.year_weights",
            "care.inpatient.lock_years",
            "prepayment.working_capital.rate",
            "prepayment.clean_record.by",
            "prepayment.clean_record.until",
            "deposit.base_rate",
            "clearing.surplus_tiers.far.down_to",
        ]
    );
}

#[test]
fn text_that_is_not_toml_is_told_line_by_line_and_the_rest_is_still_read() {
    let (text, line) = replaced(&jiangmen(), "quota", "year_weights", "year_weights = = 1");
    let mistakes = Pack::parse(text.as_bytes()).unwrap_err();
    assert!(mistakes.iter().any(|mistake| mistake.line == line && mistake.key.is_empty()), "{mistakes:#?}");

    let (text, line) =
        replaced(&jiangmen(), "quota", "base_care", "primary_floor = { value = \"1\", default = \"x\" }");
    let mistakes = Pack::parse(text.as_bytes()).unwrap_err();
    assert!(
        mistakes.iter().any(|mistake| mistake.line >= line && mistake.reason.contains("duplicate")),
        "{mistakes:#?}"
    );
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let mistakes = Pack::parse(b"[pack]\nid = \"\xff\"\n").unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!((mistakes[0].line, mistakes[0].reason.as_str()), (2, "the text is not UTF-8"));
}

#[test]
fn an_empty_pack_misses_every_section() {
    let mistakes = Pack::parse(b"").unwrap_err();
    assert!(mistakes.len() >= 15, "{mistakes:#?}");
    assert!(mistakes.iter().all(|mistake| mistake.reason == "missing"));
}

#[test]
fn a_mistake_in_a_fund_line_s_own_rules_is_told_under_that_line() {
    let text = format!(
        "{}\n[fund_lines.resident.rules.prepayment.working_capital]\nrate = {{ value = \"2\", clause = \"四(三)3\" }}\n",
        jiangmen()
    );
    let mistakes = Pack::parse(text.as_bytes()).unwrap_err();
    let keys: Vec<&str> = mistakes.iter().map(|mistake| mistake.key.as_str()).collect();
    assert_eq!(keys, ["fund_lines.resident.rules.prepayment.working_capital.rate"]);
}

#[test]
fn a_pool_that_nobody_decides_is_told() {
    let path = format!("{}/../../policies/panzhihua-2018.toml", env!("CARGO_MANIFEST_DIR"));
    let panzhihua = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let without = panzhihua.replace("[procedures.structure]", "[procedures.city_direct]");
    let mistakes = Pack::parse(without.as_bytes()).unwrap_err();
    assert_eq!(mistakes.len(), 1, "{mistakes:#?}");
    assert_eq!(mistakes[0].key, "care.inpatient.regime");
    assert!(mistakes[0].reason.contains("does not say who decides it"), "{}", mistakes[0].reason);
}
