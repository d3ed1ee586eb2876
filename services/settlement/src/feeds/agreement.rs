use futures::future::BoxFuture;
use medfund_db::{DbError, EventHandler, Tx, feed};
use medfund_money::{Coefficient, Fen, Rate};
use medfund_policy::PaymentMethod;
use medfund_proto::agreement::v1::{
    self as pb, AgreementSigned, CleanRecordConfirmed, IndicatorsConfirmed, InstitutionChanged,
    RefusalConfirmed, ReviewConfirmed,
};
use medfund_proto::feed::v1::Event;
use medfund_proto::types::v1 as types;
use medfund_server::convert::{kind_of_care, settlement_month};

use super::{FeedError, area, date, malformed, parsed};
use crate::domain::{
    AgeGroup, Assigned, BedDayStandard, ChronicStandard, DiseaseStandard, PaymentTerm, PeriodicStandard,
    ServiceUnit, Standards,
};
use crate::store;
use crate::store::agreements::AgreementRow;
use crate::store::clean_records::CleanRecordRow;
use crate::store::columns::{Deductions, Terms};
use crate::store::indicators::IndicatorsRow;
use crate::store::institutions::InstitutionRow;
use crate::store::refusals::RefusalRow;
use crate::store::reviews::ReviewRow;

/// What `agreement` tells.
pub(crate) struct AgreementFeed;

impl EventHandler for AgreementFeed {
    type Error = FeedError;

    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> BoxFuture<'a, Result<(), FeedError>> {
        Box::pin(async move {
            let area = area(event)?;
            if let Some(heard) = feed::decode::<InstitutionChanged>(event)? {
                store::institutions::save(tx.conn(), &institution_row(event, heard)?).await?;
            } else if let Some(heard) = feed::decode::<AgreementSigned>(event)? {
                let terms = heard.terms.iter().map(|term| payment_term(event, term));
                let terms: Vec<PaymentTerm> = terms.collect::<Result<_, _>>()?;
                let row = AgreementRow {
                    area,
                    fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
                    institution_code: parsed(event, "institution_code", heard.institution_code.parse())?,
                    version: heard.version,
                    effective_date: date(event, "effective_date", heard.effective_date)?,
                    agreement: heard.agreement,
                    terms: Terms(terms),
                    management_grade: heard.management_grade,
                };
                store::agreements::save(tx.conn(), &row).await?;
            } else if let Some(heard) = feed::decode::<CleanRecordConfirmed>(event)? {
                let row = CleanRecordRow {
                    area,
                    fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
                    institution_code: parsed(event, "institution_code", heard.institution_code.parse())?,
                    clean: heard.clean,
                };
                store::clean_records::save(tx.conn(), &row).await?;
            } else if let Some(heard) = feed::decode::<RefusalConfirmed>(event)? {
                store::refusals::insert(tx.conn(), &refusal_row(event, heard)?).await?;
            } else if let Some(heard) = feed::decode::<ReviewConfirmed>(event)? {
                let row = ReviewRow {
                    area,
                    fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
                    institution_code: parsed(event, "institution_code", heard.institution_code.parse())?,
                    grade: heard.grade,
                    confirm_date: date(event, "confirm_date", heard.confirm_date)?,
                };
                store::reviews::save(tx.conn(), &row).await?;
            } else if let Some(heard) = feed::decode::<IndicatorsConfirmed>(event)? {
                let row = indicators_row(event, heard)?;
                store::indicators::save(tx.conn(), &row).await?;
            }
            Ok(())
        })
    }
}

fn institution_row(event: &Event, heard: InstitutionChanged) -> Result<InstitutionRow, DbError> {
    Ok(InstitutionRow {
        area: area(event)?,
        institution_code: parsed(event, "institution_code", heard.institution_code.parse())?,
        display_name: heard.display_name,
        district: parsed(event, "district", heard.district.parse())?,
        level: heard.level,
        institution_class: heard.institution_class,
        is_primary: heard.primary,
        active: heard.active,
    })
}

fn refusal_row(event: &Event, heard: RefusalConfirmed) -> Result<RefusalRow, FeedError> {
    let month = settlement_month(heard.settlement_month).map_err(|_| malformed(event, "settlement_month"))?;
    Ok(RefusalRow {
        area: area(event)?,
        inspection: heard.inspection,
        fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
        fund_line: parsed(event, "fund_line", heard.fund_line.parse())?,
        institution_code: parsed(event, "institution_code", heard.institution_code.parse())?,
        settlement_month: month,
        sample_violating_fen: Fen::new(heard.sample_violating_fen),
        sampling_rate: heard.sampling_rate,
        refused_fen: Fen::new(heard.refused_fen),
        taken_month: None,
    })
}

fn indicators_row(event: &Event, heard: IndicatorsConfirmed) -> Result<IndicatorsRow, FeedError> {
    let deduction = |one: &pb::IndicatorDeduction| -> Result<(String, Rate), FeedError> {
        let rate = one.deduction_rate.parse().map_err(|_| malformed(event, "deduction_rate"))?;
        Ok((one.indicator.clone(), rate))
    };
    let deductions: Vec<(String, Rate)> = heard.deductions.iter().map(deduction).collect::<Result<_, _>>()?;
    Ok(IndicatorsRow {
        area: area(event)?,
        fund_year: parsed(event, "fund_year", heard.fund_year.try_into())?,
        institution_code: parsed(event, "institution_code", heard.institution_code.parse())?,
        deductions: Deductions(deductions),
    })
}

fn payment_term(event: &Event, term: &pb::PaymentTerm) -> Result<PaymentTerm, FeedError> {
    Ok(PaymentTerm {
        fund_line: term.fund_line.parse().map_err(|_| malformed(event, "fund_line"))?,
        kind_of_care: parsed(event, "kind_of_care", kind_of_care(term.kind_of_care))?,
        standards: standards(event, term)?,
    })
}

fn standards(event: &Event, term: &pb::PaymentTerm) -> Result<Standards, FeedError> {
    let disease = |one: &pb::DiseaseStandard| DiseaseStandard {
        disease_code: one.disease_code.clone(),
        standard: Fen::new(one.standard_fen),
        covers_whole_stay: one.covers_whole_stay,
        tcm_advantage: one.tcm_advantage,
    };
    let periodic = |one: &pb::PeriodicStandard| PeriodicStandard {
        disease_code: one.disease_code.clone(),
        period_days: one.period_days.into(),
        per_period: Fen::new(one.standard_per_period_fen),
    };
    let chronic = |one: &pb::ChronicStandard| ChronicStandard {
        disease_code: one.disease_code.clone(),
        persons: one.persons,
        per_person: Fen::new(one.standard_per_person_fen),
    };
    let service = |one: &pb::BedDayStandard| BedDayStandard {
        service: one.service.clone(),
        disease_code: Some(one.disease_code.clone()).filter(|code| !code.is_empty()),
        per_day: Fen::new(one.standard_per_day_fen),
    };
    Ok(match term.method() {
        types::PaymentMethod::Unspecified => return Err(malformed(event, "method").into()),
        types::PaymentMethod::AverageQuota => {
            Standards::AverageQuota { per_admission: Fen::new(term.standard_per_admission_fen) }
        }
        types::PaymentMethod::ByDisease => {
            Standards::ByDisease { diseases: term.disease_standards.iter().map(disease).collect() }
        }
        types::PaymentMethod::PerCapita => {
            let per_person = Fen::new(term.standard_per_person_fen);
            let chronic = term.chronic_standards.iter().map(chronic).collect();
            Standards::PerCapita { per_person, assigned: assigned(event, term)?, chronic }
        }
        types::PaymentMethod::Periodic => {
            if term.periodic_standards.iter().any(|one| one.period_days < 1) {
                return Err(malformed(event, "period_days").into());
            }
            Standards::Periodic { diseases: term.periodic_standards.iter().map(periodic).collect() }
        }
        types::PaymentMethod::DailyCap => Standards::DailyCap { per_day: Fen::new(term.cap_per_day_fen) },
        types::PaymentMethod::DrgPoints => Standards::Elsewhere(PaymentMethod::DrgPoints),
        types::PaymentMethod::DrgRate => Standards::DrgRate { rate: Fen::new(term.rate_fen) },
        types::PaymentMethod::BedDay => {
            Standards::BedDay { services: term.bed_day_standards.iter().map(service).collect() }
        }
        types::PaymentMethod::ServiceUnit => {
            let unit = match term.service_unit() {
                pb::ServiceUnit::Unspecified => return Err(malformed(event, "service_unit").into()),
                pb::ServiceUnit::Visit => ServiceUnit::Visit,
                pb::ServiceUnit::Day => ServiceUnit::Day,
            };
            Standards::ServiceUnit { unit, per_unit: Fen::new(term.standard_per_unit_fen) }
        }
        types::PaymentMethod::TotalPrepayment => {
            Standards::TotalPrepayment { total: Fen::new(term.total_fen) }
        }
        types::PaymentMethod::FeeForService => Standards::FeeForService,
    })
}

fn assigned(event: &Event, term: &pb::PaymentTerm) -> Result<Assigned, FeedError> {
    if term.age_groups.is_empty() {
        return Ok(Assigned::Persons(term.persons));
    }
    let group = |one: &pb::AgeGroup| -> Result<AgeGroup, FeedError> {
        let factor: Coefficient = one.factor.parse().map_err(|_| malformed(event, "factor"))?;
        Ok(AgeGroup { from_age: one.from_age, persons: one.persons, factor })
    };
    Ok(Assigned::ByAge(term.age_groups.iter().map(group).collect::<Result<_, _>>()?))
}
