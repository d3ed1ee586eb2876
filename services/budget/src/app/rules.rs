use medfund_money::Exact;
use medfund_policy::{Coefficient, Factor, FactorSource, KindOfCare, Param, Quota, Rate, Regime, Rules};

use super::year::Year;

use crate::domain::budget::{BudgetRules, SurplusRange};
use crate::domain::coefficient::{self, CoefficientRules, FactorRule};
use crate::domain::decomposition::DecompositionRules;
use crate::domain::execution::WarningLevel;
use crate::domain::key::BudgetKey;
use crate::domain::parameter::Parameter;
use crate::domain::primary_care::RollingRules;
use crate::domain::structure::{CareRule, ShareLimit, StructureRules};
use crate::domain::target::{DeductionRule, TargetRules};

fn rate(name: &str, rate: &Param<Rate>) -> Parameter {
    parameter(name, rate.term(), rate.get().into(), rate.cite())
}

fn parameter(name: &str, term: &str, value: Exact, clause: String) -> Parameter {
    Parameter { name: name.to_owned(), term: term.to_owned(), value, clause }
}

/// What the pack says of budgets.
pub(super) fn budget(rules: &Rules) -> BudgetRules {
    BudgetRules { deficit_allowed: rules.budget.deficit.allowed.get(), surplus: surplus(rules) }
}

/// The healthy range of the surplus rate.
pub(super) fn surplus(rules: &Rules) -> Option<SurplusRange> {
    let range = rules.budget.surplus_rate.as_ref()?;
    Some(SurplusRange { target: range.target.get().into(), tolerance: range.tolerance.get().into() })
}

/// The deductions by the pack's list.
pub(super) fn deductions(rules: &Rules) -> Vec<DeductionRule> {
    let listed = rules.budget.deductions.iter().flat_map(|deductions| deductions.iter());
    let rule = |(id, term): (&medfund_policy::Id, &Param<String>)| DeductionRule {
        id: id.to_string(),
        term: (**term).clone(),
        clause: term.cite(),
    };
    listed.map(rule).collect()
}

/// What the pack says of targets.
pub(super) fn target(rules: &Rules) -> TargetRules {
    let reserve = &rules.budget.reserve;
    TargetRules {
        deductions: deductions(rules),
        max_rate: rate("max_rate", &reserve.max_rate),
        planned_rate: rate("planned_rate", &reserve.planned_rate),
        earmark_rate: reserve.primary_care.as_ref().map(|care| rate("earmark_rate", &care.earmark_rate)),
        raise_range: reserve
            .primary_care
            .as_ref()
            .and_then(|care| care.raise_range.as_ref())
            .map(|range| (range.least.into(), range.most.into())),
    }
}

/// What the pack says of the division of a fund line's target.
pub(super) fn structure(year: &Year, key: &BudgetKey) -> StructureRules {
    let rules = year.rules(key);
    let limits = |kind: KindOfCare| {
        let limits = rules.budget.structure.iter().flat_map(|limits| limits.values());
        let limits = limits.filter(move |limit| limit.care.get() == kind);
        limits
            .map(|limit| ShareLimit { bound: limit.bound.get(), share: rate("share", &limit.share) })
            .collect()
    };
    let kept = rules.pool.as_ref().map(|pool| rate("adjustment_rate", &pool.adjustment_rate));
    let cares = rules.care.iter().filter(|(kind, _)| year.pays(key).contains(*kind));
    let cares = cares.filter_map(|(kind, care)| {
        let adjustment_rate = match care.regime.get() {
            Regime::Pool => Some(kept.clone().expect("a pack whose pool has no section is refused")),
            Regime::Quota => None,
            Regime::Bundle | Regime::Outside => return None,
        };
        Some(CareRule { care: *kind, adjustment_rate, limits: limits(*kind) })
    });
    StructureRules { cares: cares.collect() }
}

/// How long what primary care does not take is kept.
pub(super) fn rolling(rules: &Rules) -> RollingRules {
    let years = |n: u32| i32::try_from(n).expect("the pack counts a few years");
    match &rules.budget.reserve.primary_care {
        Some(care) => RollingRules {
            rolls_years: years(care.rolls_years.get().get()),
            lapses_after_years: years(care.lapses_after_years.get().get()),
        },
        None => RollingRules { rolls_years: 0, lapses_after_years: 0 },
    }
}

/// What the pack says of coefficients.
pub(super) fn coefficient(quota: &Quota) -> CoefficientRules {
    let neutral: &Param<Coefficient> = &quota.neutral;
    CoefficientRules {
        factors: quota.factors.iter().map(|(id, factor)| factor_rule(id.as_str(), factor)).collect(),
        neutral: parameter("neutral", neutral.term(), neutral.get().into(), neutral.cite()),
        decimals: quota.coefficient_decimals.get().get(),
    }
}

fn factor_rule(id: &str, factor: &Factor) -> FactorRule {
    let table = || {
        let table = factor.table.iter().flat_map(|table| table.iter());
        table.map(|(key, value)| (key.to_string(), value.get().into())).collect()
    };
    let source = match factor.by.get() {
        FactorSource::Level => coefficient::FactorSource::Level(table()),
        FactorSource::Class => coefficient::FactorSource::Class(table()),
        FactorSource::Officer => {
            let range = factor.range.as_ref().expect("a pack whose officer's factor has no range is refused");
            coefficient::FactorSource::Officer { least: range.least.into(), most: range.most.into() }
        }
    };
    FactorRule { id: id.to_owned(), term: (*factor.name).clone(), clause: factor.name.cite(), source }
}

/// What the pack says of the decomposition.
pub(super) fn decomposition(quota: &Quota) -> DecompositionRules {
    let weights = &quota.year_weights;
    let weight = |value: &Rate| parameter("year_weight", weights.term(), (*value).into(), weights.cite());
    DecompositionRules {
        year_weights: weights.far_to_near().iter().map(weight).collect(),
        forecast_undecided: quota.forecast_undecided.get().into(),
        forecast_least: quota.forecast_range.least.into(),
        forecast_most: quota.forecast_range.most.into(),
        coefficient: coefficient(quota),
        primary_floor: rate("primary_floor", &quota.primary_floor),
    }
}

/// The pack's levels of warning, mildest first.
pub(super) fn warnings(rules: &Rules) -> Vec<WarningLevel> {
    let levels = rules.warnings.levels.iter();
    levels.map(|(id, level)| WarningLevel { id: id.to_string(), ratio: level.ratio.get().into() }).collect()
}
