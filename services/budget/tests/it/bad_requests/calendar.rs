use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::elsewhere;
use crate::lived::Year;
use crate::support::{CALENDAR, DISTRICT, YEAR, advance_calendar, date, open_calendar, open_year};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    let mut keeper = year.budget.calendar(Role::CalendarKeeper);
    bad_requests!(table, keeper.open_calendar(open_calendar(1)), {
        "no date": |r| r.business_date = None => ["business_date"],
        "a month": |r| r.business_date = date(2016, 11, 0) => ["business_date"],
        "a day that is not": |r| r.business_date = date(2017, 2, 29) => ["business_date"],
        "a year long ago": |r| r.business_date = date(1899, 12, 31) => ["business_date"],
        "another collection": |r| r.name = "areas/440700/calendars".to_owned() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::OpenCalendarRequest::default()
            => ["name", "business_date", "request_id"],
    });
    bad_requests!(table, keeper.advance_business_date(advance_calendar(2)), {
        "the thirteenth month": |r| r.business_date = date(2016, 13, 1) => ["business_date"],
        "a negative day": |r| r.business_date = date(2016, 11, -1) => ["business_date"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "a name with a slash at its end": |r| r.name.push('/') => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, keeper.get_calendar(pb::GetCalendarRequest { name: CALENDAR.to_owned() }), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
    bad_requests!(table, keeper.open_fund_year(open_year(&"a".repeat(64))), {
        "a year with a zero before it": |r| r.name = YEAR.replace("2017", "02017") => ["name"],
        "a year with a sign": |r| r.name = YEAR.replace("2017", "+2017") => ["name"],
        "a year of another century": |r| r.name = YEAR.replace("2017", "1999") => ["name"],
        "no hash": |r| r.pack_hash.clear() => ["pack_hash"],
        "no district": |r| r.districts.clear() => ["districts"],
        "a district twice": |r| r.districts.push(DISTRICT.to_owned()) => ["districts"],
        "a district of four digits": |r| r.districts.push("4407".to_owned()) => ["districts[1]"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::OpenFundYearRequest::default()
            => ["name", "pack_hash", "districts", "request_id"],
    });
    bad_requests!(table, keeper.get_fund_year(pb::GetFundYearRequest { name: YEAR.to_owned() }), {
        "no year": |r| r.name = "areas/440700/fundYears/".to_owned() => ["name"],
        "a word for a year": |r| r.name = "areas/440700/fundYears/last".to_owned() => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
    });
}
