use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::disclosure_service_client::DisclosureServiceClient;
use medfund_testkit::{AREA, BadRequests, Refused, TestChannel, bad_requests};

use super::move_away;
use crate::disclosures::{disclosure, publish, report};
use crate::support::*;

type Client = DisclosureServiceClient<TestChannel>;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    let mut hospital = Client::new(suite.channel(Person::Institution(HOSPITAL), AREA));
    bad_requests!(table, hospital.submit_monthly_report(report(4)), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no institution": |r| r.institution_code.clear() => ["institution_code"],
        "another institution": |r| r.institution_code = CLINIC.into() => Refused::not_found(),
        "no month": |r| r.settlement_month = None => ["settlement_month"],
        "a thirteenth month": |r| r.settlement_month.as_mut().unwrap().month = 13 => ["settlement_month"],
        "no values": |r| r.measured_values.clear() => ["measured_values"],
        "a value that is no number": |r| r.measured_values[1].measured_value = "many".into()
            => ["measured_values[1].measured_value"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let mut officer = Client::new(suite.channel(OFFICER, AREA));
    bad_requests!(table, officer.record_disclosure(disclosure(1)), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a year that is none": |r| r.fund_year = 1 => ["fund_year"],
        "no quarter": |r| r.quarter = 0 => ["quarter"],
        "a fifth quarter": |r| r.quarter = 5 => ["quarter"],
        "no institution": |r| r.institution_code.clear() => ["institution_code"],
        "an indicator too long": |r| r.measured_values[0].indicator = "x".repeat(65)
            => ["measured_values[0].indicator"],
        "no values": |r| r.measured_values.clear() => ["measured_values"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default()
            => ["name", "fund_year", "institution_code", "quarter", "measured_values", "request_id"],
    });
    let mut checker = Client::new(suite.channel(CHECKER, AREA));
    bad_requests!(table, checker.publish_disclosure(publish(&name("disclosures"))), {
        "the name of a report": |r| r.name = name("monthlyReports") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    let list = pb::ListMonthlyReportsRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_monthly_reports(list), {
        "no fund year": |r| r.parent.clear() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no institution's code": |r| r.institution_code = "x".into() => ["institution_code"],
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
    });
    let list = pb::ListDisclosuresRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_disclosures(list), {
        "no fund year": |r| r.parent.clear() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "ff".into() => ["page_token"],
    });
}
