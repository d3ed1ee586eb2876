use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;

use super::words::*;
use crate::support::*;

/// A tariff from its cases to its first day, each RPC at least once; the area's scheme is in force.
pub(crate) async fn tell(drg: &Drg, scheme: &pb::Scheme) {
    let history = drg.given_history(&scheme.name, &year()).await.name;
    let mut reader = drg.histories(Role::Auditor);
    reader.get_history(pb::GetHistoryRequest { name: history.clone() }).await.unwrap();
    reader.list_histories(pb::ListHistoriesRequest { parent: area(), ..Default::default() }).await.unwrap();
    let errors = pb::ListHistoryErrorsRequest { parent: history.clone(), ..Default::default() };
    reader.list_history_errors(errors).await.unwrap();

    let given_up = drg.histories(Role::AgencyOfficer).start_history(start_history(&scheme.name, 1)).await;
    let given_up = given_up.unwrap().into_inner().history.unwrap().name;
    drg.histories(Role::AgencyOfficer).cancel_history(cancel_history(&given_up)).await.unwrap();

    let (mut maker, mut checker) = (drg.tariffs(Role::PolicyMaker), drg.tariffs(Role::PolicyChecker));
    let drafted = maker.draft_tariff(draft(&history)).await.unwrap().into_inner().tariff.unwrap();
    maker.import_tariff(import(&scheme.name, TABLE.as_bytes())).await.unwrap();
    let computed = maker.compute_coefficients(compute(&drafted, &history)).await.unwrap().into_inner();
    let computed = computed.tariff.unwrap();
    maker.list_coefficients(list_coefficients(&computed.name)).await.unwrap();
    maker.explain_coefficient(explain_coefficient(&computed.name, "FR13")).await.unwrap();
    let points = setting(&computed.name, by_points(1_000_000));
    maker.compare_tariffs(compare_tariffs(&history, points.clone(), points)).await.unwrap();
    maker.get_indicators(indicators(&history, &computed.name)).await.unwrap();
    let negotiated = maker.start_round(start_round(&computed)).await.unwrap().into_inner().tariff.unwrap();
    let mut request = propose_change(&negotiated.name, to_weight("1.5"));
    request.institution_code = HOSPITAL.to_owned();
    let mut hospital = drg.hospital(HOSPITAL);
    let proposal = hospital.propose_change(request).await.unwrap().into_inner().tariff_proposal.unwrap();
    hospital.list_proposals(list_proposals(&drafted.name)).await.unwrap();
    drg.tariffs(Role::CityAgency).decide_proposal(decide(&proposal.name, true)).await.unwrap();
    let changed = maker.get_tariff(get_tariff(&drafted.name)).await.unwrap().into_inner().tariff.unwrap();
    let closed = maker.close_round(close_round(&changed)).await.unwrap().into_inner().tariff.unwrap();
    checker.publish_tariff(publish_tariff(&closed)).await.unwrap();
    maker.revise_tariff(revise(&drafted.name)).await.unwrap();

    let request = propose_tariff(&drafted.name, day(2025, 1, 1));
    let adoption = request.name.clone();
    maker.propose_tariff_adoption(request).await.unwrap();
    checker.confirm_tariff_adoption(confirm_tariff(&adoption)).await.unwrap();
    maker.list_tariffs(pb::ListTariffsRequest { parent: area(), ..Default::default() }).await.unwrap();
    maker.list_tariff_groups(list_groups(&drafted.name)).await.unwrap();
    maker.explain_weight(explain(&drafted.name, "FR13")).await.unwrap();
    let list = pb::ListTariffAdoptionsRequest { parent: area(), ..Default::default() };
    maker.list_tariff_adoptions(list).await.unwrap();
    maker.get_tariff_in_force(tariff_in_force_on(day(2025, 1, 1))).await.unwrap();
}
