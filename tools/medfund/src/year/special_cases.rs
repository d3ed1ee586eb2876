//! Cases that are reviewed singly (特病单议): the experts, what institutions file, what becomes of it.

use std::fmt;

use anyhow::Context;
use medfund_proto::settlement::v1::special_case_service_client::SpecialCaseServiceClient;
use medfund_proto::settlement::v1::{
    AnswerSpecialCaseRequest, DecideSpecialCaseOutcomeRequest, Expert, FileSpecialCaseRequest,
    ListExpertsRequest, ListSpecialCasesRequest, ProposeSpecialCaseOutcomeRequest,
    RecordExpertOpinionRequest, RegisterExpertRequest, SpecialCase,
};
use medfund_types::{FundLine, SettlementMonth};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Year;
use crate::sample::bills::SampleBill;
use crate::sample::region::{Institution, Standard};
use crate::suite::rpc;

/// Experts who work for none of the area's institutions; each of those has one besides.
const N_FROM_ELSEWHERE: usize = 4;

/// How many times the mean of its month's cases a case that is filed costs at least.
const DEAR: i64 = 2;

/// What becomes of the cases, one after another.
const OUTCOMES: [Outcome; 5] =
    [Outcome::Granted, Outcome::Granted, Outcome::Dismissed, Outcome::Granted, Outcome::Refused];

/// What becomes of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Refused,
    Dismissed,
    Granted,
}

/// How many cases of a month were filed, and how many of them heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reviewed {
    pub(super) n_filed: usize,
    pub(super) n_heard: usize,
}

impl fmt::Display for Reviewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.n_filed {
            0 => Ok(()),
            n_filed => write!(f, "; {} of {n_filed} special cases heard (特病单议)", self.n_heard),
        }
    }
}

impl Year<'_> {
    /// Registers the experts from whom those are drawn who hear a case; returns how many there are.
    pub(super) async fn register_experts(&self) -> anyhow::Result<usize> {
        let own = self.region.institutions.iter().map(|one| one.code.to_string());
        let others = std::iter::repeat_n(String::new(), N_FROM_ELSEWHERE);
        let mut n_experts = 0;
        for institution_code in own.chain(others) {
            n_experts += 1;
            let name = self.names.one("experts", &format!("expert-{n_experts:02}"));
            let request = RegisterExpertRequest {
                request_id: self.id(&format!("{name}/register")),
                name,
                institution_code,
                specialty: "临床医学".to_owned(),
            };
            rpc!(self.session, &self.people.checker, Settlement SpecialCaseServiceClient register_expert, request)
                .await?;
        }
        Ok(n_experts)
    }

    /// Has the dearest cases of a settled month filed, as far as the pack's share allows, and reviewed.
    pub(super) async fn review_special_cases(&self, month: SettlementMonth) -> anyhow::Result<Reviewed> {
        let mut reviewed = Reviewed::default();
        for institution in &self.region.institutions {
            for line in self.lines() {
                let Some(bill) = self.case_to_file(institution, line, month) else { continue };
                let place = usize::try_from(month.month())? + reviewed.n_filed;
                let outcome = OUTCOMES[place % OUTCOMES.len()];
                self.review_special_case(bill, outcome).await?;
                reviewed.n_filed += 1;
                reviewed.n_heard += usize::from(outcome != Outcome::Refused);
            }
        }
        Ok(reviewed)
    }

    /// The dearest case of an institution's month that points pay, if it is dear and the pack's share allows one more: one
    /// a month at most is filed, so that what was filed before is known.
    fn case_to_file(
        &self,
        institution: &Institution,
        line: &FundLine,
        month: SettlementMonth,
    ) -> Option<&SampleBill> {
        let share = self.pack.special_case_share(line)?;
        let mut terms = self.region.terms.iter();
        terms.find(|term| {
            term.institution == institution.code
                && term.fund_line == *line
                && term.standard == Standard::DrgPoints
        })?;
        let own: Vec<&SampleBill> = self
            .bills
            .iter()
            .filter(|bill| bill.fixmedins_code == institution.code && bill.patient.is_some())
            .filter(|bill| self.pack.fund_line(&bill.insutype) == Some(line))
            .collect();
        let (mut n_filed, mut last) = (0, None);
        for passed in self.months().take_while(|passed| *passed <= month) {
            let n_discharges = own.iter().filter(|bill| bill.month() <= passed).count();
            let n_allowed = (Decimal::from(n_discharges) * share).to_usize()?;
            let cases = || own.iter().copied().filter(|bill| bill.month() == passed);
            let total: i64 = cases().map(|bill| bill.medfee_sumamt_fen).sum();
            let n_cases = i64::try_from(cases().count()).ok()?;
            let dearest = cases().max_by_key(|bill| bill.medfee_sumamt_fen);
            last = dearest.filter(|bill| bill.medfee_sumamt_fen * n_cases > DEAR * total);
            last = last.filter(|_| n_filed < n_allowed);
            n_filed += usize::from(last.is_some());
        }
        last
    }

    async fn review_special_case(&self, bill: &SampleBill, outcome: Outcome) -> anyhow::Result<()> {
        let of_institution = format!("institutions/{}", bill.fixmedins_code);
        let step = format!("special-case/{}/{}", bill.fixmedins_code, bill.setl_id);
        let request = FileSpecialCaseRequest {
            bill: self.names.one(&of_institution, &format!("bills/{}", bill.setl_id)),
            reason: "病情危重，多学科联合救治，费用明显偏离病组均值".to_owned(),
            evidence: vec![format!("病案首页/{}", bill.setl_id), format!("费用清单/{}", bill.setl_id)],
            request_id: self.id(&format!("{step}/file")),
        };
        let clerk = self.people.clerk(&bill.fixmedins_code);
        let filed =
            rpc!(self.session, &clerk, Settlement SpecialCaseServiceClient file_special_case, request)
                .await?;
        let case = filed.special_case.context("a special case")?;
        let hears = outcome != Outcome::Refused;
        let answer = if hears { "资料齐全，受理" } else { "费用构成未见异常，不予受理" };
        let request = AnswerSpecialCaseRequest {
            name: case.name,
            hears,
            answer: answer.to_owned(),
            etag: case.etag,
            request_id: self.id(&format!("{step}/answer")),
        };
        let officer = &self.people.officer;
        let answered =
            rpc!(self.session, officer, Settlement SpecialCaseServiceClient answer_special_case, request)
                .await?;
        let case = answered.special_case.context("a special case")?;
        if hears { self.hear(bill, case, outcome == Outcome::Granted).await } else { Ok(()) }
    }

    /// Has the experts who were drawn give their opinions, all but the last of one mind, and what follows decided.
    async fn hear(&self, bill: &SampleBill, mut case: SpecialCase, grants: bool) -> anyhow::Result<()> {
        let step = format!("special-case/{}/{}", bill.fixmedins_code, bill.setl_id);
        let officer = &self.people.officer;
        let n_experts = case.experts.len();
        for (place, hearing) in case.experts.clone().into_iter().enumerate() {
            let in_favour = grants == (place + 1 < n_experts || n_experts == 1);
            let opinion = if in_favour { "治疗必要，费用合理" } else { "可按病组标准付费" };
            let request = RecordExpertOpinionRequest {
                name: case.name.clone(),
                expert: hearing.expert,
                in_favour,
                opinion: opinion.to_owned(),
                request_id: self.id(&format!("{step}/opinion/{place}")),
            };
            let noted =
                rpc!(self.session, officer, Settlement SpecialCaseServiceClient record_expert_opinion, request)
                    .await?;
            case = noted.special_case.context("a special case")?;
        }
        // Nine tenths of the cost, in whole yuan.
        let justified = bill.medfee_sumamt_fen / 1_000 * 900;
        let request = ProposeSpecialCaseOutcomeRequest {
            name: case.name.clone(),
            reviewed_cost_fen: if grants { justified } else { 0 },
            note: "按专家多数意见".to_owned(),
            etag: case.etag,
            request_id: self.id(&format!("{step}/propose")),
        };
        let proposed = rpc!(
            self.session,
            officer,
            Settlement SpecialCaseServiceClient propose_special_case_outcome,
            request
        )
        .await?;
        let request = DecideSpecialCaseOutcomeRequest {
            name: case.name,
            approves: true,
            etag: proposed.special_case.unwrap_or_default().etag,
            request_id: self.id(&format!("{step}/decide")),
        };
        rpc!(
            self.session,
            &self.people.checker,
            Settlement SpecialCaseServiceClient decide_special_case_outcome,
            request
        )
        .await?;
        Ok(())
    }

    /// Every special case of the year.
    pub(super) async fn special_cases(&self) -> anyhow::Result<Vec<SpecialCase>> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListSpecialCasesRequest {
                parent: self.names.area(),
                fund_year: self.region.fund_year.get(),
                page_size: 500,
                page_token,
            };
            let page = rpc!(
                self.session,
                &self.people.auditor,
                Settlement SpecialCaseServiceClient list_special_cases,
                request
            )
            .await?;
            all.extend(page.special_cases);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(all);
            }
        }
    }

    /// Every expert of the area.
    pub(super) async fn experts(&self) -> anyhow::Result<Vec<Expert>> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListExpertsRequest { parent: self.names.area(), page_size: 500, page_token };
            let page =
                rpc!(self.session, &self.people.auditor, Settlement SpecialCaseServiceClient list_experts, request)
                    .await?;
            all.extend(page.experts);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(all);
            }
        }
    }
}
