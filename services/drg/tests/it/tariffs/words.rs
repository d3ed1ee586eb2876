//! Short words for what tests of tariffs do again and again.

use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::coefficient_parameters::Form;
use medfund_proto::drg::v1::historical_case::Grouping;
use medfund_proto::drg::v1::history_service_client::HistoryServiceClient;
use medfund_proto::drg::v1::proposed_change::Change;
use medfund_proto::drg::v1::tariff_origin::Origin;
use medfund_proto::drg::v1::tariff_service_client::TariffServiceClient;
use medfund_proto::drg::v1::tariff_setting::Method;
use medfund_proto::google::r#type::Date;
use medfund_testkit::TestChannel;
use tonic::{Response, Status};

use crate::support::*;

pub(crate) const CLINIC: &str = "H44070300002";

impl Drg {
    pub(crate) fn histories(&self, role: Role) -> HistoryServiceClient<TestChannel> {
        HistoryServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn tariffs(&self, role: Role) -> TariffServiceClient<TestChannel> {
        TariffServiceClient::new(self.0.as_role(role))
    }

    pub(crate) fn hospital(&self, code: &str) -> TariffServiceClient<TestChannel> {
        TariffServiceClient::new(self.0.as_institution(code))
    }

    pub(crate) async fn given_history(&self, scheme: &str, cases: &[pb::HistoricalCase]) -> pb::History {
        let mut officer = self.histories(Role::AgencyOfficer);
        let started = officer.start_history(start_history(scheme, cases.len())).await.unwrap().into_inner();
        let name = started.history.unwrap().name;
        upload(officer.clone(), vec![chunk(&name, 1, cases)]).await.unwrap();
        officer.finish_history(finish(&name)).await.unwrap().into_inner().history.unwrap()
    }

    /// A draft of the year's cases by [`year`] in the scheme `small`.
    pub(crate) async fn given_draft(&self) -> pb::Tariff {
        let scheme = self.given_published(&SMALL).await.name;
        let history = self.given_history(&scheme, &year()).await.name;
        self.tariffs(Role::PolicyMaker)
            .draft_tariff(draft(&history))
            .await
            .unwrap()
            .into_inner()
            .tariff
            .unwrap()
    }

    pub(crate) async fn given_negotiated(&self) -> pb::Tariff {
        let request = start_round(&self.given_draft().await);
        let answer = self.tariffs(Role::PolicyMaker).start_round(request).await.unwrap();
        answer.into_inner().tariff.unwrap()
    }

    pub(crate) async fn given_published_tariff(&self) -> pb::Tariff {
        let request = publish_tariff(&self.given_negotiated().await);
        let answer = self.tariffs(Role::PolicyChecker).publish_tariff(request).await.unwrap();
        answer.into_inner().tariff.unwrap()
    }

    /// The weights of a tariff's groups, empty where there is none.
    pub(crate) async fn weights(&self, tariff: &str) -> Vec<(String, String)> {
        let request = list_groups(tariff);
        let groups = self.tariffs(Role::Auditor).list_tariff_groups(request).await.unwrap().into_inner();
        groups.tariff_groups.into_iter().map(|group| (group.drg, group.drg_weight)).collect()
    }
}

pub(crate) fn costed(institution: &str, drg: &str, yuan: i64) -> pb::HistoricalCase {
    pb::HistoricalCase {
        id: id(),
        institution_code: institution.to_owned(),
        grouping: Some(Grouping::Drg(drg.to_owned())),
        total_cost_fen: yuan * 100,
        fund_paid_fen: yuan * 70,
        stay_days: 8,
        ..pb::HistoricalCase::default()
    }
}

/// A year's cases: 5 of FR13 at 9,000, 10 of FR15 at 3,000, one of FC19 at 30,000 yuan, one in no group.
///
/// The mean of the 16 in groups is 105,000 / 16 = 6,562.50 yuan.
pub(crate) fn year() -> Vec<pb::HistoricalCase> {
    let mut cases: Vec<pb::HistoricalCase> = (0..5).map(|_| costed(HOSPITAL, "FR13", 9_000)).collect();
    cases.extend((0..4).map(|_| costed(HOSPITAL, "FR15", 3_000)));
    cases.extend((0..6).map(|_| costed(CLINIC, "FR15", 3_000)));
    cases.push(costed(HOSPITAL, "FC19", 30_000));
    cases.push(costed(CLINIC, "0000", 800));
    cases
}

pub(crate) fn start_history(scheme: &str, n_lines: usize) -> pb::StartHistoryRequest {
    pb::StartHistoryRequest {
        parent: area(),
        scheme: scheme.to_owned(),
        file_digest: format!("{:064x}", uuid::Uuid::now_v7().as_u128()),
        n_lines: i64::try_from(n_lines).unwrap(),
        request_id: id(),
    }
}

pub(crate) fn chunk(
    history: &str,
    first_line: i64,
    cases: &[pb::HistoricalCase],
) -> pb::UploadHistoryRequest {
    pb::UploadHistoryRequest { history: history.to_owned(), first_line, cases: cases.to_vec() }
}

pub(crate) async fn upload(
    mut client: HistoryServiceClient<TestChannel>,
    chunks: Vec<pb::UploadHistoryRequest>,
) -> Result<Response<pb::UploadHistoryResponse>, Status> {
    client.upload_history(futures::stream::iter(chunks)).await
}

pub(crate) fn finish(history: &str) -> pb::FinishHistoryRequest {
    pb::FinishHistoryRequest { name: history.to_owned(), request_id: id() }
}

pub(crate) fn cancel_history(history: &str) -> pb::CancelHistoryRequest {
    pb::CancelHistoryRequest { name: history.to_owned(), request_id: id() }
}

pub(crate) fn new_tariff() -> String {
    format!("{}/tariffs/{}", area(), id())
}

pub(crate) fn no_history() -> String {
    format!("{}/histories/{}", area(), id())
}

pub(crate) fn draft(history: &str) -> pb::DraftTariffRequest {
    pb::DraftTariffRequest {
        name: new_tariff(),
        fund_year: 2025,
        history: history.to_owned(),
        parameters: None,
        base_points: String::new(),
        request_id: id(),
    }
}

pub(crate) fn revise(tariff: &str) -> pb::ReviseTariffRequest {
    pb::ReviseTariffRequest {
        name: new_tariff(),
        tariff: tariff.to_owned(),
        fund_year: 2026,
        request_id: id(),
        levels: Vec::new(),
    }
}

pub(crate) fn get_tariff(name: &str) -> pb::GetTariffRequest {
    pb::GetTariffRequest { name: name.to_owned() }
}

pub(crate) fn list_groups(tariff: &str) -> pb::ListTariffGroupsRequest {
    pb::ListTariffGroupsRequest { parent: tariff.to_owned(), ..Default::default() }
}

pub(crate) fn explain(tariff: &str, drg: &str) -> pb::ExplainWeightRequest {
    pb::ExplainWeightRequest { name: tariff.to_owned(), drg: drg.to_owned() }
}

pub(crate) fn start_round(tariff: &pb::Tariff) -> pb::StartRoundRequest {
    pb::StartRoundRequest { name: tariff.name.clone(), etag: tariff.etag.clone(), request_id: id() }
}

pub(crate) fn close_round(tariff: &pb::Tariff) -> pb::CloseRoundRequest {
    pb::CloseRoundRequest { name: tariff.name.clone(), etag: tariff.etag.clone(), request_id: id() }
}

pub(crate) fn publish_tariff(tariff: &pb::Tariff) -> pb::PublishTariffRequest {
    pb::PublishTariffRequest { name: tariff.name.clone(), etag: tariff.etag.clone(), request_id: id() }
}

pub(crate) fn to_weight(weight: &str) -> Option<pb::ProposedChange> {
    Some(pb::ProposedChange { change: Some(Change::DrgWeight(weight.to_owned())) })
}

pub(crate) fn to_standard(standard_fen: i64) -> Option<pb::ProposedChange> {
    let standard = pb::TariffStandard { scope: None, standard_fen };
    Some(pb::ProposedChange { change: Some(Change::Standard(standard)) })
}

pub(crate) fn to_coefficient(scope: pb::TariffScope, coefficient: &str) -> Option<pb::ProposedChange> {
    let coefficient = pb::ScopedCoefficient { scope: Some(scope), coefficient: coefficient.to_owned() };
    Some(pb::ProposedChange { change: Some(Change::Coefficient(coefficient)) })
}

pub(crate) fn to_standard_of(institution: &str, standard_fen: i64) -> Option<pb::ProposedChange> {
    let scope = pb::TariffScope { institutions: vec![institution.to_owned()], ..Default::default() };
    let standard = pb::TariffStandard { scope: Some(scope), standard_fen };
    Some(pb::ProposedChange { change: Some(Change::Standard(standard)) })
}

/// Changes of FR13 for a what-if.
pub(crate) fn of_fr13(changes: Vec<Option<pb::ProposedChange>>) -> Vec<pb::GroupChange> {
    changes.into_iter().map(|change| pb::GroupChange { drg: "FR13".to_owned(), change }).collect()
}

/// Two standards of which each is for the hospital and neither for fewer.
pub(crate) fn overlapping() -> Vec<pb::GroupChange> {
    let mut both = to_standard_of(HOSPITAL, 5);
    if let Some(Change::Standard(standard)) = both.as_mut().and_then(|both| both.change.as_mut()) {
        standard.scope.as_mut().unwrap().institutions.push(CLINIC.to_owned());
    }
    of_fr13(vec![to_standard_of(HOSPITAL, 5), both])
}

/// A proposal of the agency for FR13.
pub(crate) fn propose_change(tariff: &str, change: Option<pb::ProposedChange>) -> pb::ProposeChangeRequest {
    pb::ProposeChangeRequest {
        name: format!("{tariff}/proposals/{}", id()),
        institution_code: String::new(),
        drg: "FR13".to_owned(),
        change,
        reason: "成本上升".to_owned(),
        request_id: id(),
    }
}

pub(crate) fn decide(proposal: &str, accept: bool) -> pb::DecideProposalRequest {
    pb::DecideProposalRequest {
        name: proposal.to_owned(),
        accept,
        note: "经专家论证".to_owned(),
        request_id: id(),
    }
}

pub(crate) fn list_proposals(tariff: &str) -> pb::ListProposalsRequest {
    pb::ListProposalsRequest { parent: tariff.to_owned(), ..Default::default() }
}

pub(crate) fn new_tariff_adoption() -> String {
    format!("{}/tariffAdoptions/{}", area(), id())
}

pub(crate) fn propose_tariff(tariff: &str, from: Date) -> pb::ProposeTariffAdoptionRequest {
    pb::ProposeTariffAdoptionRequest {
        name: new_tariff_adoption(),
        tariff: tariff.to_owned(),
        effective_date: Some(from),
        request_id: id(),
    }
}

pub(crate) fn confirm_tariff(name: &str) -> pb::ConfirmTariffAdoptionRequest {
    pb::ConfirmTariffAdoptionRequest { name: name.to_owned(), request_id: id() }
}

pub(crate) fn tariff_in_force_on(date: Date) -> pb::GetTariffInForceRequest {
    pb::GetTariffInForceRequest { parent: area(), date: Some(date) }
}

/// FR15 at two institutions: 10 cases at 120 yuan, 30 at 80; the region's mean is 90.
pub(crate) fn two_institutions() -> Vec<pb::HistoricalCase> {
    let mut cases: Vec<_> = (0..10).map(|_| costed(HOSPITAL, "FR15", 120)).collect();
    cases.extend((0..30).map(|_| costed(CLINIC, "FR15", 80)));
    cases
}

pub(crate) fn hospital_form() -> pb::CoefficientParameters {
    pb::CoefficientParameters { form: Some(Form::Hospital(true)), ..Default::default() }
}

pub(crate) fn at_level(institution: &str, level: i32) -> pb::InstitutionLevel {
    pb::InstitutionLevel { institution_code: institution.to_owned(), level }
}

pub(crate) fn compute(tariff: &pb::Tariff, history: &str) -> pb::ComputeCoefficientsRequest {
    pb::ComputeCoefficientsRequest {
        name: tariff.name.clone(),
        history: history.to_owned(),
        parameters: Some(hospital_form()),
        levels: vec![at_level(HOSPITAL, 3)],
        etag: tariff.etag.clone(),
        request_id: id(),
    }
}

pub(crate) fn list_coefficients(tariff: &str) -> pb::ListCoefficientsRequest {
    pb::ListCoefficientsRequest { parent: tariff.to_owned(), ..Default::default() }
}

pub(crate) fn explain_coefficient(tariff: &str, drg: &str) -> pb::ExplainCoefficientRequest {
    pb::ExplainCoefficientRequest {
        name: tariff.to_owned(),
        institution_code: HOSPITAL.to_owned(),
        drg: drg.to_owned(),
    }
}

/// The history that a draft was made of.
pub(crate) fn history_of(tariff: &pb::Tariff) -> String {
    match tariff.origin.clone().and_then(|origin| origin.origin) {
        Some(Origin::History(origin)) => origin.history,
        other => panic!("made of {other:?}"),
    }
}

pub(crate) fn setting(tariff: &str, method: Method) -> Option<pb::TariffSetting> {
    Some(pb::TariffSetting { tariff: tariff.to_owned(), method: Some(method), ..Default::default() })
}

pub(crate) fn by_points(budget_fen: i64) -> Method {
    Method::Points(pb::PointsMethod { budget_fen, covers_all_cost: false })
}

pub(crate) fn compare_tariffs(
    history: &str,
    setting: Option<pb::TariffSetting>,
    other_setting: Option<pb::TariffSetting>,
) -> pb::CompareTariffsRequest {
    let history = history.to_owned();
    pb::CompareTariffsRequest {
        parent: area(),
        history,
        setting,
        other_setting,
        institution_code: String::new(),
    }
}

pub(crate) fn indicators(history: &str, tariff: &str) -> pb::GetIndicatorsRequest {
    pb::GetIndicatorsRequest {
        parent: area(),
        history: history.to_owned(),
        tariff: tariff.to_owned(),
        ..Default::default()
    }
}

/// A table with standards by level, as a region publishes it.
pub(crate) const TABLE: &str = "DRG编码,DRG名称,RW,基础病组,二级医院支付标准,三级医院支付标准\n\
    FR13,心梗，有,1.5,,9000,10000\n\
    FR15,心梗，无,0.5,是,2500.50,3000\n";

pub(crate) fn import(scheme: &str, content: &[u8]) -> pb::ImportTariffRequest {
    pb::ImportTariffRequest {
        name: new_tariff(),
        fund_year: 2025,
        scheme: scheme.to_owned(),
        content: content.to_vec(),
        base_points: String::new(),
        request_id: id(),
        ..Default::default()
    }
}
