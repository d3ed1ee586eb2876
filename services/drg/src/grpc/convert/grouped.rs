use medfund_grouper::quality::{Finding, Level};
use medfund_grouper::{Answer, Field, Outcome, Scheme, Severity};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::grouped_case::{Outcome as PbOutcome, Severity as PbSeverity};

use crate::domain::grouping::Grouped;

/// What became of a case, as its caller hears it; what a crosswalk made of its codes apart.
pub(super) fn grouped_to_pb(scheme: &Scheme, id: &str, grouped: &Grouped<'_>) -> pb::GroupedCase {
    let texts = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
    let findings = grouped.findings.iter().map(finding_to_pb).collect();
    let Some(answer) = grouped.answer else {
        return pb::GroupedCase {
            id: id.to_owned(),
            outcome: PbOutcome::Blocked.into(),
            drg: "0000".to_owned(),
            findings,
            ..pb::GroupedCase::default()
        };
    };
    let (outcome, missing_field) = outcome_to_pb(answer);
    pb::GroupedCase {
        id: id.to_owned(),
        outcome: outcome.into(),
        mdc: answer.mdc.map(|mdc| scheme.mdc_code(mdc).to_owned()).unwrap_or_default(),
        adrg: answer.adrg.map(|adrg| scheme.adrg_code(adrg).to_owned()).unwrap_or_default(),
        drg: answer.code(scheme).into_owned(),
        severity: severity_to_pb(answer.severity).into(),
        mcc_codes: texts(&grouped.mcc),
        cc_codes: texts(&grouped.cc),
        missing_field: missing_field.to_owned(),
        findings,
        translated_codes: Vec::new(),
    }
}

fn outcome_to_pb(answer: Answer) -> (PbOutcome, &'static str) {
    match answer.outcome {
        Outcome::Grouped => (PbOutcome::Grouped, ""),
        Outcome::Ambiguous => (PbOutcome::Ambiguous, ""),
        Outcome::NotGrouped => (PbOutcome::NotGrouped, ""),
        Outcome::InvalidCode => (PbOutcome::InvalidCode, ""),
        Outcome::NeedsData(Field::Sex) => (PbOutcome::NeedsData, "sex"),
        Outcome::NeedsData(Field::Age) => (PbOutcome::NeedsData, "age_years"),
        Outcome::NeedsData(Field::AgeInDays) => (PbOutcome::NeedsData, "age_days"),
        Outcome::NeedsData(Field::BirthWeight) => (PbOutcome::NeedsData, "birth_weight_g"),
        Outcome::NeedsData(Field::StayDays) => (PbOutcome::NeedsData, "details"),
    }
}

pub(super) fn severity_to_pb(severity: Severity) -> PbSeverity {
    match severity {
        Severity::None => PbSeverity::Unspecified,
        Severity::Cc => PbSeverity::Cc,
        Severity::Mcc => PbSeverity::Mcc,
    }
}

pub(super) fn finding_to_pb(finding: &Finding) -> pb::Finding {
    pb::Finding {
        code: finding.kind.code().to_owned(),
        blocking: finding.level == Level::Blocking,
        field: finding.field.name().to_owned(),
        index: finding.index.and_then(|index| i32::try_from(index).ok()),
        value: finding.value.clone(),
        text_zh: finding.kind.zh().to_owned(),
    }
}
