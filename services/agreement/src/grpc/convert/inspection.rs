use std::collections::HashSet;

use medfund_money::{Fen, PositiveFen, Rate};
use medfund_proto::agreement::v1 as pb;
use medfund_server::convert::{date, date_to_pb, settlement_month, settlement_month_to_pb};
use medfund_server::{Context, Violations};
use medfund_types::FundLine;

use super::{MAX_ID, MAX_TEXT, call, head, physician, text};
use crate::app::record_inspection::RecordInspection;
use crate::app::record_violation::RecordViolation;
use crate::domain::inspection::{Inspection, Sample, ViolatingCase};
use crate::domain::record::Record;
use crate::domain::violation::Violation;

pub(in crate::grpc) const VIOLATION: &str = "areas/{area}/violations/{violation}";
pub(in crate::grpc) const INSPECTION: &str = "areas/{area}/inspections/{inspection}";
const MAX_CASES: usize = 5_000;

pub(in crate::grpc) fn record_violation(
    context: &Context,
    request: pb::RecordViolationRequest,
) -> Result<RecordViolation, Violations> {
    let mut bad = Violations::default();
    let name = (VIOLATION, request.name.as_str());
    let head = head(&mut bad, context, name, request.fund_year, &request.institution_code);
    let kind = bad.take("kind", text(request.kind, MAX_ID));
    let occur_date = bad.take("occur_date", date(request.occur_date));
    let amount = Some(request.amount_fen).filter(|fen| *fen >= 0).map(Fen::new);
    let amount = bad.take("amount_fen", amount.ok_or("must not be negative"));
    let physician_code = bad.take_text("physician_code", &request.physician_code, physician);
    let reference = bad.take("reference", text(request.reference, MAX_TEXT));
    let call = call(&mut bad, context, head.as_ref().map(|head| &head.area), &request.request_id);
    bad.finish(|| {
        let violation = Violation {
            head: head?,
            kind: kind?,
            spoils_record: true,
            occur_date: occur_date?,
            amount: amount?,
            physician_code: physician_code?,
            reference: reference?,
            inspection: None,
        };
        Some(RecordViolation { call: call?, violation })
    })
}

pub(in crate::grpc) fn record_inspection(
    context: &Context,
    request: pb::RecordInspectionRequest,
) -> Result<RecordInspection, Violations> {
    let mut bad = Violations::default();
    let name = (INSPECTION, request.name.as_str());
    let head = head(&mut bad, context, name, request.fund_year, &request.institution_code);
    let fund_line = bad.take("fund_line", request.fund_line.parse::<FundLine>());
    let month = bad.take("settlement_month", settlement_month(request.settlement_month));
    let (n_population, n_sample) = (request.n_population, request.n_sample);
    if n_population < 1 {
        bad.add("n_population", "must be at least 1");
    }
    if n_sample < 1 || n_sample > n_population {
        bad.add("n_sample", "must be at least 1 and not more than the population");
    }
    let violating_cases = cases(&mut bad, request.violating_cases, n_sample);
    let call = call(&mut bad, context, head.as_ref().map(|head| &head.area), &request.request_id);
    bad.finish(|| {
        let begun = Inspection {
            head: head?,
            fund_line: fund_line?,
            month: month?,
            sample: Sample { n_population, n_sample, violating_cases: violating_cases? },
            violating: Fen::ZERO,
            sampling_rate: Rate::ONE,
            extrapolated: false,
            refused: Fen::ZERO,
        };
        Some(RecordInspection { call: call?, begun })
    })
}

fn cases(bad: &mut Violations, cases: Vec<pb::ViolatingCase>, n_sample: i64) -> Option<Vec<ViolatingCase>> {
    let within_sample = i64::try_from(cases.len()).is_ok_and(|n| n <= n_sample.max(0));
    if cases.is_empty() || cases.len() > MAX_CASES || !within_sample {
        bad.add("violating_cases", format!("must be at least 1, at most the sample and {MAX_CASES}"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("violating_cases", cases, |bad, case| {
        let case_id = bad.take("case_id", text(case.case_id, MAX_ID));
        let kind = bad.take("kind", text(case.kind, MAX_ID));
        let amount = bad.take("amount_fen", PositiveFen::try_from(case.amount_fen));
        let physician_code = bad.take_text("physician_code", &case.physician_code, physician);
        let case_id = case_id?;
        if !seen.insert(case_id.clone()) {
            bad.add("case_id", "must not be given twice");
            return None;
        }
        Some(ViolatingCase { case_id, kind: kind?, amount: amount?, physician_code: physician_code? })
    })
}

pub(in crate::grpc) fn violation_to_pb(violation: &Violation) -> pb::Violation {
    use pb::violation::State;
    let state = if violation.head.persons.is_confirmed() { State::Confirmed } else { State::Recorded };
    let inspection = violation.inspection.map(|id| format!("areas/{}/inspections/{id}", violation.head.area));
    pb::Violation {
        name: violation.name(),
        fund_year: violation.head.fund_year.get(),
        institution_code: violation.head.institution.to_string(),
        kind: violation.kind.clone(),
        occur_date: Some(date_to_pb(violation.occur_date)),
        amount_fen: violation.amount.get(),
        physician_code: violation.physician_code.clone().unwrap_or_default(),
        reference: violation.reference.clone(),
        inspection: inspection.unwrap_or_default(),
        state: state.into(),
        maker: violation.head.persons.maker.clone(),
        checker: violation.head.persons.checker.clone().unwrap_or_default(),
    }
}

pub(in crate::grpc) fn inspection_to_pb(inspection: &Inspection) -> pb::Inspection {
    use pb::inspection::State;
    let state = if inspection.head.persons.is_confirmed() { State::Confirmed } else { State::Recorded };
    let case = |case: &ViolatingCase| pb::ViolatingCase {
        case_id: case.case_id.clone(),
        kind: case.kind.clone(),
        amount_fen: case.amount.get().get(),
        physician_code: case.physician_code.clone().unwrap_or_default(),
    };
    pb::Inspection {
        name: inspection.name(),
        fund_year: inspection.head.fund_year.get(),
        fund_line: inspection.fund_line.to_string(),
        institution_code: inspection.head.institution.to_string(),
        settlement_month: Some(settlement_month_to_pb(inspection.month)),
        n_population: inspection.sample.n_population,
        n_sample: inspection.sample.n_sample,
        violating_cases: inspection.sample.violating_cases.iter().map(case).collect(),
        sample_violating_fen: inspection.violating.get(),
        sampling_rate: inspection.sampling_rate.to_string(),
        refused_fen: inspection.refused.get(),
        state: state.into(),
        maker: inspection.head.persons.maker.clone(),
        checker: inspection.head.persons.checker.clone().unwrap_or_default(),
    }
}
