use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_setting::Method as PbMethod;
use medfund_server::convert::fen_not_negative;
use medfund_server::{Context, Violations};
use medfund_tariff::what_if::{AdrgDifference, Covers, Difference, Method, Paid};
use medfund_tariff::{GroupCode, Weight};
use medfund_types::InstitutionCode;

use super::bounds::amount;
use super::coefficients::{levels, one_coefficient};
use super::parameters::fixed_weights;
use super::proposal::change;
use super::tariff_name;
use crate::app::Read;
use crate::app::tariff::what_if::{CompareTariffs, Compared, WantedMethod, WantedSetting};
use crate::domain::tariff::proposal::Change;
use crate::grpc::convert::history::history_name;
use crate::grpc::convert::read;

/// What makes the value of a point, with the version of its formula.
const CALCULATOR: &str = "point_value/1";

const MAX_CHANGES: usize = 5_000;

pub(in crate::grpc) fn compare_tariffs(
    context: &Context,
    request: &pb::CompareTariffsRequest,
) -> Result<(Read, CompareTariffs), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let history = bad.take("history", history_name(context, &request.history));
    let one = setting(&mut bad, context, "setting", request.setting.as_ref());
    let other = setting(&mut bad, context, "other_setting", request.other_setting.as_ref());
    let institution =
        bad.take_text("institution_code", &request.institution_code, str::parse::<InstitutionCode>);
    bad.finish(|| {
        let (settings, institution) = ([one?, other?], institution?);
        Some((read(context, area?), CompareTariffs { history: history?.1, settings, institution }))
    })
}

fn setting(
    bad: &mut Violations,
    context: &Context,
    field: &str,
    given: Option<&pb::TariffSetting>,
) -> Option<WantedSetting> {
    let given = bad.require(field, given)?;
    bad.within(field, |bad| {
        let tariff = bad.take("tariff", tariff_name(context, &given.tariff));
        let method = method(bad, given.method.as_ref());
        let weights = fixed_weights(bad, "weight_changes", &given.weight_changes);
        if given.coefficient_changes.len() > MAX_CHANGES {
            bad.add("coefficient_changes", format!("must be at most {MAX_CHANGES}"));
        }
        let coefficients = bad.each("coefficient_changes", &given.coefficient_changes, one_coefficient);
        let levels = levels(bad, "level_changes", &given.level_changes);
        if given.group_changes.len() > MAX_CHANGES {
            bad.add("group_changes", format!("must be at most {MAX_CHANGES}"));
        }
        let changes = bad.each("group_changes", &given.group_changes, group_change);
        Some(WantedSetting {
            tariff: tariff?.1,
            method: method?,
            changes: weights?.into_iter().map(to_weight).chain(changes?).collect(),
            coefficients: coefficients?,
            levels: levels?,
        })
    })
}

fn to_weight((group, weight): (GroupCode, Weight)) -> (GroupCode, Change) {
    (group, Change::Weight(weight))
}

fn group_change(bad: &mut Violations, given: &pb::GroupChange) -> Option<(GroupCode, Change)> {
    let group = bad.take("drg", given.drg.parse());
    let changed = bad.require("change", given.change.as_ref());
    let change = changed.and_then(|given| bad.within("change", |bad| change(bad, given)));
    Some((group?, change?))
}

/// Takes a setting that prices a case by itself: by a rate or by standards.
pub(in crate::grpc::convert) fn priced_setting(
    bad: &mut Violations,
    context: &Context,
    field: &str,
    given: Option<&pb::TariffSetting>,
) -> Option<WantedSetting> {
    let setting = setting(bad, context, field, given)?;
    match setting.method {
        WantedMethod::Other(_) => Some(setting),
        WantedMethod::Points { .. } => {
            bad.within(field, |bad| {
                bad.add("method", "must be a rate or standards: a few cases share no budget")
            });
            None
        }
    }
}

fn method(bad: &mut Violations, given: Option<&PbMethod>) -> Option<WantedMethod> {
    match given {
        Some(PbMethod::Points(given)) => {
            let budget =
                bad.within("points", |bad| bad.take("budget_fen", fen_not_negative(given.budget_fen)));
            let covers = if given.covers_all_cost { Covers::AllCost } else { Covers::FundPart };
            Some(WantedMethod::Points { budget: budget?, covers })
        }
        Some(PbMethod::RateFen(rate)) => {
            Some(WantedMethod::Other(Method::Rate { rate: bad.take("rate_fen", amount(*rate))? }))
        }
        Some(PbMethod::Standards(true)) => Some(WantedMethod::Other(Method::Standards)),
        Some(PbMethod::Standards(false)) | None => {
            bad.add("method", "must be one of the methods");
            None
        }
    }
}

pub(in crate::grpc) fn compared_to_pb(compared: &Compared) -> pb::CompareTariffsResponse {
    let [one, other] = &compared.paid;
    let digest = hex::encode(compared.history.content_digest);
    pb::CompareTariffsResponse {
        institution_differences: compared
            .differences
            .iter()
            .map(|difference| institution_to_pb(difference, one, other))
            .collect(),
        adrg_differences: compared.by_adrg.iter().map(adrg_to_pb).collect(),
        outcome: Some(outcome_to_pb(one, &digest)),
        other_outcome: Some(outcome_to_pb(other, &digest)),
    }
}

fn institution_to_pb(difference: &Difference, one: &Paid, other: &Paid) -> pb::InstitutionDifference {
    let institution = &difference.institution;
    let priced = |paid: &Paid| paid.institutions.get(institution).map_or(0, |own| own.priced.n_cases);
    pb::InstitutionDifference {
        institution_code: institution.to_string(),
        n_cases: count(priced(one)),
        n_other_cases: count(priced(other)),
        pay_fen: difference.before.get(),
        other_pay_fen: difference.after.get(),
        difference_fen: difference.change().get(),
    }
}

fn adrg_to_pb(difference: &AdrgDifference) -> pb::AdrgDifference {
    pb::AdrgDifference {
        adrg: difference.adrg.clone(),
        pay_fen: difference.before.get(),
        other_pay_fen: difference.after.get(),
        difference_fen: (difference.after - difference.before).get(),
    }
}

fn outcome_to_pb(paid: &Paid, digest: &str) -> pb::SettingOutcome {
    let tree = paid.point_value.clone().map(|tree| tree.under("", digest, CALCULATOR));
    pb::SettingOutcome { pay_fen: paid.total().get(), point_value: tree.as_ref().map(Into::into) }
}

pub(super) fn count(n: u64) -> i64 {
    i64::try_from(n).expect("cases are fewer than 2^63")
}
