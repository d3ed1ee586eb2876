use medfund_money::{Fen, PositiveFen};
use serde::{Deserialize, Serialize};

use super::error::SpecialCaseError;
use super::rules::SpecialCaseRules;
use crate::domain::SettlementError;
use crate::domain::words::words;

words! {
    /// Where a special case stands.
    pub enum SpecialCaseState {
        /// Filed by its institution.
        Filed = "filed",
        /// Not heard.
        Refused = "refused",
        /// Heard by the experts who were drawn.
        Heard = "heard",
        /// An outcome is proposed.
        Proposed = "proposed",
        /// It counts its justified cost.
        Granted = "granted",
        /// It stays as it is.
        Dismissed = "dismissed",
    }
}

impl SpecialCaseState {
    /// Whether nothing is decided yet.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Filed | Self::Heard | Self::Proposed)
    }
}

/// How far the review of a case has come (单议).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Where it stands.
    pub state: SpecialCaseState,
    /// The experts who hear it, in the order in which they were drawn.
    pub experts: Vec<HeardExpert>,
    /// What is proposed, or was.
    pub proposal: Option<Proposal>,
}

/// An expert who hears a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardExpert {
    /// The expert's id.
    pub expert: String,
    /// What the expert thinks, once told.
    pub opinion: Option<Opinion>,
}

/// What an expert thinks of a case (评审意见).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Whether the case should count by a cost of its own.
    pub is_in_favour: bool,
    /// Why.
    pub text: String,
}

/// What is to become of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The cost that the review finds justified (合理费用); `None`: the case stays as it is.
    pub reviewed_cost: Option<PositiveFen>,
    /// Why.
    pub note: String,
    /// Who proposed it.
    pub maker: String,
}

impl Review {
    /// The review of a case that was just filed.
    #[must_use]
    pub fn filed() -> Self {
        Self { state: SpecialCaseState::Filed, experts: Vec::new(), proposal: None }
    }

    /// Refuses to hear the case.
    ///
    /// # Errors
    ///
    /// [`SpecialCaseError::State`] unless it is filed.
    pub fn refuse(self) -> Result<Self, SpecialCaseError> {
        self.require(SpecialCaseState::Filed)?;
        Ok(Self { state: SpecialCaseState::Refused, ..self })
    }

    /// Hears the case with the experts whom `draw` gives.
    ///
    /// # Errors
    ///
    /// [`SpecialCaseError::State`] unless it is filed, then what `draw` tells.
    pub fn hear(
        self,
        draw: impl FnOnce() -> Result<Vec<String>, SpecialCaseError>,
    ) -> Result<Self, SpecialCaseError> {
        self.require(SpecialCaseState::Filed)?;
        let experts = draw()?.into_iter().map(|expert| HeardExpert { expert, opinion: None }).collect();
        Ok(Self { state: SpecialCaseState::Heard, experts, ..self })
    }

    /// Notes an expert's opinion, which never changes.
    ///
    /// # Errors
    ///
    /// [`SpecialCaseError::State`], [`SpecialCaseError::ExpertNotDrawn`], [`SpecialCaseError::OpinionExists`].
    pub fn note_opinion(mut self, expert: &str, opinion: Opinion) -> Result<Self, SpecialCaseError> {
        self.require(SpecialCaseState::Heard)?;
        let drawn = self.experts.iter_mut().find(|one| one.expert == expert);
        let drawn = drawn.ok_or_else(|| SpecialCaseError::ExpertNotDrawn(expert.to_owned()))?;
        if drawn.opinion.is_some() {
            return Err(SpecialCaseError::OpinionExists(expert.to_owned()));
        }
        drawn.opinion = Some(opinion);
        Ok(self)
    }

    /// Proposes what is to become of the case, once all experts were heard.
    ///
    /// - `cost`: all that the case cost.
    ///
    /// # Errors
    ///
    /// [`SpecialCaseError::State`], [`SpecialCaseError::OpinionsMissing`], then for a justified cost
    /// [`SpecialCaseError::ReviewedCostTooHigh`], [`SpecialCaseError::OpinionsAgainst`].
    pub fn propose(
        self,
        proposal: Proposal,
        cost: Fen,
        rules: &SpecialCaseRules,
    ) -> Result<Self, SpecialCaseError> {
        self.require(SpecialCaseState::Heard)?;
        let opinions: Vec<&Opinion> = self.experts.iter().filter_map(|one| one.opinion.as_ref()).collect();
        let n_missing = self.experts.len() - opinions.len();
        if n_missing > 0 {
            return Err(SpecialCaseError::OpinionsMissing { n_missing });
        }
        if let Some(reviewed) = proposal.reviewed_cost {
            if reviewed.get() > cost {
                return Err(SpecialCaseError::ReviewedCostTooHigh { cost });
            }
            let n_in_favour = opinions.iter().filter(|opinion| opinion.is_in_favour).count();
            let n_against = opinions.len() - n_in_favour;
            if rules.majority_binds && n_in_favour <= n_against {
                return Err(SpecialCaseError::OpinionsAgainst { n_in_favour, n_against });
            }
        }
        Ok(Self { state: SpecialCaseState::Proposed, proposal: Some(proposal), ..self })
    }

    /// Decides on what another person proposed; what is not approved may be proposed anew.
    ///
    /// # Errors
    ///
    /// [`SpecialCaseError::State`], then [`SettlementError::MakerIsChecker`] with `name`.
    pub fn decide(self, approves: bool, checker: &str, name: &str) -> Result<Self, SettlementError> {
        self.require(SpecialCaseState::Proposed)?;
        let proposal = self.proposal.as_ref().expect("what is proposed has a proposal");
        if proposal.maker == checker {
            return Err(SettlementError::MakerIsChecker(name.to_owned()));
        }
        let state = match (approves, proposal.reviewed_cost) {
            (false, _) => SpecialCaseState::Heard,
            (true, Some(_)) => SpecialCaseState::Granted,
            (true, None) => SpecialCaseState::Dismissed,
        };
        Ok(Self { state, ..self })
    }

    fn require(&self, state: SpecialCaseState) -> Result<(), SpecialCaseError> {
        if self.state == state { Ok(()) } else { Err(SpecialCaseError::State(self.state)) }
    }
}
