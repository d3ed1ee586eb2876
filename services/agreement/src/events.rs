//! What the domain decided, as other services hear it.

use chrono::NaiveDate;
use medfund_policy::PaymentMethod;
use medfund_proto::agreement::v1 as pb;
use medfund_proto::types::v1 as types;
use medfund_server::convert::{date_to_pb, kind_of_care_to_pb, settlement_month_to_pb};

use crate::domain::agreement::Agreement;
use crate::domain::conduct::CleanRecord;
use crate::domain::indicators::{Assessment, Deduction};
use crate::domain::inspection::Inspection;
use crate::domain::institution::Institution;
use crate::domain::method::InpatientMethod;
use crate::domain::record::Record;
use crate::domain::review::Review;
use crate::domain::terms::{
    AgeGroup, Assigned, BedDayStandard, ChronicStandard, DiseaseStandard, PeriodicStandard, ServiceUnit,
    Standards, Term,
};

pub(crate) fn institution_changed(institution: &Institution) -> pb::InstitutionChanged {
    let profile = &institution.profile;
    pb::InstitutionChanged {
        institution_code: institution.code.to_string(),
        display_name: profile.display_name.clone(),
        district: profile.district.to_string(),
        level: profile.level.into(),
        institution_class: profile.institution_class.clone(),
        primary: profile.primary,
        active: institution.is_active(),
    }
}

pub(crate) fn inpatient_method_decided(set: &InpatientMethod) -> pb::InpatientMethodDecided {
    pb::InpatientMethodDecided {
        district: set.district.to_string(),
        method: method_to_pb(set.method).into(),
        from_fund_year: set.from_fund_year.get(),
        locked_through_fund_year: set.locked_through.get(),
        decision: format!("areas/{}/decisions/{}", set.area, set.decision),
    }
}

pub(crate) fn agreement_signed(signed: &Agreement) -> pb::AgreementSigned {
    pb::AgreementSigned {
        agreement: signed.name(),
        fund_year: signed.fund_year.get(),
        institution_code: signed.institution.to_string(),
        terms: signed.terms.iter().map(term_to_pb).collect(),
        version: signed.version.unwrap_or_default(),
        effective_date: Some(date_to_pb(signed.effective_date)),
        management_grade: signed.management_grade.clone(),
    }
}

pub(crate) fn refusal_confirmed(confirmed: &Inspection) -> pb::RefusalConfirmed {
    pb::RefusalConfirmed {
        inspection: confirmed.name(),
        fund_year: confirmed.head.fund_year.get(),
        fund_line: confirmed.fund_line.to_string(),
        institution_code: confirmed.head.institution.to_string(),
        settlement_month: Some(settlement_month_to_pb(confirmed.month)),
        sample_violating_fen: confirmed.violating.get(),
        sampling_rate: confirmed.sampling_rate.to_string(),
        refused_fen: confirmed.refused.get(),
    }
}

pub(crate) fn review_confirmed(confirmed: &Review, today: NaiveDate) -> pb::ReviewConfirmed {
    pb::ReviewConfirmed {
        fund_year: confirmed.head.fund_year.get(),
        institution_code: confirmed.head.institution.to_string(),
        grade: confirmed.grade.clone(),
        confirm_date: Some(date_to_pb(today)),
    }
}

pub(crate) fn deduction(deduction: &Deduction) -> pb::IndicatorDeduction {
    pb::IndicatorDeduction {
        indicator: deduction.indicator.clone(),
        limit_value: deduction.limit.to_string(),
        measured_value: deduction.measured.to_string(),
        deduction_rate: deduction.rate.to_string(),
    }
}

pub(crate) fn indicators_confirmed(confirmed: &Assessment) -> pb::IndicatorsConfirmed {
    pb::IndicatorsConfirmed {
        fund_year: confirmed.head.fund_year.get(),
        institution_code: confirmed.head.institution.to_string(),
        deductions: confirmed.deductions.iter().map(deduction).collect(),
    }
}

pub(crate) fn clean_record_confirmed(confirmed: &CleanRecord) -> pb::CleanRecordConfirmed {
    pb::CleanRecordConfirmed {
        fund_year: confirmed.head.fund_year.get(),
        institution_code: confirmed.head.institution.to_string(),
        clean: confirmed.clean,
    }
}

pub(crate) fn term_to_pb(term: &Term) -> pb::PaymentTerm {
    let mut message = pb::PaymentTerm {
        fund_line: term.fund_line.to_string(),
        kind_of_care: kind_of_care_to_pb(term.care).into(),
        method: method_to_pb(term.standards.method()).into(),
        ..pb::PaymentTerm::default()
    };
    match &term.standards {
        Standards::AverageQuota { per_admission } => {
            message.standard_per_admission_fen = per_admission.get().get();
        }
        Standards::PerCapita { per_person, assigned, chronic } => {
            message.standard_per_person_fen = per_person.get().get();
            match assigned {
                Assigned::Persons(persons) => message.persons = *persons,
                Assigned::ByAge(groups) => message.age_groups = groups.iter().map(age_group).collect(),
            }
            let standard = |one: &ChronicStandard| pb::ChronicStandard {
                disease_code: one.disease_code.clone(),
                persons: one.persons,
                standard_per_person_fen: one.per_person.get().get(),
            };
            message.chronic_standards = chronic.iter().map(standard).collect();
        }
        Standards::DailyCap { per_day } => message.cap_per_day_fen = per_day.get().get(),
        Standards::ByDisease { diseases } => {
            let standard = |disease: &DiseaseStandard| pb::DiseaseStandard {
                disease_code: disease.disease_code.clone(),
                standard_fen: disease.standard.get().get(),
                covers_whole_stay: disease.covers_whole_stay,
                tcm_advantage: disease.tcm_advantage,
            };
            message.disease_standards = diseases.iter().map(standard).collect();
        }
        Standards::ServiceUnit { unit, per_unit } => {
            message.set_service_unit(match unit {
                ServiceUnit::Visit => pb::ServiceUnit::Visit,
                ServiceUnit::Day => pb::ServiceUnit::Day,
            });
            message.standard_per_unit_fen = per_unit.get().get();
        }
        Standards::TotalPrepayment { total } => message.total_fen = total.get().get(),
        Standards::BedDay { services } => {
            let standard = |one: &BedDayStandard| pb::BedDayStandard {
                service: one.service.clone(),
                disease_code: one.disease_code.clone().unwrap_or_default(),
                standard_per_day_fen: one.per_day.get().get(),
            };
            message.bed_day_standards = services.iter().map(standard).collect();
        }
        Standards::Periodic { diseases } => {
            let standard = |one: &PeriodicStandard| pb::PeriodicStandard {
                disease_code: one.disease_code.clone(),
                period_days: one.period_days,
                standard_per_period_fen: one.per_period.get().get(),
            };
            message.periodic_standards = diseases.iter().map(standard).collect();
        }
        Standards::DrgRate { rate } => message.rate_fen = rate.get().get(),
        Standards::Elsewhere(_) => {}
    }
    message
}

fn age_group(group: &AgeGroup) -> pb::AgeGroup {
    pb::AgeGroup { from_age: group.from_age, persons: group.persons, factor: group.factor.to_string() }
}

pub(crate) fn method_to_pb(method: PaymentMethod) -> types::PaymentMethod {
    use types::PaymentMethod as Pb;
    match method {
        PaymentMethod::AverageQuota => Pb::AverageQuota,
        PaymentMethod::ByDisease => Pb::ByDisease,
        PaymentMethod::PerCapita => Pb::PerCapita,
        PaymentMethod::DailyCap => Pb::DailyCap,
        PaymentMethod::DrgPoints => Pb::DrgPoints,
        PaymentMethod::DrgRate => Pb::DrgRate,
        PaymentMethod::BedDay => Pb::BedDay,
        PaymentMethod::ServiceUnit => Pb::ServiceUnit,
        PaymentMethod::TotalPrepayment => Pb::TotalPrepayment,
        PaymentMethod::Periodic => Pb::Periodic,
        PaymentMethod::FeeForService => Pb::FeeForService,
    }
}
