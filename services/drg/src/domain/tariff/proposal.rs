use chrono::{DateTime, Utc};
use medfund_money::{Coefficient, Exact, Fen, Node};
use medfund_tariff::{Group, GroupCode, Pricing, Scope, Scoped, Weight};
use medfund_types::{Area, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TariffGroup;

/// A change of one group that somebody proposes in a round of negotiation (谈判申请).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its area.
    pub area: Area,
    /// The tariff.
    pub tariff: Uuid,
    /// Its id, which the proposer chose.
    pub id: Uuid,
    /// The round in which it was made.
    pub round: i32,
    /// The institution for which it was made; `None`: the agency.
    pub institution: Option<InstitutionCode>,
    /// The group.
    pub group: GroupCode,
    /// What is proposed.
    pub change: Change,
    /// What stood there when it was proposed.
    pub before: Option<Change>,
    /// Why, in the proposer's words.
    pub reason: String,
    /// Who made it.
    pub proposer: String,
    /// When.
    pub create_time: DateTime<Utc>,
    /// What became of it.
    pub decision: Option<Decision>,
}

/// What of a group is to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The weight.
    Weight(Weight),
    /// The standard of one scope.
    Standard(Scope, Fen),
    /// The group's coefficient of one scope.
    Coefficient(Scope, Coefficient),
}

/// Who decided a proposal, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the tariff has it.
    pub accepted: bool,
    /// Another person than its proposer.
    pub decider: String,
    /// Why.
    pub note: String,
    /// When.
    pub time: DateTime<Utc>,
}

/// Why a proposal is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProposalError {
    /// The tariff has no such proposal.
    #[error("the tariff has no such proposal")]
    NotFound,
    /// The id is taken.
    #[error("a proposal has this name")]
    Exists,
    /// It is decided already.
    #[error("the proposal is decided already")]
    AlreadyDecided,
    /// The one who made it would decide it.
    #[error("who made the proposal cannot decide it")]
    SamePerson,
    /// As many were made in the round for the institution as may be.
    #[error("{0} proposals were made in this round already")]
    TooMany(i64),
    /// The value is not the one that stood there when it was proposed.
    #[error("{0} has changed since it was proposed")]
    GroupChanged(GroupCode),
    /// Another standard or coefficient of the group is for some of the same, and neither is for fewer.
    #[error("another price of {0} is for some of the same institutions or persons")]
    StandardOverlaps(GroupCode),
}

/// How many proposals an institution, or the agency, makes in a round.
const MOST_PROPOSALS: i64 = 1_000;

/// Checks that one more may be made.
///
/// - `n_made`: those of the round that were made for the same institution.
///
/// # Errors
///
/// [`ProposalError::TooMany`].
pub fn if_room(n_made: i64) -> Result<(), ProposalError> {
    if n_made < MOST_PROPOSALS { Ok(()) } else { Err(ProposalError::TooMany(n_made)) }
}

impl Change {
    /// What stands in `group` where the change would go; `None`: nothing does.
    #[must_use]
    pub fn standing(&self, group: &Group) -> Option<Self> {
        match self {
            Self::Weight(_) => group.weight().map(Self::Weight),
            Self::Standard(scope, _) => {
                Some(Self::Standard(scope.clone(), *value_of(&group.standards, scope)?))
            }
            Self::Coefficient(scope, _) => {
                Some(Self::Coefficient(scope.clone(), *value_of(&group.coefficients, scope)?))
            }
        }
    }

    /// Checks that with the change the group has one value for each payee.
    ///
    /// # Errors
    ///
    /// [`ProposalError::StandardOverlaps`].
    pub fn fits(&self, group: &Group) -> Result<(), ProposalError> {
        let is_ambiguous = self.applied_to(group.clone()).is_ambiguous();
        if is_ambiguous { Err(ProposalError::StandardOverlaps(group.code.clone())) } else { Ok(()) }
    }

    /// The group with the change in it.
    #[must_use]
    pub fn applied_to(&self, mut group: Group) -> Group {
        match self {
            Self::Weight(weight) => group.pricing = Pricing::Weight(*weight),
            Self::Standard(scope, amount) => put(&mut group.standards, scope, *amount),
            Self::Coefficient(scope, coefficient) => put(&mut group.coefficients, scope, *coefficient),
        }
        group
    }
}

fn value_of<'v, T>(values: &'v Scoped<T>, scope: &Scope) -> Option<&'v T> {
    values.iter().find(|(own, _)| own == scope).map(|(_, value)| value)
}

fn put<T>(values: &mut Scoped<T>, scope: &Scope, value: T) {
    match values.iter_mut().find(|(own, _)| own == scope) {
        Some((_, standing)) => *standing = value,
        None => values.push((scope.clone(), value)),
    }
}

impl Proposal {
    /// Decides the proposal in the name of `decider`.
    ///
    /// - `group`: the group as it stands.
    ///
    /// # Errors
    ///
    /// [`ProposalError::AlreadyDecided`], [`ProposalError::SamePerson`]; to accept it also
    /// [`ProposalError::GroupChanged`]: who decides would not know of the other change.
    pub fn decide(self, decision: Decision, group: &Group) -> Result<Self, ProposalError> {
        if self.decision.is_some() {
            return Err(ProposalError::AlreadyDecided);
        }
        if self.proposer == decision.decider {
            return Err(ProposalError::SamePerson);
        }
        let is_as_proposed = self.before == self.change.standing(group) && self.change.fits(group).is_ok();
        if decision.accepted && !is_as_proposed {
            return Err(ProposalError::GroupChanged(self.group));
        }
        Ok(Self { decision: Some(decision), ..self })
    }

    /// The group with the accepted change in it; a negotiated weight's tree shows what was there before and the
    /// difference that was agreed on (协商调整).
    #[must_use]
    pub fn negotiated(&self, standing: TariffGroup) -> TariffGroup {
        let TariffGroup { group, made, derivation } = standing;
        let derivation = match &self.change {
            Change::Weight(agreed) => Some(self.explain(*agreed, derivation)),
            Change::Standard(..) | Change::Coefficient(..) => derivation,
        };
        TariffGroup { group: self.change.applied_to(group), made, derivation }
    }

    fn explain(&self, agreed: Weight, before: Option<Node>) -> Node {
        let name = format!("areas/{}/tariffs/{}/proposals/{}", self.area, self.tariff, self.id);
        match before {
            None => Node::coefficient("negotiated_weight", "协商权重", agreed.get()).clause(&name),
            Some(before) => {
                let difference = Exact::from(agreed) - before.value.clone();
                let difference =
                    Node::given("negotiated_difference", "协商调整", "", difference).clause(&name);
                Node::sum("negotiated_weight", "协商权重", "", vec![before, difference])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(text: &str) -> Change {
        Change::Weight(text.parse().unwrap())
    }

    fn group() -> Group {
        Group::new("FR13".parse().unwrap(), "心梗", Pricing::Weight("1.2".parse().unwrap()))
    }

    fn proposal() -> Proposal {
        Proposal {
            area: "440700".parse().unwrap(),
            tariff: Uuid::from_u128(1),
            id: Uuid::from_u128(2),
            round: 1,
            institution: None,
            group: "FR13".parse().unwrap(),
            change: weight("1.5"),
            before: Some(weight("1.2")),
            reason: "成本上升".to_owned(),
            proposer: "li".to_owned(),
            create_time: DateTime::UNIX_EPOCH,
            decision: None,
        }
    }

    fn decision(accepted: bool, decider: &str) -> Decision {
        let (decider, note) = (decider.to_owned(), "同意".to_owned());
        Decision { accepted, decider, note, time: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn another_person_decides_a_proposal_once() {
        let decide = |proposal: Proposal, who| proposal.decide(decision(true, who), &group());
        assert_eq!(decide(proposal(), "li"), Err(ProposalError::SamePerson));
        let accepted = decide(proposal(), "wang").unwrap();
        assert_eq!(decide(accepted, "chen"), Err(ProposalError::AlreadyDecided));
    }

    #[test]
    fn what_changed_since_it_was_proposed_can_only_be_rejected() {
        let now = weight("1.3").applied_to(group());
        let changed = ProposalError::GroupChanged("FR13".parse().unwrap());
        assert_eq!(proposal().decide(decision(true, "wang"), &now), Err(changed));
        assert!(proposal().decide(decision(false, "wang"), &now).is_ok());
    }

    #[test]
    fn an_accepted_weight_standard_or_coefficient_takes_the_place_of_what_stood_there() {
        let changed = weight("1.5").applied_to(group());
        assert_eq!(changed.weight(), Some("1.5".parse().unwrap()));
        let standard = |fen| Change::Standard(Scope::default(), Fen::new(fen));
        assert_eq!(standard(5).standing(&group()), None);
        let with = standard(5).applied_to(group());
        assert_eq!(standard(7).standing(&with), Some(standard(5)));
        assert_eq!(standard(7).applied_to(with).standards, [(Scope::default(), Fen::new(7))]);
        let coefficient = |text: &str| Change::Coefficient(Scope::default(), text.parse().unwrap());
        let with = coefficient("1.1").applied_to(group());
        assert_eq!(coefficient("1.2").standing(&with), Some(coefficient("1.1")));
        let [(_, changed)] = &coefficient("1.2").applied_to(with).coefficients[..] else { panic!("one") };
        assert_eq!(changed.to_string(), "1.2");
    }

    #[test]
    fn a_standard_for_some_of_the_same_institutions_as_another_does_not_fit() {
        let named = |names: &[&str]| {
            let institutions = names.iter().map(|name| (*name).to_owned()).collect();
            Change::Standard(Scope { institutions, ..Scope::default() }, Fen::new(5))
        };
        let standing = named(&["甲", "乙"]).applied_to(group());
        assert_eq!(named(&["乙", "甲"]).fits(&standing), Ok(()));
        assert_eq!(named(&["丙"]).fits(&standing), Ok(()));
        let overlaps = ProposalError::StandardOverlaps("FR13".parse().unwrap());
        assert_eq!(named(&["乙", "丙"]).fits(&standing), Err(overlaps));
        let late = Proposal { change: named(&["乙", "丙"]), before: None, ..proposal() };
        let changed = ProposalError::GroupChanged("FR13".parse().unwrap());
        assert_eq!(late.decide(decision(true, "wang"), &standing), Err(changed));
    }

    #[test]
    fn a_negotiated_weight_shows_what_was_computed_and_what_was_added() {
        let computed = Node::quotient("weight", "权重", "", given(6), given(5), 4);
        let standing = TariffGroup { group: group(), made: None, derivation: Some(computed) };
        let negotiated = proposal().negotiated(standing);
        assert_eq!(negotiated.group.weight(), Some("1.5".parse().unwrap()));
        let tree = negotiated.derivation.unwrap();
        assert_eq!(tree.re_evaluate().unwrap().to_string(), "1.5");
        assert_eq!(tree.inputs[1].value.to_string(), "0.3");
        assert!(tree.inputs[1].clause.ends_with("/proposals/00000000-0000-0000-0000-000000000002"));
        let read_from_a_file = TariffGroup { group: group(), made: None, derivation: None };
        let tree = proposal().negotiated(read_from_a_file).derivation.unwrap();
        assert_eq!((tree.value.to_string().as_str(), tree.inputs.len()), ("1.5", 0));
    }

    fn given(value: i64) -> Node {
        Node::given("x", "", "", value)
    }
}
