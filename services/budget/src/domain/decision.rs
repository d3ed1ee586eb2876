use chrono::NaiveDate;
use medfund_types::{Area, District, FundYear};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key::BudgetKey;

/// Where a decision's record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecisionState {
    /// Entered by one person.
    Recorded,
    /// Confirmed by another.
    Confirmed,
}

/// A body's decision (会议决定) with its roll of members, votes and minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The area.
    pub area: Area,
    /// The decision's id.
    pub id: Uuid,
    /// The body's id in the pack.
    pub body: String,
    /// The matter's id in the pack.
    pub matter: String,
    /// The district it was decided for; `None` for the whole area.
    pub district: Option<District>,
    /// The fund year it was decided for.
    pub fund_year: FundYear,
    /// The resource it was decided on; empty for the matter as a whole.
    pub subject: String,
    /// Whether the body approved.
    pub approved: bool,
    /// The day of the meeting.
    pub meeting_date: NaiveDate,
    /// The members who were there.
    pub members_present: Vec<String>,
    /// Votes for.
    pub n_votes_for: u32,
    /// Votes against.
    pub n_votes_against: u32,
    /// Abstentions.
    pub n_abstentions: u32,
    /// Where the minutes are.
    pub minutes_reference: String,
    /// Where the record stands.
    pub state: DecisionState,
    /// Who entered it.
    pub maker: String,
    /// Who confirmed it.
    pub checker: Option<String>,
}

/// What the pack says of the body that decides a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidingBody {
    /// The body's id in the pack.
    pub id: String,
    /// Whether it decides for one district and not for the whole area.
    pub of_district: bool,
}

/// Why a decision is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DecisionError {
    /// No such decision in the area.
    #[error("there is no decision {0}")]
    NotFound(Uuid),
    /// The name is taken.
    #[error("there is a decision {0} already")]
    Exists(Uuid),
    /// The pack names no body for the matter.
    #[error("the pack names no body that decides `{0}`")]
    UnknownMatter(String),
    /// The pack names another body.
    #[error("`{expected}` decides this matter, not `{given}`")]
    WrongBody {
        /// The body the pack names.
        expected: String,
        /// The body given.
        given: String,
    },
    /// The fund year has no such district, or the body needs one.
    #[error("the decision's district is not one that the body decides for")]
    UnknownDistrict,
    /// The votes cannot be, or do not give the outcome.
    #[error("{n_present} were present, {n_for} voted for, {n_against} against, {n_abstentions} abstained")]
    VotesDisagree {
        /// Members present.
        n_present: u32,
        /// Votes for.
        n_for: u32,
        /// Votes against.
        n_against: u32,
        /// Abstentions.
        n_abstentions: u32,
    },
    /// The meeting is after the business date.
    #[error("the meeting on {meeting_date} is after the business date, {business_date}")]
    MeetingInFuture {
        /// The day of the meeting.
        meeting_date: NaiveDate,
        /// The business date.
        business_date: NaiveDate,
    },
    /// It is confirmed already.
    #[error("the decision {0} is confirmed already")]
    AlreadyConfirmed(Uuid),
    /// The one who entered it would confirm it.
    #[error("who entered the decision cannot confirm it")]
    SamePerson,
    /// No confirmed decision has this id.
    #[error("there is no confirmed decision {0}")]
    Unknown(Uuid),
    /// It was decided for something else.
    #[error("the decision does not cover this: its {0} is another")]
    Mismatch(&'static str),
    /// The pack names a body for the matter, but no decision was given.
    #[error("`{0}` must be decided")]
    Required(&'static str),
}

impl Decision {
    /// Its resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("areas/{}/decisions/{}", self.area, self.id)
    }

    /// Checks a record against what the pack and the calendar say.
    ///
    /// - `body`: the body the pack names for the matter.
    /// - `districts`: the fund year's districts.
    ///
    /// # Errors
    ///
    /// [`DecisionError::WrongBody`], [`DecisionError::UnknownDistrict`],
    /// [`DecisionError::MeetingInFuture`], [`DecisionError::VotesDisagree`], in this order.
    ///
    /// Source: JM 四(二)4.
    pub fn check(
        &self,
        body: &DecidingBody,
        districts: &[District],
        business_date: NaiveDate,
    ) -> Result<(), DecisionError> {
        if self.body != body.id {
            return Err(DecisionError::WrongBody { expected: body.id.clone(), given: self.body.clone() });
        }
        let district_fits = match &self.district {
            Some(district) => districts.contains(district),
            None => !body.of_district,
        };
        if !district_fits {
            return Err(DecisionError::UnknownDistrict);
        }
        if self.meeting_date > business_date {
            return Err(DecisionError::MeetingInFuture { meeting_date: self.meeting_date, business_date });
        }
        let n_present = u32::try_from(self.members_present.len()).unwrap_or(u32::MAX);
        let cast = self.n_votes_for.checked_add(self.n_votes_against);
        let cast = cast.and_then(|n| n.checked_add(self.n_abstentions));
        let possible = cast.is_some_and(|n| n <= n_present);
        let carried = self.n_votes_for > self.n_votes_against;
        // A body that decides without a vote enters none.
        let outcome_fits = cast == Some(0) || carried == self.approved;
        if !possible || !outcome_fits {
            return Err(DecisionError::VotesDisagree {
                n_present,
                n_for: self.n_votes_for,
                n_against: self.n_votes_against,
                n_abstentions: self.n_abstentions,
            });
        }
        Ok(())
    }

    /// Confirms the record in the name of `checker`.
    ///
    /// # Errors
    ///
    /// [`DecisionError::AlreadyConfirmed`], then [`DecisionError::SamePerson`].
    pub fn confirm(self, checker: &str) -> Result<Self, DecisionError> {
        if self.state == DecisionState::Confirmed {
            return Err(DecisionError::AlreadyConfirmed(self.id));
        }
        if self.maker == checker {
            return Err(DecisionError::SamePerson);
        }
        Ok(Self { state: DecisionState::Confirmed, checker: Some(checker.to_owned()), ..self })
    }

    /// Makes sure that the decision allows `matter` for `key`.
    ///
    /// A decision for the whole area covers each of its districts; one without a
    /// subject covers every subject of its matter.
    ///
    /// # Errors
    ///
    /// [`DecisionError::Unknown`] if it is not confirmed, else [`DecisionError::Mismatch`].
    pub fn allows(&self, matter: &str, key: &BudgetKey, subject: &str) -> Result<(), DecisionError> {
        self.allows_in(matter, key.fund_year, Some(&key.district), subject)
    }

    /// As [`Decision::allows`], for what concerns the whole area when `district` is `None`.
    ///
    /// # Errors
    ///
    /// As [`Decision::allows`].
    pub fn allows_in(
        &self,
        matter: &str,
        fund_year: FundYear,
        district: Option<&District>,
        subject: &str,
    ) -> Result<(), DecisionError> {
        if self.state != DecisionState::Confirmed {
            return Err(DecisionError::Unknown(self.id));
        }
        let checks = [
            ("matter", self.matter == matter),
            ("fund_year", self.fund_year == fund_year),
            ("district", self.district.as_ref().is_none_or(|own| Some(own) == district)),
            ("subject", self.subject.is_empty() || self.subject == subject),
            ("approved", self.approved),
        ];
        match checks.iter().find(|(_, fits)| !fits) {
            Some((field, _)) => Err(DecisionError::Mismatch(field)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision() -> Decision {
        Decision {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(1),
            body: "local_joint_meeting".to_owned(),
            matter: "target".to_owned(),
            district: Some("440703".parse().unwrap()),
            fund_year: FundYear::try_from(2017).unwrap(),
            subject: String::new(),
            approved: true,
            meeting_date: "2016-12-20".parse().unwrap(),
            members_present: ["人社局", "财政局", "卫计局"].map(str::to_owned).to_vec(),
            n_votes_for: 2,
            n_votes_against: 1,
            n_abstentions: 0,
            minutes_reference: "〔2016〕12号".to_owned(),
            state: DecisionState::Recorded,
            maker: "secretary".to_owned(),
            checker: None,
        }
    }

    fn check(decision: &Decision) -> Result<(), DecisionError> {
        let body = DecidingBody { id: "local_joint_meeting".to_owned(), of_district: true };
        decision.check(&body, &["440703".parse().unwrap()], "2016-12-31".parse().unwrap())
    }

    #[test]
    fn a_record_that_adds_up_is_taken() {
        assert_eq!(check(&decision()), Ok(()));
        let without_vote = Decision { n_votes_for: 0, n_votes_against: 0, ..decision() };
        assert_eq!(check(&without_vote), Ok(()));
    }

    #[test]
    fn the_body_must_be_the_one_the_pack_names() {
        let wrong = Decision { body: "city_joint_meeting".to_owned(), ..decision() };
        assert!(matches!(check(&wrong), Err(DecisionError::WrongBody { .. })));
    }

    #[test]
    fn a_local_body_decides_for_a_district_of_the_fund_year() {
        for district in [None, Some("440704".parse().unwrap())] {
            assert_eq!(check(&Decision { district, ..decision() }), Err(DecisionError::UnknownDistrict));
        }
    }

    #[test]
    fn votes_must_be_possible_and_give_the_outcome() {
        for (n_votes_for, n_votes_against, n_abstentions) in
            [(3, 1, 0), (1, 2, 0), (1, 1, 1), (u32::MAX, 1, 1)]
        {
            let bad = Decision { n_votes_for, n_votes_against, n_abstentions, ..decision() };
            assert!(matches!(check(&bad), Err(DecisionError::VotesDisagree { .. })));
        }
        let refused = Decision { approved: false, n_votes_for: 1, n_votes_against: 2, ..decision() };
        assert_eq!(check(&refused), Ok(()));
    }

    #[test]
    fn a_meeting_cannot_be_in_the_future() {
        let early = Decision { meeting_date: "2017-01-01".parse().unwrap(), ..decision() };
        assert!(matches!(check(&early), Err(DecisionError::MeetingInFuture { .. })));
    }

    #[test]
    fn another_person_confirms_once() {
        assert_eq!(decision().confirm("secretary"), Err(DecisionError::SamePerson));
        let confirmed = decision().confirm("checker").unwrap();
        assert_eq!(confirmed.confirm("third"), Err(DecisionError::AlreadyConfirmed(Uuid::from_u128(1))));
    }

    #[test]
    fn a_decision_covers_its_own_matter_only() {
        let area: Area = "440700".parse().unwrap();
        let key = BudgetKey::from_id(area.clone(), "2017-employee-440703").unwrap();
        let subject = key.name("targets");
        assert_eq!(
            decision().allows("target", &key, &subject),
            Err(DecisionError::Unknown(Uuid::from_u128(1)))
        );

        let confirmed = decision().confirm("checker").unwrap();
        assert_eq!(confirmed.allows("target", &key, &subject), Ok(()));
        assert_eq!(confirmed.allows("adjustment", &key, &subject), Err(DecisionError::Mismatch("matter")));
        let next_year = BudgetKey::from_id(area.clone(), "2018-employee-440703").unwrap();
        assert_eq!(
            confirmed.allows("target", &next_year, &subject),
            Err(DecisionError::Mismatch("fund_year"))
        );
        let other = BudgetKey::from_id(area, "2017-employee-440704").unwrap();
        assert_eq!(confirmed.allows("target", &other, &subject), Err(DecisionError::Mismatch("district")));
        let of_one =
            Decision { subject: "areas/440700/targets/2017-resident-440703".to_owned(), ..confirmed.clone() };
        assert_eq!(of_one.allows("target", &key, &subject), Err(DecisionError::Mismatch("subject")));
        let against = Decision { approved: false, ..confirmed.clone() };
        assert_eq!(against.allows("target", &key, &subject), Err(DecisionError::Mismatch("approved")));
        let whole_area = Decision { district: None, ..confirmed };
        assert_eq!(whole_area.allows("target", &key, &subject), Ok(()));
    }
}
