use rust_decimal::Decimal;

use super::PointStandard;
use crate::read::{Coefficient, Keyed, Param, Places, Rate, Span, Whole, Yearly, section};

section! {
    /// A regional pool shared by diagnosis-related groups (疾病诊断相关分组与点数法).
    pub struct Pool {
        /// The grouping standard.
        scheme: Param<String> = "分组方案",
        /// What a case is grouped by.
        grouped_by: Param<Vec<String>> = "分组依据",
        /// What the payment standard covers.
        standard: Param<PointStandard> = "付费标准涵盖",
        /// Whether the regional budget is split to institutions.
        split_to_institutions: Param<bool> = "细化到医疗机构",
        /// Whether every method of its care is paid out of it; else points and rates are, and the others beside it.
        every_method: Param<bool> = "涵盖各种付费方式",
        /// What is made public.
        public: Param<Vec<String>> = "公开事项",
        /// The decimals of points, half up.
        point_decimals: Param<Places> = "点数小数位数",
        /// The points of the mean case.
        mean_case_points: Param<Whole<1, 10_000>> = "平均病例点数",
        /// Cases whose cost is far from their group's.
        abnormal: Abnormal = "费用异常病例",
        /// The national codes of how patients leave whose treatment is not complete (离院方式).
        incomplete_discharges: Param<Vec<String>> = "未完成治疗的离院方式",
        /// Stays that are cut because their patient came back.
        readmission: Readmission = "再入院",
        /// Cases that are reviewed singly.
        special_cases: SpecialCases = "特病单议",
        /// What an institution's coefficient may be.
        institution_coefficient: Param<Span<Coefficient>> = "机构系数范围",
        /// The share of the budget's progress that the months pay, before the year's value is known.
        provisional_rate: Param<Rate> = "月度预结点值比例",
        /// The share of the pool kept to adjust at the clearing.
        adjustment_rate: Param<Rate> = "调剂金比例",
        /// How the coverage grows by year.
        coverage: Option<Keyed<Coverage>> = "覆盖进度",
    }
}

section! {
    /// Cases of abnormal cost (费用异常病例).
    pub struct Abnormal {
        /// Below this multiple of the group's mean a case is low.
        low_below: Param<Coefficient> = "低倍率界限",
        /// Above this multiple of the group's mean a case is high.
        high_above: Param<Coefficient> = "高倍率界限",
        /// The share of what lies above that which counts.
        high_share: Param<Rate> = "超界限部分计入比例",
        /// The share of its cost that a case without group counts, at most the mean case, until it is reviewed.
        ungrouped_share: Param<Rate> = "未入组病例计入比例",
    }
    check |spot| {
        if let (Some(low), Some(high)) = (&low_below, &high_above) && **low >= **high {
            spot.wrong_at(low.line(), low.key(), format!("{} is not below `high_above`, {}", **low, **high));
        }
        if let Some(high) = &high_above && high.get().get() < Decimal::ONE {
            spot.wrong_at(high.line(), high.key(), format!("{} lies below the group's mean", **high));
        }
    }
}

section! {
    /// When a readmission cuts the stay before it (分解住院).
    pub struct Readmission {
        /// The most days from a discharge to the next admission in the same group.
        within_days: Param<Whole<1, 366>> = "再入院天数",
        /// The share of its points that the earlier stay keeps.
        kept_rate: Param<Rate> = "前次住院保留点数比例",
        /// Whether only a readmission to the same institution counts.
        same_institution: Param<bool> = "限同一医疗机构",
    }
}

section! {
    /// Cases that are reviewed singly (特病单议).
    pub struct SpecialCases {
        /// The most that an institution may file in a fund year, as a share of its discharges.
        max_share: Param<Rate> = "特病单议占比上限",
        /// The days after the end of its month in which a case may be filed.
        file_within_days: Param<Whole<1, 366>> = "特病单议申报期限",
        /// The experts who hear a case.
        n_experts: Param<Whole<1, 99>> = "单议专家人数",
        /// Whether a case counts its justified cost only if more of its experts are in favour than against.
        majority_binds: Param<bool> = "专家多数意见约束",
    }
}

section! {
    /// One series of coverage (覆盖进度).
    pub struct Coverage {
        /// What is covered.
        name: Param<String> = "名称",
        /// The least share each year.
        by_year: Param<Yearly<Rate>> = "年度进度",
        /// Whether each year's share is added to those before.
        cumulative: Param<bool> = "逐年累加",
        /// The share in the end.
        goal: Param<Rate> = "目标",
    }
}

impl Coverage {
    /// The least share that is to be covered by the end of a year; `None` before the first.
    ///
    /// Steps that are added up never exceed the whole; after the last of them it is the goal.
    #[must_use]
    pub fn least(&self, year: i32) -> Option<Decimal> {
        let steps: Vec<(i32, Decimal)> =
            self.by_year.iter().map(|(year, share)| (year, share.get())).collect();
        if steps.last().is_some_and(|(last, _)| *last < year) {
            return Some(self.goal.get().get());
        }
        let reached = || steps.iter().take_while(|(step, _)| *step <= year).map(|(_, share)| *share);
        if *self.cumulative {
            reached().next()?;
            return Some(reached().sum::<Decimal>().min(Decimal::ONE));
        }
        reached().last()
    }
}
