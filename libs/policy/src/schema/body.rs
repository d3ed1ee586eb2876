use crate::read::{BodyId, Day, Param, Spot, Value, section, words};

words! {
    /// What a person of a body is to the services: the role of the caller's token.
    pub enum Role {
        /// Officer of an agency.
        AgencyOfficer = "agency_officer" "经办人员",
        /// Officer of the agency of the whole area.
        CityAgency = "city_agency" "市级经办机构",
        /// Secretary of a meeting.
        MeetingSecretary = "meeting_secretary" "联席会议秘书",
        /// Officer of the finance department.
        FinanceReviewer = "finance_reviewer" "财政审核",
        /// Auditor or supervisor who reads.
        Auditor = "auditor" "审计监督",
        /// Officer of an institution.
        Institution = "institution" "定点医疗机构",
        /// Acts outside the system; a secretary records what it did.
        Recorded = "recorded" "由秘书记录",
    }
}

words! {
    /// Whose affairs a body decides.
    pub enum Scope {
        /// The whole pooling area.
        Area = "area" "统筹区",
        /// One district.
        District = "district" "市、区",
        /// One institution.
        Institution = "institution" "机构",
    }
}

words! {
    /// What needs a procedure (事项).
    pub enum Matter {
        /// The income and expenditure budget.
        Budget = "budget" "基金收支预算",
        /// A budget in deficit.
        Deficit = "deficit" "赤字预算",
        /// The annual total-control target.
        Target = "target" "总额控制指标的确定",
        /// Its division among kinds of care, where one of them is a pool.
        Structure = "structure" "基金支出结构",
        /// Its decomposition into quotas.
        Decomposition = "decomposition" "总额控制指标的分解",
        /// The decomposition for institutions directly under the city.
        CityDirect = "city_direct" "市直机构总额控制指标",
        /// An adjustment of a quota.
        Adjustment = "adjustment" "总额控制指标的调整",
        /// A district's inpatient payment method.
        InpatientMethod = "inpatient_method" "住院结算方式",
        /// The diseases paid by disease, and where.
        DiseaseList = "disease_list" "按病种付费病种",
        /// What may be charged for a disease.
        DiseasePrice = "disease_price" "按病种收费目录和标准",
        /// The assessment indicators.
        Indicators = "indicators" "考核指标",
        /// The clearing plan.
        ClearingPlan = "clearing_plan" "清算方案",
        /// Its approval above the district.
        ClearingApproval = "clearing_approval" "清算方案核准",
        /// The reserve for primary care.
        PrimaryCareAllotment = "primary_care_allotment" "考核预留指标分配",
        /// The final accounts.
        FinalAccounts = "final_accounts" "决算",
        /// The groups, their points or weights.
        Grouping = "grouping" "疾病诊断相关分组",
        /// A county consortium's bundle.
        Bundle = "bundle" "打包付费方案",
        /// The evaluation of a consortium.
        BundleEvaluation = "bundle_evaluation" "打包付费考核",
    }
}

words! {
    /// What a body does in a step.
    pub enum Act {
        /// Files an application.
        Apply = "apply" "申请",
        /// Prepares or proposes.
        Propose = "propose" "提出",
        /// Splits a total.
        Decompose = "decompose" "分解",
        /// Negotiates.
        Negotiate = "negotiate" "谈判协商",
        /// Gives its opinion.
        Consult = "consult" "征求意见",
        /// Balances what others made.
        Balance = "balance" "综合平衡",
        /// Reviews.
        Review = "review" "审核",
        /// Evaluates.
        Evaluate = "evaluate" "考核",
        /// Decides.
        Decide = "decide" "讨论确定",
        /// Approves what another decided.
        Approve = "approve" "核准",
        /// Is told and keeps it on file.
        File = "file" "备案",
    }
}

section! {
    /// A body (部门、会议、机构) that acts under the notice.
    pub struct Body {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// Whose affairs it decides.
        scope: Param<Scope> = "层级",
        /// What its people are to the services.
        role: Param<Role> = "角色",
        /// Its members, if it has any.
        members: Option<Param<Vec<String>>> = "成员",
        /// The first day it acts; the pack's period if not named.
        from: Option<Param<Day>> = "自",
        /// The last day it acts; the pack's period if not named.
        to: Option<Param<Day>> = "至",
    }
    check |spot| {
        if let (Some(Some(from)), Some(Some(to))) = (&from, &to) && **from > **to {
            spot.wrong_at(to.line(), to.key(), format!("{} lies before `from`, {}", **to, **from));
        }
    }
}

/// One step of a procedure: who does what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub act: Act,
    /// By which body.
    pub body: BodyId,
}

impl Value for Step {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        let (mut act, mut body, mut whole) = (None, None, true);
        for (name, at) in spot.table()? {
            match name {
                "act" => act = Act::read(&at),
                "body" => body = BodyId::read(&at),
                _ => {
                    at.wrong(format!("a step has an `act` and a `body`, no `{name}`"));
                    whole = false;
                }
            }
        }
        for name in ["act", "body"] {
            if spot.node.child(name).is_none() {
                spot.wrong(format!("a step without `{name}`"));
            }
        }
        let step = Self { act: act?, body: body? };
        whole.then_some(step)
    }

    fn show(&self) -> String {
        format!("{} {}", self.body, self.act)
    }
}

section! {
    /// How a matter is decided (程序): who does what, in order.
    pub struct Procedure {
        /// The steps, in order.
        steps: Param<Vec<Step>> = "步骤",
    }
    check |spot| {
        if let Some(steps) = &steps {
            let deciding = steps.iter().position(|step| matches!(step.act, Act::Decide | Act::Approve));
            match deciding {
                None => spot.wrong_at(steps.line(), steps.key(), "no step decides or approves"),
                Some(at) => {
                    let maker = steps[..at].iter().find(|step| step.body == steps[at].body);
                    if let Some(maker) = maker {
                        spot.wrong_at(
                            steps.line(),
                            steps.key(),
                            format!("`{}` decides what it made itself ({})", maker.body, maker.act),
                        );
                    }
                }
            }
        }
    }
}

impl Procedure {
    /// The body whose decision or approval ends the matter.
    #[must_use]
    pub fn deciding_body(&self) -> &BodyId {
        let deciding = self.steps.iter().rev().find(|step| matches!(step.act, Act::Decide | Act::Approve));
        &deciding.expect("a pack without a deciding step is refused").body
    }

    /// The body that does `act`, if a step does.
    #[must_use]
    pub fn body_that(&self, act: Act) -> Option<&BodyId> {
        self.steps.iter().find(|step| step.act == act).map(|step| &step.body)
    }
}
