use std::fmt;
use std::str::FromStr;

use medfund_policy::PaymentMethod;
use serde::{Deserialize, Serialize};

use super::error::SettlementError;
use super::words::words;

words! {
    /// Where a statement stands (结算单).
    pub enum StatementState {
        /// The institution has not answered.
        Issued = "issued",
        /// The institution confirmed it.
        Confirmed = "confirmed",
        /// The institution disputes it; it is not paid.
        Disputed = "disputed",
        /// The agency answered the dispute; the statement stands.
        Answered = "answered",
    }
}

/// What somebody says to a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The institution confirms it.
    Confirm,
    /// The institution disputes it.
    Dispute {
        /// Why.
        reason: String,
    },
    /// The agency answers the dispute; the statement stands.
    Resolve {
        /// The answer.
        answer: String,
    },
}

impl StatementState {
    /// Where a statement stands after an answer.
    ///
    /// # Errors
    ///
    /// [`SettlementError::StatementNotOpen`] or [`SettlementError::StatementNotDisputed`].
    pub fn answered(self, answer: &Answer) -> Result<Self, SettlementError> {
        match (answer, self) {
            (Answer::Confirm, Self::Issued) => Ok(Self::Confirmed),
            (Answer::Dispute { .. }, Self::Issued) => Ok(Self::Disputed),
            (Answer::Resolve { .. }, Self::Disputed) => Ok(Self::Answered),
            (Answer::Confirm | Answer::Dispute { .. }, _) => Err(SettlementError::StatementNotOpen(self)),
            (Answer::Resolve { .. }, _) => Err(SettlementError::StatementNotDisputed(self)),
        }
    }
}

/// What a month was paid by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementMethod {
    /// One method: the agreement's, or as charged where nothing meets a quota.
    One(PaymentMethod),
    /// Several, one for each kind of care that meets the quota.
    Several,
}

const SEVERAL: &str = "several";

impl StatementMethod {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::One(method) => method.as_str(),
            Self::Several => SEVERAL,
        }
    }

    /// The name and version of the calculator that it runs.
    #[must_use]
    pub fn calculator(self) -> String {
        match self {
            Self::One(method) => format!("{method}/1"),
            Self::Several => "methods/1".to_owned(),
        }
    }
}

impl fmt::Display for StatementMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StatementMethod {
    type Err = <PaymentMethod as FromStr>::Err;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if word == SEVERAL { Ok(Self::Several) } else { word.parse().map(Self::One) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_answered_once_and_a_dispute_is_resolved_once() {
        let dispute = || Answer::Dispute { reason: "人次不符".to_owned() };
        let resolve = || Answer::Resolve { answer: "按协议结算".to_owned() };
        assert_eq!(StatementState::Issued.answered(&Answer::Confirm), Ok(StatementState::Confirmed));
        let disputed = StatementState::Issued.answered(&dispute()).unwrap();
        assert_eq!(disputed.answered(&resolve()), Ok(StatementState::Answered));
        for closed in [StatementState::Confirmed, StatementState::Disputed, StatementState::Answered] {
            assert_eq!(closed.answered(&Answer::Confirm), Err(SettlementError::StatementNotOpen(closed)));
            assert_eq!(closed.answered(&dispute()), Err(SettlementError::StatementNotOpen(closed)));
        }
        for quiet in [StatementState::Issued, StatementState::Confirmed, StatementState::Answered] {
            assert_eq!(quiet.answered(&resolve()), Err(SettlementError::StatementNotDisputed(quiet)));
        }
    }
}
