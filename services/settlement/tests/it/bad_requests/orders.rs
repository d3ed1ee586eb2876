use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::move_away;
use crate::year::support::*;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    let mut officer = suite.officer();
    bad_requests!(table, officer.create_payment_orders(create(1)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no month": |r| r.settlement_month = None => ["settlement_month"],
        "all fields empty": |r| *r = Default::default() => ["parent", "settlement_month", "request_id"],
    });
    let list = pb::ListPaymentOrdersRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    bad_requests!(table, officer.list_payment_orders(list), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "all at once": |r| *r = pb::ListPaymentOrdersRequest {
            page_size: -1, page_token: "x".into(), ..Default::default()
        } => ["parent", "fund_year", "page_size", "page_token"],
    });
    bad_requests!(table, officer.list_payment_timeliness(timeliness()), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "all at once": |r| *r = pb::ListPaymentTimelinessRequest {
            page_size: -1, page_token: "x".into(), ..Default::default()
        } => ["parent", "fund_year", "page_size", "page_token"],
    });
    bad_requests!(table, officer.explain_late_payment(explain_late(&format!("{PARENT}/paymentOrders/a"))), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a statement": |r| r.name = statement_name(1, "H44070300001") => ["name"],
        "a reason too long": |r| r.reason = "迟".repeat(501) => ["reason"],
        "all fields empty": |r| *r = Default::default() => ["name", "reason", "request_id"],
    });
    bad_requests!(table, officer.get_appropriation_report(appropriations(3)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a day for a month": |r| r.due_month.as_mut().unwrap().day = 2 => ["due_month"],
        "all fields empty": |r| *r = Default::default() => ["parent", "fund_year", "due_month"],
    });
    bad_requests!(table, officer.get_drg_coverage(coverage(2017)), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a year with a sign": |r| r.name = format!("{PARENT}/drgCoverages/+2017") => ["name"],
        "no name": |r| r.name.clear() => ["name"],
    });
    let mut checker = suite.checker();
    let names = ["a", "b"].map(|id| format!("{PARENT}/paymentOrders/{id}"));
    bad_requests!(table, checker.approve_payment_orders(approve(&names)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no orders": |r| r.names.clear() => ["names"],
        "more orders than at once": |r| r.names = vec![r.names[0].clone(); 1_001] => ["names"],
        "the second is none": |r| r.names[1] = "b".into() => ["names[1]"],
        "both are of another collection":
            |r| r.names.iter_mut().for_each(|name| *name = name.replace("paymentOrders", "orders"))
            => ["names[0]", "names[1]"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, checker.export_payment_orders(export()), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "all fields empty": |r| *r = Default::default() => ["parent", "fund_year", "request_id"],
    });
    bad_requests!(table, officer.record_payment_results(results(&names)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no results": |r| r.results.clear() => ["results"],
        "an order that is none": |r| r.results[0].payment_order.clear() => ["results[0].payment_order"],
        "no reference": |r| r.results[1].bank_reference.clear() => ["results[1].bank_reference"],
        "a reference too long": |r| r.results[1].bank_reference = "B".repeat(65)
            => ["results[1].bank_reference"],
        "paid on no day": |r| r.results[0].value_date = None => ["results[0].value_date"],
        "paid in a month": |r| r.results[0].value_date = Some(Date { year: 2018, month: 1, day: 0 })
            => ["results[0].value_date"],
        "not paid and no words": |r| r.results[1].paid = false => ["results[1].failure"],
        "words too many": |r| (r.results[1].paid, r.results[1].failure) = (false, "字".repeat(201))
            => ["results[1].failure"],
        "several at once": |r| {
            r.results[0].bank_reference.clear();
            r.results[1].value_date = None;
            r.request_id.clear();
        } => ["results[0].bank_reference", "results[1].value_date", "request_id"],
    });
    ledger(&mut suite.auditor(), table).await;
}

async fn ledger(auditor: &mut Client, table: &mut BadRequests) {
    let parent = || PARENT.to_owned();
    let accounts = pb::ListLedgerAccountsRequest { parent: parent(), ..Default::default() };
    bad_requests!(table, auditor.list_ledger_accounts(accounts), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a page below nothing": |r| r.page_size = -1 => ["page_size"],
    });
    let transfers = pb::ListLedgerTransfersRequest { parent: parent(), ..Default::default() };
    bad_requests!(table, auditor.list_ledger_transfers(transfers), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a token that was never given": |r| r.page_token = "x".into() => ["page_token"],
    });
    bad_requests!(table, auditor.get_trial_balance(pb::GetTrialBalanceRequest { parent: parent() }), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no area": |r| r.parent.clear() => ["parent"],
    });
}
