//! Admission of institutions, districts' methods, agreements.

use medfund_proto::agreement::v1::agreement_service_client::AgreementServiceClient;
use medfund_proto::agreement::v1::institution_service_client::InstitutionServiceClient;
use medfund_proto::agreement::v1::{
    AdmitInstitutionRequest, AgeGroup, BedDayStandard, ChronicStandard, CreateInstitutionRequest,
    DiseaseStandard, DraftAgreementRequest, EvaluateInstitutionRequest, IndicatorLimit, InstitutionProfile,
    PaymentTerm, PeriodicStandard, SetInpatientMethodRequest, SignAgreementRequest,
};
use medfund_proto::types::v1::PaymentMethod;
use medfund_types::InstitutionCode;
use rust_decimal::Decimal;

use super::Year;
use super::decide::Motion;
use super::pack::kind_of_care;
use crate::sample::region::{self as sample, Institution, ListedDisease, Standard, Term};
use crate::suite::rpc;

impl Year<'_> {
    /// Registers, evaluates and admits every institution.
    pub(super) async fn admit_institutions(&self) -> anyhow::Result<()> {
        for institution in &self.region.institutions {
            let step = format!("institution/{}", institution.code);
            let name = self.names.one("institutions", institution.code.as_str());
            let request = CreateInstitutionRequest {
                parent: self.names.area(),
                profile: Some(profile(institution)),
                institution_code: institution.code.to_string(),
                request_id: self.id(&format!("{step}/create")),
            };
            rpc!(self.session, &self.people.officer, Agreement InstitutionServiceClient create_institution, request)
                .await?;
            let request = EvaluateInstitutionRequest {
                name: name.clone(),
                passed: true,
                reference: format!("evaluations/{}", institution.code),
                request_id: self.id(&format!("{step}/evaluate")),
            };
            rpc!(self.session, &self.people.officer, Agreement InstitutionServiceClient evaluate_institution, request)
                .await?;
            let request = AdmitInstitutionRequest { name, request_id: self.id(&format!("{step}/admit")) };
            rpc!(self.session, &self.people.checker, Agreement InstitutionServiceClient admit_institution, request)
                .await?;
        }
        self.heard().await
    }

    /// Has each district's inpatient payment method decided, and sets it, where the pack lets districts choose.
    pub(super) async fn choose_methods(&self) -> anyhow::Result<()> {
        let mut decided = Vec::new();
        let chosen = self.region.districts.iter().filter_map(|district| Some((district, district.method?)));
        for (district, method) in chosen.filter(|_| self.pack.decides("inpatient_method")) {
            let id = format!("districts/{}/inpatientMethods/{}", district.code, self.region.fund_year);
            let name = format!("{}/{id}", self.names.area());
            let motion = Motion {
                matter: "inpatient_method",
                district: Some(&district.code),
                subject: &name,
                step: &format!("method/{}", district.code),
                date: self.before(11, 10),
            };
            decided.push((district, method, self.decide(motion).await?, name));
        }
        self.heard().await?;
        for (district, method, decision, name) in decided {
            let request = SetInpatientMethodRequest {
                name,
                method: method.into(),
                decision,
                request_id: self.id(&format!("method/{}/set", district.code)),
            };
            rpc!(self.session, &self.people.city, Agreement AgreementServiceClient set_inpatient_method, request)
                .await?;
        }
        Ok(())
    }

    /// Drafts the year's agreement of every institution; agency and institution sign it.
    pub(super) async fn sign_agreements(&self) -> anyhow::Result<()> {
        for institution in &self.region.institutions {
            let step = format!("agreement/{}", institution.code);
            let name = self.names.one("agreements", &self.id(&step));
            let request = DraftAgreementRequest {
                name: name.clone(),
                fund_year: self.region.fund_year.get(),
                institution_code: institution.code.to_string(),
                terms: self.terms(&institution.code),
                indicator_limits: self.limits(&institution.code),
                supplements: String::new(),
                effective_date: None,
                management_grade: institution.management_grade.clone(),
                request_id: self.id(&format!("{step}/draft")),
            };
            rpc!(self.session, &self.people.officer, Agreement AgreementServiceClient draft_agreement, request).await?;
            let sign = |side: &str| SignAgreementRequest {
                name: name.clone(),
                request_id: self.id(&format!("{step}/sign/{side}")),
            };
            let clerk = self.people.clerk(&institution.code);
            rpc!(self.session, &self.people.checker, Agreement AgreementServiceClient sign_agreement, sign("agency"))
                .await?;
            rpc!(self.session, &clerk, Agreement AgreementServiceClient sign_agreement, sign("institution"))
                .await?;
        }
        self.heard().await
    }

    fn limits(&self, institution: &InstitutionCode) -> Vec<IndicatorLimit> {
        let conduct = self.region.conduct.iter().filter(|conduct| conduct.institution == *institution);
        let limit = |(indicator, limit): &(String, Decimal)| IndicatorLimit {
            indicator: indicator.clone(),
            limit_value: limit.to_string(),
        };
        conduct.flat_map(|conduct| &conduct.limits).map(limit).collect()
    }

    fn terms(&self, institution: &InstitutionCode) -> Vec<PaymentTerm> {
        let mut terms = Vec::new();
        for line in self.lines() {
            let own = self.region.terms.iter().filter(|t| t.institution == *institution);
            terms.extend(own.filter(|t| t.fund_line == *line).map(within_quota));
            let others = self.pack.other_care(line).into_iter();
            terms.extend(others.map(|other| PaymentTerm {
                fund_line: line.to_string(),
                kind_of_care: other.kind.into(),
                method: other.method.into(),
                ..PaymentTerm::default()
            }));
        }
        terms
    }
}

fn profile(institution: &Institution) -> InstitutionProfile {
    InstitutionProfile {
        display_name: institution.name.clone(),
        district: institution.district.to_string(),
        level: institution.level,
        institution_class: institution.class.to_owned(),
        primary: institution.primary,
        city_direct: false,
        members: Vec::new(),
        authorised_signers: Vec::new(),
    }
}

fn within_quota(term: &Term) -> PaymentTerm {
    let mut paid = PaymentTerm {
        fund_line: term.fund_line.to_string(),
        kind_of_care: kind_of_care(term.care).into(),
        ..PaymentTerm::default()
    };
    let method = match &term.standard {
        Standard::AverageQuota { standard_fen } => {
            paid.standard_per_admission_fen = *standard_fen;
            PaymentMethod::AverageQuota
        }
        Standard::ByDisease { standards } => {
            let standard = |one: &ListedDisease| DiseaseStandard {
                disease_code: one.code.clone(),
                standard_fen: one.standard_fen,
                covers_whole_stay: one.covers_whole_stay,
                tcm_advantage: false,
            };
            paid.disease_standards = standards.iter().map(standard).collect();
            PaymentMethod::ByDisease
        }
        Standard::PerCapita { ages, chronic, standard_fen } => {
            let group = |group: &sample::AgeGroup| AgeGroup {
                from_age: group.from_age,
                persons: group.n_persons,
                factor: group.factor.to_string(),
            };
            let of_disease = |(code, persons, fen): &(String, i64, i64)| ChronicStandard {
                disease_code: code.clone(),
                persons: *persons,
                standard_per_person_fen: *fen,
            };
            paid.age_groups = ages.iter().map(group).collect();
            paid.chronic_standards = chronic.iter().map(of_disease).collect();
            paid.standard_per_person_fen = *standard_fen;
            PaymentMethod::PerCapita
        }
        Standard::DailyCap { cap_fen } => {
            paid.cap_per_day_fen = *cap_fen;
            PaymentMethod::DailyCap
        }
        Standard::ServiceUnit { unit, standard_fen } => {
            paid.set_service_unit(*unit);
            paid.standard_per_unit_fen = *standard_fen;
            PaymentMethod::ServiceUnit
        }
        Standard::TotalPrepayment { total_fen } => {
            paid.total_fen = *total_fen;
            PaymentMethod::TotalPrepayment
        }
        Standard::BedDay { standards } => {
            let standard = |(service, code, fen): &(String, String, i64)| BedDayStandard {
                service: service.clone(),
                disease_code: code.clone(),
                standard_per_day_fen: *fen,
            };
            paid.bed_day_standards = standards.iter().map(standard).collect();
            PaymentMethod::BedDay
        }
        Standard::Periodic { standards } => {
            let standard = |(code, days, fen): &(String, i32, i64)| PeriodicStandard {
                disease_code: code.clone(),
                period_days: *days,
                standard_per_period_fen: *fen,
            };
            paid.periodic_standards = standards.iter().map(standard).collect();
            PaymentMethod::Periodic
        }
        Standard::FeeForService => PaymentMethod::FeeForService,
        Standard::DrgPoints => PaymentMethod::DrgPoints,
        Standard::DrgRate { rate_fen } => {
            paid.rate_fen = *rate_fen;
            PaymentMethod::DrgRate
        }
    };
    paid.method = method.into();
    paid
}
