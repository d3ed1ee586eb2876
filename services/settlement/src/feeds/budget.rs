use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;
use medfund_db::{EventHandler, Tx, feed};
use medfund_ledger::Handed;
use medfund_money::Fen;
use medfund_policy::PackHash;
use medfund_proto::budget::v1::policy_service_client::PolicyServiceClient;
use medfund_proto::budget::v1::{
    BusinessDateAdvanced, ClearingOpened, DecisionRecorded, FundYearOpened, GetPackRequest, HistoryRecorded,
    PoolAdjustment, PoolApproved, QuotaAdjusted, QuotaDecided,
};
use medfund_proto::feed::v1::Event;
use medfund_server::AuthenticatedChannel;
use medfund_server::convert::kind_of_care;
use medfund_types::InstitutionCode;

use super::{FeedError, area, date, parsed};
use crate::app::post::Posts;
use crate::domain::accounts::Pot;
use crate::store;
use crate::store::calendars::CalendarRow;
use crate::store::columns::Kind;
use crate::store::decisions::DecisionRow;
use crate::store::fund_years::FundYearRow;
use crate::store::histories::HistoryRow;
use crate::store::packs::PackRow;
use crate::store::pools::PoolRow;
use crate::store::quotas::QuotaRow;
use crate::store::reserves::ReserveRow;

/// What `budget` tells.
pub(crate) struct BudgetFeed {
    packs: PolicyServiceClient<AuthenticatedChannel>,
    /// Packs that were fetched and wait for the transaction that keeps them.
    fetched: Mutex<HashMap<String, Vec<u8>>>,
}

impl BudgetFeed {
    pub(crate) fn new(channel: AuthenticatedChannel, max_message_bytes: usize) -> Self {
        let packs = PolicyServiceClient::new(channel).max_decoding_message_size(max_message_bytes);
        Self { packs, fetched: Mutex::default() }
    }

    async fn fetch(&self, area: &str, hash: &str) -> Result<(), FeedError> {
        let bad = |why: String| FeedError::Pack { hash: hash.to_owned(), why };
        let name = format!("areas/{area}/packs/{hash}");
        let answer = self.packs.clone().get_pack(GetPackRequest { name }).await;
        let content = answer.map_err(|status| bad(status.message().to_owned()))?.into_inner().content;
        if PackHash::of(&content).to_string() != hash {
            return Err(bad("its bytes have another hash".to_owned()));
        }
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner).insert(hash.to_owned(), content);
        Ok(())
    }
}

impl EventHandler for BudgetFeed {
    type Error = FeedError;

    fn before<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<(), FeedError>> {
        Box::pin(async move {
            match feed::decode::<FundYearOpened>(event)? {
                Some(opened) => self.fetch(&event.area, &opened.pack_hash).await,
                None => Ok(()),
            }
        })
    }

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), FeedError>> {
        Box::pin(async move {
            if let Some(heard) = feed::decode::<BusinessDateAdvanced>(event)? {
                let business_date = date(event, "business_date", heard.business_date)?;
                let row = CalendarRow { area: area(event)?, business_date };
                store::calendars::save(tx.conn(), &row).await?;
            } else if let Some(heard) = feed::decode::<FundYearOpened>(event)? {
                let content =
                    self.fetched.lock().unwrap_or_else(PoisonError::into_inner).remove(&heard.pack_hash);
                fund_year_opened(tx, event, heard, content).await?;
            } else if let Some(heard) = feed::decode::<DecisionRecorded>(event)? {
                decision_recorded(tx, event, heard).await?;
            } else if let Some(heard) = feed::decode::<HistoryRecorded>(event)? {
                let row = HistoryRow {
                    area: area(event)?,
                    fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
                    fund_line: parsed(event, "fund_line", heard.fund_line.parse())?,
                    institution_code: parsed(event, "institution_code", heard.institution_code.parse())?,
                    last_year_settled_fen: Fen::new(heard.last_year_settled_fen),
                };
                store::histories::save(tx.conn(), &row).await?;
            } else if let Some(heard) = feed::decode::<PoolApproved>(event)? {
                pool_approved(tx, event, heard).await?;
            } else if let Some(heard) = feed::decode::<QuotaDecided>(event)? {
                quota_decided(tx, event, heard).await?;
            } else if let Some(heard) = feed::decode::<QuotaAdjusted>(event)? {
                quota_adjusted(tx, event, heard).await?;
            } else if let Some(heard) = feed::decode::<ClearingOpened>(event)? {
                clearing_opened(tx, event, heard).await?;
            }
            Ok(())
        })
    }
}

async fn fund_year_opened(
    tx: &mut Tx<'_>,
    event: &Event,
    heard: FundYearOpened,
    content: Option<Vec<u8>>,
) -> Result<(), FeedError> {
    let hash = heard.pack_hash.clone();
    let content = content.ok_or(FeedError::Pack { hash, why: "it was not fetched".to_owned() })?;
    let pack =
        PackRow { area: area(event)?, pack_hash: heard.pack_hash.clone(), pack_id: heard.pack_id, content };
    store::packs::save(tx.conn(), &pack).await?;
    let districts = heard.districts.iter().map(|code| parsed(event, "districts", code.parse()));
    let row = FundYearRow {
        area: area(event)?,
        fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
        pack_hash: heard.pack_hash,
        districts: districts.collect::<Result<_, _>>()?,
    };
    Ok(store::fund_years::save(tx.conn(), &row).await?)
}

async fn decision_recorded(tx: &mut Tx<'_>, event: &Event, heard: DecisionRecorded) -> Result<(), FeedError> {
    let row = DecisionRow {
        area: area(event)?,
        decision: heard.decision,
        body: heard.body,
        matter: heard.matter,
        district: heard.district,
        fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
        subject: heard.subject,
        approved: heard.approved,
        meeting_date: date(event, "meeting_date", heard.meeting_date)?,
    };
    Ok(store::decisions::save(tx.conn(), &row).await?)
}

fn pot(event: &Event, fund_year: i32, fund_line: &str, district: &str) -> Result<Pot, FeedError> {
    Ok(Pot {
        fund_year: parsed(event, "fund_year", fund_year.try_into())?,
        fund_line: parsed(event, "fund_line", fund_line.parse())?,
        district: parsed(event, "district", district.parse())?,
    })
}

fn institution(event: &Event, code: &str) -> Result<InstitutionCode, FeedError> {
    Ok(parsed(event, "institution_code", code.parse())?)
}

async fn quota_decided(tx: &mut Tx<'_>, event: &Event, heard: QuotaDecided) -> Result<(), FeedError> {
    let pot = pot(event, heard.fund_year, &heard.fund_line, &heard.district)?;
    let mut posts = Posts::default();
    for quota in heard.quotas {
        let code = institution(event, &quota.institution_code)?;
        let accounts = (pot.transit(), pot.quota(&code));
        let reference = pot.reference(Handed::Quota(&code));
        posts.add(tx, accounts, Fen::new(quota.quota_fen), "quota_received", &reference);
        let row = QuotaRow {
            area: area(event)?,
            fund_year: pot.fund_year,
            fund_line: pot.fund_line.clone(),
            institution_code: code,
            district: pot.district.clone(),
            decision: heard.decision.clone(),
            quota_fen: Fen::new(quota.quota_fen),
            adjusted_quota_fen: Fen::new(quota.quota_fen),
        };
        store::quotas::save(tx.conn(), &row).await?;
    }
    Ok(posts.post(tx).await?)
}

/// Takes or gives back the change; what the months spent moves between quota and suspense accordingly.
async fn quota_adjusted(tx: &mut Tx<'_>, event: &Event, heard: QuotaAdjusted) -> Result<(), FeedError> {
    let pot = pot(event, heard.fund_year, &heard.fund_line, &heard.district)?;
    let code = institution(event, &heard.institution_code)?;
    let area = tx.area().clone();
    let known = store::quotas::lock(tx.conn(), &area, pot.fund_year, &pot.fund_line, &code).await?;
    // Who got no quota when they were decided may get one by an adjustment.
    let mut row = known.unwrap_or_else(|| QuotaRow {
        area: area.clone(),
        fund_year: pot.fund_year,
        fund_line: pot.fund_line.clone(),
        institution_code: code.clone(),
        district: pot.district.clone(),
        decision: heard.decision.clone(),
        quota_fen: Fen::ZERO,
        adjusted_quota_fen: Fen::ZERO,
    });
    let spent: Fen = store::statements::list_year(tx.conn(), &area, pot.fund_year)
        .await?
        .into_iter()
        .filter(|one| one.fund_line == pot.fund_line && one.institution_code == code)
        .map(|one| one.payable_fen)
        .sum();
    let adjusted = Fen::new(heard.adjusted_quota_fen);
    let over = |standard: Fen| (spent - standard).or_zero();
    let shift = over(adjusted) - over(row.adjusted_quota_fen);

    let mut posts = Posts::default();
    let reference = pot.reference(Handed::Adjustment(&code, &heard.decision));
    let received = (pot.transit(), pot.quota(&code));
    posts.add(tx, received, Fen::new(heard.change_fen), "quota_adjusted", &reference);
    let suspense = (pot.overspend(&code), pot.quota(&code));
    posts.add(tx, suspense, shift, "overspend_shifted", &reference);
    posts.post(tx).await?;
    row.adjusted_quota_fen = adjusted;
    Ok(store::quotas::save(tx.conn(), &row).await?)
}

async fn pool_approved(tx: &mut Tx<'_>, event: &Event, heard: PoolApproved) -> Result<(), FeedError> {
    let pot = pot(event, heard.fund_year, &heard.fund_line, &heard.district)?;
    let kind = parsed(event, "kind_of_care", kind_of_care(heard.kind_of_care))?;
    let revision = parsed(event, "revision", u32::try_from(heard.revision))?;
    let mut posts = Posts::default();
    let reference = pot.reference(Handed::Pool(kind.as_str(), revision));
    posts.add(tx, (pot.transit(), pot.pool(kind)), Fen::new(heard.change_fen), "pool_received", &reference);
    posts.post(tx).await?;
    let row = PoolRow {
        area: area(event)?,
        fund_year: pot.fund_year,
        fund_line: pot.fund_line,
        district: pot.district,
        kind_of_care: Kind(kind),
        decision: heard.decision,
        pack_hash: heard.pack_hash,
        revision: heard.revision,
        amount_fen: Fen::new(heard.amount_fen),
        adjustment_fen: Fen::new(heard.adjustment_fen),
        released_fen: Fen::ZERO,
    };
    Ok(store::pools::save(tx.conn(), &row).await?)
}

/// Takes what was kept to adjust the pools of a fund line in a district.
async fn adjustments_released(
    tx: &mut Tx<'_>,
    event: &Event,
    pot: &Pot,
    heard: Vec<PoolAdjustment>,
) -> Result<(), FeedError> {
    let area = tx.area().clone();
    let mut pools = store::pools::lock_year(tx.conn(), &area, pot.fund_year).await?;
    let mut posts = Posts::default();
    for adjustment in heard {
        let kind = parsed(event, "kind_of_care", kind_of_care(adjustment.kind_of_care))?;
        let reference = pot.reference(Handed::PoolAdjustment(kind.as_str()));
        let released = Fen::new(adjustment.adjustment_fen);
        let accounts = (pot.transit(), pot.pool_adjustment(kind));
        posts.add(tx, accounts, released, "pool_adjustment_received", &reference);
        let own = |pool: &&mut PoolRow| {
            pool.fund_line == pot.fund_line && pool.district == pot.district && pool.kind_of_care.0 == kind
        };
        let pool = parsed(event, "pool_adjustments", pools.iter_mut().find(own).ok_or(()))?;
        pool.released_fen = released;
        store::pools::save(tx.conn(), pool).await?;
    }
    Ok(posts.post(tx).await?)
}

async fn clearing_opened(tx: &mut Tx<'_>, event: &Event, heard: ClearingOpened) -> Result<(), FeedError> {
    let pot = pot(event, heard.fund_year, &heard.fund_line, &heard.district)?;
    let mut posts = Posts::default();
    let reference = pot.reference(Handed::Reserve);
    let accounts = (pot.transit(), pot.reserve());
    posts.add(tx, accounts, Fen::new(heard.reserve_fen), "reserve_received", &reference);
    posts.post(tx).await?;
    adjustments_released(tx, event, &pot, heard.pool_adjustments).await?;
    let row = ReserveRow {
        area: area(event)?,
        fund_year: pot.fund_year,
        fund_line: pot.fund_line.clone(),
        district: pot.district.clone(),
        reserve_fen: Fen::new(heard.reserve_fen),
    };
    Ok(store::reserves::save(tx.conn(), &row).await?)
}
