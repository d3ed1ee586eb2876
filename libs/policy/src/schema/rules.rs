use super::care::CareTable;
use super::{
    Adjustment, Budget, Bundle, Care, Clearing, Deposit, FourthQuarter, Indicator, IndicatorUse, Inspection,
    KindOfCare, MonthRule, Payment, Pool, Prepayment, Quota, Regime, Warnings,
};
use crate::read::{Id, Keyed, section};

section! {
    /// What holds for one fund line: the general rules with its own in their place.
    pub struct Rules {
        /// Budget, deductions, reserve and target.
        budget: Budget = "基金预算与总额控制目标",
        /// The kinds of care and how they are paid.
        care: CareTable = "医疗类别与付费方式",
        /// What payment methods need.
        payment: Payment = "付费方式细则",
        /// The decomposition into quotas, where a kind of care has them.
        quota: Option<Quota> = "总额控制指标分解",
        /// The pool, where a kind of care has one.
        pool: Option<Pool> = "区域总额与点数法",
        /// The consortium's bundle, where there is one.
        bundle: Option<Bundle> = "医共体打包付费",
        /// Adjustments in the year.
        adjustment: Adjustment = "总额控制指标调整",
        /// What is paid ahead.
        prepayment: Prepayment = "预付",
        /// The month.
        month: MonthRule = "月度结算",
        /// The deposit, where there is one.
        deposit: Option<Deposit> = "保证金",
        /// The clearing.
        clearing: Clearing = "年度清算",
        /// The indicators.
        indicators: Keyed<Indicator> = "考核指标",
        /// The fourth quarter's rule, where there is one.
        fourth_quarter: Option<FourthQuarter> = "第四季度就诊人次",
        /// Inspections.
        inspection: Inspection = "稽核检查",
        /// Early warnings.
        warnings: Warnings = "基金运行风险预警",
    }
    check |spot| {
        if let Some(care) = &care {
            let needs = [
                (Regime::Quota, matches!(quota, Some(None)), "quota"),
                (Regime::Pool, matches!(pool, Some(None)), "pool"),
                (Regime::Bundle, matches!(bundle, Some(None)), "bundle"),
            ];
            for (regime, absent, section) in needs {
                if let Some(care) = care.values().find(|care| care.regime.get() == regime && absent) {
                    spot.wrong_at(
                        care.regime.line(),
                        care.regime.key(),
                        format!("is {regime}, but the pack has no section `{section}`"),
                    );
                }
            }
            if let Some(Some(quota)) = &quota {
                for kind in quota.base_care.iter() {
                    if !care.get(kind).is_some_and(|care| care.regime.get().has_quota()) {
                        spot.wrong_at(
                            quota.base_care.line(),
                            quota.base_care.key(),
                            format!("`{kind}` has no quota to be the base of"),
                        );
                    }
                }
            }
        }
        if let (Some(Some(deposit)), Some(month)) = (&deposit, &month)
            && *deposit.withheld != month.withheld.is_some()
        {
            spot.wrong_at(
                deposit.withheld.line(),
                deposit.withheld.key(),
                if *deposit.withheld {
                    "the deposit is withheld, but `month.withheld` does not say how much"
                } else {
                    "the deposit is not withheld, but `month.withheld` withholds"
                },
            );
        }
    }
}

impl Rules {
    /// How a kind of care is limited and paid, if the pack knows it.
    #[must_use]
    pub fn care(&self, kind: KindOfCare) -> Option<&Care> {
        self.care.get(&kind)
    }

    /// What limits the payment of a kind of care, if the pack knows it.
    #[must_use]
    pub fn regime(&self, kind: KindOfCare) -> Option<Regime> {
        self.care(kind).map(|care| care.regime.get())
    }

    /// Whether the bills of a kind of care meet the institution's quota.
    #[must_use]
    pub fn meets_quota(&self, kind: KindOfCare) -> bool {
        self.care(kind).is_some_and(|care| care.regime.get().has_quota())
    }

    /// The kinds of care of `pays` that pools pay, in the pack's order.
    pub fn pooled<'a>(&'a self, pays: &'a [KindOfCare]) -> impl Iterator<Item = (KindOfCare, &'a Care)> {
        let pooled =
            self.care.iter().filter(|(kind, care)| care.regime.get() == Regime::Pool && pays.contains(kind));
        pooled.map(|(kind, care)| (*kind, care))
    }

    /// The indicators used for `purpose`, with their ids.
    pub fn indicators_for(&self, purpose: IndicatorUse) -> impl Iterator<Item = (&Id, &Indicator)> {
        self.indicators.iter().filter(move |(_, indicator)| indicator.uses.contains(&purpose))
    }
}
