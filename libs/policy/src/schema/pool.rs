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
        /// What is made public.
        public: Param<Vec<String>> = "公开事项",
        /// The decimals of points, half up.
        point_decimals: Param<Places> = "点数小数位数",
        /// The points of the mean case.
        mean_case_points: Param<Whole<1, 10_000>> = "平均病例点数",
        /// Cases whose cost is far from their group's.
        abnormal: Abnormal = "费用异常病例",
        /// The most cases that may be reviewed singly, as a share of discharges.
        special_case_rate: Param<Rate> = "特病单议占比上限",
        /// What an institution's coefficient may be.
        institution_coefficient: Param<Span<Coefficient>> = "机构系数范围",
        /// The months' value against last year's, before the year's is known.
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
    }
    check |spot| {
        if let (Some(low), Some(high)) = (&low_below, &high_above) && **low >= **high {
            spot.wrong_at(low.line(), low.key(), format!("{} is not below `high_above`, {}", **low, **high));
        }
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
