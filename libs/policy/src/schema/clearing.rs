use medfund_money::{Tier, Tiers};
use rust_decimal::Decimal;

use super::DepositBase;
use crate::read::{Coefficient, Keyed, MonthDay, Months, Param, Rate, Spot, section};

section! {
    /// The responsibility or quality deposit (责任保证金, 质量保证金).
    pub struct Deposit {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// The deposit's base, as a share.
        base_rate: Param<Rate> = "计算比例",
        /// What the share is taken of.
        base_of: Param<DepositBase> = "计算基数",
        /// Whether it is withheld from what is paid in the year.
        withheld: Param<bool> = "结算时预留",
        /// What each grade of the review forfeits.
        grades: Keyed<Grade> = "评审等级",
        /// How many months after the review is confirmed it is taken.
        taken_after_months: Param<Months> = "评审结果确定后扣除月数",
    }
    check |spot| {
        if let Some(grades) = &grades && grades.is_empty() {
            spot.wrong_at(spot.node.line, &format!("{}.grades", spot.key), "names no grade");
        }
    }
}

section! {
    /// A grade of the review (评审等级).
    pub struct Grade {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// The share of the deposit's base that is forfeited.
        forfeited_rate: Param<Rate> = "扣除比例",
    }
}

section! {
    /// The annual clearing (年度清算).
    pub struct Clearing {
        /// The principle.
        principle: Param<String> = "原则",
        /// What is kept of a surplus, band by band, downwards from the standard.
        surplus_tiers: Keyed<SurplusTier> = "结余留用档次",
        /// What the fund bears of an overspend, band by band, upwards from the standard.
        overspend_tiers: Keyed<OverspendTier> = "超支分担档次",
        /// Whether the fund's balance is taken into account when the plan is decided.
        weighs_fund_balance: Param<bool> = "结合基金收支情况",
        /// Whether what was deferred is reviewed and paid here.
        reviews_deferred: Param<bool> = "审核暂缓费用",
        /// What it looks at besides the cost.
        considers: Option<Keyed<Param<String>>> = "决算因素",
        /// The day of the next year it is due.
        by: Param<MonthDay> = "清算期限",
    }
    check |spot| {
        if let Some(tiers) = &surplus_tiers {
            descending(spot, tiers);
        }
        if let Some(tiers) = &overspend_tiers {
            ascending(spot, tiers);
        }
    }
}

section! {
    /// A band of surplus (结余留用档次): from the band before, or the standard, down to a share of the standard.
    pub struct SurplusTier {
        /// The share of the standard where the band ends.
        down_to: Param<Rate> = "至标准的比例",
        /// The share of the band's surplus that the institution keeps.
        kept_rate: Param<Rate> = "留用比例",
    }
}

section! {
    /// A band of overspend (超支分担档次): from the band before, or the standard, up to a multiple of the standard.
    pub struct OverspendTier {
        /// The multiple of the standard where the band ends.
        up_to: Param<Coefficient> = "至标准的倍数",
        /// The share of the band's overspend that the fund bears.
        fund_rate: Param<Rate> = "基金分担比例",
    }
}

impl Clearing {
    /// What is kept of a surplus, as bands of the surplus measured from the standard.
    #[must_use]
    pub fn surplus_sharing(&self) -> Tiers {
        let bands = self.surplus_tiers.values();
        sharing(bands.map(|tier| (Decimal::ONE - tier.down_to.get().get(), tier.kept_rate.get())).collect())
    }

    /// What the fund bears of an overspend, as bands of the overspend measured from the standard.
    #[must_use]
    pub fn overspend_sharing(&self) -> Tiers {
        let bands = self.overspend_tiers.values();
        sharing(bands.map(|tier| (tier.up_to.get().get() - Decimal::ONE, tier.fund_rate.get())).collect())
    }
}

fn sharing(bands: Vec<(Decimal, Rate)>) -> Tiers {
    let tier = |(end, rate): (Decimal, Rate)| {
        let up_to =
            Coefficient::try_from(end).expect("a band whose end is not beyond its beginning is refused");
        Tier { up_to: Some(up_to), rate }
    };
    Tiers::new(bands.into_iter().map(tier).collect())
        .expect("bands that are none or out of order are refused")
}

fn descending(spot: &Spot<'_>, tiers: &Keyed<SurplusTier>) {
    no_bands(spot, "surplus_tiers", tiers.is_empty());
    let mut above = Decimal::ONE;
    for tier in tiers.values() {
        let end = tier.down_to.get().get();
        if end >= above {
            spot.wrong_at(
                tier.down_to.line(),
                tier.down_to.key(),
                format!("{end} is not below {above}, where the band begins"),
            );
        }
        above = end;
    }
}

fn ascending(spot: &Spot<'_>, tiers: &Keyed<OverspendTier>) {
    no_bands(spot, "overspend_tiers", tiers.is_empty());
    let mut below = Decimal::ONE;
    for tier in tiers.values() {
        let end = tier.up_to.get().get();
        if end <= below {
            spot.wrong_at(
                tier.up_to.line(),
                tier.up_to.key(),
                format!("{end} is not above {below}, where the band begins"),
            );
        }
        below = end;
    }
}

fn no_bands(spot: &Spot<'_>, name: &str, none: bool) {
    if none {
        spot.wrong_at(spot.node.line, &format!("{}.{name}", spot.key), "names no band");
    }
}
