use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;
use medfund_db::{EventHandler, Tx, feed};
use medfund_grouper::Scheme;
use medfund_proto::drg::v1::scheme_service_client::SchemeServiceClient;
use medfund_proto::drg::v1::tariff_service_client::TariffServiceClient;
use medfund_proto::drg::v1::{GetSchemeRequest, GetTariffRequest, SchemeAdopted, TariffAdopted};
use medfund_proto::feed::v1::Event;
use medfund_proto::google::r#type::Date;
use medfund_server::AuthenticatedChannel;
use medfund_tariff::PublishedTariff;

use super::{FeedError, area, date};
use crate::domain::DrgKind;
use crate::store;
use crate::store::drg_adoptions::DrgAdoptionRow;
use crate::store::drg_contents::DrgContentRow;

/// What `drg` tells.
pub(crate) struct DrgFeed {
    schemes: SchemeServiceClient<AuthenticatedChannel>,
    tariffs: TariffServiceClient<AuthenticatedChannel>,
    /// What was fetched and waits for the transaction that keeps it.
    fetched: Mutex<HashMap<(DrgKind, String), Vec<u8>>>,
}

/// What came into force.
struct Heard {
    kind: DrgKind,
    hash: String,
    effective_date: Option<Date>,
}

impl DrgFeed {
    pub(crate) fn new(channel: AuthenticatedChannel, max_message_bytes: usize) -> Self {
        let schemes = SchemeServiceClient::new(channel.clone()).max_decoding_message_size(max_message_bytes);
        let tariffs = TariffServiceClient::new(channel).max_decoding_message_size(max_message_bytes);
        Self { schemes, tariffs, fetched: Mutex::default() }
    }

    /// Fetches what came into force, and finds it sound.
    async fn fetch(&self, area: &str, kind: DrgKind, hash: &str) -> Result<Vec<u8>, FeedError> {
        let bad = |why: String| FeedError::Drg { kind, hash: hash.to_owned(), why };
        let refused = |status: tonic::Status| bad(status.message().to_owned());
        let content = match kind {
            DrgKind::Scheme => {
                let name = format!("areas/{area}/schemes/{hash}");
                let answer = self.schemes.clone().get_scheme(GetSchemeRequest { name }).await;
                answer.map_err(refused)?.into_inner().content
            }
            DrgKind::Tariff => {
                let name = format!("areas/{area}/tariffs/{hash}");
                let answer = self.tariffs.clone().get_tariff(GetTariffRequest { name }).await;
                answer.map_err(refused)?.into_inner().content
            }
        };
        let found = match kind {
            DrgKind::Scheme => {
                let scheme = Scheme::from_bytes(&content).map_err(|error| bad(error.to_string()))?;
                scheme.hash()
            }
            DrgKind::Tariff => {
                PublishedTariff::from_bytes(&content).map_err(|error| bad(error.to_string()))?;
                PublishedTariff::hash(&content)
            }
        };
        if found == hash { Ok(content) } else { Err(bad("its bytes have another hash".to_owned())) }
    }
}

fn heard(event: &Event) -> Result<Option<Heard>, FeedError> {
    if let Some(heard) = feed::decode::<SchemeAdopted>(event)? {
        let SchemeAdopted { scheme_hash: hash, effective_date, .. } = heard;
        return Ok(Some(Heard { kind: DrgKind::Scheme, hash, effective_date }));
    }
    let heard = feed::decode::<TariffAdopted>(event)?;
    Ok(heard.map(|heard| {
        let TariffAdopted { tariff_hash: hash, effective_date, .. } = heard;
        Heard { kind: DrgKind::Tariff, hash, effective_date }
    }))
}

impl EventHandler for DrgFeed {
    type Error = FeedError;

    fn before<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<(), FeedError>> {
        Box::pin(async move {
            if let Some(Heard { kind, hash, .. }) = heard(event)? {
                let content = self.fetch(&event.area, kind, &hash).await?;
                self.fetched.lock().unwrap_or_else(PoisonError::into_inner).insert((kind, hash), content);
            }
            Ok(())
        })
    }

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), FeedError>> {
        Box::pin(async move {
            let Some(Heard { kind, hash: content_hash, effective_date }) = heard(event)? else {
                return Ok(());
            };
            let key = (kind, content_hash.clone());
            let content = self.fetched.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            let why = "it was not fetched".to_owned();
            let content = content.ok_or(FeedError::Drg { kind, hash: content_hash.clone(), why })?;
            let effective_date = date(event, "effective_date", effective_date)?;
            let row = DrgContentRow { area: area(event)?, kind, content_hash: content_hash.clone(), content };
            store::drg_contents::insert_missing(tx.conn(), &row).await?;
            let row = DrgAdoptionRow { area: area(event)?, kind, effective_date, content_hash };
            Ok(store::drg_adoptions::save(tx.conn(), &row).await?)
        })
    }
}
