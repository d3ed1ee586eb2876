use chrono::NaiveDate;
use medfund_types::{Area, District, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::two_persons::{ConfirmError, TwoPersons};

/// A designated institution (定点医疗机构).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// The pooling area.
    pub area: Area,
    /// Its national code.
    pub code: InstitutionCode,
    /// Who it is.
    pub profile: Profile,
    /// Where its designation stands.
    pub standing: Standing,
    /// Who recorded its evaluation, and where it is filed.
    pub evaluation: Option<Evaluation>,
    /// Who admitted it.
    pub admitter: Option<String>,
}

/// Who an institution is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Its name.
    pub display_name: String,
    /// Its district, whose agency signs and settles with it, also when it belongs to the city.
    pub district: District,
    /// Hospital level (级别) 1 to 3; 0 for none.
    pub level: i16,
    /// Its class (类别) in the pack's words.
    pub institution_class: String,
    /// Whether it is a primary institution (基层医疗机构).
    pub primary: bool,
    /// Whether it belongs to the city itself (市直).
    pub city_direct: bool,
    /// Its campuses and stations.
    pub members: Vec<Member>,
    /// Who may sign for it; empty: whoever its token names.
    pub authorised_signers: Vec<String>,
}

/// A campus (院区) or station of an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its code, unique in the institution.
    pub member_code: String,
    /// Its name.
    pub display_name: String,
    /// The district it lies in.
    pub district: District,
}

/// Where a designation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It applied.
    Applied,
    /// It passed the evaluation.
    Evaluated,
    /// It did not pass the evaluation.
    Rejected,
    /// It is designated.
    Admitted,
    /// Its agreement is suspended; `through` is the last day.
    Suspended {
        /// The last day.
        through: NaiveDate,
    },
    /// It left.
    Exited,
}

impl Standing {
    /// The standing as one word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Evaluated => "evaluated",
            Self::Rejected => "rejected",
            Self::Admitted => "admitted",
            Self::Suspended { .. } => "suspended",
            Self::Exited => "exited",
        }
    }

    /// The standing of a word and a suspension's last day.
    #[must_use]
    pub fn from_word(word: &str, suspended_through: Option<NaiveDate>) -> Option<Self> {
        Some(match (word, suspended_through) {
            ("applied", None) => Self::Applied,
            ("evaluated", None) => Self::Evaluated,
            ("rejected", None) => Self::Rejected,
            ("admitted", None) => Self::Admitted,
            ("suspended", Some(through)) => Self::Suspended { through },
            ("exited", None) => Self::Exited,
            _ => return None,
        })
    }

    /// A suspension's last day.
    #[must_use]
    pub fn suspended_through(self) -> Option<NaiveDate> {
        match self {
            Self::Suspended { through } => Some(through),
            Self::Applied | Self::Evaluated | Self::Rejected | Self::Admitted | Self::Exited => None,
        }
    }
}

/// The evaluation of an applicant (评估).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Who recorded it.
    pub evaluator: String,
    /// Where it is filed.
    pub reference: String,
}

/// A change that one person proposes and another confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The pooling area.
    pub area: Area,
    /// The change's id.
    pub id: Uuid,
    /// The institution.
    pub code: InstitutionCode,
    /// What is to change.
    pub kind: ChangeKind,
    /// Why.
    pub reason: String,
    /// Who proposed and who confirmed it.
    pub persons: TwoPersons,
}

/// What is to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    /// Suspend the agreement; `through` is the last day.
    Suspend {
        /// The last day.
        through: NaiveDate,
    },
    /// End a suspension before its day.
    Resume,
    /// End the designation.
    Exit,
    /// Change the profile.
    Profile(Box<Profile>),
}

/// Why an institution's state does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstitutionError {
    /// The code is registered.
    #[error("the institution is registered")]
    Exists,
    /// Its standing does not allow it.
    #[error("the institution is {}", state.word())]
    State {
        /// Where it stands.
        state: Standing,
    },
    /// The person who evaluated it does not admit it.
    #[error("the caller evaluated it")]
    EvaluatorAdmits,
    /// A suspension ends on the business date or later.
    #[error("the suspension would end on {through}, before the business date {business_date}")]
    SuspensionInPast {
        /// The suspension's last day.
        through: NaiveDate,
        /// The area's date.
        business_date: NaiveDate,
    },
    /// Quota, method and reserve of a fund year belong to the district that it was agreed on in.
    #[error("the institution has a signed agreement for fund year {fund_year} in its district")]
    DistrictBound {
        /// The fund year, which is not over.
        fund_year: FundYear,
    },
    /// No change has this name.
    #[error("no such change in the area")]
    ChangeNotFound,
    /// The change's name is taken.
    #[error("the change exists")]
    ChangeExists,
    /// The change is not to be confirmed by the caller.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
}

impl Institution {
    /// An institution that applies for designation.
    #[must_use]
    pub fn applying(area: Area, code: InstitutionCode, profile: Profile) -> Self {
        Self { area, code, profile, standing: Standing::Applied, evaluation: None, admitter: None }
    }

    /// Whether it may be paid for new care.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Admitted
    }

    /// Whether `subject` may sign for it.
    #[must_use]
    pub fn may_sign(&self, subject: &str) -> bool {
        let named = &self.profile.authorised_signers;
        named.is_empty() || named.iter().any(|signer| signer == subject)
    }

    /// The applicant with the result of its evaluation.
    ///
    /// # Errors
    ///
    /// [`InstitutionError::State`] unless it is an applicant.
    pub fn evaluate(self, passed: bool, evaluation: Evaluation) -> Result<Self, InstitutionError> {
        self.expect(&[Standing::Applied])?;
        let standing = if passed { Standing::Evaluated } else { Standing::Rejected };
        Ok(Self { standing, evaluation: Some(evaluation), ..self })
    }

    /// The evaluated institution, designated.
    ///
    /// # Errors
    ///
    /// [`InstitutionError::State`], then [`InstitutionError::EvaluatorAdmits`].
    pub fn admit(self, admitter: &str) -> Result<Self, InstitutionError> {
        self.expect(&[Standing::Evaluated])?;
        if self.evaluation.as_ref().is_some_and(|evaluation| evaluation.evaluator == admitter) {
            return Err(InstitutionError::EvaluatorAdmits);
        }
        Ok(Self { standing: Standing::Admitted, admitter: Some(admitter.to_owned()), ..self })
    }

    /// What the institution is after a change.
    ///
    /// - `agreed_for`: a fund year that is not over and that it has a signed agreement for.
    ///
    /// # Errors
    ///
    /// [`InstitutionError::State`], then [`InstitutionError::SuspensionInPast`] or
    /// [`InstitutionError::DistrictBound`].
    pub fn changed(
        &self,
        kind: &ChangeKind,
        business_date: NaiveDate,
        agreed_for: Option<FundYear>,
    ) -> Result<Self, InstitutionError> {
        let mut after = self.clone();
        match kind {
            ChangeKind::Suspend { through } => {
                if !matches!(self.standing, Standing::Admitted | Standing::Suspended { .. }) {
                    return Err(InstitutionError::State { state: self.standing });
                }
                if *through < business_date {
                    return Err(InstitutionError::SuspensionInPast { through: *through, business_date });
                }
                after.standing = Standing::Suspended { through: *through };
            }
            ChangeKind::Resume => {
                if !matches!(self.standing, Standing::Suspended { .. }) {
                    return Err(InstitutionError::State { state: self.standing });
                }
                after.standing = Standing::Admitted;
            }
            ChangeKind::Exit => {
                if !matches!(self.standing, Standing::Admitted | Standing::Suspended { .. }) {
                    return Err(InstitutionError::State { state: self.standing });
                }
                after.standing = Standing::Exited;
            }
            ChangeKind::Profile(profile) => {
                if matches!(self.standing, Standing::Rejected | Standing::Exited) {
                    return Err(InstitutionError::State { state: self.standing });
                }
                if let Some(fund_year) = agreed_for.filter(|_| profile.district != self.profile.district) {
                    return Err(InstitutionError::DistrictBound { fund_year });
                }
                after.profile = profile.as_ref().clone();
            }
        }
        Ok(after)
    }

    /// The institution when its suspension's last day is over, else `None`.
    #[must_use]
    pub fn resumed_by(&self, business_date: NaiveDate) -> Option<Self> {
        let over = self.standing.suspended_through().is_some_and(|through| through < business_date);
        over.then(|| Self { standing: Standing::Admitted, ..self.clone() })
    }

    fn expect(&self, allowed: &[Standing]) -> Result<(), InstitutionError> {
        if allowed.contains(&self.standing) {
            Ok(())
        } else {
            Err(InstitutionError::State { state: self.standing })
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn hospital() -> Institution {
        let profile = Profile {
            display_name: "江门市中心医院".into(),
            district: "440703".parse().unwrap(),
            level: 3,
            institution_class: "general".into(),
            primary: false,
            city_direct: true,
            members: vec![],
            authorised_signers: vec![],
        };
        Institution::applying("440700".parse().unwrap(), "H44070300001".parse().unwrap(), profile)
    }

    fn evaluation() -> Evaluation {
        Evaluation { evaluator: "li".into(), reference: "评估〔2016〕1号".into() }
    }

    fn admitted() -> Institution {
        hospital().evaluate(true, evaluation()).unwrap().admit("wang").unwrap()
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, 6, day).unwrap()
    }

    #[test]
    fn an_applicant_is_evaluated_by_one_person_and_admitted_by_another() {
        let evaluated = hospital().evaluate(true, evaluation()).unwrap();
        assert_eq!(evaluated.clone().admit("li"), Err(InstitutionError::EvaluatorAdmits));
        assert!(!evaluated.is_active());
        assert!(evaluated.admit("wang").unwrap().is_active());
    }

    #[test]
    fn a_rejected_applicant_is_not_admitted() {
        let rejected = hospital().evaluate(false, evaluation()).unwrap();
        assert_eq!(rejected.admit("wang"), Err(InstitutionError::State { state: Standing::Rejected }));
    }

    #[test]
    fn a_suspension_ends_after_its_last_day() {
        let suspended = admitted().changed(&ChangeKind::Suspend { through: day(10) }, day(1), None).unwrap();
        assert!(!suspended.is_active());
        assert_eq!(suspended.resumed_by(day(10)), None);
        assert!(suspended.resumed_by(day(11)).unwrap().is_active());
    }

    #[test]
    fn a_suspension_does_not_end_in_the_past() {
        let refused = admitted().changed(&ChangeKind::Suspend { through: day(9) }, day(10), None);
        let expected = InstitutionError::SuspensionInPast { through: day(9), business_date: day(10) };
        assert_eq!(refused, Err(expected));
    }

    #[test]
    fn an_institution_stays_in_its_district_while_a_year_is_agreed_on() {
        let moved = Profile { district: "440781".parse().unwrap(), ..hospital().profile };
        let moved = ChangeKind::Profile(Box::new(moved));
        let fund_year = FundYear::try_from(2017).unwrap();
        let refused = admitted().changed(&moved, day(1), Some(fund_year));
        assert_eq!(refused, Err(InstitutionError::DistrictBound { fund_year }));
        assert!(admitted().changed(&moved, day(1), None).is_ok());
        let stays = ChangeKind::Profile(Box::new(hospital().profile));
        assert!(admitted().changed(&stays, day(1), Some(fund_year)).is_ok());
    }

    #[test]
    fn only_named_persons_sign_when_any_are_named() {
        let mut hospital = hospital();
        assert!(hospital.may_sign("anybody"));
        hospital.profile.authorised_signers = vec!["director".into()];
        assert!(hospital.may_sign("director") && !hospital.may_sign("anybody"));
    }

    fn any_kind() -> impl Strategy<Value = ChangeKind> {
        prop_oneof![
            (1..29_u32).prop_map(|d| ChangeKind::Suspend { through: day(d) }),
            Just(ChangeKind::Resume),
            Just(ChangeKind::Exit),
            Just(ChangeKind::Profile(Box::new(hospital().profile))),
        ]
    }

    proptest! {
        #[test]
        fn who_left_never_comes_back_and_a_standing_survives_its_words(
            kinds in prop::collection::vec((any_kind(), 1..29_u32), 0..20),
        ) {
            let mut institution = admitted();
            let mut left = false;
            for (kind, on) in kinds {
                if let Ok(after) = institution.changed(&kind, day(on), None) {
                    institution = after;
                }
                left |= institution.standing == Standing::Exited;
                prop_assert_eq!(left, institution.standing == Standing::Exited);
                prop_assert!(!(left && institution.is_active()));
                let standing = institution.standing;
                prop_assert_eq!(Standing::from_word(standing.word(), standing.suspended_through()), Some(standing));
            }
        }
    }
}
