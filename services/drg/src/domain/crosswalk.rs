use chrono::{DateTime, Utc};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

pub use super::digest::Digest as CrosswalkHash;
use super::scheme::Published;

/// A crosswalk (编码对照表) without its pairs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crosswalk {
    /// The area it was submitted for.
    pub area: Area,
    /// What it is known by: the hash of its pairs.
    pub hash: CrosswalkHash,
    /// What its maker calls it.
    pub title: String,
    /// How many diagnoses and procedures it translates.
    pub counts: [i32; 2],
    /// Who submitted it.
    pub maker: String,
    /// When it was submitted.
    pub create_time: DateTime<Utc>,
    /// Who published it, and when.
    pub published: Option<Published>,
}

/// Why a crosswalk is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CrosswalkError {
    /// No such crosswalk in the area.
    #[error("the area has no crosswalk {0}")]
    NotFound(CrosswalkHash),
    /// The same pairs were submitted before.
    #[error("the crosswalk {0} was submitted before")]
    Exists(CrosswalkHash),
    /// It is published already.
    #[error("the crosswalk {0} is published already")]
    AlreadyPublished(CrosswalkHash),
    /// Nobody has published it.
    #[error("the crosswalk {0} is not published")]
    NotPublished(CrosswalkHash),
    /// The one who submitted it would publish it.
    #[error("who submitted the crosswalk cannot publish it")]
    SamePerson,
}

impl Crosswalk {
    /// Publishes the crosswalk in the name of `checker`.
    ///
    /// # Errors
    ///
    /// [`CrosswalkError::AlreadyPublished`], then [`CrosswalkError::SamePerson`].
    pub fn publish(self, checker: &str, instant: DateTime<Utc>) -> Result<Self, CrosswalkError> {
        if self.published.is_some() {
            return Err(CrosswalkError::AlreadyPublished(self.hash));
        }
        if self.maker == checker {
            return Err(CrosswalkError::SamePerson);
        }
        Ok(Self { published: Some(Published { checker: checker.to_owned(), time: instant }), ..self })
    }

    /// Passes on a crosswalk that is published.
    ///
    /// # Errors
    ///
    /// [`CrosswalkError::NotPublished`].
    pub fn if_published(self) -> Result<Self, CrosswalkError> {
        if self.published.is_some() { Ok(self) } else { Err(CrosswalkError::NotPublished(self.hash)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_person_publishes_a_crosswalk_once() {
        let submitted = Crosswalk {
            area: "440700".parse().unwrap(),
            hash: "ab".repeat(32).parse().unwrap(),
            title: "国临对照医保".to_owned(),
            counts: [1, 2],
            maker: "li".to_owned(),
            create_time: DateTime::UNIX_EPOCH,
            published: None,
        };
        let (hash, now) = (submitted.hash.clone(), DateTime::UNIX_EPOCH);
        assert_eq!(submitted.clone().if_published(), Err(CrosswalkError::NotPublished(hash.clone())));
        assert_eq!(submitted.clone().publish("li", now), Err(CrosswalkError::SamePerson));
        let published = submitted.publish("wang", now).unwrap();
        assert_eq!(published.clone().if_published().as_ref(), Ok(&published));
        assert_eq!(published.publish("chen", now), Err(CrosswalkError::AlreadyPublished(hash)));
    }
}
