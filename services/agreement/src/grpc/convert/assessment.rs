use medfund_money::Rate;
use medfund_proto::agreement::v1 as pb;
use medfund_server::convert::date_to_pb;
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, FundYear, InstitutionCode};

use super::{MAX_ID, MAX_TEXT, call, fund_year, head, measured, measured_to_pb, text};
use crate::app::record_conduct::RecordConduct;
use crate::app::record_indicators::RecordIndicators;
use crate::app::record_review::RecordReview;
use crate::app::state_clean_record::StateCleanRecord;
use crate::domain::conduct::{CleanRecord, Conduct, YearConduct};
use crate::domain::indicators::Assessment;
use crate::domain::record::Record;
use crate::domain::review::Review;
use crate::events::deduction;

pub(in crate::grpc) const REVIEW: &str = "areas/{area}/reviews/{review}";
pub(in crate::grpc) const INDICATORS: &str = "areas/{area}/indicatorAssessments/{indicator_assessment}";
pub(in crate::grpc) const CLEAN_RECORD: &str = "areas/{area}/cleanRecords/{clean_record}";
const CONDUCT: &str = "areas/{area}/institutions/{institution_code}/conducts/{fund_year}";

pub(in crate::grpc) fn record_review(
    context: &Context,
    request: pb::RecordReviewRequest,
) -> Result<RecordReview, Violations> {
    let mut bad = Violations::default();
    let name = (REVIEW, request.name.as_str());
    let head = head(&mut bad, context, name, request.fund_year, &request.institution_code);
    let grade = bad.take("grade", text(request.grade, MAX_ID));
    let reference = bad.take("reference", text(request.reference, MAX_TEXT));
    let call = call(&mut bad, context, head.as_ref().map(|head| &head.area), &request.request_id);
    bad.finish(|| {
        let review = Review { head: head?, grade: grade?, reference: reference?, confirm_date: None };
        Some(RecordReview { call: call?, review })
    })
}

pub(in crate::grpc) fn record_indicators(
    context: &Context,
    request: pb::RecordIndicatorsRequest,
) -> Result<RecordIndicators, Violations> {
    let mut bad = Violations::default();
    let name = (INDICATORS, request.name.as_str());
    let head = head(&mut bad, context, name, request.fund_year, &request.institution_code);
    let measured = measured(&mut bad, request.measured_values, 0);
    let quarter_visits = bad.take("quarter_visits", quarter_visits(&request.quarter_visits));
    let call = call(&mut bad, context, head.as_ref().map(|head| &head.area), &request.request_id);
    bad.finish(|| {
        let begun = Assessment {
            head: head?,
            measured: measured?,
            quarter_visits: quarter_visits?,
            deductions: vec![],
            deduction_rate: Rate::ZERO,
        };
        Some(RecordIndicators { call: call?, begun })
    })
}

fn quarter_visits(visits: &[i64]) -> Result<Option<[i64; 4]>, &'static str> {
    if visits.is_empty() {
        return Ok(None);
    }
    let four = <[i64; 4]>::try_from(visits).ok().filter(|four| four.iter().all(|visits| *visits >= 0));
    four.map(Some).ok_or("must be empty or four counts, none negative")
}

fn conduct_name(context: &Context, name: &str) -> Result<(Area, InstitutionCode, FundYear), FieldProblem> {
    let name = context.name::<2>(CONDUCT, name)?;
    Ok((name.area, name.ids[0].parse()?, fund_year(name.ids[1])?))
}

pub(in crate::grpc) fn record_conduct(
    context: &Context,
    request: pb::RecordConductRequest,
) -> Result<RecordConduct, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", conduct_name(context, &request.name));
    let reference = bad.take("reference", text(request.reference, MAX_TEXT));
    let call = call(&mut bad, context, name.as_ref().map(|(area, ..)| area), &request.request_id);
    bad.finish(|| {
        let (area, institution, fund_year) = name?;
        let (kept_rules, maker) = (request.kept_rules, context.caller().subject.clone());
        let conduct = Conduct { area, institution, fund_year, kept_rules, reference: reference?, maker };
        Some(RecordConduct { call: call?, conduct })
    })
}

pub(in crate::grpc) fn state_clean_record(
    context: &Context,
    request: &pb::StateCleanRecordRequest,
) -> Result<StateCleanRecord, Violations> {
    let mut bad = Violations::default();
    let name = (CLEAN_RECORD, request.name.as_str());
    let head = head(&mut bad, context, name, request.fund_year, &request.institution_code);
    let call = call(&mut bad, context, head.as_ref().map(|head| &head.area), &request.request_id);
    bad.finish(|| Some(StateCleanRecord { call: call?, head: head? }))
}

pub(in crate::grpc) fn review_to_pb(review: &Review) -> pb::Review {
    use pb::review::State;
    let state = if review.head.persons.is_confirmed() { State::Confirmed } else { State::Recorded };
    pb::Review {
        name: review.name(),
        fund_year: review.head.fund_year.get(),
        institution_code: review.head.institution.to_string(),
        grade: review.grade.clone(),
        reference: review.reference.clone(),
        state: state.into(),
        maker: review.head.persons.maker.clone(),
        checker: review.head.persons.checker.clone().unwrap_or_default(),
        confirm_date: review.confirm_date.map(date_to_pb),
    }
}

pub(in crate::grpc) fn assessment_to_pb(assessment: &Assessment) -> pb::IndicatorAssessment {
    use pb::indicator_assessment::State;
    let state = if assessment.head.persons.is_confirmed() { State::Confirmed } else { State::Recorded };
    pb::IndicatorAssessment {
        name: assessment.name(),
        fund_year: assessment.head.fund_year.get(),
        institution_code: assessment.head.institution.to_string(),
        measured_values: measured_to_pb(&assessment.measured),
        quarter_visits: assessment.quarter_visits.map(Vec::from).unwrap_or_default(),
        deductions: assessment.deductions.iter().map(deduction).collect(),
        deduction_rate: assessment.deduction_rate.to_string(),
        state: state.into(),
        maker: assessment.head.persons.maker.clone(),
        checker: assessment.head.persons.checker.clone().unwrap_or_default(),
    }
}

pub(in crate::grpc) fn conduct_to_pb(conduct: &Conduct) -> pb::Conduct {
    let Conduct { area, institution, fund_year, .. } = conduct;
    pb::Conduct {
        name: format!("areas/{area}/institutions/{institution}/conducts/{fund_year}"),
        kept_rules: conduct.kept_rules,
        reference: conduct.reference.clone(),
        maker: conduct.maker.clone(),
    }
}

pub(in crate::grpc) fn clean_record_to_pb(record: &CleanRecord) -> pb::CleanRecord {
    use pb::clean_record::State;
    let state = if record.head.persons.is_confirmed() { State::Confirmed } else { State::Recorded };
    let year = |year: &YearConduct| pb::YearConduct {
        fund_year: year.fund_year.get(),
        known_here: year.known_here,
        recorded: year.recorded.is_some(),
        n_violations: year.n_violations,
        kept_rules: year.kept_rules(),
    };
    pb::CleanRecord {
        name: record.name(),
        fund_year: record.head.fund_year.get(),
        institution_code: record.head.institution.to_string(),
        years: record.years.iter().map(year).collect(),
        clean: record.clean,
        state: state.into(),
        maker: record.head.persons.maker.clone(),
        checker: record.head.persons.checker.clone().unwrap_or_default(),
    }
}
