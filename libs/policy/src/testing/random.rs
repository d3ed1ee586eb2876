use super::writer::{Writer, list, quoted};

/// How far a drawn pack goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Quotas, with everything paid in its month: what a quota pack's year needs.
    Quota,
    /// Also monthly caps with deferral and a withheld deposit.
    Deferral,
}

/// The text of a valid pack drawn at random: every number, and how many factors, bands, grades and indicators.
///
/// It has the fund lines `employee` and `resident`, and inpatient care meets
/// quotas made from three years; the same seed draws the same text.
#[must_use]
pub fn random_pack(seed: u64, reach: Reach) -> String {
    let mut w = Writer::new(seed);
    head(&mut w, seed);
    bodies(&mut w);
    procedures(&mut w);
    fund_lines(&mut w);
    budget(&mut w);
    quota(&mut w);
    care(&mut w);
    prepayment(&mut w);
    month(&mut w, reach);
    clearing(&mut w);
    indicators(&mut w);
    inspection(&mut w);
    around(&mut w);
    lists(&mut w);
    w.finish()
}

fn head(w: &mut Writer, seed: u64) {
    w.section("pack");
    w.line(&format!("id = \"random-{seed}\""));
    w.line("short = \"RND\"\nregion = \"990000\"\ntitle = \"随机政策包\"\nnumber = \"随机\"");
    w.line("issued = \"2016-10-24\"\nissuers = [\"随机\"]");
    w.section("period");
    w.text("effective_from", "2016-10-01");
    w.param("fund_years", "[2017]");
    w.text("fund_year_start", "01-01");
}

fn bodies(w: &mut Writer) {
    for (id, scope, role) in [
        ("institutions", "institution", "institution"),
        ("agency", "district", "agency_officer"),
        ("upper_agency", "area", "city_agency"),
        ("local_meeting", "district", "meeting_secretary"),
        ("area_meeting", "area", "meeting_secretary"),
        ("treasury", "area", "finance_reviewer"),
        ("government", "district", "recorded"),
    ] {
        w.section(&format!("bodies.{id}"));
        w.text("name", "随机部门");
        w.text("scope", scope);
        w.text("role", role);
    }
}

fn procedures(w: &mut Writer) {
    let meeting = if w.happens() { "local_meeting" } else { "area_meeting" };
    for (matter, steps) in [
        ("budget", vec![("propose", "agency"), ("review", "treasury"), ("decide", meeting)]),
        ("deficit", vec![("propose", "agency"), ("decide", "government")]),
        ("target", vec![("propose", "agency"), ("decide", meeting)]),
        (
            "decomposition",
            vec![
                ("apply", "institutions"),
                ("decompose", "agency"),
                ("balance", "upper_agency"),
                ("decide", "area_meeting"),
            ],
        ),
        ("adjustment", vec![("propose", "agency"), ("decide", meeting)]),
        ("inpatient_method", vec![("propose", "government"), ("decide", "area_meeting")]),
        ("indicators", vec![("propose", "agency"), ("decide", meeting)]),
        ("clearing_plan", vec![("propose", "agency"), ("decide", meeting)]),
        ("clearing_approval", vec![("propose", meeting), ("approve", "upper_agency")]),
        ("primary_care_allotment", vec![("propose", "upper_agency"), ("decide", "area_meeting")]),
        ("final_accounts", vec![("propose", "agency"), ("review", "treasury"), ("decide", meeting)]),
    ] {
        w.section(&format!("procedures.{matter}"));
        let steps: Vec<String> =
            steps.iter().map(|(act, body)| format!("{{ act = \"{act}\", body = \"{body}\" }}")).collect();
        w.param("steps", &format!("[{}]", steps.join(", ")));
    }
}

fn fund_lines(w: &mut Writer) {
    for id in ["employee", "resident"] {
        w.section(&format!("fund_lines.{id}"));
        w.text("name", "随机险种");
        w.text("operator", "agency");
        w.param("pays", "[\"inpatient\", \"special_outpatient\", \"general_outpatient\"]");
    }
    if w.happens() {
        w.section("fund_lines.resident.rules.prepayment.working_capital");
        w.thousandths("rate", 0, 200);
    }
    w.section("codes");
    w.param("insutype", "{ 310 = \"employee\", 390 = \"resident\" }");
    let kinds = "{ 11 = \"general_outpatient\", 14 = \"special_outpatient\", 21 = \"inpatient\", 52 = \"inpatient\" }";
    w.param("med_type", kinds);
}

fn budget(w: &mut Writer) {
    w.section("budget");
    w.text("principle", "以收定支");
    w.section("budget.deficit");
    w.param("allowed", "false");
    w.section("budget.surplus_rate");
    w.thousandths("target", 0, 200);
    w.thousandths("tolerance", 0, 100);
    w.section("budget.deductions");
    for id in [
        "prepaid_contributions",
        "out_of_area",
        "critical_illness",
        "special_outpatient",
        "general_outpatient",
        "personal_account",
        "other",
    ] {
        w.text(id, "扣除项");
    }
    w.section("budget.reserve");
    w.text("name", "预留");
    let max = w.thousandths("max_rate", 20, 300);
    w.thousandths("planned_rate", 10, max);
    w.param("uses", "[\"overspend\", \"primary_care\", \"adjustment\"]");
    w.section("budget.reserve.primary_care");
    w.thousandths("earmark_rate", 0, 600);
    w.text("allotted_by", "人员经费投入");
    let rolls = w.whole("rolls_years", 1, 3);
    w.whole("lapses_after_years", rolls, 5);
}

fn quota(w: &mut Writer) {
    w.section("quota");
    w.param("base_care", "[\"inpatient\"]");
    let far = w.between(0, 400);
    let middle = w.between(0, 400);
    let weights = [far, middle, 1000 - far - middle].map(quoted);
    w.param("year_weights", &format!("[{}]", weights.join(", ")));
    w.text("forecast_undecided", "1");
    w.range_around_one("forecast_range");
    w.whole("coefficient_decimals", 1, 8);
    w.text("neutral", "1");
    w.thousandths("primary_floor", 0, 600);
    w.param("split_by_care", "false");
    for (id, keys) in
        [("level", &["0", "1", "2", "3"][..]), ("class", &["general", "tcm", "specialised"][..])]
    {
        w.section(&format!("quota.factors.{id}"));
        w.text("name", "因素");
        w.text("by", id);
        w.section(&format!("quota.factors.{id}.table"));
        for key in keys {
            w.thousandths(key, 800, 1200);
        }
    }
    for n in 0..w.below(9) {
        w.section(&format!("quota.factors.factor_{n}"));
        w.text("name", "因素");
        w.text("by", "officer");
        w.range_around_one("range");
    }
    w.section("adjustment");
    w.flag("at_clearing");
    w.section("adjustment.reasons");
    for n in 0..=w.below(6) {
        w.text(&format!("reason_{n}"), "调整情形");
    }
}

fn care(w: &mut Writer) {
    w.section("care.inpatient");
    w.text("regime", "quota");
    let methods = [
        "average_quota",
        "by_disease",
        "per_capita",
        "daily_cap",
        "service_unit",
        "total_prepayment",
        "bed_day",
    ];
    w.param("methods", &list(&methods));
    let lock = w.whole("lock_years", 1, 4);
    w.whole("changeable_from_year", lock + 1, 6);
    for kind in ["special_outpatient", "general_outpatient"] {
        w.section(&format!("care.{kind}"));
        w.text("regime", "outside");
        w.param("methods", "[\"fee_for_service\"]");
    }
    for service in ["long_stay", "rehabilitation"] {
        w.section(&format!("payment.bed_day.services.{service}"));
        w.text("name", "随机床日病种");
        let mut from_day = 1;
        for phase in ["acute", "stable", "long"] {
            w.section(&format!("payment.bed_day.services.{service}.phases.{phase}"));
            w.param("from_day", &from_day.to_string());
            w.thousandths("factor", 700, 1300);
            from_day += w.between(2, 12);
        }
    }
    w.section("payment.bed_day.class_factors");
    w.thousandths("tcm", 900, 1100);
    w.section("payment.bed_day.indicators.average_stay");
    w.text("name", "平均住院天数");
    w.text("unit", "days");
    w.param("uses", "[\"evaluation\"]");
    w.section("payment.standards");
    w.text("cost_based", "以合理成本为基础");
}

fn prepayment(w: &mut Writer) {
    w.section("prepayment.advance");
    let least = w.between(1, 2);
    let most = w.between(least, 4);
    w.param("months", &format!("[{least}, {most}]"));
    w.param("counts_towards", "true");
    w.section("prepayment.working_capital");
    w.thousandths("rate", 10, 200);
    w.text("by", "01-31");
    w.section("prepayment.clean_record");
    w.thousandths("rate", 10, 200);
    w.text("by", "03-31");
    w.whole("clean_years", 1, 3);
}

fn month(w: &mut Writer, reach: Reach) {
    let defers = reach == Reach::Deferral && w.happens();
    let withholds = reach == Reach::Deferral && w.happens();
    w.section("month");
    w.param("period_months", "1");
    w.text("cap", if defers { "equal" } else { "none" });
    w.text("deferral", if defers { "over_cap" } else { "none" });
    if defers {
        w.text("deferral_base", "payable");
    }
    w.param("carry_unused_cap", "false");
    w.whole("pay_within_working_days", 5, 60);
    w.param("prepayment_set_off", "false");
    if withholds {
        w.section("month.withheld");
        w.thousandths("deposit_rate", 0, 100);
        w.thousandths("clearing_rate", 0, 100);
    }
    w.section("deposit");
    w.text("name", "保证金");
    w.thousandths("base_rate", 10, 100);
    w.text("base_of", "payable");
    w.param("withheld", &withholds.to_string());
    w.whole("taken_after_months", 1, 2);
    for (n, id) in ["a", "b", "c", "d"].into_iter().enumerate() {
        w.section(&format!("deposit.grades.{id}"));
        w.text("name", "等级");
        let n = u32::try_from(n).expect("four grades");
        w.thousandths("forfeited_rate", n * 200, n * 200 + 300);
    }
}

fn clearing(w: &mut Writer) {
    w.section("clearing");
    w.text("principle", "结余留用、超支分担");
    w.param("weighs_fund_balance", "true");
    w.param("reviews_deferred", "true");
    w.text("by", "06-30");
    let mut end = 1000;
    for n in 0..=w.below(4) {
        w.section(&format!("clearing.surplus_tiers.band_{n}"));
        end = w.thousandths("down_to", end - 200, end - 10);
        w.thousandths("kept_rate", 0, 1000);
    }
    end = 1000;
    for n in 0..=w.below(4) {
        w.section(&format!("clearing.overspend_tiers.band_{n}"));
        end = w.thousandths("up_to", end + 10, end + 100);
        w.thousandths("fund_rate", 0, 1000);
    }
}

fn indicators(w: &mut Writer) {
    for n in 0..=w.below(8) {
        w.section(&format!("indicators.indicator_{n}"));
        w.text("name", "指标");
        w.text("unit", ["share", "ratio", "count"][n % 3]);
        let bound = if w.happens() { "max" } else { "min" };
        if n < 4 {
            w.param("uses", "[\"clearing\", \"agreement\"]");
            w.text("bound", bound);
            w.thousandths("limit", 0, 5000);
            w.thousandths("deduction_rate", 1, 20);
        } else {
            let uses = w.some_of(&["agreement", "review", "disclosure", "monitoring"], 1);
            w.param("uses", &uses);
        }
    }
    w.section("fourth_quarter");
    w.text("measure", "admissions");
    w.thousandths("tolerance", 50, 400);
    w.thousandths("deduction_rate", 1, 50);
}

fn inspection(w: &mut Writer) {
    w.section("inspection");
    w.param("care", "[\"inpatient\"]");
    w.param("extrapolated", "true");
    w.thousandths("least_sampling_rate", 1, 50);
    w.param("counts_in_review", "true");
    w.flag("reports_rewarded");
    w.flag("third_party");
    // The violations that sampled inspections name in every pack drawn.
    for id in
        ["split_admission", "repeated_charging", "over_dispensing", "order_mismatch", "repeated_examination"]
    {
        w.section(&format!("inspection.subjects.{id}"));
        w.text("name", "违规行为");
        w.param("spoils_record", "true");
    }
    w.section("warnings");
    w.param("told", &list(&["agency", "treasury"]));
    let mut ratio = 1000;
    for n in 0..=w.below(3) {
        w.section(&format!("warnings.levels.level_{n}"));
        w.text("name", "预警");
        ratio = w.thousandths("ratio", ratio + 10, ratio + 100);
    }
}

/// What is drawn last, so that it changes nothing of what was drawn before there was any.
fn lists(w: &mut Writer) {
    w.section("payment.by_disease");
    w.param("covers_whole_stay", "true");
    w.flag("extra_charge");
    w.section("payment.by_disease.criteria");
    w.text("mature_technique", "诊疗技术成熟");
    w.section("payment.by_disease.variants");
    w.thousandths("low_below", 300, 700);
    w.thousandths("high_above", 1500, 3000);
    w.section("payment.periodic");
    w.param("care", "[\"inpatient\"]");
    w.section("payment.periodic.populations");
    w.text("specific", "特定人群疾病");
}

fn around(w: &mut Writer) {
    w.section("negotiation");
    w.flag("representatives");
    w.param("parties", &list(&["agency", "institutions"]));
    w.flag("public");
    w.section("negotiation.subjects");
    w.text("quotas", "总额控制指标");
    w.section("disclosure.quarterly");
    w.text("name", "季度通报");
    w.whole("every_months", 1, 12);
    w.text("by", "agency");
    w.flag("to_the_public");
    w.section("deadlines.statement_confirmation");
    w.text("name", "月度结算单确认");
    w.text("by", "institutions");
    w.whole("days", 1, 60);
}
