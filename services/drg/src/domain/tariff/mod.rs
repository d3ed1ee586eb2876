/// Institutions' coefficients.
pub mod coefficients;
/// Institutions' and the agency's proposals.
pub mod proposal;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use medfund_money::{Coefficient, Exact, Node};
use medfund_tariff::weight::{Fallback, MadeWeight, Parameters, Trimming};
use medfund_tariff::{Group, GroupCode, Level, Weight};
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::coefficients::CoefficientBasis;
use super::scheme::SchemeHash;

pub use super::scheme::SchemeHash as TariffHash;

/// A tariff (DRG 支付标准) from its maker to its checker, without its groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Its area.
    pub area: Area,
    /// Its id, which its maker chose.
    pub id: Uuid,
    /// The fund year it is made for.
    pub fund_year: FundYear,
    /// The scheme of its groups.
    pub scheme: SchemeHash,
    /// Points of a weight of 1 (基准点数).
    pub base_points: Coefficient,
    /// Why they are the default, if nobody said them.
    #[serde(default)]
    pub base_points_default: Option<String>,
    /// What it was made of.
    pub origin: Origin,
    /// Its groups.
    pub n_groups: i32,
    /// The round of its negotiation, from 1; 0: none has begun.
    pub round: i32,
    /// Whether the round, if one has begun, was not closed.
    #[serde(default)]
    pub round_open: bool,
    /// Who made it.
    pub maker: String,
    /// When.
    pub create_time: DateTime<Utc>,
    /// Goes up with every change.
    pub version: i64,
    /// What its institutions' coefficients were computed of; `None`: it has none.
    pub basis: Option<CoefficientBasis>,
    /// Who computed those coefficients.
    pub coefficients_maker: Option<String>,
    /// The institutions' levels that it was imported or revised with; `None`: those of `basis`.
    #[serde(default)]
    pub levels: Option<Levels>,
    /// Who published it, and as what.
    pub published: Option<Published>,
}

/// The institutions' levels.
pub type Levels = BTreeMap<InstitutionCode, Level>;

/// Points of a weight of 1 (基准点数) as they were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasePoints {
    /// The points.
    pub points: Coefficient,
    /// Why they are the default, if nobody said them.
    pub default: Option<String>,
}

/// The most bytes of a published tariff: it is sent in one message, with its levels beside it.
pub const MAX_CONTENT: usize = 3 << 20;

/// What a tariff was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Past cases.
    History {
        /// The history.
        history: Uuid,
        /// SHA-256 over its cases.
        content_digest: [u8; 32],
        /// How weights were made.
        parameters: WeightParameters,
    },
    /// A file with this SHA-256.
    File([u8; 32]),
    /// A published tariff.
    Revision(Uuid),
}

/// One group of a tariff, and how its weight came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TariffGroup {
    /// The group.
    pub group: Group,
    /// How its weight was computed; `None`: it was not.
    pub made: Option<MadeWeight>,
    /// The weight's tree, negotiated changes among it.
    pub derivation: Option<Node>,
}

/// How weights are made: the library's parameters, and the tariff that was the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightParameters {
    /// Which cases count.
    pub trimming: Trimming,
    /// How many a group must have.
    pub minimum_cases: u32,
    /// What groups with fewer take.
    pub fallbacks: Vec<Fallback>,
    /// An officer's weights.
    pub fixed: Vec<(GroupCode, Weight)>,
    /// The earlier tariff.
    pub earlier: Option<Uuid>,
    /// Digits after the point.
    pub decimals: u32,
    /// Which of them nobody said, by their names here, and why the default is what it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_default: BTreeMap<String, String>,
}

impl WeightParameters {
    /// The library's parameters, without the weights of the earlier tariff.
    #[must_use]
    pub fn to_library(&self) -> Parameters {
        Parameters {
            trimming: self.trimming,
            minimum_cases: self.minimum_cases.into(),
            fallbacks: self.fallbacks.clone(),
            fixed: self.fixed.iter().cloned().collect(),
            earlier: BTreeMap::new(),
            decimals: self.decimals,
        }
    }
}

/// Who published a tariff, when, and what it is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Another person than its maker.
    pub checker: String,
    /// When.
    pub time: DateTime<Utc>,
    /// SHA-256 of its bytes.
    pub hash: TariffHash,
}

/// What is known of the bytes that a tariff would be published as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// How many there are.
    pub n_bytes: usize,
    /// Whether they have standards or coefficients by level and no institution's level.
    pub lacks_levels: bool,
    /// Their SHA-256.
    pub hash: TariffHash,
}

/// Why a tariff is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TariffError {
    /// No such tariff in the area.
    #[error("the area has no such tariff")]
    NotFound,
    /// The id is taken.
    #[error("a tariff has this name")]
    Exists,
    /// The tariff has no such group.
    #[error("the tariff has no group {0}")]
    GroupNotFound(GroupCode),
    /// The group's weight was not computed.
    #[error("the weight of {0} was not computed")]
    NotDerived(GroupCode),
    /// It changed since it was read.
    #[error("the tariff changed since it was read")]
    EtagMismatch {
        /// Its version.
        current: i64,
        /// The version that the caller knows.
        expected: i64,
    },
    /// It is published already.
    #[error("the tariff is published already")]
    AlreadyPublished,
    /// Nobody has published it.
    #[error("the tariff is not published")]
    NotPublished,
    /// No round is open.
    #[error("no round of negotiation is open")]
    NotInNegotiation,
    /// Proposals are not decided.
    #[error("{0} proposals are not decided")]
    ProposalsOpen(i64),
    /// The one who made it or computed its coefficients would publish it.
    #[error("who made the tariff or its coefficients cannot publish it")]
    SamePerson,
    /// A published tariff has the same bytes.
    #[error("a published tariff has the same content")]
    AlreadyKnown(TariffHash),
    /// It has standards or coefficients by level, and which institution is of which level nobody told.
    #[error(
        "the tariff pays by level and no institution's level is told: import it, or compute coefficients, with levels"
    )]
    LevelsMissing,
    /// A weight was fixed for a group that the scheme does not have.
    #[error("the scheme has no group {0}")]
    GroupNotInScheme(GroupCode),
    /// Its bytes do not fit a message.
    #[error("{0} bytes are more than 3 MiB")]
    TooLarge(usize),
    /// The cases' groups are those of another scheme.
    #[error("the cases are grouped by another scheme than the tariff's")]
    SchemesDiffer {
        /// The tariff's.
        tariff: SchemeHash,
        /// The cases'.
        other: SchemeHash,
    },
    /// Its institutions' coefficients were never computed.
    #[error("the tariff has no coefficients")]
    NoCoefficients,
    /// More coefficients than a tariff's bytes may hold.
    #[error("{0} coefficients are more than 200,000")]
    TooManyCoefficients(usize),
    /// What an institution's cases in a group come to is no coefficient.
    #[error("the coefficient of {institution} in {group} would be {value}")]
    NoCoefficient {
        /// The institution.
        institution: InstitutionCode,
        /// The group.
        group: GroupCode,
        /// What it comes to, rounded to the decimals asked for.
        value: Exact,
    },
    /// A table of levels has no coefficient for one that an institution has.
    #[error("no coefficient is said for institutions of level {}", .0.get())]
    LevelLeftOut(Level),
    /// No case has points to share a budget by.
    #[error("no case has points to share the budget by")]
    NothingToShareBy,
    /// What all institutions would be paid does not fit 63 bits.
    #[error("points or amounts are beyond all measure")]
    BeyondMeasure,
    /// No adoption begins on or before the day.
    #[error("no tariff is in force on {0}")]
    NoneInForce(NaiveDate),
}

impl Tariff {
    /// Checks that the caller knows the tariff as it stands.
    ///
    /// # Errors
    ///
    /// [`TariffError::EtagMismatch`].
    pub fn if_version(self, expected: i64) -> Result<Self, TariffError> {
        let current = self.version;
        if current == expected { Ok(self) } else { Err(TariffError::EtagMismatch { current, expected }) }
    }

    /// Passes on a tariff that may still be changed.
    ///
    /// # Errors
    ///
    /// [`TariffError::AlreadyPublished`].
    pub fn if_changeable(self) -> Result<Self, TariffError> {
        if self.published.is_none() { Ok(self) } else { Err(TariffError::AlreadyPublished) }
    }

    /// Passes on a tariff that is published.
    ///
    /// # Errors
    ///
    /// [`TariffError::NotPublished`].
    pub fn if_published(self) -> Result<Self, TariffError> {
        if self.published.is_some() { Ok(self) } else { Err(TariffError::NotPublished) }
    }

    /// Passes on a tariff whose round is open.
    ///
    /// # Errors
    ///
    /// [`TariffError::NotInNegotiation`].
    pub fn if_round_open(self) -> Result<Self, TariffError> {
        if self.is_round_open() { Ok(self) } else { Err(TariffError::NotInNegotiation) }
    }

    /// Whether changes may be proposed.
    #[must_use]
    pub fn is_round_open(&self) -> bool {
        self.round > 0 && self.round_open && self.published.is_none()
    }

    /// Closes the round that is open: nothing more is proposed in it.
    ///
    /// # Errors
    ///
    /// [`TariffError::AlreadyPublished`], then [`TariffError::NotInNegotiation`].
    pub fn close_round(self) -> Result<Self, TariffError> {
        Ok(Self { round_open: false, ..self.if_changeable()?.if_round_open()? }.changed())
    }

    /// Notes that something of it changed.
    #[must_use]
    pub fn changed(self) -> Self {
        Self { version: self.version + 1, ..self }
    }

    /// Passes on a tariff whose groups are those of `scheme`.
    ///
    /// # Errors
    ///
    /// [`TariffError::SchemesDiffer`].
    pub fn if_of_scheme(self, scheme: &SchemeHash) -> Result<Self, TariffError> {
        if self.scheme == *scheme {
            Ok(self)
        } else {
            Err(TariffError::SchemesDiffer { tariff: self.scheme, other: scheme.clone() })
        }
    }

    /// Takes coefficients that `maker` computed in the place of those it had, and the levels that they were computed with.
    ///
    /// # Errors
    ///
    /// [`TariffError::AlreadyPublished`].
    pub fn with_coefficients(self, basis: CoefficientBasis, maker: &str) -> Result<Self, TariffError> {
        let coefficients_maker = Some(maker.to_owned());
        Ok(Self { basis: Some(basis), levels: None, coefficients_maker, ..self.if_changeable()? }.changed())
    }

    /// The institutions' levels, by which standards and coefficients of a level find whom they are for.
    #[must_use]
    pub fn levels(&self) -> Levels {
        let computed_with = || self.basis.as_ref().map(|basis| basis.levels.clone());
        self.levels.clone().or_else(computed_with).unwrap_or_default()
    }

    /// Opens the first or the next round of negotiation (谈判轮次).
    ///
    /// - `n_open`: proposals that are not decided.
    ///
    /// # Errors
    ///
    /// [`TariffError::AlreadyPublished`], then [`TariffError::ProposalsOpen`].
    pub fn start_round(self, n_open: i64) -> Result<Self, TariffError> {
        let tariff = self.if_changeable()?;
        if n_open > 0 {
            return Err(TariffError::ProposalsOpen(n_open));
        }
        Ok(Self { round: tariff.round + 1, round_open: true, ..tariff }.changed())
    }

    /// Checks that `checker` may publish the tariff as it stands.
    ///
    /// - `n_open`: proposals that are not decided.
    ///
    /// # Errors
    ///
    /// [`TariffError::AlreadyPublished`], [`TariffError::NotInNegotiation`], [`TariffError::SamePerson`],
    /// [`TariffError::ProposalsOpen`], [`TariffError::LevelsMissing`], then [`TariffError::TooLarge`].
    pub fn publish(
        self,
        n_open: i64,
        content: &Content,
        checker: &str,
        instant: DateTime<Utc>,
    ) -> Result<Self, TariffError> {
        let tariff = self.if_changeable()?;
        if tariff.round == 0 {
            return Err(TariffError::NotInNegotiation);
        }
        if tariff.maker == checker || tariff.coefficients_maker.as_deref() == Some(checker) {
            return Err(TariffError::SamePerson);
        }
        if n_open > 0 {
            return Err(TariffError::ProposalsOpen(n_open));
        }
        if content.lacks_levels {
            return Err(TariffError::LevelsMissing);
        }
        if content.n_bytes > MAX_CONTENT {
            return Err(TariffError::TooLarge(content.n_bytes));
        }
        let published = Published { checker: checker.to_owned(), time: instant, hash: content.hash.clone() };
        Ok(Self { published: Some(published), round_open: false, ..tariff }.changed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tariff() -> Tariff {
        Tariff {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(1),
            fund_year: FundYear::try_from(2025).unwrap(),
            scheme: hash(),
            base_points: "100".parse().unwrap(),
            base_points_default: None,
            origin: Origin::File([1; 32]),
            n_groups: 3,
            round: 0,
            round_open: false,
            maker: "li".to_owned(),
            create_time: DateTime::UNIX_EPOCH,
            version: 1,
            basis: None,
            coefficients_maker: None,
            levels: None,
            published: None,
        }
    }

    fn hash() -> TariffHash {
        "ab".repeat(32).parse().unwrap()
    }

    fn publish(tariff: Tariff, n_open: i64, checker: &str) -> Result<Tariff, TariffError> {
        let content = Content { n_bytes: MAX_CONTENT, lacks_levels: false, hash: hash() };
        tariff.publish(n_open, &content, checker, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_tariff_is_negotiated_before_another_person_publishes_it_once() {
        assert_eq!(publish(tariff(), 0, "wang"), Err(TariffError::NotInNegotiation));
        let negotiated = tariff().start_round(0).unwrap();
        assert_eq!((negotiated.round, negotiated.version), (1, 2));
        assert_eq!(publish(negotiated.clone(), 0, "li"), Err(TariffError::SamePerson));
        assert_eq!(publish(negotiated.clone(), 2, "wang"), Err(TariffError::ProposalsOpen(2)));
        let published = publish(negotiated, 0, "wang").unwrap();
        assert_eq!(published.clone().if_published(), Ok(published.clone()));
        assert_eq!(publish(published.clone(), 0, "chen"), Err(TariffError::AlreadyPublished));
        assert_eq!(published.start_round(0), Err(TariffError::AlreadyPublished));
    }

    #[test]
    fn whoever_computed_the_coefficients_does_not_publish_them() {
        let negotiated = Tariff { coefficients_maker: Some("wang".to_owned()), ..tariff() };
        let negotiated = negotiated.start_round(0).unwrap();
        assert_eq!(publish(negotiated.clone(), 0, "wang"), Err(TariffError::SamePerson));
        assert!(publish(negotiated, 0, "chen").is_ok());
    }

    #[test]
    fn a_tariff_that_fits_no_message_is_not_published() {
        let content = Content { n_bytes: MAX_CONTENT + 1, lacks_levels: false, hash: hash() };
        let refused = tariff().start_round(0).unwrap().publish(0, &content, "wang", DateTime::UNIX_EPOCH);
        assert_eq!(refused, Err(TariffError::TooLarge(MAX_CONTENT + 1)));
    }

    #[test]
    fn a_tariff_by_level_without_levels_is_not_published() {
        let content = Content { n_bytes: 1, lacks_levels: true, hash: hash() };
        let refused = tariff().start_round(0).unwrap().publish(0, &content, "wang", DateTime::UNIX_EPOCH);
        assert_eq!(refused, Err(TariffError::LevelsMissing));
    }

    #[test]
    fn in_a_closed_round_nothing_is_proposed_and_the_next_one_opens() {
        assert_eq!(tariff().if_round_open(), Err(TariffError::NotInNegotiation));
        let closed = tariff().start_round(0).unwrap().close_round().unwrap();
        assert_eq!(closed.clone().if_round_open(), Err(TariffError::NotInNegotiation));
        assert_eq!(closed.clone().close_round(), Err(TariffError::NotInNegotiation));
        assert!(publish(closed.clone(), 0, "wang").is_ok());
        assert!(closed.start_round(0).unwrap().if_round_open().is_ok());
    }

    #[test]
    fn the_next_round_begins_when_nothing_of_the_last_one_is_open() {
        let first = tariff().start_round(0).unwrap();
        assert_eq!(first.clone().start_round(1), Err(TariffError::ProposalsOpen(1)));
        assert_eq!(first.start_round(0).unwrap().round, 2);
    }

    #[test]
    fn whoever_read_an_older_tariff_is_told() {
        let mismatch = TariffError::EtagMismatch { current: 1, expected: 0 };
        assert_eq!(tariff().if_version(0), Err(mismatch));
        assert_eq!(tariff().if_version(1), Ok(tariff()));
    }
}
