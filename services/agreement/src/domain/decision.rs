use chrono::NaiveDate;
use medfund_types::{District, FundYear};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A body's decision as this service heard it from `budget`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: Uuid,
    /// The body's id in the pack.
    pub body: String,
    /// What was decided.
    pub matter: String,
    /// The district it was decided for; `None`: the whole area.
    pub district: Option<District>,
    /// The fund year it was decided for.
    pub fund_year: FundYear,
    /// The resource it was decided on; empty: the matter as a whole.
    pub subject: String,
    /// Whether the body approved.
    pub approved: bool,
    /// The day of the meeting.
    pub meeting_date: NaiveDate,
}

/// What a decision must be to allow an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The body that the pack names.
    pub body: &'a str,
    /// The matter.
    pub matter: &'a str,
    /// The district the act is for.
    pub district: &'a District,
    /// The fund year the act is for.
    pub fund_year: FundYear,
    /// The resource the act is on.
    pub subject: &'a str,
}

/// What a decision lacks: what was expected, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the decision's {what} is `{is}`, expected `{expected}`")]
pub struct DecisionMismatch {
    /// Which part.
    pub what: &'static str,
    /// What it had to be.
    pub expected: String,
    /// What it is.
    pub is: String,
}

impl Decision {
    /// Checks that the decision allows an act.
    ///
    /// A decision for the whole area allows it in every district.
    ///
    /// # Errors
    ///
    /// [`DecisionMismatch`] with the first part that differs.
    pub fn allows(&self, wanted: &Wanted<'_>) -> Result<(), DecisionMismatch> {
        let same = |what, expected: &str, is: &str| {
            if expected == is {
                Ok(())
            } else {
                Err(DecisionMismatch { what, expected: expected.to_owned(), is: is.to_owned() })
            }
        };
        same("outcome", "approved", if self.approved { "approved" } else { "rejected" })?;
        same("matter", wanted.matter, &self.matter)?;
        same("body", wanted.body, &self.body)?;
        same("fund_year", &wanted.fund_year.to_string(), &self.fund_year.to_string())?;
        if let Some(district) = &self.district {
            same("district", wanted.district.as_str(), district.as_str())?;
        }
        if !self.subject.is_empty() {
            same("subject", wanted.subject, &self.subject)?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn approval() -> Decision {
        Decision {
            id: Uuid::from_u128(1),
            body: "joint_meeting".into(),
            matter: "inpatient_method".into(),
            district: Some("440703".parse().unwrap()),
            fund_year: 2017.try_into().unwrap(),
            subject: String::new(),
            approved: true,
            meeting_date: NaiveDate::from_ymd_opt(2016, 11, 1).unwrap(),
        }
    }

    #[test]
    fn a_decision_allows_what_it_was_taken_for_and_nothing_else() {
        let district: District = "440703".parse().unwrap();
        let wanted = Wanted {
            body: "joint_meeting",
            matter: "inpatient_method",
            district: &district,
            fund_year: 2017.try_into().unwrap(),
            subject: "areas/440700/districts/440703/inpatientMethods/2017",
        };
        assert_eq!(approval().allows(&wanted), Ok(()));
        assert_eq!(Decision { district: None, ..approval() }.allows(&wanted), Ok(()));

        let others = [
            ("outcome", Decision { approved: false, ..approval() }),
            ("matter", Decision { matter: "target".into(), ..approval() }),
            ("body", Decision { body: "agency".into(), ..approval() }),
            ("fund_year", Decision { fund_year: 2018.try_into().unwrap(), ..approval() }),
            ("district", Decision { district: Some("440704".parse().unwrap()), ..approval() }),
            ("subject", Decision { subject: "areas/440700/budgets/1".into(), ..approval() }),
        ];
        for (what, decision) in others {
            assert_eq!(decision.allows(&wanted).unwrap_err().what, what);
        }
    }
}
