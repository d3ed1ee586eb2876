use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::coefficient_parameters::Form;
use medfund_proto::drg::v1::tariff_setting::Method;
use medfund_testkit::{BadRequests, bad_requests};

use super::words::*;
use crate::support::*;

pub(crate) async fn computing(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let history = drg.given_history(scheme, &year()[..6]).await.name;
    let tariff = maker.draft_tariff(draft(&history)).await.unwrap().into_inner().tariff.unwrap();
    bad_requests!(table, maker.import_tariff(import(scheme, TABLE.as_bytes())), {
        "no name": |r| r.name.clear() => ["name"],
        "no year": |r| r.fund_year = 1999 => ["fund_year"],
        "no scheme": |r| r.scheme = area() => ["scheme"],
        "nothing": |r| r.content.clear() => ["content"],
        "a large file": |r| r.content = vec![b' '; (2 << 20) + 1] => ["content"],
        "another encoding": |r| r.content = vec![0xff, 0xfe, 0x41] => ["content"],
        "no institution": |r| r.institution_words = vec![Default::default()]
            => ["institution_words[0].word", "institution_words[0].institution_code"],
        "an institution with a code and without": |r| {
            r.institutions = vec!["市立".to_owned()];
            let institution_code = HOSPITAL.to_owned();
            r.institution_words = vec![pb::InstitutionWord { word: "市立".to_owned(), institution_code }];
        } => ["institution_words"],
        "no level": |r| r.levels = vec![at_level("1", 4)] => ["levels[0].institution_code", "levels[0].level"],
        "an institution twice": |r| r.levels = vec![at_level(CLINIC, 1), at_level(CLINIC, 2)] => ["levels"],
        "no base": |r| r.base_points = "-1".to_owned() => ["base_points"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    coefficients(drg, table, &tariff, &history).await;
    what_if(drg, table, &tariff.name, &history).await;
    indicators_and_coverage(drg, table, &tariff.name, &history).await;
}

fn form(request: &mut pb::ComputeCoefficientsRequest, form: Option<Form>) {
    request.parameters.as_mut().unwrap().form = form;
}

fn blended(low: &str, high: &str) -> pb::BlendedForm {
    let [low_coefficient, high_coefficient] = [low, high].map(str::to_owned);
    pb::BlendedForm { low_coefficient, high_coefficient, ..Default::default() }
}

fn levels(rows: &[(i32, &str)]) -> Option<Form> {
    let row = |(level, coefficient): &(i32, &str)| pb::LevelCoefficient {
        level: *level,
        coefficient: (*coefficient).to_owned(),
    };
    Some(Form::LevelTable(pb::LevelTable { levels: rows.iter().map(row).collect() }))
}

async fn coefficients(drg: &Drg, table: &mut BadRequests, tariff: &pb::Tariff, history: &str) {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let shares = pb::BlendedForm { level_rate: "2".to_owned(), few_cases: Some(-1), ..blended("x", "0") };
    bad_requests!(table, maker.compute_coefficients(compute(tariff, history)), {
        "no name": |r| r.name.clear() => ["name"],
        "no history": |r| r.history = area() => ["history"],
        "no parameters": |r| r.parameters = None => ["parameters"],
        "no form": |r| form(r, None) => ["parameters.form"],
        "no hospital": |r| form(r, Some(Form::Hospital(false))) => ["parameters.form"],
        "no level": |r| form(r, levels(&[])) => ["parameters.level_table.levels"],
        "a level twice": |r| form(r, levels(&[(3, "1"), (3, "1.2")])) => ["parameters.level_table.levels"],
        "an unknown level": |r| form(r, levels(&[(4, "0")])) => [
            "parameters.level_table.levels[0].level", "parameters.level_table.levels[0].coefficient"],
        "no shares": |r| form(r, Some(Form::Blended(shares))) => [
            "parameters.blended.level_rate", "parameters.blended.few_cases",
            "parameters.blended.low_coefficient", "parameters.blended.high_coefficient"],
        "crossed bounds": |r| form(r, Some(Form::Blended(blended("2", "1")))) => ["parameters"],
        "no group": |r| r.parameters.as_mut().unwrap().basic_drgs = vec![String::new()]
            => ["parameters.basic_drgs[0]"],
        "many decimals": |r| r.parameters.as_mut().unwrap().decimals = Some(9) => ["parameters.decimals"],
        "no institution": |r| r.levels = vec![at_level("1", -1)]
            => ["levels[0].institution_code", "levels[0].level"],
        "an institution twice": |r| r.levels = vec![at_level(CLINIC, 1), at_level(CLINIC, 2)] => ["levels"],
        "no etag": |r| r.etag.clear() => ["etag"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut auditor = drg.tariffs(Role::Auditor);
    bad_requests!(table, auditor.list_coefficients(list_coefficients(&tariff.name)), {
        "no tariff": |r| r.parent = area() => ["parent"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
    });
    bad_requests!(table, auditor.explain_coefficient(explain_coefficient(&tariff.name, "FR13")), {
        "no tariff": |r| r.name = area() => ["name"],
        "no institution": |r| r.institution_code.clear() => ["institution_code"],
        "no group": |r| r.drg.clear() => ["drg"],
    });
}

fn one(request: &mut pb::CompareTariffsRequest) -> &mut pb::TariffSetting {
    request.setting.as_mut().unwrap()
}

async fn what_if(drg: &Drg, table: &mut BadRequests, tariff: &str, history: &str) {
    let mut officer = drg.tariffs(Role::AgencyOfficer);
    let points = setting(tariff, by_points(1_000));
    let coefficient = pb::InstitutionCoefficient::default();
    bad_requests!(table, officer.compare_tariffs(compare_tariffs(history, points.clone(), points)), {
        "no area": |r| r.parent.clear() => ["parent"],
        "no history": |r| r.history.clear() => ["history"],
        "one setting": |r| r.other_setting = None => ["other_setting"],
        "no tariff": |r| one(r).tariff.clear() => ["setting.tariff"],
        "no method": |r| one(r).method = None => ["setting.method"],
        "no standards": |r| one(r).method = Some(Method::Standards(false)) => ["setting.method"],
        "no rate": |r| one(r).method = Some(Method::RateFen(0)) => ["setting.rate_fen"],
        "no budget": |r| one(r).method = Some(by_points(-1)) => ["setting.points.budget_fen"],
        "no weight": |r| one(r).weight_changes = vec![pb::FixedWeight::default()]
            => ["setting.weight_changes[0].drg", "setting.weight_changes[0].drg_weight"],
        "no coefficient": |r| one(r).coefficient_changes = vec![coefficient] => [
            "setting.coefficient_changes[0].institution_code", "setting.coefficient_changes[0].coefficient"],
        "no level": |r| one(r).level_changes = vec![at_level(HOSPITAL, 9)] => ["setting.level_changes[0].level"],
        "no change": |r| one(r).group_changes = vec![pb::GroupChange::default()]
            => ["setting.group_changes[0].drg", "setting.group_changes[0].change"],
        "no coefficient of a group": |r| one(r).group_changes = of_fr13(vec![to_coefficient(Default::default(), "0")])
            => ["setting.group_changes[0].change.coefficient.coefficient"],
        "no institution": |r| r.institution_code = "1".to_owned() => ["institution_code"],
    });
}

async fn indicators_and_coverage(drg: &Drg, table: &mut BadRequests, tariff: &str, history: &str) {
    let mut officer = drg.tariffs(Role::AgencyOfficer);
    let [low_rate, middle_low_rate, middle_high_rate] = ["0.2", "0.1", "0.3"].map(str::to_owned);
    let crossed = pb::RiskBounds { low_rate, middle_low_rate, middle_high_rate };
    bad_requests!(table, officer.get_indicators(indicators(history, tariff)), {
        "no area": |r| r.parent.clear() => ["parent"],
        "no history": |r| r.history.clear() => ["history"],
        "no tariff": |r| r.tariff.clear() => ["tariff"],
        "no bounds": |r| r.risk_bounds = Some(pb::RiskBounds::default()) => [
            "risk_bounds.low_rate", "risk_bounds.middle_low_rate", "risk_bounds.middle_high_rate"],
        "crossed bounds": |r| r.risk_bounds = Some(crossed) => ["risk_bounds"],
        "no targets": |r| r.coverage_targets = Some(pb::CoverageTargets::default()) => [
            "coverage_targets.eligible_institutions", "coverage_targets.drg_institutions",
            "coverage_targets.inpatient_fund_fen", "coverage_targets.institution_rate",
            "coverage_targets.disease_rate", "coverage_targets.fund_rate"],
    });
}

/// A setting by a rate of a tariff that nobody looks for.
pub(crate) fn by_rate() -> Option<pb::TariffSetting> {
    setting(&new_tariff(), Method::RateFen(1))
}

/// A setting by a budget of a tariff that nobody looks for.
pub(crate) fn by_budget() -> Option<pb::TariffSetting> {
    setting(&new_tariff(), by_points(1))
}
