use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::proposed_change::Change;
use medfund_proto::drg::v1::trimming::Rule;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::words::*;
use crate::support::*;

pub(crate) async fn histories(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let mut officer = drg.histories(Role::AgencyOfficer);
    bad_requests!(table, officer.start_history(start_history(scheme, 2)), {
        "no area": |r| r.parent.clear() => ["parent"],
        "no scheme": |r| r.scheme = area() => ["scheme"],
        "no digest": |r| r.file_digest = "AB".repeat(32) => ["file_digest"],
        "no line": |r| r.n_lines = 0 => ["n_lines"],
        "too many lines": |r| r.n_lines = 5_000_001 => ["n_lines"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let open = officer.start_history(start_history(scheme, 2)).await.unwrap().into_inner().history.unwrap();
    let cases = [costed(HOSPITAL, "FR13", 1)];
    let good = chunk(&open.name, 1, &cases);
    let send = async |chunks| upload(drg.histories(Role::AgencyOfficer), chunks).await;
    table.good("upload_history", &send(vec![good.clone()]).await);
    for (what, chunks, field) in [
        ("no chunk", vec![], "history"),
        ("no history", vec![chunk("", 1, &cases)], "history"),
        ("another history", vec![good.clone(), chunk(&no_history(), 2, &cases)], "history"),
        ("line 0", vec![chunk(&open.name, 0, &cases)], "first_line"),
        ("no cases", vec![chunk(&open.name, 1, &[])], "cases"),
        ("too many cases", vec![chunk(&open.name, 1, &vec![cases[0].clone(); 2_001])], "cases"),
    ] {
        table.bad("upload_history", what, send(chunks).await, [field]);
    }
    let elsewhere = chunk(&open.name.replace("440700", OTHER_AREA), 1, &cases);
    table.bad("upload_history", "another area's", send(vec![elsewhere]).await, Refused::not_found());
    bad_requests!(table, officer.finish_history(finish(&open.name)), {
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, officer.cancel_history(cancel_history(&no_history())), {
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut auditor = drg.histories(Role::Auditor);
    bad_requests!(table, auditor.get_history(pb::GetHistoryRequest { name: open.name.clone() }), {
        "an area": |r| r.name = area() => ["name"],
    });
    let list = pb::ListHistoriesRequest { parent: area(), ..Default::default() };
    bad_requests!(table, auditor.list_histories(list), {
        "a negative size": |r| r.page_size = -1 => ["page_size"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
    });
    let list = pb::ListHistoryErrorsRequest { parent: open.name, ..Default::default() };
    bad_requests!(table, auditor.list_history_errors(list), {
        "no history": |r| r.parent = area() => ["parent"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
    });
}

pub(crate) async fn tariffs(drg: &Drg, table: &mut BadRequests, scheme: &str) {
    let history = drg.given_history(scheme, &year()).await.name;
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let made = maker.draft_tariff(draft(&history)).await.unwrap().into_inner().tariff.unwrap();
    making(drg, table, &history, &made.name).await;
    negotiation(drg, table, &made).await;
    reading(drg, table, &made.name).await;
    adoptions(drg, table, &made.name).await;
}

fn parameters(request: &mut pb::DraftTariffRequest) -> &mut pb::WeightParameters {
    request.parameters.get_or_insert_default()
}

fn trim(rule: Option<Rule>) -> Option<pb::Trimming> {
    Some(pb::Trimming { rule })
}

fn quantiles(low: &str, high: &str) -> Option<Rule> {
    Some(Rule::Quantiles(pb::QuantileTrimming { low_rate: low.to_owned(), high_rate: high.to_owned() }))
}

fn of_fr13(weight: &str) -> pb::FixedWeight {
    pb::FixedWeight { drg: "FR13".to_owned(), drg_weight: weight.to_owned() }
}

async fn making(drg: &Drg, table: &mut BadRequests, history: &str, tariff: &str) {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    let mean = pb::MeanTrimming { low_rate: "1.1".to_owned(), high_times: "0".to_owned() };
    let fixed = pb::FixedWeight { drg: "fr13".to_owned(), drg_weight: "0".to_owned() };
    bad_requests!(table, maker.draft_tariff(draft(history)), {
        "no UUID": |r| r.name = format!("{}/tariffs/1", area()) => ["name"],
        "another area's": |r| r.name = r.name.replace("440700", OTHER_AREA) => Refused::not_found(),
        "no year": |r| r.fund_year = 0 => ["fund_year"],
        "no history": |r| r.history.clear() => ["history"],
        "no base": |r| r.base_points = "0".to_owned() => ["base_points"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "no rule": |r| parameters(r).trimming = trim(None) => ["parameters.trimming.rule"],
        "not none": |r| parameters(r).trimming = trim(Some(Rule::None(false))) => ["parameters.trimming.rule"],
        "no quantiles": |r| parameters(r).trimming = trim(quantiles("x", "1.5"))
            => ["parameters.trimming.quantiles.low_rate", "parameters.trimming.quantiles.high_rate"],
        "crossed quantiles": |r| parameters(r).trimming = trim(quantiles("0.9", "0.1")) => ["parameters.trimming"],
        "no ranges": |r| parameters(r).trimming = trim(Some(Rule::InterquartileTimes("0".to_owned())))
            => ["parameters.trimming.interquartile_times"],
        "no mean": |r| parameters(r).trimming = trim(Some(Rule::Mean(mean)))
            => ["parameters.trimming.mean.low_rate", "parameters.trimming.mean.high_times"],
        "no minimum": |r| parameters(r).minimum_cases = Some(0) => ["parameters.minimum_cases"],
        "an unknown fallback": |r| parameters(r).fallbacks = vec![1, 0] => ["parameters.fallbacks[1]"],
        "many fallbacks": |r| parameters(r).fallbacks = vec![1; 4] => ["parameters.fallbacks"],
        "no fixed weight": |r| parameters(r).fixed_weights = vec![fixed]
            => ["parameters.fixed_weights[0].drg", "parameters.fixed_weights[0].drg_weight"],
        "a fixed weight twice": |r| parameters(r).fixed_weights = vec![of_fr13("1"), of_fr13("2")]
            => ["parameters.fixed_weights"],
        "a great weight": |r| parameters(r).fixed_weights = vec![of_fr13("1000.1")]
            => ["parameters.fixed_weights[0].drg_weight"],
        "a great base": |r| r.base_points = "100001".to_owned() => ["base_points"],
        "no earlier tariff": |r| parameters(r).earlier_tariff = area() => ["parameters.earlier_tariff"],
        "many decimals": |r| parameters(r).decimals = Some(9) => ["parameters.decimals"],
    });
    bad_requests!(table, maker.revise_tariff(revise(tariff)), {
        "an institution twice": |r| r.levels = vec![at_level(CLINIC, 1), at_level(CLINIC, 2)] => ["levels"],
        "no name": |r| r.name.clear() => ["name"],
        "no tariff": |r| r.tariff.clear() => ["tariff"],
        "no year": |r| r.fund_year = 1999 => ["fund_year"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
}

async fn negotiation(drg: &Drg, table: &mut BadRequests, made: &pb::Tariff) {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    bad_requests!(table, maker.start_round(start_round(made)), {
        "no etag": |r| r.etag.clear() => ["etag"],
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let none = pb::Tariff { name: new_tariff(), ..made.clone() };
    bad_requests!(table, maker.close_round(close_round(&none)), {
        "no etag": |r| r.etag.clear() => ["etag"],
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let with_scope = |scope| {
        let standard = pb::TariffStandard { scope: Some(scope), standard_fen: 0 };
        Some(pb::ProposedChange { change: Some(Change::Standard(standard)) })
    };
    let wrong_level =
        pb::TariffScope { level: Some(4), fund_line: "职工".to_owned(), institutions: Vec::new() };
    let nameless = pb::TariffScope { institutions: vec![String::new()], ..Default::default() };
    bad_requests!(table, maker.propose_change(propose_change(&made.name, to_weight("1.5"))), {
        "no proposal": |r| r.name = made.name.clone() => ["name"],
        "no institution": |r| r.institution_code = "1".to_owned() => ["institution_code"],
        "no group": |r| r.drg = "组".to_owned() => ["drg"],
        "no change": |r| r.change = None => ["change"],
        "an empty change": |r| r.change = Some(Default::default()) => ["change.change"],
        "no weight": |r| r.change = to_weight("-1") => ["change.drg_weight"],
        "no standard": |r| r.change = to_standard(0) => ["change.standard.standard_fen"],
        "no level": |r| r.change = with_scope(wrong_level) => [
            "change.standard.scope.level", "change.standard.scope.fund_line", "change.standard.standard_fen"],
        "no coefficient": |r| r.change = to_coefficient(Default::default(), "") => ["change.coefficient.coefficient"],
        "no name of an institution": |r| r.change = with_scope(nameless)
            => ["change.standard.scope.institutions[0]", "change.standard.standard_fen"],
        "no reason": |r| r.reason.clear() => ["reason"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut hospital = drg.hospital(HOSPITAL);
    let own = propose_change(&made.name, to_weight("1.5"));
    bad_requests!(table, hospital.propose_change(pb::ProposeChangeRequest { institution_code: HOSPITAL.to_owned(), ..own }), {
        "for the agency": |r| r.institution_code.clear() => ["institution_code"],
        "for another": |r| r.institution_code = CLINIC.to_owned() => Refused::not_found(),
    });
    let mut city = drg.tariffs(Role::CityAgency);
    let proposal = format!("{}/proposals/{}", made.name, id());
    bad_requests!(table, city.decide_proposal(decide(&proposal, true)), {
        "no proposal": |r| r.name = made.name.clone() => ["name"],
        "no note": |r| r.note.clear() => ["note"],
        "a long note": |r| r.note = "字".repeat(501) => ["note"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, city.list_proposals(list_proposals(&made.name)), {
        "no tariff": |r| r.parent = area() => ["parent"],
        "a negative size": |r| r.page_size = -1 => ["page_size"],
    });
    let mut checker = drg.tariffs(Role::PolicyChecker);
    bad_requests!(table, checker.publish_tariff(publish_tariff(made)), {
        "no etag": |r| r.etag = "1".to_owned() => ["etag"],
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
}

async fn reading(drg: &Drg, table: &mut BadRequests, tariff: &str) {
    let mut auditor = drg.tariffs(Role::Auditor);
    bad_requests!(table, auditor.get_tariff(get_tariff(tariff)), {
        "neither UUID nor hash": |r| r.name = format!("{}/tariffs/{}", area(), "ab".repeat(31)) => ["name"],
    });
    let list = pb::ListTariffsRequest { parent: area(), ..Default::default() };
    bad_requests!(table, auditor.list_tariffs(list), {
        "no area": |r| r.parent.clear() => ["parent"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
    });
    bad_requests!(table, auditor.list_tariff_groups(list_groups(tariff)), {
        "no tariff": |r| r.parent = area() => ["parent"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
    });
    bad_requests!(table, auditor.explain_weight(explain(tariff, "FR13")), {
        "no tariff": |r| r.name = area() => ["name"],
        "no group": |r| r.drg.clear() => ["drg"],
    });
}

async fn adoptions(drg: &Drg, table: &mut BadRequests, tariff: &str) {
    let mut maker = drg.tariffs(Role::PolicyMaker);
    bad_requests!(table, maker.propose_tariff_adoption(propose_tariff(tariff, day(2025, 1, 1))), {
        "a scheme's": |r| r.name = new_adoption() => ["name"],
        "no tariff": |r| r.tariff = area() => ["tariff"],
        "no day": |r| r.effective_date = None => ["effective_date"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut checker = drg.tariffs(Role::PolicyChecker);
    bad_requests!(table, checker.confirm_tariff_adoption(confirm_tariff(&new_tariff_adoption())), {
        "no name": |r| r.name.clear() => ["name"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut auditor = drg.tariffs(Role::Auditor);
    let list = pb::ListTariffAdoptionsRequest { parent: area(), ..Default::default() };
    bad_requests!(table, auditor.list_tariff_adoptions(list), {
        "no area": |r| r.parent.clear() => ["parent"],
        "another's token": |r| r.page_token = "00".to_owned() => ["page_token"],
    });
    bad_requests!(table, auditor.get_tariff_in_force(tariff_in_force_on(day(2025, 1, 1))), {
        "no day": |r| r.date = None => ["date"],
        "no area": |r| r.parent.clear() => ["parent"],
    });
}
