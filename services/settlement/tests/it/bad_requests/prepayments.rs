use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::move_away;
use crate::year::support::*;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    let mut officer = suite.officer();
    bad_requests!(table, officer.pay_advance(advance(1)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no area": |r| r.parent.clear() => ["parent"],
        "a year before all": |r| r.fund_year = 1999 => ["fund_year"],
        "a fund line in capitals": |r| r.fund_line = "Employee".into() => ["fund_line"],
        "a district of five digits": |r| r.district = "44070".into() => ["district"],
        "no months": |r| r.months = 0 => ["months"],
        "months below nothing": |r| r.months = -1 => ["months"],
        "no UUID": |r| r.request_id = "x".into() => ["request_id"],
        "all fields empty": |r| *r = Default::default()
            => ["parent", "fund_year", "fund_line", "district", "months", "request_id"],
    });
    bad_requests!(table, officer.pay_working_capital(working_capital()), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a year after all": |r| r.fund_year = 2101 => ["fund_year"],
        "no fund line": |r| r.fund_line.clear() => ["fund_line"],
        "a district in letters": |r| r.district = "蓬江区".into() => ["district"],
        "all fields empty": |r| *r = Default::default()
            => ["parent", "fund_year", "fund_line", "district", "request_id"],
    });
    bad_requests!(table, officer.pay_clean_record_capital(clean_record()), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a fund line too long": |r| r.fund_line = "a".repeat(33) => ["fund_line"],
        "all fields empty": |r| *r = Default::default()
            => ["parent", "fund_year", "fund_line", "district", "request_id"],
    });
    bad_requests!(table, officer.pay_month_ahead(month_ahead(1)), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a day for a month": |r| r.settlement_month.as_mut().unwrap().day = 1 => ["settlement_month"],
        "a thirteenth month": |r| r.settlement_month.as_mut().unwrap().month = 13 => ["settlement_month"],
        "all fields empty": |r| *r = Default::default()
            => ["parent", "fund_year", "fund_line", "district", "settlement_month", "request_id"],
    });
    bad_requests!(table, officer.pay_instalment(instalment("year_start")), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "an id too long": |r| r.instalment = "a".repeat(41) => ["instalment"],
        "all fields empty": |r| *r = Default::default()
            => ["parent", "fund_year", "fund_line", "district", "instalment", "request_id"],
    });
    let list = pb::ListPrepaymentsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    bad_requests!(table, officer.list_prepayments(list), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "a page below nothing": |r| r.page_size = -1 => ["page_size"],
        "a token that was never given": |r| r.page_token = "AAAA".into() => ["page_token"],
        "all fields empty": |r| *r = Default::default() => ["parent", "fund_year"],
    });
    let list = pb::ListDepositsRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    bad_requests!(table, officer.list_deposits(list), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no fund year": |r| r.fund_year = 0 => ["fund_year"],
        "a page below nothing": |r| r.page_size = -7 => ["page_size"],
    });
}
