use std::collections::BTreeMap;

use medfund_money::Exact;
use medfund_policy::{Indicator, IndicatorUse, KindOfCare, Matter, Pack, Rules};
use medfund_types::FundYear;

use super::rules::{IndicatorRule, IndicatorRules, InspectionRules, MethodRules, YearSpan};
use super::terms::{CareRule, CareRules};

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
        deciding_body: pack.deciding_body(matter).map(|body| body.as_str().to_owned()).unwrap_or_default(),
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
        let cares = rules.care.iter().map(|(kind, care)| {
            let by_district = *kind == KindOfCare::Inpatient && care.lock_years.is_some();
            (*kind, CareRule { allowed: care.methods.to_vec(), by_district })
        });
        cares.collect::<BTreeMap<_, _>>()
    };
    let lines = pack.fund_lines().keys();
    lines.filter_map(|line| Some((line.clone(), of_line(pack.rules(line)?)))).collect()
}

/// What inspections look for.
#[must_use]
pub fn inspection_rules(pack: &Pack) -> InspectionRules {
    let mut kinds = BTreeMap::new();
    for (id, violation) in lines(pack).flat_map(|rules| rules.inspection.subjects.iter()) {
        kinds.entry(id.as_str().to_owned()).or_insert(violation.spoils_record.get());
    }
    let first = lines(pack).next().expect("a pack names a fund line");
    InspectionRules {
        kinds,
        least_sampling_rate: first.inspection.least_sampling_rate.get(),
        extrapolated: first.inspection.extrapolated.get(),
        cite: first.inspection.extrapolated.cite(),
    }
}

/// What is measured, and what missing it costs.
#[must_use]
pub fn indicator_rules(pack: &Pack) -> IndicatorRules {
    let mut indicators = BTreeMap::new();
    for (id, indicator) in lines(pack).flat_map(|rules| rules.indicators.iter()) {
        indicators.entry(id.as_str().to_owned()).or_insert_with(|| indicator_rule(indicator));
    }
    IndicatorRules { indicators }
}

fn indicator_rule(indicator: &Indicator) -> IndicatorRule {
    let cite = indicator.deduction_rate.as_ref().map_or_else(|| indicator.name.cite(), |rate| rate.cite());
    IndicatorRule {
        bound: indicator.bound.as_ref().map(|bound| bound.get()),
        limit: indicator.limit.as_ref().map(|limit| Exact::from(limit.get().get())),
        deduction_rate: indicator.deduction_rate.as_ref().map(|param| param.get()),
        term: indicator.name.to_string(),
        cite,
        disclosed: indicator.uses.contains(&IndicatorUse::Disclosure),
    }
}

/// Whether the pack's graded review has `grade`.
#[must_use]
pub fn has_grade(pack: &Pack, grade: &str) -> bool {
    let deposits = lines(pack).filter_map(|rules| rules.deposit.as_ref());
    deposits.into_iter().any(|deposit| deposit.grades.named(grade).is_some())
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
        assert!(!rules.deciding_body.is_empty());
        let cares = care_rules(&jiangmen());
        assert!(cares.values().all(|cares| cares[&KindOfCare::Inpatient].by_district));
        assert!(cares.values().all(|cares| !cares[&KindOfCare::GeneralOutpatient].by_district));
    }

    #[test]
    fn jiangmen_looks_for_five_acts_and_back_two_years() {
        let rules = inspection_rules(&jiangmen());
        assert_eq!(rules.kinds.len(), 5, "{:?}", rules.kinds.keys());
        assert!(rules.extrapolated);
        assert_eq!(clean_years(&jiangmen()), 2);
        assert!(has_grade(&jiangmen(), "a") && !has_grade(&jiangmen(), "z"));
    }

    #[test]
    fn jiangmen_deducts_for_four_indicators_and_discloses_nine() {
        let rules = indicator_rules(&jiangmen());
        let deducting = rules.indicators.values().filter(|rule| rule.deduction_rate.is_some());
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
