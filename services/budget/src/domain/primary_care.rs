use chrono::NaiveDate;
use medfund_money::{Exact, Fen, Node, allocate};
use medfund_types::{Area, District, FundLine, FundYear};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was kept for primary care (基层考核预留指标) and how it was allotted.
///
/// rolled in + earmark = allotted + rolled out + lapsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allotment {
    /// The area.
    pub area: Area,
    /// The fund year.
    pub fund_year: FundYear,
    /// The fund line.
    pub fund_line: FundLine,
    /// What was kept this year in all districts.
    pub earmark: Fen,
    /// What was rolled in, by the year it was kept.
    pub rolled_in: Vec<Rolled>,
    /// What rolls to the next year, by the year it was kept.
    pub rolled_out: Vec<Rolled>,
    /// What lapsed.
    pub lapsed: Fen,
    /// The districts' shares, by code.
    pub districts: Vec<DistrictShare>,
    /// The decision that fixed it.
    pub decision: Option<Uuid>,
    /// The business date.
    pub allot_date: NaiveDate,
}

/// An amount that nobody took in the year it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rolled {
    /// The year it was kept.
    pub kept_in: FundYear,
    /// The amount.
    pub amount: Fen,
}

/// One district's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistrictShare {
    /// The district.
    pub district: District,
    /// By how much it raised its funding of primary institutions' staff.
    pub funding_increase: Fen,
    /// Its share.
    pub allotted: Fen,
}

/// How long what finds no taker is kept.
#[derive(Clone, Copy, Debug)]
pub struct RollingRules {
    /// How many years it rolls forward.
    pub rolls_years: i32,
    /// After how many years without payment it lapses.
    pub lapses_after_years: i32,
}

/// Why an allotment or a final account is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AllotmentError {
    /// It was not allotted.
    #[error("the reserve for primary care was not allotted")]
    NotFound,
    /// It was allotted.
    #[error("the reserve for primary care was allotted already")]
    Exists,
    /// What the year before kept was not allotted, so nobody knows what rolled in.
    #[error("the reserve for primary care of {0} was not allotted")]
    OutOfOrder(FundYear),
    /// A district's clearing is not approved.
    #[error("the clearing of {0} is not approved")]
    ClearingNotApproved(District),
    /// The fund year has no such district, or it is named twice.
    #[error("{0} is no district of the fund year, or is named twice")]
    UnknownDistrict(District),
}

impl Allotment {
    /// What was allotted in all.
    #[must_use]
    pub fn allotted(&self) -> Fen {
        self.districts.iter().map(|share| share.allotted).sum()
    }

    /// Allots what was kept and rolled in by the districts' increases, largest remainder, by code.
    ///
    /// When no district raised its funding nothing is allotted: each part rolls
    /// to the next year until it has rolled its years or gone unpaid for as many
    /// years as the pack says; then it lapses.
    ///
    /// - `increases`: every district of the fund year, by code, not negative.
    ///
    /// Source: JM 四(八)4.
    #[must_use]
    pub fn allot(
        (area, fund_year, fund_line): (Area, FundYear, FundLine),
        earmark: Fen,
        rolled_in: Vec<Rolled>,
        increases: Vec<(District, Fen)>,
        rules: RollingRules,
        (decision, allot_date): (Option<Uuid>, NaiveDate),
    ) -> Self {
        let pool = earmark + rolled_in.iter().map(|rolled| rolled.amount).sum::<Fen>();
        let weights: Vec<Exact> = increases.iter().map(|(_, increase)| Exact::from(*increase)).collect();
        let taken = weights.iter().any(|weight| !weight.is_zero());
        let shares = if taken {
            allocate(pool, &weights).expect("some increase is more than zero")
        } else {
            vec![Fen::ZERO; weights.len()]
        };
        let (mut rolled_out, mut lapsed) = (Vec::new(), Fen::ZERO);
        if !taken {
            let kept = Rolled { kept_in: fund_year, amount: earmark };
            for part in rolled_in.iter().copied().chain([kept]) {
                let rolled_years = fund_year.get() - part.kept_in.get();
                let unpaid_years = rolled_years + 1;
                if rolled_years < rules.rolls_years && unpaid_years < rules.lapses_after_years {
                    rolled_out.push(part);
                } else {
                    lapsed += part.amount;
                }
            }
        }
        let districts = increases
            .into_iter()
            .zip(shares)
            .map(|((district, funding_increase), allotted)| DistrictShare {
                district,
                funding_increase,
                allotted,
            })
            .collect();
        Self {
            area,
            fund_year,
            fund_line,
            earmark,
            rolled_in,
            rolled_out,
            lapsed,
            districts,
            decision,
            allot_date,
        }
    }

    /// The tree of one district's share.
    #[must_use]
    pub fn tree(&self, share: &DistrictShare) -> Node {
        let rolled: Fen = self.rolled_in.iter().map(|rolled| rolled.amount).sum();
        let pool = Node::sum(
            "pool_fen",
            "考核预留指标",
            "fen",
            vec![
                Node::fen("earmark_fen", "本年考核预留", self.earmark),
                Node::fen("rolled_in_fen", "上年滚动", rolled),
            ],
        );
        let increases: Fen = self.districts.iter().map(|one| one.funding_increase).sum();
        if increases == Fen::ZERO {
            return Node::fen("allotted_fen", "基层考核分配额", Fen::ZERO);
        }
        let own = Node::fen("funding_increase_fen", "基层人员经费增加投入", share.funding_increase);
        let all = Node::fen("funding_increases_fen", "各市区增加投入合计", increases);
        Node::share("allotted_fen", "基层考核分配额", pool, own, all, share.allotted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i32) -> FundYear {
        year.try_into().unwrap()
    }

    fn allot(fund_year: i32, earmark: i64, rolled_in: Vec<Rolled>, increases: [i64; 2]) -> Allotment {
        let districts: [District; 2] = ["440703", "440704"].map(|code| code.parse().unwrap());
        Allotment::allot(
            ("440700".parse().unwrap(), year(fund_year), "employee".parse().unwrap()),
            Fen::new(earmark),
            rolled_in,
            districts.into_iter().zip(increases.map(Fen::new)).collect(),
            RollingRules { rolls_years: 1, lapses_after_years: 2 },
            (None, NaiveDate::MIN),
        )
    }

    #[test]
    fn districts_share_it_by_what_each_added_for_primary_staff() {
        let allotment = allot(2017, 101, vec![], [100, 300]);
        let shares: Vec<i64> = allotment.districts.iter().map(|one| one.allotted.get()).collect();
        assert_eq!(shares, [25, 76]);
        for share in &allotment.districts {
            assert_eq!(allotment.tree(share).re_evaluate().unwrap(), share.allotted.into());
        }
    }

    #[test]
    fn what_nobody_takes_rolls_one_year_and_lapses_after_two() {
        let first = allot(2017, 100, vec![], [0, 0]);
        assert_eq!(first.rolled_out, [Rolled { kept_in: year(2017), amount: Fen::new(100) }]);
        assert_eq!(first.lapsed, Fen::ZERO);

        let second = allot(2018, 50, first.rolled_out, [0, 0]);
        assert_eq!(second.lapsed, Fen::new(100));
        assert_eq!(second.rolled_out, [Rolled { kept_in: year(2018), amount: Fen::new(50) }]);
    }

    #[test]
    fn what_was_rolled_in_is_allotted_together_with_this_years() {
        let rolled = vec![Rolled { kept_in: year(2017), amount: Fen::new(100) }];
        let second = allot(2018, 50, rolled, [1, 0]);
        assert_eq!((second.allotted(), second.lapsed), (Fen::new(150), Fen::ZERO));
        assert!(second.rolled_out.is_empty());
    }
}
