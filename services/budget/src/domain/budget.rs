use medfund_money::{Exact, Fen, PositiveFen};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key::BudgetKey;

/// Decimals a surplus rate is told with.
const SURPLUS_DECIMALS: u32 = 6;

/// Where a budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BudgetState {
    /// Proposed by the agency.
    Proposed,
    /// Found in order by the finance bureau.
    Reviewed,
    /// Returned by the finance bureau.
    Returned,
    /// Decided; binding.
    Approved,
}

/// How a surplus rate stands to the pack's healthy range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SurplusHealth {
    /// Inside the range.
    Healthy,
    /// Below it.
    Low,
    /// Above it.
    High,
    /// The pack names no range.
    Unrated,
}

/// What an expenditure budget is made from (支出预算编制因素).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetBasis {
    /// What the fund paid last year.
    pub last_year_payment: Fen,
    /// Insured persons.
    pub n_insured: i64,
    /// Insured persons of 60 years and more.
    pub n_insured_elderly: i64,
    /// What changed policies add.
    pub policy_change: Fen,
    /// What changed benefit levels add.
    pub benefit_change: Fen,
    /// The expected growth, a share of last year's payments.
    pub expected_growth: Option<Exact>,
    /// Part of the income that is left out of the surplus rate.
    pub risk_fund: Fen,
}

/// The yearly budget of a fund line in a district (基金收支预算).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The fund year, fund line and district.
    pub key: BudgetKey,
    /// The income budget.
    pub income: Fen,
    /// The expenditure budget.
    pub expenditure: Fen,
    /// What the expenditure budget was made from.
    pub basis: BudgetBasis,
    /// The current-period surplus rate, rounded.
    pub surplus_rate: Exact,
    /// How it stands to the healthy range.
    pub surplus_health: SurplusHealth,
    /// Where the budget stands.
    pub state: BudgetState,
    /// What the finance bureau noted.
    pub review_note: String,
    /// The decision that approved it.
    pub decision: Option<Uuid>,
    /// The decision that allows a deficit.
    pub deficit_decision: Option<Uuid>,
    /// Who proposed it.
    pub maker: String,
    /// Counts its changes.
    pub version: i64,
}

/// What the agency proposes.
#[derive(Clone, Debug)]
pub struct BudgetProposal {
    /// The income budget.
    pub income: PositiveFen,
    /// The expenditure budget.
    pub expenditure: PositiveFen,
    /// What it was made from.
    pub basis: BudgetBasis,
    /// The decision that allows a deficit.
    pub deficit_decision: Option<Uuid>,
}

/// What the pack says of budgets.
#[derive(Clone, Debug)]
pub struct BudgetRules {
    /// Whether a deficit may be decided.
    pub deficit_allowed: bool,
    /// The healthy range of the surplus rate.
    pub surplus: Option<SurplusRange>,
}

/// The healthy range of the surplus rate (当期结余率).
#[derive(Clone, Debug)]
pub struct SurplusRange {
    /// The rate aimed at.
    pub target: Exact,
    /// How far from it is still healthy.
    pub tolerance: Exact,
}

/// Why a budget, a target or a decomposition is not what a command needs.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BudgetError {
    /// There is none.
    #[error("there is no budget {0}")]
    NotFound(BudgetKey),
    /// More is spent than comes in and the pack does not allow that.
    #[error("the expenditure exceeds the income by {deficit}, and the pack allows no deficit")]
    DeficitNotAllowed {
        /// By how much.
        deficit: Fen,
    },
    /// A deficit needs a decision.
    #[error("the expenditure exceeds the income by {deficit}, which must be decided")]
    DeficitUndecided {
        /// By how much.
        deficit: Fen,
    },
    /// Its state forbids it.
    #[error("the budget is {0:?}")]
    WrongState(BudgetState),
    /// The caller proposed it.
    #[error("who proposed the budget cannot approve it")]
    SamePerson,
    /// It changed since it was read.
    #[error("the budget is at version {current}, the caller read {expected}")]
    EtagMismatch {
        /// Its version.
        current: i64,
        /// The version the caller read.
        expected: i64,
    },
}

impl Budget {
    /// Proposes a budget in the place of the one before, if there is one.
    ///
    /// # Errors
    ///
    /// [`BudgetError::WrongState`] if the one before is binding, then
    /// [`BudgetError::DeficitNotAllowed`] or [`BudgetError::DeficitUndecided`].
    ///
    /// Source: JM 四(一)1 (以收定支、收支平衡、略有结余), PZH 二(一) (不编制赤字预算).
    pub fn propose(
        key: BudgetKey,
        before: Option<&Self>,
        proposal: BudgetProposal,
        rules: &BudgetRules,
        maker: &str,
    ) -> Result<Self, BudgetError> {
        if let Some(Self { state: state @ BudgetState::Approved, .. }) = before {
            return Err(BudgetError::WrongState(*state));
        }
        let (income, expenditure) = (proposal.income.get(), proposal.expenditure.get());
        let deficit = expenditure - income;
        if deficit > Fen::ZERO {
            if !rules.deficit_allowed {
                return Err(BudgetError::DeficitNotAllowed { deficit });
            }
            if proposal.deficit_decision.is_none() {
                return Err(BudgetError::DeficitUndecided { deficit });
            }
        }
        let surplus_rate = surplus_rate(income, expenditure, proposal.basis.risk_fund);
        Ok(Self {
            key,
            income,
            expenditure,
            surplus_health: surplus_health(&surplus_rate, rules.surplus.as_ref()),
            surplus_rate,
            basis: proposal.basis,
            state: BudgetState::Proposed,
            review_note: String::new(),
            decision: None,
            deficit_decision: proposal.deficit_decision,
            maker: maker.to_owned(),
            version: before.map_or(1, |before| before.version + 1),
        })
    }

    /// Finds the proposed budget in order, or returns it.
    ///
    /// # Errors
    ///
    /// [`BudgetError::EtagMismatch`], [`BudgetError::WrongState`], [`BudgetError::SamePerson`].
    pub fn review(
        self,
        in_order: bool,
        note: String,
        reviewer: &str,
        expected: i64,
    ) -> Result<Self, BudgetError> {
        self.expect(BudgetState::Proposed, reviewer, expected)?;
        let state = if in_order { BudgetState::Reviewed } else { BudgetState::Returned };
        Ok(Self { state, review_note: note, version: self.version + 1, ..self })
    }

    /// Puts a decision on the reviewed budget into force.
    ///
    /// # Errors
    ///
    /// [`BudgetError::EtagMismatch`], [`BudgetError::WrongState`], [`BudgetError::SamePerson`].
    pub fn approve(self, decision: Uuid, checker: &str, expected: i64) -> Result<Self, BudgetError> {
        self.expect(BudgetState::Reviewed, checker, expected)?;
        Ok(Self { state: BudgetState::Approved, decision: Some(decision), version: self.version + 1, ..self })
    }

    fn expect(&self, state: BudgetState, checker: &str, expected: i64) -> Result<(), BudgetError> {
        if self.version != expected {
            return Err(BudgetError::EtagMismatch { current: self.version, expected });
        }
        if self.state != state {
            return Err(BudgetError::WrongState(self.state));
        }
        if self.maker == checker {
            return Err(BudgetError::SamePerson);
        }
        Ok(())
    }
}

/// The current-period surplus rate: what is left of the income without the risk funds, over the income.
///
/// - `income`: more than zero.
/// - Returns a share, rounded half up to six decimals.
///
/// Source: JM 四(二)1 (剔除省级风险调剂金和市级风险储备金).
#[must_use]
pub fn surplus_rate(income: Fen, expenditure: Fen, risk_fund: Fen) -> Exact {
    if income <= Fen::ZERO {
        return Exact::zero();
    }
    Exact::from(income - risk_fund - expenditure).div_half_up(&Exact::from(income), SURPLUS_DECIMALS)
}

/// How a surplus rate stands to the pack's range.
#[must_use]
pub fn surplus_health(rate: &Exact, range: Option<&SurplusRange>) -> SurplusHealth {
    match range {
        None => SurplusHealth::Unrated,
        Some(range) if *rate < &range.target - &range.tolerance => SurplusHealth::Low,
        Some(range) if *rate > &range.target + &range.tolerance => SurplusHealth::High,
        Some(_) => SurplusHealth::Healthy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> BudgetKey {
        BudgetKey::from_id("440700".parse().unwrap(), "2017-employee-440703").unwrap()
    }

    fn proposal(income: i64, expenditure: i64) -> BudgetProposal {
        BudgetProposal {
            income: Fen::from_yuan(income).try_into().unwrap(),
            expenditure: Fen::from_yuan(expenditure).try_into().unwrap(),
            basis: BudgetBasis {
                last_year_payment: Fen::ZERO,
                n_insured: 1,
                n_insured_elderly: 0,
                policy_change: Fen::ZERO,
                benefit_change: Fen::ZERO,
                expected_growth: None,
                risk_fund: Fen::ZERO,
            },
            deficit_decision: None,
        }
    }

    fn rules(deficit_allowed: bool) -> BudgetRules {
        let surplus = SurplusRange { target: "0.10".parse().unwrap(), tolerance: "0.02".parse().unwrap() };
        BudgetRules { deficit_allowed, surplus: Some(surplus) }
    }

    fn propose(income: i64, expenditure: i64) -> Result<Budget, BudgetError> {
        Budget::propose(key(), None, proposal(income, expenditure), &rules(false), "maker")
    }

    #[test]
    fn a_surplus_around_ten_percent_is_healthy() {
        assert_eq!(propose(1_000, 900).unwrap().surplus_health, SurplusHealth::Healthy);
        assert_eq!(propose(1_000, 880).unwrap().surplus_health, SurplusHealth::Healthy);
        assert_eq!(propose(1_000, 879).unwrap().surplus_health, SurplusHealth::High);
        assert_eq!(propose(1_000, 921).unwrap().surplus_health, SurplusHealth::Low);
    }

    #[test]
    fn a_deficit_is_refused_unless_the_pack_allows_and_a_body_decides_it() {
        let deficit = Fen::from_yuan(1);
        assert_eq!(propose(100, 101), Err(BudgetError::DeficitNotAllowed { deficit }));
        let undecided = Budget::propose(key(), None, proposal(100, 101), &rules(true), "maker");
        assert_eq!(undecided, Err(BudgetError::DeficitUndecided { deficit }));
        let decided = BudgetProposal { deficit_decision: Some(Uuid::from_u128(1)), ..proposal(100, 101) };
        assert!(Budget::propose(key(), None, decided, &rules(true), "maker").is_ok());
    }

    #[test]
    fn a_budget_is_reviewed_and_approved_by_others_and_then_binds() {
        let proposed = propose(100, 90).unwrap();
        let same = proposed.clone().review(true, String::new(), "maker", 1);
        assert_eq!(same, Err(BudgetError::SamePerson));
        let reviewed = proposed.review(true, String::new(), "finance", 1).unwrap();
        assert_eq!(
            reviewed.clone().approve(Uuid::nil(), "checker", 1),
            Err(BudgetError::EtagMismatch { current: 2, expected: 1 })
        );
        let approved = reviewed.approve(Uuid::nil(), "checker", 2).unwrap();
        let again = Budget::propose(key(), Some(&approved), proposal(100, 90), &rules(false), "maker");
        assert_eq!(again, Err(BudgetError::WrongState(BudgetState::Approved)));
    }

    #[test]
    fn a_returned_budget_may_be_proposed_again_but_not_approved() {
        let returned = propose(100, 90).unwrap().review(false, "人数有误".to_owned(), "finance", 1).unwrap();
        let approved = returned.clone().approve(Uuid::nil(), "checker", 2);
        assert_eq!(approved, Err(BudgetError::WrongState(BudgetState::Returned)));
        let again =
            Budget::propose(key(), Some(&returned), proposal(100, 91), &rules(false), "maker").unwrap();
        assert_eq!((again.state, again.version), (BudgetState::Proposed, 3));
    }
}
