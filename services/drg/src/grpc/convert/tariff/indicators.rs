use std::collections::BTreeSet;

use medfund_money::{Exact, Rate};
use medfund_proto::drg::v1 as pb;
use medfund_server::convert::fen_positive;
use medfund_server::{Context, Violations};
use medfund_tariff::indicators::{Coverage, Performance, RiskBounds, Target};
use medfund_types::InstitutionCode;

use super::tariff_name;
use super::what_if::count;
use crate::app::Read;
use crate::app::tariff::indicators::{CoverageTargets, Indicators, WantedIndicators};
use crate::grpc::convert::history::history_name;
use crate::grpc::convert::read;

const MAX_INSTITUTIONS: usize = 5_000;

pub(in crate::grpc) fn get_indicators(
    context: &Context,
    request: &pb::GetIndicatorsRequest,
) -> Result<(Read, WantedIndicators), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let history = bad.take("history", history_name(context, &request.history));
    let tariff = bad.take("tariff", tariff_name(context, &request.tariff));
    let bounds = match &request.risk_bounds {
        Some(given) => bad.within("risk_bounds", |bad| risk_bounds(bad, given)),
        None => Some(RiskBounds::default()),
    };
    let coverage = match &request.coverage_targets {
        Some(given) => bad.within("coverage_targets", |bad| coverage_targets(bad, given)).map(Some),
        None => Some(None),
    };
    bad.finish(|| {
        let (history, tariff) = (history?.1, tariff?.1);
        let wanted = WantedIndicators { history, tariff, bounds: bounds?, coverage: coverage? };
        Some((read(context, area?), wanted))
    })
}

fn risk_bounds(bad: &mut Violations, given: &pb::RiskBounds) -> Option<RiskBounds> {
    let low = bad.take("low_rate", given.low_rate.parse());
    let middle_low = bad.take("middle_low_rate", given.middle_low_rate.parse());
    let middle_high = bad.take("middle_high_rate", given.middle_high_rate.parse());
    let bounds = RiskBounds { low: low?, middle_low: middle_low?, middle_high: middle_high? };
    bad.take("", bounds.check().map(|()| bounds))
}

fn coverage_targets(bad: &mut Violations, given: &pb::CoverageTargets) -> Option<CoverageTargets> {
    let eligible = institutions(bad, "eligible_institutions", &given.eligible_institutions);
    let paid_by_drg = institutions(bad, "drg_institutions", &given.drg_institutions);
    let inpatient = bad.take("inpatient_fund_fen", fen_positive(given.inpatient_fund_fen));
    let mut target = |field: &str, text: &str| bad.take(field, text.parse::<Rate>()).map(Target);
    let institution = target("institution_rate", &given.institution_rate);
    let disease = target("disease_rate", &given.disease_rate);
    let fund = target("fund_rate", &given.fund_rate);
    Some(CoverageTargets {
        eligible: eligible?,
        paid_by_drg: paid_by_drg?,
        inpatient: inpatient?.get(),
        targets: [institution?, disease?, fund?],
    })
}

fn institutions(bad: &mut Violations, field: &str, codes: &[String]) -> Option<BTreeSet<InstitutionCode>> {
    if codes.is_empty() || codes.len() > MAX_INSTITUTIONS {
        bad.add(field, format!("must be 1 to {MAX_INSTITUTIONS}"));
        return None;
    }
    let codes = bad.each(field, codes, |bad, code| bad.take("", code.parse()))?;
    Some(codes.into_iter().collect())
}

pub(in crate::grpc) fn indicators_to_pb(indicators: &Indicators) -> pb::GetIndicatorsResponse {
    let coverage = indicators.coverage.as_ref();
    let nth = |n: usize| coverage.map(|coverage| coverage_to_pb(&coverage[n]));
    let institutions = indicators.institutions.iter();
    pb::GetIndicatorsResponse {
        region: Some(performance_to_pb("", &indicators.region)),
        institutions: institutions.map(|(code, own)| performance_to_pb(code.as_str(), own)).collect(),
        institution_coverage: nth(0),
        disease_coverage: nth(1),
        fund_coverage: nth(2),
    }
}

fn text(ratio: Option<&Exact>) -> String {
    ratio.map(ToString::to_string).unwrap_or_default()
}

fn coverage_to_pb(coverage: &Coverage) -> pb::Coverage {
    pb::Coverage {
        part: coverage.part.to_string(),
        whole: coverage.whole.to_string(),
        covered_rate: text(coverage.share.as_ref()),
        target_rate: coverage.target.0.to_string(),
        reached: coverage.is_reached,
    }
}

fn performance_to_pb(institution: &str, performance: &Performance) -> pb::Performance {
    pb::Performance {
        institution_code: institution.to_owned(),
        n_cases: count(performance.n_cases),
        n_grouped: count(performance.n_grouped),
        entry_rate: text(performance.entry_rate.as_ref()),
        n_groups: count(performance.n_groups),
        cmi: text(performance.cmi.as_ref()),
        time_index: text(performance.time_index.as_ref()),
        cost_index: text(performance.cost_index.as_ref()),
        n_low_risk: count(performance.n_low_risk),
        low_risk_mortality_rate: text(performance.low_risk_mortality.as_ref()),
    }
}
