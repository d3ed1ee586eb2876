use std::collections::BTreeMap;

use medfund_money::{AllocationError, Exact, Fen, Node, Points};
use medfund_types::{FundLine, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::cases::Counted;
use super::{Cases, Method, Setting};
use crate::GroupCode;
use crate::history::{Sum, count};
use crate::share::{Covers, Member, derive, share};

/// What one institution would be paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionPay {
    /// Its cases in groups that the setting prices.
    pub priced: Sum,
    /// Its cases in other groups, which are paid beside it: by item, by review, in no group.
    pub outside: Sum,
    /// How many of the priced cases are high ones (高倍率病例); none where cost does not say.
    pub n_high: u64,
    /// How many are low ones (低倍率病例).
    pub n_low: u64,
    /// Points of its priced cases; none by a rate or by standards.
    pub points: Points,
    /// What it would be paid for its priced cases by the fund; may be less than nothing where standards cover all
    /// cost and its patients' own parts are more than its share.
    pub pay: Fen,
}

impl InstitutionPay {
    /// What it shares a budget by.
    fn member(&self, points: i64) -> Member {
        Member { points: Points::new(points), personal: self.priced.cost - self.priced.fund_paid }
    }

    /// What its patients paid, where that is shared.
    fn personal(&self, covers: Covers) -> Exact {
        match covers {
            Covers::FundPart => Exact::zero(),
            Covers::AllCost => Exact::from(self.priced.cost) - Exact::from(self.priced.fund_paid),
        }
    }
}

/// What all institutions would be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// Each institution's pay, in the order of their codes.
    pub institutions: BTreeMap<InstitutionCode, InstitutionPay>,
    /// The value of a point in fen with its tree, rounded to six decimals for reading: shares are made of the exact one.
    pub point_value: Option<Node>,
}

impl Paid {
    /// What all are paid together.
    #[must_use]
    pub fn total(&self) -> Fen {
        self.institutions.values().map(|own| own.pay).sum()
    }
}

/// Why a setting pays nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhatIfError {
    /// The budget is less than nothing, or no case has a point.
    #[error(transparent)]
    Allocation(#[from] AllocationError),
    /// Points or amounts of all together are more than half of what 64 bits hold, so that the difference of two of them
    /// would not fit.
    #[error("points or amounts are beyond all measure")]
    TooLarge,
}

/// The most that all may count or be paid together.
const MOST: i64 = i64::MAX / 2;

/// A whole number that is not beyond all measure.
fn measured(whole: &Exact) -> Result<i64, WhatIfError> {
    whole.to_i64().filter(|whole| (-MOST..=MOST).contains(whole)).ok_or(WhatIfError::TooLarge)
}

/// What each institution would be paid for its cases.
///
/// By points the pay of all institutions is the budget to the fen, by largest remainder. By a rate each case pays
/// weight × coefficient × rate, rounded once to the fen; by standards what its level's standard says.
///
/// # Errors
///
/// [`WhatIfError::Allocation`], by points alone; [`WhatIfError::TooLarge`].
///
/// Source: PZH 四(二)2 (计算出每个点的实际价值，按照各定点医疗机构…所获得的实际点数付费).
pub fn pay<'a>(cases: impl Into<Cases<'a>>, setting: &Setting<'_>) -> Result<Paid, WhatIfError> {
    let cases = cases.into();
    let mut institutions = BTreeMap::new();
    let mut worths: Vec<Exact> = Vec::new();
    for (institution, groups) in cases.totals.institutions() {
        let mut own = InstitutionPay::default();
        let mut worth = Exact::zero();
        for group in groups.keys() {
            for (fund_line, sum) in cases.totals.fund_lines_of(institution, group) {
                match cases.counted(setting, (institution, fund_line), group, sum.n_cases) {
                    Some(counted) => {
                        worth = worth + counted.all();
                        own.priced += sum;
                        own.n_high += counted.high.n_cases;
                        own.n_low += counted.low.n_cases;
                    }
                    None => own.outside += sum,
                }
            }
        }
        worths.push(worth);
        institutions.insert(institution.clone(), own);
    }
    let all = worths.iter().fold(Exact::zero(), |all, worth| all + worth.clone());
    measured(&all)?;
    let whole = |worth: &Exact| worth.to_i64().expect("a part fits where all of them do");
    let Method::Points { budget, covers, .. } = setting.method else {
        for (own, worth) in institutions.values_mut().zip(&worths) {
            own.pay = Fen::new(whole(worth));
        }
        return Ok(Paid { institutions, point_value: None });
    };
    let personal = institutions.values().map(|own| own.personal(covers));
    let to_share = personal.fold(Exact::from(budget), |sum, personal| sum + personal);
    measured(&to_share)?;
    let members: Vec<Member> =
        institutions.values().zip(&worths).map(|(own, worth)| own.member(whole(worth))).collect();
    let shared = share(&Node::fen("budget_fen", "住院统筹基金预算", budget), &members, covers)?;
    for ((own, member), pay) in institutions.values_mut().zip(&members).zip(shared.pays) {
        own.points = member.points;
        own.pay = pay;
    }
    Ok(Paid { point_value: shared.value, institutions })
}

/// An institution's priced cases of a fund line in a group.
pub(super) struct Priced<'t> {
    pub(super) group: &'t GroupCode,
    fund_line: Option<&'t FundLine>,
    pub(super) counted: Counted,
}

/// What an institution's priced cases count, by group and fund line.
pub(super) fn counted_by_group<'t>(
    cases: Cases<'t>,
    setting: &Setting<'_>,
    institution: &InstitutionCode,
) -> Vec<Priced<'t>> {
    let of_group = |group: &'t GroupCode| {
        let lines = cases.totals.fund_lines_of(institution, group);
        lines.filter_map(move |(fund_line, sum)| {
            let counted = cases.counted(setting, (institution, fund_line), group, sum.n_cases)?;
            Some(Priced { group, fund_line, counted })
        })
    };
    cases.totals.groups_of(institution).flat_map(of_group).collect()
}

/// Why an institution is paid what it is, as a tree; `None` if it has no case or nothing was shared.
///
/// By points: its share of what is shared, less its patients' own parts where standards cover all cost. By a rate or by
/// standards: the sum over its groups, and fund lines where they are known, of cases × what one case pays, and of what high
/// and low ones pay together.
#[must_use]
pub fn derive_pay<'a>(
    cases: impl Into<Cases<'a>>,
    setting: &Setting<'_>,
    paid: &Paid,
    institution: &InstitutionCode,
) -> Option<Node> {
    let own = paid.institutions.get(institution)?;
    let (Method::Points { covers, .. }, Some(value)) = (setting.method, &paid.point_value) else {
        let groups = counted_by_group(cases.into(), setting, institution);
        let pays = groups.iter().map(pay_of_group);
        return Some(Node::sum("pay_fen", "支付额", "fen", pays.collect()));
    };
    Some(derive(value, &own.member(own.points.get()), covers, own.pay))
}

fn pay_of_group(priced: &Priced<'_>) -> Node {
    let Priced { group, fund_line, counted } = priced;
    let (of, term) = match fund_line {
        Some(line) => (format!("{group}_{line}"), format!("{group}（{line}）")),
        None => (group.to_string(), group.to_string()),
    };
    let one = Node::given("case_pay_fen", "每例支付", "fen", counted.normal.clone());
    let n_cases = Node::given("cases", "病例数", "cases", count(counted.n_normal));
    let name = format!("pay_of_{of}_fen");
    let outliers = [("high", "高倍率", &counted.high), ("low", "低倍率", &counted.low)];
    let outliers: Vec<Node> = outliers
        .into_iter()
        .filter(|(.., outliers)| outliers.n_cases > 0)
        .map(|(kind, term, outliers)| {
            let term = format!("{term}病例 {} 例支付", outliers.n_cases);
            Node::given(&format!("{kind}_pay_of_{of}_fen"), &term, "fen", outliers.counts.clone())
        })
        .collect();
    if outliers.is_empty() {
        return Node::product(&name, &term, "fen", vec![n_cases, one]);
    }
    let normal =
        Node::product(&format!("normal_pay_of_{of}_fen"), "正常倍率病例支付", "fen", vec![n_cases, one]);
    Node::sum(&name, &term, "fen", std::iter::once(normal).chain(outliers).collect())
}
