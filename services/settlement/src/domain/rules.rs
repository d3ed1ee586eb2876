//! What the calculators take from a policy pack.

use medfund_money::{Fen, Rate};
use medfund_policy::{
    BedDay, ByDisease, Deferral, DeferralBase, Deposit, DepositBase, HistoryShare, Id, IndicatorUse,
    KindOfCare, MonthlyCap, Pack, PerCapita, PointStandard, Q4Measure, Rules, Variants,
};
use medfund_tariff::share::Covers;
use medfund_types::{FundYear, SettlementMonth};
use rust_decimal::Decimal;

use super::cited::Cited;
use super::clearing::ClearingRules;
use super::fourth_quarter::FourthQuarterRule;
use super::methods::{BedDayRules, CapitaRules, DiseaseRules, MethodRules, Phase, RateRules, VariantRule};
use super::month::DeferralRule;
use super::pool::{PoolRules, pool_rules};

/// A rule of a pack that settlement does not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pack's `{key}` asks for `{value}`, which months are not settled by")]
pub struct UnsettledRule {
    /// The parameter's key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// The kinds of care whose bills meet an institution's quota.
#[must_use]
pub fn quota_care(rules: &Rules) -> Vec<KindOfCare> {
    KindOfCare::ALL.iter().copied().filter(|kind| rules.meets_quota(*kind)).collect()
}

/// How a month defers, for an institution's quota; `None` if the pack defers nothing.
///
/// # Errors
///
/// [`UnsettledRule`] if the quota is split by last year's months.
pub fn deferral(rules: &Rules, quota: Fen) -> Result<Option<DeferralRule>, UnsettledRule> {
    let month = &rules.month;
    if month.deferral.get() == Deferral::None {
        return Ok(None);
    }
    match month.cap.get() {
        MonthlyCap::None => Ok(None),
        MonthlyCap::LastYear => {
            Err(UnsettledRule { key: month.cap.key().to_owned(), value: month.cap.get().to_string() })
        }
        MonthlyCap::Equal => {
            let withheld = month.withheld.as_ref().map_or(Decimal::ZERO, |withheld| {
                withheld.deposit_rate.get().get() + withheld.clearing_rate.get().get()
            });
            let left = Rate::try_from(Decimal::ONE - withheld).expect("a pack leaves something to settle");
            let base = month.deferral_base.as_ref().map_or(DeferralBase::Payable, |base| base.get());
            let year_cap = Fen::round_half_up(left.of(quota));
            Ok(Some(DeferralRule { year_cap, base, carries_unused: *month.carry_unused_cap }))
        }
    }
}

/// What payment methods take from the pack, for institutions of a class.
///
/// # Errors
///
/// As [`pool_rules`].
pub fn methods(rules: &Rules, institution_class: &str) -> Result<MethodRules, UnsettledRule> {
    let of_pool = |pool: PoolRules| RateRules {
        covers: pool.covers,
        bands: pool.bands,
        ungrouped_share: Some(pool.ungrouped_share),
    };
    let payment = &rules.payment;
    Ok(MethodRules {
        by_disease: payment.by_disease.as_ref().map(by_disease).unwrap_or_default(),
        per_capita: payment.per_capita.as_ref().map(per_capita).unwrap_or_default(),
        bed_day: payment.bed_day.as_ref().map(|days| bed_day(days, institution_class)).unwrap_or_default(),
        rate: pool_rules(rules)?.map(of_pool).unwrap_or_default(),
    })
}

fn by_disease(by_disease: &ByDisease) -> DiseaseRules {
    let variant = |variants: &Variants| VariantRule {
        low_below: Cited::from(&variants.low_below).value,
        high_above: Cited::from(&variants.high_above).value,
    };
    DiseaseRules {
        extra_charge: *by_disease.extra_charge,
        variants: by_disease.variants.as_ref().map(variant),
        tcm_factor: by_disease.tcm_factor.as_ref().map(Into::into),
    }
}

fn per_capita(per_capita: &PerCapita) -> CapitaRules {
    let package = per_capita.package.values();
    let package: Vec<String> = package.map(|held| format!("{} ({})", held.as_str(), held.cite())).collect();
    CapitaRules {
        package: package.join("; "),
        referral_share: per_capita.referral_share.as_ref().map(Into::into),
    }
}

fn bed_day(bed_day: &BedDay, institution_class: &str) -> BedDayRules {
    let phase = |(id, phase): (&Id, &medfund_policy::Phase)| Phase {
        id: id.to_string(),
        from_day: phase.from_day.get().get().into(),
        factor: (&phase.factor).into(),
    };
    let services = bed_day.services.iter();
    let services = services.map(|(id, service)| (id.to_string(), service.phases.iter().map(phase).collect()));
    let class = bed_day.class_factors.as_ref().and_then(|factors| factors.named(institution_class));
    BedDayRules { services: services.collect(), class_factor: class.map(Into::into) }
}

/// What a group's standard covers.
pub(super) fn covers(standard: PointStandard) -> Covers {
    match standard {
        PointStandard::FundAndPersonal => Covers::AllCost,
        PointStandard::Fund => Covers::FundPart,
    }
}

/// The clearing's rules.
#[must_use]
pub fn clearing(rules: &Rules) -> ClearingRules {
    let clearing = &rules.clearing;
    let cite = |first: Option<String>| first.unwrap_or_else(|| clearing.principle.cite());
    ClearingRules {
        surplus_tiers: Cited::new(
            clearing.surplus_sharing(),
            &cite(clearing.surplus_tiers.values().next().map(|tier| tier.kept_rate.cite())),
        ),
        overspend_tiers: Cited::new(
            clearing.overspend_sharing(),
            &cite(clearing.overspend_tiers.values().next().map(|tier| tier.fund_rate.cite())),
        ),
        reserve_cite: rules.budget.reserve.max_rate.cite(),
    }
}

/// The fourth quarter's rule and whether it counts visits of every kind of care.
#[must_use]
pub fn fourth_quarter(rules: &Rules) -> Option<(FourthQuarterRule, Q4Measure)> {
    rules.fourth_quarter.as_ref().map(|rule| {
        let tolerance = (&rule.tolerance).into();
        let deduction_rate = (&rule.deduction_rate).into();
        (FourthQuarterRule { tolerance, deduction_rate }, rule.measure.get())
    })
}

/// Whether any indicator is deducted at the clearing.
#[must_use]
pub fn has_clearing_indicators(rules: &Rules) -> bool {
    rules.indicators_for(IndicatorUse::Clearing).next().is_some()
}

/// The rate that a grade of the review forfeits of the deposit, if the pack knows the grade.
#[must_use]
pub fn forfeited_rate(deposit: &Deposit, grade: &str) -> Option<Cited<Rate>> {
    deposit.grades.named(grade).map(|grade| (&grade.forfeited_rate).into())
}

/// The share of the historic monthly mean that a management grade is prepaid.
///
/// A grade that the fund line's rules do not name is none.
#[must_use]
pub fn prepaid_share(shares: &HistoryShare, grade: &str) -> Cited<Rate> {
    shares.by_grade.named(grade).unwrap_or(&shares.ungraded).into()
}

/// Whether the deposit's base is a share of the quota instead of the payable.
#[must_use]
pub fn deposit_is_of_quota(deposit: &Deposit) -> bool {
    deposit.base_of.get() == DepositBase::Quota
}

/// The fund year that `month` belongs to.
#[must_use]
pub fn fund_year_of(pack: &Pack, month: SettlementMonth) -> Option<FundYear> {
    let begins = pack.period().fund_year_start.get().month();
    let year = if month.month() >= begins { month.year() } else { month.year() - 1 };
    FundYear::try_from(year).ok()
}

/// The twelve months of a fund year.
#[must_use]
pub fn months_of(pack: &Pack, fund_year: FundYear) -> Vec<SettlementMonth> {
    let begins = pack.period().fund_year_start.get().month();
    let first = SettlementMonth::from_ym(fund_year.get(), begins).expect("a fund year has a first month");
    std::iter::successors(Some(first), |month| Some(month.next())).take(12).collect()
}

/// The month's place in its fund year, 1 to 12.
#[must_use]
pub fn place_of(pack: &Pack, month: SettlementMonth) -> u32 {
    let begins = pack.period().fund_year_start.get().month();
    (month.month() + 12 - begins) % 12 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jiangmen() -> Pack {
        Pack::parse(include_bytes!("../../../../policies/jiangmen-2016.toml")).unwrap()
    }

    #[test]
    fn the_pack_s_bands_become_shares_of_the_standard() {
        let pack = jiangmen();
        let rules = clearing(pack.rules(&"employee".parse().unwrap()).unwrap());
        let keep = |surplus| rules.surplus_tiers.value.share(Fen::new(surplus), Fen::new(10_000));
        assert_eq!([keep(1_500), keep(2_000)], [Fen::new(1_500), Fen::new(1_750)]);
        let borne = |over| rules.overspend_tiers.value.share(Fen::new(over), Fen::new(10_000));
        assert_eq!([borne(500), borne(1_000), borne(2_000)], [Fen::new(350), Fen::new(600), Fen::new(600)]);
    }

    #[test]
    fn months_have_their_place_in_the_fund_year() {
        let pack = jiangmen();
        let year = FundYear::try_from(2017).unwrap();
        let months = months_of(&pack, year);
        assert_eq!((months[0].to_string(), months[11].to_string()), ("2017-01".into(), "2017-12".into()));
        for (place, month) in (1..).zip(&months) {
            assert_eq!((place_of(&pack, *month), fund_year_of(&pack, *month)), (place, Some(year)));
        }
    }

    #[test]
    fn jiangmen_defers_nothing_and_meets_quotas_with_inpatient_care() {
        let pack = jiangmen();
        let rules = pack.rules(&"resident".parse().unwrap()).unwrap();
        assert_eq!(deferral(rules, Fen::new(1)), Ok(None));
        assert_eq!(quota_care(rules), [KindOfCare::Inpatient]);
    }
}
