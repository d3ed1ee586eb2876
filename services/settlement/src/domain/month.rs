use medfund_money::{Fen, Node};
use medfund_policy::DeferralBase;

use super::methods::twelfths;
use super::refusal::{Refusal, Refused, refuse};
use super::words::words;

words! {
    /// Where the run that settles a month stands.
    pub enum RunState {
        /// Started.
        Running = "running",
        /// Done.
        Settled = "settled",
    }
}

/// How a pack defers what a month has beyond its cap (暂缓拨付).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeferralRule {
    /// The year's amount that is split to twelve equal caps.
    pub year_cap: Fen,
    /// What the cap is compared with.
    pub base: DeferralBase,
    /// Whether what is left of a cap is added to the next.
    pub carries_unused: bool,
}

/// The months of the year before this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YearSoFar {
    /// Their payable.
    pub payable: Fen,
    /// Of it, deferred.
    pub deferred: Fen,
    /// Refused, but not yet taken.
    pub refusal_carried: Fen,
}

/// A month of one institution and fund line, settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledMonth {
    /// What the method gives.
    pub method: Node,
    /// What is refused.
    pub refused: Refused,
    /// `method` less `refused`.
    pub payable: Node,
    /// Of it, deferred to the clearing.
    pub deferred: Node,
    /// Of it, paid by the month.
    pub paid: Fen,
}

/// Settles a month (月度结算): payable = method − refused, paid = payable − deferred.
///
/// - `place`: the month's place in the fund year, 1 to 12.
/// - `deferral`: `None` if the pack defers nothing.
///
/// Source: JM 四(三)3.
pub fn settle(
    method: Node,
    refusals: &[Refusal],
    so_far: YearSoFar,
    deferral: Option<DeferralRule>,
    place: u32,
) -> SettledMonth {
    let refused = refuse(&method, refusals, so_far.refusal_carried);
    let payable =
        Node::difference("payable_fen", "应付金额", "fen", vec![method.clone(), refused.taken.clone()]);
    let deferred = match deferral {
        None => Node::fen("deferred_fen", "暂缓拨付", Fen::ZERO),
        Some(rule) => defer(&payable, so_far, rule, place),
    };
    let paid = payable.amount() - deferred.amount();
    SettledMonth { method, refused, payable, deferred, paid }
}

fn defer(payable: &Node, so_far: YearSoFar, rule: DeferralRule, place: u32) -> Node {
    let year = || Node::fen("year_cap_fen", "全年可拨指标", rule.year_cap);
    let cap_to_month = twelfths("cap_to_month_fen", "累计月度指标", year(), place);
    let zero = Node::fen("none_fen", "零", Fen::ZERO);
    let cumulative = rule.carries_unused || rule.base == DeferralBase::Cumulative;
    let over = if cumulative {
        // What was deferred before stays deferred; only what was paid has used up the caps.
        let paid_before = Node::fen("paid_before_fen", "此前已付", so_far.payable - so_far.deferred);
        let used = Node::sum("used_fen", "累计应付", "fen", vec![paid_before, payable.clone()]);
        Node::difference("over_cap_fen", "超指标", "fen", vec![used, cap_to_month])
    } else {
        let before = twelfths("cap_before_month_fen", "此前月度指标", year(), place - 1);
        let cap = Node::difference("month_cap_fen", "本月指标", "fen", vec![cap_to_month, before]);
        Node::difference("over_cap_fen", "超指标", "fen", vec![payable.clone(), cap])
    };
    let at_least_none = Node::max("over_cap_fen", "超指标", "fen", vec![over, zero]);
    Node::min("deferred_fen", "暂缓拨付", "fen", vec![at_least_none, payable.clone()])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn method(fen: i64) -> Node {
        Node::fen("method_fen", "", Fen::new(fen))
    }

    #[test]
    fn a_month_without_deferral_is_paid_in_full() {
        let month = settle(method(1_000), &[], YearSoFar::default(), None, 1);
        assert_eq!((month.payable.amount(), month.paid), (Fen::new(1_000), Fen::new(1_000)));
    }

    #[test]
    fn what_is_over_the_month_s_cap_is_deferred() {
        let rule =
            DeferralRule { year_cap: Fen::new(1_200), base: DeferralBase::Payable, carries_unused: false };
        let month = settle(method(130), &[], YearSoFar::default(), Some(rule), 3);
        assert_eq!((month.deferred.amount(), month.paid), (Fen::new(30), Fen::new(100)));
        let so_far = YearSoFar { payable: Fen::new(150), ..YearSoFar::default() };
        let carried = DeferralRule { carries_unused: true, ..rule };
        let month = settle(method(130), &[], so_far, Some(carried), 3);
        assert_eq!(month.deferred.amount(), Fen::ZERO);
    }

    proptest! {
        #[test]
        fn paid_and_deferred_are_the_payable(fen in 0..10_000_i64, before in 0..10_000_i64, cap in 0..50_000_i64, place in 1..=12_u32, carries in any::<bool>()) {
            let base = DeferralBase::Payable;
            let rule = DeferralRule { year_cap: Fen::new(cap), base, carries_unused: carries };
            let so_far = YearSoFar { payable: Fen::new(before), ..YearSoFar::default() };
            let month = settle(method(fen), &[], so_far, Some(rule), place);
            prop_assert_eq!(month.paid + month.deferred.amount(), month.payable.amount());
            prop_assert!(month.paid >= Fen::ZERO && month.deferred.amount() >= Fen::ZERO);
            prop_assert!(month.deferred.re_evaluate().is_ok() && month.payable.re_evaluate().is_ok());
        }
    }
}
