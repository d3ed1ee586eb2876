use super::{Bound, KindOfCare};
use crate::read::{Coefficient, Keyed, Param, Rate, Span, Years, section, words};

words! {
    /// What a reserve may be used for.
    pub enum ReserveUse {
        /// To compensate institutions that overspent.
        Overspend = "overspend" "年度结算超支补偿",
        /// To reward districts and their primary institutions.
        PrimaryCare = "primary_care" "考核各市、区",
        /// To adjust quotas in the year.
        Adjustment = "adjustment" "指标调整",
        /// To meet risks.
        Risk = "risk" "风险调剂",
    }
}

section! {
    /// The income and expenditure budget (基金收支预算) and the way to the target.
    pub struct Budget {
        /// The principle.
        principle: Param<String> = "编制原则",
        /// Whether and how a deficit may be budgeted.
        deficit: Deficit = "赤字预算",
        /// What the expenditure budget is made from.
        inputs: Option<Keyed<Param<String>>> = "支出预算编制因素",
        /// The surplus rate the year should end with.
        surplus_rate: Option<SurplusRate> = "当期结余率",
        /// Limits on the shares of kinds of care.
        structure: Option<Keyed<StructureLimit>> = "支出结构",
        /// What is deducted before the target.
        deductions: Option<Keyed<Param<String>>> = "总额控制扣除项",
        /// What is held back before the target.
        reserve: Reserve = "预留",
        /// What else the target takes into account, as one signed amount.
        considerations: Option<Keyed<Param<String>>> = "目标调整因素",
    }
}

section! {
    /// Deficit budgets (赤字预算).
    pub struct Deficit {
        /// Whether a deficit may be budgeted when the matter `deficit` is decided.
        allowed: Param<bool> = "允许赤字预算",
    }
}

section! {
    /// The health of the current period's surplus (当期结余率).
    pub struct SurplusRate {
        /// The rate aimed at.
        target: Param<Rate> = "目标结余率",
        /// How far from it is still healthy.
        tolerance: Param<Rate> = "允许偏差",
        /// What does not count as surplus.
        excluded: Option<Param<Vec<String>>> = "剔除项",
    }
}

section! {
    /// A limit on a kind of care's share of the expenditure (支出比例).
    pub struct StructureLimit {
        /// The kind of care.
        care: Param<KindOfCare> = "医疗类别",
        /// Whether the share is the most or the least.
        bound: Param<Bound> = "上限或下限",
        /// The share of pooling expenditure.
        share: Param<Rate> = "占统筹基金支出比例",
    }
}

section! {
    /// What is held back from the budget before the target (预留控制指标, 风险调剂金).
    pub struct Reserve {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// The most that may be planned, as a share of the expenditure budget.
        max_rate: Param<Rate> = "预留上限",
        /// What is planned unless decided otherwise, as a share of the expenditure budget.
        planned_rate: Param<Rate> = "计划预留比例",
        /// What it may be used for.
        uses: Param<Vec<ReserveUse>> = "用途",
        /// The part set aside for primary care.
        primary_care: Option<PrimaryCare> = "基层考核预留指标",
    }
    check |spot| {
        if let (Some(planned), Some(max)) = (&planned_rate, &max_rate) && **planned > **max {
            spot.wrong_at(planned.line(), planned.key(), format!("{} is more than `max_rate`, {}", **planned, **max));
        }
        if let (Some(Some(primary)), Some(uses)) = (&primary_care, &uses) && !uses.contains(&ReserveUse::PrimaryCare) {
            spot.wrong_at(
                uses.line(),
                uses.key(),
                format!("does not name primary_care, but `{}` earmarks for it", primary.earmark_rate.key()),
            );
        }
    }
}

section! {
    /// The part of the reserve for districts that invest in primary care (考核预留指标).
    pub struct PrimaryCare {
        /// Its share of the planned reserve; not available to overspend.
        earmark_rate: Param<Rate> = "占预留指标比例",
        /// What it is allotted by at the clearing.
        allotted_by: Param<String> = "分配依据",
        /// How many years what is left rolls forward.
        rolls_years: Param<Years> = "滚动年数",
        /// After how many years without payment it is cancelled.
        lapses_after_years: Param<Years> = "连续未兑现取消年数",
        /// By how much the next year's share may be raised when it was short.
        raise_range: Option<Param<Span<Coefficient>>> = "不足时下年增幅",
    }
    check |spot| {
        if let (Some(rolls), Some(lapses)) = (&rolls_years, &lapses_after_years) && **rolls > **lapses {
            spot.wrong_at(
                rolls.line(),
                rolls.key(),
                format!("{} is more than `lapses_after_years`, {}", rolls.get().get(), lapses.get().get()),
            );
        }
    }
}
