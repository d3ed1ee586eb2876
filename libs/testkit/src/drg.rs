use std::future::Future;
use std::pin::Pin;

use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::scheme_service_server::{SchemeService, SchemeServiceServer};
use medfund_proto::drg::v1::tariff_service_server::{TariffService, TariffServiceServer};
use tonic::{Request, Response, Status};

use crate::TestPeer;

impl TestPeer {
    /// `drg` as far as others hear it: its feed, and published schemes and tariffs with their hashes.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn drg_of(schemes: Vec<(String, Vec<u8>)>, tariffs: Vec<(String, Vec<u8>)>) -> Self {
        let schemes = SchemeServiceServer::new(Published(schemes));
        let tariffs = TariffServiceServer::new(Published(tariffs));
        Self::start_with("drg", |server| server.add_service(schemes).add_service(tariffs)).await
    }
}

/// Gives bytes by their hashes and takes none.
struct Published(Vec<(String, Vec<u8>)>);

impl Published {
    fn content(&self, name: &str) -> Result<Vec<u8>, Status> {
        let asked = self.0.iter().find(|(hash, _)| name.ends_with(hash));
        asked.map(|(_, content)| content.clone()).ok_or_else(|| Status::not_found("nothing of this name"))
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send + 'a>>;

/// The RPCs that a test's peer does not have.
macro_rules! refused {
    ($($method:ident: $request:ident => $response:ident,)*) => {$(
        fn $method<'l, 'a>(&'l self, _: Request<pb::$request>) -> Answer<'a, pb::$response>
        where
            'l: 'a,
            Self: 'a,
        {
            Box::pin(async { Err(Status::unimplemented("a test's drg only gives what is published")) })
        }
    )*};
}

#[tonic::async_trait]
impl SchemeService for Published {
    async fn get_scheme(
        &self,
        request: Request<pb::GetSchemeRequest>,
    ) -> Result<Response<pb::GetSchemeResponse>, Status> {
        let content = self.content(&request.into_inner().name)?;
        Ok(Response::new(pb::GetSchemeResponse { scheme: None, content }))
    }

    refused! {
        submit_scheme: SubmitSchemeRequest => SubmitSchemeResponse,
        publish_scheme: PublishSchemeRequest => PublishSchemeResponse,
        list_schemes: ListSchemesRequest => ListSchemesResponse,
        propose_adoption: ProposeAdoptionRequest => ProposeAdoptionResponse,
        confirm_adoption: ConfirmAdoptionRequest => ConfirmAdoptionResponse,
        list_adoptions: ListAdoptionsRequest => ListAdoptionsResponse,
        get_scheme_in_force: GetSchemeInForceRequest => GetSchemeInForceResponse,
    }
}

#[tonic::async_trait]
impl TariffService for Published {
    async fn get_tariff(
        &self,
        request: Request<pb::GetTariffRequest>,
    ) -> Result<Response<pb::GetTariffResponse>, Status> {
        let content = self.content(&request.into_inner().name)?;
        Ok(Response::new(pb::GetTariffResponse { tariff: None, content }))
    }

    refused! {
        draft_tariff: DraftTariffRequest => DraftTariffResponse,
        revise_tariff: ReviseTariffRequest => ReviseTariffResponse,
        list_tariffs: ListTariffsRequest => ListTariffsResponse,
        list_tariff_groups: ListTariffGroupsRequest => ListTariffGroupsResponse,
        explain_weight: ExplainWeightRequest => ExplainWeightResponse,
        compute_coefficients: ComputeCoefficientsRequest => ComputeCoefficientsResponse,
        list_coefficients: ListCoefficientsRequest => ListCoefficientsResponse,
        explain_coefficient: ExplainCoefficientRequest => ExplainCoefficientResponse,
        start_round: StartRoundRequest => StartRoundResponse,
        close_round: CloseRoundRequest => CloseRoundResponse,
        propose_change: ProposeChangeRequest => ProposeChangeResponse,
        decide_proposal: DecideProposalRequest => DecideProposalResponse,
        list_proposals: ListProposalsRequest => ListProposalsResponse,
        publish_tariff: PublishTariffRequest => PublishTariffResponse,
        propose_tariff_adoption: ProposeTariffAdoptionRequest => ProposeTariffAdoptionResponse,
        confirm_tariff_adoption: ConfirmTariffAdoptionRequest => ConfirmTariffAdoptionResponse,
        list_tariff_adoptions: ListTariffAdoptionsRequest => ListTariffAdoptionsResponse,
        get_tariff_in_force: GetTariffInForceRequest => GetTariffInForceResponse,
        compare_tariffs: CompareTariffsRequest => CompareTariffsResponse,
        get_indicators: GetIndicatorsRequest => GetIndicatorsResponse,
        import_tariff: ImportTariffRequest => ImportTariffResponse,
    }
}
