use super::{Bound, IndicatorUse, KindOfCare, Q4Measure, Unit};
use crate::read::{BodyId, Coefficient, Keyed, Param, Quantity, Rate, section};

section! {
    /// A figure that institutions are measured by (考核指标).
    pub struct Indicator {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// What it is measured in.
        unit: Param<Unit> = "单位",
        /// What it is used for.
        uses: Param<Vec<IndicatorUse>> = "用途",
        /// Which side of the limit is bad.
        bound: Option<Param<Bound>> = "上限或下限",
        /// The limit unless the agreement names another.
        limit: Option<Param<Quantity>> = "指标值",
        /// What missing it costs at the clearing, as a share of the year's payable.
        deduction_rate: Option<Param<Rate>> = "扣减比例",
    }
    check |spot| {
        if let (Some(bound), Some(limit), Some(deduction), Some(uses)) = (&bound, &limit, &deduction_rate, &uses) {
            if let (Some(limit), None) = (limit, bound) {
                spot.wrong_at(limit.line(), limit.key(), "a limit needs a `bound`, max or min");
            }
            if let (Some(deduction), None) = (deduction, limit) {
                spot.wrong_at(deduction.line(), deduction.key(), "a deduction needs a `limit` that can be missed");
            }
            let deducts = uses.contains(&IndicatorUse::Clearing);
            match deduction {
                Some(deduction) if !deducts => {
                    spot.wrong_at(deduction.line(), deduction.key(), "deducts, but `uses` does not name clearing");
                }
                None if deducts => {
                    spot.wrong_at(uses.line(), uses.key(), "names clearing, but there is no `deduction_rate`");
                }
                Some(_) | None => {}
            }
        }
    }
}

section! {
    /// The rule that the fourth quarter must not differ much from the first three (第四季度就诊人次).
    pub struct FourthQuarter {
        /// What is counted.
        measure: Param<Q4Measure> = "计算口径",
        /// How far from the mean it may lie, as a share of the mean.
        tolerance: Param<Rate> = "允许偏差",
        /// What a larger difference costs at the clearing, as a share of the year's payable.
        deduction_rate: Param<Rate> = "扣减比例",
    }
}

section! {
    /// Inspections of records (稽核检查).
    pub struct Inspection {
        /// The kinds of care whose records are sampled.
        care: Param<Vec<KindOfCare>> = "抽查范围",
        /// What is looked for.
        subjects: Keyed<Violation> = "检查重点",
        /// Whether a confirmed violation is enlarged by the sampling rate.
        extrapolated: Param<bool> = "按抽查比例放大拒付",
        /// The least sampling rate.
        least_sampling_rate: Param<Rate> = "最低抽查比例",
        /// Whether results count in the graded review and the physicians' credit.
        counts_in_review: Param<bool> = "作为分级评审和医师诚信依据",
        /// Whether the public's reports are rewarded.
        reports_rewarded: Param<bool> = "举报奖励",
        /// Whether independent parties may give the evidence.
        third_party: Param<bool> = "第三方评估",
    }
}

section! {
    /// An act that breaks the agreement (违规行为).
    pub struct Violation {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// Whether an institution with a confirmed one has no clean record.
        spoils_record: Param<bool> = "影响守规认定",
    }
}

section! {
    /// How budget, standards and methods are negotiated (谈判协商).
    pub struct Negotiation {
        /// What is negotiated.
        subjects: Keyed<Param<String>> = "谈判事项",
        /// What institutions are grouped by.
        grouped_by: Option<Param<Vec<String>>> = "分组依据",
        /// Whether elected representatives may speak for a group.
        representatives: Param<bool> = "推荐代表协商",
        /// Who negotiates.
        parties: Param<Vec<BodyId>> = "参与方",
        /// Whether programme and method are made public before.
        public: Param<bool> = "程序公开",
    }
}

section! {
    /// When execution runs ahead of the calendar (基金运行风险预警).
    pub struct Warnings {
        /// The levels, the mildest first.
        levels: Keyed<WarningLevel> = "预警级别",
        /// Who is warned.
        told: Param<Vec<BodyId>> = "预警对象",
    }
    check |spot| {
        if let Some(levels) = &levels {
            for (before, level) in levels.values().zip(levels.values().skip(1)) {
                if *level.ratio <= *before.ratio {
                    spot.wrong_at(
                        level.ratio.line(),
                        level.ratio.key(),
                        format!("{} is not above the level before, {}", *level.ratio, *before.ratio),
                    );
                }
            }
        }
    }
}

section! {
    /// A level of warning (预警级别).
    pub struct WarningLevel {
        /// What it is called.
        name: Param<String> = "名称",
        /// From which ratio of the executed share of the budget to the elapsed share of the year it is given.
        ratio: Param<Coefficient> = "执行进度与时间进度之比",
    }
}
