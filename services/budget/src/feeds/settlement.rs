use futures::FutureExt;
use futures::future::BoxFuture;
use medfund_db::{DbError, EventHandler, Tx, feed};
use medfund_ledger::{AccountKind, Handed, Handover};
use medfund_money::Fen;
use medfund_proto::feed::v1::Event;
use medfund_proto::settlement::v1::{
    self as pb, ClearedInstitution, ClearingApproved, MonthSettled, PaymentCompleted, PooledMonth,
};
use medfund_server::FieldProblem;
use medfund_server::convert::{date, kind_of_care, settlement_month};

use super::agreement::unreadable;
use crate::app::posting::Posting;
use crate::domain::key::BudgetKey;
use crate::domain::reserve::{Cleared, HandedOver, Returned, Told};
use crate::domain::structure::Structure;
use crate::store;
use crate::store::cleared_institutions::{ClearedRow, PoolShare, pools};
use crate::store::execution_months::MonthRow;
use crate::store::execution_pools::PooledRow;
use crate::store::payments::PaymentRow;

/// Follows execution and books the result of the year.
pub(crate) struct Settlement;

impl EventHandler for Settlement {
    type Error = DbError;

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), DbError>> {
        async move {
            if let Some(settled) = feed::decode::<MonthSettled>(event)? {
                let pools = settled.pools.clone();
                let row = month_row(tx, settled).map_err(|problem| bad(event, problem))?;
                let pools = pools.iter().map(|pool| pooled_row(&row, pool)).collect::<Result<Vec<_>, _>>();
                let pools = pools.map_err(|problem| bad(event, problem))?;
                store::execution_months::put(tx.conn(), &row).await?;
                store::execution_pools::replace(tx.conn(), &row, &pools).await?;
            } else if let Some(completed) = feed::decode::<PaymentCompleted>(event)? {
                let row = payment_row(tx, completed).map_err(|problem| bad(event, problem))?;
                store::payments::insert(tx.conn(), &row).await?;
            } else if let Some(approved) = feed::decode::<ClearingApproved>(event)? {
                book(tx, event, approved).await?;
            }
            Ok(())
        }
        .boxed()
    }
}

fn bad(event: &Event, problem: FieldProblem) -> DbError {
    let text = match problem {
        FieldProblem::Malformed(text) => text,
        FieldProblem::NotFound => "it names something unknown".to_owned(),
    };
    unreadable("settlement", event, &text)
}

fn month_row(tx: &Tx<'_>, settled: MonthSettled) -> Result<MonthRow, FieldProblem> {
    Ok(MonthRow {
        area: tx.area().to_string(),
        fund_year: settled.fund_year,
        fund_line: settled.fund_line,
        institution_code: settled.institution_code,
        settlement_month: settlement_month(settled.settlement_month)?.first_day(),
        district: settled.district,
        n_admissions: settled.n_admissions,
        cost_fen: settled.cost_fen,
        refused_fen: settled.refused_fen,
        payable_fen: settled.payable_fen,
        paid_fen: settled.paid_fen,
        deferred_fen: settled.deferred_fen,
    })
}

fn pooled_row(month: &MonthRow, pool: &PooledMonth) -> Result<PooledRow, FieldProblem> {
    Ok(PooledRow {
        area: month.area.clone(),
        fund_year: month.fund_year,
        fund_line: month.fund_line.clone(),
        institution_code: month.institution_code.clone(),
        settlement_month: month.settlement_month,
        kind_of_care: kind_of_care(pool.kind_of_care)?.to_string(),
        district: month.district.clone(),
        n_admissions: pool.n_admissions,
        cost_fen: pool.cost_fen,
        refused_fen: pool.refused_fen,
        payable_fen: pool.payable_fen,
    })
}

fn payment_row(tx: &Tx<'_>, completed: PaymentCompleted) -> Result<PaymentRow, FieldProblem> {
    Ok(PaymentRow {
        area: tx.area().to_string(),
        payment_order: completed.payment_order,
        fund_year: completed.fund_year,
        fund_line: completed.fund_line,
        institution_code: completed.institution_code,
        amount_fen: completed.amount_fen,
        value_date: date(completed.value_date)?,
        pooled_fen: completed.pooled_fen,
    })
}

/// Books what the year's clearing used and brings the rest back through the transit account.
async fn book(tx: &mut Tx<'_>, event: &Event, approved: ClearingApproved) -> Result<(), DbError> {
    let key = key(tx, &approved).map_err(|problem| bad(event, problem))?;
    let instant = tx.instant();
    let reserve = store::reserves::lock(tx.conn(), &key).await?;
    let reserve =
        reserve.ok_or_else(|| unreadable("settlement", event, &"no reserve of this key is planned"))?;

    let rows = approved.institutions.iter().map(|one| cleared_row(&key, one)).collect::<Result<Vec<_>, _>>();
    let rows = rows.map_err(|problem| bad(event, problem))?;
    let told = told(&approved);
    let (returned, settled) = (told.returned, told.cleared.settled);
    let reserve = reserve.clear(handed_over(tx, &key).await?, told);
    let reserve = reserve.map_err(|mismatch| unreadable("settlement", event, &mismatch))?;
    store::cleared_institutions::insert(tx.conn(), &rows).await?;
    store::reserves::put(tx.conn(), &reserve, instant).await?;

    let mut posting = Posting::on(&key)
        .hand_over(tx, AccountKind::Reserve, -returned.reserve, Handed::ReserveReturned)
        .hand_over(tx, AccountKind::Target, -returned.quotas, Handed::QuotaReturned)
        .hand_over(tx, AccountKind::Target, -Fen::new(approved.pool_returned_fen), Handed::PoolReturned)
        .hand_over(
            tx,
            AccountKind::Target,
            -Fen::new(approved.pool_adjustment_returned_fen),
            Handed::PoolAdjustmentReturned,
        );
    let handover = Handover { fund_year: key.fund_year, fund_line: &key.fund_line, district: &key.district };
    let accounts = (handover.account(), posting.account(AccountKind::Clearing));
    let reference = handover.reference(Handed::Settled);
    posting = posting.transfer(tx, accounts, settled, "year_settled", &reference);
    posting.post(tx).await
}

/// What an approved clearing tells of the year.
fn told(approved: &ClearingApproved) -> Told {
    let settled = approved.institutions.iter().map(|one| Fen::new(one.final_fen)).sum();
    let shares = approved.institutions.iter().flat_map(|one| &one.pools);
    let pools = Fen::new(approved.pool_returned_fen) + Fen::new(approved.pool_adjustment_returned_fen);
    Told {
        cleared: Cleared { overspend: Fen::new(approved.reserve_used_fen), settled },
        pooled: shares.map(|share| Fen::new(share.final_fen)).sum(),
        returned: Returned {
            reserve: Fen::new(approved.reserve_returned_fen),
            quotas: Fen::new(approved.quota_returned_fen),
            pools,
        },
    }
}

/// What the district handed over to the clearing beside the reserve.
async fn handed_over(tx: &mut Tx<'_>, key: &BudgetKey) -> Result<HandedOver, DbError> {
    let quotas = store::quotas::list_all(tx.conn(), key).await?;
    let structure = store::structures::find(tx.conn(), key).await?;
    let pools = structure.iter().filter(|one| one.decision.is_some()).flat_map(Structure::pools);
    Ok(HandedOver {
        quotas: quotas.iter().map(|quota| quota.adjusted).sum(),
        pools: pools.map(|(_, pool)| pool.amount + pool.adjustment).sum(),
    })
}

fn key(tx: &Tx<'_>, approved: &ClearingApproved) -> Result<BudgetKey, FieldProblem> {
    Ok(BudgetKey {
        area: tx.area().clone(),
        fund_year: approved.fund_year.try_into()?,
        fund_line: approved.fund_line.parse()?,
        district: approved.district.parse()?,
    })
}

fn cleared_row(key: &BudgetKey, one: &ClearedInstitution) -> Result<ClearedRow, FieldProblem> {
    let share = |share: &pb::PoolShare| -> Result<PoolShare, FieldProblem> {
        Ok(PoolShare { care: kind_of_care(share.kind_of_care)?, settled: Fen::new(share.final_fen) })
    };
    let shares = one.pools.iter().map(share).collect::<Result<Vec<_>, _>>()?;
    Ok(ClearedRow {
        area: key.area.to_string(),
        fund_year: key.fund_year.get(),
        fund_line: key.fund_line.to_string(),
        institution_code: one.institution_code.clone(),
        district: key.district.to_string(),
        payable_fen: one.payable_fen,
        cost_fen: one.cost_fen,
        final_fen: one.final_fen,
        pools: pools(&shares),
    })
}
