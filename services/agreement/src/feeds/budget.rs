use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;
use medfund_db::{DbError, EventHandler, Tx, feed};
use medfund_policy::{Pack, PackHash};
use medfund_proto::budget::v1::policy_service_client::PolicyServiceClient;
use medfund_proto::budget::v1::{BusinessDateAdvanced, DecisionRecorded, FundYearOpened, GetPackRequest};
use medfund_proto::feed::v1::Event;
use medfund_server::AuthenticatedChannel;
use medfund_server::convert::{date, parse_name, uuid};

use crate::domain::decision::Decision;
use crate::store::fund_years::OpenFundYear;
use crate::{events, store};

/// Room for the largest pack and what a message holds beside it.
const PACK_MESSAGE_BYTES: usize = 2 << 20;

/// Hears `budget`: fund years with their packs, the calendar, decisions.
pub(crate) struct Budget {
    policy: PolicyServiceClient<AuthenticatedChannel>,
    /// Packs fetched for an event that has not taken effect yet.
    fetched: Mutex<HashMap<String, Vec<u8>>>,
}

/// Why an event does not take effect.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HearError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("{kind} is malformed: {what}")]
    Malformed { kind: &'static str, what: String },
    #[error("pack {hash} cannot be had: {why}")]
    Pack { hash: String, why: String },
}

impl Budget {
    pub(crate) fn new(channel: AuthenticatedChannel) -> Self {
        let policy = PolicyServiceClient::new(channel).max_decoding_message_size(PACK_MESSAGE_BYTES);
        Self { policy, fetched: Mutex::default() }
    }

    /// Fetches a pack by its hash, which its bytes must have.
    async fn fetch(&self, area: &str, hash: &str) -> Result<(), HearError> {
        let failed = |why: String| HearError::Pack { hash: hash.to_owned(), why };
        let name = format!("areas/{area}/packs/{hash}");
        let answer = self.policy.clone().get_pack(GetPackRequest { name }).await;
        let content = answer.map_err(|status| failed(status.message().to_owned()))?.into_inner().content;
        if PackHash::of(&content).to_string() != hash {
            return Err(failed("its bytes have another hash".to_owned()));
        }
        if let Err(mistakes) = Pack::parse(&content) {
            return Err(failed(format!("{} mistakes", mistakes.len())));
        }
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        fetched.insert(hash.to_owned(), content);
        Ok(())
    }

    async fn fund_year_opened(&self, tx: &mut Tx<'_>, event: FundYearOpened) -> Result<(), HearError> {
        let area = tx.area();
        let hash = event.pack_hash;
        let content = self.fetched.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash);
        let failed = |why: &str| HearError::Pack { hash: hash.clone(), why: why.to_owned() };
        let content = content.ok_or_else(|| failed("it was not fetched"))?;
        let pack = Pack::parse(&content).map_err(|_| failed("it has mistakes"))?;
        let malformed = malformed("FundYearOpened");
        let districts = event.districts.iter().map(|district| district.parse());
        let year = OpenFundYear {
            fund_year: event.fund_year.try_into().map_err(&malformed)?,
            districts: districts.collect::<Result<_, _>>().map_err(&malformed)?,
            pack_hash: hash.clone(),
        };
        store::packs::insert(tx.conn(), area, &pack, &content).await?;
        store::fund_years::insert(tx.conn(), area, &year).await?;
        Ok(())
    }
}

fn malformed<E: std::fmt::Display>(kind: &'static str) -> impl Fn(E) -> HearError {
    move |what| HearError::Malformed { kind, what: what.to_string() }
}

/// Keeps the date, and ends the suspensions whose last day is over.
async fn business_date_advanced(tx: &mut Tx<'_>, event: BusinessDateAdvanced) -> Result<(), HearError> {
    let area = tx.area();
    let today = date(event.business_date).map_err(|problem| HearError::Malformed {
        kind: "BusinessDateAdvanced",
        what: format!("{problem:?}"),
    })?;
    store::calendars::set(tx.conn(), area, today).await?;
    for suspended in store::institutions::lock_suspended_before(tx.conn(), area, today).await? {
        if let Some(resumed) = suspended.resumed_by(today) {
            store::institutions::update(tx.conn(), &resumed).await?;
            tx.emit(&events::institution_changed(&resumed)).await?;
        }
    }
    Ok(())
}

async fn decision_recorded(tx: &mut Tx<'_>, event: DecisionRecorded) -> Result<(), HearError> {
    let area = tx.area();
    let decision = decision(event).ok_or_else(|| HearError::Malformed {
        kind: "DecisionRecorded",
        what: "a name, a code or a date".to_owned(),
    })?;
    store::decisions::insert(tx.conn(), area, &decision).await?;
    Ok(())
}

fn decision(event: DecisionRecorded) -> Option<Decision> {
    let name = parse_name::<1>("areas/{area}/decisions/{decision}", &event.decision).ok()?;
    let district = match event.district.as_str() {
        "" => None,
        code => Some(code.parse().ok()?),
    };
    Some(Decision {
        id: uuid(name.ids[0]).ok()?,
        district,
        fund_year: event.fund_year.try_into().ok()?,
        meeting_date: date(event.meeting_date).ok()?,
        body: event.body,
        matter: event.matter,
        subject: event.subject,
        approved: event.approved,
    })
}

impl EventHandler for Budget {
    type Error = HearError;

    fn before<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<(), HearError>> {
        Box::pin(async move {
            match feed::decode::<FundYearOpened>(event)? {
                Some(opened) => self.fetch(&event.area, &opened.pack_hash).await,
                None => Ok(()),
            }
        })
    }

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), HearError>> {
        Box::pin(async move {
            if let Some(opened) = feed::decode::<FundYearOpened>(event)? {
                return self.fund_year_opened(tx, opened).await;
            }
            if let Some(advanced) = feed::decode::<BusinessDateAdvanced>(event)? {
                return business_date_advanced(tx, advanced).await;
            }
            if let Some(recorded) = feed::decode::<DecisionRecorded>(event)? {
                return decision_recorded(tx, recorded).await;
            }
            Ok(())
        })
    }
}
