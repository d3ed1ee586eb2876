//! Draws the standards of an agreement.

use medfund_policy::KindOfCare;
use medfund_proto::agreement::v1::ServiceUnit;
use medfund_proto::types::v1::PaymentMethod;
use rust_decimal::Decimal;

use super::diseases::{self, Disease};
use super::draw::{Draw, per_mille, scaled};
use super::kinds::Kind;
use super::profile::StandardsProfile;
use super::region::{AgeGroup, CarePlan, ListedDisease, Region, Standard, Term};

/// The days of a period that a periodic standard is agreed for.
const PERIOD_DAYS: i32 = 15;

/// The standards of `method` that suit what the institution usually does.
///
/// A method that has no standards of its own falls back on an average quota.
///
/// - `offered`: what the pack offers of standards.
pub(super) fn term(
    draw: &mut Draw,
    (method, offered): (PaymentMethod, &StandardsProfile),
    kind: &Kind,
    plan: &CarePlan,
) -> Term {
    let mean_fen = plan.cost_fen / plan.n_admissions;
    let day_fen = mean_fen / kind.mean_days;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a sample draws the methods that a quota or a pool is used with"
    )]
    let standard = match method {
        PaymentMethod::ByDisease => {
            let listed = kind.diseases(plan.care);
            let usual = diseases::mean_cost_per_mille(listed);
            // Every other disease on the list by all its cost, the others by the fund's part.
            let standard = |(place, disease): (usize, &Disease)| {
                let covers_whole_stay = offered.covers_whole_stay && place % 2 == 0;
                let fen = scaled(mean_fen, disease.cost_per_mille, usual);
                let fen = per_mille(fen, draw.between(960, 1_030));
                let fen = if covers_whole_stay { scaled(fen, 1_000, plan.fund_share_per_mille) } else { fen };
                ListedDisease {
                    code: disease.code.to_owned(),
                    standard_fen: fen / 100 * 100,
                    covers_whole_stay,
                }
            };
            Standard::ByDisease { standards: listed.iter().step_by(2).enumerate().map(standard).collect() }
        }
        PaymentMethod::PerCapita => {
            let n_persons = plan.n_admissions * draw.between(7, 11);
            let n_young = n_persons * 3 / 5;
            let group = |(from_age, n_persons, hundredths)| AgeGroup {
                from_age,
                n_persons,
                factor: Decimal::new(hundredths, 2),
            };
            let standard_fen = plan.cost_fen / n_persons;
            let n_chronic = if offered.with_chronic_care { n_persons / 20 } else { 0 };
            let chronic = [("E11".to_owned(), n_chronic, standard_fen / 10)];
            Standard::PerCapita {
                ages: [(0, n_young, 90), (60, n_persons - n_young, 115)].map(group).to_vec(),
                chronic: chronic.into_iter().filter(|(_, n, fen)| n * fen > 0).collect(),
                standard_fen,
            }
        }
        PaymentMethod::FeeForService => Standard::FeeForService,
        PaymentMethod::DrgPoints => Standard::DrgPoints,
        // One rate for the whole region, which is not drawn yet.
        PaymentMethod::DrgRate => Standard::DrgRate { rate_fen: 0 },
        PaymentMethod::DailyCap => {
            Standard::DailyCap { cap_fen: per_mille(day_fen, draw.between(1_250, 1_400)) / 100 * 100 }
        }
        PaymentMethod::ServiceUnit => {
            let by_day = plan.care == KindOfCare::Inpatient && !kind.primary;
            let (unit, usual_fen) =
                if by_day { (ServiceUnit::Day, day_fen) } else { (ServiceUnit::Visit, mean_fen) };
            Standard::ServiceUnit {
                unit,
                standard_fen: per_mille(usual_fen, draw.between(960, 1_030)) / 100 * 100,
            }
        }
        PaymentMethod::TotalPrepayment => {
            Standard::TotalPrepayment { total_fen: per_mille(plan.cost_fen, draw.between(930, 1_060)) }
        }
        PaymentMethod::BedDay => {
            // The commonest disease by a service of its own, every other by the first.
            let commonest = kind.diseases(plan.care).iter().max_by_key(|disease| disease.weight);
            let codes = [Some(""), commonest.map(|disease| disease.code)].into_iter().flatten();
            let services = offered.bed_day_services.iter().map(String::as_str).cycle();
            let standard = |(service, code): (&str, &str)| {
                (
                    service.to_owned(),
                    code.to_owned(),
                    per_mille(day_fen, draw.between(940, 1_020)) / 100 * 100,
                )
            };
            Standard::BedDay { standards: services.zip(codes).map(standard).collect() }
        }
        _ => {
            Standard::AverageQuota { standard_fen: per_mille(mean_fen, draw.between(985, 1_012)) / 100 * 100 }
        }
    };
    Term {
        institution: plan.institution.clone(),
        fund_line: plan.fund_line.clone(),
        care: plan.care,
        standard,
    }
}

/// Gives every institution that is paid by a DRG rate the rate of its fund line (基础费率): about what a case of a pool costs.
pub(super) fn agree_on_rates(region: &mut Region) {
    let pooled = || region.care.iter().filter(|plan| plan.pooled);
    let total = |plan: &CarePlan| scaled(plan.cost_fen, 1_000, plan.fund_share_per_mille);
    let n_cases: i64 = pooled().map(|plan| plan.n_admissions).sum();
    let mean_fen = pooled().map(total).sum::<i64>() / n_cases.max(1);
    for term in &mut region.terms {
        if let Standard::DrgRate { rate_fen } = &mut term.standard {
            let mut draw = Draw::new(region.seed, &format!("rate/{}", term.fund_line));
            *rate_fen = per_mille(mean_fen, draw.between(960, 1_030)) / 100 * 100;
        }
    }
}

/// The periodic standard of the commonest disease of a hospital for long stays, beside its other method; `None` where
/// the pack settles nothing so, or the hospital is of another kind.
pub(super) fn periodic(offered: &StandardsProfile, kind: &Kind, plan: &CarePlan) -> Option<Term> {
    let is_settled_so = offered.periodic_care.contains(&plan.care) && kind.has_long_stays();
    let disease = kind.diseases(plan.care).iter().max_by_key(|disease| disease.weight)?;
    let day_fen = plan.cost_fen / plan.n_admissions / kind.mean_days;
    let standard_fen = day_fen * i64::from(PERIOD_DAYS) / 100 * 100;
    let standard =
        Standard::Periodic { standards: vec![(disease.code.to_owned(), PERIOD_DAYS, standard_fen)] };
    (is_settled_so && standard_fen > 0).then(|| Term {
        institution: plan.institution.clone(),
        fund_line: plan.fund_line.clone(),
        care: plan.care,
        standard,
    })
}
