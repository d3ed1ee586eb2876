use super::{Deferral, DeferralBase, MonthlyCap};
use crate::read::{Days, Months, Param, Rate, section};

section! {
    /// The settlement of a month (月度结算).
    pub struct MonthRule {
        /// How many months a settlement period has.
        period_months: Param<Months> = "结算周期（月）",
        /// How the quota is split to periods.
        cap: Param<MonthlyCap> = "周期指标",
        /// What happens to cost above the cap.
        deferral: Param<Deferral> = "超周期指标费用",
        /// What the cap is compared with.
        deferral_base: Option<Param<DeferralBase>> = "暂缓计算口径",
        /// Whether what is left of a month's cap is added to the next.
        carry_unused_cap: Param<bool> = "结余周期指标结转",
        /// What is withheld from the quota before it is split.
        withheld: Option<Withheld> = "分解前预留",
        /// Within how many working days from the period's end it is paid.
        pay_within_working_days: Param<Days> = "拨付时限（工作日）",
        /// Whether what was paid ahead is set off before the clearing.
        prepayment_set_off: Param<bool> = "月度抵扣预付",
    }
    check |spot| {
        if let (Some(cap), Some(deferral)) = (&cap, &deferral)
            && deferral.get() == Deferral::OverCap
            && cap.get() == MonthlyCap::None
        {
            spot.wrong_at(deferral.line(), deferral.key(), "defers what is over a cap, but `cap` is none");
        }
        if let (Some(deferral), Some(base)) = (&deferral, &deferral_base)
            && deferral.get() == Deferral::OverCap
            && base.is_none()
        {
            spot.wrong_at(deferral.line(), deferral.key(), "defers, but no `deferral_base` says what is counted");
        }
        if let (Some(cap), Some(carry)) = (&cap, &carry_unused_cap)
            && **carry
            && cap.get() == MonthlyCap::None
        {
            spot.wrong_at(carry.line(), carry.key(), "carries a cap forward, but `cap` is none");
        }
    }
}

section! {
    /// What leaves a quota before it is split to months (预留).
    pub struct Withheld {
        /// For the quality deposit.
        deposit_rate: Param<Rate> = "质量保证金比例",
        /// For the year-end clearing.
        clearing_rate: Param<Rate> = "年终清算资金比例",
    }
    check |spot| {
        if let (Some(deposit), Some(clearing)) = (&deposit_rate, &clearing_rate)
            && deposit.get().get() + clearing.get().get() >= rust_decimal::Decimal::ONE
        {
            spot.wrong_at(
                clearing.line(),
                clearing.key(),
                format!("with `deposit_rate`, {}, nothing is left to settle", **deposit),
            );
        }
    }
}
