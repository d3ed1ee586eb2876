use super::KindOfCare;
use crate::read::{BodyId, Coefficient, Keyed, Param, Rate, Span, Whole, section};

section! {
    /// The bundle of a county consortium (县域医共体医保资金打包付费).
    pub struct Bundle {
        /// What the standard is made from.
        inputs: Keyed<Param<String>> = "包干标准测算因素",
        /// The kinds of care it holds unless the county decides otherwise.
        care: Param<Vec<KindOfCare>> = "打包范围",
        /// How many consortia of a county are bundled.
        per_county: Param<Whole<1, 10>> = "县域内打包医共体数",
        /// Which counties start.
        counties: Keyed<Param<String>> = "实施范围",
        /// How last year's spending may grow into the bundle.
        growth_range: Param<Span<Coefficient>> = "增长系数范围",
        /// The share of the bundle held back.
        reserve_rate: Param<Rate> = "预留比例",
        /// The share paid ahead each month.
        prepaid_rate: Param<Rate> = "按月预拨比例",
        /// The share of a surplus that the consortium keeps, before its score.
        surplus_kept_rate: Param<Rate> = "结余留用比例",
        /// The share of a reasonable overspend that the fund bears.
        overspend_fund_rate: Param<Rate> = "合理超支基金分担比例",
        /// The links where risk is controlled together.
        joint_risk: Keyed<Param<String>> = "风险联防环节",
        /// How it is evaluated, in order.
        evaluation: Keyed<BundleStage> = "联动考核",
        /// Whether institutions inside are still paid by their methods.
        inner_methods: Param<bool> = "与其他付费方式衔接",
    }
}

section! {
    /// A stage of the evaluation (考核环节).
    pub struct BundleStage {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// Who evaluates.
        body: Param<BodyId> = "考核主体",
        /// Whether its score is the one that counts.
        final_score: Param<bool> = "终评",
    }
}
