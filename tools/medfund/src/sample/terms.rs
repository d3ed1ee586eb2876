//! Draws the standards of an agreement.

use medfund_proto::types::v1::PaymentMethod;

use super::diseases::{self, Disease};
use super::draw::{Draw, per_mille, scaled};
use super::kinds::Kind;
use super::region::{CarePlan, Standard, Term};

/// The standards of `method` that suit what the institution usually does.
///
/// A method that has no standards of its own falls back on an average quota.
pub(super) fn term(draw: &mut Draw, method: PaymentMethod, kind: &Kind, plan: &CarePlan) -> Term {
    let mean_fen = plan.cost_fen / plan.n_admissions;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a sample draws the methods that a quota is used with"
    )]
    let standard = match method {
        PaymentMethod::ByDisease => {
            let listed = kind.diseases(plan.care);
            let usual = diseases::mean_cost_per_mille(listed);
            let standard = |disease: &Disease| {
                let fen = scaled(mean_fen, disease.cost_per_mille, usual);
                (disease.code.to_owned(), per_mille(fen, draw.between(960, 1_030)) / 100 * 100)
            };
            Standard::ByDisease { standards: listed.iter().step_by(2).map(standard).collect() }
        }
        PaymentMethod::PerCapita => {
            let n_persons = plan.n_admissions * draw.between(7, 11);
            Standard::PerCapita { n_persons, standard_fen: plan.cost_fen / n_persons }
        }
        PaymentMethod::FeeForService => Standard::FeeForService,
        PaymentMethod::DailyCap => {
            let day_fen = mean_fen / kind.mean_days;
            Standard::DailyCap { cap_fen: per_mille(day_fen, draw.between(1_250, 1_400)) / 100 * 100 }
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
