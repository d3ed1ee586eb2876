use medfund_proto::agreement::v1 as pb;
use medfund_server::convert::{settlement_month, settlement_month_to_pb, timestamp_to_pb};
use medfund_server::{Context, Violations};

use super::{call, head, id_name, institution_code, measured, measured_to_pb};
use crate::app::record_disclosure::RecordDisclosure;
use crate::app::submit_monthly_report::SubmitMonthlyReport;
use crate::domain::record::Record;
use crate::domain::report::{Disclosure, MonthlyReport, Quarter};

const REPORT: &str = "areas/{area}/monthlyReports/{monthly_report}";
pub(in crate::grpc) const DISCLOSURE: &str = "areas/{area}/disclosures/{disclosure}";

pub(in crate::grpc) fn submit_monthly_report(
    context: &Context,
    request: pb::SubmitMonthlyReportRequest,
) -> Result<SubmitMonthlyReport, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", id_name(context, REPORT, &request.name));
    let institution = institution_code(&mut bad, context, &request.institution_code);
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    let measured = measured(&mut bad, request.measured_values, 1);
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| {
        let (id, institution, month) = (name?.1, institution?, month?);
        Some(SubmitMonthlyReport { call: call?, id, institution, month, measured: measured? })
    })
}

pub(in crate::grpc) fn record_disclosure(
    context: &Context,
    request: pb::RecordDisclosureRequest,
) -> Result<RecordDisclosure, Violations> {
    let mut bad = Violations::default();
    let name = (DISCLOSURE, request.name.as_str());
    let head = head(&mut bad, context, name, request.fund_year, &request.institution_code);
    let quarter = bad.take("quarter", Quarter::try_from(request.quarter));
    let measured = measured(&mut bad, request.measured_values, 1);
    let call = call(&mut bad, context, head.as_ref().map(|head| &head.area), &request.request_id);
    bad.finish(|| {
        let disclosure = Disclosure { head: head?, quarter: quarter?, measured: measured? };
        Some(RecordDisclosure { call: call?, disclosure })
    })
}

pub(in crate::grpc) fn report_to_pb(report: &MonthlyReport) -> pb::MonthlyReport {
    pb::MonthlyReport {
        name: report.name(),
        institution_code: report.institution.to_string(),
        settlement_month: Some(settlement_month_to_pb(report.month)),
        measured_values: measured_to_pb(&report.measured),
        reporter: report.reporter.clone(),
        create_time: Some(timestamp_to_pb(report.time)),
    }
}

pub(in crate::grpc) fn disclosure_to_pb(disclosure: &Disclosure) -> pb::Disclosure {
    use pb::disclosure::State;
    let state = if disclosure.head.persons.is_confirmed() { State::Published } else { State::Recorded };
    pb::Disclosure {
        name: disclosure.name(),
        fund_year: disclosure.head.fund_year.get(),
        quarter: disclosure.quarter.get(),
        institution_code: disclosure.head.institution.to_string(),
        measured_values: measured_to_pb(&disclosure.measured),
        state: state.into(),
        maker: disclosure.head.persons.maker.clone(),
        checker: disclosure.head.persons.checker.clone().unwrap_or_default(),
    }
}
