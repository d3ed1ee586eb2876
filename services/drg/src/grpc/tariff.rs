use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_service_server::TariffService;
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::tariff::{
    adoption, coefficients, explanation, group, import, indicators, make, proposal, resource, what_if,
};
use crate::app::beside::beside;
use crate::domain::adoption::Kind;

#[tonic::async_trait]
impl TariffService for Grpc {
    async fn draft_tariff(
        &self,
        request: Request<pb::DraftTariffRequest>,
    ) -> Result<Response<pb::DraftTariffResponse>, Status> {
        let (context, request) = accept(request)?;
        let tariff = self.app.draft_tariff(make::draft_tariff(&context, &request)?).await?;
        Ok(Response::new(pb::DraftTariffResponse { tariff: Some(resource::tariff_to_pb(&tariff)) }))
    }

    async fn revise_tariff(
        &self,
        request: Request<pb::ReviseTariffRequest>,
    ) -> Result<Response<pb::ReviseTariffResponse>, Status> {
        let (context, request) = accept(request)?;
        let tariff = self.app.revise_tariff(make::revise_tariff(&context, &request)?).await?;
        Ok(Response::new(pb::ReviseTariffResponse { tariff: Some(resource::tariff_to_pb(&tariff)) }))
    }

    async fn import_tariff(
        &self,
        request: Request<pb::ImportTariffRequest>,
    ) -> Result<Response<pb::ImportTariffResponse>, Status> {
        let (context, request) = accept(request)?;
        let read = beside(move || import::import_tariff(&context, &request)).await?;
        let fit = self.app.fit(&read.read, read.command.scheme.clone(), &read.command.groups).await?;
        let import::Import { command, answer } = read.held_against(&fit);
        let tariff = match command {
            Some(command) => Some(self.app.import_tariff(command).await?),
            None => None,
        };
        Ok(Response::new(import::imported_to_pb(answer, tariff.as_ref())))
    }

    async fn get_tariff(
        &self,
        request: Request<pb::GetTariffRequest>,
    ) -> Result<Response<pb::GetTariffResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, wanted) = resource::get_tariff(&context, &request)?;
        let (tariff, content) = self.app.tariff(read, wanted).await?;
        let tariff = Some(resource::tariff_to_pb(&tariff));
        Ok(Response::new(pb::GetTariffResponse { tariff, content }))
    }

    async fn list_tariffs(
        &self,
        request: Request<pb::ListTariffsRequest>,
    ) -> Result<Response<pb::ListTariffsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = resource::list_tariffs(&context, &request)?;
        let size = page.size;
        let found = self.app.tariffs(read, page).await?;
        Ok(Response::new(resource::tariffs_to_pb(found, size, &request)))
    }

    async fn list_tariff_groups(
        &self,
        request: Request<pb::ListTariffGroupsRequest>,
    ) -> Result<Response<pb::ListTariffGroupsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id, page) = group::list_tariff_groups(&context, &request)?;
        let size = page.size;
        let (tariff, groups) = self.app.tariff_groups(read, id, page).await?;
        Ok(Response::new(group::tariff_groups_to_pb(&tariff, groups, size, &request)))
    }

    async fn explain_weight(
        &self,
        request: Request<pb::ExplainWeightRequest>,
    ) -> Result<Response<pb::ExplainWeightResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id, code) = explanation::explain_weight(&context, &request)?;
        let explained = self.app.explain_weight(read, id, code).await?;
        Ok(Response::new(explanation::explained_to_pb(explained)))
    }

    async fn compute_coefficients(
        &self,
        request: Request<pb::ComputeCoefficientsRequest>,
    ) -> Result<Response<pb::ComputeCoefficientsResponse>, Status> {
        let (context, request) = accept(request)?;
        let command = coefficients::compute_coefficients(&context, &request)?;
        let tariff = self.app.compute_coefficients(command).await?;
        Ok(Response::new(pb::ComputeCoefficientsResponse { tariff: Some(resource::tariff_to_pb(&tariff)) }))
    }

    async fn list_coefficients(
        &self,
        request: Request<pb::ListCoefficientsRequest>,
    ) -> Result<Response<pb::ListCoefficientsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id, page) = coefficients::list_coefficients(&context, &request)?;
        let size = page.size;
        let found = self.app.coefficients(read, id, page).await?;
        Ok(Response::new(coefficients::coefficients_to_pb(found, size, &request)))
    }

    async fn explain_coefficient(
        &self,
        request: Request<pb::ExplainCoefficientRequest>,
    ) -> Result<Response<pb::ExplainCoefficientResponse>, Status> {
        let (context, request) = accept(request)?;
        let which = coefficients::explain_coefficient(&context, &request)?;
        let found =
            self.app.explain_coefficient(which.read, which.tariff, which.institution, which.group).await?;
        Ok(Response::new(coefficients::explained_to_pb(&found, &request)))
    }

    async fn start_round(
        &self,
        request: Request<pb::StartRoundRequest>,
    ) -> Result<Response<pb::StartRoundResponse>, Status> {
        let (context, request) = accept(request)?;
        let tariff = self.app.start_round(resource::start_round(&context, &request)?).await?;
        Ok(Response::new(pb::StartRoundResponse { tariff: Some(resource::tariff_to_pb(&tariff)) }))
    }

    async fn close_round(
        &self,
        request: Request<pb::CloseRoundRequest>,
    ) -> Result<Response<pb::CloseRoundResponse>, Status> {
        let (context, request) = accept(request)?;
        let tariff = self.app.close_round(resource::close_round(&context, &request)?).await?;
        Ok(Response::new(pb::CloseRoundResponse { tariff: Some(resource::tariff_to_pb(&tariff)) }))
    }

    async fn propose_change(
        &self,
        request: Request<pb::ProposeChangeRequest>,
    ) -> Result<Response<pb::ProposeChangeResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.propose_change(proposal::propose_change(&context, &request)?).await?;
        let tariff_proposal = Some(proposal::proposal_to_pb(&made));
        Ok(Response::new(pb::ProposeChangeResponse { tariff_proposal }))
    }

    async fn decide_proposal(
        &self,
        request: Request<pb::DecideProposalRequest>,
    ) -> Result<Response<pb::DecideProposalResponse>, Status> {
        let (context, request) = accept(request)?;
        let decided = self.app.decide_proposal(proposal::decide_proposal(&context, &request)?).await?;
        let tariff_proposal = Some(proposal::proposal_to_pb(&decided));
        Ok(Response::new(pb::DecideProposalResponse { tariff_proposal }))
    }

    async fn list_proposals(
        &self,
        request: Request<pb::ListProposalsRequest>,
    ) -> Result<Response<pb::ListProposalsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, id, page) = proposal::list_proposals(&context, &request)?;
        let size = page.size;
        let found = self.app.proposals(read, id, page).await?;
        Ok(Response::new(proposal::proposals_to_pb(found, size, &request)))
    }

    async fn publish_tariff(
        &self,
        request: Request<pb::PublishTariffRequest>,
    ) -> Result<Response<pb::PublishTariffResponse>, Status> {
        let (context, request) = accept(request)?;
        let tariff = self.app.publish_tariff(resource::publish_tariff(&context, &request)?).await?;
        Ok(Response::new(pb::PublishTariffResponse { tariff: Some(resource::tariff_to_pb(&tariff)) }))
    }

    async fn propose_tariff_adoption(
        &self,
        request: Request<pb::ProposeTariffAdoptionRequest>,
    ) -> Result<Response<pb::ProposeTariffAdoptionResponse>, Status> {
        let (context, request) = accept(request)?;
        let made = self.app.propose_adoption(adoption::propose_adoption(&context, &request)?).await?;
        let tariff_adoption = Some(adoption::adoption_to_pb(&made));
        Ok(Response::new(pb::ProposeTariffAdoptionResponse { tariff_adoption }))
    }

    async fn confirm_tariff_adoption(
        &self,
        request: Request<pb::ConfirmTariffAdoptionRequest>,
    ) -> Result<Response<pb::ConfirmTariffAdoptionResponse>, Status> {
        let (context, request) = accept(request)?;
        let confirmed = self.app.confirm_adoption(adoption::confirm_adoption(&context, &request)?).await?;
        let tariff_adoption = Some(adoption::adoption_to_pb(&confirmed));
        Ok(Response::new(pb::ConfirmTariffAdoptionResponse { tariff_adoption }))
    }

    async fn list_tariff_adoptions(
        &self,
        request: Request<pb::ListTariffAdoptionsRequest>,
    ) -> Result<Response<pb::ListTariffAdoptionsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, page) = adoption::list_adoptions(&context, &request)?;
        let size = page.size;
        let found = self.app.adoptions(read, Kind::Tariff, page).await?;
        Ok(Response::new(adoption::adoptions_to_pb(found, size, &request)))
    }

    async fn get_tariff_in_force(
        &self,
        request: Request<pb::GetTariffInForceRequest>,
    ) -> Result<Response<pb::GetTariffInForceResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, date) = adoption::get_in_force(&context, &request)?;
        let found = self.app.tariff_in_force(read, date).await?;
        Ok(Response::new(adoption::in_force_to_pb(&found)))
    }

    async fn compare_tariffs(
        &self,
        request: Request<pb::CompareTariffsRequest>,
    ) -> Result<Response<pb::CompareTariffsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, wanted) = what_if::compare_tariffs(&context, &request)?;
        Ok(Response::new(what_if::compared_to_pb(&self.app.compare_tariffs(read, wanted).await?)))
    }

    async fn get_indicators(
        &self,
        request: Request<pb::GetIndicatorsRequest>,
    ) -> Result<Response<pb::GetIndicatorsResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, wanted) = indicators::get_indicators(&context, &request)?;
        Ok(Response::new(indicators::indicators_to_pb(&self.app.indicators(read, wanted).await?)))
    }
}
