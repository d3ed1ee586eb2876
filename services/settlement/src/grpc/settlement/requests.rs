//! Requests become commands; every bad field is told at once.

use medfund_db::Call;
use medfund_proto::settlement::v1 as pb;
use medfund_server::convert::{self, date, settlement_month};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};
use serde::de::DeserializeOwned;

use super::names;
use crate::app::answer_statement::AnswerStatement;
use crate::app::approve_clearing::ApproveClearing;
use crate::app::approve_orders::ApproveOrders;
use crate::app::create_orders::CreateOrders;
use crate::app::decide_clearing::DecideClearing;
use crate::app::explain::Amount;
use crate::app::export_orders::ExportOrders;
use crate::app::pay_ahead::{Kind, PayAhead};
use crate::app::propose_clearing::ProposeClearing;
use crate::app::record_results::RecordResults;
use crate::app::start_month::StartMonth;
use crate::app::timeliness::ExplainLatePayment;
use crate::app::{Page, Read};
use crate::domain::accounts::Pot;
use crate::domain::{Answer, BankResult, OrderState};
use crate::grpc::scope;

const MOST_AT_ONCE: usize = 1_000;

pub(in crate::grpc) fn call(
    bad: &mut Violations,
    context: &Context,
    area: Option<&Area>,
    request_id: &str,
    dry_run: bool,
) -> Option<Call> {
    let request_id = bad.take("request_id", convert::request_id(request_id));
    Some(context.call(area?.clone(), request_id?, dry_run))
}

/// The longest id of a pack's parameter.
const MAX_ID_CHARS: usize = 40;

pub(in crate::grpc) fn read(context: &Context, area: Area) -> Read {
    Read { caller: context.caller().clone(), area }
}

pub(in crate::grpc) fn page<K: DeserializeOwned>(
    bad: &mut Violations,
    bound: &[&str],
    size: i32,
    token: &str,
) -> Option<Page<K>> {
    let size = bad.take("page_size", convert::page_size(size));
    let after = bad.take("page_token", convert::page_cursor(token, bound));
    Some(Page { after: after?, size: size? })
}

pub(in crate::grpc) fn text(value: String, max: usize) -> Result<String, FieldProblem> {
    let n = value.chars().count();
    if value.trim().is_empty() || n > max {
        return Err(FieldProblem::Malformed(format!("must have 1 to {max} characters")));
    }
    Ok(value)
}

pub(in crate::grpc) fn year(bad: &mut Violations, fund_year: i32) -> Option<FundYear> {
    bad.take("fund_year", FundYear::try_from(fund_year))
}

/// Where a command acts: a fund line's year in a district.
fn pot(bad: &mut Violations, fund_year: i32, fund_line: &str, district: &str) -> Option<Pot> {
    let fund_year = year(bad, fund_year);
    let fund_line = bad.take("fund_line", fund_line.parse::<FundLine>());
    let district = bad.take("district", district.parse::<District>());
    Some(Pot { fund_year: fund_year?, fund_line: fund_line?, district: district? })
}

macro_rules! pay_ahead {
    ($name:ident, $request:ty, $kind:expr) => {
        pub(super) fn $name(context: &Context, request: &$request) -> Result<PayAhead, Violations> {
            let mut bad = Violations::default();
            let area = bad.take("parent", context.area(&request.parent));
            let pot = pot(&mut bad, request.fund_year, &request.fund_line, &request.district);
            let kind: fn(&mut Violations, &$request) -> Option<Kind> = $kind;
            let kind = kind(&mut bad, request);
            let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
            bad.finish(|| {
                let Pot { fund_year, fund_line, district } = pot?;
                Some(PayAhead { call: call?, fund_year, fund_line, district, kind: kind? })
            })
        }
    };
}

pay_ahead!(pay_advance, pb::PayAdvanceRequest, |bad, request| {
    let months = u32::try_from(request.months).ok().filter(|months| *months > 0);
    bad.take("months", months.ok_or("must be more than zero")).map(|months| Kind::Advance { months })
});
pay_ahead!(pay_working_capital, pb::PayWorkingCapitalRequest, |_, _| Some(Kind::WorkingCapital));
pay_ahead!(pay_clean_record_capital, pb::PayCleanRecordCapitalRequest, |_, _| Some(Kind::CleanRecord));

pay_ahead!(pay_month_ahead, pb::PayMonthAheadRequest, |bad, request| {
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    month.map(|month| Kind::Monthly { month })
});

pay_ahead!(pay_instalment, pb::PayInstalmentRequest, |bad, request| {
    let id = bad.take("instalment", text(request.instalment.clone(), MAX_ID_CHARS));
    id.map(|id| Kind::Instalment { id })
});

/// A list of a fund year.
pub(super) type YearList<K> = (Read, FundYear, Page<K>);

pub(super) fn year_list(
    context: &Context,
    (parent, fund_year): (&str, i32),
    (size, token): (i32, &str),
    bound: &[&str],
) -> Result<YearList<String>, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(parent));
    let fund_year = year(&mut bad, fund_year);
    let page = page(&mut bad, bound, size, token);
    bad.finish(|| Some((read(context, area?), fund_year?, page?)))
}

pub(super) fn explain_late_payment(
    context: &Context,
    request: &pb::ExplainLatePaymentRequest,
) -> Result<ExplainLatePayment, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::id(context, "paymentOrders", &request.name));
    let reason = bad.take("reason", text(request.reason.clone(), 500));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| Some(ExplainLatePayment { call: call?, order: name?.1, reason: reason? }))
}

pub(super) fn appropriation_report(
    context: &Context,
    request: &pb::GetAppropriationReportRequest,
) -> Result<(Read, FundYear, SettlementMonth), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let fund_year = year(&mut bad, request.fund_year);
    let month = bad.take("due_month", settlement_month(request.due_month));
    bad.finish(|| Some((read(context, area?), fund_year?, month?)))
}

pub(super) fn coverage(context: &Context, name: &str) -> Result<(Read, FundYear), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::coverage(context, name));
    bad.finish(|| name.map(|(area, fund_year)| (read(context, area), fund_year)))
}

/// A list of the ledger.
pub(super) fn ledger_list<K: DeserializeOwned>(
    context: &Context,
    parent: &str,
    size: i32,
    token: &str,
) -> Result<(Read, Page<K>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(parent));
    let page = page(&mut bad, &[parent], size, token);
    bad.finish(|| Some((read(context, area?), page?)))
}

pub(super) fn area(context: &Context, parent: &str) -> Result<Read, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(parent));
    bad.finish(|| Some(read(context, area?)))
}

pub(super) fn start_month(
    context: &Context,
    request: &pb::StartMonthSettlementRequest,
) -> Result<StartMonth, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    bad.finish(|| Some(StartMonth { call: call?, month: month? }))
}

pub(super) fn create_orders(
    context: &Context,
    request: &pb::CreatePaymentOrdersRequest,
) -> Result<CreateOrders, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    bad.finish(|| Some(CreateOrders { call: call?, month: month? }))
}

pub(super) fn month(context: &Context, name: &str) -> Result<(Read, SettlementMonth), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::month(context, name));
    bad.finish(|| name.map(|(area, month)| (read(context, area), month)))
}

pub(super) fn statement(context: &Context, name: &str) -> Result<(Read, String), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::id(context, "statements", name));
    bad.finish(|| name.map(|(area, id)| (read(context, area), id)))
}

pub(super) fn list_statements(
    context: &Context,
    request: &pb::ListStatementsRequest,
) -> Result<(YearList<String>, Option<SettlementMonth>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let fund_year = year(&mut bad, request.fund_year);
    let month =
        bad.take_if("settlement_month", request.settlement_month, |month| settlement_month(Some(month)));
    let bound = statements_bound(request);
    let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
    let page = page(&mut bad, &bound, request.page_size, &request.page_token);
    bad.finish(|| Some(((read(context, area?), fund_year?, page?), month?)))
}

pub(super) fn statements_bound(request: &pb::ListStatementsRequest) -> [String; 3] {
    let month = request.settlement_month.map(|month| format!("{}-{}", month.year, month.month));
    [request.parent.clone(), request.fund_year.to_string(), month.unwrap_or_default()]
}

fn answer(
    context: &Context,
    (name, etag, request_id): (&str, &str, &str),
    make: impl FnOnce(&mut Violations) -> Option<Answer>,
) -> Result<AnswerStatement, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::id(context, "statements", name));
    let expected_version = bad.take("etag", convert::version_from_etag(etag));
    let answer = make(&mut bad);
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), request_id, false);
    bad.finish(|| {
        let statement_id = name?.1;
        Some(AnswerStatement {
            call: call?,
            statement_id,
            expected_version: expected_version?,
            answer: answer?,
        })
    })
}

pub(super) fn confirm(
    context: &Context,
    request: &pb::ConfirmStatementRequest,
) -> Result<AnswerStatement, Violations> {
    answer(context, (&request.name, &request.etag, &request.request_id), |_| Some(Answer::Confirm))
}

pub(super) fn dispute(
    context: &Context,
    request: &pb::DisputeStatementRequest,
) -> Result<AnswerStatement, Violations> {
    answer(context, (&request.name, &request.etag, &request.request_id), |bad| {
        Some(Answer::Dispute { reason: bad.take("reason", text(request.reason.clone(), 500))? })
    })
}

pub(super) fn resolve(
    context: &Context,
    request: &pb::ResolveDisputeRequest,
) -> Result<AnswerStatement, Violations> {
    answer(context, (&request.name, &request.etag, &request.request_id), |bad| {
        Some(Answer::Resolve { answer: bad.take("answer", text(request.answer.clone(), 500))? })
    })
}

pub(super) fn approve_orders(
    context: &Context,
    request: &pb::ApprovePaymentOrdersRequest,
) -> Result<ApproveOrders, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    at_once(&mut bad, "names", request.names.len());
    let ids = bad.each("names", &request.names, |bad, name| {
        bad.take("", names::id(context, "paymentOrders", name)).map(|(_, id)| id)
    });
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    bad.finish(|| Some(ApproveOrders { call: call?, ids: ids? }))
}

fn at_once(bad: &mut Violations, field: &str, n: usize) {
    if n == 0 || n > MOST_AT_ONCE {
        bad.add(field, format!("must have 1 to {MOST_AT_ONCE} elements"));
    }
}

pub(super) fn export_orders(
    context: &Context,
    request: &pb::ExportPaymentOrdersRequest,
) -> Result<ExportOrders, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let fund_year = year(&mut bad, request.fund_year);
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    bad.finish(|| Some(ExportOrders { call: call?, fund_year: fund_year? }))
}

pub(super) fn record_results(
    context: &Context,
    request: &pb::RecordPaymentResultsRequest,
) -> Result<RecordResults, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    at_once(&mut bad, "results", request.results.len());
    let results = bad.each("results", &request.results, |bad, one| {
        let order = bad.take("payment_order", names::id(context, "paymentOrders", &one.payment_order));
        let bank_reference = bad.take("bank_reference", text(one.bank_reference.clone(), 64));
        let outcome = if one.paid {
            bad.take("value_date", date(one.value_date)).map(Ok)
        } else {
            bad.take("failure", text(one.failure.clone(), 200)).map(Err)
        };
        Some((order?.1, BankResult { bank_reference: bank_reference?, outcome: outcome? }))
    });
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    bad.finish(|| Some(RecordResults { call: call?, results: results? }))
}

pub(super) fn list_orders(
    context: &Context,
    request: &pb::ListPaymentOrdersRequest,
) -> Result<(YearList<String>, Option<OrderState>), Violations> {
    let state = match request.state() {
        pb::payment_order::State::Unspecified => None,
        pb::payment_order::State::Created => Some(OrderState::Created),
        pb::payment_order::State::Approved => Some(OrderState::Approved),
        pb::payment_order::State::Exported => Some(OrderState::Exported),
        pb::payment_order::State::Completed => Some(OrderState::Completed),
        pb::payment_order::State::Failed => Some(OrderState::Failed),
        pb::payment_order::State::Cancelled => Some(OrderState::Cancelled),
    };
    let bound = orders_bound(request);
    let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
    let page = (request.page_size, request.page_token.as_str());
    let list = year_list(context, (&request.parent, request.fund_year), page, &bound)?;
    Ok((list, state))
}

pub(super) fn orders_bound(request: &pb::ListPaymentOrdersRequest) -> [String; 3] {
    [request.parent.clone(), request.fund_year.to_string(), request.state.to_string()]
}

pub(super) fn propose_clearing(
    context: &Context,
    request: &pb::ProposeClearingRequest,
) -> Result<ProposeClearing, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let pot = pot(&mut bad, request.fund_year, &request.fund_line, &request.district);
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, request.validate_only);
    bad.finish(|| {
        let Pot { fund_year, fund_line, district } = pot?;
        Some(ProposeClearing { call: call?, fund_year, fund_line, district })
    })
}

pub(super) fn decide_clearing(
    context: &Context,
    request: &pb::DecideClearingRequest,
) -> Result<DecideClearing, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::clearing(context, &request.name));
    bad.take("decision", names::id(context, "decisions", &request.decision));
    let expected_version = bad.take("etag", convert::version_from_etag(&request.etag));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| {
        let (pot, decision) = (name?.1, request.decision.clone());
        Some(DecideClearing { call: call?, pot, decision, expected_version: expected_version? })
    })
}

pub(super) fn approve_clearing(
    context: &Context,
    request: &pb::ApproveClearingRequest,
) -> Result<ApproveClearing, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::clearing(context, &request.name));
    let expected_version = bad.take("etag", convert::version_from_etag(&request.etag));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| Some(ApproveClearing { call: call?, pot: name?.1, expected_version: expected_version? }))
}

pub(super) fn clearing(context: &Context, name: &str) -> Result<(Read, Pot), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::clearing(context, name));
    bad.finish(|| name.map(|(area, pot)| (read(context, area), pot)))
}

pub(super) fn explain(context: &Context, name: &str) -> Result<(Read, Amount), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", names::amount(context, name));
    bad.finish(|| name.map(|(area, amount)| (read(context, area), amount)))
}

pub(super) fn case_points(
    context: &Context,
    request: &pb::ExportCasePointsRequest,
) -> Result<(Read, FundYear, Option<InstitutionCode>), Violations> {
    let mut bad = Violations::default();
    let parent = bad.take("parent", scope::area_or_institution(context, &request.parent));
    let fund_year = year(&mut bad, request.fund_year);
    bad.finish(|| {
        let (area, institution) = parent?;
        Some((read(context, area), fund_year?, institution))
    })
}
