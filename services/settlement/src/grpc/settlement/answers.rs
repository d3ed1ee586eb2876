//! What was read or done becomes a message.

use medfund_ledger::{Account, Balance, Transfer};
use medfund_proto::settlement::v1 as pb;
use medfund_proto::types::v1::PaymentMethod;
use medfund_server::convert::{date_to_pb, etag, settlement_month_to_pb, timestamp_to_pb};
use medfund_types::SettlementMonth;

use crate::app::explain::prepayment_id;
use crate::app::propose_clearing::{Outcome, Totals};
use crate::app::start_month::Manifest;
use crate::app::{ClearingView, Deposit};
use crate::store::cleared_institutions::ClearedInstitutionRow;
use crate::store::month_settlements::MonthSettlementRow;
use crate::store::payment_orders::PaymentOrderRow;
use crate::store::prepayments::PrepaymentRow;
use crate::store::statements::StatementRow;

fn word<T>(words: &[(&str, T)], word: &str) -> i32
where
    T: Copy + Into<i32>,
{
    let found = words.iter().find(|(known, _)| *known == word);
    found.map_or(0, |(_, value)| (*value).into())
}

fn order_name(area: &str, order: Option<&String>) -> String {
    order.map(|order| format!("areas/{area}/paymentOrders/{order}")).unwrap_or_default()
}

pub(super) fn prepayment(row: &PrepaymentRow) -> pb::Prepayment {
    use pb::prepayment::Kind;
    let kinds = [
        ("advance", Kind::Advance),
        ("working_capital", Kind::WorkingCapital),
        ("clean_record", Kind::CleanRecord),
    ];
    let id = prepayment_id(row.fund_year, &row.kind, &row.fund_line, &row.institution_code);
    pb::Prepayment {
        name: format!("areas/{}/prepayments/{id}", row.area),
        kind: word(&kinds, &row.kind),
        fund_year: row.fund_year,
        fund_line: row.fund_line.clone(),
        district: row.district.clone(),
        institution_code: row.institution_code.clone(),
        amount_fen: row.amount_fen,
        counted_fen: row.counted_fen,
        order_fen: row.amount_fen - row.counted_fen,
        kept_back_fen: row.kept_back_fen,
        payment_order: order_name(&row.area, row.payment_order.as_ref()),
    }
}

fn manifest(manifest: Manifest) -> pb::Manifest {
    pb::Manifest {
        policy_pack: manifest.policy_pack,
        policy_hash: manifest.policy_hash,
        budget_position: manifest.budget_position,
        agreement_position: manifest.agreement_position,
        quota_digest: manifest.quota_digest,
        agreement_digest: manifest.agreement_digest,
    }
}

fn held<T: serde::de::DeserializeOwned>(value: &serde_json::Value) -> T {
    serde_json::from_value(value.clone()).expect("the database holds what was written")
}

pub(super) fn month_settlement(row: &MonthSettlementRow) -> pb::MonthSettlement {
    use pb::month_settlement::State;
    let month = SettlementMonth::of(row.settlement_month);
    pb::MonthSettlement {
        name: format!("areas/{}/monthSettlements/{month}", row.area),
        settlement_month: Some(settlement_month_to_pb(month)),
        fund_year: row.fund_year,
        state: word(&[("running", State::Running), ("settled", State::Settled)], &row.state),
        manifest: Some(manifest(held(&row.manifest))),
        n_statements: row.n_statements,
        payable_fen: row.payable_fen,
        create_time: Some(timestamp_to_pb(row.create_time)),
        finish_time: row.finish_time.map(timestamp_to_pb),
    }
}

pub(super) fn statement(row: &StatementRow) -> pb::Statement {
    use pb::statement::State;
    let states = [
        ("issued", State::Issued),
        ("confirmed", State::Confirmed),
        ("disputed", State::Disputed),
        ("answered", State::Answered),
    ];
    let method = format!("PAYMENT_METHOD_{}", row.method.to_uppercase());
    pb::Statement {
        name: format!("areas/{}/statements/{}", row.area, row.statement_id),
        fund_year: row.fund_year,
        fund_line: row.fund_line.clone(),
        district: row.district.clone(),
        institution_code: row.institution_code.clone(),
        settlement_month: Some(settlement_month_to_pb(SettlementMonth::of(row.settlement_month))),
        method: PaymentMethod::from_str_name(&method).unwrap_or_default().into(),
        n_admissions: row.n_admissions,
        n_persons: row.n_persons,
        days: row.days,
        cost_fen: row.cost_fen,
        method_fen: row.method_fen,
        refused_fen: row.refused_fen,
        refusal_carried_fen: row.refusal_carried_fen,
        payable_fen: row.payable_fen,
        paid_fen: row.paid_fen,
        deferred_fen: row.deferred_fen,
        outside_quota_fen: row.outside_quota_fen,
        deposit_forfeited_fen: row.deposit_forfeited_fen,
        kept_back_fen: row.kept_back_fen,
        order_fen: row.order_fen,
        state: word(&states, &row.state),
        dispute_reason: row.dispute_reason.clone(),
        dispute_answer: row.dispute_answer.clone(),
        payment_order: order_name(&row.area, row.payment_order.as_ref()),
        etag: etag(row.version),
    }
}

pub(super) fn payment_order(row: &PaymentOrderRow) -> pb::PaymentOrder {
    use pb::payment_order::{Kind, State};
    let kinds = [
        ("advance", Kind::Advance),
        ("working_capital", Kind::WorkingCapital),
        ("clean_record", Kind::CleanRecord),
        ("month", Kind::Month),
        ("clearing", Kind::Clearing),
    ];
    let states = [
        ("created", State::Created),
        ("approved", State::Approved),
        ("exported", State::Exported),
        ("completed", State::Completed),
        ("failed", State::Failed),
    ];
    pb::PaymentOrder {
        name: format!("areas/{}/paymentOrders/{}", row.area, row.payment_order),
        kind: word(&kinds, &row.kind),
        subject: row.subject.clone(),
        fund_year: row.fund_year,
        fund_line: row.fund_line.clone(),
        district: row.district.clone(),
        institution_code: row.institution_code.clone(),
        amount_fen: row.amount_fen,
        state: word(&states, &row.state),
        maker: row.maker.clone(),
        approver: row.approver.clone().unwrap_or_default(),
        bank_file: row.bank_file.clone().unwrap_or_default(),
        bank_reference: row.bank_reference.clone().unwrap_or_default(),
        value_date: row.value_date.map(date_to_pb),
        failure: row.failure.clone().unwrap_or_default(),
        etag: etag(row.version),
    }
}

pub(super) fn deposit(area: &str, deposit: &Deposit) -> pb::Deposit {
    let id = format!("{}-{}-{}", deposit.fund_year, deposit.fund_line, deposit.institution);
    pb::Deposit {
        name: format!("areas/{area}/deposits/{id}"),
        fund_year: deposit.fund_year,
        fund_line: deposit.fund_line.clone(),
        district: deposit.district.clone(),
        institution_code: deposit.institution.clone(),
        payable_fen: deposit.payable.get(),
        base_fen: deposit.base.amount().get(),
        grade: deposit.grade.clone(),
        forfeited_fen: deposit.forfeited_fen().get(),
        due_month: deposit.due_month.map(settlement_month_to_pb),
        taken_fen: deposit.taken.get(),
    }
}

pub(super) fn clearing(view: &ClearingView) -> pb::Clearing {
    use pb::clearing::State;
    let states = [
        ("proposed", State::Proposed),
        ("decided", State::Decided),
        ("rejected", State::Rejected),
        ("approved", State::Approved),
    ];
    let row = &view.clearing;
    let totals: Totals = held(&row.plan);
    pb::Clearing {
        name: format!("areas/{}/clearings/{}-{}-{}", row.area, row.fund_year, row.fund_line, row.district),
        fund_year: row.fund_year,
        fund_line: row.fund_line.clone(),
        district: row.district.clone(),
        state: word(&states, &row.state),
        manifest: Some(manifest(totals.manifest)),
        institutions: view.institutions.iter().map(institution).collect(),
        reserve_available_fen: totals.reserve_available.get(),
        reserve_used_fen: totals.reserve_used.get(),
        reserve_returned_fen: totals.reserve_returned.get(),
        quota_returned_fen: totals.quota_returned.get(),
        decision: row.decision.clone().unwrap_or_default(),
        proposer: row.proposer.clone(),
        approver: row.approver.clone().unwrap_or_default(),
        etag: etag(row.version),
    }
}

fn institution(row: &ClearedInstitutionRow) -> pb::InstitutionClearing {
    let one: Outcome = held(&row.result);
    pb::InstitutionClearing {
        institution_code: row.institution_code.clone(),
        standard_fen: one.standard.get(),
        cost_fen: one.cost.get(),
        payable_fen: one.payable.get(),
        surplus_fen: one.surplus.get(),
        surplus_kept_fen: one.surplus_kept.get(),
        overspend_fen: one.overspend.get(),
        overspend_fund_fen: one.overspend_fund.get(),
        overspend_borne_fen: one.overspend_borne.get(),
        deduction_rate: one.deduction_rate,
        deductions_fen: one.deductions.get(),
        final_fen: one.final_amount.get(),
        working_capital_fen: one.working_capital.get(),
        clean_record_fen: one.clean_record.get(),
        paid_fen: one.paid.get(),
        payment_fen: one.payment.get(),
    }
}

pub(super) fn account((account, balance): &(Account, Balance)) -> pb::LedgerAccount {
    pb::LedgerAccount {
        account: account.to_string(),
        debits_fen: balance.debits.get(),
        credits_fen: balance.credits.get(),
        balance_fen: (balance.credits - balance.debits).get(),
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
