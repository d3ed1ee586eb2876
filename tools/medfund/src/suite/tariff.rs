//! Making a tariff of past cases and putting it in force, as the two persons whom the service asks for.

use anyhow::ensure;
use chrono::NaiveDate;
use futures::stream;
use medfund_proto::drg::v1::history_service_client::HistoryServiceClient;
use medfund_proto::drg::v1::tariff_service_client::TariffServiceClient;
use medfund_proto::drg::v1::{
    self as pb, CoefficientParameters, ComputeCoefficientsRequest, ConfirmTariffAdoptionRequest,
    DraftTariffRequest, FinishHistoryRequest, GetHistoryRequest, HistoricalCase, InstitutionLevel,
    ProposeTariffAdoptionRequest, PublishTariffRequest, StartHistoryRequest, StartRoundRequest,
    UploadHistoryRequest,
};
use medfund_server::convert::date_to_pb;
use sha2::{Digest, Sha256};

use super::{Moment, People, Service, Session, rpc};

/// Cases in one message of a stream: the most that the service takes.
const CHUNK: usize = 2_000;

/// How often a broken stream is taken up again.
const MAX_TRIES: u32 = 150;

/// Past cases that a tariff's weights are made from.
pub struct PastCases<'a> {
    /// The scheme that groups them, by its name.
    pub scheme: &'a str,
    /// The cases.
    pub cases: Vec<HistoricalCase>,
    /// The institutions' levels.
    pub levels: Vec<InstitutionLevel>,
    /// The fund year that the tariff is for.
    pub fund_year: i32,
    /// How institutions' coefficients are made of them.
    pub coefficients: CoefficientParameters,
}

impl Session {
    /// Makes a tariff of past cases with coefficients by level and hospital together, publishes it and puts it in force; once more changes nothing.
    ///
    /// # Errors
    ///
    /// If the service refuses a step, or a case.
    pub async fn adopt_tariff(
        &self,
        people: &People,
        past: PastCases<'_>,
        from: NaiveDate,
    ) -> anyhow::Result<()> {
        let fund_year = past.fund_year;
        let (levels, coefficients) = (past.levels.clone(), past.coefficients.clone());
        let history = self.upload_history(people, past).await?;
        let tariff = format!("areas/{}/tariffs/{}", people.area(), self.id("tariff"));
        let draft = DraftTariffRequest {
            name: tariff.clone(),
            fund_year,
            history: history.clone(),
            parameters: None,
            base_points: String::new(),
            request_id: self.id("tariff/draft"),
        };
        let drafted = rpc!(self, &people.pack_maker, Drg TariffServiceClient draft_tariff, draft).await?;
        let compute = ComputeCoefficientsRequest {
            name: tariff.clone(),
            history,
            parameters: Some(coefficients),
            levels,
            etag: drafted.tariff.unwrap_or_default().etag,
            request_id: self.id("tariff/coefficients"),
        };
        let computed =
            rpc!(self, &people.pack_maker, Drg TariffServiceClient compute_coefficients, compute).await?;
        let round = StartRoundRequest {
            name: tariff.clone(),
            etag: computed.tariff.unwrap_or_default().etag,
            request_id: self.id("tariff/round"),
        };
        let started = rpc!(self, &people.pack_maker, Drg TariffServiceClient start_round, round).await?;
        let publish = PublishTariffRequest {
            name: tariff.clone(),
            etag: started.tariff.unwrap_or_default().etag,
            request_id: self.id("tariff/publish"),
        };
        rpc!(self, &people.pack_checker, Drg TariffServiceClient publish_tariff, publish).await?;
        let adoption = format!("areas/{}/tariffAdoptions/{}", people.area(), self.id("tariff/adoption"));
        let propose = ProposeTariffAdoptionRequest {
            name: adoption.clone(),
            tariff,
            effective_date: Some(date_to_pb(from)),
            request_id: self.id("tariff/propose"),
        };
        rpc!(self, &people.pack_maker, Drg TariffServiceClient propose_tariff_adoption, propose).await?;
        let confirm = ConfirmTariffAdoptionRequest { name: adoption, request_id: self.id("tariff/confirm") };
        rpc!(self, &people.pack_checker, Drg TariffServiceClient confirm_tariff_adoption, confirm).await?;
        Ok(())
    }

    /// Uploads past cases to their end, none of which may be refused; tells the history's name.
    async fn upload_history(&self, people: &People, past: PastCases<'_>) -> anyhow::Result<String> {
        let officer = &people.officer;
        let start = StartHistoryRequest {
            parent: format!("areas/{}", people.area()),
            scheme: past.scheme.to_owned(),
            file_digest: digest(&past.cases),
            n_lines: i64::try_from(past.cases.len())?,
            request_id: self.id("history/start"),
        };
        let started = rpc!(self, officer, Drg HistoryServiceClient start_history, start).await?;
        let name = started.history.unwrap_or_default().name;
        for _ in 0..MAX_TRIES {
            let history = self.history(people, &name).await?;
            if usize::try_from(history.next_line)? > past.cases.len() {
                break;
            }
            self.send_cases(people, &history, &past.cases).await?;
        }
        let finish = FinishHistoryRequest { name: name.clone(), request_id: self.id("history/finish") };
        let finished = rpc!(self, officer, Drg HistoryServiceClient finish_history, finish).await?;
        let n_refused = finished.history.unwrap_or_default().n_refused;
        ensure!(n_refused == 0, "{n_refused} past cases were refused");
        Ok(name)
    }

    async fn history(&self, people: &People, name: &str) -> anyhow::Result<pb::History> {
        let request = GetHistoryRequest { name: name.to_owned() };
        let got = rpc!(self, &people.officer, Drg HistoryServiceClient get_history, request).await?;
        Ok(got.history.unwrap_or_default())
    }

    /// Sends what is missing in one stream; one that breaks is taken up where it got to.
    async fn send_cases(
        &self,
        people: &People,
        history: &pb::History,
        cases: &[HistoricalCase],
    ) -> anyhow::Result<()> {
        let first = usize::try_from(history.next_line - 1)?;
        let chunks: Vec<UploadHistoryRequest> = (first..cases.len())
            .step_by(CHUNK)
            .map(|first| UploadHistoryRequest {
                history: history.name.clone(),
                first_line: i64::try_from(first + 1).expect("a line number"),
                cases: cases[first..cases.len().min(first + CHUNK)].to_vec(),
            })
            .collect();
        let request = self.signed(&people.officer, stream::iter(chunks))?;
        self.passes(Moment::Call).await;
        // Where it broke is read from the service: the next stream begins there.
        if let Err(broken) =
            HistoryServiceClient::new(self.channel(Service::Drg)).upload_history(request).await
        {
            let stands = self.history(people, &history.name).await?;
            ensure!(
                stands.next_line > history.next_line || broken.code() == tonic::Code::Unavailable,
                "past cases are not taken: {broken}"
            );
        }
        Ok(())
    }
}

fn digest(cases: &[HistoricalCase]) -> String {
    let mut digest = Sha256::new();
    for case in cases {
        digest.update(prost::Message::encode_length_delimited_to_vec(case));
    }
    hex::encode(digest.finalize())
}
