//! What was read or done becomes a message.

use std::collections::BTreeMap;

use medfund_ledger::{Account, Balance, Transfer};
use medfund_money::{Exact, Points};
use medfund_proto::settlement::v1 as pb;
use medfund_proto::types::v1::PaymentMethod;
use medfund_server::convert::{
    date_to_pb, etag, kind_of_care_to_pb, settlement_month_to_pb, timestamp_to_pb,
};
use medfund_tariff::case_points::Kind as CaseKind;
use medfund_types::Area;

use crate::app::case_points::PaidCase;
use crate::app::explain::deposit_id;
use crate::app::timeliness::Timely;
use crate::app::{ClearingView, Deposit};
use crate::domain::clearing::ClearingState;
use crate::domain::pool::{PoolMonth, PoolOutcome, PoolTotals};
use crate::domain::timeliness::{Appropriations, Punctuality};
use crate::domain::{Manifest, OrderKind, OrderState, PrepaymentKind, RunState, StatementState};
use crate::store::cleared_institutions::ClearedInstitutionRow;
use crate::store::month_settlements::MonthSettlementRow;
use crate::store::payment_orders::PaymentOrderRow;
use crate::store::prepayments::PrepaymentRow;
use crate::store::statements::StatementRow;

fn order_name(area: &Area, order: Option<&String>) -> String {
    order.map(|order| format!("areas/{area}/paymentOrders/{order}")).unwrap_or_default()
}

pub(super) fn prepayment(row: &PrepaymentRow) -> pb::Prepayment {
    use pb::prepayment::Kind;
    let kind = match row.kind {
        PrepaymentKind::Advance => Kind::Advance,
        PrepaymentKind::WorkingCapital => Kind::WorkingCapital,
        PrepaymentKind::CleanRecord => Kind::CleanRecord,
        PrepaymentKind::Monthly => Kind::Monthly,
        PrepaymentKind::Instalment => Kind::Instalment,
    };
    pb::Prepayment {
        name: format!("areas/{}/prepayments/{}", row.area, row.id()),
        kind: kind.into(),
        fund_year: row.fund_year.get(),
        fund_line: row.fund_line.to_string(),
        district: row.district.to_string(),
        institution_code: row.institution_code.to_string(),
        amount_fen: row.amount_fen.get(),
        counted_fen: row.counted_fen.get(),
        order_fen: (row.amount_fen - row.counted_fen).get(),
        kept_back_fen: row.kept_back_fen.get(),
        payment_order: order_name(&row.area, row.payment_order.as_ref()),
        from_place: row.from_place,
    }
}

fn manifest(manifest: &Manifest) -> pb::Manifest {
    pb::Manifest {
        policy_pack: manifest.policy_pack.clone(),
        policy_hash: manifest.policy_hash.clone(),
        budget_position: manifest.budget_position,
        agreement_position: manifest.agreement_position,
        quota_digest: manifest.quota_digest.clone(),
        agreement_digest: manifest.agreement_digest.clone(),
    }
}

pub(super) fn month_settlement(row: &MonthSettlementRow) -> pb::MonthSettlement {
    use pb::month_settlement::State;
    let state = match row.state {
        RunState::Running => State::Running,
        RunState::Settled => State::Settled,
    };
    pb::MonthSettlement {
        name: format!("areas/{}/monthSettlements/{}", row.area, row.settlement_month),
        settlement_month: Some(settlement_month_to_pb(row.settlement_month)),
        fund_year: row.fund_year.get(),
        state: state.into(),
        manifest: Some(manifest(&row.manifest)),
        n_statements: row.n_statements,
        payable_fen: row.payable_fen.get(),
        create_time: Some(timestamp_to_pb(row.create_time)),
        finish_time: row.finish_time.map(timestamp_to_pb),
    }
}

/// A method by its word; several have none of their own.
pub(super) fn method(word: &str) -> PaymentMethod {
    PaymentMethod::from_str_name(&format!("PAYMENT_METHOD_{}", word.to_uppercase())).unwrap_or_default()
}

pub(super) fn statement(row: &StatementRow) -> pb::Statement {
    use pb::statement::State;
    let state = match row.state {
        StatementState::Issued => State::Issued,
        StatementState::Confirmed => State::Confirmed,
        StatementState::Disputed => State::Disputed,
        StatementState::Answered => State::Answered,
    };
    pb::Statement {
        name: format!("areas/{}/statements/{}", row.area, row.statement_id),
        fund_year: row.fund_year.get(),
        fund_line: row.fund_line.to_string(),
        district: row.district.to_string(),
        institution_code: row.institution_code.to_string(),
        settlement_month: Some(settlement_month_to_pb(row.settlement_month)),
        method: method(row.method.as_str()).into(),
        n_admissions: row.n_admissions,
        n_persons: row.n_persons,
        days: row.days,
        cost_fen: row.cost_fen.get(),
        method_fen: row.method_fen.get(),
        prepaid_total_fen: row.prepaid_total_fen.get(),
        prepaid_cost_fen: row.prepaid_cost_fen.get(),
        referral_fen: row.referral().get(),
        refused_fen: row.refused_fen.get(),
        refusal_carried_fen: row.refusal_carried_fen.get(),
        payable_fen: row.payable_fen.get(),
        paid_fen: row.paid_fen.get(),
        deferred_fen: row.deferred_fen.get(),
        outside_quota_fen: row.outside_quota_fen.get(),
        deposit_forfeited_fen: row.deposit_forfeited_fen.get(),
        kept_back_fen: row.kept_back_fen.get(),
        order_fen: row.order_fen.get(),
        pool_fen: row.pools.payable.get(),
        pools: row.pools.months.iter().map(pool_statement).collect(),
        state: state.into(),
        dispute_reason: row.dispute_reason.clone(),
        dispute_answer: row.dispute_answer.clone(),
        payment_order: order_name(&row.area, row.payment_order.as_ref()),
        etag: etag(row.version),
    }
}

fn pool_statement(month: &PoolMonth) -> pb::PoolStatement {
    pb::PoolStatement {
        kind_of_care: kind_of_care_to_pb(month.kind_of_care).into(),
        cases: Some(cases(&month.n_by_kind)),
        cost_fen: month.cost.get(),
        personal_fen: month.personal.get(),
        points: points(month.points),
        refused_fen: month.refused.get(),
        payable_fen: month.payable.get(),
        priced_fen: month.priced.get(),
    }
}

/// Points as they are told, of units of 0.0001.
fn points(units: i64) -> String {
    Exact::from(Points::new(units)).to_string()
}

fn cases(n_by_kind: &BTreeMap<CaseKind, i64>) -> pb::CaseCounts {
    let n = |kind| n_by_kind.get(&kind).copied().unwrap_or_default();
    pb::CaseCounts {
        normal: n(CaseKind::Normal),
        high: n(CaseKind::High),
        low: n(CaseKind::Low),
        incomplete: n(CaseKind::Incomplete),
        reviewed: n(CaseKind::Reviewed),
        ungrouped: n(CaseKind::Ungrouped),
    }
}

pub(super) fn case_points(area: &Area, one: &PaidCase) -> pb::CasePoints {
    use pb::case_points::Kind;
    let PaidCase { fund_line, kind_of_care, case, counted } = one;
    let kind = match counted.made.kind {
        CaseKind::Normal => Kind::Normal,
        CaseKind::High => Kind::High,
        CaseKind::Low => Kind::Low,
        CaseKind::Incomplete => Kind::Incomplete,
        CaseKind::Reviewed => Kind::Reviewed,
        CaseKind::Ungrouped => Kind::Ungrouped,
    };
    let standard = counted.standard.as_ref();
    pb::CasePoints {
        bill: format!("areas/{area}/institutions/{}/bills/{}", case.institution, case.setl_id),
        fund_line: fund_line.to_string(),
        kind_of_care: kind_of_care_to_pb(*kind_of_care).into(),
        drg: case.group.to_string(),
        kind: kind.into(),
        medfee_sumamt_fen: case.cost.get(),
        drg_weight: standard.map(|standard| standard.weight.to_string()).unwrap_or_default(),
        drg_points: standard.map(|standard| points(standard.points.get())).unwrap_or_default(),
        drg_mean_fen: standard.map_or(0, |standard| standard.mean.get().get()),
        coefficient: counted.coefficient.to_string(),
        kept_rate: counted.kept.map(|kept| kept.to_string()).unwrap_or_default(),
        points: points(counted.made.points.get()),
    }
}

fn pool_clearing(pool: &PoolTotals) -> pb::PoolClearing {
    pb::PoolClearing {
        kind_of_care: kind_of_care_to_pb(pool.kind_of_care).into(),
        pool_fen: pool.amount.get(),
        adjustment_fen: pool.adjustment.get(),
        shared_fen: pool.shared.get(),
        points: points(pool.points),
        cases: Some(cases(&pool.n_by_kind)),
        returned_fen: pool.returned.get(),
        adjustment_returned_fen: pool.adjustment_returned.get(),
        priced_fen: pool.priced.get(),
        surplus_kept_fen: pool.surplus_kept.get(),
        overspend_fund_fen: pool.overspend_fund.get(),
        overspend_borne_fen: pool.overspend_borne.get(),
    }
}

fn institution_pool(pool: &PoolOutcome) -> pb::InstitutionPool {
    pb::InstitutionPool {
        kind_of_care: kind_of_care_to_pb(pool.kind_of_care).into(),
        cases: Some(cases(&pool.n_by_kind)),
        points: points(pool.points),
        personal_fen: pool.personal.get(),
        pay_fen: pool.pay.get(),
        refused_fen: pool.refused.get(),
        deducted_fen: pool.deducted.get(),
        final_fen: pool.final_amount.get(),
        paid_fen: pool.paid.get(),
        priced_fen: pool.priced.get(),
        shared_of_priced_fen: pool.shared_of_priced.get(),
    }
}

pub(super) fn payment_order(row: &PaymentOrderRow) -> pb::PaymentOrder {
    use pb::payment_order::{Kind, State};
    let kind = match row.kind {
        OrderKind::Advance => Kind::Advance,
        OrderKind::WorkingCapital => Kind::WorkingCapital,
        OrderKind::CleanRecord => Kind::CleanRecord,
        OrderKind::Monthly => Kind::Monthly,
        OrderKind::Instalment => Kind::Instalment,
        OrderKind::Month => Kind::Month,
        OrderKind::Clearing => Kind::Clearing,
    };
    let state = match row.state {
        OrderState::Created => State::Created,
        OrderState::Approved => State::Approved,
        OrderState::Exported => State::Exported,
        OrderState::Completed => State::Completed,
        OrderState::Failed => State::Failed,
        OrderState::Cancelled => State::Cancelled,
    };
    pb::PaymentOrder {
        name: format!("areas/{}/paymentOrders/{}", row.area, row.payment_order),
        kind: kind.into(),
        subject: row.subject.clone(),
        fund_year: row.fund_year.get(),
        fund_line: row.fund_line.to_string(),
        district: row.district.to_string(),
        institution_code: row.institution_code.to_string(),
        amount_fen: row.amount_fen.get(),
        state: state.into(),
        maker: row.maker.clone(),
        approver: row.approver.clone().unwrap_or_default(),
        bank_file: row.bank_file.clone().unwrap_or_default(),
        bank_reference: row.bank_reference.clone().unwrap_or_default(),
        value_date: row.value_date.map(date_to_pb),
        failure: row.failure.clone().unwrap_or_default(),
        etag: etag(row.version),
    }
}

pub(super) fn timely(one: &Timely) -> pb::PaymentTimeliness {
    use pb::payment_timeliness::Punctuality as Pb;
    let punctuality = match one.punctuality {
        Punctuality::Waiting => Pb::Waiting,
        Punctuality::Overdue => Pb::Overdue,
        Punctuality::InTime => Pb::InTime,
        Punctuality::Late => Pb::Late,
    };
    pb::PaymentTimeliness {
        payment_order: order_name(&one.order.area, Some(&one.order.payment_order)),
        institution_code: one.order.institution_code.to_string(),
        fund_line: one.order.fund_line.to_string(),
        amount_fen: one.order.amount_fen.get(),
        due_date: Some(date_to_pb(one.due)),
        value_date: one.order.value_date.map(date_to_pb),
        punctuality: punctuality.into(),
        days_late: i32::try_from(one.days_late).expect("days of a few years"),
        late_reason: one.order.late_reason.clone(),
    }
}

pub(super) fn appropriations(report: &Appropriations) -> pb::AppropriationReport {
    pb::AppropriationReport {
        n_due: report.due.0,
        due_fen: report.due.1.get(),
        n_in_time: report.in_time.0,
        in_time_fen: report.in_time.1.get(),
        n_late: report.late.0,
        late_fen: report.late.1.get(),
        n_unpaid: report.unpaid.0,
        unpaid_fen: report.unpaid.1.get(),
        n_unexplained: report.n_unexplained,
    }
}

pub(super) fn deposit(area: &str, deposit: &Deposit) -> pb::Deposit {
    pb::Deposit {
        name: format!("areas/{area}/deposits/{}", deposit_id(deposit)),
        fund_year: deposit.fund_year.get(),
        fund_line: deposit.party.fund_line.to_string(),
        district: deposit.district.to_string(),
        institution_code: deposit.party.institution.to_string(),
        payable_fen: deposit.payable.get(),
        base_fen: deposit.base.amount().get(),
        grade: deposit.grade.clone(),
        forfeited_fen: deposit.forfeited_fen().get(),
        due_month: deposit.due_month.map(settlement_month_to_pb),
        taken_fen: deposit.taken.get(),
        withheld: deposit.withheld,
    }
}

pub(super) fn clearing(view: &ClearingView) -> pb::Clearing {
    use pb::clearing::State;
    let row = &view.clearing;
    let state = match row.state {
        ClearingState::Proposed => State::Proposed,
        ClearingState::Decided => State::Decided,
        ClearingState::Rejected => State::Rejected,
        ClearingState::Approved => State::Approved,
    };
    let totals = &row.plan;
    pb::Clearing {
        name: format!("areas/{}/clearings/{}-{}-{}", row.area, row.fund_year, row.fund_line, row.district),
        fund_year: row.fund_year.get(),
        fund_line: row.fund_line.to_string(),
        district: row.district.to_string(),
        state: state.into(),
        manifest: Some(manifest(&totals.manifest)),
        institutions: view.institutions.iter().map(institution).collect(),
        reserve_available_fen: totals.reserve_available.get(),
        reserve_used_fen: totals.reserve_used.get(),
        reserve_returned_fen: totals.reserve_returned.get(),
        quota_returned_fen: totals.quota_returned.get(),
        pools: totals.pools.iter().map(pool_clearing).collect(),
        decision: row.decision.clone().unwrap_or_default(),
        proposer: row.proposer.clone(),
        approver: row.approver.clone().unwrap_or_default(),
        etag: etag(row.version),
    }
}

fn institution(row: &ClearedInstitutionRow) -> pb::InstitutionClearing {
    let one = &row.result;
    pb::InstitutionClearing {
        institution_code: row.institution_code.to_string(),
        standard_fen: one.standard.get(),
        cost_fen: one.cost.get(),
        payable_fen: one.payable.get(),
        surplus_fen: one.surplus.get(),
        surplus_kept_fen: one.surplus_kept.get(),
        overspend_fen: one.overspend.get(),
        overspend_fund_fen: one.overspend_fund.get(),
        overspend_borne_fen: one.overspend_borne.get(),
        deduction_rate: one.deduction_rate.clone(),
        deductions_fen: one.deductions.get(),
        final_fen: one.final_amount.get(),
        working_capital_fen: one.working_capital.get(),
        clean_record_fen: one.clean_record.get(),
        paid_fen: one.paid.get(),
        payment_fen: one.payment.get(),
        refusals_left_fen: one.refusals_left.get(),
        monthly_left_fen: one.monthly_left.get(),
        advance_left_fen: one.advance_left.get(),
        deposit_forfeited_fen: one.deposit_taken.get(),
        order_fen: one.order().get(),
        prepaid_difference_fen: one.prepaid_difference.get(),
        instalments_fen: one.instalments.get(),
        pools: one.pools.iter().map(institution_pool).collect(),
    }
}

pub(super) fn account((account, balance): &(Account, Balance)) -> pb::LedgerAccount {
    pb::LedgerAccount {
        account: account.to_string(),
        debits_fen: balance.debits.get(),
        credits_fen: balance.credits.get(),
        balance_fen: balance.net().get(),
    }
}

pub(super) fn transfer((_, transfer): &(i64, Transfer)) -> pb::LedgerTransfer {
    pb::LedgerTransfer {
        transfer: transfer.id().to_string(),
        debit_account: transfer.debit().to_string(),
        credit_account: transfer.credit().to_string(),
        amount_fen: transfer.amount().get(),
        code: transfer.code().to_owned(),
        reference: transfer.reference().to_owned(),
    }
}
