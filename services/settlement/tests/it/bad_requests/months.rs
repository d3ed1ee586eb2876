use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::move_away;
use crate::bills::common::{CLINIC, HOSPITAL};
use crate::year::support::*;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    runs(&mut suite.officer(), table).await;
    statements(suite, table).await;
    clearings(suite, table).await;
    let mut officer = suite.officer();
    let of = |name: &str| pb::ExplainAmountRequest { name: name.to_owned() };
    bad_requests!(table, officer.explain_amount(of(&format!("{}/payableFen", statement_name(1, HOSPITAL)))), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no amount": |r| r.name.truncate(r.name.len() - "payableFen".len()) => ["name"],
        "a collection without amounts": |r| r.name = format!("{PARENT}/bills/1/payableFen") => ["name"],
        "an amount that no prepayment has": |r| r.name = format!("{PARENT}/prepayments/2017-x/orderFen") => ["name"],
        "a prepayment of no year": |r| r.name = format!("{PARENT}/prepayments/x/amountFen") => ["name"],
        "a deposit of a year with a sign": |r| r.name = format!("{PARENT}/deposits/+2017-x/baseFen") => ["name"],
        "a clearing of no district":
            |r| r.name = format!("{PARENT}/clearings/2017-employee/institutions/{HOSPITAL}/finalFen") => ["name"],
    });
}

async fn runs(officer: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, officer.start_month_settlement(start(1)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no month": |r| r.settlement_month = None => ["settlement_month"],
        "a day for a month": |r| r.settlement_month = Some(Date { year: 2017, month: 1, day: 5 })
            => ["settlement_month"],
        "a month of no year": |r| r.settlement_month = Some(Date { year: 0, month: 1, day: 0 })
            => ["settlement_month"],
        "all fields empty": |r| *r = Default::default() => ["parent", "settlement_month", "request_id"],
    });
    let name = format!("{PARENT}/monthSettlements/2017-01");
    bad_requests!(table, officer.get_month_settlement(pb::GetMonthSettlementRequest { name }), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a month without its zero": |r| r.name = format!("{PARENT}/monthSettlements/2017-1") => ["name"],
        "the name of a statement": |r| r.name = statement_name(1, HOSPITAL) => ["name"],
    });
}

async fn statements(suite: &Suite, table: &mut BadRequests) {
    let (mut officer, mut hospital) = (suite.officer(), suite.institution(HOSPITAL));
    let name = statement_name(1, HOSPITAL);
    bad_requests!(table, hospital.get_statement(pb::GetStatementRequest { name: name.clone() }), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    let list = pb::ListStatementsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    bad_requests!(table, hospital.list_statements(list), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a day for a month": |r| r.settlement_month = Some(Date { year: 2017, month: 1, day: 1 })
            => ["settlement_month"],
        "all at once": |r| *r = pb::ListStatementsRequest {
            page_size: -1, page_token: "x".into(), settlement_month: Some(Date::default()), ..Default::default()
        } => ["parent", "fund_year", "settlement_month", "page_size", "page_token"],
    });
    bad_requests!(table, hospital.confirm_statement(confirm(&name, "\"1\"")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "an etag without quotes": |r| r.etag = "1".into() => ["etag"],
        "all fields empty": |r| *r = Default::default() => ["name", "etag", "request_id"],
    });
    bad_requests!(table, hospital.dispute_statement(dispute(&name, "\"1\"")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "blanks for a reason": |r| r.reason = " ".into() => ["reason"],
        "too many words": |r| r.reason = "字".repeat(501) => ["reason"],
        "an etag of nothing": |r| r.etag = "\"\"".into() => ["etag"],
    });
    bad_requests!(table, officer.resolve_dispute(resolve(&name, "\"1\"")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no answer": |r| r.answer.clear() => ["answer"],
        "too many words": |r| r.answer = "字".repeat(501) => ["answer"],
        "all fields empty": |r| *r = Default::default() => ["name", "etag", "answer", "request_id"],
    });
}

async fn clearings(suite: &Suite, table: &mut BadRequests) {
    let (mut officer, mut city) = (suite.officer(), suite.city());
    let mut hospital = suite.institution(HOSPITAL);
    bad_requests!(table, hospital.export_case_points(case_points(2017)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "another institution": |r| r.parent = format!("{PARENT}/institutions/{CLINIC}") => Refused::not_found(),
        "all fields empty": |r| *r = Default::default() => ["parent", "fund_year"],
    });
    bad_requests!(table, officer.propose_clearing(propose(true)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a year before all": |r| r.fund_year = 0 => ["fund_year"],
        "a fund line with a blank": |r| r.fund_line = "em ployee".into() => ["fund_line"],
        "all fields empty": |r| *r = Default::default()
            => ["parent", "fund_year", "fund_line", "district", "request_id"],
    });
    bad_requests!(table, officer.decide_clearing(decide(&decision_name(1), "\"1\"")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "the name of a budget's decision cut short": |r| r.decision = "decisions/1".into() => ["decision"],
        "all fields empty": |r| *r = Default::default() => ["name", "decision", "etag", "request_id"],
    });
    bad_requests!(table, city.approve_clearing(approve_clearing("\"1\"")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a year with a zero before it": |r| r.name = r.name.replace("2017", "02017") => ["name"],
        "no etag": |r| r.etag.clear() => ["etag"],
        "all fields empty": |r| *r = Default::default() => ["name", "etag", "request_id"],
    });
    bad_requests!(table, city.get_clearing(pb::GetClearingRequest { name: clearing_name() }), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no district": |r| r.name = format!("{PARENT}/clearings/2017-employee") => ["name"],
    });
}
