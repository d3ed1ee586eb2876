//! The points of one case (病例点数): normal, high, low, incomplete, reviewed, or cut by a readmission.

mod bands;
mod readmission;

pub use bands::{Bands, BandsError, HighLimit};
pub use readmission::{ReadmissionRule, Stay, readmitted};

use medfund_money::{Coefficient, Exact, Node, Points, PositiveFen, Rate};
use serde::{Deserialize, Serialize};

use crate::Weight;

/// What a group's cases are measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// The group's points.
    pub points: Points,
    /// The group's weight, which says where its high cases begin.
    pub weight: Weight,
    /// The region's mean cost of the group (病组次均费用).
    pub mean: PositiveFen,
}

/// What a group's cases are measured by where they are paid in money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayStandard {
    /// What a case of mean cost pays without the institution's coefficient, in fen, not yet rounded.
    pub whole: Node,
    /// The group's weight, if it has one.
    pub weight: Option<Weight>,
    /// The region's mean cost of the group (病组次均费用).
    pub mean: PositiveFen,
}

/// One case as far as its points look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// All of its cost.
    pub cost: PositiveFen,
    /// The institution's coefficient in the group.
    pub coefficient: Coefficient,
    /// Whether the stay ended before the treatment did (未完成治疗的住院过程).
    pub is_incomplete: bool,
    /// The share of its points that is left for its patient came back ([`ReadmissionRule::kept`]).
    pub kept: Option<Rate>,
}

/// What kind of case it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Within the bands (正常倍率).
    Normal,
    /// Above the high limit (高倍率).
    High,
    /// Below the low limit (低倍率).
    Low,
    /// Incomplete (未完成治疗).
    Incomplete,
    /// Reviewed (特病单议).
    Reviewed,
    /// In no group, or in one without weight, and not reviewed (未入组).
    Ungrouped,
}

impl Kind {
    /// The kind in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Normal => "正常倍率",
            Self::High => "高倍率",
            Self::Low => "低倍率",
            Self::Incomplete => "未完成治疗",
            Self::Reviewed => "特病单议",
            Self::Ungrouped => "未入组",
        }
    }
}

/// The points of a case, and how they came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePoints {
    /// What kind of case it is.
    pub kind: Kind,
    /// Its points.
    pub points: Points,
    /// Their tree, in points.
    pub derivation: Node,
}

/// The points of a case.
///
/// An incomplete one has the group's points × cost ÷ mean, at most the group's points. Otherwise the ratio of its cost to
/// the group's mean decides:
///
/// - below the low limit it is paid its cost: the group's points × cost ÷ mean, at most what a normal case has;
/// - above the high limit it has the standard + (ratio − limit) × standard × the high share;
/// - else the standard: the group's points × the institution's coefficient.
///
/// A stay that a readmission cuts keeps a share of that. One rounding, to 0.0001 point.
///
/// Source: national practice (Jinhua; ratios 0.4 and 3); PZH 四(二)2 has points and leaves their making to the region.
#[must_use]
pub fn case_points(standard: &Standard, case: &Case, bands: &Bands) -> CasePoints {
    let (kind, derivation) = derived_points(standard, case, bands);
    CasePoints { kind, points: Points::round_half_up(derivation.value.clone()), derivation }
}

/// The kind of a case and the tree of its points, however many they are.
pub(crate) fn derived_points(standard: &Standard, case: &Case, bands: &Bands) -> (Kind, Node) {
    let whole = Node::given("group_points", "病组基准点数", "points", standard.points);
    let counted = Counted { whole, words: &POINTS, weight: Some(standard.weight), mean: standard.mean };
    counted.derived(case, bands)
}

/// The points of a case that no weight prices: a share of the mean case's points × cost ÷ mean, at most the mean case's
/// points, until it is reviewed. One rounding, to 0.0001 point.
///
/// - `mean_case`: the points of a weight of 1, and the mean cost of all cases.
/// - `share`: of its cost, that counts.
///
/// Source: national practice (特病单议); what counts until then is the pack's.
#[must_use]
pub fn ungrouped_points(mean_case: (Points, PositiveFen), case: &Case, share: Rate) -> CasePoints {
    let (points, mean) = mean_case;
    let points = Node::given("mean_case_points", "平均病例点数", "points", points);
    let derivation = ungrouped((points, mean), case, share, &POINTS);
    CasePoints { kind: Kind::Ungrouped, points: Points::round_half_up(derivation.value.clone()), derivation }
}

/// The points of a case that was reviewed singly (特病单议): the mean case's points × the cost that the review found
/// justified ÷ mean cost of all cases, times what a readmission leaves. One rounding, to 0.0001 point.
///
/// - `mean_case`: the points of a weight of 1, and the mean cost of all cases.
/// - `cost`: what the review found justified (合理费用).
///
/// Source: national practice (特病单议).
#[must_use]
pub fn reviewed_points(
    mean_case: (Points, PositiveFen),
    cost: PositiveFen,
    kept: Option<Rate>,
) -> CasePoints {
    let (points, mean) = mean_case;
    let points = Node::given("mean_case_points", "平均病例点数", "points", points);
    let cost = Node::fen("reviewed_cost_fen", "单议核定费用", cost.get());
    let kept = kept.map(kept_node);
    let inputs = [points, cost].into_iter().chain(kept).collect();
    let dividend = Node::product("points_times_cost", "点数与费用之积", "", inputs);
    let mean = Node::fen("mean_fen", "全部病例次均费用", mean.get());
    let derivation = Node::quotient("case_points", "病例点数", "points", dividend, mean, 4);
    CasePoints { kind: Kind::Reviewed, points: Points::round_half_up(derivation.value.clone()), derivation }
}

/// What one case pays by a rate or by a standard in money, as [`case_points`] does in points; one rounding, to the fen.
#[must_use]
pub fn case_pay(standard: &PayStandard, case: &Case, bands: &Bands) -> (Kind, Node) {
    let whole = standard.whole.clone();
    let counted = Counted { whole, words: &PAY, weight: standard.weight, mean: standard.mean };
    counted.derived(case, bands)
}

/// What a case that no weight prices pays by a rate, as [`ungrouped_points`] does in points; one rounding, to the fen.
///
/// - `mean_case`: what a weight of 1 pays, in fen, and the mean cost of all cases.
#[must_use]
pub fn ungrouped_pay(mean_case: (Node, PositiveFen), case: &Case, share: Rate) -> Node {
    ungrouped(mean_case, case, share, &PAY)
}

/// A share of what the mean case counts × cost ÷ mean, at most what the mean case counts.
fn ungrouped((whole, mean): (Node, PositiveFen), case: &Case, share: Rate, words: &Words) -> Node {
    let inputs = vec![whole.clone(), cost(case), Node::rate("ungrouped_share", "未入组病例计入比例", share)];
    let mean = Node::fen("mean_fen", "全部病例次均费用", mean.get());
    let [name, term] = words.times_cost;
    let dividend = Node::product(name, term, "", inputs);
    let [name, term] = words.by_cost;
    let by_cost = Node::quotient(name, term, words.unit, dividend, mean, words.decimals);
    let [name, term] = words.case;
    Node::min(name, term, words.unit, vec![by_cost, whole])
}

/// The kind of a case that was neither reviewed nor incomplete.
#[must_use]
pub fn kind_by_cost(cost: PositiveFen, mean: PositiveFen, weight: Option<Weight>, bands: &Bands) -> Kind {
    let cost = Exact::from(cost.get());
    let times_mean = |times: Exact| times * Exact::from(mean.get());
    if cost < times_mean(bands.low.into()) {
        Kind::Low
    } else if bands.high_limit(weight).is_some_and(|limit| cost > times_mean(limit.into())) {
        Kind::High
    } else {
        Kind::Normal
    }
}

/// What a group's cases count, in points or in fen.
struct Counted {
    /// What a case of mean cost counts without the institution's coefficient.
    whole: Node,
    words: &'static Words,
    weight: Option<Weight>,
    mean: PositiveFen,
}

/// How what is counted is called.
struct Words {
    unit: &'static str,
    decimals: u32,
    /// Names and terms of the case's, of a normal case's, of what its cost makes, and of the products on the way.
    case: [&'static str; 2],
    standard: [&'static str; 2],
    by_cost: [&'static str; 2],
    times_cost: [&'static str; 2],
    times_counted: [&'static str; 2],
}

const POINTS: Words = Words {
    unit: "points",
    decimals: 4,
    case: ["case_points", "病例点数"],
    standard: ["standard_points", "标准点数"],
    by_cost: ["points_by_cost", "按费用折算点数"],
    times_cost: ["points_times_cost", "点数与费用之积"],
    times_counted: ["points_times_counted", "点数与计入费用之积"],
};

const PAY: Words = Words {
    unit: "fen",
    decimals: 0,
    case: ["case_pay_fen", "病例支付额"],
    standard: ["standard_pay_fen", "标准支付额"],
    by_cost: ["pay_by_cost_fen", "按费用折算支付额"],
    times_cost: ["pay_times_cost", "支付额与费用之积"],
    times_counted: ["pay_times_counted", "支付额与计入费用之积"],
};

impl Counted {
    fn derived(&self, case: &Case, bands: &Bands) -> (Kind, Node) {
        let kind = match case {
            Case { is_incomplete: true, .. } => Kind::Incomplete,
            Case { .. } => kind_by_cost(case.cost, self.mean, self.weight, bands),
        };
        let [name, term] = self.words.case;
        let derivation = match kind {
            Kind::Incomplete => {
                let most = self.standard(case, None);
                Node::min(name, term, self.words.unit, vec![self.by_cost(case), most])
            }
            Kind::Low => {
                let most = self.standard(case, Some(case.coefficient));
                Node::min(name, term, self.words.unit, vec![self.by_cost(case), most])
            }
            Kind::Normal => self.standard(case, Some(case.coefficient)),
            Kind::High => self.high(case, bands),
            Kind::Reviewed | Kind::Ungrouped => unreachable!("a group counts neither"),
        };
        (kind, derivation)
    }

    fn mean(&self) -> Node {
        Node::fen("group_mean_fen", "病组次均费用", self.mean.get())
    }

    /// What the group counts, times a coefficient, times what is kept.
    fn standard(&self, case: &Case, coefficient: Option<Coefficient>) -> Node {
        let coefficient =
            coefficient.map(|coefficient| Node::coefficient("coefficient", "系数", coefficient));
        let inputs = std::iter::once(self.whole.clone()).chain(coefficient).chain(kept(case)).collect();
        let [name, term] = self.words.standard;
        Node::product(name, term, self.words.unit, inputs).rounded_to(self.words.decimals)
    }

    /// What the group counts × cost ÷ mean: what makes a case of mean cost a whole one.
    fn by_cost(&self, case: &Case) -> Node {
        let inputs = [self.whole.clone(), cost(case)].into_iter().chain(kept(case)).collect();
        let [name, term] = self.words.times_cost;
        let dividend = Node::product(name, term, "", inputs);
        let [name, term] = self.words.by_cost;
        Node::quotient(name, term, self.words.unit, dividend, self.mean(), self.words.decimals)
    }

    /// standard × (mean + (cost − limit × mean) × share) ÷ mean, which is standard + (ratio − limit) × standard × share.
    fn high(&self, case: &Case, bands: &Bands) -> Node {
        let limit = bands.high_limit(self.weight).expect("only a case above a limit is high");
        let at_limit = Node::product(
            "cost_at_limit",
            "高倍率界限费用",
            "fen",
            vec![Node::coefficient("high_limit", "高倍率界限", limit), self.mean()],
        );
        let above = Node::difference("cost_above_limit", "超界限费用", "fen", vec![cost(case), at_limit]);
        let share = Node::rate("high_share", "超界限支付比例", bands.high_share);
        let more = Node::product("paid_above_limit", "超界限部分", "fen", vec![above, share]);
        let counted = Node::sum("counted_cost", "计入费用", "fen", vec![self.mean(), more]);
        let coefficient = Node::coefficient("coefficient", "系数", case.coefficient);
        let inputs = [self.whole.clone(), coefficient, counted].into_iter().chain(kept(case)).collect();
        let [name, term] = self.words.times_counted;
        let dividend = Node::product(name, term, "", inputs);
        let [name, term] = self.words.case;
        Node::quotient(name, term, self.words.unit, dividend, self.mean(), self.words.decimals)
    }
}

fn cost(case: &Case) -> Node {
    Node::fen("cost_fen", "医疗总费用", case.cost.get())
}

/// The share that a readmission leaves, where one does.
fn kept(case: &Case) -> Option<Node> {
    case.kept.map(kept_node)
}

fn kept_node(kept: Rate) -> Node {
    Node::rate("kept_rate", "再入院保留比例", kept)
}

#[cfg(test)]
mod tests;
