use medfund_db::{Call, Caller, Tx};
use medfund_proto::auth::v1::Role;
use medfund_proto::settlement::v1::{MonthSettled, PooledMonth};
use medfund_server::convert::{kind_of_care_to_pb, settlement_month_to_pb};
use medfund_types::{Area, SettlementMonth};
use uuid::Uuid;

use super::deposits;
use super::month_facts::{Facts, gather};
use super::post::Posts;
use super::stages::Stage;
use super::start_month::manifest;
use super::statement::{kept_back, state};
use super::{Error, Settlement};
use crate::domain::pool::PoolMonth;
use crate::domain::{Party, RunState, SettlementError};
use crate::store;
use crate::store::statements::StatementRow;

impl Settlement {
    /// Settles a month that was started, once: by the RPC that started it, or when the service starts again.
    pub(crate) async fn settle_month(&self, area: Area, month: SettlementMonth) -> Result<(), Error> {
        let this = self.clone();
        let caller = Caller {
            subject: "settlement".to_owned(),
            roles: vec![Role::Service.into()],
            area: None,
            institution: None,
        };
        let known =
            self.month_settlement(super::Read { caller: caller.clone(), area: area.clone() }, month).await?;
        if known.state == RunState::Settled {
            return Ok(());
        }
        let call = Call {
            caller,
            request_id: Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{area}/{month}").as_bytes()),
            area,
            method: "medfund.settlement.v1.SettlementService/SettleMonth",
            digest: [0; 32],
            instant: known.create_time,
            dry_run: false,
        };
        self.writer.run(call, move |tx| Box::pin(run(this, tx, month))).await
    }

    /// Goes on with every month that was started and not finished; returns how many could not be.
    pub(crate) async fn resume_months(&self) -> Result<usize, Error> {
        let running = self
            .reader
            .run_suite(|conn| {
                Box::pin(async move { Ok::<_, Error>(store::month_settlements::running(conn).await?) })
            })
            .await?;
        let mut n_left = 0;
        for (area, month) in running {
            if let Err(error) = self.settle_month(area.clone(), month).await {
                n_left += 1;
                tracing::warn!(%error, %area, %month, "a month could not be resumed");
            }
        }
        Ok(n_left)
    }
}

async fn run(this: Settlement, tx: &mut Tx<'_>, month: SettlementMonth) -> Result<(), Error> {
    let area = tx.area().clone();
    let mut row = store::month_settlements::lock(tx.conn(), &area, month)
        .await?
        .ok_or(SettlementError::MonthSettlementNotFound)?;
    if row.state == RunState::Settled {
        return Ok(());
    }
    let reading = this.stages.begin(Stage::Read);
    let facts = gather(&this, tx, month).await?;
    // Of what is read here, not of what held when the run was started.
    let positions = (row.manifest.budget_position, row.manifest.agreement_position);
    row.manifest = manifest(tx, &facts.year, positions).await?;
    drop(reading);
    let stating = this.stages.begin(Stage::State);
    let mut posts = Posts::default();
    let mut statements = Vec::new();
    let mut taken = Vec::new();
    for party in facts.parties() {
        statements.push(state(tx, &facts, &party, &mut posts)?);
        let refused = facts.refusals.get(&party).into_iter().flatten();
        taken.extend(refused.map(|refusal| refusal.inspection.clone()));
    }
    store::statements::insert(tx.conn(), &statements).await?;
    store::refusals::update_taken(tx.conn(), &area, &taken, month).await?;
    note_taken(tx, &facts, &statements).await?;
    drop(stating);
    let _posting = this.stages.begin(Stage::Post);
    posts.post(tx).await?;
    for statement in &statements {
        tx.emit(&month_settled(statement)).await?;
    }
    row.state = RunState::Settled;
    row.n_statements = i64::try_from(statements.len()).expect("a month's statements can be counted");
    row.payable_fen = statements.iter().map(|one| one.payable_fen).sum();
    row.finish_time = Some(tx.instant());
    Ok(store::month_settlements::update(tx.conn(), &row).await?)
}

/// Notes what the month took of deposits and of what was paid ahead.
async fn note_taken(tx: &mut Tx<'_>, facts: &Facts, statements: &[StatementRow]) -> Result<(), Error> {
    for row in statements {
        let party = Party::new(&row.fund_line, &row.institution_code);
        for (due, part) in deposits::parts(&facts.deposits, &party, row.deposit_forfeited_fen) {
            store::deposits::save(tx.conn(), &due.row(&row.area, part)).await?;
        }
        for (paid, part) in kept_back(facts, row) {
            let kept_back = paid.row.kept_back_fen + part;
            store::prepayments::update_kept_back(tx.conn(), &paid.row, kept_back).await?;
        }
    }
    Ok(())
}

fn month_settled(row: &StatementRow) -> MonthSettled {
    MonthSettled {
        fund_year: row.fund_year.get(),
        fund_line: row.fund_line.to_string(),
        district: row.district.to_string(),
        institution_code: row.institution_code.to_string(),
        settlement_month: Some(settlement_month_to_pb(row.settlement_month)),
        statement: format!("areas/{}/statements/{}", row.area, row.statement_id),
        n_admissions: row.n_admissions,
        n_persons: row.n_persons,
        cost_fen: row.cost_fen.get(),
        refused_fen: row.refused_fen.get(),
        payable_fen: row.payable_fen.get(),
        paid_fen: row.paid_fen.get(),
        deferred_fen: row.deferred_fen.get(),
        pools: row.pools.months.iter().map(pooled_month).collect(),
    }
}

fn pooled_month(month: &PoolMonth) -> PooledMonth {
    PooledMonth {
        kind_of_care: kind_of_care_to_pb(month.kind_of_care).into(),
        n_admissions: month.n_cases,
        cost_fen: month.cost.get(),
        refused_fen: month.refused.get(),
        payable_fen: month.payable.get(),
    }
}
