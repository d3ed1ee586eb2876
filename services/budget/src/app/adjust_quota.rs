use medfund_db::Call;
use medfund_ledger::{AccountKind, Handed};
use medfund_money::{Exact, Fen};
use medfund_policy::Matter;
use medfund_proto::budget::v1::QuotaAdjusted;
use medfund_types::InstitutionCode;
use uuid::Uuid;

use super::posting::Posting;
use super::reserve::put_reserve;
use super::year::{Year, business_date, quotas_decided, require_decision};
use super::{App, Error};
use crate::domain::key::BudgetKey;
use crate::domain::quota::{QuotaAdjustment, QuotaError};
use crate::domain::reserve::{Reserve, ReserveError};
use crate::store;

/// Adjusts one quota by decision.
pub(crate) struct AdjustQuota {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) key: BudgetKey,
    pub(crate) institution: InstitutionCode,
    pub(crate) reason: String,
    /// Not zero.
    pub(crate) change: Fen,
    pub(crate) decision: Uuid,
}

impl App {
    /// Adjusts a quota out of the reserve, or returns what is cut to it, and announces it.
    pub(crate) async fn adjust_quota(
        &self,
        command: AdjustQuota,
    ) -> Result<(QuotaAdjustment, Reserve), Error> {
        let AdjustQuota { call, id, key, institution, reason, change, decision } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let rules = &year.rules(&key).adjustment;
                    if store::quota_adjustments::exists(tx.conn(), area, id).await? {
                        return Err(QuotaError::AdjustmentExists(id).into());
                    }
                    if rules.reasons.named(&reason).is_none() {
                        return Err(QuotaError::UnknownReason(reason).into());
                    }
                    let own = key.institution(&institution);
                    // The reserve before the quota, as the clearing takes them.
                    let reserve = store::reserves::lock(tx.conn(), &key).await?;
                    let in_force = quotas_decided(tx.conn(), &key).await?;
                    let quota = store::quotas::lock(tx.conn(), &own).await?;
                    let quota = quota.filter(|quota| in_force && quota.district == key.district);
                    let quota = quota.ok_or_else(|| QuotaError::NotFound(own.clone()))?;
                    let subject = format!("areas/{area}/quotaAdjustments/{id}");
                    require_decision(tx.conn(), decision, Matter::Adjustment, &key, &subject).await?;

                    let max_change: Option<Exact> =
                        rules.max_change_rate.as_ref().map(|rate| rate.get().into());
                    let quota = quota.adjust(change, max_change.as_ref())?;
                    let reserve = reserve.ok_or_else(|| ReserveError::NotFound(key.clone()))?.draw(change)?;

                    let adjustment = QuotaAdjustment {
                        id,
                        key: own,
                        district: key.district.clone(),
                        reason,
                        change,
                        adjusted: quota.adjusted,
                        decision,
                        adjust_date: business_date(tx.conn(), area).await?,
                    };
                    put_reserve(tx, &year, &reserve).await?;
                    store::quotas::put(tx.conn(), &quota).await?;
                    store::quota_adjustments::insert(tx.conn(), &adjustment).await?;
                    let event = event(&adjustment);
                    let handed = Handed::Adjustment(&institution, &event.decision);
                    let posting = Posting::on(&key).hand_over(tx, AccountKind::Reserve, change, handed);
                    posting.post(tx).await?;
                    tx.emit(&event).await?;
                    Ok((adjustment, reserve))
                })
            })
            .await
    }
}

fn event(adjustment: &QuotaAdjustment) -> QuotaAdjusted {
    let key = &adjustment.key;
    QuotaAdjusted {
        fund_year: key.fund_year.get(),
        fund_line: key.fund_line.to_string(),
        district: adjustment.district.to_string(),
        institution_code: key.institution.to_string(),
        decision: format!("areas/{}/decisions/{}", key.area, adjustment.decision),
        reason: adjustment.reason.clone(),
        change_fen: adjustment.change.get(),
        adjusted_quota_fen: adjustment.adjusted.get(),
    }
}
