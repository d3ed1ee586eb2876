use std::collections::BTreeMap;

use medfund_money::Exact;
use medfund_policy::{Indicator, IndicatorUse, KindOfCare, Matter, Pack, Rules};
use medfund_types::{FundLine, FundYear};

use super::rules::{DeductionRule, IndicatorRule, IndicatorRules, InspectionRules, MethodRules, YearSpan};
use super::terms::{CHRONIC_CARE, CareRule, CareRules, TCM_FACTOR, WHOLE_STAY};

/// The rules of the pack's fund lines, in its order.
///
/// What concerns an institution as a whole is read from the first fund line
/// that says it.
fn lines(pack: &Pack) -> impl Iterator<Item = &Rules> {
    pack.fund_lines().keys().filter_map(|line| pack.rules(line))
}

/// The days of a fund year.
#[must_use]
pub fn year_span(pack: &Pack, fund_year: FundYear) -> YearSpan {
    let start = pack.period().fund_year_start.get();
    let first = start.in_year(fund_year.get());
    let next = start.in_year(fund_year.get() + 1);
    YearSpan { first, last: next.pred_opt().expect("the day before a first day exists") }
}

/// What districts' inpatient methods must be.
#[must_use]
pub fn method_rules(pack: &Pack) -> MethodRules {
    let matter = Matter::InpatientMethod;
    let mut allowed = Vec::new();
    let mut lock_years = 1;
    for care in lines(pack).filter_map(|rules| rules.care.get(&KindOfCare::Inpatient)) {
        for method in care.methods.iter().filter(|method| !allowed.contains(*method)).collect::<Vec<_>>() {
            allowed.push(*method);
        }
        if let Some(years) = &care.lock_years {
            lock_years = lock_years.max(i32::try_from(years.get().get()).unwrap_or(i32::MAX));
        }
    }
    MethodRules {
        allowed,
        lock_years,
        deciding_body: pack.deciding_body(matter).map(|body| body.as_str().to_owned()),
        matter: matter.as_str().to_owned(),
    }
}

/// What an agreement's terms may be.
///
/// A district chooses the inpatient method for all its institutions where the
/// pack says for how many years it keeps it.
#[must_use]
pub fn care_rules(pack: &Pack) -> CareRules {
    let of_line = |rules: &Rules| {
        let services = rules.payment.bed_day.iter().flat_map(|bed_day| bed_day.services.keys());
        let bed_day_services: Vec<String> = services.map(|service| service.as_str().to_owned()).collect();
        let offered = offered(rules);
        let cares = rules.care.iter().map(|(kind, care)| {
            let rule = CareRule {
                allowed: care.methods.to_vec(),
                by_district: *kind == KindOfCare::Inpatient && care.lock_years.is_some(),
                bed_day_services: bed_day_services.clone(),
                is_periodic: rules.payment.periodic.as_ref().is_some_and(|one| one.care.contains(kind)),
                offered: offered.clone(),
            };
            (*kind, rule)
        });
        cares.collect::<BTreeMap<_, _>>()
    };
    let lines = pack.fund_lines().keys();
    lines.filter_map(|line| Some((line.clone(), of_line(pack.rules(line)?)))).collect()
}

/// The standards that a fund line offers and not every one does, by their keys.
fn offered(rules: &Rules) -> Vec<&'static str> {
    let by_disease = rules.payment.by_disease.as_ref();
    let per_capita = rules.payment.per_capita.as_ref();
    let all = [
        (by_disease.is_some_and(|one| *one.covers_whole_stay), WHOLE_STAY),
        (by_disease.is_some_and(|one| one.tcm_factor.is_some()), TCM_FACTOR),
        (per_capita.and_then(|one| one.with_chronic_care.as_ref()).is_some_and(|with| **with), CHRONIC_CARE),
    ];
    all.into_iter().filter(|(is_offered, _)| *is_offered).map(|(_, key)| key).collect()
}

/// What inspections of a fund line look for; `None` if the pack has no such line.
#[must_use]
pub fn inspection_rules(pack: &Pack, fund_line: &FundLine) -> Option<InspectionRules> {
    let inspection = &pack.rules(fund_line)?.inspection;
    let kinds = inspection.subjects.iter();
    let kinds = kinds.map(|(id, violation)| (id.as_str().to_owned(), violation.spoils_record.get()));
    Some(InspectionRules {
        kinds: kinds.collect(),
        least_sampling_rate: inspection.least_sampling_rate.get(),
        extrapolated: inspection.extrapolated.get(),
        cite: inspection.extrapolated.cite(),
    })
}

/// Whether a kind of violation spoils a clean record; `None` if no fund line has the kind.
///
/// A violation is of no fund line: it spoils the record where any line says so.
#[must_use]
pub fn spoils_record(pack: &Pack, kind: &str) -> Option<bool> {
    let of_lines = lines(pack).flat_map(|rules| rules.inspection.subjects.iter());
    let of_kind = of_lines.filter(|(id, _)| id.as_str() == kind);
    of_kind.map(|(_, violation)| violation.spoils_record.get()).reduce(|one, other| one || other)
}

/// What is measured, and what missing it costs.
#[must_use]
pub fn indicator_rules(pack: &Pack) -> IndicatorRules {
    let mut indicators = BTreeMap::new();
    let general = lines(pack).flat_map(|rules| rules.indicators.iter());
    let bed_day = lines(pack).filter_map(|rules| rules.payment.bed_day.as_ref());
    for (id, indicator) in general.chain(bed_day.flat_map(|bed_day| bed_day.indicators.iter())) {
        indicators.entry(id.as_str().to_owned()).or_insert_with(|| indicator_rule(indicator));
    }
    IndicatorRules { indicators }
}

fn indicator_rule(indicator: &Indicator) -> IndicatorRule {
    let cite = indicator.deduction_rate.as_ref().map_or_else(|| indicator.name.cite(), |rate| rate.cite());
    IndicatorRule {
        deduction: deduction_rule(indicator),
        term: indicator.name.to_string(),
        cite,
        disclosed: indicator.uses.contains(&IndicatorUse::Disclosure),
    }
}

/// An indicator that the pack's fund lines deduct for differently.
///
/// An assessment is of the institution, its deductions of the year's payable of
/// all fund lines: it cannot tell them apart.
#[must_use]
pub fn deducted_differently(pack: &Pack) -> Option<String> {
    let of_line = |rules: &Rules| -> BTreeMap<String, DeductionRule> {
        let indicators = rules.indicators.iter();
        indicators.filter_map(|(id, one)| Some((id.as_str().to_owned(), deduction_rule(one)?))).collect()
    };
    let mut of_lines = lines(pack).map(of_line);
    let first = of_lines.next()?;
    of_lines.find_map(|other| {
        first.keys().chain(other.keys()).find(|id| first.get(*id) != other.get(*id)).cloned()
    })
}

/// A pack that names a rate names the bound and the limit too.
fn deduction_rule(indicator: &Indicator) -> Option<DeductionRule> {
    Some(DeductionRule {
        bound: indicator.bound.as_ref()?.get(),
        limit: Exact::from(indicator.limit.as_ref()?.get().get()),
        rate: indicator.deduction_rate.as_ref()?.get(),
    })
}

/// Whether the pack's graded review has `grade`.
#[must_use]
pub fn has_grade(pack: &Pack, grade: &str) -> bool {
    let deposits = lines(pack).filter_map(|rules| rules.deposit.as_ref());
    deposits.into_iter().any(|deposit| deposit.grades.named(grade).is_some())
}

/// Whether a fund line prepays shares by management grades and has `grade` among them.
#[must_use]
pub fn has_management_grade(pack: &Pack, grade: &str) -> bool {
    let shares = lines(pack).filter_map(|rules| rules.prepayment.history_share.as_ref());
    shares.into_iter().any(|share| share.by_grade.named(grade).is_some())
}

/// How many years before the fund year must be clean; none where nothing depends on it.
#[must_use]
pub fn clean_years(pack: &Pack) -> i32 {
    let years = lines(pack).filter_map(|rules| rules.prepayment.clean_record.as_ref());
    years.map(|clean| i32::try_from(clean.clean_years.get().get()).unwrap_or(i32::MAX)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use medfund_policy::PaymentMethod;

    use super::*;

    fn jiangmen() -> Pack {
        Pack::parse(include_bytes!("../../../../policies/jiangmen-2016.toml")).unwrap()
    }

    #[test]
    fn jiangmens_districts_choose_one_of_four_methods_for_two_years() {
        let rules = method_rules(&jiangmen());
        let four = [
            PaymentMethod::AverageQuota,
            PaymentMethod::ByDisease,
            PaymentMethod::PerCapita,
            PaymentMethod::DailyCap,
        ];
        assert_eq!((rules.allowed.as_slice(), rules.lock_years), (&four[..], 2));
        assert_eq!(rules.deciding_body.as_deref(), Some("city_joint_meeting"));
        let cares = care_rules(&jiangmen());
        assert!(cares.values().all(|cares| cares[&KindOfCare::Inpatient].by_district));
        assert!(cares.values().all(|cares| !cares[&KindOfCare::GeneralOutpatient].by_district));
        let periodic = |kind: &KindOfCare| cares.values().all(|cares| cares[kind].is_periodic);
        assert!(periodic(&KindOfCare::Inpatient) && !periodic(&KindOfCare::DaySurgery));
    }

    #[test]
    fn chuxiong_offers_whole_stays_a_tcm_factor_and_chronic_care_and_jiangmen_whole_stays_alone() {
        let chuxiong = Pack::parse(include_bytes!("../../../../policies/chuxiong-2022.toml")).unwrap();
        let of = |pack: &Pack| offered(pack.rules(&"employee".parse().unwrap()).unwrap());
        assert_eq!(of(&chuxiong), [WHOLE_STAY, TCM_FACTOR, CHRONIC_CARE]);
        assert_eq!(of(&jiangmen()), [WHOLE_STAY]);
    }

    #[test]
    fn jiangmen_looks_for_five_acts_and_back_two_years() {
        let rules = inspection_rules(&jiangmen(), &"employee".parse().unwrap()).unwrap();
        assert_eq!(rules.kinds.len(), 5, "{:?}", rules.kinds.keys());
        assert_eq!(inspection_rules(&jiangmen(), &"nrcms".parse().unwrap()), None);
        assert_eq!(spoils_record(&jiangmen(), "luck"), None);
        assert!(rules.extrapolated);
        assert_eq!(clean_years(&jiangmen()), 2);
        assert!(has_grade(&jiangmen(), "a") && !has_grade(&jiangmen(), "z"));
    }

    #[test]
    fn lincang_prepays_by_management_grades_and_jiangmen_has_none() {
        let lincang = Pack::parse(include_bytes!("../../../../policies/lincang-2014.toml")).unwrap();
        assert!(has_management_grade(&lincang, "a") && !has_management_grade(&lincang, "z"));
        assert!(!has_management_grade(&jiangmen(), "a"));
    }

    #[test]
    fn each_fund_line_is_inspected_by_its_own_rules() {
        let own = r#"
            [fund_lines.resident.rules.inspection]
            extrapolated = { value = false, clause = "四(五)" }
            least_sampling_rate = { value = "0.2", clause = "四(五)" }
        "#;
        let text = include_str!("../../../../policies/jiangmen-2016.toml").to_owned() + own;
        let pack = Pack::parse(text.as_bytes()).unwrap();
        let of = |line: &str| inspection_rules(&pack, &line.parse().unwrap()).unwrap();
        let [employee, resident] = ["employee", "resident"].map(of);
        assert!(employee.extrapolated && !resident.extrapolated);
        assert_eq!([employee, resident].map(|rules| rules.least_sampling_rate.to_string()), ["0.01", "0.2"]);
    }

    #[test]
    fn fund_lines_that_deduct_differently_are_found() {
        assert_eq!(deducted_differently(&jiangmen()), None);
        let own = r#"
            [fund_lines.resident.rules.indicators.home_sickbeds_opened]
            deduction_rate = { value = "0.003", clause = "四(四)" }
        "#;
        let text = include_str!("../../../../policies/jiangmen-2016.toml").to_owned() + own;
        let pack = Pack::parse(text.as_bytes()).unwrap();
        assert_eq!(deducted_differently(&pack).as_deref(), Some("home_sickbeds_opened"));
    }

    #[test]
    fn jiangmen_deducts_for_four_indicators_and_discloses_nine() {
        let rules = indicator_rules(&jiangmen());
        let deducting = rules.indicators.values().filter(|rule| rule.deduction.is_some());
        assert_eq!(deducting.count(), 4);
        assert_eq!(rules.indicators.values().filter(|rule| rule.disclosed).count(), 9);
    }

    #[test]
    fn a_calendar_year_is_a_fund_year_where_the_pack_says_so() {
        let year = year_span(&jiangmen(), 2017.try_into().unwrap());
        assert_eq!(year.first, NaiveDate::from_ymd_opt(2017, 1, 1).unwrap());
        assert_eq!(year.last, NaiveDate::from_ymd_opt(2017, 12, 31).unwrap());
    }
}
