use chrono::{DateTime, NaiveDate, Utc};
use medfund_types::Area;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::scheme::SchemeHash;

/// That a scheme or a tariff is in force from a day on (启用), until the next one is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// Its area.
    pub area: Area,
    /// Its id, which the proposer chose.
    pub id: Uuid,
    /// What is in force.
    pub adopted: Adopted,
    /// First day of discharge that is grouped or paid by it.
    pub effective_date: NaiveDate,
    /// Who proposed it.
    pub maker: String,
    /// When it was proposed.
    pub create_time: DateTime<Utc>,
    /// Who confirmed it, and when.
    pub confirmed: Option<Confirmed>,
}

/// What an adoption puts in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adopted {
    /// A grouping scheme (分组方案).
    Scheme(SchemeHash),
    /// A tariff (支付标准).
    Tariff(Uuid),
}

/// Of what kind it is: of each kind one is in force a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Grouping schemes.
    Scheme,
    /// Tariffs.
    Tariff,
}

impl Adopted {
    /// Of what kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Scheme(_) => Kind::Scheme,
            Self::Tariff(_) => Kind::Tariff,
        }
    }

    /// The scheme, if it is one.
    #[must_use]
    pub fn scheme(&self) -> Option<&SchemeHash> {
        match self {
            Self::Scheme(hash) => Some(hash),
            Self::Tariff(_) => None,
        }
    }

    /// The tariff, if it is one.
    #[must_use]
    pub fn tariff(&self) -> Option<Uuid> {
        match self {
            Self::Scheme(_) => None,
            Self::Tariff(id) => Some(*id),
        }
    }
}

/// Who confirmed an adoption, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Another person than its maker.
    pub checker: String,
    /// When.
    pub time: DateTime<Utc>,
}

/// Why an adoption is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AdoptionError {
    /// No such adoption in the area.
    #[error("the area has no adoption {0}")]
    NotFound(Uuid),
    /// The id is taken.
    #[error("the adoption {0} is there already")]
    Exists(Uuid),
    /// It is confirmed already.
    #[error("the adoption is confirmed already")]
    AlreadyConfirmed,
    /// The one who proposed it would confirm it.
    #[error("who proposed the adoption cannot confirm it")]
    SamePerson,
    /// One of its kind is in force from that day or a later one: the past would change.
    #[error("one is in force from {latest} on, so that none can be from {effective} on")]
    NotLater {
        /// The day that was proposed.
        effective: NaiveDate,
        /// The first day of the last adoption.
        latest: NaiveDate,
    },
    /// No adoption begins on or before the day.
    #[error("no scheme is in force on {0}")]
    NoneInForce(NaiveDate),
}

impl Adoption {
    /// Checks that the adoption begins after every confirmed one: what is in force on a day never changes.
    ///
    /// - `latest`: the first day of the area's last confirmed adoption of its kind.
    ///
    /// # Errors
    ///
    /// [`AdoptionError::NotLater`].
    pub fn follows(&self, latest: Option<NaiveDate>) -> Result<(), AdoptionError> {
        match latest {
            Some(latest) if latest >= self.effective_date => {
                Err(AdoptionError::NotLater { effective: self.effective_date, latest })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Confirms the adoption in the name of `checker`.
    ///
    /// - `latest`: as for [`Adoption::follows`].
    ///
    /// # Errors
    ///
    /// [`AdoptionError::AlreadyConfirmed`], [`AdoptionError::SamePerson`], then [`AdoptionError::NotLater`].
    pub fn confirm(
        self,
        latest: Option<NaiveDate>,
        checker: &str,
        instant: DateTime<Utc>,
    ) -> Result<Self, AdoptionError> {
        if self.confirmed.is_some() {
            return Err(AdoptionError::AlreadyConfirmed);
        }
        if self.maker == checker {
            return Err(AdoptionError::SamePerson);
        }
        self.follows(latest)?;
        Ok(Self { confirmed: Some(Confirmed { checker: checker.to_owned(), time: instant }), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, day).unwrap()
    }

    fn proposed() -> Adoption {
        Adoption {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(1),
            adopted: Adopted::Scheme("ab".repeat(32).parse().unwrap()),
            effective_date: day(2),
            maker: "li".to_owned(),
            create_time: DateTime::UNIX_EPOCH,
            confirmed: None,
        }
    }

    #[test]
    fn another_person_confirms_an_adoption_once() {
        let confirm = |adoption: Adoption, who| adoption.confirm(None, who, DateTime::UNIX_EPOCH);
        assert_eq!(confirm(proposed(), "li"), Err(AdoptionError::SamePerson));
        let confirmed = confirm(proposed(), "wang").unwrap();
        assert_eq!(confirm(confirmed, "chen"), Err(AdoptionError::AlreadyConfirmed));
    }

    #[test]
    fn an_adoption_begins_after_the_last_one() {
        let confirm = |latest| proposed().confirm(Some(latest), "wang", DateTime::UNIX_EPOCH).map(drop);
        assert_eq!(confirm(day(1)), Ok(()));
        for latest in [day(2), day(3)] {
            assert_eq!(confirm(latest), Err(AdoptionError::NotLater { effective: day(2), latest }));
        }
    }
}
