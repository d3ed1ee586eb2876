use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{NOWHERE, TOO_MUCH, elsewhere};
use crate::lived::Year;
use crate::requests::{KEY, allot_primary_care, close_accounts, decision_name, open_clearing, publish};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let mut officer = year.officer();
    bad_requests!(table, officer.open_clearing(open_clearing(KEY)), {
        "a budget for a reserve": |r| r.name = KEY.name("budgets") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::OpenClearingRequest::default() => ["name", "request_id"],
    });
    let allot = allot_primary_care(KEY, &[(KEY.district, 5)], &decision_name());
    bad_requests!(table, officer.allot_primary_care(allot), {
        "no fund line": |r| r.name = "areas/440700/primaryCareAllotments/2017".to_owned() => ["name"],
        "a fund line in capitals": |r| r.name = "areas/440700/primaryCareAllotments/2017-E".to_owned()
            => ["name"],
        "a word for a year": |r| r.name = r.name.replace("2017", "last") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "a district twice": |r| r.districts.push(r.districts[0].clone()) => ["districts"],
        "a district without a code": |r| r.districts[0].district.clear() => ["districts[0].district"],
        "an increase below zero": |r| r.districts[0].funding_increase_fen = -1
            => ["districts[0].funding_increase_fen"],
        "an increase that cannot be counted": |r| r.districts[0].funding_increase_fen = TOO_MUCH
            => ["districts[0].funding_increase_fen"],
        "a decision that is no name": |r| r.decision = "yes".to_owned() => ["decision"],
        "everything bad": |r|
            *r = pb::AllotPrimaryCareRequest { districts: vec![pb::DistrictAllotment { funding_increase_fen: -1, ..Default::default() }], decision: NOWHERE.to_owned(), ..Default::default() }
            => [
                "name", "request_id", "districts[0].district", "districts[0].funding_increase_fen",
                "decision",
            ],
    });
    let good = pb::GetPrimaryCareAllotmentRequest { name: KEY.allotment() };
    bad_requests!(table, officer.get_primary_care_allotment(good), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    final_accounts(year, table).await;
}

async fn final_accounts(year: &Year, table: &mut BadRequests) {
    let mut officer = year.officer();
    bad_requests!(table, officer.close_accounts(close_accounts(KEY, "")), {
        "an income below zero": |r| r.income_fen = -1 => ["income_fen"],
        "an income that cannot be counted": |r| r.income_fen = i64::MAX => ["income_fen"],
        "a subsidy below zero": |r| r.backstop_fen = -1 => ["backstop_fen"],
        "a subsidy of more than the income": |r| r.backstop_fen = 101_001 => ["backstop_fen"],
        "risk funds of more than the income": |r| r.risk_fund_fen = 101_001 => ["risk_fund_fen"],
        "a deduction without an id": |r| r.deductions[0].id.clear() => ["deductions[0].id"],
        "a deduction below zero": |r| r.deductions[0].amount_fen = -1 => ["deductions[0].amount_fen"],
        "a decision that is no name": |r| r.decision = "areas/440700/decisions/1".to_owned() => ["decision"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r|
            *r = pb::CloseAccountsRequest { income_fen: -1, backstop_fen: -1, risk_fund_fen: -1, deductions: vec![pb::Deduction::default()], ..Default::default() }
            => ["name", "request_id", "income_fen", "backstop_fen", "risk_fund_fen", "deductions[0].id"],
    });
    let good = pb::GetFinalAccountRequest { name: KEY.name("finalAccounts") };
    bad_requests!(table, officer.get_final_account(good), {
        "a collection in lower case": |r| r.name = r.name.replace("finalAccounts", "finalaccounts")
            => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, officer.publish_disclosure(publish(KEY.name("budgets"))), {
        "an id that is no UUID": |r| r.name = "areas/440700/disclosures/1".to_owned() => ["name"],
        "a subject that is not published": |r| r.subject = KEY.name("reserves") => ["subject"],
        "a subject without a district": |r| r.subject = "areas/440700/budgets/2017-employee".to_owned()
            => ["subject"],
        "a subject of another area": |r| r.subject = elsewhere(&r.subject) => Refused::not_found(),
        "everything bad": |r| *r = pb::PublishDisclosureRequest::default()
            => ["name", "subject", "request_id"],
    });
}
