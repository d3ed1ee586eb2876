use std::collections::BTreeSet;

use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::trimming::Rule;
use medfund_proto::drg::v1::weight_parameters::Fallback as PbFallback;
use medfund_server::{Context, Violations};
use medfund_tariff::weight::{Fallback, MAX_DECIMALS, Parameters, Trimming};
use medfund_tariff::{DEFAULTS, GroupCode, Weight};
use medfund_types::Area;

use super::{tariff_name, tariff_name_to_pb};
use crate::domain::tariff::WeightParameters;

const MAX_MINIMUM: u32 = 1_000;
const MAX_FALLBACKS: usize = 3;
const MAX_FIXED: usize = 5_000;

/// Takes the parameters of weights; what is not given is the default, and is told so.
pub(super) fn weight_parameters(
    bad: &mut Violations,
    context: &Context,
    given: &pb::WeightParameters,
) -> Option<WeightParameters> {
    let default = Parameters::default();
    let trimming = match &given.trimming {
        Some(given) => bad.within("trimming", |bad| trimming(bad, given)),
        None => Some(default.trimming),
    };
    let minimum_cases = bad.take("minimum_cases", minimum_cases(given.minimum_cases, default.minimum_cases));
    let fallbacks = fallbacks(bad, given, default.fallbacks);
    let fixed = fixed_weights(bad, "fixed_weights", &given.fixed_weights);
    let earlier = bad.take_text("earlier_tariff", &given.earlier_tariff, |name| tariff_name(context, name));
    let decimals = bad.take("decimals", decimals(given.decimals, default.decimals));
    let usual = &DEFAULTS.weights;
    let by_default = [
        ("trimming", given.trimming.is_none(), &usual.trimming.why),
        ("minimum_cases", given.minimum_cases.is_none(), &usual.minimum_cases.why),
        ("fallbacks", given.fallbacks.is_empty(), &usual.fallbacks.why),
        ("decimals", given.decimals.is_none(), &usual.decimals.why),
    ];
    let by_default = by_default.into_iter().filter(|(_, by_default, _)| *by_default);
    Some(WeightParameters {
        trimming: trimming?,
        minimum_cases: minimum_cases?,
        fallbacks: fallbacks?,
        fixed: fixed?,
        earlier: earlier?.map(|(_, id)| id),
        decimals: decimals?,
        by_default: by_default.map(|(name, _, why)| (name.to_owned(), why.clone())).collect(),
    })
}

fn trimming(bad: &mut Violations, given: &pb::Trimming) -> Option<Trimming> {
    let rule = match &given.rule {
        Some(Rule::None(true)) => Trimming::None,
        Some(Rule::Quantiles(bounds)) => bad.within("quantiles", |bad| {
            let low = bad.take("low_rate", bounds.low_rate.parse());
            let high = bad.take("high_rate", bounds.high_rate.parse());
            Some(Trimming::Quantiles { low: low?, high: high? })
        })?,
        Some(Rule::InterquartileTimes(times)) => {
            Trimming::Interquartile { times: bad.take("interquartile_times", times.parse())? }
        }
        Some(Rule::Mean(bounds)) => bad.within("mean", |bad| {
            let low = bad.take("low_rate", bounds.low_rate.parse());
            let high = bad.take("high_times", bounds.high_times.parse());
            Some(Trimming::Mean { low: low?, high: high? })
        })?,
        Some(Rule::None(false)) | None => {
            bad.add("rule", "must be one of the rules");
            return None;
        }
    };
    bad.take("", rule.check().map(|()| rule).map_err(|error| error.to_string()))
}

fn minimum_cases(given: Option<i32>, default: u64) -> Result<u32, &'static str> {
    let wrong = "must be 1 to 1000";
    let given = given.map_or_else(|| u32::try_from(default).ok(), |given| u32::try_from(given).ok());
    given.filter(|n| (1..=MAX_MINIMUM).contains(n)).ok_or(wrong)
}

fn decimals(given: Option<i32>, default: u32) -> Result<u32, String> {
    let given = given.map_or(Some(default), |given| u32::try_from(given).ok());
    given.filter(|n| *n <= MAX_DECIMALS).ok_or_else(|| format!("must be 0 to {MAX_DECIMALS}"))
}

fn fallbacks(
    bad: &mut Violations,
    given: &pb::WeightParameters,
    default: Vec<Fallback>,
) -> Option<Vec<Fallback>> {
    if given.fallbacks.is_empty() {
        return Some(default);
    }
    if given.fallbacks.len() > MAX_FALLBACKS {
        bad.add("fallbacks", format!("must be at most {MAX_FALLBACKS}"));
        return None;
    }
    bad.each("fallbacks", &given.fallbacks, |bad, number| bad.take("", fallback(*number)))
}

fn fallback(number: i32) -> Result<Fallback, &'static str> {
    match PbFallback::try_from(number) {
        Ok(PbFallback::Fixed) => Ok(Fallback::Fixed),
        Ok(PbFallback::OtherSeverities) => Ok(Fallback::OtherSeverities),
        Ok(PbFallback::Earlier) => Ok(Fallback::Earlier),
        Ok(PbFallback::Unspecified) | Err(_) => Err("must be a known fallback"),
    }
}

pub(super) fn fixed_weights(
    bad: &mut Violations,
    field: &str,
    given: &[pb::FixedWeight],
) -> Option<Vec<(GroupCode, Weight)>> {
    if given.len() > MAX_FIXED {
        bad.add(field, format!("must be at most {MAX_FIXED}"));
        return None;
    }
    let weights = bad.each(field, given, fixed_weight)?;
    let groups: BTreeSet<&GroupCode> = weights.iter().map(|(group, _)| group).collect();
    if groups.len() < weights.len() {
        bad.add(field, "must name each group once");
        return None;
    }
    Some(weights)
}

fn fixed_weight(bad: &mut Violations, given: &pb::FixedWeight) -> Option<(GroupCode, Weight)> {
    let group = bad.take("drg", given.drg.parse());
    let weight = bad.take("drg_weight", given.drg_weight.parse());
    Some((group?, weight?))
}

pub(super) fn weight_parameters_to_pb(area: &Area, parameters: &WeightParameters) -> pb::WeightParameters {
    let rule = match parameters.trimming {
        Trimming::None => Rule::None(true),
        Trimming::Quantiles { low, high } => {
            let (low_rate, high_rate) = (low.to_string(), high.to_string());
            Rule::Quantiles(pb::QuantileTrimming { low_rate, high_rate })
        }
        Trimming::Interquartile { times } => Rule::InterquartileTimes(times.to_string()),
        Trimming::Mean { low, high } => {
            let (low_rate, high_times) = (low.to_string(), high.to_string());
            Rule::Mean(pb::MeanTrimming { low_rate, high_times })
        }
    };
    let fallback = |fallback: &Fallback| match fallback {
        Fallback::Fixed => PbFallback::Fixed.into(),
        Fallback::OtherSeverities => PbFallback::OtherSeverities.into(),
        Fallback::Earlier => PbFallback::Earlier.into(),
    };
    let fixed = |(group, weight): &(GroupCode, Weight)| pb::FixedWeight {
        drg: group.to_string(),
        drg_weight: weight.to_string(),
    };
    pb::WeightParameters {
        trimming: Some(pb::Trimming { rule: Some(rule) }),
        minimum_cases: i32::try_from(parameters.minimum_cases).ok(),
        fallbacks: parameters.fallbacks.iter().map(fallback).collect(),
        fixed_weights: parameters.fixed.iter().map(fixed).collect(),
        earlier_tariff: parameters.earlier.map(|id| tariff_name_to_pb(area, id)).unwrap_or_default(),
        decimals: i32::try_from(parameters.decimals).ok(),
    }
}
