//! What the tests of special cases share.

use medfund_proto::auth::v1::Role;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::special_case_service_client::SpecialCaseServiceClient;
use medfund_testkit::TestChannel;

use super::support::{PARENT, Suite};
use crate::bills::common::{HOSPITAL, new_id};

pub(crate) type SpecialCases = SpecialCaseServiceClient<TestChannel>;

pub(crate) fn expert_name(expert: &str) -> String {
    format!("{PARENT}/experts/{expert}")
}

pub(crate) fn case_name(setl_id: &str) -> String {
    format!("{PARENT}/institutions/{HOSPITAL}/specialCases/{setl_id}")
}

pub(crate) fn register(expert: &str, institution: &str) -> pb::RegisterExpertRequest {
    pb::RegisterExpertRequest {
        name: expert_name(expert),
        institution_code: institution.into(),
        specialty: "心血管内科".into(),
        request_id: new_id(),
    }
}

pub(crate) fn retire(expert: &str) -> pb::RetireExpertRequest {
    pb::RetireExpertRequest { name: expert_name(expert), request_id: new_id() }
}

pub(crate) fn file(institution: &str, setl_id: &str) -> pb::FileSpecialCaseRequest {
    pb::FileSpecialCaseRequest {
        bill: format!("{PARENT}/institutions/{institution}/bills/{setl_id}"),
        reason: "多次手术".into(),
        evidence: vec!["病案首页/1".into()],
        request_id: new_id(),
    }
}

pub(crate) fn answer(setl_id: &str, hears: bool, etag: &str) -> pb::AnswerSpecialCaseRequest {
    pb::AnswerSpecialCaseRequest {
        name: case_name(setl_id),
        hears,
        answer: "受理".into(),
        etag: etag.into(),
        request_id: new_id(),
    }
}

pub(crate) fn opinion(setl_id: &str, expert: &str, in_favour: bool) -> pb::RecordExpertOpinionRequest {
    pb::RecordExpertOpinionRequest {
        name: case_name(setl_id),
        expert: expert.into(),
        in_favour,
        opinion: "费用合理".into(),
        request_id: new_id(),
    }
}

pub(crate) fn propose_case(
    setl_id: &str,
    reviewed_cost_fen: i64,
    etag: &str,
) -> pb::ProposeSpecialCaseOutcomeRequest {
    pb::ProposeSpecialCaseOutcomeRequest {
        name: case_name(setl_id),
        reviewed_cost_fen,
        note: "按多数意见".into(),
        etag: etag.into(),
        request_id: new_id(),
    }
}

pub(crate) fn decide_case(case: &pb::SpecialCase) -> pb::DecideSpecialCaseOutcomeRequest {
    pb::DecideSpecialCaseOutcomeRequest {
        name: case.name.clone(),
        approves: true,
        etag: case.etag.clone(),
        request_id: new_id(),
    }
}

impl Suite {
    /// The agency's officer at special cases.
    pub(crate) fn special_cases(&self) -> SpecialCases {
        SpecialCaseServiceClient::new(self.service.as_role(Role::AgencyOfficer))
    }

    pub(crate) fn special_cases_checker(&self) -> SpecialCases {
        SpecialCaseServiceClient::new(self.service.as_role(Role::AgencyChecker))
    }

    pub(crate) fn special_cases_of(&self, code: &str) -> SpecialCases {
        SpecialCaseServiceClient::new(self.service.as_institution(code))
    }

    /// Registers so many experts, the first of them of the hospital.
    pub(crate) async fn experts(&self, n: usize) {
        for place in 1..=n {
            let institution = if place == 1 { HOSPITAL } else { "" };
            let request = register(&format!("e{place}"), institution);
            self.special_cases_checker().register_expert(request).await.unwrap();
        }
    }

    pub(crate) async fn special_case(&self, setl_id: &str) -> pb::SpecialCase {
        let request = pb::GetSpecialCaseRequest { name: case_name(setl_id) };
        self.special_cases().get_special_case(request).await.unwrap().into_inner().special_case.unwrap()
    }

    /// Has a case that was filed heard.
    pub(crate) async fn hear(&self, setl_id: &str) -> pb::SpecialCase {
        let etag = self.special_case(setl_id).await.etag;
        let request = answer(setl_id, true, &etag);
        self.special_cases().answer_special_case(request).await.unwrap().into_inner().special_case.unwrap()
    }

    /// Has the experts who hear a case tell their opinions.
    pub(crate) async fn opinions(&self, case: &pb::SpecialCase, in_favour: [bool; 3]) {
        let setl_id = case.name.rsplit('/').next().unwrap();
        for (one, in_favour) in case.experts.iter().zip(in_favour) {
            let request = opinion(setl_id, &one.expert, in_favour);
            self.special_cases().record_expert_opinion(request).await.unwrap();
        }
    }

    pub(crate) async fn propose_case(&self, setl_id: &str, reviewed_cost_fen: i64) -> pb::SpecialCase {
        let etag = self.special_case(setl_id).await.etag;
        let request = propose_case(setl_id, reviewed_cost_fen, &etag);
        let proposed = self.special_cases().propose_special_case_outcome(request).await.unwrap();
        proposed.into_inner().special_case.unwrap()
    }

    /// Has an outcome proposed and decided.
    pub(crate) async fn decide_case(&self, setl_id: &str, reviewed_cost_fen: i64) -> pb::SpecialCase {
        let proposed = self.propose_case(setl_id, reviewed_cost_fen).await;
        self.decide_proposed(&proposed).await
    }

    /// Has what is proposed decided.
    pub(crate) async fn decide_proposed(&self, proposed: &pb::SpecialCase) -> pb::SpecialCase {
        let decided = self.special_cases_checker().decide_special_case_outcome(decide_case(proposed)).await;
        decided.unwrap().into_inner().special_case.unwrap()
    }
}
