//! A service under test with a budget to hear, and short words for what tests do again and again.

use medfund_agreement::MIGRATIONS;
use medfund_db::feed;
use medfund_policy::{Matter, Pack, PackHash};
use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::agreement_service_client::AgreementServiceClient;
use medfund_proto::agreement::v1::institution_service_client::InstitutionServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as budget;
use medfund_proto::google::r#type::Date;
use medfund_proto::types::v1::{KindOfCare, PaymentMethod};
use medfund_testkit::{AREA, TestChannel, TestPeer, TestService};
use prost::{Message, Name};
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

/// The package of all RPCs of this service.
pub(crate) const PACKAGE: &str = "medfund.agreement.v1";
pub(crate) const OTHER_AREA: &str = "440800";
pub(crate) const DISTRICT: &str = "440703";
pub(crate) const OTHER_DISTRICT: &str = "440781";
pub(crate) const HOSPITAL: &str = "H44070300001";
pub(crate) const CLINIC: &str = "H44070300002";
pub(crate) const PACK: &[u8] = include_bytes!("../../../../policies/jiangmen-2016.toml");

/// A service under test and the budget that it hears.
pub(crate) struct Suite {
    pub(crate) service: TestService,
    pub(crate) budget: TestPeer,
    /// What fund years are opened under.
    pack: &'static [u8],
}

impl Suite {
    /// A service that has heard nothing.
    pub(crate) async fn deaf() -> Self {
        Self::under(PACK).await
    }

    /// A service that has heard nothing and will hear of fund years under `pack`.
    pub(crate) async fn under(pack: &'static [u8]) -> Self {
        let budget = TestPeer::budget(pack).await;
        let builder = TestService::builder("agreement", MIGRATIONS).peer("budget", budget.service());
        let service = builder.start(medfund_agreement::serve).await;
        Self { service, budget, pack }
    }

    /// A service in whose area fund year 2017 is open and it is 2016-11-15.
    pub(crate) async fn open() -> Self {
        let suite = Self::deaf().await;
        suite.date(2016, 11, 15).await;
        suite.open_year(2017).await;
        suite
    }

    /// As [`Suite::open`], with an admitted hospital, an admitted clinic and a method of their district.
    pub(crate) async fn ready() -> Self {
        let suite = Self::open().await;
        suite.admitted(HOSPITAL).await;
        suite.admitted(CLINIC).await;
        let request = suite.method(PaymentMethod::AverageQuota, 2017, suite.decision(2017).await);
        suite.agreements(OFFICER).set_inpatient_method(request).await.unwrap();
        suite
    }

    pub(crate) async fn date(&self, year: i32, month: i32, day: i32) {
        let business_date = Some(Date { year, month, day });
        self.budget.emit(AREA, &budget::BusinessDateAdvanced { business_date }).await;
        self.heard().await;
    }

    pub(crate) async fn open_year(&self, fund_year: i32) {
        let event = budget::FundYearOpened {
            fund_year,
            pack_id: "jiangmen-2016".into(),
            pack_hash: PackHash::of(self.pack).to_string(),
            districts: vec![DISTRICT.into(), OTHER_DISTRICT.into()],
        };
        self.budget.emit(AREA, &event).await;
        self.heard().await;
    }

    /// A decision on the district's inpatient method that is heard; returns its name.
    pub(crate) async fn decision(&self, fund_year: i32) -> String {
        self.decided(|decision| decision.fund_year = fund_year).await
    }

    pub(crate) async fn decided(&self, change: impl FnOnce(&mut budget::DecisionRecorded)) -> String {
        let pack = Pack::parse(PACK).unwrap();
        let mut decision = budget::DecisionRecorded {
            decision: name("decisions"),
            body: pack.deciding_body(Matter::InpatientMethod).unwrap().as_str().to_owned(),
            matter: "inpatient_method".into(),
            district: DISTRICT.into(),
            fund_year: 2017,
            subject: String::new(),
            approved: true,
            meeting_date: Some(Date { year: 2016, month: 11, day: 10 }),
        };
        change(&mut decision);
        self.budget.emit(AREA, &decision).await;
        self.heard().await;
        decision.decision
    }

    pub(crate) async fn heard(&self) {
        self.service.until_caught_up_with(self.budget.service()).await;
    }

    /// What the service has announced of one kind, in order.
    pub(crate) async fn announced<M: Message + Name + Default>(&self) -> Vec<M> {
        let database = self.service.database().connect().await;
        let patience = std::time::Duration::from_secs(30);
        let all = async {
            loop {
                let status = feed::status(&database).await.unwrap();
                if status.unnumbered == 0 {
                    break feed::read(&database, 0, 2_000, std::time::Duration::ZERO).await.unwrap();
                }
                tokio::task::yield_now().await;
            }
        };
        let events = tokio::time::timeout(patience, all).await.expect("the events are numbered in time");
        events.iter().filter_map(|event| feed::decode::<M>(event).unwrap()).collect()
    }

    pub(crate) fn channel(&self, person: Person, area: &str) -> TestChannel {
        match person {
            Person::Of(role) if area == AREA => self.service.as_role(role),
            Person::Of(role) => self.service.as_role_in(area, role),
            Person::Institution(code) => {
                let (area, code) = (area.parse().unwrap(), code.parse().unwrap());
                let principal = medfund_testkit::Principal::institution("officer of it", area, code);
                self.service.as_principal(&principal)
            }
        }
    }

    pub(crate) fn institutions(&self, person: Person) -> InstitutionServiceClient<TestChannel> {
        InstitutionServiceClient::new(self.channel(person, AREA))
    }

    pub(crate) fn agreements(&self, person: Person) -> AgreementServiceClient<TestChannel> {
        AgreementServiceClient::new(self.channel(person, AREA))
    }

    /// An institution with this code, admitted.
    pub(crate) async fn admitted(&self, code: &str) {
        let mut officer = self.institutions(OFFICER);
        officer.create_institution(create(code)).await.unwrap();
        officer.evaluate_institution(evaluate(code)).await.unwrap();
        self.institutions(CHECKER).admit_institution(admit(code)).await.unwrap();
    }

    pub(crate) fn method(
        &self,
        method: PaymentMethod,
        from: i32,
        decision: String,
    ) -> pb::SetInpatientMethodRequest {
        pb::SetInpatientMethodRequest {
            name: format!("areas/{AREA}/districts/{DISTRICT}/inpatientMethods/{from}"),
            method: method.into(),
            decision,
            request_id: id(),
        }
    }

    /// A signed agreement of the hospital for 2017; returns its name.
    pub(crate) async fn signed(&self, change: impl FnOnce(&mut pb::DraftAgreementRequest)) -> String {
        let mut request = draft();
        change(&mut request);
        let name = request.name.clone();
        self.agreements(OFFICER).draft_agreement(request).await.unwrap();
        self.agreements(OFFICER).sign_agreement(sign(&name)).await.unwrap();
        self.agreements(Person::Institution(HOSPITAL)).sign_agreement(sign(&name)).await.unwrap();
        name
    }
}

/// Who calls.
#[derive(Clone, Copy)]
pub(crate) enum Person {
    Of(Role),
    Institution(&'static str),
}

pub(crate) const OFFICER: Person = Person::Of(Role::AgencyOfficer);
pub(crate) const CHECKER: Person = Person::Of(Role::AgencyChecker);

pub(crate) fn id() -> String {
    Uuid::now_v7().to_string()
}

pub(crate) fn area() -> String {
    format!("areas/{AREA}")
}

/// The fund year 2017.
pub(crate) fn fund_year() -> String {
    format!("areas/{AREA}/fundYears/2017")
}

/// A new resource name in a collection of the area.
pub(crate) fn name(collection: &str) -> String {
    format!("areas/{AREA}/{collection}/{}", id())
}

pub(crate) fn institution(code: &str) -> String {
    format!("areas/{AREA}/institutions/{code}")
}

pub(crate) fn profile() -> pb::InstitutionProfile {
    pb::InstitutionProfile {
        display_name: "江门市中心医院".into(),
        district: DISTRICT.into(),
        level: 3,
        institution_class: "general".into(),
        primary: false,
        city_direct: true,
        members: vec![pb::InstitutionMember {
            member_code: "01".into(),
            display_name: "东院区".into(),
            district: DISTRICT.into(),
        }],
        authorised_signers: vec![],
    }
}

pub(crate) fn create(code: &str) -> pb::CreateInstitutionRequest {
    pb::CreateInstitutionRequest {
        parent: format!("areas/{AREA}"),
        profile: Some(profile()),
        institution_code: code.into(),
        request_id: id(),
    }
}

pub(crate) fn evaluate(code: &str) -> pb::EvaluateInstitutionRequest {
    pb::EvaluateInstitutionRequest {
        name: institution(code),
        passed: true,
        reference: "评估〔2016〕1号".into(),
        request_id: id(),
    }
}

pub(crate) fn admit(code: &str) -> pb::AdmitInstitutionRequest {
    pb::AdmitInstitutionRequest { name: institution(code), request_id: id() }
}

pub(crate) fn average_quota(fund_line: &str, fen: i64) -> pb::PaymentTerm {
    pb::PaymentTerm {
        fund_line: fund_line.into(),
        kind_of_care: KindOfCare::Inpatient.into(),
        method: PaymentMethod::AverageQuota.into(),
        standard_per_admission_fen: fen,
        ..Default::default()
    }
}

/// Home sickbeds of residents by bed-day, every case in one service of the pack.
pub(crate) fn home_sickbed_by_bed_day(service: &str) -> pb::PaymentTerm {
    pb::PaymentTerm {
        fund_line: "resident".into(),
        kind_of_care: KindOfCare::HomeSickbed.into(),
        method: PaymentMethod::BedDay.into(),
        bed_day_standards: vec![pb::BedDayStandard {
            service: service.into(),
            disease_code: String::new(),
            standard_per_day_fen: 9_000,
        }],
        ..Default::default()
    }
}

/// Home sickbeds of residents by disease, with one on the list.
pub(crate) fn home_sickbed_by_disease(standard: pb::DiseaseStandard) -> pb::PaymentTerm {
    pb::PaymentTerm {
        method: PaymentMethod::ByDisease.into(),
        bed_day_standards: Vec::new(),
        disease_standards: vec![standard],
        ..home_sickbed_by_bed_day("")
    }
}

/// A draft of the hospital's agreement for 2017.
pub(crate) fn draft() -> pb::DraftAgreementRequest {
    pb::DraftAgreementRequest {
        name: name("agreements"),
        fund_year: 2017,
        institution_code: HOSPITAL.into(),
        terms: vec![average_quota("employee", 800_000), average_quota("resident", 600_000)],
        indicator_limits: vec![pb::IndicatorLimit {
            indicator: "visits_per_head".into(),
            limit_value: "1.25".into(),
        }],
        supplements: String::new(),
        effective_date: None,
        request_id: id(),
        management_grade: String::new(),
    }
}

pub(crate) fn sign(name: &str) -> pb::SignAgreementRequest {
    pb::SignAgreementRequest { name: name.into(), request_id: id() }
}

/// Asserts that a call was refused, why, and returns what programs read of it.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(
    answer: Result<Response<T>, Status>,
    code: Code,
    reason: &str,
) -> std::collections::HashMap<String, String> {
    let status = answer.expect_err(reason);
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("{status:?} has no ErrorInfo"));
    assert_eq!((status.code(), info.reason.as_str()), (code, reason), "{}", status.message());
    assert!(details.localized_message().is_some(), "{reason} has no Chinese text");
    info.metadata.clone()
}
