//! The events and requests that the year's tests send.

use medfund_proto::agreement::v1 as agreement;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::types::v1::{KindOfCare, PaymentMethod};
use medfund_testkit::AREA;

use super::support::{DISTRICT, LINE, PARENT};
use crate::bills::common::{HOSPITAL, line, new_id};

pub(crate) fn institution(code: &str, primary: bool) -> agreement::InstitutionChanged {
    agreement::InstitutionChanged {
        institution_code: code.into(),
        display_name: "一院".into(),
        district: DISTRICT.into(),
        level: 2,
        institution_class: "general".into(),
        primary,
        active: true,
    }
}

pub(crate) fn signed(code: &str) -> agreement::AgreementSigned {
    let term = |fund_line: &str| agreement::PaymentTerm {
        fund_line: fund_line.into(),
        kind_of_care: KindOfCare::Inpatient.into(),
        method: PaymentMethod::AverageQuota.into(),
        standard_per_admission_fen: 80_000,
        ..Default::default()
    };
    agreement::AgreementSigned {
        agreement: format!("areas/{AREA}/agreements/2017-{code}"),
        fund_year: 2017,
        institution_code: code.into(),
        terms: vec![term("employee"), term("resident")],
        version: 1,
        effective_date: Some(Date { year: 2017, month: 1, day: 1 }),
        management_grade: if code == HOSPITAL { "a".into() } else { String::new() },
    }
}

pub(crate) fn indicators(
    code: &str,
    deductions: Vec<agreement::IndicatorDeduction>,
) -> agreement::IndicatorsConfirmed {
    agreement::IndicatorsConfirmed { fund_year: 2017, institution_code: code.into(), deductions }
}

pub(crate) fn bill(code: &str, month: i32, place: i64, fen: i64) -> pb::BillLine {
    let day = |day| Some(Date { year: 2017, month, day });
    pb::BillLine {
        setl_id: format!("S{month:02}{place:05}"),
        mdtrt_id: format!("M{month:02}{place:05}"),
        insutype: "310".into(),
        fixmedins_code: code.into(),
        begndate: day(3),
        enddate: day(11),
        setl_time: day(12),
        hifp_pay_fen: fen,
        psn_cash_pay_fen: 1_000_000 - 20_000 - 80_000 - fen,
        ..line(place)
    }
}

pub(crate) fn decision_name(n: u32) -> String {
    format!("areas/{AREA}/decisions/018f6b1e-7c5a-7000-8000-{n:012}")
}

pub(crate) fn clearing_name() -> String {
    format!("areas/{AREA}/clearings/2017-{LINE}-{DISTRICT}")
}

pub(crate) fn statement_name(month: i32, code: &str) -> String {
    format!("areas/{AREA}/statements/2017-{month:02}-{LINE}-{code}")
}

pub(crate) fn month_of(month: i32) -> Option<Date> {
    Some(Date { year: 2017, month, day: 0 })
}

pub(crate) fn start(month: i32) -> pb::StartMonthSettlementRequest {
    pb::StartMonthSettlementRequest {
        parent: PARENT.into(),
        settlement_month: month_of(month),
        request_id: new_id(),
    }
}

pub(crate) fn results(names: &[String]) -> pb::RecordPaymentResultsRequest {
    let result = |name: &String| pb::PaymentResult {
        payment_order: name.clone(),
        bank_reference: format!("B-{}", name.rsplit('/').next().unwrap()),
        paid: true,
        value_date: Some(Date { year: 2018, month: 1, day: 8 }),
        failure: String::new(),
    };
    pb::RecordPaymentResultsRequest {
        parent: PARENT.into(),
        results: names.iter().map(result).collect(),
        request_id: new_id(),
    }
}

pub(crate) fn propose(validate_only: bool) -> pb::ProposeClearingRequest {
    pb::ProposeClearingRequest {
        parent: PARENT.into(),
        fund_year: 2017,
        fund_line: LINE.into(),
        district: DISTRICT.into(),
        validate_only,
        request_id: new_id(),
    }
}

pub(crate) fn dispute(name: &str, etag: &str) -> pb::DisputeStatementRequest {
    pb::DisputeStatementRequest {
        name: name.into(),
        etag: etag.into(),
        reason: "人次不符".into(),
        request_id: new_id(),
    }
}

pub(crate) fn confirm(name: &str, etag: &str) -> pb::ConfirmStatementRequest {
    pb::ConfirmStatementRequest { name: name.into(), etag: etag.into(), request_id: new_id() }
}

pub(crate) fn resolve(name: &str, etag: &str) -> pb::ResolveDisputeRequest {
    pb::ResolveDisputeRequest {
        name: name.into(),
        etag: etag.into(),
        answer: "按协议定额结算".into(),
        request_id: new_id(),
    }
}

pub(crate) fn create(month: i32) -> pb::CreatePaymentOrdersRequest {
    pb::CreatePaymentOrdersRequest {
        parent: PARENT.into(),
        settlement_month: month_of(month),
        request_id: new_id(),
    }
}

pub(crate) fn approve(names: &[String]) -> pb::ApprovePaymentOrdersRequest {
    pb::ApprovePaymentOrdersRequest { parent: PARENT.into(), names: names.to_vec(), request_id: new_id() }
}

pub(crate) fn export() -> pb::ExportPaymentOrdersRequest {
    pb::ExportPaymentOrdersRequest { parent: PARENT.into(), fund_year: 2017, request_id: new_id() }
}

pub(crate) fn decide(decision: &str, etag: &str) -> pb::DecideClearingRequest {
    pb::DecideClearingRequest {
        name: clearing_name(),
        decision: decision.into(),
        etag: etag.into(),
        request_id: new_id(),
    }
}

pub(crate) fn approve_clearing(etag: &str) -> pb::ApproveClearingRequest {
    pb::ApproveClearingRequest { name: clearing_name(), etag: etag.into(), request_id: new_id() }
}

pub(crate) fn advance(months: i32) -> pb::PayAdvanceRequest {
    pb::PayAdvanceRequest {
        parent: PARENT.into(),
        fund_year: 2017,
        fund_line: LINE.into(),
        district: DISTRICT.into(),
        months,
        request_id: new_id(),
    }
}

pub(crate) fn working_capital() -> pb::PayWorkingCapitalRequest {
    let pb::PayAdvanceRequest { parent, fund_year, fund_line, district, request_id, .. } = advance(1);
    pb::PayWorkingCapitalRequest { parent, fund_year, fund_line, district, request_id }
}

pub(crate) fn month_ahead(month: i32) -> pb::PayMonthAheadRequest {
    let pb::PayAdvanceRequest { parent, fund_year, fund_line, district, request_id, .. } = advance(1);
    let settlement_month = month_of(month);
    pb::PayMonthAheadRequest { parent, fund_year, fund_line, district, settlement_month, request_id }
}

pub(crate) fn timeliness() -> pb::ListPaymentTimelinessRequest {
    pb::ListPaymentTimelinessRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() }
}

pub(crate) fn explain_late(name: &str) -> pb::ExplainLatePaymentRequest {
    let reason = "收款账户信息不符，更正后拨付".into();
    pb::ExplainLatePaymentRequest { name: name.into(), reason, request_id: new_id() }
}

pub(crate) fn coverage(fund_year: i32) -> pb::GetDrgCoverageRequest {
    pb::GetDrgCoverageRequest { name: format!("{PARENT}/drgCoverages/{fund_year}") }
}

pub(crate) fn appropriations(month: i32) -> pb::GetAppropriationReportRequest {
    pb::GetAppropriationReportRequest { parent: PARENT.into(), fund_year: 2017, due_month: month_of(month) }
}

pub(crate) fn review(code: &str, grade: &str) -> agreement::ReviewConfirmed {
    agreement::ReviewConfirmed {
        fund_year: 2017,
        institution_code: code.into(),
        grade: grade.into(),
        confirm_date: Some(Date { year: 2018, month: 1, day: 4 }),
    }
}

pub(crate) fn clean_record() -> pb::PayCleanRecordCapitalRequest {
    let pb::PayAdvanceRequest { parent, fund_year, fund_line, district, request_id, .. } = advance(1);
    pb::PayCleanRecordCapitalRequest { parent, fund_year, fund_line, district, request_id }
}

pub(crate) fn case_points(fund_year: i32) -> pb::ExportCasePointsRequest {
    pb::ExportCasePointsRequest { parent: PARENT.into(), fund_year }
}
