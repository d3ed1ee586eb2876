//! Reads a profile out of a pack.

use anyhow::{Context, bail};
use medfund_policy as policy;
use medfund_policy::{Bound, FactorSource, IndicatorUse, KindOfCare, Pack, Regime, Rules, Unit};
use medfund_proto::types::v1::PaymentMethod;
use medfund_types::FundLine;
use rust_decimal::Decimal;

use super::profile::{
    CareProfile, FactorProfile, IndicatorProfile, LineProfile, Profile, StandardsProfile, TableProfile,
};

/// The methods that a sample can draw standards for.
const DRAWN: [(policy::PaymentMethod, PaymentMethod); 8] = [
    (policy::PaymentMethod::AverageQuota, PaymentMethod::AverageQuota),
    (policy::PaymentMethod::ByDisease, PaymentMethod::ByDisease),
    (policy::PaymentMethod::PerCapita, PaymentMethod::PerCapita),
    (policy::PaymentMethod::DailyCap, PaymentMethod::DailyCap),
    (policy::PaymentMethod::FeeForService, PaymentMethod::FeeForService),
    (policy::PaymentMethod::ServiceUnit, PaymentMethod::ServiceUnit),
    (policy::PaymentMethod::TotalPrepayment, PaymentMethod::TotalPrepayment),
    (policy::PaymentMethod::BedDay, PaymentMethod::BedDay),
];

/// The method of a pool that all institutions share by, where the pack has it.
const POINTS: [(policy::PaymentMethod, PaymentMethod); 1] =
    [(policy::PaymentMethod::DrgPoints, PaymentMethod::DrgPoints)];

/// The methods of a pool that institutions are paid out of, each by its own.
const PRICED: [(policy::PaymentMethod, PaymentMethod); 3] = [
    (policy::PaymentMethod::DrgRate, PaymentMethod::DrgRate),
    (policy::PaymentMethod::ByDisease, PaymentMethod::ByDisease),
    (policy::PaymentMethod::FeeForService, PaymentMethod::FeeForService),
];

impl Profile {
    /// What a sample must know of `pack`.
    ///
    /// # Errors
    ///
    /// If the pack has no fund line whose inpatient care has quotas or a pool and is paid by a method that a
    /// sample can draw.
    pub fn of(pack: &Pack) -> anyhow::Result<Self> {
        let lines: Vec<(&FundLine, &Rules)> = pack
            .fund_lines()
            .keys()
            .filter_map(|line| Some((line, pack.rules(line)?)))
            .filter(|(_, rules)| {
                rules.care(KindOfCare::Inpatient).is_some_and(|care| !drawn(care).is_empty())
            })
            .collect();
        let Some((_, rules)) = lines.first().copied() else {
            bail!("{} pays no fund line's inpatient care out of a quota or a pool", pack.id());
        };
        let inpatient = lines.iter().filter_map(|(_, rules)| rules.care(KindOfCare::Inpatient));
        let inpatient: Vec<&policy::Care> = inpatient.collect();
        let methods: Vec<Vec<PaymentMethod>> = inpatient.iter().map(|care| drawn(care)).collect();
        let methods = DRAWN
            .iter()
            .chain(&POINTS)
            .chain(&PRICED[..1])
            .map(|(_, drawn)| *drawn)
            .filter(|drawn| methods.iter().any(|of| of.contains(drawn)));
        let quota = rules.quota.as_ref().context("some care has a quota, so the pack has its section")?;
        Ok(Self {
            area: pack.region().parse()?,
            fund_year: pack.first_fund_year().try_into()?,
            lines: lines
                .iter()
                .map(|(line, rules)| line_profile(pack, line, rules))
                .collect::<Result<_, _>>()?,
            factors: quota
                .factors
                .iter()
                .filter_map(|(id, factor)| factor_profile(id.as_str(), factor))
                .collect(),
            methods: methods.collect(),
            districts_choose: inpatient.iter().any(|care| care.lock_years.is_some()),
            standards: standards_profile(&rules.payment),
            grades: match &rules.deposit {
                Some(deposit) => deposit.grades.keys().map(ToString::to_string).collect(),
                None => Vec::new(),
            },
            management_grades: match &rules.prepayment.history_share {
                Some(shares) => shares.by_grade.keys().map(ToString::to_string).collect(),
                None => Vec::new(),
            },
            tables: quota.factors.values().filter_map(table_profile).collect(),
            indicators: rules
                .indicators_for(IndicatorUse::Clearing)
                .filter_map(|(id, indicator)| indicator_profile(id.as_str(), indicator))
                .collect(),
            adjustment_reasons: rules.adjustment.reasons.keys().map(ToString::to_string).collect(),
            violation_kinds: rules.inspection.subjects.keys().map(ToString::to_string).collect(),
            year_weights: quota.year_weights.far_to_near().iter().map(|weight| weight.get()).collect(),
            surplus_rate: rules
                .budget
                .surplus_rate
                .as_ref()
                .map(|range| (range.target.get().get(), range.tolerance.get().get())),
            reserve_max_rate: rules.budget.reserve.max_rate.get().get(),
            reserve_planned_rate: rules.budget.reserve.planned_rate.get().get(),
            primary_care_raise: rules
                .budget
                .reserve
                .primary_care
                .as_ref()
                .and_then(|care| care.raise_range.as_ref())
                .map(|range| (range.least.get(), range.most.get())),
            forecast_range: (quota.forecast_range.least.get(), quota.forecast_range.most.get()),
            primary_floor_rate: quota.primary_floor.get().get(),
            fourth_quarter_tolerance: rules.fourth_quarter.as_ref().map(|rule| rule.tolerance.get().get()),
            least_sampling_rate: rules.inspection.least_sampling_rate.get().get(),
            advance_months_max: match &rules.prepayment.advance {
                Some(advance) => advance.months.most.get(),
                None => 0,
            },
            drg_share: drg_share(pack.first_fund_year(), rules),
            inpatient_med_type: med_type(pack, KindOfCare::Inpatient).context("no code of inpatient care")?,
            outpatient_med_types: [KindOfCare::GeneralOutpatient, KindOfCare::SpecialOutpatient]
                .into_iter()
                .filter(|kind| {
                    lines
                        .iter()
                        .all(|(_, rules)| rules.care(*kind).is_some_and(|_| !rules.meets_quota(*kind)))
                })
                .filter_map(|kind| med_type(pack, kind))
                .collect(),
        })
    }
}

/// The share of institutions that are to be paid by DRG in the fund year, where the pack says so and has a rate for it.
fn drg_share(fund_year: i32, rules: &Rules) -> Option<Decimal> {
    let by_rate = rules.care(KindOfCare::Inpatient)?.allows(policy::PaymentMethod::DrgRate);
    let coverage = rules.pool.as_ref().filter(|_| by_rate)?.coverage.as_ref()?;
    coverage.named("institutions")?.least(fund_year)
}

fn standards_profile(payment: &policy::Payment) -> StandardsProfile {
    let services = payment.bed_day.iter().flat_map(|bed_day| bed_day.services.keys());
    let per_capita = payment.per_capita.as_ref();
    let chronic = per_capita.and_then(|one| one.with_chronic_care.as_ref());
    StandardsProfile {
        bed_day_services: services.map(ToString::to_string).collect(),
        covers_whole_stay: payment.by_disease.as_ref().is_some_and(|one| *one.covers_whole_stay),
        with_chronic_care: chronic.is_some_and(|with| **with),
        periodic_care: payment.periodic.iter().flat_map(|periodic| periodic.care.to_vec()).collect(),
        shares_referrals: per_capita.is_some_and(|one| one.referral_share.is_some()),
    }
}

fn line_profile(pack: &Pack, line: &FundLine, rules: &Rules) -> anyhow::Result<LineProfile> {
    let mut codes = pack.codes().insutype.iter();
    let insutype = codes.find(|(_, of)| *of == line).map(|(code, _)| code.to_owned());
    let pays = pack.fund_lines().get(line).map(|section| section.pays.to_vec()).unwrap_or_default();
    let care = rules.care.iter().filter(|(kind, _)| pays.contains(*kind) && **kind != KindOfCare::DaySurgery);
    Ok(LineProfile {
        id: line.clone(),
        insutype: insutype.with_context(|| format!("no insurance type draws on {line}"))?,
        deductions: match &rules.budget.deductions {
            Some(deductions) => deductions.keys().map(ToString::to_string).collect(),
            None => Vec::new(),
        },
        care: care.filter_map(|(kind, care)| care_profile(pack, *kind, care)).collect(),
    })
}

/// A kind of care that meets the quota, or shares a pool, by a method that a sample can draw. A sample has no day
/// surgery.
fn care_profile(pack: &Pack, kind: KindOfCare, care: &policy::Care) -> Option<CareProfile> {
    let methods = drawn(care);
    let med_type = med_type(pack, kind).filter(|_| !methods.is_empty())?;
    Some(CareProfile { kind, med_type, methods, pooled: care.regime.get() == Regime::Pool })
}

/// The methods of a kind of care that a sample can draw.
fn drawn(care: &policy::Care) -> Vec<PaymentMethod> {
    let of = |methods: &[(policy::PaymentMethod, PaymentMethod)]| {
        methods.iter().filter(|(method, _)| care.allows(*method)).map(|(_, drawn)| *drawn).collect()
    };
    match care.regime.get() {
        Regime::Quota => of(&DRAWN),
        Regime::Pool if care.allows(POINTS[0].0) => of(&POINTS),
        Regime::Pool => of(&PRICED),
        Regime::Bundle | Regime::Outside => Vec::new(),
    }
}

fn factor_profile(id: &str, factor: &policy::Factor) -> Option<FactorProfile> {
    let range = factor.range.as_ref().filter(|_| factor.by.get() == FactorSource::Officer)?;
    Some(FactorProfile { id: id.to_owned(), low: range.least.get(), high: range.most.get() })
}

fn table_profile(factor: &policy::Factor) -> Option<TableProfile> {
    let table = factor.table.as_ref()?;
    Some(TableProfile {
        by_level: factor.by.get() == FactorSource::Level,
        values: table.iter().map(|(key, value)| (key.to_string(), value.get().get())).collect(),
    })
}

/// An indicator without a bound or a deduction costs nothing, whatever is measured.
fn indicator_profile(id: &str, indicator: &policy::Indicator) -> Option<IndicatorProfile> {
    indicator.deduction_rate.as_ref()?;
    Some(IndicatorProfile {
        id: id.to_owned(),
        is_most: indicator.bound.as_ref()?.get() == Bound::Max,
        is_count: indicator.unit.get() == Unit::Count,
        limit: indicator.limit.as_ref().map(|limit| limit.get().get()),
    })
}

fn med_type(pack: &Pack, kind: KindOfCare) -> Option<String> {
    pack.codes().med_type.iter().find(|(_, of)| **of == kind).map(|(code, _)| code.to_owned())
}
