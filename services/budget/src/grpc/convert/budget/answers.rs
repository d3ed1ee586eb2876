use chrono::NaiveDate;
use medfund_ledger::{Account, Balance, Transfer};
use medfund_proto::budget::v1 as pb;
use medfund_proto::types::v1::KindOfCare;
use medfund_server::convert::{
    date_to_pb, etag, kind_of_care_to_pb, settlement_month_to_pb, timestamp_to_pb,
};
use uuid::Uuid;

use super::states::{budget_state, decomposition_state, surplus_health, target_state};
use crate::domain::budget::Budget;
use crate::domain::coefficient::Factor;
use crate::domain::decomposition::Decomposition;
use crate::domain::disclosure::{Disclosure, DisclosureKind};
use crate::domain::execution::{Execution, Spender, Warning};
use crate::domain::final_account::FinalAccount;
use crate::domain::negotiation::NegotiationRound;
use crate::domain::primary_care::{Allotment, Rolled};
use crate::domain::quota::{Application, History, Quota, QuotaAdjustment};
use crate::domain::reserve::Reserve;
use crate::domain::target::{Deduction, Target};

pub(super) fn decision_to_pb(area: &medfund_types::Area, decision: Option<Uuid>) -> String {
    decision.map(|id| format!("areas/{area}/decisions/{id}")).unwrap_or_default()
}

fn deductions_to_pb(deductions: &[Deduction]) -> Vec<pb::Deduction> {
    let deduction = |one: &Deduction| pb::Deduction { id: one.id.clone(), amount_fen: one.amount.get() };
    deductions.iter().map(deduction).collect()
}

pub(in crate::grpc) fn budget_to_pb(budget: &Budget) -> pb::Budget {
    let basis = &budget.basis;
    pb::Budget {
        name: budget.key.name("budgets"),
        income_fen: budget.income.get(),
        expenditure_fen: budget.expenditure.get(),
        basis: Some(pb::BudgetBasis {
            last_year_payment_fen: basis.last_year_payment.get(),
            n_insured: basis.n_insured,
            n_insured_elderly: basis.n_insured_elderly,
            policy_change_fen: basis.policy_change.get(),
            benefit_change_fen: basis.benefit_change.get(),
            expected_growth_rate: basis.expected_growth.as_ref().map(ToString::to_string).unwrap_or_default(),
            risk_fund_fen: basis.risk_fund.get(),
        }),
        surplus_rate: budget.surplus_rate.to_string(),
        surplus_health: surplus_health(budget.surplus_health).into(),
        state: budget_state(budget.state).into(),
        review_note: budget.review_note.clone(),
        decision: decision_to_pb(&budget.key.area, budget.decision),
        deficit_decision: decision_to_pb(&budget.key.area, budget.deficit_decision),
        maker: budget.maker.clone(),
        etag: etag(budget.version),
    }
}

pub(in crate::grpc) fn target_to_pb(target: &Target) -> pb::Target {
    pb::Target {
        name: target.key.name("targets"),
        budget_fen: target.budget.get(),
        deductions: deductions_to_pb(&target.deductions),
        reserve_fen: target.reserve.get(),
        primary_care_earmark_fen: target.primary_care_earmark.get(),
        adjustment_fen: target.adjustment.get(),
        adjustment_reason: target.adjustment_reason.clone(),
        target_fen: target.target.get(),
        state: target_state(target.state).into(),
        decision: decision_to_pb(&target.key.area, target.decision),
        maker: target.maker.clone(),
        etag: etag(target.version),
    }
}

pub(in crate::grpc) fn history_to_pb(history: &History) -> pb::History {
    pb::History {
        name: history.key.name("histories"),
        history_fen: history.history.iter().map(|cost| cost.get()).collect(),
        last_year_settled_fen: history.last_year_settled.get(),
        recorded_base_fen: history.recorded_base.map_or(0, |base| base.get()),
        recorded_base_reason: history.recorded_base_reason.clone(),
    }
}

pub(in crate::grpc) fn application_to_pb(application: &Application) -> pb::Application {
    pb::Application {
        name: application.key.name("applications"),
        applied_fen: application.applied.get(),
        reason: application.reason.clone(),
        file_date: Some(date_to_pb(application.file_date)),
    }
}

pub(in crate::grpc) fn factors_to_pb(factors: &[Factor]) -> Vec<pb::Factor> {
    let factor = |one: &Factor| pb::Factor { id: one.id.clone(), value: one.value.to_string() };
    factors.iter().map(factor).collect()
}

pub(in crate::grpc) fn round_to_pb(round: &NegotiationRound) -> pb::NegotiationRound {
    let agreed = round.coefficients.iter().map(|one| pb::AgreedCoefficient {
        institution_code: one.institution.to_string(),
        factors: factors_to_pb(&one.factors),
    });
    pb::NegotiationRound {
        name: round.key.name(),
        group: round.key.group.clone(),
        round_number: i32::try_from(round.key.number).expect("a round's number is small"),
        institution_codes: round.institutions.iter().map(ToString::to_string).collect(),
        participants: round.participants.clone(),
        minutes_reference: round.minutes_reference.clone(),
        coefficients: agreed.collect(),
        hold_date: Some(date_to_pb(round.hold_date)),
    }
}

pub(in crate::grpc) fn decomposition_to_pb(decomposition: &Decomposition) -> pb::Decomposition {
    pb::Decomposition {
        name: decomposition.key.name("decompositions"),
        target_fen: decomposition.target.get(),
        primary_floor_fen: decomposition.primary_floor.get(),
        floor_applied: decomposition.floor_applied,
        forecast_factor: decomposition.forecast_factor.to_string(),
        quotas: decomposition.quotas.iter().map(quota_to_pb).collect(),
        state: decomposition_state(decomposition.state).into(),
        balance_note: decomposition.balance_note.clone(),
        decision: decision_to_pb(&decomposition.key.area, decomposition.decision),
        maker: decomposition.maker.clone(),
        etag: etag(decomposition.version),
    }
}

fn quota_to_pb(quota: &Quota) -> pb::Quota {
    pb::Quota {
        institution_code: quota.key.institution.to_string(),
        primary: quota.primary,
        history_fen: quota.history.iter().map(|cost| cost.get()).collect(),
        base: quota.base.to_string(),
        coefficient: quota.coefficient.to_string(),
        factors: factors_to_pb(&quota.factors),
        applied_fen: quota.applied.get(),
        quota_fen: quota.quota.get(),
        adjusted_quota_fen: quota.adjusted.get(),
    }
}

pub(in crate::grpc) fn adjustment_to_pb(adjustment: &QuotaAdjustment) -> pb::QuotaAdjustment {
    let key = &adjustment.key;
    pb::QuotaAdjustment {
        name: format!("areas/{}/quotaAdjustments/{}", key.area, adjustment.id),
        fund_year: key.fund_year.get(),
        fund_line: key.fund_line.to_string(),
        district: adjustment.district.to_string(),
        institution_code: key.institution.to_string(),
        reason: adjustment.reason.clone(),
        change_fen: adjustment.change.get(),
        adjusted_quota_fen: adjustment.adjusted.get(),
        decision: decision_to_pb(&key.area, Some(adjustment.decision)),
        adjust_date: Some(date_to_pb(adjustment.adjust_date)),
    }
}

pub(in crate::grpc) fn reserve_to_pb(reserve: &Reserve) -> pb::Reserve {
    pb::Reserve {
        name: reserve.key.name("reserves"),
        planned_fen: reserve.planned.get(),
        drawn_fen: reserve.drawn.get(),
        primary_care_earmark_fen: reserve.primary_care_earmark.get(),
        released_fen: reserve.released.map_or(0, |fen| fen.get()),
        overspend_fen: reserve.overspend().get(),
        primary_care_fen: reserve.primary_care.get(),
        left_fen: reserve.left().get(),
    }
}

pub(in crate::grpc) fn execution_to_pb(
    name: String,
    today: NaiveDate,
    execution: &Execution,
) -> pb::Execution {
    let months = execution.months.iter().map(|month| pb::ExecutionMonth {
        settlement_month: Some(settlement_month_to_pb(month.month)),
        n_admissions: month.n_admissions,
        cost_fen: month.cost.get(),
        payable_fen: month.payable.get(),
    });
    let institutions = execution.institutions.iter().map(|one| pb::InstitutionExecution {
        institution_code: one.budget.institution.to_string(),
        adjusted_quota_fen: one.budget.adjusted_quota.get(),
        payable_fen: one.payable.get(),
        paid_fen: one.budget.paid.get(),
        spent_rate: one.spent_rate.to_string(),
        pooled_payable_fen: one.pooled_payable.get(),
        pooled_paid_fen: one.budget.pooled_paid.get(),
    });
    let pools = execution.pools.iter().map(|one| pb::PoolExecution {
        kind_of_care: kind_of_care_to_pb(one.budget.care).into(),
        amount_fen: one.budget.amount.get(),
        payable_fen: one.payable.get(),
        spent_rate: one.spent_rate.to_string(),
    });
    pb::Execution {
        name,
        business_date: Some(date_to_pb(today)),
        target_fen: execution.target.get(),
        payable_fen: execution.payable.get(),
        paid_fen: execution.paid.get(),
        time_rate: execution.time_rate.to_string(),
        spent_rate: execution.spent_rate.to_string(),
        months: months.collect(),
        institutions: institutions.collect(),
        warnings: execution.warnings.iter().map(warning_to_pb).collect(),
        pools: pools.collect(),
    }
}

fn warning_to_pb(warning: &Warning) -> pb::Warning {
    let (institution_code, pool) = match &warning.of {
        Spender::FundLine => (String::new(), KindOfCare::Unspecified),
        Spender::Pool(care) => (String::new(), kind_of_care_to_pb(*care)),
        Spender::Institution(code) => (code.to_string(), KindOfCare::Unspecified),
    };
    pb::Warning {
        level: warning.level.clone(),
        institution_code,
        pace_rate: warning.pace.to_string(),
        threshold_rate: warning.threshold.to_string(),
        pool: pool.into(),
    }
}

pub(in crate::grpc) fn allotment_to_pb(allotment: &Allotment) -> pb::PrimaryCareAllotment {
    let sum = |rolled: &[Rolled]| rolled.iter().map(|one| one.amount.get()).sum();
    let districts = allotment.districts.iter().map(|share| pb::DistrictAllotment {
        district: share.district.to_string(),
        funding_increase_fen: share.funding_increase.get(),
        allotted_fen: share.allotted.get(),
    });
    let (area, year, line) = (&allotment.area, allotment.fund_year, &allotment.fund_line);
    pb::PrimaryCareAllotment {
        name: format!("areas/{area}/primaryCareAllotments/{year}-{line}"),
        rolled_in_fen: sum(&allotment.rolled_in),
        earmark_fen: allotment.earmark.get(),
        allotted_fen: allotment.allotted().get(),
        rolled_out_fen: sum(&allotment.rolled_out),
        lapsed_fen: allotment.lapsed.get(),
        districts: districts.collect(),
        decision: decision_to_pb(area, allotment.decision),
        allot_date: Some(date_to_pb(allotment.allot_date)),
    }
}

pub(in crate::grpc) fn final_account_to_pb(account: &FinalAccount) -> pb::FinalAccount {
    let institutions = account.institutions.iter().map(|one| pb::InstitutionFinal {
        institution_code: one.institution.to_string(),
        adjusted_quota_fen: one.adjusted_quota.get(),
        payable_fen: one.payable.get(),
        final_fen: one.settled.get(),
        pooled_fen: one.pooled.get(),
    });
    let pools = account.pools.iter().map(|pool| pb::PoolFinal {
        kind_of_care: kind_of_care_to_pb(pool.care).into(),
        amount_fen: pool.amount.get(),
        adjustment_fen: pool.adjustment.get(),
        settled_fen: pool.settled.get(),
    });
    pb::FinalAccount {
        name: account.key.name("finalAccounts"),
        income_fen: account.income.get(),
        backstop_fen: account.backstop.get(),
        deductions: deductions_to_pb(&account.deductions),
        settled_fen: account.settled.get(),
        primary_care_fen: account.primary_care.get(),
        expenditure_fen: account.expenditure.get(),
        surplus_fen: account.surplus.get(),
        surplus_rate: account.surplus_rate.to_string(),
        surplus_health: surplus_health(account.surplus_health).into(),
        institutions: institutions.collect(),
        close_date: Some(date_to_pb(account.close_date)),
        pools: pools.collect(),
    }
}

pub(in crate::grpc) fn disclosure_to_pb(disclosure: &Disclosure) -> pb::Disclosure {
    let kind = match disclosure.kind {
        DisclosureKind::Budget => pb::disclosure::Kind::Budget,
        DisclosureKind::Target => pb::disclosure::Kind::Target,
        DisclosureKind::Structure => pb::disclosure::Kind::Structure,
        DisclosureKind::Decomposition => pb::disclosure::Kind::Decomposition,
        DisclosureKind::FinalAccount => pb::disclosure::Kind::FinalAccount,
    };
    let lines = disclosure.lines.iter().map(|line| pb::DisclosureLine {
        name: line.name.clone(),
        term: line.term.clone(),
        amount_fen: line.amount.get(),
    });
    pb::Disclosure {
        name: format!("areas/{}/disclosures/{}", disclosure.area, disclosure.id),
        subject: disclosure.subject.clone(),
        kind: kind.into(),
        fund_year: disclosure.fund_year.get(),
        lines: lines.collect(),
        publish_date: Some(date_to_pb(disclosure.publish_date)),
        create_time: Some(timestamp_to_pb(disclosure.create_time)),
    }
}

pub(in crate::grpc) fn ledger_account_to_pb((account, balance): &(Account, Balance)) -> pb::LedgerAccount {
    pb::LedgerAccount {
        account: account.to_string(),
        debits_fen: balance.debits.get(),
        credits_fen: balance.credits.get(),
        balance_fen: balance.net().get(),
    }
}

pub(in crate::grpc) fn ledger_transfer_to_pb(transfer: &Transfer) -> pb::LedgerTransfer {
    pb::LedgerTransfer {
        transfer: transfer.id().to_string(),
        debit_account: transfer.debit().to_string(),
        credit_account: transfer.credit().to_string(),
        amount_fen: transfer.amount().get(),
        code: transfer.code().to_owned(),
        reference: transfer.reference().to_owned(),
    }
}
