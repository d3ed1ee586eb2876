//! Malformed requests: every bad field is told, by its path.

use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::agreement::v1::disclosure_service_client::DisclosureServiceClient;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::AREA;

use crate::support::*;
use crate::{assessments, disclosures, inspections, institutions};

macro_rules! table {
    ($client:expr, $rpc:ident, $good:expr, $( |$r:ident| $change:expr => $fields:expr; )*) => {{
        $(
            let mut $r = $good;
            $change;
            let told = bad_fields($client.$rpc($r).await);
            assert_eq!(told, $fields, "{}", stringify!($rpc $change));
        )*
    }};
}

#[tokio::test]
async fn institutions_are_told_every_bad_field() {
    let suite = Suite::deaf().await;
    let mut client = suite.institutions(OFFICER);
    table!(client, create_institution, create(HOSPITAL),
        |r| r.parent = "areas/44".into() => ["parent"];
        |r| r.parent.clear() => ["parent"];
        |r| r.institution_code = "h1".into() => ["institution_code"];
        |r| r.request_id.clear() => ["request_id"];
        |r| r.request_id = "1".into() => ["request_id"];
        |r| r.profile = None => ["profile"];
        |r| r.profile.as_mut().unwrap().display_name = " ".into() => ["profile.display_name"];
        |r| r.profile.as_mut().unwrap().display_name = "长".repeat(201) => ["profile.display_name"];
        |r| r.profile.as_mut().unwrap().district = "4407".into() => ["profile.district"];
        |r| r.profile.as_mut().unwrap().level = 4 => ["profile.level"];
        |r| r.profile.as_mut().unwrap().level = -1 => ["profile.level"];
        |r| r.profile.as_mut().unwrap().institution_class.clear() => ["profile.institution_class"];
        |r| r.profile.as_mut().unwrap().members[0].member_code.clear() => ["profile.members[0].member_code"];
        |r| { let m = r.profile.as_mut().unwrap(); let one = m.members[0].clone(); m.members.push(one) }
            => ["profile.members[1].member_code"];
        |r| r.profile.as_mut().unwrap().authorised_signers = vec![String::new()]
            => ["profile.authorised_signers[0]"];
        |r| r.profile.as_mut().unwrap().authorised_signers = vec!["a".into(); 21]
            => ["profile.authorised_signers"];
        |r| { r.parent.clear(); r.institution_code.clear(); r.profile = None; r.request_id.clear() }
            => ["parent", "institution_code", "profile", "request_id"];
    );
    table!(client, evaluate_institution, evaluate(HOSPITAL),
        |r| r.name = institution("x") => ["name"];
        |r| r.reference.clear() => ["reference"];
        |r| r.request_id.clear() => ["request_id"];
    );
    use pb::institution_change::Kind;
    table!(client, propose_institution_change, institutions::change(Kind::Exit),
        |r| r.name = institution(HOSPITAL) => ["name"];
        |r| r.kind = 0 => ["kind"];
        |r| r.kind = 99 => ["kind"];
        |r| r.kind = Kind::Suspend.into() => ["suspended_through_date"];
        |r| r.kind = Kind::Profile.into() => ["profile"];
        |r| r.profile = Some(profile()) => ["profile"];
        |r| r.suspended_through_date = Some(Default::default()) => ["suspended_through_date"];
        |r| r.reason.clear() => ["reason"];
    );
    let list = pb::ListInstitutionsRequest { parent: format!("areas/{AREA}"), ..Default::default() };
    table!(client, list_institutions, list.clone(),
        |r| r.page_size = -1 => ["page_size"];
        |r| r.page_token = "zz".into() => ["page_token"];
        |r| r.district = "x".into() => ["district"];
    );
}

#[tokio::test]
async fn agreements_are_told_every_bad_field() {
    let suite = Suite::deaf().await;
    let mut client = suite.agreements(OFFICER);
    table!(client, draft_agreement, draft(),
        |r| r.name = "areas/440700/agreements/1".into() => ["name"];
        |r| r.fund_year = 1999 => ["fund_year"];
        |r| r.institution_code.clear() => ["institution_code"];
        |r| r.terms.clear() => ["terms"];
        |r| r.terms[1].fund_line = "职工".into() => ["terms[1].fund_line"];
        |r| r.terms[0].kind_of_care = 0 => ["terms[0].kind_of_care"];
        |r| r.terms[0].method = 0 => ["terms[0].method"];
        |r| r.terms[0].standard_per_admission_fen = 0 => ["terms[0].standard_per_admission_fen"];
        |r| r.terms[0].standard_per_admission_fen = -1 => ["terms[0].standard_per_admission_fen"];
        |r| r.terms[0].cap_per_day_fen = 1 => ["terms[0].cap_per_day_fen"];
        |r| r.terms[0].method = PaymentMethod::DailyCap.into()
            => ["terms[0].standard_per_admission_fen", "terms[0].cap_per_day_fen"];
        |r| { r.terms[0].method = PaymentMethod::PerCapita.into(); r.terms[0].standard_per_admission_fen = 0 }
            => ["terms[0].standard_per_person_fen", "terms[0].persons"];
        |r| { r.terms[0].method = PaymentMethod::ByDisease.into(); r.terms[0].standard_per_admission_fen = 0 }
            => ["terms[0].disease_standards"];
        |r| {
            r.terms[0].method = PaymentMethod::ByDisease.into();
            r.terms[0].standard_per_admission_fen = 0;
            let standard = pb::DiseaseStandard { disease_code: "I10".into(), standard_fen: 1 };
            r.terms[0].disease_standards = vec![standard.clone(), standard];
        } => ["terms[0].disease_standards[1].disease_code"];
        |r| r.terms[1].fund_line = "employee".into() => ["terms[1].kind_of_care"];
        |r| r.indicator_limits[0].limit_value = "1,25".into() => ["indicator_limits[0].limit_value"];
        |r| r.indicator_limits[0].indicator.clear() => ["indicator_limits[0].indicator"];
        |r| r.effective_date = Some(medfund_proto::google::r#type::Date { year: 2017, month: 7, day: 1 })
            => ["effective_date"];
        |r| r.supplements = name("agreements") => ["effective_date"];
        |r| r.supplements = "x".into() => ["supplements", "effective_date"];
    );
    table!(client, set_inpatient_method, suite.method(PaymentMethod::DailyCap, 2017, name("decisions")),
        |r| r.name = format!("areas/{AREA}/districts/1/inpatientMethods/2017") => ["name"];
        |r| r.name = format!("areas/{AREA}/districts/{DISTRICT}/inpatientMethods/02017") => ["name"];
        |r| r.method = 0 => ["method"];
        |r| r.decision = "x".into() => ["decision"];
    );
    table!(client, sign_agreement, sign(&name("agreements")), |r| r.name.clear() => ["name"];);
    let list =
        pb::ListAgreementsRequest { parent: format!("areas/{AREA}/fundYears/2017"), ..Default::default() };
    table!(client, list_agreements, list.clone(),
        |r| r.parent = format!("areas/{AREA}") => ["parent"];
        |r| r.institution_code = "x".into() => ["institution_code"];
        |r| r.page_size = -5 => ["page_size"];
    );
}

#[tokio::test]
async fn supervision_is_told_every_bad_field() {
    let suite = Suite::deaf().await;
    let mut client = InspectionServiceClient::new(suite.channel(OFFICER, AREA));
    table!(client, record_violation, inspections::violation(),
        |r| r.name.clear() => ["name"];
        |r| r.fund_year = 0 => ["fund_year"];
        |r| r.institution_code = "1".into() => ["institution_code"];
        |r| r.kind.clear() => ["kind"];
        |r| r.occur_date = None => ["occur_date"];
        |r| r.occur_date.as_mut().unwrap().day = 0 => ["occur_date"];
        |r| r.amount_fen = -1 => ["amount_fen"];
        |r| r.physician_code = "张三".into() => ["physician_code"];
        |r| r.reference.clear() => ["reference"];
    );
    table!(client, record_inspection, inspections::inspection(),
        |r| r.fund_line = "".into() => ["fund_line"];
        |r| r.settlement_month = None => ["settlement_month"];
        |r| r.settlement_month.as_mut().unwrap().day = 1 => ["settlement_month"];
        |r| (r.n_population, r.n_sample) = (0, 0) => ["n_population", "n_sample", "violating_cases"];
        |r| r.n_sample = 301 => ["n_sample"];
        |r| r.n_sample = 1 => ["violating_cases"];
        |r| r.violating_cases.clear() => ["violating_cases"];
        |r| r.violating_cases[1].case_id = "S1".into() => ["violating_cases[1].case_id"];
        |r| r.violating_cases[0].amount_fen = 0 => ["violating_cases[0].amount_fen"];
        |r| r.violating_cases[0].kind.clear() => ["violating_cases[0].kind"];
        |r| r.violating_cases[0].physician_code = "x-1".into() => ["violating_cases[0].physician_code"];
    );
}

#[tokio::test]
async fn assessments_and_reports_are_told_every_bad_field() {
    let suite = Suite::deaf().await;
    let mut client = AssessmentServiceClient::new(suite.channel(OFFICER, AREA));
    table!(client, record_review, assessments::review("a"),
        |r| r.grade.clear() => ["grade"];
        |r| r.fund_year = 3000 => ["fund_year"];
        |r| r.name = name("violations") => ["name"];
    );
    table!(client, record_indicators, assessments::indicators("1"),
        |r| r.measured_values[0].measured_value = "1e3".into() => ["measured_values[0].measured_value"];
        |r| { let one = r.measured_values[0].clone(); r.measured_values.push(one) }
            => ["measured_values[1].indicator"];
        |r| r.quarter_visits = vec![1, 2, 3] => ["quarter_visits"];
        |r| r.quarter_visits = vec![1, 2, 3, -4] => ["quarter_visits"];
    );
    table!(client, record_conduct, assessments::conduct(2016, true),
        |r| r.name = format!("{}/conducts/x", institution(HOSPITAL)) => ["name"];
        |r| r.reference.clear() => ["reference"];
    );
    table!(client, state_clean_record, assessments::clean_record(), |r| r.fund_year = 1 => ["fund_year"];);
    let hospital = Person::Institution(HOSPITAL);
    let mut client = DisclosureServiceClient::new(suite.channel(hospital, AREA));
    table!(client, submit_monthly_report, disclosures::report(4),
        |r| r.measured_values.clear() => ["measured_values"];
        |r| r.settlement_month.as_mut().unwrap().month = 13 => ["settlement_month"];
    );
    let mut client = DisclosureServiceClient::new(suite.channel(OFFICER, AREA));
    table!(client, record_disclosure, disclosures::disclosure(1),
        |r| r.quarter = 0 => ["quarter"];
        |r| r.quarter = 5 => ["quarter"];
        |r| r.measured_values[0].indicator = "x".repeat(65) => ["measured_values[0].indicator"];
    );
}
