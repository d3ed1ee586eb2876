//! Putting a grouping scheme in force, as the two persons whom the service asks for.

use chrono::NaiveDate;
use medfund_grouper::Scheme;
use medfund_proto::drg::v1::scheme::State;
use medfund_proto::drg::v1::scheme_service_client::SchemeServiceClient;
use medfund_proto::drg::v1::{
    self as pb, ConfirmAdoptionRequest, ListAdoptionsRequest, ListSchemesRequest, ProposeAdoptionRequest,
    PublishSchemeRequest, SubmitSchemeRequest, adoption,
};
use medfund_server::convert::date_to_pb;

use super::{People, Session, rpc};

impl Session {
    /// Submits a scheme and publishes it, unless that was done before; tells its name.
    ///
    /// # Errors
    ///
    /// If the service refuses it.
    pub async fn publish_scheme(&self, people: &People, scheme: &Scheme) -> anyhow::Result<String> {
        let found = match self.find_scheme(people, &scheme.hash()).await? {
            Some(found) => found,
            None => self.submit_scheme(people, scheme).await?,
        };
        if found.state() != State::Published {
            let request_id = self.id(&format!("scheme/publish/{}", found.name));
            let request = PublishSchemeRequest { name: found.name.clone(), request_id };
            rpc!(self, &people.pack_checker, Drg SchemeServiceClient publish_scheme, request).await?;
        }
        Ok(found.name)
    }

    /// Puts a published scheme in force from a day of discharge on; once more changes nothing.
    ///
    /// # Errors
    ///
    /// If the service refuses it: above all when one is in force from that day or a later one.
    pub async fn adopt_scheme(&self, people: &People, scheme: &str, from: NaiveDate) -> anyhow::Result<()> {
        let id = |step: &str| self.id(&format!("scheme/{step}/{scheme}/{from}"));
        let name = format!("areas/{}/adoptions/{}", people.area(), id("adoption"));
        let proposed = ProposeAdoptionRequest {
            name: name.clone(),
            scheme: scheme.to_owned(),
            effective_date: Some(date_to_pb(from)),
            request_id: id("propose"),
        };
        rpc!(self, &people.pack_maker, Drg SchemeServiceClient propose_adoption, proposed).await?;
        let confirmed = ConfirmAdoptionRequest { name, request_id: id("confirm") };
        rpc!(self, &people.pack_checker, Drg SchemeServiceClient confirm_adoption, confirmed).await?;
        Ok(())
    }

    /// The confirmed adoptions of schemes in the area, by their first days.
    ///
    /// # Errors
    ///
    /// If the service refuses to tell.
    pub async fn adoptions(&self, people: &People) -> anyhow::Result<Vec<pb::Adoption>> {
        let parent = format!("areas/{}", people.area());
        let mut request = ListAdoptionsRequest { parent, page_size: 500, page_token: String::new() };
        let mut adoptions = Vec::new();
        loop {
            let page = rpc!(self, &people.auditor, Drg SchemeServiceClient list_adoptions, request.clone());
            let page = page.await?;
            let confirmed = |one: &pb::Adoption| one.state() == adoption::State::Confirmed;
            adoptions.extend(page.adoptions.into_iter().filter(confirmed));
            if page.next_page_token.is_empty() {
                return Ok(adoptions);
            }
            request.page_token = page.next_page_token;
        }
    }

    async fn find_scheme(&self, people: &People, hash: &str) -> anyhow::Result<Option<pb::Scheme>> {
        let parent = format!("areas/{}", people.area());
        let mut request = ListSchemesRequest { parent, page_size: 500, page_token: String::new() };
        loop {
            let page = rpc!(self, &people.auditor, Drg SchemeServiceClient list_schemes, request.clone());
            let page = page.await?;
            let found = page.schemes.into_iter().find(|scheme| scheme.scheme_hash == hash);
            if found.is_some() || page.next_page_token.is_empty() {
                return Ok(found);
            }
            request.page_token = page.next_page_token;
        }
    }

    async fn submit_scheme(&self, people: &People, scheme: &Scheme) -> anyhow::Result<pb::Scheme> {
        let request = SubmitSchemeRequest {
            parent: format!("areas/{}", people.area()),
            content: scheme.to_bytes(),
            request_id: self.id(&format!("scheme/submit/{}/{}", people.area(), scheme.hash())),
        };
        let submitted =
            rpc!(self, &people.pack_maker, Drg SchemeServiceClient submit_scheme, request).await?;
        Ok(submitted.scheme.unwrap_or_default())
    }
}
