use medfund_proto::budget::v1 as pb;
use medfund_server::convert::{date, date_to_pb};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, District, FundYear};

use super::{call, fund_year_name, read};
use crate::app::Read;
use crate::app::advance_business_date::AdvanceBusinessDate;
use crate::app::open_calendar::OpenCalendar;
use crate::app::open_fund_year::OpenFundYear;
use crate::domain::calendar::{Calendar, FundYearOpening};
use crate::domain::pack::PackHash;

pub(in crate::grpc) fn open_calendar(
    context: &Context,
    request: &pb::OpenCalendarRequest,
) -> Result<OpenCalendar, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("name", calendar_name(context, &request.name));
    let business_date = bad.take("business_date", date(request.business_date));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    bad.finish(|| Some(OpenCalendar { call: call?, business_date: business_date? }))
}

pub(in crate::grpc) fn advance_business_date(
    context: &Context,
    request: &pb::AdvanceBusinessDateRequest,
) -> Result<AdvanceBusinessDate, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("name", calendar_name(context, &request.name));
    let business_date = bad.take("business_date", date(request.business_date));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    bad.finish(|| Some(AdvanceBusinessDate { call: call?, business_date: business_date? }))
}

pub(in crate::grpc) fn get_calendar(
    context: &Context,
    request: &pb::GetCalendarRequest,
) -> Result<Read, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("name", calendar_name(context, &request.name));
    bad.finish(|| area.map(|area| read(context, area)))
}

pub(in crate::grpc) fn open_fund_year(
    context: &Context,
    request: &pb::OpenFundYearRequest,
) -> Result<OpenFundYear, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", fund_year_name(context, &request.name));
    let pack_hash = bad.take("pack_hash", request.pack_hash.parse::<PackHash>());
    let districts = districts(&mut bad, &request.districts);
    let area = name.as_ref().map(|(area, _)| area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    bad.finish(|| {
        let fund_year = name?.1;
        Some(OpenFundYear { call: call?, fund_year, pack_hash: pack_hash?, districts: districts? })
    })
}

fn districts(bad: &mut Violations, codes: &[String]) -> Option<Vec<District>> {
    if codes.is_empty() {
        bad.add("districts", "must name at least one district");
    }
    let mut districts = bad.each("districts", codes, |bad, code| bad.take("", code.parse::<District>()))?;
    districts.sort();
    if districts.windows(2).any(|pair| pair[0] == pair[1]) {
        bad.add("districts", "must not name a district twice");
    }
    Some(districts)
}

pub(in crate::grpc) fn get_fund_year(
    context: &Context,
    request: &pb::GetFundYearRequest,
) -> Result<(Read, FundYear), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", fund_year_name(context, &request.name));
    bad.finish(|| name.map(|(area, fund_year)| (read(context, area), fund_year)))
}

fn calendar_name(context: &Context, name: &str) -> Result<Area, FieldProblem> {
    context.name::<0>("areas/{area}/calendar", name).map(|name| name.area)
}

pub(in crate::grpc) fn calendar_to_pb(calendar: &Calendar) -> pb::Calendar {
    pb::Calendar {
        name: format!("areas/{}/calendar", calendar.area),
        business_date: Some(date_to_pb(calendar.business_date)),
    }
}

pub(in crate::grpc) fn fund_year_to_pb(opening: &FundYearOpening) -> pb::FundYear {
    pb::FundYear {
        name: format!("areas/{}/fundYears/{}", opening.area, opening.fund_year),
        fund_year: opening.fund_year.get(),
        pack_id: opening.pack_id.clone(),
        pack_hash: opening.pack_hash.to_string(),
        districts: opening.districts.iter().map(ToString::to_string).collect(),
    }
}
