use chrono::{DateTime, Datelike, NaiveDate, Utc};
use medfund_types::{Area, FundYear};
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
    /// It begins on a day that is over, when another one was in force.
    #[error("it would be in force from {effective} on, which is before {today}")]
    InThePast {
        /// The day that was proposed.
        effective: NaiveDate,
        /// The day of the call.
        today: NaiveDate,
    },
    /// The tariff is made for another fund year.
    #[error("the tariff is made for {fund_year} and not for {effective}")]
    OtherFundYear {
        /// The tariff's.
        fund_year: FundYear,
        /// The day that was proposed.
        effective: NaiveDate,
    },
    /// On the day cases are grouped otherwise than the tariff's.
    #[error("on {date} cases are not grouped by the tariff's scheme")]
    SchemeNotInForce {
        /// The tariff's scheme.
        scheme: SchemeHash,
        /// The day.
        date: NaiveDate,
    },
    /// A tariff of another scheme begins when the scheme would be in force.
    #[error("from {0} on a tariff of another scheme is in force")]
    OtherSchemesTariff(NaiveDate),
    /// No adoption begins on or before the day.
    #[error("no scheme is in force on {0}")]
    NoneInForce(NaiveDate),
}

/// What an adoption has to fit, as it stands when it is proposed or confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The first day of the area's last confirmed adoption of its kind.
    pub latest: Option<NaiveDate>,
    /// The day in Asia/Shanghai.
    pub today: NaiveDate,
    /// What else it has to fit.
    pub fit: Fit,
}

/// What an adoption of a kind has to fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// A scheme's.
    Scheme {
        /// The last first day of a tariff of another scheme.
        other_tariff: Option<NaiveDate>,
    },
    /// A tariff's.
    Tariff {
        /// The tariff's scheme.
        scheme: SchemeHash,
        /// The fund year it is made for.
        fund_year: FundYear,
        /// The scheme that is in force on the adoption's first day.
        in_force: Option<SchemeHash>,
    },
}

/// Checks that a tariff's scheme is the one that is in force on a day.
///
/// # Errors
///
/// [`AdoptionError::SchemeNotInForce`].
pub fn if_groups_by(
    scheme: &SchemeHash,
    in_force: Option<&SchemeHash>,
    date: NaiveDate,
) -> Result<(), AdoptionError> {
    let fits = in_force == Some(scheme);
    if fits { Ok(()) } else { Err(AdoptionError::SchemeNotInForce { scheme: scheme.clone(), date }) }
}

impl Adoption {
    /// Checks what no other adoption can mend: it begins after every confirmed one of its kind, and not in the past; a
    /// tariff's is of its fund year.
    ///
    /// The first of its kind may begin in the past: until then nobody was told of one.
    ///
    /// # Errors
    ///
    /// [`AdoptionError::NotLater`], [`AdoptionError::InThePast`], then [`AdoptionError::OtherFundYear`].
    pub fn follows(&self, standing: &Standing) -> Result<(), AdoptionError> {
        let (effective, today) = (self.effective_date, standing.today);
        match standing.latest {
            Some(latest) if latest >= effective => return Err(AdoptionError::NotLater { effective, latest }),
            Some(_) if effective < today => return Err(AdoptionError::InThePast { effective, today }),
            Some(_) | None => {}
        }
        match &standing.fit {
            Fit::Tariff { fund_year, .. } if fund_year.get() != effective.year() => {
                Err(AdoptionError::OtherFundYear { fund_year: *fund_year, effective })
            }
            Fit::Tariff { .. } | Fit::Scheme { .. } => Ok(()),
        }
    }

    /// Confirms the adoption in the name of `checker`: a tariff comes into force with its own scheme alone.
    ///
    /// # Errors
    ///
    /// [`AdoptionError::AlreadyConfirmed`], [`AdoptionError::SamePerson`], those of [`Adoption::follows`], then
    /// [`AdoptionError::SchemeNotInForce`] or [`AdoptionError::OtherSchemesTariff`].
    pub fn confirm(
        self,
        standing: &Standing,
        checker: &str,
        instant: DateTime<Utc>,
    ) -> Result<Self, AdoptionError> {
        if self.confirmed.is_some() {
            return Err(AdoptionError::AlreadyConfirmed);
        }
        if self.maker == checker {
            return Err(AdoptionError::SamePerson);
        }
        self.follows(standing)?;
        match &standing.fit {
            Fit::Tariff { scheme, in_force, .. } => {
                if_groups_by(scheme, in_force.as_ref(), self.effective_date)?;
            }
            Fit::Scheme { other_tariff: Some(first) } if *first >= self.effective_date => {
                return Err(AdoptionError::OtherSchemesTariff(*first));
            }
            Fit::Scheme { .. } => {}
        }
        Ok(Self { confirmed: Some(Confirmed { checker: checker.to_owned(), time: instant }), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, day).unwrap()
    }

    fn hash(digit: &str) -> SchemeHash {
        digit.repeat(64).parse().unwrap()
    }

    fn proposed() -> Adoption {
        Adoption {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(1),
            adopted: Adopted::Scheme(hash("a")),
            effective_date: day(12),
            maker: "li".to_owned(),
            create_time: DateTime::UNIX_EPOCH,
            confirmed: None,
        }
    }

    fn first_scheme() -> Standing {
        Standing { latest: None, today: day(20), fit: Fit::Scheme { other_tariff: None } }
    }

    fn confirm(standing: &Standing) -> Result<(), AdoptionError> {
        proposed().confirm(standing, "wang", DateTime::UNIX_EPOCH).map(drop)
    }

    #[test]
    fn another_person_confirms_an_adoption_once() {
        let confirm = |adoption: Adoption, who| adoption.confirm(&first_scheme(), who, DateTime::UNIX_EPOCH);
        assert_eq!(confirm(proposed(), "li"), Err(AdoptionError::SamePerson));
        let confirmed = confirm(proposed(), "wang").unwrap();
        assert_eq!(confirm(confirmed, "chen"), Err(AdoptionError::AlreadyConfirmed));
    }

    #[test]
    fn an_adoption_begins_after_the_last_one_and_none_but_the_first_in_the_past() {
        let after = |latest, today| confirm(&Standing { latest: Some(latest), today, ..first_scheme() });
        assert_eq!(confirm(&first_scheme()), Ok(()));
        assert_eq!(after(day(11), day(12)), Ok(()));
        let past = AdoptionError::InThePast { effective: day(12), today: day(13) };
        assert_eq!(after(day(11), day(13)), Err(past));
        for latest in [day(12), day(13)] {
            let not_later = AdoptionError::NotLater { effective: day(12), latest };
            assert_eq!(after(latest, day(1)), Err(not_later));
        }
    }

    #[test]
    fn a_tariff_begins_in_its_year_on_a_day_that_groups_by_its_scheme() {
        let of = |year: i32, in_force: Option<&str>| {
            let fund_year = FundYear::try_from(year).unwrap();
            let fit = Fit::Tariff { scheme: hash("a"), fund_year, in_force: in_force.map(hash) };
            confirm(&Standing { fit, ..first_scheme() })
        };
        assert_eq!(of(2025, Some("a")), Ok(()));
        let none = AdoptionError::SchemeNotInForce { scheme: hash("a"), date: day(12) };
        assert_eq!(of(2025, None), Err(none));
        assert!(matches!(of(2025, Some("b")), Err(AdoptionError::SchemeNotInForce { .. })));
        assert!(matches!(of(2024, Some("a")), Err(AdoptionError::OtherFundYear { .. })));
    }

    #[test]
    fn no_scheme_comes_before_a_tariff_of_another_one() {
        let after =
            |first| confirm(&Standing { fit: Fit::Scheme { other_tariff: Some(first) }, ..first_scheme() });
        assert_eq!(after(day(11)), Ok(()));
        for first in [day(12), day(13)] {
            assert_eq!(after(first), Err(AdoptionError::OtherSchemesTariff(first)));
        }
    }
}
