use medfund_proto::agreement::v1 as pb;
use medfund_proto::google::r#type::Date;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::{AREA, BadRequests, Refused, bad_requests};

use super::move_away;
use crate::support::*;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    methods(suite, table).await;
    drafts(suite, table).await;
    terms(suite, table).await;
    signing_and_reading(suite, table).await;
}

async fn methods(suite: &Suite, table: &mut BadRequests) {
    let mut officer = suite.agreements(OFFICER);
    let of =
        |district: &str, year: &str| format!("areas/{AREA}/districts/{district}/inpatientMethods/{year}");
    let good = suite.method(PaymentMethod::DailyCap, 2017, name("decisions"));
    bad_requests!(table, officer.set_inpatient_method(good), {
        "no district's code": |r| r.name = of("1", "2017") => ["name"],
        "a year with a leading zero": |r| r.name = of(DISTRICT, "02017") => ["name"],
        "a year before all funds": |r| r.name = of(DISTRICT, "1999") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no method": |r| r.method = 0 => ["method"],
        "a method that is none": |r| r.method = 99 => ["method"],
        "a decision without its area": |r| r.decision = id() => ["decision"],
        "another area's decision": |r| move_away(&mut r.decision) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default() => ["name", "method", "decision", "request_id"],
    });
    let list = pb::ListInpatientMethodsRequest { parent: area(), ..Default::default() };
    bad_requests!(table, officer.list_inpatient_methods(list), {
        "a fund year for an area": |r| r.parent = fund_year() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no district's code": |r| r.district = "44070".into() => ["district"],
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "7b7d".into() => ["page_token"],
    });
}

async fn drafts(suite: &Suite, table: &mut BadRequests) {
    let july = Some(Date { year: 2017, month: 7, day: 1 });
    let mut officer = suite.agreements(OFFICER);
    bad_requests!(table, officer.draft_agreement(draft()), {
        "an id that is no UUID": |r| r.name = format!("areas/{AREA}/agreements/1") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a year before all funds": |r| r.fund_year = 1999 => ["fund_year"],
        "a year after all funds": |r| r.fund_year = 2101 => ["fund_year"],
        "no institution": |r| r.institution_code.clear() => ["institution_code"],
        "a limit of no indicator": |r| r.indicator_limits[0].indicator.clear() => ["indicator_limits[0].indicator"],
        "a limit with a comma": |r| r.indicator_limits[0].limit_value = "1,25".into()
            => ["indicator_limits[0].limit_value"],
        "a limit with an exponent": |r| r.indicator_limits[0].limit_value = "1e3".into()
            => ["indicator_limits[0].limit_value"],
        "a limit of 31 digits": |r| r.indicator_limits[0].limit_value = "1".repeat(31)
            => ["indicator_limits[0].limit_value"],
        "an indicator's limit twice": |r| { let one = r.indicator_limits[0].clone(); r.indicator_limits.push(one) }
            => ["indicator_limits[1].indicator"],
        "a grade too long": |r| r.management_grade = "a".repeat(65) => ["management_grade"],
        "too many limits": |r| r.indicator_limits = vec![Default::default(); 101] => ["indicator_limits"],
        "a first day of no supplement": |r| r.effective_date = july => ["effective_date"],
        "a supplement without its first day": |r| r.supplements = name("agreements") => ["effective_date"],
        "a supplement to no name": |r| { r.supplements = "x".into(); r.effective_date = july } => ["supplements"],
        "a supplement to another area's": |r| {
            r.supplements = name("agreements");
            move_away(&mut r.supplements);
            r.effective_date = july;
        } => Refused::not_found(),
        "a supplement from no day": |r| {
            r.supplements = name("agreements");
            r.effective_date = Some(Date { year: 2017, month: 13, day: 1 });
        } => ["effective_date"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default()
            => ["name", "fund_year", "institution_code", "terms", "request_id"],
    });
}

async fn terms(suite: &Suite, table: &mut BadRequests) {
    /// The first term, by another method, without the standard of the good one.
    fn first(request: &mut pb::DraftAgreementRequest, method: PaymentMethod) -> &mut pb::PaymentTerm {
        let term = &mut request.terms[0];
        (term.method, term.standard_per_admission_fen) = (method.into(), 0);
        term
    }
    let disease = |disease_code: &str, standard_fen| pb::DiseaseStandard {
        disease_code: disease_code.into(),
        standard_fen,
        ..Default::default()
    };
    let ages = |groups: &[(i32, i64, &str)]| -> Vec<pb::AgeGroup> {
        let group = |&(from_age, persons, factor): &(_, _, &str)| pb::AgeGroup {
            from_age,
            persons,
            factor: factor.into(),
        };
        groups.iter().map(group).collect()
    };
    let periodic = |disease_code: &str, period_days, standard_per_period_fen| pb::PeriodicStandard {
        disease_code: disease_code.into(),
        period_days,
        standard_per_period_fen,
    };
    let bed_day = |disease_code: &str| pb::BedDayStandard {
        service: "psychiatric".into(),
        disease_code: disease_code.into(),
        standard_per_day_fen: 1,
    };
    let mut officer = suite.agreements(OFFICER);
    bad_requests!(table, officer.draft_agreement(draft()), {
        "no terms": |r| r.terms.clear() => ["terms"],
        "too many terms": |r| r.terms = vec![Default::default(); 101] => ["terms"],
        "no fund line's id": |r| r.terms[1].fund_line = "职工".into() => ["terms[1].fund_line"],
        "no kind of care": |r| r.terms[0].kind_of_care = 0 => ["terms[0].kind_of_care"],
        "a kind of care that is none": |r| r.terms[0].kind_of_care = 77 => ["terms[0].kind_of_care"],
        "no method": |r| r.terms[0].method = 0 => ["terms[0].method"],
        "a fund line's care twice": |r| r.terms[1].fund_line = "employee".into() => ["terms[1].method"],
        "two methods for every case": |r| {
            r.terms[1].fund_line = "employee".into();
            (r.terms[1].method, r.terms[1].standard_per_admission_fen) = (PaymentMethod::FeeForService.into(), 0);
        } => ["terms[1].method"],
        "a disease list twice": |r| {
            first(r, PaymentMethod::ByDisease).disease_standards = vec![disease("I10", 1)];
            r.terms[1] = r.terms[0].clone();
        } => ["terms[1].method"],
        "no average quota": |r| r.terms[0].standard_per_admission_fen = 0 => ["terms[0].standard_per_admission_fen"],
        "an average quota below nothing": |r| r.terms[0].standard_per_admission_fen = -1
            => ["terms[0].standard_per_admission_fen"],
        "a cap beside an average quota": |r| r.terms[0].cap_per_day_fen = 1 => ["terms[0].cap_per_day_fen"],
        "an average quota for a cap": |r| r.terms[0].method = PaymentMethod::DailyCap.into()
            => ["terms[0].standard_per_admission_fen", "terms[0].cap_per_day_fen"],
        "a cap below nothing": |r| first(r, PaymentMethod::DailyCap).cap_per_day_fen = -5
            => ["terms[0].cap_per_day_fen"],
        "nothing per capita": |r| _ = first(r, PaymentMethod::PerCapita)
            => ["terms[0].standard_per_person_fen", "terms[0].persons"],
        "fewer than no persons": |r| {
            let term = first(r, PaymentMethod::PerCapita);
            (term.standard_per_person_fen, term.persons) = (1, -1);
        } => ["terms[0].persons"],
        "persons beside their ages": |r| {
            let term = first(r, PaymentMethod::PerCapita);
            (term.standard_per_person_fen, term.persons) = (1, 5);
            term.age_groups = ages(&[(0, 5, "1")]);
        } => ["terms[0].persons"],
        "ages that are out of order, of nobody, without a factor": |r| {
            let term = first(r, PaymentMethod::PerCapita);
            term.standard_per_person_fen = 1;
            term.age_groups = ages(&[(0, 5, "1"), (60, 0, "1.5"), (60, 5, "1"), (201, 5, "1"), (7, 5, "1"), (80, 5, "0")]);
        } => [
            "terms[0].age_groups[1].persons", "terms[0].age_groups[2].from_age", "terms[0].age_groups[3].from_age",
            "terms[0].age_groups[4].from_age", "terms[0].age_groups[5].factor",
        ],
        "chronic patients of no disease, none of them, for nothing": |r| {
            let term = first(r, PaymentMethod::PerCapita);
            (term.standard_per_person_fen, term.persons) = (1, 1);
            term.chronic_standards = vec![pb::ChronicStandard::default()];
        } => [
            "terms[0].chronic_standards[0].disease_code", "terms[0].chronic_standards[0].persons",
            "terms[0].chronic_standards[0].standard_per_person_fen",
        ],
        "ages and chronic patients beside an average quota": |r| {
            r.terms[0].age_groups = ages(&[(0, 5, "1")]);
            r.terms[0].chronic_standards = vec![pb::ChronicStandard::default()];
        } => ["terms[0].age_groups", "terms[0].chronic_standards"],
        "no periodic standard": |r| _ = first(r, PaymentMethod::Periodic) => ["terms[0].periodic_standards"],
        "periods of no disease, of no day, for nothing": |r| {
            first(r, PaymentMethod::Periodic).periodic_standards =
                vec![periodic("F20", 367, 1), periodic("F20", 30, 1), periodic("", 0, 0)];
        } => [
            "terms[0].periodic_standards[0].period_days", "terms[0].periodic_standards[1].disease_code",
            "terms[0].periodic_standards[2].disease_code", "terms[0].periodic_standards[2].period_days",
            "terms[0].periodic_standards[2].standard_per_period_fen",
        ],
        "periods beside an average quota": |r| r.terms[0].periodic_standards = vec![periodic("F20", 30, 1)]
            => ["terms[0].periodic_standards"],
        "no service unit": |r| first(r, PaymentMethod::ServiceUnit).standard_per_unit_fen = 1
            => ["terms[0].service_unit"],
        "a service unit that is none": |r| {
            let term = first(r, PaymentMethod::ServiceUnit);
            (term.service_unit, term.standard_per_unit_fen) = (9, 1);
        } => ["terms[0].service_unit"],
        "a service unit that pays nothing": |r| first(r, PaymentMethod::ServiceUnit).set_service_unit(pb::ServiceUnit::Day)
            => ["terms[0].standard_per_unit_fen"],
        "no total": |r| _ = first(r, PaymentMethod::TotalPrepayment) => ["terms[0].total_fen"],
        "a total and a service unit beside an average quota": |r| {
            r.terms[0].total_fen = 1;
            r.terms[0].set_service_unit(pb::ServiceUnit::Visit);
        } => ["terms[0].service_unit", "terms[0].total_fen"],
        "no rate": |r| _ = first(r, PaymentMethod::DrgRate) => ["terms[0].rate_fen"],
        "a rate beside an average quota": |r| r.terms[0].rate_fen = 1 => ["terms[0].rate_fen"],
        "no bed-day": |r| _ = first(r, PaymentMethod::BedDay) => ["terms[0].bed_day_standards"],
        "a bed-day of no service that pays nothing": |r| {
            first(r, PaymentMethod::BedDay).bed_day_standards = vec![pb::BedDayStandard::default()];
        } => ["terms[0].bed_day_standards[0].service", "terms[0].bed_day_standards[0].standard_per_day_fen"],
        "a bed-day of a disease in words": |r| {
            first(r, PaymentMethod::BedDay).bed_day_standards = vec![bed_day("精神病")];
        } => ["terms[0].bed_day_standards[0].disease_code"],
        "a disease's bed-day twice": |r| {
            first(r, PaymentMethod::BedDay).bed_day_standards = vec![bed_day("F20"), bed_day("F20")];
        } => ["terms[0].bed_day_standards[1].disease_code"],
        "no disease": |r| _ = first(r, PaymentMethod::ByDisease) => ["terms[0].disease_standards"],
        "a disease without a code": |r| first(r, PaymentMethod::ByDisease).disease_standards = vec![disease("", 1)]
            => ["terms[0].disease_standards[0].disease_code"],
        "a disease in small letters": |r| first(r, PaymentMethod::ByDisease).disease_standards = vec![disease("i10", 1)]
            => ["terms[0].disease_standards[0].disease_code"],
        "a disease in words": |r| first(r, PaymentMethod::ByDisease).disease_standards = vec![disease("高血压", 1)]
            => ["terms[0].disease_standards[0].disease_code"],
        "a disease that pays nothing": |r| first(r, PaymentMethod::ByDisease).disease_standards = vec![disease("I10", 0)]
            => ["terms[0].disease_standards[0].standard_fen"],
        "a disease twice": |r| first(r, PaymentMethod::ByDisease).disease_standards = vec![disease("I10", 1); 2]
            => ["terms[0].disease_standards[1].disease_code"],
        "bad fields of two terms": |r| (r.terms[0].kind_of_care, r.terms[1].method) = (0, 0)
            => ["terms[0].kind_of_care", "terms[1].method"],
    });
}

async fn signing_and_reading(suite: &Suite, table: &mut BadRequests) {
    let mut officer = suite.agreements(OFFICER);
    bad_requests!(table, officer.sign_agreement(sign(&name("agreements"))), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, officer.get_agreement(pb::GetAgreementRequest { name: name("agreements") }), {
        "the name of a review": |r| r.name = name("reviews") => ["name"],
        "a name with something behind it": |r| r.name.push_str("/x") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    let list = pb::ListAgreementsRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_agreements(list), {
        "an area for a fund year": |r| r.parent = area() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no institution's code": |r| r.institution_code = "x".into() => ["institution_code"],
        "less than no rows": |r| r.page_size = -5 => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "abc".into() => ["page_token"],
    });
}
